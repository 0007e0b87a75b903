"""Bars by company and year as SVG: the numbers stand on the bars, so that colour never carries meaning alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from web import numbers

ROW, GAP, NAME, BAR, NUMBER = 24, 10, 190, 340, 170  # pixels of an SVG that scales with its column
SHADES = ("#175e52", "#2a7893", "#8a6d1f", "#7a4a8c", "#ad3723", "#5c554a")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: whose, when, how much, and the number as it is written; ``shade`` tells companies apart."""

    company: str
    year: str
    value: float
    written: str
    shade: int


def bars(title: str, drawn: Sequence[Bar]) -> Markup:
    """Return horizontal bars from zero, or nothing where a value is negative or there is only one.

    >>> bars("PUE", [Bar("A", "2023", 1.5, "1.5", 0)])
    Markup('')
    >>> 'width="170.0"' in bars("PUE", [Bar("A", "2022", 2.0, "2", 0), Bar("A", "2023", 1.0, "1", 0)])
    True
    """
    most = max((bar.value for bar in drawn), default=0)
    if len(drawn) < 2 or most <= 0 or min(bar.value for bar in drawn) < 0:
        return Markup()
    height = len(drawn) * (ROW + GAP) + GAP
    rows = "".join(_bar(bar, place, most) for place, bar in enumerate(drawn))
    size = f'viewBox="0 0 {NAME + BAR + NUMBER} {height}"'
    attributes = f'xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(title)}" font-size="14"'
    return Markup(f"<svg {size} {attributes}><title>{escape(title)}</title>{rows}</svg>")


def _bar(bar: Bar, place: int, most: float) -> str:
    top = GAP + place * (ROW + GAP)
    middle = top + ROW * 0.7
    width = round(BAR * bar.value / most, 1)
    shade = SHADES[bar.shade % len(SHADES)]
    whose = f"{escape(bar.company)} {bar.year}"
    name = f'<text x="{NAME - 10}" y="{middle}" text-anchor="end" fill="currentColor">{whose}</text>'
    rectangle = f'<rect x="{NAME}" y="{top}" width="{width}" height="{ROW}" rx="2" fill="{shade}"/>'
    number = f'<text x="{NAME + width + 8}" y="{middle}" fill="currentColor">{escape(bar.written)}</text>'
    return name + rectangle + number


def written(value: float, unit: str) -> str:
    """Return a value with its unit, for the end of a bar.

    >>> written(1.32, ""), written(35, "%")
    ('1.32', '35%')
    """
    return numbers.joined(numbers.grouped(value), unit)
