"""Why something was found: every mark is the report's own characters, and a form of the word that it claims."""

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.reading.folding import compact
from search.assembling import build_index
from search.encoder import load_question_encoder
from search.entries import Entry
from search.explanation import Explainer
from search.index import Index
from search.retrieval import request
from search.segmenter import regional_pairs
from search.tokens import tokens
from tests.doubles import HashEncoder

BEFORE = 7  # characters of the report before the passage
WORDS = (
    "数据中心", "數據中心", "软件", "軟體", "ＰＵＥ", "pue", "1,343", "１３４３", "emissions", "Emission", "cafe\u0301",
    "é", "😀", "𠀋", "\ufe0f", " ", "\n\n", "**", "，", "的", "节电", "節電", "software", "energy", "能源",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=30).map("".join)


def passage(text, name="a", language="zh-Hans"):
    return Entry(name, "passage", f"Heading\n{text}", "r", BEFORE, BEFORE + len(text), "c", 2023, language)


def opened(folder, texts, vocabulary, encoder):
    build_index(folder, [passage(text, f"p{n:02}") for n, text in enumerate(texts)], encoder, vocabulary)
    return Index.open(folder, encoder, vocabulary)


@pytest.fixture(scope="module")
def index(tmp_path_factory, vocabulary):
    """An index in which every word occurs, so that each has synonyms."""
    texts = [
        "员工培训",
        "the company",
        *(word for word in WORDS if word.strip()),
        "节电软件，PUE 1343。Software saves energy." * 9,
    ]
    return opened(tmp_path_factory.mktemp("explained"), texts, vocabulary, HashEncoder())


def explained(index, question, text):
    return Explainer(request(question, index._collection)).why(passage(text), 0.5)


def form(text):
    return compact(text).text.rstrip("\u0301\ufe0f")


def stems(text):
    return {token.word for token in tokens(text)}


@given(TEXTS, TEXTS)
def test_every_mark_is_a_form_of_the_word_that_it_claims(index, vocabulary, question, text):
    why = explained(index, question, text)
    for match in (*why.matched, *why.named):
        assert BEFORE <= match.start < match.end <= BEFORE + len(text)
        assert match.text == text[match.start - BEFORE : match.end - BEFORE]
        after = text[match.end - BEFORE : match.end - BEFORE + 1]
        assert not (after and category(after).startswith("M"))
    for match in why.matched:
        assert compact(match.via).text in compact(question).text
        if match.how == "same":
            assert stems(match.text) == stems(match.via)
        elif match.how == "regional":
            assert form(match.text) in regional_pairs(compact(question).text)[form(match.via)]
    for name in why.named:
        assert form(name.text) in {form(label.text) for label in vocabulary.concept(name.iri).labels}


@given(TEXTS, TEXTS)
def test_highlights_are_the_matches_joined(index, question, text):
    why = explained(index, question, text)
    lit = {i for span in why.spans for i in range(span.start, span.end)}
    assert lit == {i for one in (*why.matched, *why.named) for i in range(one.start, one.end)}
    assert all(one.end < other.start for one, other in zip(why.spans, why.spans[1:], strict=False))


@given(TEXTS)
def test_the_nearest_sentence_is_a_stretch_of_the_passage(index, question):
    for hit in index.search(question, 5):
        nearest = hit.why.nearest
        assert nearest is not None
        assert hit.entry.start <= nearest.start < nearest.end <= hit.entry.end
        assert -1.001 <= nearest.similarity <= hit.why.similarity + 1e-5


@pytest.fixture(scope="module")
def shipped():
    return load_question_encoder()


TRADITIONAL = "公司導入節能軟體，降低機房用電。其他同仁參加淨灘活動，並且完成了年度教育訓練，共計三百人次，成果豐碩而且廣獲好評。員工餐廳改用在地食材。"


@pytest.mark.parametrize(
    ("question", "text", "via", "how"),
    [
        ("energy-saving software", "軟體", "software", "translation"),
        ("节能软件", "軟體", "软件", "regional"),
        ("節能軟體", "軟體", "軟體", "same"),
    ],
)
def test_software_is_one_thing_in_three_scripts(tmp_path, vocabulary, shipped, question, text, via, how):
    index = opened(tmp_path, [TRADITIONAL, "员工培训。", "我们节约用水。"], vocabulary, shipped)
    hit = next(hit for hit in index.search(question, 3) if hit.entry.iri == "p00")
    match = next(match for match in hit.why.matched if text in match.text)
    assert via in match.via
    assert match.how == how
    assert match.start == BEFORE + TRADITIONAL.index(match.text)


def test_the_sentence_that_is_meant_is_named(tmp_path, vocabulary, shipped):
    index = opened(tmp_path, [TRADITIONAL, "员工培训。"], vocabulary, shipped)
    nearest = index.search("Which software cuts the power use of machine rooms?", 1)[0].why.nearest
    assert nearest is not None
    assert TRADITIONAL[nearest.start - BEFORE : nearest.end - BEFORE].startswith("公司導入節能軟體")


def test_a_fact_is_explained_by_its_quote(tmp_path, vocabulary):
    quote = "PUE降至1.25"
    entry = Entry(
        "f", "target", f"目标：PUE 1.25\nTarget: PUE 1.25\n{quote}", "r", 40, 40 + len(quote), "c", 2023, "zh-Hans"
    )
    build_index(tmp_path, [entry], HashEncoder(), vocabulary)
    hit = Index.open(tmp_path, HashEncoder(), vocabulary).search("pue")[0]
    assert [(match.text, match.start, match.via) for match in hit.why.matched] == [("PUE", 40, "pue")]
    assert hit.why.nearest is not None
    assert (hit.why.nearest.start, hit.why.nearest.end) == (40, 40 + len(quote))
