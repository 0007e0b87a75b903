"""Ranges: the second number of "10 to 20", and what its multiplier and unit make of the first."""

from collections.abc import Callable
from decimal import Decimal

from kg.grammar.comparators import Comparators
from kg.grammar.digits import Number, digits_at
from kg.grammar.numerals import Numerals
from kg.lexicon import Lexicon, Word, blank, runs_on
from kg.units import CODE, Measure, Units
from kg.vocabulary import Vocabulary

_STEP = 5  # the ends of a range that something fell by differ by less than this factor


class Ranges:
    """The marks of ranges, gathered from a vocabulary once."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        units: Units,
        comparators: Comparators,
        numerals: Numerals,
        scaled: Callable[[str, Number], Number],
    ) -> None:
        """Gather them; ``scaled`` takes in the multipliers after a number."""

        def cue(name: str) -> Lexicon:
            return Lexicon([vocabulary.concept(f"{CODE}cue-{name}")])

        self._units, self._comparators, self._numerals, self._scaled = units, comparators, numerals, scaled
        self._marks = Lexicon(vocabulary.of_type("RangeMark"))
        self._from, self._and = cue("from"), cue("and")
        self._steps = Lexicon(c for c in vocabulary.of_type("Direction") if c.notation in ("up", "down"))
        self._reach = Lexicon([vocabulary.concept(f"{CODE}reach")])
        self._between, self._range_from = cue("between"), cue("range-from")

    def second(self, text: str, number: Number, before: Measure | None, measure: Measure | None) -> Number | None:
        """Return the second number of a range whose first it is, given the units on both sides of the first."""
        position = measure.end if measure else number.end
        mark = self._mark(text, number.start, position + (text[position : position + 1] == " "))
        if mark is None:
            return None
        second = self._number(text, number, before, mark.end + (text[mark.end : mark.end + 1] == " "))
        if second is None or runs_on(text, second.end):
            return None
        other = self._units.at(text, second.end) if measure else None
        if measure and (other is None or other.unit.iri != measure.unit.iri):
            return None
        if measure and other:
            low, high = number.value * measure.factor, second.value * other.factor
            return second if low < high and not self._is_step(text, number, low, high) else None
        ascending = number.value < second.value or (number.value / number.scale) < (second.value / second.scale)
        return second if ascending else None

    def _is_step(self, text: str, number: Number, low: Decimal, high: Decimal) -> bool:
        """Say whether two numbers are a fall or rise and the level that it leads to: "fell by 1.6 to 294 grams"."""
        return high > _STEP * low and self._steps.before(text, blank(text, number.start)) is not None

    def leads_on(self, text: str, start: int, between: str) -> bool:
        """Say whether words between two numbers lead from the first, which starts at a place, to the second."""
        mark = self._marks.at(between, 0)
        if mark and mark.end == len(between) and between[0].isalpha():
            return True
        reach = self._reach.at(between, 0)
        return reach is not None and reach.end == len(between) and self._lead(text, start, self._from)

    @staticmethod
    def factor(number: Number, second: Number | None, own: Measure | None, factor: Decimal) -> Decimal:
        """Return what the first number is multiplied by: its own unit, else the unit and multiplier of the second."""
        if second is None:
            return factor
        if own:
            return own.factor
        shares = second.scaled and not number.scaled and number.value <= second.value / second.scale
        return factor * second.scale if shares else factor

    def _mark(self, text: str, start: int, position: int) -> Word | None:
        """Return the mark of a range at a position, for a first number that starts at ``start``."""
        mark = self._marks.at(text, position)
        if mark is None:
            led = self._lead(text, start, self._between)
            return self._and.at(text, position) if led else None
        opened = text[mark.start].isalpha() and self._lead(text, start, self._from)
        return None if opened and not self._lead(text, start, self._range_from) else mark

    def _lead(self, text: str, position: int, words: Lexicon) -> bool:
        """Say whether a word stands before a number, comparators, a minus and a currency left out."""
        position -= text[position - 1 : position] == "-"
        sign = self._units.before(text, position)
        position = sign.start if sign else position
        word = self._comparators.before(text, blank(text, position))
        position = word.start if word else position
        return words.before(text, blank(text, position)) is not None

    def _number(self, text: str, number: Number, before: Measure | None, position: int) -> Number | None:
        """Return the number at a position, behind the sign of a currency that both ends carry."""
        sign = self._units.currency(text, position) if before else None
        position = sign.end + (text[sign.end : sign.end + 1] == " ") if sign else position
        if number.in_words:
            found = next((n for n in self._numerals.find(text[position:]) if n.start == 0), None)
            if found is None or found.unit or found.comparator:
                return None
            return self._scaled(text, Number(position, position + found.end, found.value, None, True))
        second = digits_at(text, position)
        return self._scaled(text, second) if second else None
