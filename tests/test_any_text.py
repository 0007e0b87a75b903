"""Any text is read: whatever stands in a report, extraction ends, and every fact has its exact quote."""

from functools import cache

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.extraction import facts_of
from kg.model import NumberFact, Report
from kg.settings import resource
from kg.vocabulary import Vocabulary

COMPANY = "https://w3id.org/tantu/org/china-mobile"
MARKS = (
    "\n", "\n\n", "\t", " ", "  ", "：", ":", "，", "。", "、", "；", ";", ".", "|", " | ", "* ", "• ", "- ", "（", "）", "(", ")", "**", "#", "## ",
    "<ul>", "</ul>", "“", "”", "「", "」", "【", "】", "%", "~", "–", "-", "/", "<", "≥", "🌍", "\u200b", "\r\n", "\x0c", "年", "月", "至", "从", "到",
)  # fmt: skip
NUMBERS = (
    "1",
    "2,345.6",
    "0",
    "2023",
    "2030年",
    "12%",
    "3.5万",
    "十",
    "三成",
    "1 150",
    "9949",
    "-5",
    "1.",
    "万",
    "half",
    "two",
    "FY2023",
)


@cache
def vocabulary() -> Vocabulary:
    return Vocabulary.load(resource("ontology"))


@cache
def labels() -> tuple[str, ...]:
    """The ontology's own words in three scripts: what extraction reacts to."""
    return tuple(sorted({label.text for concept in vocabulary().concepts.values() for label in concept.labels}))


def texts() -> st.SearchStrategy[str]:
    word = st.deferred(lambda: st.sampled_from(labels()))
    piece = st.one_of(st.sampled_from(MARKS), st.sampled_from(NUMBERS), word, word, st.text(max_size=4))
    return st.lists(piece, min_size=1, max_size=80).map("".join).filter(str.strip)


@example("慢性物理风险：海平面上升会增加沿海物业的制冷需求。应对措施：\n• 完成评估\n", "zh-Hans")
@given(texts(), st.sampled_from(["zh-Hans", "zh-Hant", "en"]))
@settings(max_examples=1500)
def test_any_text_is_read_and_every_fact_has_its_quote(text: str, language: str) -> None:
    report = Report("any-2023", text, language, COMPANY, 2023, {}, "")
    found = facts_of(report, vocabulary())
    assert len({fact.iri for fact in found}) == len(found)
    for fact in found:
        for span in (fact.quote, *(span for _, span in fact.spans), *getattr(fact, "responses", ())):
            assert 0 <= span.start < span.end <= len(text)
        assert 0 <= fact.confidence <= 1
        if isinstance(fact, NumberFact):
            assert fact.metric in vocabulary()
            assert fact.unit in vocabulary()
