"""Tables drawn with rules: their cells, found from where horizontal and vertical rules cross."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.importing.grids import Cell
from kg.importing.paper import Box, Page, Run, around

NEAR = 3.0  # points by which rules may miss each other and still meet
MOST = 400  # rules of a page in one direction; maps and charts have more


@dataclass(frozen=True, slots=True)
class Lattice:
    """A table's place on the page and its rows of cells."""

    box: Box
    rows: tuple[tuple[Cell, ...], ...]


def lattices(page: Page, words: Callable[[Sequence[Run]], str]) -> list[Lattice]:
    """Return the ruled tables of a page; ``words`` puts the runs of a cell into words."""
    if not (page.across and page.down) or max(len(page.across), len(page.down)) > MOST:
        return []
    groups = (part for group in _groups([*page.across, *page.down]) for part in _parted(group))
    found = (_lattice(group, page, words) for group in groups)
    return [lattice for lattice in found if lattice]


def _parted(rules: list[Box]) -> Iterator[list[Box]]:
    """Yield the rules of each of several tables right below each other: their columns have nothing in common."""
    down = [rule for rule in rules if rule.width <= rule.height]
    box = around(rules)
    ys = _edges([rule.middle for rule in rules if rule.width > rule.height] + [box.top, box.bottom])
    start, before = box.top - NEAR, set[int]()
    for top, bottom in pairwise(ys):
        middle = (top + bottom) / 2
        inner = [rule.centre for rule in down if rule.top <= middle <= rule.bottom]
        places = {round(x / NEAR) for x in inner if box.left + NEAR < x < box.right - NEAR}
        near = {place + step for place in places for step in (-1, 0, 1)}
        if places and before and not before & near:
            yield [_cut(rule, start, top) for rule in rules if rule.top < top and rule.bottom > start]
            start = top - NEAR
        before = places or before
    yield [_cut(rule, start, box.bottom + NEAR) for rule in rules if rule.bottom > start]


def _cut(rule: Box, top: float, bottom: float) -> Box:
    return Box(rule.left, max(rule.top, top), rule.right, min(rule.bottom, bottom + NEAR))


def _groups(rules: list[Box]) -> Iterator[list[Box]]:
    """Yield the rules that touch each other, directly or through others."""
    left = list(rules)
    while left:
        group, fresh = [], [left.pop()]
        while fresh:
            rule = fresh.pop()
            group.append(rule)
            touching = [other for other in left if _touch(rule, other)]
            left = [other for other in left if not _touch(rule, other)]
            fresh += touching
        yield group


def _touch(one: Box, other: Box) -> bool:
    return (
        one.left <= other.right + NEAR
        and other.left <= one.right + NEAR
        and one.top <= other.bottom + NEAR
        and other.top <= one.bottom + NEAR
    )


def _lattice(rules: list[Box], page: Page, words: Callable[[Sequence[Run]], str]) -> Lattice | None:
    across = [rule for rule in rules if rule.width > rule.height]
    down = [rule for rule in rules if rule.width <= rule.height]
    if len(across) < 2 or not down:
        return None
    box = around(rules)
    xs = _edges([rule.centre for rule in down] + [box.left, box.right])
    ys = _edges([rule.middle for rule in across] + [box.top, box.bottom])
    if len(xs) < 3 or len(ys) < 3:  # one column, or one row: a frame around text
        return None
    grid = _Grid(xs, ys, across, down)
    runs = [run for run in page.runs if box.holds(run.box)]
    rows = tuple(tuple(grid.row(number, runs, words)) for number in range(len(ys) - 1))
    filled = sum(1 for row in rows for cell in row if cell.words)
    return Lattice(box, tuple(row for row in rows if row)) if filled > 2 else None


def _edges(places: Sequence[float]) -> list[float]:
    """Return places in order, those near each other as one."""
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > NEAR:
            edges.append(place)
    return edges


class _Grid:
    """The smallest cells that the rules of a table allow, some of which belong together."""

    def __init__(self, xs: list[float], ys: list[float], across: list[Box], down: list[Box]) -> None:
        self._xs, self._ys, self._across, self._down = xs, ys, across, down
        self._taken: set[tuple[int, int]] = set()

    def row(self, number: int, runs: list[Run], words: Callable[[Sequence[Run]], str]) -> Iterator[Cell]:
        """Yield the cells that begin in a row."""
        for column in range(len(self._xs) - 1):
            if (number, column) in self._taken:
                continue
            columns, rows = self._span(number, column)
            self._taken |= {(number + i, column + j) for i in range(rows) for j in range(columns)}
            box = Box(self._xs[column], self._ys[number], self._xs[column + columns], self._ys[number + rows])
            yield Cell(words([run for run in runs if box.holds(run.box)]), columns, rows)

    def _span(self, row: int, column: int) -> tuple[int, int]:
        """Return how many columns and rows a cell has: until a rule ends it."""
        columns = rows = 1
        while column + columns < len(self._xs) - 1 and not self._is_parted(row, column + columns):
            columns += 1
        while row + rows < len(self._ys) - 1 and not any(
            self._is_ruled(row + rows, each) for each in range(column, column + columns)
        ):
            rows += 1
        return columns, rows

    def _is_parted(self, row: int, column: int) -> bool:
        """Say whether a vertical rule stands at the left of a place."""
        x, y = self._xs[column], (self._ys[row] + self._ys[row + 1]) / 2
        return any(abs(rule.centre - x) <= NEAR and rule.top <= y <= rule.bottom for rule in self._down)

    def _is_ruled(self, row: int, column: int) -> bool:
        """Say whether a horizontal rule lies above a place."""
        x, y = (self._xs[column] + self._xs[column + 1]) / 2, self._ys[row]
        return any(abs(rule.middle - y) <= NEAR and rule.left <= x <= rule.right for rule in self._across)
