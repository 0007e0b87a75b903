"""Numbers that a query found, each with its rank and what was judged of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.model import NumberFact
from search.answering.drafting import Row, Sources
from search.answering.judging import Judge, Verdict


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


def judged_rows(rows: Sequence[Row], judge: Judge, sources: Sources, most: int) -> Iterator[Judged]:
    """Yield the numbers among some rows with what is judged of them."""
    for iri, rank in rows[:most]:
        fact = sources.fact(iri)
        if isinstance(fact, NumberFact):
            yield Judged(fact, rank, judge.verdict(fact, sources.readings.fact(fact)))
