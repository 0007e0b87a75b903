"""Answers that compare: for each side, a company or a year, the fact that fits best, then others about as good."""

from collections.abc import Callable, Hashable, Iterable, Sequence, Set
from dataclasses import replace

from search.answering.conditions import Conditions
from search.answering.drafting import Draft, Sources
from search.answering.figures import (
    ENOUGH_RANK,
    LEAST_AROUND,
    LEAST_OWN,
    LEAST_RANK,
    Judged,
    answers,
    drafted,
    judged_rows,
)
from search.answering.judging import SAME, Judge
from search.answering.queries import ROWS, number_query
from search.answering.understanding import Understanding
from search.index import Hit

EACH = 3  # facts of a side, if they score SIMILAR times its best fact or higher
SIMILAR = 0.7


def by_sides(understanding: Understanding, hits: Sequence[Hit], sources: Sources) -> Draft:
    """Draft a comparison; where a side has no fact, the other sides stand alone."""
    judge = Judge(understanding, sources.words(understanding.question), sources.vocabulary)
    companies = frozenset(company.iri for company in understanding.companies)
    query, judged = "", list[Judged]()
    for units in dict.fromkeys((understanding.units, frozenset[str]())):
        conditions = Conditions(companies=companies, units=units)
        query = number_query(understanding, conditions, sources.vocabulary)
        judged = sorted(judged_rows(sources.select(query), judge, sources, ROWS), key=lambda each: -each.score)
        good = [each for each in judged if _comparable(each, conditions, understanding)]
        if good:
            good += _missing(good, judged, companies)
            return drafted(query, _each_side(good, _side(understanding, sources)), hits, understanding, sources)
    nearest = drafted(query, judged, hits, understanding, sources)
    return replace(nearest, answered=False, reason="nearest" if judged else "not-found")


def _comparable(judged: Judged, conditions: Conditions, understanding: Understanding) -> bool:
    """Say whether a fact can stand for a side: sides are worded apart, so only a metric that is sure binds them all."""
    if not understanding.sure:
        return judged.rank >= ENOUGH_RANK
    placed = replace(judged, verdict=replace(judged.verdict, placed=True))
    return answers(placed, conditions, understanding)


def _missing(good: Sequence[Judged], judged: Sequence[Judged], companies: Set[str]) -> list[Judged]:
    """Return the best facts of the companies that have none about the metric, where their words fit the question."""
    lacking = companies - {each.fact.company for each in good}
    told = (each for each in judged if each.verdict.own >= LEAST_OWN or each.verdict.around >= LEAST_AROUND)
    return [each for each in told if each.fact.company in lacking and each.rank >= LEAST_RANK]


def _side(understanding: Understanding, sources: Sources) -> Callable[[Judged], Hashable]:
    """Return what tells a fact's side: its company where several are compared, else its year."""
    if len(understanding.companies) == 1 and len(understanding.years) > 1:
        return lambda each: each.fact.year or sources.reports[each.fact.report].year
    return lambda each: each.fact.company


def _each_side(judged: Iterable[Judged], side: Callable[[Judged], Hashable]) -> list[Judged]:
    """Return for each side the fact to compare, then others that score about as high.

    What is compared is the metric of the best fact: a side's fact about it goes before a better worded one about
    something else.
    """
    sides: dict[Hashable, list[Judged]] = {}
    for each in judged:
        sides.setdefault(side(each), []).append(each)
    best = next(iter(sides.values()))[0]
    chosen = []
    for found in sides.values():
        near = [each for each in found if each.score >= SIMILAR * found[0].score]
        same = best.fact.metric if found[0].verdict.relation != SAME else found[0].fact.metric
        alike = [each for each in found if each.fact.metric == same]
        first = alike[:1] if alike and alike[0] in near else found[:1]
        chosen.append(list({each.fact.iri: each for each in [*first, *alike, *near]}.values())[:EACH])
    return [*(found[0] for found in chosen), *(each for found in chosen for each in found[1:])]
