"""Answers over the five reports: what may answer, what is refused and how that is said, and laws of all answers."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import NotFound
from kg.ids import BASE
from kg.model import NumberFact
from kg.vocabulary import Vocabulary
from search.answering.answer import Given
from search.answering.conditions import ladder
from search.answering.queries import named_query, number_query
from search.answering.strangers import strangers
from search.answering.understanding import NUMBER_KINDS, understand
from search.answers import as_json
from search.library import Library

BENCH = Path(__file__).resolve().parent.parent / "bench"
ABSENT = [
    "How many tonnes of Scope 3 emissions did China Mobile report for 2023?",  # scopes 1 and 2 are there
    "中国联通范围三排放量",
    "中興通訊的內部碳定價是每公噸多少錢？",  # costs are there
    "At what price per tonne has ZTE set its internal carbon price?",
    "2023年中国电信用的电里头绿电占百分之几?",  # other percentages are there
    "What percentage of ZTE's electricity is renewable?",
    "中国电信2023年的总用电量是多少",  # electricity saved is there
    "How many electric vehicle charging points has China Unicom installed?",
    "中興 2023 年用水量多少噸?",
    "中国移动2022年范围一排放是多少",  # that of 2023 is there
]


@pytest.mark.parametrize("question", ABSENT)
def test_a_figure_of_another_metric_is_no_answer(library: Library, question: str) -> None:
    answer = as_json(library.ask(question), library)
    assert not answer["answered"]
    assert answer["values"] == []
    assert answer["text"]


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("中国移动2020年定下的次年目标里，要少排多少吨温室气体？", 1_900_000),  # said in 2020, for 2021
        ("中兴在基准年的碳排放强度是多少？", 869),
        ("中国移动2023年购买了多少绿电", 158_000_000),  # "how much" parts the metric's name
        ("青島地鐵城軌雲建成後每年能減少多少噸碳", 39_500),
        ("What PUE had the Fuzhou data centre reached by 2023?", 1.36),
        ("To what PUE did the Heilongjiang data centre of China Unicom fall?", 1.4),  # from 1.5
        ("江西綠寶碳匯平台有多少人註冊?", 1_731_200),  # people, not points
    ],
)
def test_years_units_places_and_parted_names(library: Library, question: str, value: float) -> None:
    assert as_json(library.ask(question), library)["values"][0]["value"] == value


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("特斯拉2023年的碳排放量是多少?", "特斯拉"),
        ("How many tonnes of CO2 did Tesla emit in 2023?", "Tesla"),
        ("How does Vodafone cool its data centres?", "Vodafone"),
        ("華為的供應商要滿足什麼環保要求", "華為"),
    ],
)
def test_a_company_without_a_report_is_named_as_such(library: Library, question: str, name: str) -> None:
    answer = as_json(library.ask(question), library)
    assert not answer["answered"]
    assert name in answer["text"]
    assert answer["citations"] == []


@pytest.mark.parametrize(
    ("question", "items"),
    [
        ("中国电信5G基站节能综合利用了哪些技术手段？", {"液冷", "叠光", "新型竖叉框", "智能开关", "AI节能"}),
        ("Name the eight green actions in China Telecom's carbon plan.", {"建设绿色新云网", "创造绿色新价值"}),
        ("聯通氣候風險清單裡,評級落在「中高」的有哪幾項?", {"科技風險", "急性風險"}),
        ("What do the five letters of ZTE's SMART model stand for?", {"战略(Strategy)", "传播(Transmission)"}),
        ("联通有哪几个省市公司买卖绿电?", {"北京", "遼寧", "青海"}),
    ],
)
def test_names_stand_as_in_the_report(library: Library, question: str, items: set[str]) -> None:
    assert items <= set(library.ask(question).items)


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("广西的高维散热系统,28度和35度时的平均节能率分别是多少?", {30.24, 70.13}),
        ("Which has the lower PUE in 2023, China Mobile's data centre in Fuzhou or the one in Taiyuan?", {1.36, 1.26}),
        ("浙江移动的源网荷储和山东移动的AI基站节能,哪个减的碳多?", {325_000, 125_400}),
        ("電信對新入網的5G無線設備和伺服器,要求能耗各降多少?", {15, 10}),
        ("Which saved more electricity, China Unicom's robot or China Mobile Zhejiang's project?", {2e8, 5.7e8}),
    ],
)
def test_parts_of_one_company_are_compared(library: Library, question: str, values: set[float]) -> None:
    assert values <= {value["value"] for value in as_json(library.ask(question), library)["values"]}


def test_each_side_is_said_and_who_has_none(library: Library) -> None:
    """China Unicom's report tells of emissions avoided only, which are no emissions."""
    found = library.ask("Which emits more greenhouse gases in 2023, China Mobile or China Unicom?")
    assert "No figure of China Unicom was found" in found.text
    assert not any(fact.metric.endswith("avoided") for fact in found.facts if isinstance(fact, NumberFact))
    both = library.ask("Which has the lower PUE, Fuzhou or Taiyuan?")
    assert "1.36" in both.text
    assert "1.26" in both.text


@pytest.mark.parametrize(
    "question",
    [
        "电信光氢储电源系统的造价是多少?",  # its households and its savings are told, not its price
        "How many elephants live in the area that China Mobile monitors?",
        "Why is the sky blue?",
        "移动2023年用水量是多少吨?",
    ],
)
def test_what_no_report_says_is_not_answered(library: Library, question: str) -> None:
    assert not library.ask(question).answered


def test_what_a_reader_gives_goes_before_what_the_question_names(library: Library) -> None:
    question = "PUE of China Telecom in 2025"
    assert library.ask(question).facts[0].company.endswith("china-telecom")
    other = library.ask(question, Given(company="china-mobile", year="any", metric="pue"))
    assert {fact.company for fact in other.facts} == {f"{BASE}org/china-mobile"}
    assert other.understanding.years == ()
    assert library.ask(question, Given(kind="list")).understanding.shape == "list"
    with pytest.raises(NotFound, match="metric"):
        library.ask(question, Given(metric="moonshine"))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("PUE of China Telecom in 2025", "Read as: PUE at China Telecom, reported or promised, for 2025."),
        ("中国移动2023年节电量", "读作：中国移动的节电量，已报告或承诺，2023 年。"),
        ("聯通的氣候風險有哪些", "讀作：中國聯通的風險。"),
    ],
)
def test_the_query_is_read_back(library: Library, question: str, said: str) -> None:
    assert library.ask(question).readback == said


@pytest.mark.parametrize("question", ["中国移动2023年节电量", "PUE of China Telecom in 2025"])
def test_suggestions_have_answers(library: Library, question: str) -> None:
    found = library.ask(question).suggestions
    assert 2 <= len(found) <= 4
    assert all(library.ask(suggestion).answered for suggestion in found)


def test_every_suggestion_of_the_benchmark_is_answered_with_a_number(library: Library) -> None:
    """Every twelfth question of the benchmark, so that it takes no second; all of them give 49, and 49 are answered."""
    lines = (BENCH / "questions-dev.jsonl").read_text("utf-8").splitlines()[::12]
    found = {one for line in lines for one in library.ask(json.loads(line)["question"]).suggestions}
    answers = {one: library.ask(one) for one in found}
    assert found
    assert [one for one, said in answers.items() if not (said.answered and said.understanding.shape == "number")] == []


def test_names_that_nobody_knows(vocabulary: Vocabulary) -> None:
    def unknown(question: str) -> list[str]:
        return list(strangers(question, vocabulary, lambda word: False))

    assert unknown("What is Tesla's PUE?") == ["Tesla"]
    assert unknown("What did Yonggang Group save?") == []  # may be how a Chinese name is written in Latin letters
    assert unknown("台积电的再生能源目标是什么？") == ["台积电"]
    assert unknown("数据中心的PUE是多少？") == []


SUBJECTS = ["中国移动", "China Unicom", "中興", "Tesla", "三大运营商", "福州", ""]
THINGS = ["PUE", "节电量", "scope 3 emissions", "碳價", "revenue", "气候风险", "green electricity", "员工", "绿色行动"]
WAYS = ["多少", "how many tonnes", "有哪些", "百分之几", "list the", "哪一年", "", "占比", "which"]


@given(st.sampled_from(SUBJECTS), st.sampled_from(THINGS), st.sampled_from(WAYS), st.sampled_from(["", "2020", "2023"]))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_answer_names_a_value_that_no_cited_fact_has(
    library: Library, subject: str, thing: str, way: str, year: str
) -> None:
    answer = as_json(library.ask(f"{subject} {year} {way} {thing}"), library)
    facts = {fact["iri"]: fact for fact in answer["facts"]}
    assert all(facts[value["fact"]]["value"] == value["value"] for value in answer["values"])
    assert answer["answered"] or (answer["values"] == [] and answer["items"] == [])
    texts = library.reports
    assert all(c["quote"] == texts[c["report"]].text[c["start"] : c["end"]] for c in answer["citations"])


@given(st.sampled_from(SUBJECTS), st.sampled_from(THINGS), st.sampled_from(WAYS))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_queries_use_no_term_that_the_ontology_lacks(
    vocabulary: Vocabulary, subject: str, thing: str, way: str
) -> None:
    seen = understand(f"{subject} {way} {thing}", vocabulary)
    made = [number_query(seen, conditions, vocabulary) for conditions in ladder(seen, vocabulary)]
    made += [] if seen.kinds <= NUMBER_KINDS else [named_query(seen, vocabulary)]
    for query in made:
        for prefix, name in re.findall(r"(?<![\w/])(o|m|c|org_):([\w-]+)", query):
            iri = {"o": f"{BASE}o#", "m": f"{BASE}metric/", "c": f"{BASE}code/", "org_": f"{BASE}org/"}[prefix] + name
            assert iri in vocabulary, iri
