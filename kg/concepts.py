"""Concepts of the ontology: what Turtle says of one thing that has labels."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg import ids
from kg.turtle import Node

SKOS = "http://www.w3.org/2004/02/skos/core#"
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
_NOTATION = f"{SKOS}notation"


@dataclass(frozen=True, slots=True)
class Label:
    """A name of a concept: ``role`` is ``pref``, ``alt`` or ``hidden``."""

    text: str
    language: str
    role: str


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of the ontology with all that Turtle says of it.

    ``types`` and the keys of ``properties`` are full IRIs; ``notation`` is its ``skos:notation`` (a unit's code, a
    comparator's sign) or None.
    """

    iri: str
    types: frozenset[str] = field(hash=False)  # an IRI tells concepts apart, and hashing all labels takes long
    labels: tuple[Label, ...] = field(hash=False)
    properties: Mapping[str, tuple[Node, ...]] = field(hash=False, compare=False)

    def label(self, language: str = "zh-Hans") -> str:
        """Return the preferred label in a language, else in the next best one, else the IRI's last part."""
        names = {label.language: label.text for label in self.labels if label.role == "pref"}
        for tag in (language, "zh-Hans" if language.startswith("zh") else "en", *LANGUAGES):
            if tag in names:
                return names[tag]
        return self.iri.rsplit("/", 1)[-1]

    def values(self, name: str) -> tuple[str, ...]:
        """Return the values of a property, named in full or, for our own, by its last part (``factor``)."""
        nodes = self.properties.get(name) or self.properties.get(ids.ONTOLOGY + name) or ()
        return tuple(node.value for node in nodes)

    def value(self, name: str) -> str | None:
        """Return the first value of a property or None."""
        properties = self.properties  # asked 2,000 times a report, so without a call of values
        nodes = properties.get(name) or properties.get(ids.ONTOLOGY + name)
        return nodes[0].value if nodes else None

    @property
    def notation(self) -> str | None:
        """The concept's ``skos:notation``."""
        nodes = self.properties.get(_NOTATION)
        return nodes[0].value if nodes else None

    @property
    def broader(self) -> tuple[str, ...]:
        """The IRIs of the concepts right above this one."""
        return self.values(f"{SKOS}broader")

    def is_a(self, *types: str) -> bool:
        """Say whether the concept has one of these types, given by last part: ``is_a("Metric")``."""
        return not self.types.isdisjoint([ids.ONTOLOGY + name for name in types])
