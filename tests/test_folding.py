"""Folding keeps the way back to the original, for any text."""

from hypothesis import given
from hypothesis import strategies as st

from kg.reading.folding import compact, fold

TEXTS = st.text(
    st.one_of(
        st.sampled_from("綜合能耗 碳達峰碳中和「」“”%％℃㎡ＰＵＥ\n\t *·（）"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=80,
)


@given(TEXTS)
def test_every_folded_character_comes_from_one_that_folds_to_it(text: str) -> None:
    for folded in (fold(text), compact(text)):
        for i, character in enumerate(folded.text):
            assert character in fold(folded.span(i, i + 1).of(text)).text


@given(TEXTS)
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once


@given(TEXTS)
def test_stretches_come_from_stretches_in_order(text: str) -> None:
    folded = compact(text)
    places = [folded.span(i, i + 1) for i in range(len(folded.text))]
    assert places == sorted(places)
    assert all(span.end <= len(text) for span in places)


def test_three_scripts_are_one() -> None:
    assert fold("軟體 數據中心 綫").text == "软体 数据中心 线"
    assert fold("ＰＵＥ１．２％").text == "pue1.2%"
    assert fold("「雙碳」").text == fold("“双碳”").text == '"双碳"'


def test_a_word_broken_by_a_line_wrap_is_whole_again() -> None:
    text = "單位電信業務總量綜合能\n耗 **下降** <mark>13.0%</mark>"
    folded = compact(text)
    assert folded.text == "单位电信业务总量综合能耗下降13.0%"
    assert folded.span(0, 12).of(text) == "單位電信業務總量綜合能\n耗"


def test_latin_words_keep_their_blanks() -> None:
    assert compact("the  PUE of data centres").text == "the  pue of data centres"


def test_offsets_survive_characters_that_grow() -> None:
    text = "溫度 25℃ 以下"
    folded = fold(text)
    assert folded.text == "温度 25°c 以下"
    assert folded.span(5, 7).of(text) == "℃"
    assert folded.at(text.index("以")) == folded.text.index("以")
