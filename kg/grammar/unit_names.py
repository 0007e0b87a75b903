"""Names of units where they stand alone: in a table's column of units, in brackets behind a name, above a table."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from kg.lexicon import Lexicon
from kg.reading.folding import compact
from kg.units import CODE, UNIT, Measure, Units, is_money, units
from kg.vocabulary import Vocabulary, gathered

_BRACKETED = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_BRACKET = 40  # folded characters of a unit in brackets before a number
_BEFORE_ALONE = (")", ":", " ")
_LAST_BRACKET = re.compile(r"\(([^()]{1,30})\) ?:? ?\Z")
_FOLLOWED = re.compile(r" ?\d| +-?\d")
_REMAINDER = 3  # folded characters after a unit that may be more words of it
_WORDS = 24  # of a composite unit ("per million yuan of revenue")
_AMOUNT = re.compile(r"(?<![\"'\d])\d")  # "5 tonnes" above a table is an amount, "HK$'000" a unit
_WORDED = re.compile(r"[^\d]*")
_ENDS = re.compile(r"[)\]\n;,\u3002]")
_FRAME = " *:."


class UnitNames:
    """The words beside units that stand alone, gathered from a vocabulary once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather them."""
        self._units: Units = units(vocabulary)
        self._unit = Lexicon([vocabulary.concept(f"{CODE}cue-unit-column")])
        self._lead = Lexicon([vocabulary.concept(f"{CODE}cue-in-unit")])
        self._short = Lexicon(
            vocabulary.concept(f"{CODE}cue-money-{name}") for name in ("thousand", "million", "billion")
        )

    def read(self, written: str) -> Measure | None:
        """Return the unit that a text names and names nothing else, as in a column of units ("HK$ million")."""
        text = compact(written).text.strip(_FRAME)
        for stretch in _stretches(text):
            measure = self._whole(stretch.strip(_FRAME))
            if measure:
                return self._in_capitals(measure, stretch.strip(_FRAME), written)
        return None

    def divided(self, written: str, name: str) -> Measure | None:
        """Return the unit of a name that says what it is divided by: "emissions per subscriber" in kilograms."""
        text, measure = compact(name).text, self.read(written)
        each = self._units.each(text, 0, len(text)) if measure else None
        return self._units.over(measure, text, each) if measure and each else None

    def in_brackets(self, text: str, start: int, end: int) -> Measure | None:
        """Read the unit in brackets before a number that stands alone behind it: "energy use (GWh): 12.5"."""
        opens = max(0, start - _BRACKET)
        match = _LAST_BRACKET.search(text, opens, start) if text[start - 1 : start] in _BEFORE_ALONE else None
        unit = self.read(match[1]) if match and not _FOLLOWED.match(text, end) else None
        if match is None or unit is None or (unit.counts and match[1].isascii()) or unit.written.value("capitals"):
            return None
        return replace(unit, start=match.start(1), end=match.end(1))

    def below(self, written: str) -> Measure | None:
        """Return the unit that a text gives to the table below it ("Unit: tonnes")."""
        text = compact(written).text
        for position in range(len(text)):
            word = self._unit.at(text, position)
            if word and text[word.end : word.end + 1] == ":":
                return self.read(_ENDS.split(text[word.end + 1 :].lstrip(), maxsplit=1)[0])
        return self._alone(text.strip(_FRAME + "()"))

    def _alone(self, text: str) -> Measure | None:
        """Read a line that is nothing but a unit ("HK$'000"); an amount, or a noun of one letter more, is none."""
        lead = self._lead.at(text, 0)
        text = text[lead.end :].lstrip() if lead else text
        named = bool(text) and len(text) <= _WORDS and not _AMOUNT.search(text)
        measure = self._whole(text) if named else None
        return measure if measure and measure.end == len(text) and not measure.counts else None

    def _whole(self, text: str) -> Measure | None:
        sign = self._units.currency(text, 0)
        amount, end = self._units.amount(text, sign.end if sign else 0)
        if amount > 1 and not sign and not text[end:].strip(_FRAME) and not _AMOUNT.search(text):
            return self._units.things(end, amount)  # "subscribers (thousands)"
        measure = self._of_money(text, sign, amount, end) if sign else self._units.at(text, end)
        if measure is None or measure.written.iri == f"{UNIT}year" or not self._ends(text[measure.end :], measure):
            return None  # "2023" with the word for "year" is a date
        return measure if sign else replace(measure, factor=measure.factor * amount)

    def _of_money(self, text: str, sign: Measure, amount: Decimal, end: int) -> Measure:
        """Read what follows a currency: "million", "'000", "bn", "m", a second word for money."""
        word = self._short.at(text, end)
        if word:
            amount, end = amount * Decimal(word.concept.value("factor") or 1), word.end
        again = self._units.at(text, end)
        if again and is_money(again):
            return replace(sign, end=again.end, factor=amount * again.factor)
        return replace(sign, end=end, factor=amount)

    def _ends(self, rest: str, measure: Measure) -> bool:
        """Say whether what follows a unit is nothing of its own."""
        rest = rest.strip(_FRAME)
        again = self._units.at(rest, 0)
        divided = measure.written.is_a("CompositeUnit") and len(rest) <= _WORDS and _WORDED.fullmatch(rest)
        if measure.counts and rest[:1].isalpha() and not rest.isascii():
            return False  # "category one" begins with the word that counts categories
        return len(rest) <= _REMAINDER or bool(divided) or (again is not None and again.unit is measure.unit)

    def _in_capitals(self, measure: Measure, folded: str, written: str) -> Measure:
        """Tell "MT" from "Mt" where the letters stand in the text as they were folded."""
        letters = folded[measure.start : measure.end]
        place = written.lower().find(letters)
        other = self._units.in_capitals(measure, written[place : place + len(letters)]) if place >= 0 else measure
        scale = measure.factor / self._units.simple(measure.written, 0, 0).factor
        return replace(other, factor=other.factor * scale) if other is not measure else measure


def _stretches(text: str) -> Iterator[str]:
    """Yield what may name the unit: the text, the text without its brackets, what is in them."""
    yield text
    inside = _BRACKETED.findall(text)
    if inside:
        yield _BRACKETED.sub("", text)
        yield from inside


@gathered
def unit_names(vocabulary: Vocabulary) -> UnitNames:
    """Return the names of units of a vocabulary, gathered once."""
    return UnitNames(vocabulary)
