"""Answers that compare: for each side, a company, a year or whatever else, the fact that fits best, then others."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from search.answering.conditions import Conditions
from search.answering.drafting import Draft, Sources
from search.answering.figures import (
    ENOUGH_RANK,
    LEAST_AROUND,
    LEAST_OWN,
    LEAST_RANK,
    LEAST_STRANGE,
    answers,
    drafted,
)
from search.answering.judged import Judged, judged_rows
from search.answering.judging import ABOVE, NAMED, OTHER, SAME, Judge, Verdict
from search.answering.queries import number_query
from search.answering.sides import Side, of_side, sides_of
from search.answering.understanding import Understanding
from search.index import Hit

ROWS = 30  # facts that are judged, more than for one number
EACH = 3  # facts of a side, if they score SIMILAR times its own or higher
SIMILAR = 0.7
# What a side's own words weigh in a fact's words and around it, and what the words of the other sides take away; after
# the first side, a fact of its metric and one of its unit go before better worded ones about something else.
SIDE_OWN, SIDE_AROUND, SIDE_OTHER = 0.4, 0.2, 0.2
SAME_METRIC, SAME_UNIT = 0.1, 0.1
COMPARABLE = (SAME, NAMED, ABOVE, None)  # relations of a fact's metric to those asked for, if any was
Scores = Mapping[int, float]  # by the place of a fact among those that are good enough


def by_sides(understanding: Understanding, hits: Sequence[Hit], sources: Sources) -> Draft:
    """Draft a comparison; where a side has no fact, the other sides stand alone."""
    judge = Judge(understanding, sources.words(understanding.question), sources.vocabulary)
    companies = frozenset(company.iri for company in understanding.companies)
    query, judged = "", list[Judged]()
    for units in dict.fromkeys((understanding.units, frozenset[str]())):
        conditions = Conditions(companies=companies, units=units)
        query = number_query(understanding, conditions, sources.vocabulary, ROWS)
        judged = sorted(judged_rows(sources.select(query), judge, sources, ROWS), key=lambda each: -each.score)
        good = [each for each in judged if _comparable(each, conditions, understanding)]
        sides = sides_of(understanding, sources.vocabulary)
        if len(good) < len(sides):
            good += [each for each in judged if _in_its_unit(each) and each not in good]
        if good:
            good += _missing(good, judged, companies)
            shown, chosen = _each_side(good, _scores(good, sides, understanding, sources))
            return replace(drafted(query, shown or good, hits, understanding, sources), sides=chosen)
    nearest = drafted(query, judged, hits, understanding, sources)
    return replace(nearest, answered=False, reason="nearest" if judged else "not-found")


def _comparable(judged: Judged, conditions: Conditions, understanding: Understanding) -> bool:
    """Say whether a fact can stand for a side: sides are worded apart, so only a metric that is sure binds them all."""
    if not understanding.sure:
        return judged.rank >= ENOUGH_RANK
    asked = {metric.iri for metric in understanding.asked}
    if not judged.verdict.fitting and not understanding.units and not understanding.changed:
        return False  # the share of base stations in electricity use is no electricity use
    if judged.fact.metric not in asked and judged.fact.scope != "company":
        return False
    own = max(judged.verdict.own, LEAST_STRANGE)
    placed = replace(judged, verdict=replace(judged.verdict, placed=True, own=own))
    return answers(placed, conditions, understanding)


def _in_its_unit(judged: Judged) -> bool:
    """Say whether a fact has the unit of what is asked for, and is about nothing else."""
    return judged.rank >= ENOUGH_RANK and judged.verdict.fitting and judged.verdict.relation != OTHER


def _missing(good: Sequence[Judged], judged: Sequence[Judged], companies: Set[str]) -> list[Judged]:
    """Return the best facts of the companies that have none that is sure, if their metric can be compared at all.

    What one company emits is no answer to what another one avoids, or to how much energy it saves.
    """
    lacking = companies - {each.fact.company for each in good}
    told = (each for each in judged if each.verdict.own >= LEAST_OWN or each.verdict.around >= LEAST_AROUND)
    told = (each for each in told if each.verdict.relation in COMPARABLE)
    return [
        each
        for each in told
        if each.fact.company in lacking and each.rank >= LEAST_RANK and each.verdict.relation in COMPARABLE
    ]


def _each_side(good: Sequence[Judged], found: Sequence[Scores]) -> tuple[list[Judged], int]:
    """Return facts for sides, none twice, those that fit best together, then others; and how many sides have one."""
    fits = [_fitting(good, found, side, at) for side, scores in enumerate(found) for at in scores]
    _, chosen = max(fits, key=lambda fit: fit[0], default=(0.0, {}))
    others = [at for side, first in sorted(chosen.items()) for at in _beside(good, found[side], first)]
    return [good[at] for at in dict.fromkeys([*(at for _, at in sorted(chosen.items())), *others])], len(chosen)


def _beside(good: Sequence[Judged], scores: Scores, first: int) -> list[int]:
    """Return the facts of a side that stand beside its own: those of the same metric, and those about as good."""
    ordered = sorted(scores, key=lambda at: -scores[at])
    alike = [at for at in ordered if good[at].fact.metric == good[first].fact.metric]
    near = [at for at in ordered if scores[at] >= SIMILAR * scores[first]]
    return list(dict.fromkeys([first, *alike, *near]))[:EACH]


def _fitting(good: Sequence[Judged], found: Sequence[Scores], first: int, at: int) -> tuple[float, dict[int, int]]:
    """Return the facts of all sides that go best with one of the first side's, and how well."""
    chosen, total = {first: at}, found[first][at]
    for side, scores in enumerate(found):
        left = {i: score + _alike(good, i, at) for i, score in scores.items() if i not in chosen.values()}
        if side != first and left:
            chosen[side] = max(left, key=lambda i: left[i])
            total += left[chosen[side]]
    return total, chosen


def _scores(
    good: Sequence[Judged], sides: Sequence[Side], understanding: Understanding, sources: Sources
) -> Sequence[Scores]:
    """Return how well the facts of each side's company and year stand for it."""
    judges = [_judge(side, understanding, sources) for side in sides]
    verdicts = [[_verdict(each, judge, sources) for each in good] for judge in judges]
    found = []
    for i, side in enumerate(sides):
        others = [verdicts[j] for j, other in enumerate(sides) if j != i and other.words and side.words]
        found.append(
            {
                at: each.rank + _fit(verdicts[i][at], side) - SIDE_OTHER * max((v[at].own for v in others), default=0.0)
                for at, each in enumerate(good)
                if _is_of(each, side, sources)
            }
        )
    return found


def _judge(side: Side, understanding: Understanding, sources: Sources) -> Judge:
    words = sources.words(understanding.question)
    own = [(group, rarity) for group, rarity in words if not side.words or next(iter(group)) in side.words]
    return Judge(of_side(understanding, side), own, sources.vocabulary)


def _verdict(judged: Judged, judge: Judge, sources: Sources) -> Verdict:
    return judge.verdict(judged.fact, sources.readings.fact(judged.fact))


def _fit(verdict: Verdict, side: Side) -> float:
    worded = SIDE_OWN * verdict.own + SIDE_AROUND * verdict.around if side.words else 0.0
    return verdict.better + worded


def _is_of(judged: Judged, side: Side, sources: Sources) -> bool:
    fact = judged.fact
    year = fact.year or sources.reports[fact.report].year
    return (not side.companies or fact.company in side.companies) and (not side.years or year in side.years)


def _alike(good: Sequence[Judged], at: int, first: int) -> float:
    one, other = good[at].fact, good[first].fact
    return SAME_METRIC * (one.metric == other.metric) + SAME_UNIT * (one.unit == other.unit)
