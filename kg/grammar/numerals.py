"""Numerals: numbers written in words, whole ones, fractions and words such as "doubled", in any language."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from kg.lexicon import Lexicon, blank
from kg.units import CODE, UNIT
from kg.vocabulary import Concept, Vocabulary

_FOLLOWS = re.compile(r" (?:of|lower|higher|less|more|fewer|below|above|smaller|larger) ")
_PLACE = 100  # numerals from here on are places of a number ("hundred") and count nothing where they stand alone
_TEN = 10
_LONGEST = 24  # characters of a number in numerals; more of them are a pattern or a list
_INSIDE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")  # before a letter: no word begins here


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in words: its place and value.

    ``is_place`` says that it begins with a word such as "thousand"; ``unit`` is the IRI of the unit that its words give
    ("two thirds", "doubled"), ``comparator`` what they say beside the number ("hundreds of").
    """

    start: int
    end: int
    value: Decimal
    is_place: bool = False
    unit: str | None = None
    comparator: str | None = None


class Numerals:
    """The numerals of a vocabulary: single characters that combine, and words that are whole or follow each other."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather them."""
        known = list(vocabulary.of_type("Numeral"))
        exact = [concept for concept in known if concept.notation is None]
        self._single = {
            word: int(factor) for word, factor in _factors(exact).items() if len(word) == 1 and not word.isascii()
        }
        digits = "".join(word for word, value in self._single.items() if value < _TEN)
        self._pattern = re.compile(f"[{''.join(sorted(self._single))}]+")
        self._parts = Lexicon([vocabulary.concept(f"{CODE}cue-parts")])
        points = _either(Lexicon([vocabulary.concept(f"{CODE}cue-decimal-point")]).words)
        self._fraction = re.compile(f"(?:{points})([{digits}]+)")
        self._vague = Lexicon(concept for concept in known if concept.notation is not None)
        self._wholes = Lexicon(vocabulary.of_type("QuantityWord"))
        self._no_half = Lexicon([vocabulary.concept(f"{CODE}cue-no-half")])
        self._starts = re.compile(_either([*self._vague.words, *self._wholes.words]))
        self._words = _Words(_factors(exact), _factors(vocabulary.of_type("Denominator")))

    def find(self, text: str) -> list[Numeral]:
        """Return the numbers in words of a folded text, in order; of those that overlap the first, longest one."""
        found = [*self._known(text), *self._words.find(text)]
        found += [n for m in self._pattern.finditer(text) if (n := self._read(text, m.start(), m.end()))]
        if len(found) < 2:
            return found
        kept: list[Numeral] = []
        for numeral in sorted(found, key=lambda n: (n.start, -n.end)):
            if not kept or numeral.start >= kept[-1].end:
                kept.append(numeral)
        return kept

    def _known(self, text: str) -> Iterator[Numeral]:
        """Yield words that are a number with its unit, and words such as "hundreds of"."""
        for match in self._starts.finditer(text):
            start = match.start()
            word = self._wholes.at(text, start) or self._vague.at(text, start)
            inside = start and text[start].isascii() and text[start - 1].isascii() and text[start - 1] not in ' \n"(,'
            part = self._no_half.before(text, blank(text, start)) or (word and self._parts.at(text, word.end))
            if word and not inside and not part:
                concept, value = word.concept, Decimal(word.concept.value("factor") or 0)
                sign = None if concept.is_a("Direction") else concept.notation
                yield Numeral(start, word.end, value, False, concept.value("inUnit"), sign)

    def runs(self, text: str, length: int) -> list[tuple[int, int]]:
        """Return where a number of single-character numerals stand together."""
        return [m.span() for m in self._pattern.finditer(text) if m.end() - m.start() == length]

    def digit(self, text: str, position: int) -> int | None:
        """Return the digit in words that stands alone at a position."""
        found = self._pattern.match(text, position)
        value = self._single[found.group()] if found and found.end() - found.start() == 1 else _PLACE
        return value if 0 < value < _TEN else None

    def year(self, word: str) -> int | None:
        """Return the number that digits in words spell one by one, None where one of them is a place."""
        digits = [self._single.get(character, _PLACE) for character in word]
        return int("".join(map(str, digits))) if all(digit < _TEN for digit in digits) else None

    def _read(self, text: str, start: int, end: int) -> Numeral | None:
        value = self._value(text[start:end])
        if value is None:
            return None
        parts = self._parts.at(text, end)
        above = self._pattern.match(text, parts.end) if parts else None
        share = self._value(above.group()) if above else None
        if above and share and 0 < share <= value and value not in (_PLACE, 1000):
            percent = round(Decimal(100 * share) / Decimal(value), 2)
            return Numeral(start, above.end(), percent, unit=f"{UNIT}percent")
        fraction = self._fraction.match(text, end)
        if fraction:
            tail = "".join(str(self._single[character]) for character in fraction[1])
            return Numeral(start, fraction.end(), Decimal(f"{value}.{tail}"))
        return Numeral(start, end, Decimal(value), self._single[text[start]] >= _PLACE)

    def _value(self, word: str) -> int | None:
        """Return the value of a number in numerals: with tens, hundreds, ten thousands."""
        if len(word) > _LONGEST:
            return None
        total = section = digit = 0
        for character in word:
            value = self._single[character]
            if value < _TEN:
                if digit:
                    return None
                digit = value
            elif value < 10000:
                section, digit = section + (digit or 1) * value, 0
            else:
                total, section, digit = (total + (section + digit or 1)) * value, 0, 0
        return total + section + digit


class _Words:
    """Numbers whose words stand one after another: "twenty-three", "two hundred and fifty", "two thirds"."""

    def __init__(self, values: dict[str, Decimal], below: dict[str, Decimal]) -> None:
        """Gather the words that are Latin."""
        latin = {word: int(value) for word, value in values.items() if word.isascii() and word.isalpha()}
        self._values = latin | {"a": 1, "an": 1}
        self._below = below
        small = {word: value for word, value in latin.items() if value < _PLACE}
        tens = _either(w for w, v in small.items() if v % _TEN == 0 and v > _TEN)
        ones = _either(w for w, v in small.items() if 0 < v < _TEN)
        tail = f"(?:(?:{tens})[- ](?:{ones})|{_either(small)})"
        places = {v: w for w, v in latin.items() if v in (_PLACE, 1000) and not w.endswith("s")}
        hundred, thousand = places.get(_PLACE, "$"), places.get(1000, "$")
        upto = f"(?:(?:{tail}|a) {hundred}(?:(?: and)? {tail})?|{tail})"
        many = "|".join(w for w, v in latin.items() if v >= _PLACE)
        whole = f"{upto}(?: {thousand},?(?: and)? {upto})?|an?(?= (?:{many}|million|billion|trillion|dozen)\\b)"
        shares = f"(?P<above>an?|{_either(small)})[ -](?P<below>{_either(below)})(?![a-z-])"
        self._share = re.compile(f"{shares}(?: of\\b)?")
        self._number = re.compile(f"{shares}|(?P<whole>{whole})(?![a-z])")
        self._first = re.compile(f"(?:{_either(self._values)})(?![a-z])")
        self._leads = re.compile(r"by $|to $|(?:about|around|over|nearly|almost|than) $")

    def find(self, text: str) -> Iterator[Numeral]:
        """Yield the numbers of a folded text."""
        end = 0
        for word in self._first.finditer(text):
            start = word.start()
            if start < end or (start and text[start - 1] in _INSIDE):
                continue
            match = self._number.match(text, start)
            if match is None:
                continue
            end = match.end()
            if match["whole"]:
                yield Numeral(match.start(), match.end(), Decimal(self._sum(match["whole"])))
            elif self._is_share(text, match):
                part = Decimal(100 * self._values[match["above"]]) / self._below[match["below"]]
                yield Numeral(match.start(), match.end(), round(part, 2), unit=f"{UNIT}percent")

    def _is_share(self, text: str, match: "re.Match[str]") -> bool:
        """Say whether parts of a whole are meant, and no quarter of a year."""
        follows = _FOLLOWS.match(text, match.end()) is not None
        led = self._leads.search(text[max(0, match.start() - _TEN) : match.start()]) is not None
        return follows or led or self._values[match["above"]] > 1

    def _sum(self, words: str) -> int:
        total = section = 0
        for word in re.split(r"[^a-z]+", words):
            value = self._values.get(word, 0)
            if value == 1000:
                total, section = total + section * value, 0
            else:
                section = section * value if value == _PLACE else section + value
        return total + section


def _factors(concepts: Iterable[Concept]) -> dict[str, Decimal]:
    """Return the folded labels of concepts with their factors."""
    return {word: Decimal(c.value("factor") or 0) for word, c in Lexicon(concepts).words.items()}


def _either(words: Iterable[str]) -> str:
    """Return a pattern for one of some words, the longest first; one that never matches for none."""
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word)))) or "(?!)"
