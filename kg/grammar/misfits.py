"""Misfits: numbers that are no quantities because they belong to a name, an ordinal, a standard or an infographic."""

import re
from decimal import Decimal

from kg.grammar.comparators import Comparators
from kg.grammar.digits import Number
from kg.lexicon import Lexicon, blank
from kg.units import CODE, UNIT, Measure, Units
from kg.vocabulary import Vocabulary

_SIGN = re.compile(r"[a-z0-9_.\-/:#]")  # before digits: part of a name (R5300, ISO 14064-3, v2.0), not a number
_RUNS_ON = re.compile(r"[a-z]|[/-][a-z0-9]")  # after digits: "5g", "4/5g"
_QUOTES = ("'", '"')
_OPENS = " \n\t(\"'[~<>=\u2264\u2265:,+|"  # a minus stands after one of these, or after a word that leads to a number
_LONGEST = 36  # characters of a number; what is longer is an identifier or debris
_MOST_PERCENT = Decimal(1000)  # a share or change above 1000 % is debris of an infographic ("18 825.1%")


class Misfits:
    """The words of names, gathered from a vocabulary once."""

    def __init__(self, vocabulary: Vocabulary, units: Units, multipliers: Lexicon, comparators: Comparators) -> None:
        """Gather them."""

        def cue(name: str) -> Lexicon:
            return Lexicon([vocabulary.concept(f"{CODE}cue-{name}")])

        self._units, self._multipliers, self._comparators = units, multipliers, comparators
        self._ordinal, self._in_a_row, self._names = cue("ordinal"), cue("duration"), cue("name")
        self._unfit, self._leads = cue("not-a-fact"), cue("minus-after")
        ratios = (c for c in vocabulary.of_type("Metric") if c.value("canonicalUnit") == f"{UNIT}ratio")
        self._ratios = Lexicon(ratios, keep=str.isascii)

    def is_ordinal(self, text: str, position: int) -> bool:
        """Say whether a word such as "number" in a row ends at a position."""
        return self._ordinal.before(text, position) is not None

    def has_minus(self, text: str, position: int) -> bool:
        """Say whether a minus stands before a position, and no hyphen or dash."""
        if text[position - 1 : position] != "-":
            return False
        before = text[max(0, position - 2) : position - 1]
        return before in _OPENS or self._leads.before(text, position - 1) is not None

    def is_name(self, text: str, number: Number, unit: Measure | None, after_unit: int | None) -> bool:
        """Say whether digits belong to a name, an ordinal or a standard's number.

        ``unit`` stands before it; ``after_unit`` is where the quantity before ends, from which a slash may part it
        ("10 MW/20 MWh").
        """
        before = text[max(0, number.start - 1) : number.start]
        if number.end - number.start > _LONGEST and not number.in_words:
            return True
        if before in _QUOTES and text.startswith("000", number.start):
            return True  # HK$'000
        if before == "-" and (not _latin(text[max(0, number.start - 2) : number.start - 1])):
            return False  # a minus or a dash
        named = before and not number.in_words and unit is None and _SIGN.match(before)
        if named and not self._stands_alone(text, number, after_unit):
            return True
        start = blank(text, number.start)
        if self._in_a_row.before(text, start):
            return False
        return (self._ordinal.before(text, start) or self._names.before(text, start)) is not None

    def _stands_alone(self, text: str, number: Number, after_unit: int | None) -> bool:
        """Say whether what stands right before digits ends there: a currency, another quantity, the name of a ratio."""
        slash = text[number.start - 1] == "/" and after_unit is not None and text[after_unit:].lstrip(" ")[:1] == "/"
        if slash and after_unit is not None and not text[after_unit : number.start].strip(" /"):
            return True
        if text[number.start - 1] == ":" and self._follows_a_name(text, number):
            return True
        known = self._ratios.before(text, number.start) or self._comparators.before(text, number.start)
        return known is not None

    def _follows_a_name(self, text: str, number: Number) -> bool:
        """Say whether a colon before digits ends a name ("energy use:12 GWh") and stands in no standard or time."""
        before = text[max(0, number.start - 2) : number.start - 1]
        return not before.isdigit() or self._units.at(text, number.end) is not None

    def length(self, text: str, position: int) -> int:
        """Return how long a word is that makes the number before a position no quantity."""
        word = self._unfit.at(text, position)
        return word.end - word.start if word else 0

    def unreadable(self, text: str, number: Number, head: Number, measure: Measure | None) -> bool:
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
        counted = self._units.at(text, measure.end)
        start = counted.end if counted and counted.counts else measure.end
        scale = self._multipliers.at(text, start)
        return scale is not None and self._units.at(text, scale.end) is not None


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
