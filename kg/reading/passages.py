"""Cutting a report into passages for search: pieces that are never cut, joined where cutting would cost most.

The text is first split into pieces (sentences of running text, whole table rows and list items, short lines). Then the
cuts are placed, by dynamic programming, where they cost least: before a heading nothing, inside a sentence that is
wrapped over two lines a lot, and a passage that is much shorter or longer than usual costs something too.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from kg.model import PASSAGE_LENGTH, Passage, Report, Span
from kg.reading.sections import Heading, Line, ends_block, headings, is_list_item, is_row, lines

# Passages between these lengths (characters) cost nothing: below, a passage loses its context; above, one vector has to
# stand for too many statements.
SHORT, LONG = 150, 450
# What a cut costs, by where it falls (the scale is that of the length cost: one unit for 100 characters too many).
BEFORE_HEADING, BETWEEN_BLOCKS, BETWEEN_SENTENCES, BETWEEN_SHORT_LINES, INSIDE = 0.0, 0.5, 1.5, 4.0, 8.0
# What it costs to have a heading inside a passage, below text of the section before it, and at a passage's end.
JOINED_SECTION, ORPHANED_HEADING = 1.5, 10.0

_SENTENCE = re.compile(
    r".+?(?:[\u3002\uff01\uff1f!?\uff1b;]+[\u201d\u2019\u300d\u300f\"')\uff09\u300b]*|\.(?=\s)|$)", re.DOTALL
)
_PAGE = re.compile(r"\f| \S")  # text taken from a PDF has a form feed or a single blank where a page begins
_CLAUSE = re.compile(r".+?(?:[\uff0c\u3001,\t]|\s|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch that is never cut; ``cut`` is the cost of a cut before it; ``heading`` whether it heads others."""

    start: int
    end: int
    cut: float
    heading: bool


def passages(report: Report) -> list[Passage]:
    r"""Return the passages of a report in reading order.

    They tile the text: every character that is not blank lies in exactly one passage; none is longer than
    ``PASSAGE_LENGTH``. ``headings`` are those above the passage, and the header row where a table was cut.

    >>> text = "# Energy\n\n" + "We used power. " * 20 + "\n\n# Water\n\n" + "We saved water. " * 20
    >>> report = Report("r", text, "en", "", 2023, {}, "")
    >>> [(p.start, p.end) for p in passages(report)]
    [(0, 309), (312, 640)]
    """
    found = list(lines(report.text))
    above = headings(report.text)
    pieces = _pieces(report.text, found, above)
    return [Passage(report, *span, _headings_above(report.text, span, above, found)) for span in _cut(pieces)]


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence of a text starts and ends, blanks around it left out.

    >>> text = "能耗下降。 PUE为1.25；达标！"
    >>> [text[start:end] for start, end in sentences(text)]
    ['能耗下降。', 'PUE为1.25；', '达标！']
    """
    for match in _SENTENCE.finditer(text):
        words = match.group().strip()
        if words:
            start = match.start() + match.group().index(words)
            yield start, start + len(words)


def _pieces(text: str, found: list[Line], above: list[Heading]) -> list[Piece]:
    """Return the pieces of a text in reading order."""
    starts = [heading.span.start for heading in above]
    pieces, previous = [], None
    for line in found:
        at = bisect_left(starts, line.start)
        heading = at < len(starts) and starts[at] < line.end
        cut = BEFORE_HEADING if heading else _cost(text, previous, line)
        for start, end in _uncut(text, line):
            pieces.append(Piece(start, end, cut, heading))
            cut = BETWEEN_SENTENCES
        previous = line
    return pieces


def _cost(text: str, above: Line | None, line: Line) -> float:
    """Return the cost of a cut between two lines."""
    if above is None or (is_row(text, line) and not is_row(text, above)):
        return BETWEEN_BLOCKS
    if is_row(text, above) or is_list_item(line):
        return BETWEEN_SENTENCES if is_row(text, line) else BETWEEN_BLOCKS
    if ends_block(text, above) or _PAGE.match(text, line.start):
        return BETWEEN_BLOCKS if line.gap else BETWEEN_SENTENCES
    return BETWEEN_SHORT_LINES if line.gap else INSIDE


def _uncut(text: str, line: Line) -> Iterator[tuple[int, int]]:
    """Yield the pieces of a line: a row, a list item, a short line whole, else its sentences, long ones at clauses."""
    start = line.start + text[line.start : line.end].index(line.words)
    end = start + len(line.words)
    whole = end - start <= (PASSAGE_LENGTH if is_row(text, line) or is_list_item(line) else SHORT)
    spans = [(start, end)] if whole else [(start + a, start + b) for a, b in sentences(line.words)]
    for first, last in spans:
        yield from [(first, last)] if last - first <= PASSAGE_LENGTH else _hard_cut(text, first, last)


def _hard_cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield parts of at most LONG characters of a sentence that is longer than a passage may be."""
    begin = stop = start
    for match in _CLAUSE.finditer(text, start, end):
        if match.end() - begin > LONG and stop > begin:
            yield begin, stop
            begin = stop
        stop = match.end()
        while stop - begin > LONG:
            yield begin, begin + LONG
            begin += LONG
    if stop > begin:
        yield begin, stop


def _cut(pieces: list[Piece]) -> list[tuple[int, int]]:
    """Return the spans of passages with the least cost in all; the first of equals wins."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for last in range(len(pieces)):
        costs = []
        joined = ORPHANED_HEADING if pieces[last].heading else 0.0
        for first in range(last, -1, -1):
            length = pieces[last].end - pieces[first].start
            if length > PASSAGE_LENGTH:
                break
            if first < last and pieces[first + 1].heading and not pieces[first].heading:
                joined += JOINED_SECTION
            costs.append((best[first][0] + pieces[first].cut + joined + _length_cost(length), first))
        best.append(min(costs))
    spans, last = [], len(pieces)
    while last:
        first = best[last][1]
        spans.append((pieces[first].start, pieces[last - 1].end))
        last = first
    return spans[::-1]


def _length_cost(length: int) -> float:
    return max(0.0, (SHORT - length) / 50) + max(0.0, (length - LONG) / 100)


def _headings_above(text: str, span: tuple[int, int], above: list[Heading], found: list[Line]) -> tuple[Span, ...]:
    """Return the outline above a passage, outermost first, and the header row of the table that it continues."""
    outline: list[Heading] = []
    for heading in above[: bisect_right(above, span[1], key=lambda h: h.span.start)]:
        if heading.span.start >= span[0]:
            first_line = text[span[0] : heading.span.start].strip(" #*\t") == ""
            outline = [h for h in outline if h.level < heading.level] if first_line else outline
            break
        outline = [h for h in outline if h.level < heading.level] + [heading]
    header = _header_row(text, span[0], found)
    return tuple(heading.span for heading in outline) + ((header,) if header else ())


def _header_row(text: str, start: int, found: list[Line]) -> Span | None:
    """Return the first row of the table in whose middle a passage starts."""
    at = bisect_right(found, start, key=lambda line: line.start) - 1
    first = at
    while first > 0 and not found[first].gap and is_row(text, found[first]) and is_row(text, found[first - 1]):
        first -= 1
    if first == at:
        return None
    row = found[first]
    begin = row.start + text[row.start : row.end].index(row.words)
    return Span(begin, begin + len(row.words)) if len(row.words) <= SHORT else None
