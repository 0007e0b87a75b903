"""Which facts speak of a term: of a concept, a unit, a year, a company, a class, a property.

A fact speaks of a class that it is of, of every class above that one, of each property that it has, and of whatever one
of its properties names. What was only filled by rule (``o:defaulted``) is the one exception.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg import ids
from kg.terms import IRI, PREFIXES
from kg.vocabulary import RDF_TYPE

DEFAULTED = f"{ids.ONTOLOGY}defaulted"
ABOVE = f"SELECT ?class ?above {{ ?class <{PREFIXES['rdfs']}subClassOf>+ ?above }}"
# Every fact has these, so that a list of the facts that have them says nothing.
_PLUMBING = frozenset({RDF_TYPE, f"{PREFIXES['rdfs']}label", f"{PREFIXES['prov']}wasDerivedFrom"})


@dataclass(frozen=True, slots=True)
class Uses:
    """The facts of each term by IRI, in the order of reports and of their texts."""

    by_term: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def facts(self, iri: str) -> tuple[str, ...]:
        """Return the IRIs of the facts that speak of a term."""
        return self.by_term.get(iri, ())

    def count(self, iri: str) -> int:
        """Return how many facts speak of a term."""
        return len(self.facts(iri))


def uses(library: Any) -> Uses:
    """Gather what the facts of a library speak of."""
    above: defaultdict[str, set[str]] = defaultdict(set)
    for row in library.store.select(ABOVE):
        above[str(row["class"])].add(str(row["above"]))
    facts = {fact.iri: place for place, fact in enumerate(library.facts())}
    spoken: defaultdict[str, set[str]] = defaultdict(set)
    for report in library.reports:
        for subject, predicate, value, _ in library.store.quads(graph=IRI(ids.graph_iri(report))):
            if isinstance(subject, IRI) and subject.value in facts:
                for term in _terms(predicate, value):
                    for iri in (term, *above[term]):
                        spoken[iri].add(subject.value)
    return Uses({iri: tuple(sorted(found, key=facts.__getitem__)) for iri, found in spoken.items()})


def _terms(predicate: IRI, value: Any) -> Iterator[str]:
    if predicate.value not in _PLUMBING:
        yield predicate.value
    if isinstance(value, IRI) and predicate.value != DEFAULTED:
        yield value.value


def uses_of(state: Any) -> Uses:
    """Return the uses in the library of an application, gathered again only when the library is another."""
    held: tuple[Any, Uses] | None = getattr(state, "uses", None)
    if held is None or held[0] is not state.library:
        held = (state.library, uses(state.library))
        state.uses = held
    return held[1]
