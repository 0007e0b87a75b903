"""Odds: "nine in ten employees" is a share, and the second number of "three in four" no quantity of its own."""

import re
from decimal import Decimal

from kg.grammar.digits import Number
from kg.grammar.numerals import Numeral
from kg.lexicon import Lexicon
from kg.units import CODE, Units
from kg.vocabulary import Vocabulary

_BETWEEN, _MOST = 14, 100  # folded characters between the numbers of "three in four", and the larger of them
_WHOLES = frozenset(map(Decimal, (*range(2, 11), 20, 100)))  # what people count parts in
_THINGS = re.compile(r" [a-z]{3}")


class Odds:
    """The words between two such numbers, gathered from a vocabulary once."""

    def __init__(self, vocabulary: Vocabulary, units: Units) -> None:
        """Gather them."""
        self._units = units
        self._words = Lexicon([vocabulary.concept(f"{CODE}cue-odds")])

    def follow(self, text: str, before: int, number: Number | Numeral) -> bool:
        """Say whether a number is the second of "three in four", whose first ends at ``before``."""
        between = text[before : number.start]
        if not 0 < before < number.start <= before + _BETWEEN or number.value > _MOST:
            return False
        word = self._words.at(between.strip(), 0)
        return word is not None and between[0] == " " and word.end == len(between.strip())

    def share(self, text: str, part: Number | Numeral, whole: Number | Numeral) -> Decimal | None:
        """Return how many per cent "nine in ten employees" are; "14 in 20 days" are none."""
        unit = self._units.at(text, whole.end)
        counted = (unit is None or unit.counts) and _THINGS.match(text, whole.end) is not None
        if not counted or whole.value not in _WHOLES or not 0 < part.value < whole.value:
            return None
        return round(100 * Decimal(part.value) / Decimal(whole.value), 2)
