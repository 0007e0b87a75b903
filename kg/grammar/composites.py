"""Composite units: which unit of the ontology an amount of one unit for each of another is counted in."""

from kg.vocabulary import Concept, Vocabulary


class Composites:
    """The composite units of a vocabulary by what stands above and below their line."""

    def __init__(self, vocabulary: Vocabulary, people: str, things: str) -> None:
        """Gather them; ``people`` and ``things`` are the IRIs that stand for whatever is counted below a line."""
        self._vocabulary, self._people, self._things = vocabulary, people, things
        self._known = {
            (c.value("numeratorUnit"), c.value("denominatorUnit")): c for c in vocabulary.of_type("CompositeUnit")
        }

    def exact(self, above: Concept, below: Concept) -> Concept | None:
        """Return the composite of two units as they are written."""
        return next((c for name in self._bottoms(below) if (c := self._known.get((above.iri, name)))), None)

    def named(self, above: Concept, below: Concept, base: Concept) -> Concept | None:
        """Return the composite of a base unit and another, whose base is given too.

        One whose numerator is a base unit itself is found first.
        """
        bottoms = {base.iri, *self._bottoms(below)}
        found = [(top, c) for (top, bottom), c in self._known.items() if top and bottom in bottoms]
        exact = [composite for top, composite in found if top == above.iri]
        return next(iter([*exact, *(c for top, c in found if self._base(top) == above.iri)]), None)

    def _bottoms(self, below: Concept) -> tuple[str, ...]:
        """Return the IRIs that stand for what an amount is divided by: people, other things, or a unit."""
        if not below.is_a("Classifier"):
            return (below.iri,)
        return (below.iri, self._people if below.value("people") == "true" else self._things)

    def _base(self, iri: str) -> str:
        return self._vocabulary.concept(iri).value("base") or iri
