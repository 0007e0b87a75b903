"""A report as blocks to read: paragraphs, headings, lists and tables that together hold every character once."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from kg.model import Report, Span
from kg.reading.folding import compact, fold
from kg.reading.sections import Heading as Found
from kg.reading.sections import Line, headings, is_list_item, is_row, lines
from web.marks import Mark, cut, remnants
from web.parts import Block, Heading, Note, Piece

# A line of at least 64 columns that ends in no full stop is taken for a wrapped one: the lines of mobile-2020, the
# seed set in hard lines, have 80 to 100 columns, and no paragraph of the other four ends so at that width.
WRAPPED = 64
HEAD = 16  # characters of a cell in a row that names columns; the longest of the seeds has 14
_ENDS = re.compile("[\u3002\uff01\uff1f\uff1b\uff1a.!?;:\u201d\u300d\u300f)\uff09>|*]$")
_FLOWING = frozenset({"paragraph", "item"})


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the text with the kind of block that shows it; ``anchor`` is where a heading's words begin."""

    kind: str
    start: int
    end: int
    level: int = 0
    anchor: int = 0


@lru_cache(maxsize=64)
def _headings(text: str) -> tuple[Found, ...]:
    """Return the headings of a text with levels counted from 1 without holes."""
    found = headings(text)
    depth = {level: i + 1 for i, level in enumerate(sorted({heading.level for heading in found}))}
    return tuple(Found(heading.span, depth[heading.level]) for heading in found)


def outline(report: Report) -> tuple[Heading, ...]:
    """Return the outline of a report, in reading order."""
    return tuple(Heading(h.span.of(report.text), h.level, h.span.start) for h in _headings(report.text))


def sections_above(report: Report, offset: int) -> tuple[str, ...]:
    """Return the headings over a place, outermost first."""
    path: list[Found] = []
    for heading in _headings(report.text):
        if heading.span.start > offset:
            break
        path = [above for above in path if above.level < heading.level] + [heading]
    return tuple(heading.span.of(report.text) for heading in path)


def flow(report: Report, start: int, end: int) -> Iterator[Mark]:
    """Yield marks that let a piece of a report read as text: headings, wraps, and blank lines that say nothing."""
    for heading in _headings(report.text):
        if heading.span.start < end and start < heading.span.end:
            yield Mark(heading.span.start, heading.span.end, "head")
    found = [line for line in lines(report.text) if line.start < end and start < line.end]
    for above, below in pairwise(found):
        wrapped = _wraps(above) and not is_list_item(below)
        if wrapped or below.start - above.end > 1:
            yield Mark(above.end if wrapped else above.end + 1, below.start, "wrap")


def joints(report: Report, start: int, end: int) -> Iterator[Mark]:
    """Yield marks for the line breaks inside a quote: what a fact quotes is one sentence, however it was set."""
    for match in re.compile(r"\s*\n\s*").finditer(report.text, start, end):
        yield Mark(match.start(), match.end(), "wrap")


def leaves(report: Report, called: Callable[[int], str]) -> Iterator[Mark]:
    """Yield marks where the pages of the original begin, on their first characters; ``called`` is what one is called.

    A page without text has none of its own.
    """
    for number, (start, end) in enumerate(pairwise((*report.pages, len(report.text))), 1):
        at = start + len(report.text[start:end]) - len(report.text[start:end].lstrip())
        if at < end:
            yield Mark(at, at + 1, "page-start", page=(number, called(number)))


def find(report: Report, query: str, limit: int = 500) -> list[Span]:
    """Return the places of ``query`` in a report; script, width, case and line wraps do not matter."""
    needle = compact(query).text.strip() or fold(query).text.strip()
    folded = compact(report.text)
    places: list[Span] = []
    at = folded.text.find(needle) if needle else -1
    while at >= 0 and len(places) < limit:
        places.append(folded.span(at, at + len(needle)))
        at = folded.text.find(needle, at + len(needle))
    return places


def blocks(report: Report, notes: Iterable[Note], marks: Sequence[Mark] = ()) -> tuple[Block, ...]:
    """Return the blocks of a report; their pieces, joined in order, are exactly ``report.text``."""
    text = report.text
    beside: defaultdict[int, list[Note]] = defaultdict(list)
    stretches = list(_stretches(text))
    every = [*marks, *remnants(text)]
    starts = [stretch.start for stretch in stretches]
    for note in sorted(notes, key=lambda note: (note.start, note.end, note.number)):
        beside[max(i for i, start in enumerate(starts) if start <= note.start)].append(note)
        every.append(Mark(note.start, note.end, "fact", note.number))
    return tuple(_block(text, stretch, every, beside[i]) for i, stretch in enumerate(stretches))


def _block(text: str, stretch: Stretch, marks: Sequence[Mark], notes: Sequence[Note]) -> Block:
    block = Block(stretch.kind, stretch.start, stretch.level, stretch.anchor, notes=tuple(notes))
    near = [mark for mark in marks if mark.start < stretch.end and stretch.start < mark.end]
    if stretch.kind == "table":
        rows = tuple(_rows(text, stretch, near))
        return replace(block, rows=rows, level=int(len(rows) > 1 and _is_head(rows[0])))
    if stretch.kind in _FLOWING:
        near += [Mark(m.start(), m.end(), "wrap") for m in _breaks(text, stretch)]
    return replace(block, pieces=cut(text, stretch.start, stretch.end, near))


def _breaks(text: str, stretch: Stretch) -> Iterator[re.Match[str]]:
    return (m for m in re.compile(r"[ \t]*\n\s*").finditer(text, stretch.start, stretch.end) if m.end() < stretch.end)


def _is_head(row: Sequence[Sequence[Piece]]) -> bool:
    """Say whether a table's first row names its columns: every cell is short and no sentence."""
    cells = ["".join(piece.text for piece in cell).strip() for cell in row]
    return all(len(cell) <= HEAD and not _ENDS.search(cell) for cell in cells)


def _rows(text: str, stretch: Stretch, marks: Sequence[Mark]) -> Iterator[tuple[tuple[Piece, ...], ...]]:
    """Yield the rows of a table; a tab or line break belongs to the cell before it."""
    for row in re.compile(r"[^\n]*\n+|[^\n]+").finditer(text, stretch.start, stretch.end):
        ends = [m.end() for m in re.compile(r"\t").finditer(text, row.start(), row.end())]
        borders = [row.start(), *(end for end in ends if text[end : row.end()].strip("\n")), row.end()]
        breaks = [Mark(i, i + 1, "break") for i in range(row.start(), row.end()) if text[i] in "\t\n"]
        yield tuple(cut(text, a, b, [*marks, *breaks]) for a, b in pairwise(borders))


def _stretches(text: str) -> Iterator[Stretch]:
    """Yield stretches that tile the text: content, then the blank lines after it as a gap."""
    levels = {heading.span.start: heading.level for heading in _headings(text)}
    at = 0
    for stretch in _merged(text, [_stretch(text, line, levels) for line in lines(text)]):
        if stretch.start > at:
            yield Stretch("gap", at, stretch.start)
        yield stretch
        at = stretch.end
    if at < len(text):
        yield Stretch("gap", at, len(text))


def _stretch(text: str, line: Line, levels: Mapping[int, int]) -> Stretch:
    end = min(line.end + 1, len(text))
    anchor = next((i for i in range(line.start, line.end) if i in levels), None)
    if anchor is not None:
        return Stretch("heading", line.start, end, levels[anchor], anchor)
    if is_row(text, line):
        return Stretch("table", line.start, end)
    if is_list_item(line):
        raw = text[line.start : line.end]
        return Stretch("item", line.start, end, (len(raw) - len(raw.lstrip())) // 2)
    return Stretch("paragraph", line.start, end)


def _merged(text: str, stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    """Join the rows of a table, and lines that go on after a wrap."""
    held: Stretch | None = None
    for stretch in stretches:
        if held and _belong(text, held, stretch):
            held = replace(held, end=stretch.end)
            continue
        if held:
            yield held
        held = stretch
    if held:
        yield held


def _belong(text: str, above: Stretch, below: Stretch) -> bool:
    between = text[above.end : below.start]
    if above.kind == "table":
        return below.kind == "table" and not between
    goes_on = above.kind in _FLOWING and below.kind == "paragraph" and between.count("\n") <= 1
    return goes_on and _wraps(lines(text[above.start : above.end])[-1])


def _wraps(line: Line) -> bool:
    return line.width >= WRAPPED and not _ENDS.search(line.words)
