"""A result as a chart: which columns it takes, that it mixes no units, and that every number stays in its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.terms import PREFIXES, XSD
from web.axes import Axes, axes
from web.charts import BARS, PLOT, chart, steps
from web.results import Solutions


def number(value: float) -> dict[str, str]:
    return {"type": "literal", "value": str(value), "datatype": f"{XSD}decimal"}


def year(value: int) -> dict[str, str]:
    return {"type": "literal", "value": str(value), "datatype": f"{XSD}gYear"}


def text(value: str) -> dict[str, str]:
    return {"type": "literal", "value": value}


def name(curie: str) -> dict[str, str]:
    prefix, local = curie.split(":")
    return {"type": "uri", "value": PREFIXES[prefix] + local}


def result(columns: str, *rows) -> Solutions:
    names = tuple(columns.split())
    return Solutions(
        names,
        tuple({key: term for key, term in zip(names, row, strict=True) if term is not None} for row in rows),
    )


OVER_YEARS = result(
    "company year value",
    (name("org_:zte"), year(2021), number(1)),
    (name("org_:zte"), year(2023), number(3)),
    (name("org_:china-mobile"), year(2023), number(2)),
)


@pytest.mark.parametrize(
    ("found", "wanted", "expected"),
    [
        (OVER_YEARS, {}, Axes("value", "year", "company", "", True, True)),
        (OVER_YEARS, {"x": "company"}, Axes("value", "company", "", "", False, True)),
        (OVER_YEARS, {"x": "company", "by": "year", "y": "no such"}, Axes("value", "company", "", "", False, True)),
        (result("m n", (name("m:pue"), number(1)), (name("m:wue"), number(2))), {}, Axes("n", "m", telling=True)),
        (result("m n", (name("m:pue"), text("a")), (name("m:wue"), text("b"))), {}, None),
        (result("m n", (name("m:pue"), number(1))), {}, None),
        (result("q begin", (text("a"), number(1)), (text("b"), number(2))), {}, None),
        (result("q begin", (text("a"), number(1)), (text("b"), number(2))), {"y": "begin"}, Axes("begin", "q", telling=True)),
        (result("f n", (name("f:a"), number(1)), (name("f:b"), number(2))), {}, Axes("n", "f")),
    ],
)  # fmt: skip
def test_the_columns_of_a_chart(found, wanted, expected):
    assert axes(found, wanted) == expected


def test_a_year_is_no_bar_and_one_year_is_no_line():
    found = result("company year value", *((name(f"org_:{c}"), year(2023), number(n)) for n, c in enumerate("abc")))
    drawn = chart(found, {}, {})
    assert drawn is not None
    assert (drawn.axes.x, drawn.axes.years) == ("company", False)


def test_units_are_not_mixed():
    rows = [(name(f"org_:{n}"), number(n), name("u:kWh" if n else "u:t")) for n in range(4)]
    drawn = chart(result("company value unit", *rows), {}, {})
    assert drawn is not None
    assert [bar.shown for group in drawn.groups for bar in group.bars] == ["1", "2", "3"]
    assert drawn.left == 1


def test_a_mark_leads_to_its_evidence():
    rows = [(name("m:pue"), number(n), name(f"f:mobile-{n}")) for n in range(2)]
    drawn = chart(result("metric value fact", *rows), {}, {})
    assert drawn is not None
    assert [bar.href for group in drawn.groups for bar in group.bars] == ["/fact/mobile-0", "/fact/mobile-1"]


@given(st.lists(st.tuples(st.floats(-1e15, 1e15), st.integers(1990, 2060), st.sampled_from("abc")), max_size=60))
def test_every_number_stays_in_its_place(data):
    rows = [(name(f"org_:{who}"), year(when), number(value)) for value, when, who in data]
    found = result("company year value", *rows)
    for wanted in ({}, {"x": "company"}, {"x": "year", "by": "company"}):
        drawn = chart(found, {}, wanted)
        if drawn is None:
            assert len(data) < 2 or len({who for _, _, who in data}) == 1
            continue
        bars = [bar for group in drawn.groups for bar in group.bars]
        points = [point for line in drawn.lines for point in line.points]
        assert drawn.count == len(bars) + len(points) == len(data) - drawn.left
        assert len(bars) <= BARS
        assert all(bar.start >= -1e-6 and bar.start + bar.length <= 100 + 1e-6 for bar in bars)
        assert all(0 <= point.x <= 100 and 0 <= point.y <= PLOT + drawn.height for point in points)


@given(st.integers(-(10**15), 0), st.integers(0, 10**15))  # charts begin at zero, or below
def test_the_levels_hold_all_numbers_and_are_few(least, most):
    found = steps(least / 1000, most / 1000)
    assert found[0] <= least / 1000
    assert found[-1] >= most / 1000
    assert 2 <= len(found) <= 12
