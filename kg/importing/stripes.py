"""Tables whose rows are parted by horizontal rules only: between rules of one length, words keep to columns."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from kg.importing.grids import Cell
from kg.importing.joining import words_of
from kg.importing.lattice import Lattice
from kg.importing.paper import Box, Page, Run, around

RULES = 4  # rules of one length at least; three part a header and a body, whose rows are found otherwise
NEAR = 3.0  # points by which rules of one table may differ at their ends
GUTTER = 0.35  # of the size of the text: the narrowest gutter where rules say that there is a table
HEADER = 3.0  # heights of a line above the first rule in which a header without a rule above it stands
LARGEST = 0.35  # of the page's height: rules that are further apart part no rows


def stripes(page: Page, free: Sequence[Run]) -> list[Lattice]:
    """Return the tables among the words of a page that stand in no other table."""
    found = (_table(group, free) for group in _groups(page))
    return [table for table in found if table]


def _groups(page: Page) -> Iterator[list[Box]]:
    """Yield rules of one length below each other, several at least."""
    group: list[Box] = []
    for rule in sorted(page.across, key=lambda rule: (round(rule.left / NEAR), round(rule.right / NEAR), rule.top)):
        last = group[-1] if group else None
        alike = last and abs(last.left - rule.left) < NEAR and abs(last.right - rule.right) < NEAR
        if last and not (alike and 0 <= rule.top - last.top < LARGEST * page.box.height):
            yield group
            group = []
        if not group or rule.top - group[-1].top > NEAR:
            group.append(rule)
    if group:
        yield group


def _table(rules: Sequence[Box], free: Sequence[Run]) -> Lattice | None:
    if len(rules) < RULES:
        return None
    frame = around(rules)
    inside = [run for run in free if frame.holds(run.box)]
    if not inside:
        return None
    head = _header(frame, inside, free)
    gutters = _gutters([*head, *inside])
    rows = [head] if head else []
    for above, below in pairwise(rules):
        rows.append([run for run in inside if above.middle < run.box.middle <= below.middle])
    cells = tuple(_cells(row, gutters) for row in rows if row)
    if not gutters or sum(sum(bool(cell.words) for cell in row) > 1 for row in cells) < 3:
        return None
    return Lattice(around([frame, *(run.box for run in head)]), cells)


def _header(frame: Box, inside: Sequence[Run], free: Sequence[Run]) -> list[Run]:
    """Return what stands right above the first rule, if it is parted into columns as the rows are."""
    height = median(run.box.height for run in inside)
    above = [run for run in free if frame.left <= run.box.centre <= frame.right and run.box.middle < frame.top]
    header: list[Run] = []
    edge = frame.top
    for run in sorted(above, key=lambda run: -run.box.bottom):
        if edge - run.box.bottom > height or frame.top - run.box.top > HEADER * height:
            break
        header.append(run)
        edge = min(edge, run.box.top)
    return header if len(header) > 1 and len(_gutters([*header, *inside])) == len(_gutters(inside)) else []


def _gutters(runs: Sequence[Run]) -> list[float]:
    """Return the middles of the stretches between words that no line crosses."""
    least = GUTTER * median(run.size for run in runs)
    gutters = []
    edge = float("inf")
    for run in sorted(runs, key=lambda run: run.box.left):
        if run.box.left - edge > least:
            gutters.append((edge + run.box.left) / 2)
        edge = max(edge, run.box.right) if edge != float("inf") else run.box.right
    return gutters


def _cells(row: Sequence[Run], gutters: Sequence[float]) -> tuple[Cell, ...]:
    cells: list[list[Run]] = [[] for _ in range(len(gutters) + 1)]
    for run in row:
        cells[sum(run.box.centre > gutter for gutter in gutters)].append(run)
    return tuple(Cell(words_of(cell)) for cell in cells)
