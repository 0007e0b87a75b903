"""The library over the five real reports: provenance, look-ups, search and answers."""

import json
from collections import Counter

import pytest

from kg.catalogue import read_catalogue
from kg.errors import NotFound, QuestionError
from kg.ids import BASE
from kg.settings import resource
from kg.triples import facts_in
from kg.vocabulary import LANGUAGES
from search.answers import as_json, hit_json
from search.library import Library

ANSWER_FIELDS = {"answered", "text", "values", "items", "facts", "citations", "sparql", "understanding"}
FIGURE = (
    "2023年中国移动综合能耗是多少?",
    "2023年中國移動綜合能耗是多少?",
    "What was China Mobile's total energy consumption in 2023?",
)


def test_every_quote_and_every_span_is_a_stretch_of_its_report(library: Library) -> None:
    for fact in library.facts():
        text = library.reports[fact.report].text
        for span in (fact.quote, *(span for _, span in fact.spans)):
            assert 0 <= span.start < span.end <= len(text)
            assert span.of(text).strip()


def test_facts_are_found_by_iri_and_by_name(library: Library) -> None:
    fact = next(library.facts("mobile-2023"))
    assert library.fact(fact.iri) is library.fact(fact.iri.rsplit("/", 1)[-1])


def test_unknown_names_come_with_the_nearest(library: Library) -> None:
    with pytest.raises(NotFound) as caught:
        library.report("mobil-2023")
    assert "mobile-2023" in caught.value.nearest
    name = next(library.facts()).iri.rsplit("/", 1)[-1]
    with pytest.raises(NotFound) as caught:
        library.fact(name[:-1] + "~")
    assert name in caught.value.nearest
    with pytest.raises(NotFound) as caught:
        library.fact("none")
    assert len(caught.value.nearest) == 3


@pytest.mark.parametrize("question", ["", "   \n", "x" * 10_000])
def test_questions_that_are_none_are_refused(library: Library, question: str) -> None:
    with pytest.raises(QuestionError):
        library.ask(question)
    with pytest.raises(QuestionError):
        library.search(question)


@pytest.mark.parametrize("question", FIGURE)
def test_a_figure_is_answered_in_three_scripts(library: Library, question: str) -> None:
    answer = as_json(library.ask(question), library)
    assert answer.keys() >= ANSWER_FIELDS
    assert answer["answered"]
    first = answer["values"][0]
    assert (first["value"], first["unit"], first["year"]) == (7748000, "tce", 2023)
    assert "774.8" in first["quote"]
    assert first["quote"] == library.reports["mobile-2023"].text[first["start"] : first["end"]]


@pytest.mark.parametrize("question", FIGURE)
def test_the_shown_query_is_what_found_the_facts(library: Library, question: str) -> None:
    answer = library.ask(question)
    rows = json.loads(b"".join(library.query(answer.sparql, "json")))["results"]["bindings"]
    assert {row["fact"]["value"] for row in rows} >= {fact.iri for fact in answer.facts}
    assert answer.facts


def test_absence_is_said(library: Library) -> None:
    answer = as_json(library.ask("What is the recipe for Peking duck with pancakes?"), library)
    assert not answer["answered"]
    assert answer["values"] == [] == answer["items"]
    assert "not found" in answer["text"].lower() or "no answer" in answer["text"].lower()


@pytest.mark.parametrize(
    ("question", "value"),
    [("2023年中国移动一共节电多少度？", 8_990_000_000), ("中國移動至2023年累計節電多少度？", 19_770_000_000)],
)
def test_a_year_is_that_year_unless_a_total_over_years_is_asked(library: Library, question: str, value: int) -> None:
    assert as_json(library.ask(question), library)["values"][0]["value"] == value


@pytest.mark.parametrize(
    "question",
    [
        "中国移动2019年节电量",  # a year without a figure
        "China Unicom 2023 revenue",  # a metric without one
        "China Telecom's scope 2 emissions in 2023",  # there is an intensity target, which is something else
        "聯通2023年範圍三排放量",  # avoided tonnes are there, which are no emissions
        "中国铁塔节电量",  # a company without a report
    ],
)
def test_another_year_metric_or_company_is_no_answer(library: Library, question: str) -> None:
    answer = as_json(library.ask(question), library)
    assert not answer["answered"]
    assert answer["values"] == []


def test_what_comes_nearest_is_named_as_such(library: Library) -> None:
    answer = library.ask("中国移动2019年节电量")
    assert "最接近的是" in answer.text
    assert "2023" in answer.text


def test_control_characters_and_line_breaks_change_nothing(library: Library) -> None:
    plain, odd = (library.ask(question).facts for question in ("ZTE solar capacity", "ZTE\nsolar\tcapa\u200bcity\x00"))
    assert plain == odd


def test_hits_are_exact_stretches_with_exact_highlights(library: Library) -> None:
    for hit in library.search("液冷 liquid cooling PUE 數據中心"):
        found = hit_json(hit, library)
        text = library.reports[found["report"]].text
        assert found["text"] == text[found["start"] : found["end"]]
        assert len(found["text"]) <= 800
        for light in found["highlights"]:
            assert found["start"] <= light["start"] < light["end"] <= found["end"]


def test_hans_and_hant_questions_find_the_same(library: Library) -> None:
    simplified = [hit.entry.iri for hit in library.search("数据中心软件节能")]
    assert simplified == [hit.entry.iri for hit in library.search("數據中心軟件節能")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_can_be_said(library: Library, language: str) -> None:
    for fact in library.facts():
        assert library.sentence(fact, language).strip()


def test_fact_lines_have_the_fields_of_the_format(library: Library) -> None:
    for line in library.fact_lines():
        assert {"id", "iri", "report", "company", "kind", "quote", "start", "end", "confidence"} <= line.keys()
        assert library.reports[line["report"]].text[line["start"] : line["end"]] == line["quote"]
        if line["kind"] in ("observation", "target"):
            assert {"metric", "metric_zh", "metric_en", "metric_key", "value", "unit", "year", "scope"} <= line.keys()


def test_facts_of_the_index_are_those_of_the_graph(library: Library) -> None:
    told = [fact for report in library.reports.values() for fact in facts_in(library.store, report)]
    assert list(library.facts()) == told
    assert [library.told[place] for place in library.told.of_report("zte-2024")] == [*library.facts("zte-2024")]


def test_columns_of_facts_say_what_the_facts_say(library: Library) -> None:
    facts, told = list(library.facts()), library.told
    pue, years = f"{BASE}metric/pue", {2020, 2023}
    assert list(told.at(told.where(metric={pue}))) == [fact for fact in facts if getattr(fact, "metric", "") == pue]
    assert list(told.at(told.where(years, kind={"target"}))) == [
        fact for fact in facts if fact.kind == "target" and fact.year in years
    ]
    assert dict(told.tally("kind", told.where())) == Counter(fact.kind for fact in facts)


def test_reports_know_all_but_their_texts_until_they_are_asked(library: Library) -> None:
    for seed in read_catalogue(resource("seeds")):
        report = library.reports[seed.id]
        assert (report, report.characters, report.title) == (seed, len(seed.text), seed.title)
        assert (report.text, report.pages) == (seed.text, seed.pages)
    assert list(library.reports) == sorted(library.reports)
