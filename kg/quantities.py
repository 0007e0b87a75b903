"""A grammar of quantities over folded text: digits and numerals, multipliers, ranges, comparators, units.

It knows no word of any language: multipliers, numerals, comparators, marks of a range and units are labels of the
ontology. Offsets are those of the folded text; :meth:`kg.reading.folding.Folded.span` leads back to the original.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from kg.grammar.comparators import Comparators
from kg.grammar.degrees import Degrees
from kg.grammar.digits import Number, digits, digits_at
from kg.grammar.misfits import Misfits
from kg.grammar.numerals import Numeral, Numerals
from kg.grammar.odds import Odds
from kg.grammar.ranges import Ranges
from kg.grammar.unit_names import unit_names
from kg.lexicon import Lexicon, Word, blank
from kg.units import CODE, UNIT, Measure, Units, is_money, units
from kg.vocabulary import Vocabulary, gathered

_ONE = Decimal(1)
_BLANKS = (" ", "\n")
_TWO_SCALES = (f"{CODE}ten-to-4", f"{CODE}ten-to-8")  # after these a number goes on with what is left of it
_ALIKE = 10  # "from 120 to 98 million": the first has the second's multiplier where they differ by less than this


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


class Grammar:
    """The words of quantities, gathered from a vocabulary once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather numerals, multipliers, comparators and marks of a range."""
        self.units: Units = units(vocabulary)
        self._vocabulary = vocabulary
        self._comparators = Comparators(vocabulary)
        self._multipliers = Lexicon(vocabulary.of_type("Multiplier"))
        self._and = Lexicon([vocabulary.concept(f"{CODE}cue-and")])
        self._of = Lexicon([vocabulary.concept(f"{CODE}cue-of")])
        self._short = Lexicon(
            vocabulary.concept(f"{CODE}cue-money-{name}") for name in ("thousand", "million", "billion")
        )
        self._coal = Lexicon([vocabulary.concept(f"{CODE}cue-standard-coal")])
        self._half = Lexicon([vocabulary.concept(f"{CODE}cue-half")])
        self._numerals = Numerals(vocabulary)
        self._misfits = Misfits(vocabulary, self.units, self._multipliers, self._comparators)
        self._ranges = Ranges(vocabulary, self.units, self._comparators, self._numerals, self._scaled)
        self._degrees = Degrees(vocabulary, self.units)
        self._names = unit_names(vocabulary)
        self._parts = Odds(vocabulary, self.units)

    def find(self, text: str) -> list[Quantity]:
        """Return the quantities of a folded text in order, none overlapping.

        Numbers without a unit are among them: whether they mean something is for the reader of the sentence.
        """
        found: list[Quantity] = []
        heads: list[Number | Numeral] = [*digits(text), *self._numerals.find(text)]
        last = 0
        before: Number | Numeral | None = None
        for head in sorted(heads, key=lambda number: number.start):
            if head.start < last:
                continue
            if before and self._parts.follow(text, before.end, head):
                odds = self._odds(text, before, head)
                if odds and not (found and found[-1].last > before.start and found[-1].measure):
                    found = [*(one for one in found if one.first != before.start), odds]
                continue
            before = head
            quantity = self._read(text, head, found[-1] if found else None)
            if quantity and quantity.first >= last:
                found.append(quantity)
                last = quantity.last
        return self._shared_units(text, found)

    def _odds(self, text: str, part: Number | Numeral, whole: Number | Numeral) -> Quantity | None:
        share = self._parts.share(text, part, whole)
        if share is None:
            return None
        measure = self.units.simple(self._vocabulary.concept(f"{UNIT}percent"), whole.end, whole.end)
        start, _, sign = self._comparators.around(text, part.start, whole.end, None)
        return Quantity(start, whole.end, part.start, whole.end, share, None, measure, sign, in_words=True)

    def _shared_units(self, text: str, found: list[Quantity]) -> list[Quantity]:
        """Give the numbers of a list the unit that only its last one carries ("1.2, 1.3 and 1.4 million tonnes")."""
        for i in range(len(found) - 2, -1, -1):
            one, other = found[i], found[i + 1]
            if one.measure or one.scaled or one.high is not None or other.measure is None or other.in_words:
                continue
            if self._goes_on(text, one, other, found[i + 2] if i + 2 < len(found) else None):
                found[i] = replace(one.scaled_by(other.scale), measure=other.measure, scale=other.scale)
        return found

    def _goes_on(self, text: str, one: Quantity, other: Quantity, third: Quantity | None) -> bool:
        """Say whether two numbers stand in one list, or one leads to the other ("from 3.2 to 2.8 tonnes")."""
        between = text[one.end : other.start].strip()
        if between == ",":
            return third is not None and other.measure is third.measure
        counted = other.measure is not None and other.measure.counts
        word = self._and.at(between, 0) or (self._of.at(between, 0) if counted else None)
        if word and word.end == len(between):
            return True
        alike = other.low and Decimal(1) / _ALIKE < abs(one.low * other.scale / other.low) < _ALIKE
        return bool(alike) and self._ranges.leads_on(text, one.start, between)

    def _read(self, text: str, found: Number | Numeral, previous: Quantity | None) -> Quantity | None:
        before = self.units.before(text, found.start)
        number = self._number(text, found, before)
        after_unit = previous.last if previous and previous.measure else None
        if number is None or self._misfits.is_name(text, number, before, after_unit):
            return None
        if isinstance(found, Numeral) and found.unit:
            return self._whole(text, found)
        after = self.units.at(text, number.end)
        second = self._ranges.second(text, number, before, after)
        head = second or number
        measure = _chosen(before, self.units.at(text, head.end) if second else after)
        if measure is None and not (head.scaled or number.in_words):
            measure = self._names.in_brackets(text, number.start, head.end)
        if measure and measure.written.iri == f"{UNIT}degree" and measure.start >= head.end and not head.scaled:
            measure = self._degrees.read(text, number.start, measure)
            if measure is None:
                return None
        if self._misfits.unreadable(text, number, head, measure):
            return None
        own = self._ranges.factor(number, second, after, measure.factor if measure else _ONE)
        return self._written(text, number, second, measure, own)

    def _whole(self, text: str, found: Numeral) -> Quantity:
        """Return words that are a number with its unit ("two thirds", "doubled")."""
        measure = self.units.simple(self._vocabulary.concept(found.unit or ""), found.end, found.end)
        start, end, sign = self._comparators.around(text, found.start, found.end, found.comparator)
        end = end or found.end
        return Quantity(start, end, found.start, found.end, found.value, None, measure, sign, in_words=True)

    def _written(
        self, text: str, number: Number, second: Number | None, measure: Measure | None, own: Decimal
    ) -> Quantity:
        """Put a number, its unit, its sign and the comparators beside it together; ``own`` is its own factor."""
        head = second or number
        first, last, factor = number.start, head.end, _ONE
        if measure:
            number, end = self._and_a_half(text, number, measure)
            last, factor = max(last, end, self._named_twice(text, head, measure)), measure.factor
        first, negative = self._sign(text, number, measure)
        first = min(first, measure.start) if measure and ")" not in text[measure.start : first] else first
        low = (-number.value if negative else number.value) * own
        high = second.value * factor if second else None
        start, end_of, sign = self._comparators.around(text, first, last, head.comparator or number.comparator)
        if measure and measure.code == "t" and self._coal.before(text, blank(text, start)):
            measure = replace(measure, unit=self._vocabulary.concept(f"{UNIT}tce"))  # "standard coal: 5,400 tonnes"
        scale = head.scale * factor
        words, scaled = number.in_words, head.scaled
        return Quantity(start, end_of or last, first, last, low, high, measure, sign, words, scaled, scale)

    # --- the number

    def _number(self, text: str, found: Number | Numeral, before: Measure | None) -> Number | None:
        if isinstance(found, Number):
            return self._scaled(text, self._shortened(text, found, before is not None and is_money(before)))
        start = blank(text, found.start)
        if self._misfits.is_ordinal(text, start):
            return None
        whole = before is not None and before.code == "percent"  # a hundred per cent, in Chinese order
        more = self._comparators.before(text, start) or self._comparators.more(text, found.end)
        if found.is_place and not whole and not more:
            return None  # without a number before it a place names a unit ("RMB million") or is half of a broken figure
        number = Number(found.start, found.end, found.value, found.comparator, True, found.value >= 10000)
        return self._scaled(text, number)

    def _shortened(self, text: str, number: Number, is_amount: bool) -> Number:
        """Read the "m" of an amount of money, and of one whose unit follows: "38m" after a dollar, "12.5k tonnes"."""
        word = self._short.at(text, number.end + (is_amount and text[number.end : number.end + 1] == " "))
        if word is None or text[word.end : word.end + 1].isdigit():
            return number
        unit = None if is_amount else self.units.named(text, word.end)
        small = word.concept.iri.endswith("thousand")
        people = unit is not None and unit.value("people") == "true"
        many = not small and (people or self.units.counts(text, word.end))
        if not (is_amount or many or (unit and (small or not unit.is_a("Classifier")))):
            return number
        by = Decimal(word.concept.value("factor") or 1)
        return number._replace(end=word.end, value=number.value * by, scaled=True, scale=by)

    def _sign(self, text: str, number: Number, measure: Measure | None) -> tuple[int, bool]:
        """Return where a number with its minus starts, and whether it has one."""
        if measure and measure.code == "C":
            start = self._degrees.below_zero(text, number.start)
            if start is not None:
                return start, True
        if self._misfits.has_minus(text, number.start) and not (measure and measure.counts):
            return number.start - 1, True
        return number.start, False

    def _and_a_half(self, text: str, number: Number, measure: Measure) -> tuple[Number, int]:
        """Read "and a half", or another digit, after the word for a tenth; return where both end."""
        end = measure.end
        if measure.written.iri != f"{UNIT}tenth":
            return number, end
        half, digit = self._half.at(text, end), self._numerals.digit(text, end)
        if half is None and digit is None:
            return number, end
        more = Decimal("0.5") if half else Decimal(digit or 0) / 10
        return number._replace(value=number.value + more), half.end if half else end + 1

    def _named_twice(self, text: str, head: Number, measure: Measure) -> int:
        """Return where the second name of a currency ends, of an amount that stands between two of them."""
        after = self.units.at(text, head.end) if measure.start < head.start and is_money(measure) else None
        return after.end if after and is_money(after) else 0

    def _scaled(self, text: str, number: Number) -> Number:
        """Take in multipliers and a word such as "and more" between a number and its unit."""
        number = self._more_than(text, number)
        while True:
            word = self.units.multiplier(text, number.end + (text[number.end : number.end + 1] == " "))
            if word is None or self._misfits.length(text, word.start) > word.end - word.start:
                return self._more_than(text, number)
            by = Decimal(word.concept.value("factor") or 1)
            rest = self._rest(text, word, by)
            value, end = number.value * by + (rest.value if rest else 0), rest.end if rest else word.end
            number = number._replace(end=end, value=value, scaled=True, scale=number.scale * by)

    def _rest(self, text: str, word: Word, by: Decimal) -> Number | None:
        """Read the second part of a number in two scales: "418 wan 6,300 kWh" is 4,186,300."""
        if word.concept.iri not in _TWO_SCALES or text[word.start].isascii():
            return None
        digits = digits_at(text, word.end + (text[word.end : word.end + 1] in _BLANKS))
        rest = self._scaled(text, digits) if digits else None
        return rest if rest and rest.value < by and self.units.at(text, rest.end) else None

    def _more_than(self, text: str, number: Number) -> Number:
        """Take in a word such as "and more" or a plus sign after a number."""
        more = self._comparators.more(text, number.end)
        return number._replace(end=more.end, comparator=more.concept.notation) if more else number


def _chosen(before: Measure | None, after: Measure | None) -> Measure | None:
    """Return the unit of a number that has one before it, or after it, or both."""
    if before is None or after is None:
        return before or after
    twice = is_money(before) and is_money(after)
    return before if after.counts or before.code == "percent" or twice else after


@gathered
def grammar(vocabulary: Vocabulary) -> Grammar:
    """Return the grammar of a vocabulary, gathered once."""
    return Grammar(vocabulary)
