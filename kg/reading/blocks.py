"""A report's text as blocks: headings, paragraphs, list items, table rows and infographic figures."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.model import Report, Span
from kg.reading import tables
from kg.reading.figures import figures
from kg.reading.sections import WIDTH, Heading, Line, headings, is_list_item, is_row, lines

# A hard-wrapped line fills its column: the last line aside, lines of one paragraph in mobile-2020 differ by less than
# a quarter in width; the narrowest column of running text there has 22 columns on paper.
FULL = 0.75
NARROWEST = 20
ROW_LENGTH = 5000  # characters of an HTML row over several lines; a tag that is never closed must not eat the report
COLUMN_NAME_WIDTH = 28  # a header cell that stands on a line of its own (mobile-2023 flattens a header of three cells)

_UNCLOSED = re.compile(r"[(\uff08][^()\uff08\uff09]*$")
_STOP = re.compile(r"[\u3002.!?\uff01\uff1f\uff1b;:\uff1a](?:[\u201d\u300d\"')\uff09*\u2019]|</?\w+>)*$")
_PUNCTUATED = re.compile("[\u3002\uff0c\u3001\uff1b\uff1a,;:]|[.](?:\\s|$)")
_OPEN_ROW = re.compile(r"<tr\b(?!.*</tr>)", re.IGNORECASE | re.DOTALL)
_TABLE_TAG = re.compile(r"<t[rdh]\b", re.IGNORECASE)
_OPEN = re.compile("[\uff0c\u3001,]$")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a report that belongs together on paper.

    ``kind`` is ``heading``, ``paragraph``, ``item`` (of a list), ``row`` (of a table) or ``figure`` (a number and its
    caption). ``headings`` are those above, outermost first. Of a row, ``cells`` has one span a column (None where there
    is nothing); a cell that lies outside ``span`` is inherited from a row above. ``header`` names the columns in
    parallel, as far as known; the header row itself has ``cells == header``.
    """

    kind: str
    span: Span
    headings: tuple[Span, ...] = ()
    cells: tables.Cells = ()
    header: tables.Cells = ()

    @property
    def is_header(self) -> bool:
        """Say whether this is the row that names the columns."""
        return self.kind == "row" and bool(self.cells) and self.cells == self.header


@dataclass(frozen=True, slots=True)
class Document:
    """A report and its blocks in reading order; they tile the text's characters, blanks aside."""

    report: Report
    blocks: tuple[Block, ...]

    def text(self, span: Span) -> str:
        """Return the report's characters under a span."""
        return span.of(self.report.text)


def read_blocks(report: Report) -> Document:
    r"""Cut a report into blocks.

    >>> text = "## 目标\n\n到 2025 年，\n\n节电 400 亿度。\n\n- 用绿电\n"
    >>> document = read_blocks(Report("r", text, "zh-Hans", "", 2023, {}, ""))
    >>> [(block.kind, document.text(block.span)) for block in document.blocks]
    [('heading', '## 目标'), ('paragraph', '到 2025 年，\n\n节电 400 亿度。'), ('item', '- 用绿电')]
    """
    titles = {heading.span.start: heading for heading in headings(report.text)}
    cut = list(_cut(report.text, _table_lines(report.text, lines(report.text)), titles))
    return Document(report, tuple(_under_headings(cut, titles)))


def _table_lines(text: str, found: Sequence[Line]) -> list[Line]:
    """Give each ``<tr>`` of an HTML table a line of its own, whether the table stands on one line or a row on many."""
    whole: list[Line] = []
    for line in _split_table_rows(text, found):
        last = whole[-1] if whole else None
        if last and _OPEN_ROW.search(text, last.start, last.end) and line.end - last.start <= ROW_LENGTH:
            whole[-1] = Line(last.start, line.end, text[last.start : line.end].strip(), last.gap)
        else:
            whole.append(line)
    return whole


def _split_table_rows(text: str, found: Sequence[Line]) -> list[Line]:
    whole: list[Line] = []
    for line in found:
        if "<" not in line.words:
            whole.append(line)
            continue
        cuts = [m.start() + line.start for m in re.finditer(r"(?<!^)<tr\b", text[line.start : line.end], re.IGNORECASE)]
        edges = [line.start, *cuts, line.end]
        whole.extend(
            line if not cuts else Line(a, b, text[a:b].strip(), line.gap and a == line.start)
            for a, b in pairwise(edges)
            if text[a:b].strip()
        )
    return whole


def _cut(text: str, found: list[Line], titles: dict[int, Heading]) -> Iterator[Block]:
    """Yield blocks that know of no headings yet."""
    blanks = [_blank_lines(text, found, i) for i in range(len(found))]
    kinds = [_kind(text, line, titles) for line in found]
    kinds = ["text" if _is_stray_tab(text, found, kinds, i) else kind for i, kind in enumerate(kinds)]
    for first, last in _name_lines(text, found, kinds):
        kinds[first:last] = ["name"] * (last - first)
    i, header = 0, tables.Cells()
    while i < len(found):
        last = _last(kinds, i)
        if kinds[i] == "name":
            header = tables.names(text, [tables.trimmed(text, line.start, line.end) for line in found[i:last]])
            yield Block("row", _span(text, found, i, last), cells=header, header=header)
        elif kinds[i] == "row":
            yield from _rows(text, found[i:last], header)
        elif kinds[i] == "text":
            yield from _running(text, found[i:last], blanks[i:last])
        else:
            last = i + 1 if kinds[i] == "heading" else _item_end(text, found, kinds, blanks, i)
            yield Block(kinds[i], _span(text, found, i, last))
        header = header if kinds[i] == "name" else ()
        i = last


def _blank_lines(text: str, found: Sequence[Line], i: int) -> int:
    """Count the blank lines before a line; where a page began (one blank starts it) they are two at least."""
    blanks = text.count("\n", found[i - 1].end, found[i].start) - 1 if i else 0
    start = found[i].start
    return max(blanks, 2) if text[start] == " " and text[start + 1] != " " else blanks


def _kind(text: str, line: Line, titles: dict[int, Heading]) -> str:
    if is_row(text, line) or ("<" in line.words and _TABLE_TAG.search(line.words)):
        return "row"
    if any(start in titles for start in range(line.start, min(line.end, line.start + 16))):
        return "heading"
    return "item" if is_list_item(line) else "text"


def _is_stray_tab(text: str, found: Sequence[Line], kinds: Sequence[str], i: int) -> bool:
    """Say whether a line only looks like a row: one tab in a full line of running text, no row beside it."""
    around = {kinds[j] for j in (i - 1, i + 1) if 0 <= j < len(kinds)}
    return kinds[i] == "row" and "row" not in around and found[i].words.count("\t") == 1 and found[i].width > WIDTH


def _last(kinds: Sequence[str], first: int) -> int:
    """Return where a stretch of lines of one kind ends."""
    return next((i for i in range(first + 1, len(kinds)) if kinds[i] != kinds[first]), len(kinds))


def _name_lines(text: str, found: Sequence[Line], kinds: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Find header cells that a table of n columns lost to n short lines before it, all starting with a sign."""
    for i in range(1, len(found)):
        if kinds[i] != "row" or kinds[i - 1] == "row":
            continue
        first = i - len(tables.split_cells(text, found[i]))
        before = found[max(first, 0) : i]
        signed = all(not line.words[0].isalnum() and line.width <= COLUMN_NAME_WIDTH for line in before)
        if first >= 0 and i - first > 1 and signed and all(kind in ("heading", "text") for kind in kinds[first:i]):
            yield first, i


def _span(text: str, found: Sequence[Line], first: int, last: int) -> Span:
    span = tables.trimmed(text, found[first].start, found[last - 1].end)
    assert span is not None  # lines() yields no blank line
    return span


def _rows(text: str, found: Sequence[Line], header: tables.Cells) -> Iterator[Block]:
    """Yield the rows of lines that may hold several tables, each with a header of its own."""
    starts = [0]
    for i in range(1, len(found)):
        if found[i].gap and tables.is_header(text, tables.split_cells(text, found[i])):
            starts.append(i)
    for first, last in pairwise([*starts, len(found)]):
        for row in tables.read_rows(text, found[first:last], header):
            span = tables.trimmed(text, row.span.start, row.span.end)
            assert span is not None  # as above
            yield Block("row", span, cells=row.cells, header=row.header)
        header = ()


def _running(text: str, found: Sequence[Line], blanks: Sequence[int]) -> Iterator[Block]:
    """Yield the figures and paragraphs of a stretch of text lines."""
    i = 0
    for first, last in [*figures(found, blanks), (len(found), len(found))]:
        while i < first:
            end = i + 1
            while end < first and _goes_on(found, blanks, end):
                end += 1
            yield Block("paragraph", _span(text, found, i, end))
            i = end
        if first < last:
            yield Block("figure", _span(text, found, first, last))
        i = last


def _goes_on(found: Sequence[Line], blanks: Sequence[int], i: int) -> bool:
    """Say whether line ``i`` goes on where the line before it broke off."""
    before, line = found[i - 1], found[i]
    if blanks[i] == 0 and _UNCLOSED.search(before.words):
        return True
    if _STOP.search(before.words) or blanks[i] > 1:
        return False
    if _OPEN.search(before.words):
        return True
    if blanks[i] == 0:
        return True
    if not (_PUNCTUATED.search(before.words) or _PUNCTUATED.search(line.words)):
        return False
    if FULL * before.width > line.width and not _STOP.search(line.words):
        return False  # a wider line above the middle of a paragraph belongs to another column
    return before.width >= NARROWEST and before.width >= FULL * min(line.width, _widest(found, blanks, i))


def _widest(found: Sequence[Line], blanks: Sequence[int], i: int) -> int:
    """Return the width of the widest of the lines around line ``i``, a stretch without large gaps."""
    first, last = i - 1, i + 1
    while first > max(0, i - 4) and blanks[first] <= 1:
        first -= 1
    while last < min(len(found), i + 4) and blanks[last] <= 1:
        last += 1
    return max(line.width for line in found[first:last])


def _item_end(text: str, found: Sequence[Line], kinds: Sequence[str], blanks: Sequence[int], i: int) -> int:
    """Return where a list item ends: it takes in the lines that go on from it."""
    last = i + 1
    while last < len(found) and kinds[last] == "text" and _goes_on(found, blanks, last):
        last += 1
    return last


def _under_headings(cut: Sequence[Block], titles: dict[int, Heading]) -> Iterator[Block]:
    """Yield the blocks with the headings above each."""
    above: list[Heading] = []
    for block in cut:
        here = [titles[start] for start in range(block.span.start, block.span.end) if start in titles]
        if block.kind == "heading" and here:
            above = [heading for heading in above if heading.level < here[0].level]
        spans = tuple(heading.span for heading in above)
        yield Block(block.kind, block.span, spans, block.cells, block.header)
        if block.kind == "heading" and here:
            above.append(here[0])
