"""A chart of a result as a drawing of its own: what the editor draws with the width of the screen, here in pixels."""

from collections.abc import Iterator

from markupsafe import Markup

from web.charts import Bar, Chart, Line
from web.svg import cut, drawing, said
from web.words import words_for

WIDTH, NAME, NUMBER, ROW, HEAD = 860.0, 260.0, 110.0, 24.0, 26.0  # pixels
COLOURS = ("#175e52", "#a65a13", "#3d5f9e", "#96336b", "#6a6a12", "#7a4bb0", "#5f5f5f", "#a8322a")
_FAINT = "#6f675b"


def plot(chart: Chart, language: str) -> Markup:
    """Return a chart as SVG under the name of its numbers."""
    title = f"{chart.axes.y} {chart.unit.text}".strip()
    body, height = _over_years(chart) if chart.axes.years else _bars(chart)
    name = f"{words_for(language)('chart.title')}: {title}"
    top = said(title, 0, 18, font_weight="600")
    return drawing(name, WIDTH, height + HEAD, f'{top}<g transform="translate(0 {HEAD:g})">{body}</g>')


def _bars(chart: Chart) -> tuple[str, float]:
    parts, y = [], 0.0
    for group in chart.groups:
        if group.name:
            parts.append(said(cut(group.name.text, WIDTH), 0, y + 17, fill=_FAINT))
            y += ROW
        for bar in group.bars:
            parts.append(_bar(bar, y))
            y += ROW
    return "".join(parts), y + 6


def _bar(bar: Bar, y: float) -> str:
    room = WIDTH - NAME - NUMBER
    start, length = NAME + room * bar.start / 100, max(1.0, room * bar.length / 100)
    shape = (
        f'<rect x="{start:.1f}" y="{y + 5:g}" width="{length:.1f}" height="14" rx="2" fill="{_colour(bar.series)}"/>'
    )
    name = said(cut(bar.name.text, NAME - 12), NAME - 10, y + 17, "end")
    return name + shape + said(bar.shown, start + length + 6, y + 17)


def _colour(series: int) -> str:
    return COLOURS[series % len(COLOURS)]


def _over_years(chart: Chart) -> tuple[str, float]:
    parts = []
    for level in chart.levels:
        parts.append(f'<path d="M0 {level.at:.1f}H{WIDTH:g}" stroke="currentColor" stroke-opacity=".15"/>')
        parts.append(said(level.shown, 0, level.at - 4, size=12, fill=_FAINT))
    parts += [said(year.shown, _x(year.at), chart.height - 6, "middle") for year in chart.years]
    parts += [part for line in chart.lines for part in _line(line)]
    return "".join(parts), chart.height


def _x(per_cent: float) -> float:
    return round(WIDTH * per_cent / 100, 1)


def _line(line: Line) -> Iterator[str]:
    shade = _colour(line.series)
    way = "L".join(f"{_x(point.x):g} {point.y:.1f}" for point in line.points)
    yield f'<path d="M{way}" fill="none" stroke="{shade}" stroke-width="2"/>'
    for point in line.points:
        yield f'<circle cx="{_x(point.x):g}" cy="{point.y:.1f}" r="4" fill="{shade}"/>'
    last = line.points[-1]
    anchor = "end" if last.x > 50 else "start"
    yield said(f"{line.name.text} {last.shown}".strip(), _x(last.x), line.named_at, anchor, fill=shade)
