"""What of a passage is indexed: every statement counts the same wherever it stands."""

from hypothesis import given
from hypothesis import strategies as st

from search.entries import Entry
from search.views import LONG, WINDOW, views, windows, words

SENTENCES = st.lists(
    st.sampled_from(
        ["园区新建蓄冷罐。", "电能利用效率降至1.25。", "We saved 5 GWh.", "绿色电力交易，采购量上升；", "减排"]
    ),
    min_size=1,
    max_size=30,
)
LONG_ONES = st.lists(st.sampled_from("甲乙丙丁戊己庚"), min_size=2, max_size=5, unique=True)


def passage(body):
    return Entry("a", "passage", body, "r", 0, len(body), "c", 2023, "zh-Hans")


@given(SENTENCES)
def test_the_windows_hold_every_character_in_order(sentences):
    body = " ".join(sentences)
    found = windows(body)
    assert "".join("".join(body[start:end].split()) for start, end in found) == "".join(body.split())
    assert all(end - start >= WINDOW for start, end in found[:-1])


@given(st.lists(st.sampled_from(["类别", "能耗下降5%", "新建数据中心", "PUE 1.25"]), min_size=60, max_size=120))
def test_a_long_row_gets_a_vector_for_each_of_its_parts(cells):
    body = "\t".join(cells)
    assert len(body) > LONG
    assert all(end - start <= WINDOW + 12 for start, end in windows(body))


@given(SENTENCES.flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_words_count_the_same_in_any_order(orders):
    one, other = (words(passage("\n- ".join(sentences)), ()) for sentences in orders)
    assert one == other


@given(LONG_ONES.flatmap(lambda names: st.tuples(st.just(names), st.permutations(names))))
def test_each_statement_has_the_same_vector_wherever_it_stands(orders):
    one, other = (views(passage("".join(f"{name * WINDOW}。" for name in names))) for names in orders)
    assert set(one[1:]) == set(other[1:])
    assert len(one) == len(orders[0]) + 1
