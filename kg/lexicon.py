"""Longest label at a place: the words of some concepts, found just after or just before a position of a folded text."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kg.reading.folding import compact
from kg.vocabulary import Concept


@dataclass(frozen=True, slots=True)
class Word:
    """A label found at a place of a folded text."""

    start: int
    end: int
    concept: Concept


class Lexicon:
    """The labels of some concepts, folded."""

    def __init__(self, concepts: Iterable[Concept], keep: Callable[[str], bool] = bool) -> None:
        """Gather folded labels, those that ``keep`` says yes to."""
        self._words: dict[str, Concept] = {}
        for concept in concepts:
            for label in concept.labels:
                word = compact(label.text).text.strip()
                if word and keep(word):
                    self._words.setdefault(word, concept)
        self._starting = _lengths((word[0], len(word)) for word in self._words)
        self._ending = _lengths((word[-1], len(word)) for word in self._words)

    @property
    def words(self) -> dict[str, Concept]:
        """The folded labels and their concepts."""
        return self._words

    def at(self, text: str, position: int) -> Word | None:
        """Return the longest label that starts at a position; a Latin label only as a whole word."""
        for length in self._starting.get(text[position : position + 1], ()):
            end = position + length
            concept = self._words.get(text[position:end])
            if concept is not None and end <= len(text) and not runs_on(text, end):
                return Word(position, end, concept)
        return None

    def before(self, text: str, position: int) -> Word | None:
        """Return the longest label that ends at a position; a Latin label only as a whole word."""
        for length in self._ending.get(text[max(0, position - 1) : position], ()):
            start = position - length
            concept = self._words.get(text[start:position]) if start >= 0 else None
            if concept is not None and not runs_on(text, start):
                return Word(start, position, concept)
        return None


def _lengths(pairs: Iterable[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    """Map a first or last character to the lengths of its words, the longest first."""
    found: dict[str, set[int]] = {}
    for character, length in pairs:
        found.setdefault(character, set()).add(length)
    return {character: tuple(sorted(lengths, reverse=True)) for character, lengths in found.items()}


def runs_on(text: str, position: int) -> bool:
    """Say whether a position lies inside a Latin word.

    >>> runs_on("5g网络", 1), runs_on("kwh", 2)
    (False, True)
    """
    if not 0 < position < len(text):
        return False
    left, right = text[position - 1], text[position]
    return left.isascii() and right.isascii() and left.isalpha() and right.isalpha()
