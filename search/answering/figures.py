"""Answers that are numbers: the facts that meet most of a question's conditions and are about what it asks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kg.model import NumberFact
from search.answering.conditions import Conditions, ladder
from search.answering.drafting import Draft, Row, Sources, places
from search.answering.judging import ABOVE, NAMED, NEAR, OTHER, SAME, Judge, Verdict
from search.answering.queries import number_query
from search.answering.understanding import Understanding
from search.index import Hit

FACTS = 8  # facts that an answer shows
JUDGED = 12  # rows that are judged; below, ranks are so low that no verdict brings a fact forward
CITED = 8
# What a fact needs to answer. Of 152 questions for a number (those of bench/, the development ones and 88 more) these
# refuse none of the 100 that have an answer, and 50 of the 52 that have none. A rank of 0.3 or 0.4, or one of the
# others a third smaller or larger, changes at most two of the 152: what decides is which metric is asked for, not how
# near words come. A rank from 0.28 on is enough where the metric is the one asked for and the words around fit; a
# figure of another metric has to have a third of the question's words itself, one about somebody else a seventh, one of
# a broader metric a fifth.
ENOUGH_RANK = 0.35
LEAST_OWN, LEAST_AROUND, LEAST_ABOVE = 0.1, 0.25, 0.2
LEAST_RANK, LEAST_OTHER, LEAST_STRANGE = 0.28, 0.3, 0.15


@dataclass(frozen=True, slots=True)
class Judged:
    """A fact with its rank and what was judged of it."""

    fact: NumberFact
    rank: float
    verdict: Verdict

    @property
    def score(self) -> float:
        """The rank, and what the verdict adds to it."""
        return self.rank + self.verdict.better


def by_numbers(understanding: Understanding, hits: Sequence[Hit], sources: Sources) -> Draft:
    """Draft an answer from numbers; one without facts where no number comes near."""
    understanding = _since_base_year(understanding, sources)
    judge = Judge(understanding, sources.words(understanding.question), sources.vocabulary)
    nearest: Draft | None = None
    for conditions in _met(understanding, sources):
        query = number_query(understanding, conditions, sources.vocabulary)
        judged = _best_first(list(judged_rows(sources.select(query), judge, sources)), understanding)
        good = [each for each in judged if answers(each, conditions, understanding)]
        draft = drafted(query, good or judged, hits, understanding, sources)
        draft = replace(draft, relaxed=conditions.relaxed)
        if good and conditions.exact:
            return draft
        nearest = nearest or replace(draft, answered=False, reason="nearest")
    strict = next(ladder(understanding, sources.vocabulary))
    return nearest or Draft(number_query(understanding, strict, sources.vocabulary), False, reason="not-found")


def _since_base_year(understanding: Understanding, sources: Sources) -> Understanding:
    """Take the year that promises count from, where a question asks about the base year."""
    if "base year" not in understanding.wants or understanding.years:
        return understanding
    companies = {company.iri for company in understanding.companies}
    facts = [fact for fact in sources.numbers(understanding.question) if fact.company in companies or not companies]
    bases = [fact.baseline or "" for fact in facts if fact.kind == "target"]
    years = [int(base) for base in bases if base.isdigit()]
    return replace(understanding, years=(max(set(years), key=years.count),)) if years else understanding


def _met(understanding: Understanding, sources: Sources) -> Iterator[Conditions]:
    """Yield the conditions, strictest first, that some candidate meets."""
    facts = sources.numbers(understanding.question)
    for conditions in ladder(understanding, sources.vocabulary):
        if any(conditions.met_by(fact, sources.reports[fact.report], sources.vocabulary) for fact in facts):
            yield conditions


def _best_first(judged: list[Judged], understanding: Understanding) -> list[Judged]:
    """Return facts by score; of "from 1.5 to 1.4" the last number goes first, unless what was before is asked for."""
    ordered = sorted(judged, key=lambda each: -each.score)
    if "before" in understanding.wants:
        return ordered
    first = ordered[0].fact if ordered else None
    for each in ordered[1:]:
        fact = each.fact
        if first and fact.quote.start == first.quote.start and fact.quote.end > first.quote.end and _alike(fact, first):
            return [each, *(other for other in ordered if other is not each)]
    return ordered


def _alike(one: NumberFact, other: NumberFact) -> bool:
    return (one.report, one.metric, one.subject, one.unit) == (other.report, other.metric, other.subject, other.unit)


def judged_rows(rows: Sequence[Row], judge: Judge, sources: Sources, most: int = JUDGED) -> Iterator[Judged]:
    """Yield the numbers among some rows with what is judged of them."""
    for iri, rank in rows[:most]:
        fact = sources.fact(iri)
        if isinstance(fact, NumberFact):
            yield Judged(fact, rank, judge.verdict(fact, sources.readings.fact(fact)))


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
