"""Degrees: the word that says units of electricity, temperature or angles, and which of them it says in a sentence."""

import re
from enum import Enum

from kg.lexicon import Lexicon
from kg.units import CODE, UNIT, Measure, Units
from kg.vocabulary import Vocabulary

_CLAUSE = re.compile(r"[\u3002;!?\n]|,(?!\d{3})")
_REACH = 40  # folded characters before a number in which a word says what its degrees are of
_BEHIND = 8  # folded characters after it


class _Sense(Enum):
    ENERGY = "energy"
    TEMPERATURE = "temperature"
    ANGLE = "angle"


class Degrees:
    """The words beside degrees, gathered from a vocabulary once."""

    def __init__(self, vocabulary: Vocabulary, units: Units) -> None:
        """Gather them."""
        cues = {_Sense.ENERGY: "electricity", _Sense.TEMPERATURE: "temperature", _Sense.ANGLE: "angle"}
        self._senses = {
            word: sense
            for sense, name in cues.items()
            for word in Lexicon([vocabulary.concept(f"{CODE}cue-{name}")]).words
        }
        self._word = re.compile("|".join(map(re.escape, sorted(self._senses, key=len, reverse=True))))
        self._celsius = units.simple(vocabulary.concept(f"{UNIT}celsius"), 0, 0)
        self._below_zero = Lexicon([vocabulary.concept(f"{CODE}cue-below-zero")])

    def below_zero(self, text: str, position: int) -> int | None:
        """Return where words such as "below zero" start that end at a position."""
        word = self._below_zero.before(text, position - (text[position - 1 : position] == " "))
        return word.start if word else None

    def read(self, text: str, start: int, measure: Measure) -> Measure | None:
        """Return what degrees after a number that starts at a place are: as read, of temperature, None for an angle."""
        sense = self._sense(text, start, measure.end)
        if sense is _Sense.TEMPERATURE:
            return Measure(measure.start, measure.end, self._celsius.unit, self._celsius.factor, self._celsius.written)
        return None if sense is _Sense.ANGLE else measure

    def _sense(self, text: str, start: int, end: int) -> _Sense:
        """Return the sense that the nearest word in the clause gives, those right behind the number first."""
        clause = _CLAUSE.search(text, end, min(len(text), end + _BEHIND))
        behind = self._word.search(text, end, clause.start() if clause else min(len(text), end + _BEHIND))
        first = max(0, start - _REACH)
        first = max([first, *(m.end() for m in _CLAUSE.finditer(text, first, start))])
        words = self._word.findall(text, first, start)
        return self._either(self._senses[words[-1]] if words else None, self._senses[behind[0]] if behind else None)

    @staticmethod
    def _either(before: _Sense | None, behind: _Sense | None) -> _Sense:
        if behind in (_Sense.ANGLE, _Sense.TEMPERATURE) and before is not _Sense.ENERGY:
            return behind
        return before or behind or _Sense.ENERGY
