"""The ontology as a lexicon: every cue word is a SKOS label of a concept, and this is where labels are found in text.

Extraction and question understanding share one :class:`Vocabulary`; a new word is a line of Turtle.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import ahocorasick

from kg import ids
from kg.errors import NotFound
from kg.model import Span
from kg.reading.folding import Folded, compact
from kg.turtle import Node, Triple, read_turtle, turtle_files

SKOS = "http://www.w3.org/2004/02/skos/core#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_ROLES = {f"{SKOS}prefLabel": "pref", f"{SKOS}altLabel": "alt", f"{SKOS}hiddenLabel": "hidden"}
LANGUAGES = ("zh-Hans", "zh-Hant", "en")


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
    types: frozenset[str]
    labels: tuple[Label, ...]
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
        nodes = self.properties.get(name) or self.properties.get(f"{ids.ONTOLOGY}{name}") or ()
        return tuple(node.value for node in nodes)

    def value(self, name: str) -> str | None:
        """Return the first value of a property or None."""
        return next(iter(self.values(name)), None)

    @property
    def notation(self) -> str | None:
        """The concept's ``skos:notation``."""
        return self.value(f"{SKOS}notation")

    @property
    def broader(self) -> tuple[str, ...]:
        """The IRIs of the concepts right above this one."""
        return self.values(f"{SKOS}broader")

    def is_a(self, *types: str) -> bool:
        """Say whether the concept has one of these types, given by last part: ``is_a("Metric")``."""
        return any(f"{ids.ONTOLOGY}{name}" in self.types for name in types)


@dataclass(frozen=True, slots=True)
class Match:
    """A label found in a text: where (offsets of the text that was searched), and which concepts carry it."""

    start: int
    end: int
    label: str
    concepts: tuple[Concept, ...]

    @property
    def concept(self) -> Concept:
        """The first of the concepts, for labels of one concept."""
        return self.concepts[0]

    @property
    def span(self) -> Span:
        """The place as a span."""
        return Span(self.start, self.end)


class Vocabulary:
    """All concepts of the ontology, and an automaton over their labels.

    :raises VocabularyError: (from ``load``) if a file is no Turtle.
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        """Gather concepts from triples."""
        properties: dict[str, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, node in triples:
            properties[subject][predicate].append(node)
        self.concepts: dict[str, Concept] = {iri: _concept(iri, found) for iri, found in sorted(properties.items())}

    @classmethod
    def load(cls, folder: Path) -> "Vocabulary":
        """Read every Turtle file under ``ontology/``."""
        return cls(triple for path in turtle_files(folder) for triple in read_turtle(path))

    def __contains__(self, iri: str) -> bool:
        """Say whether there is such a concept."""
        return iri in self.concepts

    def concept(self, iri: str) -> Concept:
        """Return a concept.

        :raises NotFound: if there is none of that IRI.
        """
        try:
            return self.concepts[iri]
        except KeyError:
            raise NotFound("concept", iri) from None

    def of_type(self, *names: str) -> Iterator[Concept]:
        """Yield the concepts of the types, given by last part: ``of_type("Metric")``."""
        return (concept for concept in self.concepts.values() if concept.is_a(*names))

    def ancestors(self, iri: str) -> Iterator[Concept]:
        """Yield the concepts above one, the nearest first, itself left out."""
        seen, queue = {iri}, list(self.concept(iri).broader)
        while queue:
            above = queue.pop(0)
            if above not in seen and above in self.concepts:
                seen.add(above)
                yield self.concepts[above]
                queue.extend(self.concepts[above].broader)

    def matcher(self, *types: str, roles: Collection[str] = ("pref", "alt", "hidden")) -> "Matcher":
        """Return a matcher for the labels of concepts of some types (all labelled concepts if none is named)."""
        chosen = self.of_type(*types) if types else self.concepts.values()
        return Matcher(chosen, roles)

    @cached_property
    def everything(self) -> "Matcher":
        """A matcher over all labels."""
        return self.matcher()

    @cached_property
    def cues(self) -> "Matcher":
        """A matcher over the words by which questions say what they want."""
        return self.matcher("QuestionCue")

    def matches(self, text: str) -> list[Match]:
        """Find the labels of all concepts in a text, longest first, offsets into ``text`` as given."""
        return self.everything.find(text)


def _concept(iri: str, found: Mapping[str, list[Node]]) -> Concept:
    labels = tuple(
        Label(node.value, node.language or "", role)
        for predicate, role in _ROLES.items()
        for node in found.get(predicate, ())
    )
    types = frozenset(node.value for node in found.get(RDF_TYPE, ()))
    return Concept(iri, types, labels, {key: tuple(nodes) for key, nodes in found.items()})


def _runs_on(left: str, right: str) -> bool:
    """Say whether a Latin word or a number goes on from one character to the next ("kWh" does not go on from "5")."""
    if not (left.isascii() and right.isascii()):
        return False
    return (left.isalpha() and right.isalpha()) or (left.isdigit() and right.isdigit())


class Matcher:
    """Finds labels in texts: case, script, width and blanks beside Han characters do not matter."""

    def __init__(self, concepts: Iterable[Concept], roles: Collection[str] = ("pref", "alt", "hidden")) -> None:
        """Build the automaton over folded labels."""
        words: dict[str, dict[str, Concept]] = defaultdict(dict)
        for concept in concepts:
            for label in concept.labels:
                word = compact(label.text).text.strip()
                if label.role in roles and word:
                    words[word][concept.iri] = concept
        self._words = {word: tuple(found.values()) for word, found in words.items()}
        self._automaton = ahocorasick.Automaton()
        for word in self._words:
            self._automaton.add_word(word, word)
        if self._words:
            self._automaton.make_automaton()

    def find(self, text: str) -> list[Match]:
        """Return matches in a text as given (it is folded here), in order, none overlapping, the longest winning."""
        folded = compact(text)
        return [
            Match(span.start, span.end, match.label, match.concepts)
            for match in self.find_folded(folded)
            for span in [folded.span(match.start, match.end)]
        ]

    def find_folded(self, folded: Folded, keep: Callable[[Match], bool] = lambda match: True) -> list[Match]:
        """Return matches in a text that is folded already, offsets into ``folded.text``.

        ``keep`` may turn a match down before the longest-wins rule is applied.
        """
        found = [match for match in self.all_folded(folded) if keep(match)]
        found.sort(key=lambda match: (match.start - match.end, match.start))
        taken = bytearray(len(folded.text))
        chosen = []
        for match in found:
            if not any(taken[match.start : match.end]):
                taken[match.start : match.end] = b"\x01" * (match.end - match.start)
                chosen.append(match)
        return sorted(chosen, key=lambda match: match.start)

    def all_folded(self, folded: Folded) -> Iterator[Match]:
        """Yield every occurrence, overlapping ones too; Latin words only as whole words."""
        text = folded.text
        if not self._words:
            return
        for last, word in self._automaton.iter(text):
            start, end = last + 1 - len(word), last + 1
            if (start and _runs_on(text[start - 1], word[0])) or (end < len(text) and _runs_on(word[-1], text[end])):
                continue
            yield Match(start, end, word, self._words[word])
