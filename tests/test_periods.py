"""Periods: years, plans, due dates and baselines in three languages."""

from __future__ import annotations

import pytest

from kg.periods import periods, years_in
from kg.reading.folding import compact


def read(text: str, vocabulary):
    return [(period.years, period.role) for period in periods(vocabulary).find(compact(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("到 2025 年，节电", [((2025,), "due")]),
        ("明確到 2021\n\n年實現", [((2021,), "due")]),
        ("2021-2023 年逐年增加", [((2021, 2022, 2023), "year")]),
        ("2022、2023 年用电", [((2022, 2023), "year")]),
        ("截至 2023 年底", [((2023,), "as-of")]),
        ("自2022年起", [((2022,), "since")]),
        ("同比下降", [((), "previous")]),
        ("较上年提升", [((), "previous")]),
        ("全年节电", [((), "this")]),
        ("较 2020 年不低于", [((2020,), "baseline")]),
        ("与2020年相比下降", [((2020,), "baseline")]),
        ("相对 2021基准年碳排放", [((2021,), "baseline")]),
        ("2023 年较 2021 年", [((2023,), "year"), ((2021,), "baseline")]),
        ("比「十三五」期末下降20%", [((2020,), "baseline")]),
        ("到“十四五”期末", [((2025,), "due")]),
        ("“十三五”期间", [((2016, 2017, 2018, 2019, 2020), "year")]),
        ("预计于 24 年底完成", [((2024,), "year")]),
        ("2020年9月22日", [((2020,), "year")]),
        ("2025 目标指标", [((2025,), "year")]),
        ("目标，2023 年至少完成", [((2023,), "year")]),
        ("by 2025, reduce 20% from a 2020 baseline", [((2025,), "due"), ((2020,), "baseline")]),
        ("compared with 2019 levels", [((2019,), "baseline")]),
        ("FY2023 and FY24", [((2023, 2024), "year")]),
        ("year-on-year", [((), "previous")]),
        ("the end of the 14th Five-Year Plan", [((2021, 2022, 2023, 2024, 2025), "year")]),
    ],
)
def test_periods(text, expected, vocabulary):
    assert read(text, vocabulary) == expected


@pytest.mark.parametrize("text", ["2000多户", "2,025 tonnes", "2020 吨", "ISO 14064-2018", "2023%", "R2023X", "1248"])
def test_four_digits_that_are_no_year(text, vocabulary):
    assert read(text, vocabulary) == []


def test_years_leave_baselines_out(vocabulary):
    assert years_in(periods(vocabulary).find(compact("2023 年较 2021 年"))) == {2023}
