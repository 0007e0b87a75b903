"""The reading order of a page: where its columns and tables are.

A page is cut into bands, which no line of text crosses. Bands that follow each other and share a gutter are a table, or
columns of text, which are cut in the same way again. It is a table where words stand side by side and fill no column.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from kg.importing.grids import Cell
from kg.importing.joining import words_of
from kg.importing.lattice import Lattice, lattices
from kg.importing.paper import Page, Run, around
from kg.importing.stripes import stripes
from kg.reading.figures import is_number

GUTTER = 0.7  # of the size of the text: the narrowest gutter
FAR = 2.2  # of the height of a line: a wider gap below a column's last line ends it
BESIDE = 3.5  # heights of a line: the widest gap in a column that goes on beside a heading of another column
LARGER = 1.15  # of the usual size: a line of a larger size heads what follows
CENTRAL = 0.04  # of the page's width from its middle: a gutter there parts the page's columns
SHORT, TALL = 0.12, 0.4  # of the page's height: columns with running text, and without
FULL = 0.8  # of a column's width: a line of running text that goes on
SOME = 0.4  # share of full lines in a column of running text, which has headings and lists too
ALONE = 3.0  # of the size: a narrower blank in a line that stands alone is only a blank
TIGHT = 0.5  # of the height of a line: a wider gap is more than that of lines that belong together
SPREAD = 0.3  # of the height of a line: gaps that differ by more are those within rows and those between them
PROSE = 20  # columns of a line of running text at least, and
LINES = 4  # lines of a column of running text
DEEPEST = 6  # columns in columns

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of a page: lines of running text in one column, or the rows of a table."""

    lines: tuple[Run, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()


def zones(page: Page) -> list[Zone]:
    """Return the zones of a page in reading order."""
    tables = lattices(page, words_of)
    free = [run for run in page.runs if not any(table.box.holds(run.box) for table in tables)]
    striped = stripes(page, free)
    free = [run for run in free if not any(table.box.holds(run.box) for table in striped)]
    # A ruled table takes part in the order as one run without words.
    marks = {Run(f"\x00{number}", table.box, 0.0, False): table for number, table in enumerate([*tables, *striped])}
    found: list[Zone] = []
    for zone in _ordered([*free, *marks], page, 0):
        found += _with_tables(zone, marks)
    return found


def _with_tables(zone: Zone, marks: dict[Run, Lattice]) -> list[Zone]:
    """Put the ruled tables in the place of their marks."""
    parts: list[Zone] = []
    lines: list[Run] = []
    for line in zone.lines:
        if line in marks:
            parts += [Zone(tuple(lines)), Zone(rows=marks[line].rows)]
            lines = []
        else:
            lines.append(line)
    return [part for part in (*parts, Zone(tuple(lines), zone.rows)) if part.lines or part.rows]


def _ordered(runs: Sequence[Run], page: Page, depth: int) -> list[Zone]:
    bands = _bands(runs)
    found: list[Zone] = []
    plain: list[Run] = []
    first = 0
    while first < len(bands):
        last, gutters = _group(bands, first)
        if last == first + 1 and all(b - a < ALONE * bands[first][0].size for a, b in gutters):
            gutters = []  # a wide blank in one line of running text
        if gutters and depth < DEEPEST:
            found += [Zone(tuple(plain)), *_side_by_side(bands[first:last], gutters, page, depth)]
            plain = []
        else:
            plain += [run for band in bands[first:last] for run in _in_lines(band)]
        first = last
    return [zone for zone in (*found, Zone(tuple(plain))) if zone.lines or zone.rows]


def _in_lines(band: Sequence[Run]) -> list[Run]:
    """Return runs from top to bottom, those beside each other as one line."""
    lines: list[Run] = []
    for run in sorted(band, key=lambda run: (run.box.middle, run.box.left)):
        last = lines[-1] if lines else None
        beside = last and last.size and run.size and run.box.middle - last.box.middle < 0.5 * last.box.height
        if last and beside and run.box.left >= last.box.right:
            lines[-1] = Run(f"{last.words} {run.words}", around((last.box, run.box)), last.size, last.bold)
        else:
            lines.append(run)
    return lines


def _bands(runs: Sequence[Run]) -> list[list[Run]]:
    """Return runs in groups that overlap in height, from top to bottom."""
    bands: list[list[Run]] = []
    bottom = float("-inf")
    for run in sorted(runs, key=lambda run: run.box.top):
        inset = 0.2 * min(run.box.height, run.size or run.box.height)  # boxes of lines set tight overlap
        if bands and run.box.top + inset < bottom:
            bands[-1].append(run)
        else:
            bands.append([run])
            bottom = float("-inf")
        bottom = max(bottom, run.box.bottom - inset)
    return bands


def _group(bands: Sequence[list[Run]], first: int) -> tuple[int, list[Interval]]:
    """Return where the bands end that share gutters with the first one, and those gutters."""
    free = _gaps(bands[first])
    gutters = _inner(free, bands[first])
    last, runs = first + 1, list(bands[first])
    while gutters and last < len(bands):
        band = bands[last]
        shared = _common(free, _gaps(band))
        inner = _inner(shared, [*runs, *band])
        if not inner or (len(band) == 1 and _ends(runs, bands[last:], shared)):
            break
        free, gutters = shared, inner
        runs += band
        last += 1
    return last, gutters


def _ends(runs: Sequence[Run], following: Sequence[list[Run]], gaps: Sequence[Interval]) -> bool:
    """Say whether a line with nothing beside it belongs to what follows: it is larger, or far off.

    Not where the column beside goes on as if nothing stood here: then it is a heading inside its own column.
    """
    line = following[0][0]
    height = median(run.box.height for run in runs)
    gap = line.box.top - max(run.box.bottom for run in runs)
    if gap <= (FAR - 1) * height and line.size <= LARGER * median(run.size for run in runs):
        return False
    gutter = next((a, b) for a, b in gaps if b - a > 1 and _parts((a, b), runs))
    left = line.box.centre < gutter[0]
    above = [run.box.bottom for run in runs if (run.box.centre < gutter[0]) != left]
    below = _beside(following[1:], gutter, left)
    return not above or below is None or below - max(above) > BESIDE * height


def _parts(gutter: Interval, runs: Sequence[Run]) -> bool:
    """Say whether words stand on both sides of a gutter."""
    return any(run.box.right <= gutter[0] for run in runs) and any(run.box.left >= gutter[1] for run in runs)


def _beside(bands: Sequence[list[Run]], gutter: Interval, left: bool) -> float | None:
    """Return where the next line of the other column begins, or None if something crosses the gutter before."""
    for band in bands:
        if any(run.box.left < gutter[1] and run.box.right > gutter[0] for run in band):
            return None
        tops = [run.box.top for run in band if (run.box.centre < gutter[0]) != left]
        if tops:
            return min(tops)
    return None


def _gaps(band: Sequence[Run]) -> list[Interval]:
    """Return the stretches of the page's width where a band has nothing, the margins among them."""
    gaps, edge = [], float("-inf")
    for run in sorted(band, key=lambda run: run.box.left):
        if run.box.left - edge > GUTTER * run.size:
            gaps.append((edge, run.box.left))
        edge = max(edge, run.box.right)
    return [*gaps, (edge, float("inf"))]


def _common(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    found = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return [(left, right) for left, right in found if right - left > 1]


def _inner(gaps: Sequence[Interval], runs: Sequence[Run]) -> list[Interval]:
    """Return the gaps with words on both sides that are wide enough for a gutter."""
    left, right = min(run.box.left for run in runs), max(run.box.right for run in runs)
    least = GUTTER * median(run.size for run in runs)
    return [(a, b) for a, b in gaps if left < a and b < right and b - a >= least]


def _side_by_side(bands: Sequence[list[Run]], gutters: Sequence[Interval], page: Page, depth: int) -> list[Zone]:
    """Return the zones of bands that share gutters: a table, or what stands in each column."""
    middles = sorted((a + b) / 2 for a, b in gutters)
    columns: list[list[Run]] = [[] for _ in range(len(middles) + 1)]
    for band in bands:
        for run in band:
            columns[sum(run.box.centre > middle for middle in middles)].append(run)
    if any(not run.size for column in columns for run in column) or not _is_table(bands, columns, middles, page):
        return [zone for column in columns for zone in _ordered(column, page, depth + 1)]
    return [Zone(rows=tuple(_row(row, middles) for row in _rows(bands, middles, page)))]


def _is_table(
    bands: Sequence[list[Run]], columns: Sequence[Sequence[Run]], middles: Sequence[float], page: Page
) -> bool:
    """Say whether words side by side are rows of a table."""
    if len(_spanning(bands, page)) > 1:
        return True
    prose = sum(map(_is_prose, columns))
    if len(columns) > 2 and prose < len(columns) and sum(gap > TIGHT for gap in _between(bands)) > 1:
        return True  # all columns break off together, again and again
    if prose > 1 or (prose and len(columns) == 2 and min(map(len, columns)) < LINES):
        return False
    if len(columns) == 2 and abs(middles[0] - page.box.centre) < CENTRAL * page.box.width:
        box = around(run.box for column in columns for run in column)
        if box.height > (SHORT if prose else TALL) * page.box.height:
            return False
    beside = [band for band in bands if len(band) > 1]
    return not any(_is_display(band, bands) for band in beside)


def _is_prose(column: Sequence[Run]) -> bool:
    """Say whether a column has running text: several lines, many of them full."""
    box = around(run.box for run in column)
    full = sum(run.box.width >= FULL * box.width for run in column)
    return len(column) >= LINES and full >= SOME * len(column) and median(run.columns for run in column) >= PROSE


def _is_display(band: Sequence[Run], bands: Sequence[list[Run]]) -> bool:
    """Say whether a band has numbers in large type, each with its caption below or above: a row of cards."""
    usual = median(run.size for each in bands for run in each if each is not band) if len(bands) > 1 else 0
    return all(is_number(run.words) and run.size > LARGER * usual for run in band)


def _spanning(bands: Sequence[list[Run]], page: Page) -> list[float]:
    """Return the heights of the rules that lie across most of the width of bands, at their edges or between."""
    box = around(run.box for band in bands for run in band)
    reach = median(run.box.height for band in bands for run in band)
    heights = sorted(
        rule.middle
        for rule in page.across
        if box.top - reach <= rule.middle <= box.bottom + reach
        and min(rule.right, box.right) - max(rule.left, box.left) >= FULL * box.width
    )
    return [y for i, y in enumerate(heights) if not i or y - heights[i - 1] > 3]


def _rows(bands: Sequence[list[Run]], middles: Sequence[float], page: Page) -> list[list[Run]]:
    """Return the runs of each row: rules part rows, else a band does that has words in its first column."""
    rules = _spanning(bands, page)
    parted = len(rules) > max(3, len(bands) / 3)  # a rule below each row, and not only below the header
    apart = _apart(bands, middles)
    rows: list[list[Run]] = [list(bands[0])]
    for (before, band), gap in zip(pairwise(bands), _between(bands), strict=True):
        top, above = min(run.box.top for run in band), max(run.box.bottom for run in before)
        ruled = any(above - 1 <= y <= top + 1 for y in rules)
        begins = min(run.box.left for run in band) < middles[0]
        if ruled or (not parted and (gap > apart if apart else begins or gap > TIGHT)):
            rows.append([])
        rows[-1] += band
    return rows


def _between(bands: Sequence[list[Run]]) -> list[float]:
    """Return the gaps between bands, in heights of a line."""
    height = median(run.box.height for band in bands for run in band)
    ends = [(min(run.box.top for run in band), max(run.box.bottom for run in band)) for band in bands]
    return [(following[0] - before[1]) / height for before, following in pairwise(ends)]


def _apart(bands: Sequence[list[Run]], middles: Sequence[float]) -> float:
    """Return the gap that parts rows where cells run over lines, which are set tighter than rows; 0 where none does."""
    gaps = _between(bands)
    low, high = min(gaps, default=0.0), max(gaps, default=0.0)
    between = (low + high) / 2
    going_on = [band for band, gap in zip(bands[1:], gaps, strict=True) if gap <= between]
    lacking = sum(len({sum(run.box.centre > x for x in middles) for run in band}) <= len(middles) for band in going_on)
    return between if high - low > SPREAD and 2 * lacking >= len(going_on) else 0.0


def _row(runs: Sequence[Run], middles: Sequence[float]) -> tuple[Cell, ...]:
    cells: list[list[Run]] = [[] for _ in range(len(middles) + 1)]
    for run in runs:
        cells[sum(run.box.centre > middle for middle in middles)].append(run)
    return tuple(Cell(words_of(cell)) for cell in cells)
