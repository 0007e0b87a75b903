"""Numerals: numbers written in words, whole ones and fractions, in any language whose words the ontology knows."""

import re
from dataclasses import dataclass
from decimal import Decimal

from kg.lexicon import Lexicon
from kg.units import CODE
from kg.vocabulary import Vocabulary

_PLACE = 100  # numerals from here on are places of a number ("hundred") and count nothing where they stand alone


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in words: its place and value; ``is_place`` says that it begins with a word such as "thousand"."""

    start: int
    end: int
    value: Decimal
    is_place: bool = False
    is_share: bool = False


class Numerals:
    """The numerals of a vocabulary: single characters that combine, and whole words that do not."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather them."""
        known = list(vocabulary.of_type("Numeral"))
        single = Lexicon(known, keep=lambda word: len(word) == 1 and not word.isascii())
        whole = Lexicon(known, keep=str.isascii)
        self._single = {word: int(concept.value("factor") or 0) for word, concept in single.words.items()}
        values = {word: int(concept.value("factor") or 0) for word, concept in whole.words.items()}
        self._whole = {word: value for word, value in values.items() if value < _PLACE}
        self._parts = Lexicon([vocabulary.concept(f"{CODE}cue-parts")])
        self._below = {w: int(c.value("factor") or 1) for w, c in self._denominators(vocabulary).words.items()}
        self._share = re.compile(
            rf"(?<![\w-])(?P<above>an?|{'|'.join(self._whole)})[ -](?P<below>{'|'.join(self._below)})(?= of\b)"
        )
        self._pattern = re.compile(f"[{''.join(sorted(self._single))}]+")
        self._words = re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(self._whole, key=len, reverse=True))})(?![\w-])")

    def find(self, text: str) -> list[Numeral]:
        """Return the numbers in words of a folded text, in order."""
        found = [self._read(text, m.start(), m.end()) for m in self._pattern.finditer(text)]
        words = [Numeral(m.start(), m.end(), Decimal(self._whole[m.group()])) for m in self._words.finditer(text)]
        shares = [self._part(match) for match in self._share.finditer(text)]
        words = [w for w in words if not any(s.start <= w.start < s.end for s in shares)]
        return sorted([*(n for n in found if n), *words, *shares], key=lambda numeral: numeral.start)

    def _part(self, match: "re.Match[str]") -> Numeral:
        """Return "two thirds" as a percentage."""
        share = Decimal(100 * self._whole.get(match["above"], 1)) / self._below[match["below"]]
        return Numeral(match.start(), match.end(), round(share, 2), False, True)

    @staticmethod
    def _denominators(vocabulary: Vocabulary) -> Lexicon:
        return Lexicon(vocabulary.of_type("Denominator"))

    def runs(self, text: str, length: int) -> list[tuple[int, int]]:
        """Return where a number of single-character numerals stand together."""
        return [m.span() for m in self._pattern.finditer(text) if m.end() - m.start() == length]

    def digit(self, text: str, position: int) -> int | None:
        """Return the digit in words that stands alone at a position."""
        found = self._pattern.match(text, position)
        value = self._single[found.group()] if found and found.end() - found.start() == 1 else _PLACE
        return value if 0 < value < 10 else None

    def year(self, word: str) -> int | None:
        """Return the number that digits in words spell one by one, None where one of them is a place."""
        digits = [self._single.get(character, _PLACE) for character in word]
        return int("".join(map(str, digits))) if all(digit < 10 for digit in digits) else None

    def _read(self, text: str, start: int, end: int) -> Numeral | None:
        value = self._value(text[start:end])
        if value is None:
            return None
        parts = self._parts.at(text, end)
        above = self._pattern.match(text, parts.end) if parts else None
        share = self._value(above.group()) if above else None
        if above and share and 0 < share <= value:
            return Numeral(start, above.end(), round(Decimal(100 * share) / Decimal(value), 2), False, True)
        return Numeral(start, end, Decimal(value), self._single[text[start]] >= _PLACE)

    def _value(self, word: str) -> int | None:
        """Return the value of a number in numerals: with tens, hundreds, ten thousands."""
        total = section = digit = 0
        for character in word:
            value = self._single[character]
            if value < 10:
                if digit:
                    return None
                digit = value
            elif value < 10000:
                section, digit = section + (digit or 1) * value, 0
            else:
                total, section, digit = (total + (section + digit or 1)) * value, 0, 0
        return total + section + digit
