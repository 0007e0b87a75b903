"""Marks: the words of the ontology in a folded text, by what they are to a number."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from kg.reading.folding import Folded
from kg.units import CODE
from kg.vocabulary import Match, Matcher, Vocabulary

TYPES = ("Metric", "Direction", "Aggregation", "Modality", "Place", "Company")
# Cue words that say whom a number is about, and "respectively"; each group is a kind of its own.
CUES = (
    "part-word", "facility", "item", "unit", "outside", "customer", "world", "enable", "company", "project", "example",
    "respectively", "site", "programme",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marks:
    """Matches by kind, in order; of a type of concept the longest win, cue words may overlap."""

    kinds: dict[str, list[Match]] = field(hash=False)

    def of(self, kind: str) -> Sequence[Match]:
        """Return all matches of a kind."""
        return self.kinds.get(kind, ())

    def found(self, kind: str, start: int, end: int) -> Iterator[Match]:
        """Yield the matches of a kind that lie in a stretch, in order."""
        matches = self.of(kind)
        for i in range(bisect_left(matches, start, key=_start), len(matches)):
            if matches[i].start >= end:
                return
            if matches[i].end <= end:
                yield matches[i]


@dataclass(frozen=True, slots=True)
class _Words:
    """The matcher of all words, and the kinds of each concept."""

    matcher: Matcher
    kinds: dict[str, tuple[str, ...]] = field(hash=False)


@lru_cache(maxsize=4)
def _words(vocabulary: Vocabulary) -> _Words:
    concepts = list(vocabulary.of_type(*TYPES))
    kinds = {c.iri: tuple(name for name in TYPES if c.is_a(name)) for c in concepts}
    cues = {f"{CODE}cue-{name}": (name,) for name in CUES}
    return _Words(Matcher([*concepts, *map(vocabulary.concept, cues)], ("pref", "alt")), kinds | cues)


def marks_of(folded: Folded, vocabulary: Vocabulary) -> Marks:
    """Return the marks of a folded text."""
    words = _words(vocabulary)
    found: dict[str, list[Match]] = {}
    for match in words.matcher.all_folded(folded):
        if len(match.concepts) == 1:
            for kind in words.kinds[match.concepts[0].iri]:
                found.setdefault(kind, []).append(match)
            continue
        for kind in {kind for concept in match.concepts for kind in words.kinds[concept.iri]}:
            concepts = tuple(concept for concept in match.concepts if kind in words.kinds[concept.iri])
            found.setdefault(kind, []).append(Match(match.start, match.end, match.label, concepts))
    length = len(folded.text)
    return Marks({k: _longest(m, length) if k in TYPES else sorted(m, key=_start) for k, m in found.items()})


def _longest(matches: list[Match], length: int) -> list[Match]:
    """Return the matches that the longest-wins rule leaves, in order; of equally long ones the one that ends later.

    The head of a noun phrase stands at its end in Chinese and in English.
    """
    kept, taken = [], bytearray(length)
    for match in sorted(matches, key=lambda m: (m.start - m.end, -m.start)):
        if not any(taken[match.start : match.end]):
            taken[match.start : match.end] = b"\x01" * (match.end - match.start)
            kept.append(match)
    return sorted(kept, key=_start)


def _start(match: Match) -> int:
    return match.start
