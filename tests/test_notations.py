"""Laws of notation: a number written in any of the ways of three languages is read back, value, unit and comparator."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from kg.extraction.numbers.segments import segments
from kg.model import Report
from kg.quantities import Quantity, grammar
from kg.reading.blocks import read_blocks
from kg.reading.folding import compact

FILE = Path(__file__).with_name("sentences") / "quantities.jsonl"
ROWS = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]


def report(text: str, language: str) -> Report:
    return Report("r", text, language, "https://w3id.org/tantu/org/china-mobile", 2023, {}, "")


def unit(quantity: Quantity) -> str | None:
    return quantity.measure.unit.iri.rsplit("/", 1)[-1] if quantity.measure else None


def value(quantity: Quantity) -> object:
    return list(quantity.value) if isinstance(quantity.value, tuple) else quantity.value


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["why"])
def test_quantities_of_a_text(row, vocabulary):
    """Bare numbers count in rows that say so: most of them are years, pages and parts of names."""
    document = read_blocks(report(row["text"], row["language"]))
    found = [q for segment in segments(document, vocabulary) for q in segment.quantities]
    found = [q for q in found if row.get("bare") or q.measure or q.scaled]
    assert [[value(q), unit(q), q.comparator] for q in found] == row["quantities"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["why"])
def test_what_was_read_stands_in_the_text(row, vocabulary):
    for segment in segments(read_blocks(report(row["text"], row["language"])), vocabulary):
        for quantity in segment.quantities:
            whole, number = (
                segment.place(*pair).of(row["text"])
                for pair in ((quantity.start, quantity.end), (quantity.first, quantity.last))
            )
            assert number in whole
            assert compact(number).text.replace(" ", "")


def read(text: str, row: dict, vocabulary) -> list[list[object]]:
    found = [q for s in segments(read_blocks(report(text, "zh-Hant")), vocabulary) for q in s.quantities]
    return [[value(q), unit(q), q.comparator] for q in found if row.get("bare") or q.measure or q.scaled]


@pytest.mark.parametrize("variant", ["s2t", "s2hk", "s2twp"])
def test_scripts_do_not_matter(variant, vocabulary):
    convert = OpenCC(variant).convert
    for row in ROWS:
        if row["language"] == "zh-Hans":
            assert read(convert(row["text"]), row, vocabulary) == row["quantities"], row["text"]


# --- digits, separators, multipliers, units, comparators, markup

SCALES = {
    "zh-Hans": {1: "", 10**3: "千", 10**4: "万", 10**6: "百万", 10**8: "亿", 10**12: "万亿"},
    "zh-Hant": {1: "", 10**3: "千", 10**4: "萬", 10**6: "百萬", 10**8: "億", 10**12: "萬億"},
    "en": {1: "", 10**3: " thousand", 10**6: " million", 10**9: "bn", 10**12: " trillion"},
}
UNITS = {
    "zh-Hans": {
        "吨": "t",
        "元": "CNY",
        "立方米": "m3",
        "吨标准煤": "tce",
        "千瓦时": "kWh",
        "平方米": "m2",
        "家": "count",
    },
    "zh-Hant": {"噸": "t", "港元": "HKD", "立方米": "m3", "噸標準煤": "tce", "千瓦時": "kWh", "人次": "count"},
    "en": {
        " tonnes": "t",
        " kWh": "kWh",
        " tCO2e": "tCO2e",
        " cubic metres": "m3",
        " customers": "count",
        " US$": "USD",
    },
}
BEFORE = {
    "zh-Hans": {"": "=", "约": "~", "近": "~", "超过": ">", "不低于": ">=", "不超过": "<=", "不足": "<", "高达": "="},
    "zh-Hant": {"": "=", "約": "~", "逾": ">", "超過": ">", "不低於": ">=", "不超過": "<=", "不足": "<"},
    "en": {"": "=", "about ": "~", "nearly ": "~", "over ": ">", "at least ": ">=", "up to ": "<=", "under ": "<"},
}
AFTER = {
    "zh-Hans": {"以上": ">=", "以内": "<=", "左右": "~"},
    "zh-Hant": {"以上": ">=", "以內": "<=", "左右": "~"},
    "en": {" or more": ">=", " or less": "<=", " or so": "~"},
}
WRAPS = {"zh-Hans": "共计{}。", "zh-Hant": "共計{}。", "en": "It was {}."}
languages = st.sampled_from(list(SCALES))
numbers = st.decimals(Decimal("0.001"), Decimal(10**7), places=3).map(Decimal.normalize)
SEPARATORS = ["", ",", " ", "\u2009", "\u202f", "'", "\u2019", "\uff0c"]


def digits(number: Decimal, separator: str) -> str:
    return f"{number:,f}".replace(",", separator)


def fullwidth(text: str) -> str:
    return text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789.,%"})


@st.composite
def written(draw) -> tuple[str, Decimal, str, str, str]:
    """A number as people write it: text, value, unit, comparator and language."""
    language = draw(languages)
    scale, word = draw(st.sampled_from(sorted(SCALES[language].items())))
    noun, code = draw(st.sampled_from(sorted(UNITS[language].items())))
    lead, before = draw(st.sampled_from(sorted(BEFORE[language].items())))
    tail, after = (
        draw(st.sampled_from(sorted(AFTER[language].items()))) if not lead and draw(st.booleans()) else ("", "=")
    )
    number = draw(numbers)
    text = digits(number, draw(st.sampled_from(SEPARATORS)))
    shape = draw(st.sampled_from(["{}", "**{}**", "<b>{}</b>", "<span class='n'>{}</span>"]))
    text = shape.format(fullwidth(text) if language != "en" and draw(st.booleans()) else text)
    blank = draw(st.sampled_from(["", " ", "\n"])) if language != "en" else ""
    return f"{lead}{text}{blank}{word}{noun}{tail}", number * scale, code, before if lead else after, language


@given(written())
def test_number_to_text_to_number(vocabulary, case):
    text, number, code, comparator, language = case
    folded = compact(WRAPS[language].format(text))
    (quantity,) = grammar(vocabulary).find(folded.text)
    assert (quantity.low, unit(quantity), quantity.comparator) == (number, code, comparator)
    assert folded.span(quantity.start, quantity.end).of(WRAPS[language].format(text)).strip("*") in text


RANGES = {
    "zh-Hans": ["-", "~", "—", "～", "至", "到"],
    "zh-Hant": ["-", "–", "～", "至"],
    "en": ["-", "–", " to ", "~"],
}


@given(languages, st.data())
def test_ranges_share_what_stands_behind_them(vocabulary, language, data):
    low = data.draw(st.decimals(Decimal("0.1"), Decimal(400), places=1).map(Decimal.normalize))
    high = low + data.draw(st.decimals(Decimal("0.1"), Decimal(400), places=1))
    scale, word = data.draw(st.sampled_from(sorted(SCALES[language].items())))
    noun, code = data.draw(st.sampled_from(sorted(UNITS[language].items())))
    mark = data.draw(st.sampled_from(RANGES[language]))
    text = WRAPS[language].format(f"{low:f}{mark}{high:f}{word}{noun}")
    (quantity,) = grammar(vocabulary).find(compact(text).text)
    assert (quantity.low, quantity.high, unit(quantity)) == (low * scale, high * scale, code)


@given(languages, st.lists(st.integers(1, 900), min_size=2, max_size=4), st.data())
def test_lists_share_what_stands_behind_them(vocabulary, language, found, data):
    scale, word = data.draw(st.sampled_from(sorted(SCALES[language].items())))
    noun, code = data.draw(st.sampled_from(sorted(UNITS[language].items())))
    comma, last = (", ", " and ") if language == "en" else ("、", "和")
    text = WRAPS[language].format(f"{comma.join(map(str, found[:-1]))}{last}{found[-1]}{word}{noun}")
    read = grammar(vocabulary).find(compact(text).text)
    assert [(q.low, unit(q)) for q in read] == [(number * scale, code) for number in found]


@given(languages, st.integers(-60, 60))
def test_temperatures_keep_their_sign(vocabulary, language, degrees):
    signs = {"zh-Hans": ["温度为{}℃", "气温{}度"], "zh-Hant": ["溫度為{}℃", "氣溫{}攝氏度"], "en": ["It was {}°C."]}
    for shape in signs[language]:
        number = f"零下{-degrees}" if degrees < 0 and language != "en" else str(degrees)
        (quantity,) = grammar(vocabulary).find(compact(shape.format(number)).text)
        assert (quantity.low, unit(quantity)) == (degrees, "celsius")


@given(st.integers(1, 99), st.integers(1, 9), st.integers(3, 9))
def test_powers_of_ten(vocabulary, whole, tenth, exponent):
    raised = str(exponent).translate(dict(zip(range(48, 58), "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True)))
    for power in (f"×10{raised}", f"×10^{exponent}", f" x 10^{exponent}", f"×10{exponent}"):
        (quantity,) = grammar(vocabulary).find(compact(f"用水量{whole}.{tenth}{power}立方米").text)
        assert quantity.low == Decimal(f"{whole}.{tenth}") * 10**exponent


# --- words

SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def in_english(number: int) -> str:
    """Write 2 to 999,999 in English words."""
    if number >= 1000:
        head, rest = divmod(number, 1000)
        return f"{in_english(head)} thousand" + (f" {'and ' if rest < 100 else ''}{in_english(rest)}" if rest else "")
    if number >= 100:
        head, rest = divmod(number, 100)
        return f"{SMALL[head]} hundred" + (f" and {in_english(rest)}" if rest else "")
    if number < 20:
        return SMALL[number]
    return TENS[number // 10 - 2] + (f"-{SMALL[number % 10]}" if number % 10 else "")


@given(st.integers(2, 999_999))
def test_english_words(vocabulary, number):
    (quantity,) = grammar(vocabulary).find(f"we planted {in_english(number)} trees.")
    assert (quantity.low, unit(quantity)) == (number, "count")


DIGITS = "零一二三四五六七八九"


def in_numerals(number: int) -> str:
    """Write 2 to 99,999,999 in Chinese numerals."""
    for size, word in ((10**4, "万"), (10**3, "千"), (100, "百"), (10, "十")):
        if number >= size:
            head, rest = divmod(number, size)
            zero = "零" if rest and rest < size // 10 else ""
            first = "" if size == 10 and head == 1 else in_numerals(head)
            return f"{first}{word}{zero}{in_numerals(rest) if rest else ''}"
    return DIGITS[number]


@given(st.integers(2, 99_999_999))
def test_chinese_numerals(vocabulary, number):
    (quantity,) = grammar(vocabulary).find(compact(f"共计{in_numerals(number)}吨。").text)
    assert quantity.low == number


@given(st.integers(2, 9), st.integers(1, 8))
def test_fractions(vocabulary, below, above):
    for text in (f"{DIGITS[below]}分之{DIGITS[min(above, below)]}的网点",):
        (quantity,) = grammar(vocabulary).find(text)
        assert quantity.low == round(Decimal(100 * min(above, below)) / below, 2)
        assert unit(quantity) == "percent"


@pytest.mark.parametrize(
    "text",
    ["9" * 9000, "1" + ".111" * 3000 + ".", "万" * 9000, "&nbsp;" * 6000, " " * 20000, "温5度，" * 3000, "5%-" * 3000],
)
def test_long_texts_are_read_in_a_moment(vocabulary, text):
    """Time grows with the length of a text, whatever it repeats: the square of it would be minutes here."""
    began = time.process_time()
    for quantity in grammar(vocabulary).find(compact(text).text):
        assert len(str(quantity.value)) < 200
    assert time.process_time() - began < 5
