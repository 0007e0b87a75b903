"""Catch-all metrics: a number that no metric fits keeps the text's own words for what it is of."""

from functools import lru_cache

from kg.extraction.candidates import candidates
from kg.extraction.changes import Change
from kg.extraction.context import Context
from kg.extraction.related import Choice
from kg.lexicon import runs_on
from kg.units import kinds
from kg.vocabulary import Vocabulary

_CERTAINTY = 0.7
_TEXT = 24  # folded characters: the longest stretch that serves as a number's own words
_EDGE = ' *,;:.()"\u3001\u3002'
_BY_CODE = {
    "count": "count", "kWh": "energy", "tce": "coal", "t": "mass", "tCO2e": "emissions", "CNY": "money", "USD": "money",
    "ratio": "ratio", "W": "power", "kWp": "power", "m3": "volume", "m2": "area", "C": "temperature", "dB": "sound",
    "year": "duration", "hour": "hours",
}  # fmt: skip
_QK = "http://qudt.org/vocab/quantitykind/"
_BY_KIND = {
    f"{_QK}Currency": "money", f"{_QK}Length": "length", f"{_QK}Time": "duration", f"{_QK}Energy": "energy",
    f"{_QK}InformationContent": "data", f"{_QK}Area": "area", f"{_QK}Volume": "volume", f"{_QK}Power": "power",
}  # fmt: skip


class CatchAll:
    """The catch-all metrics of a vocabulary by the unit that they catch."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather them."""
        self._where = candidates(vocabulary)
        self._metrics = {c.iri.rsplit("other-", 1)[-1]: c for c in vocabulary.of_type("CatchAllMetric")}

    def choose(self, context: Context, change: Change | None) -> Choice | None:
        """Return a catch-all metric and the number's own words, None for a bare number or a figure of speech."""
        measure = context.quantity.measure
        if measure is None or (measure.is_times and change is None and not self._where.preceded(context)):
            return None
        kind = next(iter(sorted(kinds(measure.unit))), "")
        name = _BY_CODE.get(measure.code) or _BY_KIND.get(kind, "intensity")
        if measure.code == "percent":
            name = "change" if change else "share"
        start, end = self._own_words(context)
        words = context.words((start, end))
        start, end = start + len(words) - len(words.lstrip(_EDGE)), end - len(words) + len(words.rstrip(_EDGE))
        return Choice(
            self._metrics[name], context.segment.place(start, end) if start < end else None, False, _CERTAINTY
        )

    def _own_words(self, context: Context) -> tuple[int, int]:
        """Return the stretch beside a number that says what it is of."""
        before, after = context.before, context.after
        counted = context.quantity.measure is not None and context.quantity.measure.counts
        ahead = (counted and not self._where.ends_here(context)) or self._where.leads(context)
        if ahead or not context.words(before).strip():
            return after[0], min(after[1], _word_edge(context, after[0] + _TEXT, 1))
        return max(before[0], _word_edge(context, before[1] - _TEXT, -1)), before[1]


def _word_edge(context: Context, position: int, step: int) -> int:
    """Move a position out of a Latin word."""
    while runs_on(context.segment.text, position):
        position += step
    return position


@lru_cache(maxsize=4)
def catch_all(vocabulary: Vocabulary) -> CatchAll:
    """Return the catch-all metrics of a vocabulary, gathered once."""
    return CatchAll(vocabulary)
