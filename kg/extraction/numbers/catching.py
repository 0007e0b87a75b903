"""Catch-all metrics: a number that no metric fits keeps the text's own words for what it is of."""

from kg.extraction.numbers.candidates import candidates
from kg.extraction.numbers.changes import Change
from kg.extraction.numbers.context import Context
from kg.extraction.numbers.related import Choice
from kg.lexicon import Lexicon, runs_on
from kg.units import CODE, kinds
from kg.vocabulary import Vocabulary, gathered

_CERTAINTY = 0.7
_TEXT = 24  # folded characters: the longest stretch that serves as a number's own words
_EDGE = ' \n*,;:.()"-\u00b7\u2022\u3001\u3002\u3011'
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
        self._small = Lexicon([vocabulary.concept(f"{CODE}cue-{name}") for name in ("small-word", "linking", "from")])
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
        return Choice(
            self._metrics[name], context.segment.place(start, end) if start < end else None, False, _CERTAINTY
        )

    def _own_words(self, context: Context) -> tuple[int, int]:
        """Return the stretch beside a number that says what it is of."""
        measure = context.quantity.measure
        counted = measure is not None and measure.counts
        if counted and measure and context.words((measure.start, measure.end)).isascii():
            return measure.start, measure.end
        before, after = context.before, context.after
        behind = self._stripped(context, after[0], min(after[1], _word_edge(context, after[0] + _TEXT, 1)))
        ahead = self._stripped(context, max(before[0], _word_edge(context, before[1] - _TEXT, -1)), before[1])
        first = (counted and not self._where.ends_here(context)) or self._where.leads(context)
        farther = (max(context.sentence[0], context.left), before[0])
        farther = self._stripped(context, max(farther[0], _word_edge(context, farther[1] - _TEXT, -1)), farther[1])
        order = (behind, ahead, farther) if first else (ahead, behind, farther)
        return next((stretch for stretch in order if stretch[0] < stretch[1]), order[0])

    def _stripped(self, context: Context, start: int, end: int) -> tuple[int, int]:
        """Cut words of change, periods, small words and signs from both ends of a stretch."""
        taken = [(m.start, m.end) for m in context.found("Direction", (start, end))]
        taken += [(p.start, p.end) for p in context.segment.periods]
        text = context.segment.text
        while start < end:
            last = next((a for a, b in taken if a < end <= b), None)
            first = next((b for a, b in taken if a <= start < b), None)
            head, tail = self._small.at(text, start), self._small.before(text, end)
            if text[start] in _EDGE or first is not None or head:
                start = first or (head.end if head else start + 1)
            elif text[end - 1] in _EDGE or last is not None or tail:
                end = end - 1 if text[end - 1] in _EDGE else last if last is not None else tail.start if tail else end
            else:
                break
        return start, max(start, end)


def _word_edge(context: Context, position: int, step: int) -> int:
    """Move a position out of a Latin word."""
    while runs_on(context.segment.text, position):
        position += step
    return position


@gathered
def catch_all(vocabulary: Vocabulary) -> CatchAll:
    """Return the catch-all metrics of a vocabulary, gathered once."""
    return CatchAll(vocabulary)
