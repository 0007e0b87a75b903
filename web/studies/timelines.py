"""Promises on a line of years: from the base to the year in which each is due, with the share that is done."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from web.studies.bars import SHADES
from web.svg import cut, drawing, said

NAMES, YEARS, STATUS, ROW, HEAD = 400, 380, 220, 28, 30  # pixels
EDGE = 24  # pixels between the names and the first year, and after the last one
KEPT = frozenset({"reached", "within", "on-track"})
MISSED = frozenset({"behind", "missed"})
_ROOM = 40  # pixels that the word of a year needs


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise: what, from when until when, what became of it, and the share that is done, at most 1 is drawn."""

    name: str
    since: int
    due: int
    status: str
    said: str
    share: float | None = None


def timeline(title: str, rows: Sequence[Promised]) -> Markup:
    """Return promises as SVG, nothing without any.

    >>> "2025" in timeline("Promises", [Promised("PUE 1.3", 2020, 2025, "reached", "reached", 1.0)])
    True
    """
    if not rows:
        return Markup()
    first, last = min(row.since for row in rows), max(row.due for row in rows)
    height = HEAD + ROW * len(rows) + 8
    scale = (YEARS - 2 * EDGE) / max(1, last - first)

    def at(when: float) -> float:
        return NAMES + EDGE + scale * (when - first)

    body = "".join(_year(when, at(when), height) for when in _written(first, rows, scale))
    body += "".join(
        _row(row, at(row.since), at(row.due), HEAD + ROW * place + ROW / 2) for place, row in enumerate(rows)
    )
    return drawing(title, NAMES + YEARS + STATUS, height, body)


def _written(first: int, rows: Sequence[Promised], scale: float) -> list[int]:
    """Return the years that are written: those in which most is due, as far as their words do not touch."""
    due = Counter(row.due for row in rows)
    kept: list[int] = []
    for when in (*(year for year, _ in due.most_common()), first):
        if all(abs(when - other) * scale >= _ROOM for other in kept):
            kept.append(when)
    return kept


def _year(when: int, x: float, height: float) -> str:
    line = f'<path d="M{x:g} {HEAD - 6}V{height:g}" stroke="currentColor" stroke-opacity=".15"/>'
    return line + said(str(when), x, HEAD - 12, "middle")


def _row(row: Promised, start: float, end: float, y: float) -> str:
    shade = SHADES[0] if row.status in KEPT else SHADES[4] if row.status in MISSED else SHADES[5]
    filled = shade if row.status in KEPT | MISSED else "none"
    line = f'<path d="M{start:g} {y:g}H{end:g}" stroke="{shade}" stroke-opacity=".4" stroke-width="2"/>'
    reach = start + (end - start) * min(1.0, max(0.0, row.share or 0.0))
    done = f'<path d="M{start:g} {y:g}H{reach:g}" stroke="{shade}" stroke-width="6"/>' if row.share else ""
    point = f'<circle cx="{end:g}" cy="{y:g}" r="5" fill="{filled}" stroke="{shade}" stroke-width="1.5"/>'
    name = said(cut(row.name, NAMES - 8), NAMES - 8, y + 5, "end")
    status = said(cut(row.said, STATUS - 12), NAMES + YEARS + 4, y + 5)
    return f"{line}{done}{point}{name}{status}"
