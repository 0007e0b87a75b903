"""Questions are understood by the ontology's labels, in three scripts alike."""

import pytest

from kg.model import Report, Span
from kg.reading.blocks import read_blocks
from kg.vocabulary import Vocabulary
from search.answering.enumerations import enumerations
from search.answering.runs import Members
from search.answering.sides import sides_of
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
        ("浙江的源网荷储和山东的基站节能,哪个减的碳多?", "comparison"),
        ("Which avoided more emissions, the platform or the cloud office?", "comparison"),
        ("移动的基站和数据中心用电各占百分之多少?", "comparison"),
        ("How many users are registered, and how many are active daily?", "comparison"),
        ("中興的電源設備在世界各地裝了多少套?", "number"),  # not "each"
        ("联通识别风险的流程有哪几步?", "list"),
        ("What ties the pay of managers at ZTE to PUE?", "text"),
        ("移动一把手的收入会不会受考核影响?", "text"),
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
    every = enumerations(Members(document), Span(0, len(text)), vocabulary)
    found = [one.members for one in every if one.kind != "clauses"]
    assert found == ([members] if members else [])


@pytest.mark.parametrize(
    ("question", "metrics", "units"),
    [
        ("How many fishing households does the base station serve?", [], {"count"}),  # households, no base stations
        ("有多少活跃用户?", ["registered users"], set()),
        ("中国电信电源系统的造价是多少?", [], set()),  # what the price is of is not what is asked for
        ("How much in operating costs does sharing save?", ["cost saved", "cost"], set()),
        ("What was the electricity consumption of ZTE in 2023 in kWh?", ["electricity consumption"], {"kWh"}),
    ],
)
def test_what_stands_beside_how_many_is_asked_for(
    question: str, metrics: list[str], units: set[str], vocabulary: Vocabulary
) -> None:
    seen = understand(question, vocabulary)
    assert [metric.label("en") for metric in seen.asked] == metrics
    assert seen.units == units


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Compare the PUE of China Mobile in 2020 with that of ZTE in 2023", [("China Mobile", 2020), ("ZTE", 2023)]),
        ("中国移动2020年和2023年的节电量", [("China Mobile", 2020), ("", 2023)]),
        ("Which used less, ZTE or China Telecom?", [("ZTE", 0), ("China Telecom", 0)]),
    ],
)
def test_the_sides_of_a_comparison(question: str, named: list[tuple[str, int]], vocabulary: Vocabulary) -> None:
    sides = sides_of(understand(question, vocabulary), vocabulary)
    labels = [" ".join(vocabulary.concept(iri).label("en") for iri in side.companies) for side in sides]
    assert list(zip(labels, [sum(side.years) for side in sides], strict=True)) == named


def test_members_between_quotes_and_single_characters(vocabulary: Vocabulary) -> None:
    text = "圍繞“綠色網絡”“綠色用能”“綠色辦公”三條路徑。消耗汽油、柴油、煤等。"
    document = read_blocks(Report("r", text, "zh-Hant", "c", 2020, {}, ""))
    found = [list_.members for list_ in enumerations(Members(document), Span(0, len(text)), vocabulary)]
    assert any("綠色用能" in members and "綠色辦公" in members for members in found)
    assert any(members[-1] == "煤" for members in found)
