"""Words of running Chinese, the pairs that only meet between two of them, and what Taiwan says for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.reading.folding import compact
from search.segmenter import chance_pairs, regional_pairs, segments
from search.tokens import is_han

TEXTS = st.text(alphabet="数据中心用了多少度电基站旁边安全吗软体伺服器 PUE1.2，。", max_size=60)


@given(TEXTS)
def test_words_tile_the_han_characters_of_a_text(text):
    folded = compact(text).text
    assert "".join(folded[start:end] for start, end in segments(folded)) == "".join(filter(is_han, folded))


@given(TEXTS)
def test_a_pair_by_chance_stands_in_the_text_and_in_no_word_of_it(text):
    folded = compact(text).text
    words = {folded[start:end] for start, end in segments(folded)}
    for pair in chance_pairs(folded):
        assert pair in folded
        assert not any(pair in word for word in words)


@given(TEXTS)
def test_what_is_said_elsewhere_stands_for_a_pair_of_the_text(text):
    folded = compact(text).text
    for pair, others in regional_pairs(folded).items():
        assert pair in folded
        assert all(len(other) == 2 and other != pair for other in others)


@pytest.mark.parametrize(
    ("word", "elsewhere"),
    [("软体", "软件"), ("软件", "软体"), ("讯号", "信号"), ("资讯", "信息"), ("网路", "网络"), ("晶片", "芯片")],
)
def test_the_words_of_both_sides_lead_to_each_other(word, elsewhere):
    assert regional_pairs(word) == {word: {elsewhere}}
