"""A grammar of quantities over folded text: digits and numerals, multipliers, ranges, comparators, units.

It knows no word of any language: multipliers, numerals, comparators, marks of a range and units are labels of the
ontology. Offsets are those of the folded text; :meth:`kg.reading.folding.Folded.span` leads back to the original.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from kg.comparators import Comparators
from kg.lexicon import Lexicon, runs_on
from kg.numerals import Numeral, Numerals
from kg.units import CODE, UNIT, Measure, Units, is_money, units
from kg.vocabulary import Vocabulary

_DIGITS = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+(?!\d)|\d+)(?:\.\d+)?")
_SIGN = re.compile(r"[a-z0-9_.\-/:#]")  # before digits: part of a name (R5300, ISO 14064-3, v2.0), not a number
_RUNS_ON = re.compile(r"[a-z]|[/-][a-z0-9]")  # after digits: "5g", "4/5g"
_MOST_PERCENT = Decimal(1000)  # a share or change above 1000 % is debris of an infographic ("18 825.1%")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit.

    ``start``..``end`` covers comparators too, ``first``..``last`` the number and its unit only. ``low`` and ``high``
    are in the base scale of ``measure.unit`` (as written where there is none); ``high`` is None but for ranges.
    ``in_words`` says that the number is written in numerals, ``scaled`` that a multiplier stands after it; ``scale``
    is what the written number was multiplied by.
    """

    start: int
    end: int
    first: int
    last: int
    low: Decimal
    high: Decimal | None = None
    measure: Measure | None = None
    comparator: str = "="
    in_words: bool = False
    scaled: bool = False
    scale: Decimal = Decimal(1)

    @property
    def annual(self) -> bool:
        """Say whether the unit is "a year"."""
        return self.measure is not None and self.measure.annual

    def scaled_by(self, factor: Decimal) -> "Quantity":
        """Return the same quantity in another scale."""
        return replace(self, low=self.low * factor, high=None if self.high is None else self.high * factor)

    @property
    def value(self) -> "int | float | tuple[int | float, int | float]":
        """The number, or the two ends of a range; whole numbers are int."""
        return plain(self.low) if self.high is None else (plain(self.low), plain(self.high))


def plain(number: Decimal) -> int | float:
    """Return a decimal as int where it is whole, else as the nearest float.

    >>> plain(Decimal("774.8") * 10000), plain(Decimal("1.36"))
    (7748000, 1.36)
    """
    return int(number) if number == number.to_integral_value() else float(number)


@dataclass(frozen=True, slots=True)
class _Number:
    """A number before its unit is known."""

    start: int
    end: int
    value: Decimal
    comparator: str | None = None
    in_words: bool = False
    scaled: bool = False
    scale: Decimal = Decimal(1)


class Grammar:
    """The words of quantities, gathered from a vocabulary once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather numerals, multipliers, comparators and marks of a range."""
        self.units: Units = units(vocabulary)
        self._comparators = Comparators(vocabulary)
        self._ranges = Lexicon(vocabulary.of_type("RangeMark"))
        self._from = Lexicon([vocabulary.concept(f"{CODE}cue-from")])
        self._multipliers = Lexicon(vocabulary.of_type("Multiplier"))
        self._and = Lexicon([vocabulary.concept(f"{CODE}cue-and")])
        self._of = Lexicon([vocabulary.concept(f"{CODE}cue-of")])
        self._ordinal = Lexicon([vocabulary.concept(f"{CODE}cue-ordinal")])
        self._in_a_row = Lexicon([vocabulary.concept(f"{CODE}cue-duration")])
        self._names = Lexicon([vocabulary.concept(f"{CODE}cue-name")])
        self._unfit = Lexicon([vocabulary.concept(f"{CODE}cue-not-a-fact")])
        self._numerals = Numerals(vocabulary)
        self._short = Lexicon([vocabulary.concept(f"{CODE}cue-money-{name}") for name in ("thousand", "million")])
        self._half = Lexicon([vocabulary.concept(f"{CODE}cue-half")])
        self._percent = self.units.simple(vocabulary.concept(f"{UNIT}percent"), 0, 0)

    def find(self, text: str) -> list[Quantity]:
        """Return the quantities of a folded text in order, none overlapping.

        Numbers without a unit are among them: whether they mean something is for the reader of the sentence.
        """
        found: list[Quantity] = []
        digits = [_Number(m.start(), m.end(), _decimal(m)) for m in _DIGITS.finditer(text)]
        heads: list[_Number | Numeral] = [*digits, *self._numerals.find(text)]
        last = 0
        for head in sorted(heads, key=lambda number: number.start):
            if head.start < last:
                continue
            quantity = self._read(text, head)
            if quantity and quantity.first >= last:
                found.append(quantity)
                last = quantity.last
        return self._shared_units(text, found)

    def _shared_units(self, text: str, found: list[Quantity]) -> list[Quantity]:
        """Give the numbers of a list the unit that only its last one carries ("1.2, 1.3 and 1.4 million tonnes")."""
        for i in range(len(found) - 2, -1, -1):
            one, other = found[i], found[i + 1]
            between = text[one.end : other.start].strip()
            counted = other.measure is not None and other.measure.counts
            word = self._and.at(between, 0) or (self._of.at(between, 0) if counted else None)
            bare = one.measure is None and not one.scaled and other.measure is not None and not other.in_words
            if bare and word and word.end == len(between):
                found[i] = replace(one.scaled_by(other.scale), measure=other.measure, scale=other.scale)
        return found

    def _read(self, text: str, found: _Number | Numeral) -> Quantity | None:
        number = self._number(text, found)
        if number is None or self._is_name(text, number):
            return None
        second = self._second(text, number)
        head = second or number
        measure = self._measure(text, number, head)
        if isinstance(found, Numeral) and found.is_share:
            measure = replace(self._percent, start=head.end, end=head.end)
        if self._unreadable(text, number, head, measure):
            return None
        number, end = self._and_a_half(text, number, measure)
        last = max(head.end, end, self._named_twice(text, head, measure))
        first = min(number.start, measure.start if measure else number.start)
        quantity = Quantity(first, last, first, last, number.value, second.value if second else None, measure)
        scale = head.scale * (measure.factor if measure else 1)
        quantity = replace(quantity, in_words=number.in_words, scaled=head.scaled, scale=scale)
        return self._compared(text, _to_base(quantity), head.comparator or number.comparator)

    # --- the number

    def _number(self, text: str, found: _Number | Numeral) -> _Number | None:
        before = self.units.before(text, found.start)
        if isinstance(found, _Number):
            return self._scaled(text, self._shortened(text, found) if before and is_money(before) else found)
        start = found.start - (text[found.start - 1 : found.start] == " ")
        if self._ordinal.before(text, start):
            return None
        if found.is_place and not (self._comparators.before(text, start) or before):
            return None  # "ten thousand cubic metres" without a number before it is half of a broken figure
        number = _Number(found.start, found.end, found.value, None, True, found.value >= 10000)
        return self._scaled(text, number) if text[found.start].isascii() else self._more_than(text, number)

    def _shortened(self, text: str, number: _Number) -> _Number:
        """Read the "m" of an amount of money: "38m" after the sign of a currency."""
        word = self._short.at(text, number.end)
        by = Decimal(word.concept.value("factor") or 1) if word else Decimal(1)
        return replace(number, end=word.end, value=number.value * by, scaled=True, scale=by) if word else number

    def _and_a_half(self, text: str, number: _Number, measure: Measure | None) -> tuple[_Number, int]:
        """Read "and a half", or another digit, after the word for a tenth; return where both end."""
        end = measure.end if measure else 0
        if measure is None or measure.written.iri != f"{UNIT}tenth":
            return number, end
        half, digit = self._half.at(text, end), self._numerals.digit(text, end)
        if half is None and digit is None:
            return number, end
        more = Decimal("0.5") if half else Decimal(digit or 0) / 10
        return replace(number, value=number.value + more), half.end if half else end + 1

    def _named_twice(self, text: str, head: _Number, measure: Measure | None) -> int:
        """Return where the second name of a currency ends, of an amount that stands between two of them."""
        after = self.units.at(text, head.end) if measure and is_money(measure) else None
        return after.end if after and is_money(after) else 0

    def _scaled(self, text: str, number: _Number) -> _Number:
        """Take in multipliers and a word such as "and more" between a number and its unit."""
        number = self._more_than(text, number)
        while True:
            position = number.end + (text[number.end : number.end + 1] == " ")
            word = self._multipliers.at(text, position)
            unit = self.units.at(text, number.end)
            if word is None or (unit and unit.end > word.end and unit.start == word.start):
                return self._more_than(text, number)
            by = Decimal(word.concept.value("factor") or 1)
            number = replace(number, end=word.end, value=number.value * by, scaled=True, scale=number.scale * by)

    def _more_than(self, text: str, number: _Number) -> _Number:
        """Take in a word such as "and more" or a plus sign after a number."""
        more = self._comparators.more(text, number.end)
        return replace(number, end=more.end, comparator=more.concept.notation) if more else number

    def _second(self, text: str, number: _Number) -> _Number | None:
        """Return the second number of a range whose first it is."""
        measure = self.units.at(text, number.end)
        position = measure.end if measure else number.end
        position += text[position : position + 1] == " "
        mark = self._ranges.at(text, position)
        if mark is None or (text[mark.start].isalpha() and self._opened(text, number.start)):
            return None
        match = _DIGITS.match(text, mark.end + (text[mark.end : mark.end + 1] == " "))
        second = self._scaled(text, _Number(match.start(), match.end(), _decimal(match))) if match else None
        if second is None or runs_on(text, second.end):
            return None
        other = self.units.at(text, second.end) if measure else None
        if measure and (other is None or other.unit.iri != measure.unit.iri):
            return None
        return second if number.value < second.value else None

    def _opened(self, text: str, position: int) -> bool:
        """Say whether a word such as "from" stands before a position: two values then, no range."""
        before = self._comparators.before(text, position)
        end = before.start if before else position
        return self._from.before(text, end - (text[end - 1 : end] == " ")) is not None

    # --- what makes a number no quantity

    def _is_name(self, text: str, number: _Number) -> bool:
        """Say whether digits belong to a name, an ordinal or a standard's number."""
        before = text[max(0, number.start - 1) : number.start]
        if before == "-" and not text[max(0, number.start - 2) : number.start - 1].isalnum():
            return False  # a minus
        if before and not number.in_words and _SIGN.match(before) and not self.units.before(text, number.start):
            return True
        start = number.start - (before == " ")
        if self._in_a_row.before(text, start):
            return False
        return (self._ordinal.before(text, start) or self._names.before(text, start)) is not None

    def _unreadable(self, text: str, number: _Number, head: _Number, measure: Measure | None) -> bool:
        """Say whether what stands around a number makes it no quantity."""
        position = head.end + (text[head.end : head.end + 1] == " ")
        unfit = self._unfit.at(text, position)
        if unfit and (measure is None or measure.start == position) and unfit.end >= (measure.end if measure else 0):
            return True
        if measure is None:
            return (number.in_words and not number.scaled) or _RUNS_ON.match(text, head.end) is not None
        return measure.code == "percent" and (
            head.value * measure.factor > _MOST_PERCENT or self._debris(text, measure)
        )

    def _debris(self, text: str, measure: Measure) -> bool:
        """Say whether a multiplier and a unit follow a percent sign: columns of an infographic that ran together."""
        counted = self.units.at(text, measure.end)
        start = counted.end if counted and counted.counts else measure.end
        scale = self._multipliers.at(text, start)
        return scale is not None and self.units.at(text, scale.end) is not None

    # --- unit and comparators

    def _measure(self, text: str, number: _Number, head: _Number) -> Measure | None:
        after = self.units.at(text, head.end)
        before = self.units.before(text, number.start)
        twice = before and after and is_money(before) and is_money(after)
        if before and (after is None or after.counts or before.code == "percent" or twice):
            return before
        return after

    def _compared(self, text: str, quantity: Quantity, inner: str | None) -> Quantity:
        """Read the comparators on both sides of a quantity."""
        start, end, sign = self._comparators.around(text, quantity.first, quantity.last, inner)
        return replace(quantity, start=start, end=end or quantity.end, comparator=sign)


def _decimal(match: "re.Match[str]") -> Decimal:
    return Decimal(match.group().replace(",", "").replace(" ", ""))


def _to_base(quantity: Quantity) -> Quantity:
    """Bring a number into the base scale of its unit."""
    return quantity.scaled_by(quantity.measure.factor) if quantity.measure else quantity


@lru_cache(maxsize=4)
def grammar(vocabulary: Vocabulary) -> Grammar:
    """Return the grammar of a vocabulary, gathered once."""
    return Grammar(vocabulary)
