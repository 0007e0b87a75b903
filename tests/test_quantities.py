"""Quantities: number to text to number in three languages, real expressions, and garbage that is none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.quantities import grammar
from kg.reading.folding import compact

UNIT = "https://w3id.org/tantu/unit/"

# as written, value in the unit's base scale, unit, comparator
REAL = [
    ("综合能耗 774.8 万吨标准煤", 7748000, "tce", "="),
    ("約 1 150 萬噸 / 年", 11500000, "t", "~"),
    ("10~20%", (10, 20), "percent", "="),
    ("418 萬\n6,300 度", 4186300, "kWh", "="),
    ("1亿2,300万元", 123000000, "CNY", "="),
    ("标准煤约 5,400 吨", 5400, "tce", "~"),
    ("€ 350 m of bonds", 350000000, "EUR", "="),
    ("around nine in ten employees", 90, "percent", "~"),
    ("1 in 3 new cars", 33.33, "percent", "="),
    ("a fifth lower than before", 20, "percent", "="),
    ("節能2%—9%", (2, 9), "percent", "="),
    ("5–15%", (5, 15), "percent", "="),
    ("40%~50% 以上", (40, 50), "percent", ">="),
    ("20%至 30%", (20, 30), "percent", "="),
    ("20% to 30%", (20, 30), "percent", "="),
    ("3.1 亿吨", 310000000, "t", "="),
    ("64.5 千克标准煤 / 万元", 64.5, "kgce-per-10k-CNY", "="),
    ("0.12吨标准煤/万元", 120, "kgce-per-10k-CNY", "="),
    ("2.3千克標準煤/TB", 2.3, "kgce-per-TB", "="),
    ("869tCO2e/ 百万元营收", 869, "tCO2e-per-million-CNY", "="),
    ("0.5 tCO2e/万元", 50, "tCO2e-per-million-CNY", "="),
    ("1,652 千克标煤 / 吨", 1652, "kgce-per-t", "="),
    ("0.22 百万吨二氧化碳", 220000, "tCO2e", "="),
    ("27.85 万立方米", 278500, "m3", "="),
    ("1.65 万吨公里", 16500, "tkm", "="),
    ("92.8萬峰瓦", 928, "kWp", "="),
    ("24.8MW", 24800000, "W", "="),
    ("170,280 kWh", 170280, "kWh", "="),
    ("15.7万套（台）", 157000, "count", "="),
    ("約為**30.24%**", 30.24, "percent", "~"),
    ("1.32以下", 1.32, None, "<="),
    ("控制在 5,600 万吨以内", 56000000, "t", "<="),
    ("不低于\n\n15%", 15, "percent", ">="),
    ("99%以上", 99, "percent", ">="),
    ("2000多户", 2000, "count", ">"),
    ("大概8000多度", 8000, "kWh", "~"),
    ("18+万 USD/年", 180000, "USD", ">"),
    ("十余项", 10, "count", ">"),
    ("三成", 30, "percent", "="),
    ("百分之二十", 20, "percent", "="),
    ("近千家", 1000, "count", "~"),
    ("超百个", 100, "count", ">"),
    ("近百万吨", 1000000, "t", "~"),
    ("六处", 6, "count", "="),
    ("七公里", 7, "km", "="),
    ("12倍", 12, "ratio", "="),
    ("2.5~3 倍", (2.5, 3), "ratio", "="),
    ("7个百分点", 7, "percent", "="),
    ("9摄氏度", 9, "celsius", "="),
    ("0.55KWh/每套*h", 0.55, "kWh-per-item-hour", "="),
    ("節約 1029 萬元", 10290000, "CNY", "="),
    ("1.2 million tonnes", 1200000, "t", "="),
    ("35.18 MtCO2e", 35180000, "tCO2e", "="),
    ("at least 20 per cent", 20, "percent", ">="),
    ("USD 3.4 billion", 3400000000, "USD", "="),
    ("RMB 50 million", 50000000, "CNY", "="),
    ("HK$3.5 million", 3500000, "HKD", "="),
    ("4.2 GWh per year", 4200000, "kWh", "="),
    ("3.2 tCO2e per RMB million", 3.2, "tCO2e-per-million-CNY", "="),
    ("120 key suppliers", 120, "count", "="),
    ("more than 1,000 sites", 1000, "count", ">"),
    ("12-fold", 12, "ratio", "="),
]

GARBAGE = [
    "5G",
    "4G/5G 基站",
    "R5300G4X",
    "D42 系列",
    "ISO 14064-3:2019",
    "10kV 配电",
    "48V",
    "4K 视频",
    "20AWG",
    "第 15 章",
    "第二十届",
    "千行百业",
    "18 825.1% 個億度",
    "全光网2.0",
    "CN2-DCI",
]


def read(text: str, vocabulary):
    return grammar(vocabulary).find(compact(text).text)


@pytest.mark.parametrize(("text", "value", "unit", "comparator"), REAL)
def test_real_expressions(text, value, unit, comparator, vocabulary):
    (quantity,) = read(text, vocabulary)
    assert quantity.value == value
    assert (quantity.measure and quantity.measure.unit.iri) == (unit and UNIT + unit)
    assert quantity.comparator == comparator


@pytest.mark.parametrize("text", GARBAGE)
def test_garbage(text, vocabulary):
    assert [quantity for quantity in read(text, vocabulary) if quantity.measure] == []


def test_from_and_to_are_two_numbers(vocabulary):
    assert [q.value for q in read("从1.5降低到1.4", vocabulary)] == [1.5, 1.4]
    assert [q.value for q in read("from 15% to 20%", vocabulary)] == [15, 20]


def test_a_list_shares_the_unit_of_its_last_number(vocabulary):
    assert [q.value for q in read("1.2、1.3和1.4亿千瓦时", vocabulary)] == [120000000, 130000000, 140000000]
    assert [q.value for q in read("1.2, 1.3 and 1.4 million tonnes", vocabulary)] == [1200000, 1300000, 1400000]


def test_annual_amounts_are_known(vocabulary):
    assert [q.annual for q in read("200億度/年，3 GWh per year，5亿度", vocabulary)] == [True, True, False]


SCALES = {
    "zh-Hans": {1: "", 10**4: "万", 10**8: "亿"},
    "zh-Hant": {1: "", 10**4: "萬", 10**8: "億"},
    "en": {1: "", 10**3: " thousand", 10**6: " million", 10**9: " billion"},
}
UNITS = {
    "zh-Hans": {"吨": "t", "度": "kWh", "吨标准煤": "tce", "元": "CNY", "立方米": "m3"},
    "zh-Hant": {"噸": "t", "度": "kWh", "噸標準煤": "tce", "元": "CNY", "立方米": "m3"},
    "en": {" tonnes": "t", " kWh": "kWh", " tce": "tce", " yuan": "CNY", " cubic metres": "m3"},
}
languages = st.sampled_from(list(SCALES))


@st.composite
def written(draw):
    """A number as people write it, with its value and unit."""
    language = draw(languages)
    scale, word = draw(st.sampled_from(sorted(SCALES[language].items())))
    unit, code = draw(st.sampled_from(sorted(UNITS[language].items())))
    number = draw(st.decimals(Decimal("0.01"), Decimal("99999"), places=draw(st.integers(0, 3))))
    digits = draw(st.sampled_from([f"{number:f}", f"{number:,f}"]))
    blank = draw(st.sampled_from(["", " ", "\n"])) if language != "en" else ""
    return f"{digits}{blank}{word}{unit}", number * scale, code


@given(written())
def test_number_to_text_to_number(vocabulary, case):
    text, value, code = case
    (quantity,) = read(f"共计{text}。" if not text.isascii() else f"It was {text}.", vocabulary)
    assert quantity.low == value
    assert quantity.measure.unit.iri == UNIT + code


@given(st.text(max_size=60))
def test_any_text_is_read_without_a_crash(vocabulary, text):
    for quantity in read(text, vocabulary):
        assert 0 <= quantity.start <= quantity.first < quantity.last <= quantity.end


DIGITS = "零一二三四五六七八九"


def in_numerals(number: int) -> str:
    """Write 2 to 9999 in Chinese numerals."""
    if number < 10:
        return DIGITS[number]
    for size, word in ((1000, "千"), (100, "百"), (10, "十")):
        if number >= size:
            head, rest = divmod(number, size)
            zero = "零" if rest and rest < size // 10 else ""
            first = "" if size == 10 and head == 1 else in_numerals(head)
            return f"{first}{word}{zero}{in_numerals(rest) if rest else ''}"
    raise AssertionError


@given(st.integers(2, 9999))
def test_numerals(vocabulary, number):
    (quantity,) = read(f"共计{in_numerals(number)}吨。", vocabulary)
    assert quantity.value == number
