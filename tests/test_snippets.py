from hypothesis import given
from hypothesis import strategies as st

from kg.model import Span
from search.snippets import LENGTH, snippet

TEXT = "我们节约用水。数据中心全部采用液冷技术，电能利用效率降至1.25。员工参加了培训。"


def test_the_sentences_that_hold_most_of_what_is_marked():
    at = TEXT.index("液冷")
    assert snippet(TEXT, [Span(at, at + 4)], 30) == "数据中心全部采用液冷技术，电能利用效率降至1.25。"


def test_without_marks_it_is_the_beginning():
    assert snippet(TEXT, [], 10) == "我们节约用水。"


def test_a_sentence_that_is_too_long_begins_at_its_mark():
    text = "很长" * 200 + "液冷" + "很长" * 200
    assert snippet(text, [Span(400, 402)]).startswith("液冷")
    assert len(snippet(text, [Span(400, 402)])) == LENGTH


SPANS = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 20)).map(lambda p: Span(p[0], p[0] + p[1])), max_size=5)


@given(st.text(alphabet="水电。a. \n", max_size=220), SPANS, st.integers(1, 200))
def test_it_is_a_piece_of_the_text_and_no_longer_than_allowed(text, marks, length):
    found = snippet(text, marks, length)
    assert found in text
    assert len(found) <= length
