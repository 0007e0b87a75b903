"""Columns of tables of targets: which year a target is due, what it is compared with, and what is only progress."""

from collections.abc import Iterator
from functools import lru_cache

from kg.extraction.numbers.context import Context
from kg.model import Span
from kg.periods import Period, Periods, periods
from kg.reading.blocks import Document
from kg.reading.folding import compact
from kg.units import CODE
from kg.vocabulary import Matcher, Vocabulary, gathered

_LONGEST = 24  # characters of a column's name
Found = tuple[Period, Span]


class Columns:
    """The names of such columns, gathered from a vocabulary once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather them."""

        def cue(name: str) -> Matcher:
            return Matcher([vocabulary.concept(f"{CODE}cue-{name}")])

        self._due, self._base, self._progress = cue("due-column"), cue("base-year"), cue("progress-column")
        self._periods = periods(vocabulary)

    def due(self, context: Context, document: Document) -> Found | None:
        """Return the year that the row of a number gives in a column such as "target year", and where."""
        return next(self._years(context, document, self._due), None)

    def base(self, context: Context, document: Document) -> Found | None:
        """Return the year that the row gives in a column such as "base year", and where."""
        return next(self._years(context, document, self._base), None)

    def is_progress(self, context: Context, document: Document) -> bool:
        """Say whether a number stands in a column of what has been reached."""
        header = context.segment.cell.header
        return header is not None and self._named(document, header, self._progress)

    def is_past(self, context: Context, header: Span) -> bool:
        """Say whether a column is named after a year that is no longer to come."""
        report = context.segment.report
        found = _periods_of(self._periods, header.of(report.text), context.segment.republic)
        return any(period.years and (period.last or 0) <= report.year for period in found)

    def _years(self, context: Context, document: Document, names: Matcher) -> Iterator[Found]:
        block = context.segment.block
        for cell, header in zip(block.cells, block.header, strict=False):
            if cell and header and self._named(document, header, names):
                for period in self._periods.find(compact(document.text(cell)), context.segment.republic)[-1:]:
                    if period.years:
                        yield period, cell

    def _named(self, document: Document, header: Span, names: Matcher) -> bool:
        short = header.end - header.start <= _LONGEST
        return short and bool(names.find_folded(compact(document.text(header))))


@lru_cache(maxsize=1024)
def _periods_of(known: Periods, words: str, republic: bool) -> tuple[Period, ...]:
    return tuple(known.find(compact(words), republic))


@gathered
def columns(vocabulary: Vocabulary) -> Columns:
    """Return the names of columns of a vocabulary, gathered once."""
    return Columns(vocabulary)
