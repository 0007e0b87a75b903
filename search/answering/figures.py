"""Answers that are numbers: the facts that meet most of a question's conditions and are about what it asks."""

from collections.abc import Sequence
from dataclasses import replace

from kg.model import NumberFact
from search.answering.conditions import Conditions, ladder
from search.answering.drafting import Draft, Sources, places
from search.answering.judged import Judged, judged_rows
from search.answering.judging import ABOVE, NAMED, NEAR, OTHER, SAME, Judge, Wording
from search.answering.queries import number_query
from search.answering.understanding import Understanding
from search.answering.weighing import Weighed, weighed
from search.index import Hit

FACTS = 8  # facts that an answer shows
ROWS = 60  # rows that are weighed
CITED = 8
BEHIND = 4.0  # a number that fits less well by as much is not shown
LIKELY = 0.54  # from which the number that fits best answers
# What a fact needs to stand for a side of a comparison. Of 152 questions for a number (those of bench/ and 88 more)
# these refuse none of the 100 that have an answer, and 50 of the 52 that have none. A rank of 0.3 or 0.4, or one of the
# others a third smaller or larger, changes at most two of the 152: what decides is which metric is asked for, not how
# near words come. A rank from 0.28 on is enough where the metric is the one asked for and the words around fit; a
# figure of another metric has to have a third of the question's words itself, one about somebody else a seventh, one of
# a broader metric a fifth.
ENOUGH_RANK = 0.35
LEAST_OWN, LEAST_AROUND, LEAST_ABOVE = 0.1, 0.25, 0.2
LEAST_RANK, LEAST_OTHER, LEAST_STRANGE = 0.28, 0.3, 0.15


def by_numbers(understanding: Understanding, hits: Sequence[Hit], sources: Sources) -> Draft:
    """Draft an answer from numbers; one without facts where no number comes near.

    What a question names as a year, a place or a company is no matter of degree; among the numbers of those, the one
    that fits best answers, if it is likely enough to be what is meant.
    """
    understanding = _since_base_year(understanding, sources)
    rungs = list(ladder(understanding, sources.vocabulary))
    found, fitting = found_for(understanding, rungs, sources)
    if not found:
        return Draft(number_query(understanding, rungs[0], sources.vocabulary), False, reason="not-found")
    ranked = weighed(fitting or found, found[0].rank, understanding, sources)
    best = _first(ranked, understanding)
    conditions = next((rung for rung in rungs if _meets(rung, best.judged, sources)), rungs[-1])
    query = number_query(understanding, conditions, sources.vocabulary, ROWS)
    near = [each for each in ranked if each is not best and each.fit >= best.fit - BEHIND]
    shown = [best, *(each for each in near if _meets(conditions, each.judged, sources))]
    draft = drafted(query, [each.judged for each in shown], hits, understanding, sources)
    draft = replace(draft, confidence=best.likely, relaxed=conditions.relaxed)
    if fitting and best.likely >= LIKELY and _can_answer(best.judged, conditions, understanding, sources):
        return draft
    return replace(draft, answered=False, reason="nearest")


def found_for(
    understanding: Understanding, rungs: Sequence[Conditions], sources: Sources
) -> tuple[list[Judged], list[Judged]]:
    """Return the numbers that a search finds, best first, and those of the year, the place and the company named."""
    strict, loosest = rungs[0], rungs[-1]
    judge = Judge(understanding, sources.words(understanding.question), sources.vocabulary)
    rows = sources.select(number_query(understanding, loosest, sources.vocabulary, ROWS))
    found = list(judged_rows(rows, judge, sources, ROWS))
    within = replace(loosest, years=strict.years, set_in=strict.set_in)
    return found, [each for each in found if each.verdict.placed and _meets(within, each, sources)]


def _can_answer(judged: Judged, conditions: Conditions, understanding: Understanding, sources: Sources) -> bool:
    """Say whether a number has the unit asked for, is the company's own, and whether the question says what it wants.

    Another unit will do where it is that of the very metric asked for; "What is China Mobile's share?" names nothing.
    """
    verdict = judged.verdict
    if "unit" in conditions.relaxed and not (verdict.relation == SAME and verdict.fitting):
        return False
    if judged.fact.scope == "other" and understanding.companies and verdict.own < LEAST_STRANGE:
        return False
    named = Wording(understanding, sources.words(understanding.question)).weight > 0
    return named or bool(understanding.asked) or bool(understanding.places)


def _meets(conditions: Conditions, judged: Judged, sources: Sources) -> bool:
    return conditions.met_by(judged.fact, sources.reports[judged.fact.report], sources.vocabulary)


def _since_base_year(understanding: Understanding, sources: Sources) -> Understanding:
    """Take the year that promises count from, where a question asks about the base year."""
    if "base year" not in understanding.wants or understanding.years:
        return understanding
    companies = {company.iri for company in understanding.companies}
    facts = [fact for fact in sources.numbers(understanding.question) if fact.company in companies or not companies]
    bases = [fact.baseline or "" for fact in facts if fact.kind == "target"]
    years = [int(base) for base in bases if base.isdigit()]
    return replace(understanding, years=(max(set(years), key=years.count),)) if years else understanding


def _first(ranked: Sequence[Weighed], understanding: Understanding) -> Weighed:
    """Return the fact that fits best; of "from 1.5 to 1.4" the last number, unless what was before is asked for.

    Who names a year means that year's figure, and not the total up to it, where a report gives both.
    """
    first = ranked[0]
    if first.judged.fact.form == "cumulative" and understanding.years and not understanding.cumulative:
        level = (each for each in ranked if each.judged.fact.form == "level" and each.fit >= first.fit - BEHIND)
        first = next((each for each in level if _is_same(each.judged.fact, first.judged.fact)), first)
    pair = [each for each in ranked if _is_pair(each.judged.fact, first.judged.fact)]
    before = "before" in understanding.wants
    return (min if before else max)([first, *pair], key=lambda each: each.judged.fact.quote.end)


def _is_same(one: NumberFact, other: NumberFact) -> bool:
    return _alike(one, other) and (one.company, one.year) == (other.company, other.year)


def _is_pair(one: NumberFact, other: NumberFact) -> bool:
    return one.quote.start == other.quote.start and one.quote.end != other.quote.end and _alike(one, other)


def _alike(one: NumberFact, other: NumberFact) -> bool:
    return (one.report, one.metric, one.subject, one.unit) == (other.report, other.metric, other.subject, other.unit)


def answers(judged: Judged, conditions: Conditions, understanding: Understanding) -> bool:
    """Say whether a fact is about what is asked, so that it can answer."""
    verdict = judged.verdict
    told = verdict.own >= LEAST_OWN or verdict.around >= LEAST_AROUND or verdict.counted
    near = judged.rank >= ENOUGH_RANK or (judged.rank >= LEAST_RANK and verdict.relation == SAME and told)
    if not near or not verdict.placed:
        return False
    if judged.fact.scope == "other" and understanding.companies and verdict.own < LEAST_STRANGE:
        return False
    if "unit" in conditions.relaxed and not (verdict.relation == SAME and verdict.fitting):
        return False
    if not _as_asked(judged, understanding):
        return False
    if verdict.relation in (SAME, NAMED):
        return understanding.sure or told
    if understanding.sure:
        return verdict.relation == ABOVE and verdict.own >= LEAST_ABOVE
    return verdict.own >= LEAST_OTHER if verdict.relation == OTHER else told


def _as_asked(judged: Judged, understanding: Understanding) -> bool:
    """Say whether a fact is no change where a level is asked for, and counts what is counted."""
    verdict = judged.verdict
    if verdict.relation in (None, NEAR) and not (verdict.headed or verdict.counted):
        return False
    level = understanding.asked and not understanding.units and not understanding.changed
    return not level or judged.fact.form != "change" or verdict.fitting


def drafted(
    query: str, judged: Sequence[Judged], hits: Sequence[Hit], understanding: Understanding, sources: Sources
) -> Draft:
    """Return a draft of some facts, each with its quote."""
    facts = tuple(each.fact for each in judged[:FACTS])
    quotes = [sources.quote(fact) for fact in facts]
    # The first quote carries the answer; the best passages stand beside it, should another fact be the one meant.
    first = 1 if understanding.shape == "number" else len(quotes)
    cited = tuple([*quotes[:first], *places(hits[:2]), *quotes[first:]][:CITED])
    return Draft(query, True, facts, (), cited, judged[0].rank if judged else 0.0)
