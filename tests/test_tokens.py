"""Words: alike whatever the script, width, case, number format or English ending, and always with their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.reading.folding import fold
from search.tokens import counted, distinct, has_han, tokens

TEXTS = st.one_of(st.text(max_size=200), st.text(alphabet="碳數據中心 PUE1,3.0%５Ｇ\n**tCO2e℃🌍", max_size=200))


def words(text):
    return [token.word for token in tokens(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("數據中心", "数据中心"),
        ("ＰＵＥ 优于１．２５", "pue 優於 1.25"),
        ("1,343 万张", "1343万張"),
        ("1.30", "1.3"),
        ("emissions reported", "Emission reports"),
        ("数据\n\n中心", "数据中心"),
        ("减排**26**吨", "減排 26 噸"),
    ],
)
def test_the_same_words_however_they_are_written(one, other):
    assert words(one) == words(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24.8MW", ["24.8", "mw"]),
        ("5G", ["5g"]),
        ("10kV", ["10", "kv"]),
        ("869tCO2e", ["869", "tco2e"]),
        ("4/5G", ["4", "5g"]),
        ("R5300G4X", ["r5300g4x"]),
        ("C-RAN", ["c", "ran"]),
        ("2023Q1", ["2023", "q1"]),
        ("How much of the energy?", ["energi"]),
        ("!?。", []),
    ],
)
def test_names_numbers_and_units(text, expected):
    assert words(text) == expected


def test_numbers_that_differ_stay_apart():
    assert words("1.32") != words("132")
    assert words("$100") != words("$1000")


@given(TEXTS)
def test_each_token_stands_where_it_says(text):
    for token in tokens(text):
        assert 0 <= token.start < token.end <= len(text)
        assert token.folded[0] in fold(text[token.start]).text
        assert token.folded[-1] in fold(text[token.end - 1]).text


@given(TEXTS)
def test_the_distinct_words_are_those_that_are_counted(text):
    assert distinct(text) == {word for word, _ in counted(text)}


@given(TEXTS)
def test_folding_first_changes_nothing(text):
    assert words(fold(text).text) == words(text)


def test_chinese_is_seen_by_its_characters():
    assert has_han("PUE 是多少")
    assert not has_han("PUE target?")
