"""Questions are understood by the ontology's labels, in three scripts alike."""

import pytest

from kg.model import Report, Span
from kg.reading.blocks import read_blocks
from kg.vocabulary import Vocabulary
from search.answering.enumerations import enumerations
from search.answering.understanding import language_of, understand


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("中国移动的PUE是多少?", "zh-Hans"),
        ("中國移動的PUE是多少?", "zh-Hant"),
        ("What is China Mobile's PUE?", "en"),
        ("What does 双碳 stand for in this report?", "en"),
        ("PUE", "en"),
        ("12?", "en"),
    ],
)
def test_language(question: str, language: str) -> None:
    assert language_of(question) == language


@pytest.mark.parametrize(
    "question",
    [
        "中国联通2023年节电量是多少度?",
        "中國聯通2023年節電量是多少度?",
        "How much electricity did China Unicom save in 2023?",
    ],
)
def test_the_same_question_in_three_scripts(question: str, vocabulary: Vocabulary) -> None:
    seen = understand(question, vocabulary)
    assert seen.shape == "number"
    assert seen.years == (2023,)
    assert [company.label("en") for company in seen.companies] == ["China Unicom"]
    assert "kWh" in seen.units


@pytest.mark.parametrize(
    ("question", "shape"),
    [
        ("哪些公司有过渡风险?", "list"),
        ("比较中国移动和中国电信的PUE", "comparison"),
        ("Compare the PUE of China Mobile and China Telecom", "comparison"),
        ("What are the climate risks of China Unicom?", "list"),
        ("怎样让大象和村民少起冲突", "text"),
        ("移动和中兴谁2023年数据中心PUE更低？", "comparison"),
        ("liquid cooling in data centres", "topic"),
    ],
)
def test_shape(question: str, shape: str, vocabulary: Vocabulary) -> None:
    assert understand(question, vocabulary).shape == shape


def test_emissions_cut_are_tonnes_avoided_too(vocabulary: Vocabulary) -> None:
    metrics = [metric.iri.rsplit("/", 1)[-1] for metric in understand("聯通一年減少的碳排放量", vocabulary).metrics]
    assert metrics[0] == "ghg-emissions"
    assert len(metrics) > 1


def test_risk_questions_ask_for_risks(vocabulary: Vocabulary) -> None:
    assert understand("What climate risks does ZTE list?", vocabulary).kinds == {"risk"}


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("方案，如智慧物流、智慧交通、智慧照明等，助力", ("智慧物流", "智慧交通", "智慧照明")),
        ("方案，如智慧物流、智\n慧交通、智慧照明等，助力減排", ("智慧物流", "智慧交通", "智慧照明")),
        ("建设绿色新云网\n\n打造绿色新运营\n\n构建绿色新生态", ("建设绿色新云网", "打造绿色新运营", "构建绿色新生态")),
        ("减少排放、节约用电。", None),
    ],
)
def test_enumerations(text: str, members: tuple[str, ...] | None, vocabulary: Vocabulary) -> None:
    document = read_blocks(Report("r", text, "zh-Hans", "c", 2023, {}, ""))
    found = [found.members for found in enumerations(document, Span(0, len(text)), vocabulary)]
    assert found == ([members] if members else [])
