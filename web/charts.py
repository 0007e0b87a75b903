"""A result as a chart: bars for things, lines over years. Widths are per cent, so that it fits any screen."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from web import addresses
from web.axes import Axes, Choice, axes, choice, number, year
from web.parts import Phrase
from web.results import JsonTerm, Labels, Solutions

BARS = 40  # that are drawn; the table has all
PLOT = 300  # height of a chart over years
ABOVE, BELOW = 24, 26  # pixels beside the plot, for the uppermost words and for the years
LEFT, RIGHT = 4.0, 96.0  # per cent where the first and the last year stand
ROOM = 0.12  # of the width that the word of a year needs on a phone
TINY = 1e-300  # differences below which floating-point numbers are no longer exact
APART = 18.0  # pixels between the names of two lines


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its words; ``start`` and ``length`` are per cent."""

    name: Phrase
    shown: str
    start: float
    length: float
    series: int
    href: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """Bars that stand together below a name; without a name where each bar has its own."""

    name: Phrase
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A number of a year: ``x`` is per cent, ``y`` pixels."""

    x: float
    y: float
    year: int
    shown: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """The points of a series by year; ``named_at`` is the height of its name, beside its last point."""

    name: Phrase
    series: int
    points: tuple[Point, ...]
    named_at: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid or a year, with its place and its word."""

    at: float
    shown: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn; a chart of bars has ``groups``, one over years ``lines``, ``levels`` and ``years``.

    ``least`` and ``most`` are the ends of its numbers in words, each with its place; ``left`` rows are not drawn.
    """

    axes: Axes
    choice: Choice
    count: int
    least: tuple[str, str]
    most: tuple[str, str]
    unit: Phrase
    left: int = 0
    height: float = ABOVE + PLOT + BELOW
    groups: tuple[Group, ...] = ()
    lines: tuple[Line, ...] = ()
    levels: tuple[Tick, ...] = ()
    years: tuple[Tick, ...] = ()


@dataclass(frozen=True, slots=True)
class _Datum:
    value: float
    x: JsonTerm
    by: JsonTerm | None
    href: str | None


def chart(found: Solutions, labels: Labels, wanted: Mapping[str, str]) -> Chart | None:
    """Return the chart of a result, None where none can be made of it."""
    chosen = axes(found, wanted)
    if chosen is None:
        return None
    unit, rows = _one_unit(found, chosen.unit)
    drawn = [datum for row in rows for datum in _datum(row, chosen)]
    if len(drawn) < 2:
        return None
    kept = drawn if chosen.years else drawn[:BARS]
    ends = sorted(kept, key=lambda datum: datum.value)
    least, most = ((figure(end.value), _name(end.x, labels).text) for end in (ends[0], ends[-1]))
    left = len(found.rows) + (found.more or 0) - len(kept)
    begun = Chart(chosen, choice(found), len(kept), least, most, labels.get(unit, Phrase("")), left)
    return _over_years(begun, kept, labels) if chosen.years else _bars(begun, kept, labels)


def figure(value: float) -> str:
    """Return a number as a chart writes it.

    >>> figure(1234567.0), figure(0.2612), figure(1e-7)
    ('1,234,567', '0.2612', '1e-07')
    """
    return f"{value:,.0f}" if abs(value) >= 10_000 or value == int(value) else f"{value:,.4g}"


def steps(least: float, most: float, wanted: int = 4) -> list[float]:
    """Return round numbers from one that is not above ``least`` to one that is not below ``most``.

    >>> steps(0, 87), steps(-3, 4), steps(0, 0)
    ([0.0, 20.0, 40.0, 60.0, 80.0, 100.0], [-4.0, -2.0, 0.0, 2.0, 4.0], [0, 1.0])
    """
    if most - least < TINY:
        return [least, least + max(1.0, abs(least))]
    rough = (most - least) / wanted
    unit = 10 ** math.floor(math.log10(rough))
    step = next(unit * round_ for round_ in (1, 2, 5, 10) if unit * round_ >= rough * 0.8)
    first, last = math.floor(least / step), math.ceil(most / step)
    return [float(f"{step * count:.12g}") for count in range(first, last + 1)]


def _one_unit(found: Solutions, column: str) -> tuple[str, Sequence[Mapping[str, JsonTerm]]]:
    """Return the unit of most rows and those rows: numbers of two units stand in no chart together."""
    units = Counter(row[column]["value"] for row in found.rows if column in row)
    if not units:
        return "", found.rows
    unit = units.most_common(1)[0][0]
    return unit, [row for row in found.rows if row.get(column, {}).get("value") == unit]


def _datum(row: Mapping[str, JsonTerm], chosen: Axes) -> Iterator[_Datum]:
    value, at = number(row.get(chosen.y)), row.get(chosen.x)
    if value is not None and at is not None and math.isfinite(value):
        yield _Datum(value, at, row.get(chosen.by), _evidence(row))


def _evidence(row: Mapping[str, JsonTerm]) -> str | None:
    """Return where a mark leads: to the fact of its row or to the place in a report, else to what it is of."""
    opened = [addresses.local(term["value"]) for term in row.values() if term["type"] == "uri"]
    found = [address for address in opened if address]
    return next((address for address in found if address.startswith(("/fact/", "/reports/"))), next(iter(found), None))


def _name(term: JsonTerm | None, labels: Labels) -> Phrase:
    if term is None:
        return Phrase("\u2013")
    dated = year(term)
    return Phrase(str(dated)) if dated else labels.get(term["value"], Phrase(term["value"], term.get("xml:lang", "")))


def _bars(begun: Chart, drawn: Sequence[_Datum], labels: Labels) -> Chart:
    """Draw a bar a row, in the order of the rows; with a series, the bars of a thing stand together below its name."""
    least, most = min(0.0, *(datum.value for datum in drawn)), max(0.0, *(datum.value for datum in drawn))
    span = most - least or 1.0
    series = _series(drawn)

    def bar(datum: _Datum) -> Bar:
        start, length = 100 * (min(0.0, datum.value) - least) / span, 100 * abs(datum.value) / span
        name = _name(datum.by if begun.axes.by else datum.x, labels)
        return Bar(name, figure(datum.value), start, length, series[_key(datum.by)], datum.href)

    groups: defaultdict[str, list[_Datum]] = defaultdict(list)
    for datum in drawn:
        groups[datum.x["value"] if begun.axes.by else ""].append(datum)
    made = (
        Group(_name(group[0].x, labels) if begun.axes.by else Phrase(""), tuple(map(bar, group)))
        for group in groups.values()
    )
    return replace(begun, groups=tuple(made))


def _key(term: JsonTerm | None) -> str:
    return term["value"] if term else ""


def _series(drawn: Sequence[_Datum]) -> dict[str, int]:
    return {key: place for place, key in enumerate(dict.fromkeys(_key(datum.by) for datum in drawn))}


def _over_years(begun: Chart, drawn: Sequence[_Datum], labels: Labels) -> Chart:
    levels = steps(min(0.0, *(datum.value for datum in drawn)), max(datum.value for datum in drawn))
    years = sorted({year(datum.x) or 0 for datum in drawn})

    def across(when: int) -> float:
        return LEFT + (RIGHT - LEFT) * (when - years[0]) / (years[-1] - years[0] or 1)

    def down(value: float) -> float:
        return ABOVE + PLOT * (levels[-1] - value) / (levels[-1] - levels[0])

    lines = []
    for key, place in _series(drawn).items():
        own = sorted(
            ((year(datum.x) or 0, datum) for datum in drawn if _key(datum.by) == key), key=lambda pair: pair[0]
        )
        points = tuple(
            Point(across(when), down(datum.value), when, figure(datum.value), datum.href) for when, datum in own
        )
        name = _name(own[0][1].by, labels) if key else Phrase("")
        lines.append(Line(name, place, points, points[-1].y - 10))
    return replace(
        begun,
        lines=tuple(_named_apart(lines)),
        levels=tuple(Tick(down(level), figure(level)) for level in levels),
        years=tuple(Tick(across(when), str(when)) for when in _some(years)),
    )


def _some(years: Sequence[int]) -> list[int]:
    """Return the years that are written: the last one, and of the others those that leave each other room.

    >>> _some([2021, 2023, 2024, 2025, 2030, 2050]), _some([2021, 2023])
    ([2021, 2025, 2030, 2050], [2021, 2023])
    """
    room = (years[-1] - years[0]) * ROOM
    kept = [years[-1]]
    for when in reversed(years):
        if kept[-1] - when >= room and (when - years[0] >= room or when == years[0]):
            kept.append(when)
    return sorted(set(kept))


def _named_apart(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines with their names moved down where one would stand on another."""
    lowest = -math.inf
    for line in sorted(lines, key=lambda line: line.named_at):
        lowest = max(line.named_at, lowest + APART)
        yield replace(line, named_at=lowest)
