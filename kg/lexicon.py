"""Longest label at a place: the words of some concepts, found just after or just before a position of a folded text."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from kg.reading.folding import compact
from kg.vocabulary import Concept


class Word(NamedTuple):
    """A label found at a place of a folded text; a tuple, because grammar makes some 600 a report."""

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
        self._anywhere: re.Pattern[str] | None = None  # built when it is first needed
        self._starting = _lengths((word[0], len(word)) for word in self._words)
        self._ending = _lengths((word[-1], len(word)) for word in self._words)

    @property
    def words(self) -> dict[str, Concept]:
        """The folded labels and their concepts."""
        return self._words

    def at(self, text: str, position: int) -> Word | None:
        """Return the longest label that starts at a position; a Latin label only as a whole word."""
        lengths = self._starting.get(text[position : position + 1])
        if lengths is None:
            return None
        for length in lengths:
            end = position + length
            concept = self._words.get(text[position:end])
            if concept is not None and end <= len(text) and not runs_on(text, end):
                return Word(position, end, concept)
        return None

    def within(self, text: str, start: int, end: int) -> Iterator[Word]:
        """Yield the longest label at each position of a stretch, in order; much quicker than asking at each."""
        if self._anywhere is None:
            words = sorted(self._words, key=len, reverse=True)
            self._anywhere = re.compile("|".join(map(re.escape, words)) or "(?!)")
        found = self._anywhere.search(text, start)
        while found and found.start() < end:
            word = self.at(text, found.start())
            if word:
                yield word
            found = self._anywhere.search(text, found.start() + 1)

    def before(self, text: str, position: int) -> Word | None:
        """Return the longest label that ends at a position; a Latin label only as a whole word."""
        lengths = self._ending.get(text[position - 1]) if 0 < position <= len(text) else None
        if lengths is None:
            return None
        for length in lengths:
            start = position - length
            concept = self._words.get(text[start:position]) if start >= 0 else None
            if concept is not None and not runs_on(text, start):
                return Word(start, position, concept)
        return None

    def ending(self, text: str, start: int, end: int) -> Iterator[Word]:
        """Yield the longest label that ends at each position from ``start`` up to ``end``, in order."""
        endings = self._ending
        for position in range(max(start, 1), min(end, len(text) + 1)):
            word = self.before(text, position) if text[position - 1] in endings else None
            if word:
                yield word


def alternatives(concepts: Iterable[Concept], ascii: bool | None = None) -> str:
    """Return the labels of some concepts as alternatives of a regular expression, folded, the longest first.

    ``ascii`` keeps the Latin ones or the others only.
    """
    words = (word for word in Lexicon(concepts).words if ascii is None or word.isascii() == ascii)
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


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


def blank(text: str, position: int) -> int:
    """Return the position before the one blank that may stand before it."""
    return position - (text[position - 1 : position] == " ")
