"""Segments: stretches of a report that are read on their own, with the numbers, periods and words in them."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from kg.extraction.marks import Marks, marks_of
from kg.extraction.numbers.cells import Cell, cells, in_cell
from kg.extraction.numbers.currencies import in_capitals, in_local_money
from kg.model import Report, Span
from kg.periods import Period, periods
from kg.quantities import Quantity, grammar
from kg.reading.blocks import Block, Document
from kg.reading.folding import Folded, compact
from kg.vocabulary import Vocabulary

# It begins with a set of characters, so that it is searched for quickly.
_SENTENCE = re.compile(r"[\u3002;!?\n.\t](?:(?<=[\u3002;!?])|(?<=\n)\s*\n|(?<=[a-z\d%)]\.)(?= |$)|(?<=[^\d]\t))")
_CLAUSE = re.compile(r",(?!\d{3}(?!\d))")
_YEAR = re.compile(r"(?<!\d)20\d{2}(?!\d)")
_NAME = 40  # folded characters: no metric has a longer name with a number in it
_BULLET = re.compile(
    r"[\u00b7\u2022\u25c6\u25c7\u25a0\u25a1\u25b6\u25ba\u25aa\u2713\u2714\u27a2\uf0b7\u25cf*]|-(?![\d-])"
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A folded stretch of a report with the numbers, periods and cue words in it.

    ``marks`` are the words that tell of numbers; ``stops`` are where sentences end, ``commas``
    where clauses end; ``year`` is what "this year" means. All offsets are those of ``folded.text``; ``place`` leads to
    the report. ``republic`` says that the report counts its years from 1912.
    """

    report: Report
    block: Block
    cell: Cell
    folded: Folded
    quantities: tuple[Quantity, ...]
    periods: tuple[Period, ...]
    marks: Marks
    stops: tuple[int, ...]
    commas: tuple[int, ...]
    year: int | None
    republic: bool = False

    @property
    def text(self) -> str:
        """The folded text."""
        return self.folded.text

    def place(self, start: int, end: int) -> Span:
        """Return the stretch of the report under ``text[start:end]``."""
        span, offset = self.folded.span(start, end), self.cell.span.start
        return Span(offset + span.start, offset + span.end)

    def sentence(self, position: int) -> tuple[int, int]:
        """Return where the sentence around a position starts and ends."""
        return _around(self.stops, position, len(self.text))

    def clause(self, position: int) -> tuple[int, int]:
        """Return where the clause around a position starts and ends."""
        start, end = self.sentence(position)
        first, last = _around(self.commas, position, len(self.text))
        return max(start, first), min(end, last)


def _around(stops: tuple[int, ...], position: int, length: int) -> tuple[int, int]:
    i = bisect_right(stops, position)
    return (stops[i - 1] if i else 0), (stops[i] if i < len(stops) else length)


def segments(document: Document, vocabulary: Vocabulary) -> Iterator[Segment]:
    """Yield the segments of a document that hold a number."""
    report = document.report
    year, republic = reporting_year(report), periods(vocabulary).counts_from_republic(report.text, report.year)
    for block in document.blocks:
        for cell in cells(document, block, vocabulary):
            segment = _read(document, vocabulary, block, cell, year, republic)
            if segment:
                yield segment


def reporting_year(report: Report) -> int | None:
    """Return the report's year if its text speaks of no other past year more often, else None.

    A white paper of 2024 that gives the figures of 2023 means neither by "the whole year" for certain.
    """
    named = Counter(int(year) for year in _YEAR.findall(report.text))
    past = {year: count for year, count in named.items() if year <= report.year}
    return report.year if past.get(report.year, 0) == max(past.values(), default=0) else None


def _read(
    document: Document, vocabulary: Vocabulary, block: Block, cell: Cell, year: int | None, republic: bool
) -> Segment | None:
    folded = compact(document.text(cell.span))
    numbers = grammar(vocabulary).find(folded.text)
    if not numbers:
        return None
    spans = periods(vocabulary).find(folded, republic)
    dates = bytearray(len(folded.text))
    for period in spans:
        if period.years:
            dates[period.start : period.end] = b"\x01" * (period.end - period.start)
    quantities = tuple(quantity for quantity in numbers if not any(dates[quantity.first : quantity.last]))
    quantities = in_local_money(quantities, document.report, vocabulary)
    quantities = in_capitals(quantities, folded, document.text(cell.span), vocabulary)
    if cell.is_number:
        quantities = tuple(in_cell(quantity, cell, folded.text) for quantity in quantities[:1])
    if not quantities:
        return None
    stops, commas = _stops(document.text(cell.span), folded)
    marks = marks_of(folded, vocabulary)
    quantities = tuple(q for q in quantities if not (_in_name(q, marks) or _means_both(q, marks)))
    commas = tuple(comma for comma in commas if not _splits_name(comma, marks))
    return Segment(document.report, block, cell, folded, quantities, tuple(spans), marks, stops, commas, year, republic)


def _in_name(quantity: Quantity, marks: Marks) -> bool:
    """Say whether a bare number is part of a metric's name ("scope 1 and 2")."""
    if quantity.measure or quantity.scaled:
        return False
    near = marks.found("Metric", max(0, quantity.first - _NAME), quantity.last + _NAME)
    return any(match.start <= quantity.first and quantity.last <= match.end for match in near)


def _means_both(quantity: Quantity, marks: Marks) -> bool:
    """Say whether a number is that of "the two operators", which counts nobody."""
    near = marks.found("together", max(0, quantity.first - _NAME), quantity.last + _NAME)
    return any(
        m.start <= quantity.first and quantity.last <= m.end and (m.start < quantity.first or m.end > quantity.end)
        for m in near
    )


def _splits_name(comma: int, marks: Marks) -> bool:
    """Say whether a comma stands in a metric's name ("scope 1, 2 and 3 emissions")."""
    return any(m.start < comma < m.end for m in marks.found("Metric", max(0, comma - _NAME), comma + _NAME))


def _stops(original: str, folded: Folded) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return where sentences and clauses end: at their marks, and sentences also before the bullets of a list."""
    text = folded.text
    bullets = []
    for match in _BULLET.finditer(text):
        start = folded.span(match.start(), match.end()).start
        before = original[start - 1 : start]
        if start and (before == "\n" if match.group() == "-" else before.isspace() or before == ">"):
            bullets.append(match.start())
    stops = sorted({*(m.end() for m in _SENTENCE.finditer(text)), *bullets})
    return tuple(stops), tuple(m.end() for m in _CLAUSE.finditer(text))
