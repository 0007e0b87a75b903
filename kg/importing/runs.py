"""From glyphs to runs: words on one line, parted by wide gaps and by rules."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from kg.importing.characters import visible
from kg.importing.paper import Box, Glyph, Run, around
from kg.reading.folding import HAN

WORD_GAP = 0.17  # of the size; a narrower gap between Latin letters is kerning
WIDE_GAP = 0.75  # of the size; words that are further apart stand in different columns or cells
LINE = 0.5  # of the smaller height; runs whose middles are nearer stand on one line
RAISED = 0.8  # of the size of what stands before; smaller characters above the line are powers or notes
_POWERS = str.maketrans("0123456789+-", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207a\u207b")
_WIDE = re.compile(f"[{HAN}\u3000-\u303f\uff00-\uff60\u201c\u201d\u2018\u2019\u2014\u2026]")


def runs_of(glyphs: Sequence[Glyph], down: Sequence[Box] = ()) -> list[Run]:
    """Return the runs of a page, from top to bottom; ``down`` are the vertical rules, which part words."""
    fence = _Fence(down)
    found: list[Run] = []
    for line in _lines(_pieces(glyphs, fence)):
        found += _joined(sorted(line, key=lambda run: run.box.left), fence)
    return found


class _Fence:
    """The vertical rules of a page, by their place."""

    def __init__(self, down: Sequence[Box]) -> None:
        self._rules = sorted(down, key=lambda rule: rule.centre)
        self._places = [rule.centre for rule in self._rules]

    def parts(self, left: Box, right: Box) -> bool:
        """Say whether a rule stands between two boxes of a line."""
        if not self._places:
            return False
        first = bisect_left(self._places, left.centre)
        last = bisect_right(self._places, right.centre)
        return any(rule.top <= left.middle <= rule.bottom for rule in self._rules[first:last])


def _pieces(glyphs: Sequence[Glyph], fence: _Fence) -> Iterator[Run]:
    """Yield runs of glyphs that follow each other in the file."""
    piece: list[Glyph] = []
    for glyph in glyphs:
        if piece and not _follows(piece[-1], glyph, fence):
            yield _run(piece)
            piece = []
        piece.append(glyph)
    if piece:
        yield _run(piece)


def _follows(before: Glyph, glyph: Glyph, fence: _Fence) -> bool:
    one, other = before.box, glyph.box
    gap = other.left - one.right
    smaller, size = sorted((before.size, glyph.size))
    if not (-0.6 * size < gap < WIDE_GAP * size and smaller > RAISED * size):
        return False
    level = abs(one.middle - other.middle) < LINE * min(one.height, other.height)
    return level and not (gap > 0 and fence.parts(one, other))


def _run(piece: Sequence[Glyph]) -> Run:
    words = piece[0].character
    for before, glyph in pairwise(piece):
        wide = _WIDE.match(before.character[-1:]) and _WIDE.match(glyph.character[:1])
        gap = glyph.box.left - before.box.right
        words += " " * (_is_blank(gap, glyph, wide is not None)) + glyph.character
    bold = 2 * sum(glyph.bold for glyph in piece) > len(piece)
    return Run(visible(words), around(glyph.box for glyph in piece), max(glyph.size for glyph in piece), bold)


def _is_blank(gap: float, glyph: Glyph, wide: bool) -> bool:
    """Say whether a blank stands before a glyph; Chinese that is spread out to fill a line has none."""
    return gap > (0.25 if glyph.space else 0.6) * glyph.size if wide else glyph.space or gap > WORD_GAP * glyph.size


def _lines(pieces: Iterator[Run]) -> Iterator[list[Run]]:
    """Yield the runs that stand on one line of the page, whatever column they belong to."""
    line: list[Run] = []
    for run in sorted(pieces, key=lambda run: run.box.middle):
        if line and run.box.middle - line[0].box.middle > LINE * min(line[0].box.height, run.box.height):
            yield line
            line = []
        line.append(run)
    if line:
        yield line


def _joined(line: Sequence[Run], fence: _Fence) -> Iterator[Run]:
    """Yield the runs of a line, those with no wide gap between them as one."""
    current = line[0]
    for run in line[1:]:
        gap, size = run.box.left - current.box.right, max(current.size, run.size)
        if gap < WIDE_GAP * size and not (gap > 0 and fence.parts(current.box, run.box)):
            current = _together(current, run, gap)
        else:
            yield current
            current = run
    yield current


def _together(left: Run, right: Run, gap: float) -> Run:
    raised = right.size < RAISED * left.size and right.box.middle < left.box.middle - 0.1 * left.size
    words = right.words.translate(_POWERS) if raised else right.words
    wide = _WIDE.match(left.words[-1]) and _WIDE.match(words[0])
    blank = not raised and gap > (0.6 if wide else WORD_GAP) * max(left.size, right.size)
    weight = len(left.words) * left.bold + len(right.words) * right.bold
    return Run(
        left.words + " " * blank + words,
        around((left.box, right.box)),
        max(left.size, right.size),
        2 * weight > len(left.words) + len(right.words),
    )
