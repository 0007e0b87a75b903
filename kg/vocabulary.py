"""The ontology as a lexicon: every cue word is a SKOS label of a concept, and this is where labels are found in text.

Extraction and question understanding share one :class:`Vocabulary`; a new word is a line of Turtle.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, wraps
from pathlib import Path
from typing import NamedTuple, TypeVar

from kg import ids
from kg.automata import Word, automata
from kg.concepts import LANGUAGES, SKOS, Concept, Label
from kg.errors import NotFound
from kg.model import Span
from kg.reading.folding import Folded, compact
from kg.turtle import Node, Triple, read_turtle, turtle_files

__all__ = ["LANGUAGES", "RDF_TYPE", "SKOS", "Concept", "Label", "Match", "Matcher", "Vocabulary", "gathered", "longest"]

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_ROLES = {f"{SKOS}prefLabel": "pref", f"{SKOS}altLabel": "alt", f"{SKOS}hiddenLabel": "hidden"}
ROLES = ("pref", "alt", "hidden")
Gathered = TypeVar("Gathered")


class Match(NamedTuple):
    """A label found in a text: where (offsets of the text that was searched), and which concepts carry it.

    A report has some 5,000, and a tuple is made in a fourth of the time of a frozen dataclass.
    """

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


_new = tuple.__new__  # makes a Match in half the time of Match(...)


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
        self.core: Vocabulary = self  # all but the companies that a collection adds, with what was gathered of it

    @classmethod
    def load(cls, folder: Path) -> "Vocabulary":
        """Read every Turtle file under ``ontology/``; where none has changed, what was read before."""
        files = [(path, path.stat()) for path in turtle_files(folder)]
        return _read_once(tuple((path, about.st_ino, about.st_size, about.st_mtime_ns) for path, about in files))

    def plus(self, *concepts: Concept) -> "Vocabulary":
        """Return a vocabulary that has more concepts, or others of the same IRIs."""
        larger = Vocabulary(())
        larger.concepts = self.concepts | {concept.iri: concept for concept in concepts}
        if all(concept.is_a("Company") for concept in concepts):
            larger.core = self.core
        return larger

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
        if len(names) == 1:
            return iter(self._by_type.get(ids.ONTOLOGY + names[0], ()))
        return (concept for concept in self.concepts.values() if concept.is_a(*names))

    @cached_property
    def _by_type(self) -> Mapping[str, Sequence[Concept]]:
        """The concepts of each type: one of 2,600 is a horizon, and each risk asks for the horizons."""
        found: dict[str, list[Concept]] = defaultdict(list)
        for concept in self.concepts.values():
            for name in concept.types:
                found[name].append(concept)
        return found

    def ancestors(self, iri: str) -> Iterator[Concept]:
        """Yield the concepts above one, the nearest first, itself left out."""
        seen, queue = {iri}, list(self.concept(iri).broader)
        while queue:
            above = queue.pop(0)
            if above not in seen and above in self.concepts:
                seen.add(above)
                yield self.concepts[above]
                queue.extend(self.concepts[above].broader)

    def matcher(self, *types: str, roles: Collection[str] = ROLES) -> "Matcher":
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


def _concept(iri: str, found: Mapping[str, list[Node]]) -> Concept:
    labels = tuple(
        Label(node.value, node.language or "", role)
        for predicate, role in _ROLES.items()
        for node in found.get(predicate, ())
    )
    types = frozenset(node.value for node in found.get(RDF_TYPE, ()))
    return Concept(iri, types, labels, {key: tuple(nodes) for key, nodes in found.items()})


def _inside(text: str, start: int, end: int) -> bool:
    """Say whether a stretch begins or ends inside a Latin word or a number."""
    before = start > 0 and _runs_on(text[start - 1], text[start])
    return before or (end < len(text) and _runs_on(text[end - 1], text[end]))


def _runs_on(left: str, right: str) -> bool:
    """Say whether a Latin word or a number goes on from one character to the next ("kWh" does not go on from "5")."""
    if not (left.isascii() and right.isascii()):
        return False
    return (left.isalpha() and right.isalpha()) or (left.isdigit() and right.isdigit())


def gathered(gather: Callable[[Vocabulary], Gathered]) -> Callable[[Vocabulary], Gathered]:
    """Gather words once for all vocabularies that differ in companies: for what asks a vocabulary for no company."""
    kept = lru_cache(maxsize=4)(gather)

    @wraps(gather)
    def gathered_once(vocabulary: Vocabulary) -> Gathered:
        return kept(vocabulary.core)

    return gathered_once


class Matcher:
    """Finds labels in texts: case, script, width and blanks beside Han characters do not matter."""

    def __init__(self, concepts: Iterable[Concept], roles: Collection[str] = ROLES) -> None:
        """Build the automata over folded labels."""
        self._automata = automata(concepts, frozenset(roles))
        self._shortest = min((part.shortest for part in self._automata), default=sys.maxsize)

    def find(self, text: str) -> list[Match]:
        """Return matches in a text as given (it is folded here), in order, none overlapping, the longest winning."""
        folded = compact(text)
        return [
            Match(span.start, span.end, match.label, match.concepts)
            for match in self.find_folded(folded)
            for span in [folded.span(match.start, match.end)]
        ]

    def find_folded(self, folded: Folded, keep: Callable[[Match], bool] | None = None) -> list[Match]:
        """Return matches in a text that is folded already, offsets into ``folded.text``.

        ``keep`` may turn a match down before the longest-wins rule is applied.
        """
        found = self.all_folded(folded)
        if keep is not None:
            found = [match for match in found if keep(match)]
        return longest(found, len(folded.text)) if len(found) > 1 else found

    def all_folded(self, folded: Folded) -> list[Match]:
        """Return every occurrence, overlapping ones too; Latin words only as whole words."""
        text = folded.text
        if len(text) < self._shortest:
            return []
        found = []
        for last, (word, concepts, bounded) in self._words(text):
            end = last + 1
            start = end - len(word)
            if not (bounded and _inside(text, start, end)):
                found.append(_new(Match, (start, end, word, concepts)))
        return found

    def _words(self, text: str) -> Iterable[tuple[int, Word]]:
        """Return the words in a text with their last places: in order, and at one place the longest first."""
        if len(self._automata) == 1:
            words: Iterable[tuple[int, Word]] = self._automata[0].words.iter(text)
            return words
        found = [place for part in self._automata for place in part.words.iter(text)]
        return sorted(found, key=lambda place: (place[0], -len(place[1][0])))

    def by_concept(self, text: str) -> dict[str, list[tuple[int, int, str, tuple[Concept, ...]]]]:
        """Return every occurrence in a folded text by the IRI of its concept: what a :class:`Match` is made of."""
        found: dict[str, list[tuple[int, int, str, tuple[Concept, ...]]]] = {}
        for last, (word, concepts, bounded) in self._words(text) if len(text) >= self._shortest else ():
            end = last + 1
            start = end - len(word)
            if not (bounded and _inside(text, start, end)):
                for concept in concepts:
                    found.setdefault(concept.iri, []).append((start, end, word, concepts))
        return found


def longest(matches: Iterable[Match], length: int, later: bool = False) -> list[Match]:
    """Return the matches in a text of ``length`` that the longest-wins rule leaves, in order.

    Of equally long ones that overlap the first wins, or the ``later`` one.
    """
    found = list(matches)
    if _apart(found):
        return found
    kept, taken, sign = [], bytearray(length), -1 if later else 1
    for match in sorted(found, key=lambda match: (match.start - match.end, sign * match.start)):
        if taken.find(1, match.start, match.end) < 0:
            taken[match.start : match.end] = b"\x01" * (match.end - match.start)
            kept.append(match)
    kept.sort(key=lambda match: match.start)
    return kept


def _apart(matches: Iterable[Match]) -> bool:
    """Say whether matches stand in order and none overlaps, as most do: they need no sorting."""
    position = 0
    for match in matches:
        if match[0] < position:
            return False
        position = match[1]
    return True


@lru_cache(maxsize=2)  # a quarter of a second; a change of the collection needs it twice
def _read_once(files: tuple[tuple[Path, int, int, int], ...]) -> Vocabulary:
    return Vocabulary(triple for path, *_ in files for triple in read_turtle(path))
