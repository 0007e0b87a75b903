"""What a number is compared with: a year, the year before, a named period."""

import re

from kg.extraction.numbers.columns import columns
from kg.extraction.numbers.context import Context
from kg.model import Span
from kg.periods import Period
from kg.reading.blocks import Document
from kg.vocabulary import Vocabulary, gathered

_BESIDE = 1  # folded characters between a number and "the year before"
_QUOTES = re.compile('"')
Baseline = tuple[str | None, Span | None]


class Baselines:
    """Reads baselines; the words are those of periods and of columns."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Keep the names of columns."""
        self._columns = columns(vocabulary)

    def of(self, context: Context, document: Document, year: int | None, form: str) -> Baseline:
        """Return what a number is compared with, as a year or in the text's words, and where that stands."""
        chosen = self._in_sentence(context, form)
        if chosen is None:
            given = self._columns.base(context, document)
            return (str(given[0].last), given[1]) if given and form == "change" else (None, None)
        span = context.segment.place(chosen.start, chosen.end)
        if chosen.role == "previous":
            return (str(year - 1) if year else None), span
        return (_name(context, chosen) if chosen.named else str(chosen.years[0])), span

    def _in_sentence(self, context: Context, form: str) -> Period | None:
        """Read the nearest baseline before a number, else the one behind it before the next number but one."""
        now, (start, end) = context.segment.report.year, context.sentence
        here = [p for p in context.segment.periods if start <= p.start < end and (p.last or 0) <= now]
        found = [p for p in here if p.is_baseline and not (form != "change" and _is_own(p, context))]
        before = [p for p in found if p.start < context.quantity.end and self._reaches(context, p, form)]
        behind = [p for p in found if context.quantity.end <= p.start and self._is_shared(context, p)]
        since = [p for p in here if form == "change" and p.role == "since" and p.start < context.quantity.end]
        return next(iter(before[-1:] or behind[:1] or since[-1:]), None)

    @staticmethod
    def _reaches(context: Context, period: Period, form: str) -> bool:
        """Say whether a baseline before an amount still holds: a number between them took it, but for "fell 5% to"."""
        between = [q for q in context.segment.quantities if period.end <= q.start < context.quantity.start]
        moved = any(True for _ in context.found("Direction", (context.before[0], context.quantity.first)))
        return form == "change" or not between or moved

    @staticmethod
    def _is_shared(context: Context, period: Period) -> bool:
        """Say whether only percentages stand between a number and a baseline behind it: "5 GWh, 8% less than in"."""
        between = [q for q in context.segment.quantities if context.quantity.end <= q.start < period.start]
        return all(q.measure is not None and q.measure.code in ("percent", "ratio") for q in between)


def _is_own(period: Period, context: Context) -> bool:
    """Say whether "the year before" right behind a number is its own year: "up from 24% the year before"."""
    beside = 0 <= period.start - context.quantity.end <= _BESIDE
    return period.role == "previous" and beside and context.words((period.start, period.end)).isascii()


def _name(context: Context, period: Period) -> str:
    """Return a period's name in the text's words, without quotation marks and cues."""
    segment = context.segment
    stretches = _QUOTES.split(segment.text[period.core : period.end])
    position, words = period.core, []
    for stretch in stretches:
        if stretch:
            words.append(segment.place(position, position + len(stretch)).of(segment.report.text))
        position += len(stretch) + 1
    return "".join(words).strip()


@gathered
def baselines(vocabulary: Vocabulary) -> Baselines:
    """Return the reading of baselines by a vocabulary, made once."""
    return Baselines(vocabulary)
