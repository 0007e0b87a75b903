"""A matrix as a drawing: things by companies or reports, in each cell a point whose size or filling says how it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from web.studies.bars import SHADES
from web.svg import SIZE, cut, drawing, said

NAMES, COLUMN, ROW, INDENT, HEAD, KEY = 320, 132, 26, 16, 46, 40  # pixels
SMALL, LARGE, PLAIN = 2.5, 9.0, 5.5  # radius of the point of one thing, of the most there is, of one that counts none


@dataclass(frozen=True, slots=True)
class Point:
    """What stands in a cell: ``mark`` is full, crossed or hollow; ``count`` gives the size where it is not 0."""

    mark: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class GridRow:
    """A line of a matrix; an empty cell has no point."""

    name: str
    points: tuple[Point | None, ...]
    depth: int = 0


def grid(title: str, columns: Sequence[str], rows: Sequence[GridRow], key: Sequence[tuple[str, str]] = ()) -> Markup:
    """Return a matrix as SVG, nothing without rows; ``key`` says what each mark means.

    >>> "China" in grid("Risks", ["China Mobile"], [GridRow("flood", (Point("full", 3),))])
    True
    """
    if not rows or not columns:
        return Markup()
    most = max((point.count for row in rows for point in row.points if point), default=0)
    body = "".join(_head(name, place) for place, name in enumerate(columns))
    body += "".join(_row(row, HEAD + ROW * place, most) for place, row in enumerate(rows))
    bottom = HEAD + ROW * len(rows)
    body += "".join(_key(mark, meaning, place, bottom) for place, (mark, meaning) in enumerate(key))
    width = NAMES + COLUMN * len(columns)
    return drawing(title, max(width, _KEYED * len(key)), bottom + (KEY if key else ROW / 2), body)


_KEYED = 220  # pixels of an entry of the key


def _head(name: str, place: int) -> str:
    """Return the head of a column; a company and a year stand on two lines."""
    x = NAMES + COLUMN * (place + 0.5)
    first, _, last = name.rpartition(" ") if name[-4:].isdigit() else ("", "", name)
    upper = said(cut(first, COLUMN - 8), x, 18, "middle") if first else ""
    return upper + said(cut(last, COLUMN - 8), x, 35, "middle")


def _row(row: GridRow, top: int, most: int) -> str:
    width = NAMES + COLUMN * len(row.points)
    line = f'<path d="M0 {top}H{width}" stroke="currentColor" stroke-opacity=".15"/>'
    inset = INDENT * row.depth
    name = said(cut(row.name, NAMES - inset - 12), inset, top + 18)
    points = (
        _point(point, NAMES + COLUMN * (place + 0.5), top + ROW / 2, most)
        for place, point in enumerate(row.points)
        if point
    )
    return line + name + "".join(points)


def _point(point: Point, x: float, y: float, most: int) -> str:
    if not point.count:
        return _mark(point.mark, x, y, PLAIN)
    radius = SMALL + (LARGE - SMALL) * (point.count / most) ** 0.5
    number = said(str(point.count), x + 6, y + SIZE * 0.36, fill="currentColor")
    return _mark(point.mark, x - 8, y, radius) + number


def _mark(mark: str, x: float, y: float, radius: float) -> str:
    shade = SHADES[0] if mark == "full" else SHADES[4] if mark == "crossed" else "currentColor"
    filled = f'fill="{shade}"' if mark == "full" else 'fill="none"'
    faint = ' stroke-opacity=".35"' if mark == "hollow" else ""
    circle = f'<circle cx="{x:g}" cy="{y:g}" r="{radius:.1f}" {filled} stroke="{shade}" stroke-width="1.5"{faint}/>'
    across = radius * 0.7
    way = f"M{x - across:g} {y + across:g}L{x + across:g} {y - across:g}"
    cross = f'<path d="{way}" stroke="{shade}" stroke-width="1.5"/>'
    return circle + (cross if mark == "crossed" else "")


def _key(mark: str, meaning: str, place: int, bottom: int) -> str:
    x, y = 8 + _KEYED * place, bottom + KEY * 0.6
    return _mark(mark, x, y, PLAIN) + said(meaning, x + 14, y + 5)
