"""Bars by company and year as SVG: the numbers stand on the bars, so that colour never carries meaning alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from web import numbers
from web.svg import cut, drawing, said

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
    rows = "".join(_bar(bar, GAP + place * (ROW + GAP), most) for place, bar in enumerate(drawn))
    return drawing(title, NAME + BAR + NUMBER, len(drawn) * (ROW + GAP) + GAP, rows)


def pairwise(title: str, drawn: Sequence[tuple[str, Sequence[Bar]]]) -> Markup:
    """Return groups of bars under their names, each group with a scale of its own; nothing without a group.

    >>> pairwise("Ledger", [("stations", [Bar("A", "2020", 1.0, "1", 0)] * 2)]).count("<rect")
    2
    """
    top, parts = GAP, []
    for name, group in drawn:
        most = max((bar.value for bar in group), default=0) or 1.0
        parts.append(said(cut(name, NAME + BAR + NUMBER), 0, top + ROW * 0.7, font_weight="600"))
        parts += [_bar(bar, top + (ROW + GAP / 2) * place, most) for place, bar in enumerate(group, 1)]
        top += int((ROW + GAP / 2) * (len(group) + 1)) + 2 * GAP
    return drawing(title, NAME + BAR + NUMBER, top, "".join(parts)) if parts else Markup()


def _bar(bar: Bar, top: float, most: float) -> str:
    middle = top + ROW * 0.7
    width = round(BAR * bar.value / most, 1)
    shade = SHADES[bar.shade % len(SHADES)]
    name = said(cut(f"{bar.company} {bar.year}", NAME - 10), NAME - 10, middle, "end")
    rectangle = f'<rect x="{NAME}" y="{top:g}" width="{width}" height="{ROW}" rx="2" fill="{shade}"/>'
    number = said(bar.written, NAME + width + 8, middle)
    return name + rectangle + number


def written(value: float, unit: str) -> str:
    """Return a value with its unit, for the end of a bar.

    >>> written(1.32, ""), written(35, "%")
    ('1.32', '35%')
    """
    return numbers.joined(numbers.grouped(value), unit)
