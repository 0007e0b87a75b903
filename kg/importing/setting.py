"""From lines to paragraphs, headings and items: what a typesetter did, undone."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise, takewhile
from statistics import median

from kg.importing.grids import Cell, plain_rows
from kg.importing.joining import BULLET, joint
from kg.importing.paper import Run
from kg.importing.sheet import Sheet
from kg.importing.zones import Zone
from kg.reading.figures import is_number
from kg.reading.sections import width

APART = 1.4  # of the usual distance of lines: further apart, a paragraph begins
LARGE_APART = 1.8  # of the size, for lines larger than most: a title over two lines is one
SMALLER = 0.88  # of a size; sizes nearer than this are one
HEADING = 1.12  # of the usual size: larger lines are headings
LONGEST = 90  # columns of a heading
NEAR = 0.97  # of a size; sizes nearer than this are the same one
CAPTION = 2  # lines above or below a number that say what it is of
LEVELS = 6
INDENT = 0.8  # of the size: a line set in as far begins a paragraph
_ITEM = re.compile(r"(?:[(\uff08]?\d{1,2}[).\u3001\uff09](?!\d)|[\u2460-\u2473])\s*")
_STOP = re.compile(r"[\u3002.!?\uff01\uff1f\uff1b;:\uff1a][\u201d\u2019\u300d\"')\uff09]*\Z")
_END = re.compile(r"[\u3002\uff0c\u3001\uff1b;,!?\uff01\uff1f\uff1a:]\Z|(?<![A-Z])\.\Z")
_LETTER = re.compile(r"[^\W\d_]{2}|[^\W\d_]\s?[^\W\d_]")
# What a line is not broken inside of: a word or number, a Chinese character with the signs that belong to it.
_OPENING, _CLOSING = (
    "\u201c\u2018\u300a\u300c(\uff08",
    "\u3001\u3002\uff0c\uff1b\uff1a\uff01\uff1f\uff09\u300b\u300d\u201d\u2019%",
)
_UNIT = re.compile(rf"[{_OPENING}]*(?:[!-~]+|.)[{_CLOSING}]*")
_DATED = re.compile(r"(?:19|20)\d\d(?!\d)\s*[^\W\d]{2}")
_BROKEN = re.compile(r"[^\W\d_]-\Z")
_WORD = re.compile(r"[^\W\d_]+(?:-(?=\s|\Z))?")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, item or table; ``full`` says whether it may go on below its last line.

    ``rest`` is what of it stands on later pages: the page's place in the file, what joins it, and its words.
    """

    kind: str
    words: str = ""
    size: float = 0.0
    bold: bool = False
    full: bool = False
    rows: tuple[tuple[Cell, ...], ...] = ()
    rest: tuple[tuple[int, str, str], ...] = ()


def write(pages: Sequence[Sequence[Zone]], sheet: Sheet) -> None:
    """Write the zones of pages on a sheet; a paragraph or table that goes on over pages stays in one piece."""
    known = _known_words(pages)
    set_in = [(number, block) for number, page in enumerate(pages) for zone in page for block in _blocks(zone, known)]
    blocks = _joined(set_in, known)
    levels = _levels([block for _, block in blocks])
    captions = _captions([block for _, block in blocks])
    table = _Table()
    for number, block in blocks:
        _turn_to(number, sheet)
        if block.kind == "table":
            table.put(number, plain_rows(block.rows), sheet)
            continue
        titled = _could_be_title(block) and id(block) not in captions
        _put(block, levels.get(_style(block), 0) if titled else 0, sheet)
        for later, between, words in block.rest:
            _turn_to(later, sheet)
            sheet.more(between, words)
    _turn_to(len(pages) - 1, sheet)


class _Table:
    """The table that was written last: one of as many columns at the top of the next page goes on from it."""

    def __init__(self) -> None:
        self._page = -1
        self._header: list[str] = []

    def put(self, number: int, rows: list[list[str]], sheet: Sheet) -> None:
        """Write a table, without the header that is repeated on a new page."""
        goes_on = sheet.last == "row" and number == self._page + 1 and len(rows[0]) == len(self._header)
        repeated = goes_on and rows[0] == self._header
        sheet.table(rows[1:] if repeated else rows, goes_on)
        self._page, self._header = number, self._header if goes_on else rows[0]


def _captions(blocks: Sequence[Block]) -> set[int]:
    """Return the blocks near a number on a line of its own, in type like it: they say what it is of."""
    found = set()
    for at, block in enumerate(blocks):
        if _is_figure(block.words):
            for side in (blocks[max(0, at - CAPTION) : at][::-1], blocks[at + 1 : at + 1 + CAPTION]):
                found |= {id(other) for other in takewhile(partial(_is_set_like, block), side)}
    return found


def _is_figure(words: str) -> bool:
    """Say whether a line is a number with its unit, as in an infographic; a year with words is a title."""
    return is_number(words) and not _DATED.match(words)


def _is_set_like(block: Block, other: Block) -> bool:
    return other.kind != "table" and NEAR * block.size <= other.size <= block.size / NEAR


def _turn_to(number: int, sheet: Sheet) -> None:
    while len(sheet.pages) <= number:
        sheet.page()


def _put(block: Block, level: int, sheet: Sheet) -> None:
    point = BULLET.match(block.words)
    if block.kind == "item" and point:
        sheet.item(0, block.words[point.end() :])
    elif level and block.kind == "paragraph":
        sheet.heading(level, block.words)
    else:
        sheet.paragraph(block.words)


def _joined(blocks: Sequence[tuple[int, Block]], known: frozenset[str]) -> list[tuple[int, Block]]:
    """Return blocks with those in one that a page break has parted."""
    joined: list[tuple[int, Block]] = []
    last = -1
    for number, block in blocks:
        before = joined[-1][1] if joined else None
        if before and number > last and _goes_on(before, block):
            ends = before.rest[-1][2] if before.rest else before.words
            kept, between = joint(ends, block.words, known)
            rest = (*_with_end(before, kept), (number, between, block.words))
            words = before.words if before.rest else kept
            joined[-1] = (joined[-1][0], replace(before, words=words, rest=rest, full=block.full))
        else:
            joined.append((number, block))
        last = number
    return joined


def _with_end(block: Block, kept: str) -> tuple[tuple[int, str, str], ...]:
    """Return the rest of a block, the words on its last page replaced."""
    return (*block.rest[:-1], (*block.rest[-1][:2], kept)) if block.rest else ()


def _goes_on(before: Block, block: Block) -> bool:
    return (
        before.kind != "table"
        and block.kind == "paragraph"
        and before.full
        and not _STOP.search(before.rest[-1][2] if before.rest else before.words)
        and _alike(before.size, block.size)
        and before.bold == block.bold
    )


def _blocks(zone: Zone, known: frozenset[str]) -> Iterator[Block]:
    """Yield the blocks of a zone."""
    if zone.rows:
        yield Block("table", rows=zone.rows)
        return
    for cluster in _clusters(zone.lines):
        right = max(line.box.right for line in cluster)
        current = _begun(cluster[0], right)
        for before, line in pairwise(cluster):
            if _begins(current, before, line, right):
                yield current
                current = _begun(line, right)
            else:
                words, between = joint(current.words, line.words, known)
                current = replace(current, words=words + between + line.words, full=_is_full(line, right, ""))
        yield current


def _clusters(lines: Sequence[Run]) -> Iterator[list[Run]]:
    """Yield lines that are set alike, at the usual distance."""
    steps = [line.box.bottom - before.box.bottom for before, line in pairwise(lines)]
    near = [step for step, line in zip(steps, lines, strict=False) if 0 < step < 2.5 * line.box.height]
    pitch = median(near) if near else float("inf")
    usual = median(line.size for line in lines)
    cluster: list[Run] = []
    for line, step in zip(lines, [0.0, *steps], strict=True):
        if cluster:
            large = not _alike(line.size, usual) and line.size > usual
            apart = step < 0 or step > (LARGE_APART * line.size if large else APART * pitch)
            changed = not _alike(cluster[-1].size, line.size) or cluster[-1].bold != line.bold
            if apart or changed or _is_figure(line.words) or _is_figure(cluster[-1].words):
                yield cluster
                cluster = []
        cluster.append(line)
    if cluster:
        yield cluster


def _begun(line: Run, right: float) -> Block:
    kind = "item" if BULLET.match(line.words) or _ITEM.match(line.words) else "paragraph"
    return Block(kind, line.words, line.size, line.bold, _is_full(line, right, ""))


def _begins(block: Block, before: Run, line: Run, right: float) -> bool:
    """Say whether a line begins a block of its own."""
    if BULLET.match(line.words) or _ITEM.match(line.words):
        return True
    if block.kind == "paragraph" and line.box.left > before.box.left + INDENT * line.size:
        return True
    return not _is_full(before, right, line.words)


def _is_full(line: Run, right: float, following: str) -> bool:
    """Say whether the first word of what follows would not have found room at the end of a line."""
    if _BROKEN.search(line.words) and following[:1].islower():
        return True
    unit = _UNIT.match(following)
    room = (width(unit.group()) / 2 if unit else 2.0) * line.size
    return right - line.box.right < 1.2 * room + 0.3 * line.size


def _alike(one: float, other: float) -> bool:
    return min(one, other) > SMALLER * max(one, other)


def _known_words(pages: Sequence[Sequence[Zone]]) -> frozenset[str]:
    """Return the words of a text, those cut at the end of a line aside."""
    lines = (line.words for page in pages for zone in page for line in zone.lines)
    found = (word.lower() for words in lines for word in _WORD.findall(words))
    return frozenset(word for word in found if not word.endswith("-"))


Style = tuple[float, bool]


def _style(block: Block) -> Style:
    return round(block.size), block.bold


def _levels(blocks: Sequence[Block]) -> dict[Style, int]:
    """Return the level of each style of headings: larger than the usual text, or bold where that is not."""
    written: Counter[Style] = Counter()
    for block in blocks:
        written[_style(block)] += len(block.words)
    if not written:
        return {}
    usual, bold = written.most_common(1)[0][0]
    titles = {_style(block) for block in blocks if _could_be_title(block)}
    found = {style for style in titles if style[0] >= HEADING * usual or (style == (usual, True) and not bold)}
    # A style in which paragraphs are written is none of headings.
    found -= {style for style in found if _share_of_titles(blocks, style) < 0.5}
    sizes = sorted({(size, heavy and size < HEADING * usual) for size, heavy in found}, key=lambda each: -each[0])
    return {style: min(_rank(style, sizes), LEVELS) for style in found}


def _rank(style: Style, sizes: Sequence[Style]) -> int:
    return next(number for number, each in enumerate(sizes, 1) if each[0] == style[0])


def _share_of_titles(blocks: Sequence[Block], style: Style) -> float:
    alike = [block for block in blocks if block.kind == "paragraph" and _style(block) == style]
    return sum(map(_could_be_title, alike)) / max(1, len(alike))


def _could_be_title(block: Block) -> bool:
    words = block.words
    if block.kind != "paragraph" or _is_figure(words) or _END.search(words):
        return False
    return width(words) <= LONGEST and _LETTER.search(words) is not None
