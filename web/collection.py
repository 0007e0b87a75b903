"""What the collection holds, counted once: facts by report, and by the concept that they speak of."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kg.fields import CLASSES
from kg.model import Fact, Initiative, NumberFact, RiskFact, Technology


@dataclass(frozen=True, slots=True)
class Collection:
    """Counts over all facts."""

    facts: int
    by_report: Counter[str]
    by_concept: Counter[str]
    by_kind: Counter[str]


def concepts_of(fact: Fact) -> Iterator[str]:
    """Yield the IRIs of the concepts that a fact speaks of, its class and its company too."""
    yield CLASSES[type(fact)].value
    yield fact.company
    if isinstance(fact, NumberFact):
        yield fact.metric
        yield fact.unit
    elif isinstance(fact, RiskFact):
        yield from fact.categories
    elif isinstance(fact, Initiative):
        yield from fact.technologies
    elif isinstance(fact, Technology) and fact.technology:
        yield fact.technology


def counted(library: Any) -> Collection:
    """Count the facts of a library."""
    by_report: Counter[str] = Counter()
    by_concept: Counter[str] = Counter()
    by_kind: Counter[str] = Counter()
    for fact in library.facts():
        by_report[fact.report] += 1
        by_kind[fact.kind] += 1
        by_concept.update(set(concepts_of(fact)))
    return Collection(by_report.total(), by_report, by_concept, by_kind)


def collection(state: Any) -> Collection:
    """Return the counts of the library of an application, counted again only when the library is another."""
    held: tuple[Any, Collection] | None = getattr(state, "collection", None)
    if held is None or held[0] is not state.library:
        held = (state.library, counted(state.library))
        state.collection = held
    return held[1]
