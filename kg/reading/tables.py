"""Table rows: cells, the header above them, and what an empty cell takes over from the row above."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.model import Span
from kg.reading.folding import HAN
from kg.reading.sections import Line, width

Cells = tuple[Span | None, ...]

HEADER_LENGTH = 24  # Han characters; the longest header cell of the seeds has 14, English ones are twice as wide
_RULE = re.compile(r"[\s|:-]+")
_BRACKETED = re.compile(r"[(\uff08][^()\uff08\uff09]*[)\uff09]")
_HARMLESS = re.compile(  # years in three calendars and those that span two, quarters, gases, scopes, thousands of money
    r"1[01]\d\s*\u5e74|(?<!\d)\d\d\s*[/-]\s*\d\d(?!\d)|(?:19|20)\d\d(?:\s*[/-]\s*(?:\d\d)?\d\d)?|FY\s*\d\d\s*[/-]\s*\d\d|Q[1-4]|CO2e?|['\u2019]000"
    rf"|(?i:scope|fy)\s*\d+|[{HAN}]{{2}}\s*[1-3](?![\d.])",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_SENTENCE = re.compile('[\u3002\uff0c\uff1b;!?\uff01\uff1f\u201c\u201d\u300c\u300d"<>]')
_MARK = r"(?:[*\u00b7\u2022\u25c6\u25cf\u25aa\u25e6]|-(?=\s))\s*"
_TAG = r"</?(?:li|ul|ol|br|p|div)\b[^<>]*>"
_POINT = re.compile(rf"(?:^|(?<=[\s>]))(?:</?[a-z][^<>]*>\s*)*{_MARK}(?!\*)|{_TAG}", re.IGNORECASE)
_DECORATION = re.compile(r"(?:[^\w<(\uff08]|\ufe0f|_)+")
_TAG_CELL = re.compile(r"<t[dh]\b[^<>]*>(.*?)(?=</t[dh]>|<t[dh]\b|</tr>|$)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Row:
    """A table row; ``cells`` and ``header`` run in parallel, None where there is nothing."""

    span: Span
    cells: Cells
    header: Cells


def trimmed(text: str, start: int, end: int) -> Span | None:
    """Return a stretch without the blanks around it, or None if nothing is left."""
    raw = text[start:end]
    start, end = start + len(raw) - len(raw.lstrip()), start + len(raw.rstrip())
    return Span(start, end) if start < end else None


def split_cells(text: str, line: Line) -> Cells:
    r"""Return the cells of a row: between tabs, between bars (Markdown) or between HTML cell tags.

    >>> text = "\t2023\t1.3 "
    >>> [cell and cell.of(text) for cell in split_cells(text, Line(0, len(text), text.strip(), False))]
    [None, '2023', '1.3']
    """
    raw = text[line.start : line.end]
    if "\t" in raw:
        return tuple(_split(text, line.start, line.end, "\t"))
    if "<t" in raw.lower():
        return tuple(trimmed(text, line.start + m.start(1), line.start + m.end(1)) for m in _TAG_CELL.finditer(raw))
    if _RULE.fullmatch(raw):
        return ()
    start = line.start + (raw.index("|") + 1 if raw.lstrip().startswith("|") else 0)
    end = line.start + raw.rindex("|") if raw.rstrip().endswith("|") else line.end
    return tuple(_split(text, start, max(start, end), "|"))


def _split(text: str, start: int, end: int, mark: str) -> Iterator[Span | None]:
    while (cut := text.find(mark, start, end)) >= 0:
        yield trimmed(text, start, cut)
        start = cut + 1
    yield trimmed(text, start, end)


def is_header(text: str, cells: Cells) -> bool:
    """Say whether cells look like names of columns: at least two, short, no sentence, no figure but a year."""
    found = [_BRACKETED.sub("", cell.of(text)) for cell in cells if cell]
    return len(found) > 1 and all(
        width(name) <= 2 * HEADER_LENGTH and not _SENTENCE.search(name) and not _DIGIT.search(_HARMLESS.sub("", name))
        for name in found
    )


def read_rows(text: str, rows: Sequence[Line], above: Cells = ()) -> list[Row]:
    r"""Read the lines of one table; ``above`` is a header that stood before it.

    A row that only repeats the header's words is a header row too; header rows have ``cells == header``.

    >>> text = "类别\t风险\n过渡风险\t法律\n\t技术\n"
    >>> lines = [Line(0, 5, "", True), Line(6, 13, "", False), Line(14, 17, "", False)]
    >>> [[cell and cell.of(text) for cell in row.cells] for row in read_rows(text, lines)]
    [['类别', '风险'], ['过渡风险', '法律'], ['过渡风险', '技术']]
    """
    cut = [split_cells(text, line) for line in rows]
    header = above
    if not header and len(cut) > 1 and is_header(text, cut[0]):
        header = names(text, cut[0])
    words, found, before = _words(text, header), [], Cells()
    for line, cells in zip(rows, cut, strict=True):
        span = Span(line.start, line.end)
        named = names(text, cells)
        if header and _words(text, named) == words:
            header, before = named, ()
            found.append(Row(span, named, named))
            continue
        whole = _inherit(_aligned(text, cells, before, len(header)), before)
        before = whole or before
        found.append(Row(span, whole, header))
    return found


def names(text: str, cells: Sequence[Span | None]) -> Cells:
    """Return header cells without the emoji before their words."""
    return tuple(cell and _undecorated(text, cell) for cell in cells)


def _undecorated(text: str, cell: Span) -> Span:
    mark = _DECORATION.match(text, cell.start, cell.end)
    return Span(mark.end(), cell.end) if mark and mark.end() < cell.end else cell


def _words(text: str, cells: Cells) -> list[str]:
    return [cell.of(text) for cell in cells if cell]


def _aligned(text: str, cells: Cells, before: Cells, width: int) -> Cells:
    """Fit a row to the header's width: drop empty cells at its end, add those that a row-span left out."""
    width = width or len(before)
    while len(cells) > max(width, 1) and cells[-1] is None:
        cells = cells[:-1]
    missing = width - len(cells)
    if missing <= 0 or not cells:
        return cells
    left, right = (None,) * missing + cells, cells + (None,) * missing
    if len(before) != width:
        return right
    return left if _misfit(left, before) < _misfit(right, before) else right


def _misfit(cells: Cells, before: Cells) -> float:
    """Return how much the lengths of cells differ from those of the row above (sum of ratios)."""
    pairs = [(len_of(a), len_of(b)) for a, b in zip(cells, before, strict=False) if a and b]
    return sum(max(a, b) / min(a, b) for a, b in pairs) / max(1, len(pairs))


def len_of(span: Span) -> int:
    """Return a span's length in characters."""
    return span.end - span.start


def _inherit(cells: Cells, before: Cells) -> Cells:
    """Let empty cells at the start of a row (a row-span) point at the cells above."""
    first = next((i for i, cell in enumerate(cells) if cell), 0)
    return tuple(before[i] if i < first and i < len(before) else cell for i, cell in enumerate(cells))


def points(text: str, cell: Span) -> tuple[Span, ...]:
    """Return the list points of a cell or paragraph without their marks; one span if it is no list.

    >>> text = '<ul style="x"> * 每季度评估。 * 每年评估。'
    >>> [point.of(text) for point in points(text, Span(0, len(text)))]
    ['每季度评估。', '每年评估。']
    """
    cuts = [(m.start(), m.end()) for m in _POINT.finditer(text, cell.start, cell.end)]
    starts = [cell.start, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), cell.end]
    found = (trimmed(text, start, end) for start, end in zip(starts, ends, strict=True) if start < end)
    return tuple(point for point in found if point and re.search(r"\w", point.of(text)))
