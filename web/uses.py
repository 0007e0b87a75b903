"""The facts that speak of a term, and how many they are: what the pages of the ontology show."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from kg import ids
from kg.terms import IRI, Quad
from kg.uses import DEFAULTED, PLUMBING, SUBCLASS
from kg.vocabulary import RDF_TYPE
from search.facts import uses_in
from search.shards import folders_of

__all__ = ["DEFAULTED", "Uses", "uses", "uses_of"]

BELOW = f"SELECT ?class {{{{ ?class <{SUBCLASS}>+ <{{iri}}> }}}}"
MOST = 2000  # facts of a term that are looked up, in a tenth of a second; pages show a hundred


@dataclass(frozen=True, slots=True)
class Uses:
    """How many facts speak of each term, by IRI, and a library to look them up in."""

    counts: Mapping[str, int]
    library: Any

    def facts(self, iri: str) -> tuple[str, ...]:
        """Return the IRIs of facts that speak of a term, in the order of reports and texts; ``MOST`` of them."""
        if not self.count(iri):
            return ()
        found, told = dict.fromkeys(quad.subject.value for quad in self._quads(iri)), self.library.told
        return tuple(fact.iri for fact in told.at(told.places(list(found))))

    def count(self, iri: str) -> int:
        """Return how many facts speak of a term."""
        return self.counts.get(iri, 0)

    def _quads(self, iri: str) -> Iterator[Quad]:
        """Yield statements that make facts speak of a term, ``MOST`` at most."""
        store = self.library.store
        named = (quad for quad in store.quads(value=IRI(iri)) if quad.predicate.value != DEFAULTED)
        having = store.quads(predicate=IRI(iri)) if iri not in PLUMBING else iter(())
        below = (str(row["class"]) for row in store.select(BELOW.format(iri=iri)))
        being = (quad for name in below for quad in store.quads(predicate=IRI(RDF_TYPE), value=IRI(name)))
        facts = (quad for quad in chain(named, having, being) if quad.subject.value.startswith(f"{ids.BASE}fact/"))
        return islice(facts, MOST)


def uses(library: Any) -> Uses:
    """Return what the facts of a library speak of."""
    return Uses(uses_in(folders_of(library.folder)), library)


def uses_of(state: Any) -> Uses:
    """Return the uses in the library of an application, read again only when the library is another."""
    held: tuple[Any, Uses] | None = getattr(state, "uses", None)
    if held is None or held[0] is not state.library:
        held = (state.library, uses(state.library))
        state.uses = held
    return held[1]
