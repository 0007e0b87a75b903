"""What a question leaves open: the metrics, companies and years that its number could be of, to be chosen from.

A question is answered with the likeliest of them at once, and what else it could have meant stands beside the answer.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from kg.model import NumberFact
from kg.vocabulary import Vocabulary
from search.answering.answer import Answer

MOST = 6  # of each that are offered; more is a list to search, and the form beside it has all
T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Open:
    """The IRIs of metrics and companies, and the years; empty where the question leaves nothing open."""

    metrics: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    years: tuple[int, ...] = ()


def left_open(answer: Answer, figures: Iterable[NumberFact], vocabulary: Vocabulary) -> Open:
    """Return what a question for a number does not say and more than one figure could fill."""
    asked = answer.understanding
    if asked.shape != "number" or not (asked.asked or asked.units):
        return Open()
    fitting = [fact for fact in figures if _fits(fact, answer, vocabulary)]
    first = next((fact for fact in answer.facts if isinstance(fact, NumberFact)), None)
    metric = first.metric if first else ""
    own = [fact for fact in fitting if fact.metric == metric]
    exact = any(concept.iri == metric for concept in asked.asked)
    company = asked.companies[0].iri if asked.companies else first.company if first else ""
    return Open(
        metrics=() if exact else _several(_named(fitting, first.unit if first else "", vocabulary)),
        companies=() if asked.companies else _several(fact.company for fact in own),
        years=() if asked.years else _latest(fact.year for fact in own if fact.company == company and fact.year),
    )


def _fits(fact: NumberFact, answer: Answer, vocabulary: Vocabulary) -> bool:
    """Say whether a figure is of what the question says: its companies, years, metrics or those below, its units."""
    asked = answer.understanding
    if asked.companies and fact.company not in {concept.iri for concept in asked.companies}:
        return False
    if (asked.years and fact.year not in asked.years) or fact.kind not in asked.kinds:
        return False
    if not asked.asked:
        return vocabulary.concept(fact.unit).notation in asked.units
    wanted = {concept.iri for concept in asked.asked}
    return fact.metric in wanted or any(above.iri in wanted for above in vocabulary.ancestors(fact.metric))


def _named(facts: Iterable[NumberFact], unit: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the metrics that have a name of their own and the unit of the answer: a share is no other amount."""
    for fact in facts:
        if fact.unit == unit and not vocabulary.concept(fact.metric).is_a("CatchAllMetric"):
            yield fact.metric


def _several(found: Iterable[T]) -> tuple[T, ...]:
    """Return the commonest of things, none where there is but one."""
    counted = [thing for thing, _ in Counter(found).most_common(MOST)]
    return tuple(counted) if len(counted) > 1 else ()


def _latest(found: Iterable[int]) -> tuple[int, ...]:
    years = sorted(set(found), reverse=True)[:MOST]
    return tuple(years) if len(years) > 1 else ()
