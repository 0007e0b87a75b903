"""Small pictures of what was measured: panels side by side, each value written at its point, as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, HEIGHT, GAP = 260, 150, 60  # of a panel's field, and between panels
TOP, LEFT, BOTTOM = 46, 24, 44
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#333}.title{font-weight:600;font-size:13px}"
    ".soft{fill:#666;font-size:11px}"
    ".axis{stroke:#bbb}.line{fill:none;stroke:#1a7f5a;stroke-width:2}.even{stroke:#bbb;stroke-dasharray:4 4}"
    "circle{fill:#1a7f5a}@media(prefers-color-scheme:dark){text{fill:#ddd}.soft{fill:#aaa}.axis,.even{stroke:#555}}"
)


@dataclass(frozen=True, slots=True)
class Panel:
    """A curve: pairs of numbers with a title and the unit of the second; both axes begin at nought."""

    title: str
    unit: str
    points: Sequence[tuple[float, float]]


def plot(panels: Sequence[Panel], across: str) -> str:
    """Return panels as one SVG; ``across`` says what the first numbers count.

    >>> plot([Panel("Building", "s", [(10, 1.0), (20, 2.0)])], "passages").count("<circle")
    2
    """
    width = LEFT * 2 + len(panels) * WIDTH + (len(panels) - 1) * GAP
    height = TOP + HEIGHT + BOTTOM
    drawn = "".join(_panel(panel, LEFT + n * (WIDTH + GAP), across) for n, panel in enumerate(panels))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    return f"{head}<style>{STYLE}</style>{drawn}</svg>\n"


def _panel(panel: Panel, left: float, across: str) -> str:
    """Return a panel; the dashed line is a growth that is exactly even."""
    far, high = (max(point[i] for point in panel.points) for i in (0, 1))
    floor = TOP + HEIGHT
    places = [(left + WIDTH * x / far, floor - HEIGHT * y / high) for x, y in panel.points]
    marks = [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
        f'<text x="{x:.1f}" y="{y - 7:.1f}" text-anchor="end">{value:,g}</text>'
        for (x, y), (_, value) in zip(places, panel.points, strict=True)
        if y < floor - 8 or value == panel.points[0][1]
    ]
    counts = [
        f'<text class="soft" x="{x:.1f}" y="{floor + 16}" text-anchor="end">{count:,g}</text>'
        for (x, _), (count, _) in zip(places, panel.points, strict=True)
        if count >= far / 5
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return (
        f'<text class="title" x="{left}" y="18">{escape(panel.title)}, {escape(panel.unit)}</text>'
        f'<line class="axis" x1="{left}" x2="{left + WIDTH}" y1="{floor}" y2="{floor}"/>'
        f'<line class="even" x1="{left}" x2="{left + WIDTH}" y1="{floor}" y2="{TOP}"/>'
        f'<polyline class="line" points="{line}"/>{"".join(marks)}{"".join(counts)}'
        f'<text class="soft" x="{left + WIDTH}" y="{floor + 34}" text-anchor="end">{escape(across)}</text>'
    )
