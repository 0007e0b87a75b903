"""Marks: the words of the ontology in a folded text, by what they are to a number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from kg.reading.folding import Folded
from kg.units import CODE
from kg.vocabulary import Concept, Match, Matcher, Vocabulary, longest

TYPES = ("Metric", "Direction", "Aggregation", "Modality", "Place", "Company", "OrganisationPart")
# Cue words that say whom a number is about, and "respectively"; each group is a kind of its own.
CUES = (
    "part-word", "facility", "item", "unit", "outside", "customer", "world", "enable", "company", "project", "example",
    "respectively", "site", "programme", "class", "agent", "world-lead",
    "together",
)  # fmt: skip


_Carried = tuple[tuple[str, tuple[Concept, ...]], ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """Matches by kind, in order; of a type of concept the longest win, cue words may overlap."""

    kinds: dict[str, list[Match]] = field(hash=False)

    def of(self, kind: str) -> Sequence[Match]:
        """Return all matches of a kind."""
        return self.kinds.get(kind, ())

    def found(self, kind: str, start: int, end: int) -> Iterator[Match]:
        """Yield the matches of a kind that lie in a stretch, in order."""
        matches = self.kinds.get(kind)
        if not matches:
            return iter(())
        return iter([match for match in matches if start <= match[0] < end and match[1] <= end])


@dataclass(frozen=True, slots=True)
class _Words:
    """The matcher of all words, and the kinds of each concept."""

    matcher: Matcher
    kinds: dict[str, tuple[str, ...]] = field(hash=False)
    labels: dict[str, _Carried] = field(hash=False, default_factory=dict)

    def carried(self, match: Match) -> "_Carried":
        """Return the kinds of a label, each with the concepts of that kind that carry it; read once a label."""
        found = self.labels.get(match.label)
        if found is None:
            found = self.labels[match.label] = tuple(self._carried(match.concepts))
        return found

    def _carried(self, carriers: tuple[Concept, ...]) -> Iterator[tuple[str, tuple[Concept, ...]]]:
        for kind in dict.fromkeys(kind for concept in carriers for kind in self.kinds[concept.iri]):
            chosen = tuple(concept for concept in carriers if kind in self.kinds[concept.iri])
            yield kind, carriers if len(chosen) == len(carriers) else chosen


@lru_cache(maxsize=4)
def _words(vocabulary: Vocabulary) -> _Words:
    concepts = list(vocabulary.of_type(*TYPES))
    kinds = {c.iri: tuple(name for name in TYPES if c.is_a(name)) for c in concepts}
    cues = {f"{CODE}cue-{name}": (name,) for name in CUES}
    return _Words(Matcher([*concepts, *map(vocabulary.concept, cues)], ("pref", "alt")), kinds | cues)


def marks_of(folded: Folded, vocabulary: Vocabulary) -> Marks:
    """Return the marks of a folded text."""
    return (_remembered if len(folded.text) <= _SHORT else _marks_of)(folded.text, vocabulary)


def _marks_of(text: str, vocabulary: Vocabulary) -> Marks:
    words = _words(vocabulary)
    found: dict[str, list[Match]] = {}
    for match in words.matcher.all_folded(Folded(text, len(text))):
        for kind, concepts in words.carried(match):
            alone = match if concepts is match.concepts else Match(match.start, match.end, match.label, concepts)
            found.setdefault(kind, []).append(alone)
    size = len(text)
    # Of equally long matches the later one: the head of a noun phrase stands at its end in Chinese and in English.
    return Marks({k: longest(m, size, later=True) if k in TYPES else sorted(m, key=_start) for k, m in found.items()})


def _start(match: Match) -> int:
    return match.start


# Headings and the names of rows and columns are read for each number below or beside them; texts are not.
_SHORT = 60
_remembered = lru_cache(maxsize=512)(_marks_of)
