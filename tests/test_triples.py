"""Facts as quads: nothing is lost on the way there and back, and every span equals its text."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import ids
from kg.catalogue import read_catalogue
from kg.extraction import facts_of
from kg.fields import AGGREGATIONS, CLASSES, COMPARATORS, DIRECTIONS, FIELDS, FORMS, SCOPES, name
from kg.model import FACT_KINDS, Fact, NumberFact, Report, RiskFact, Span
from kg.records import fact_of, field_of, record
from kg.settings import resource
from kg.store import Store
from kg.terms import Literal
from kg.triples import canonical, facts_in, facts_of_quads, quads_of_fact, quads_of_report
from kg.verbalise import sentence
from kg.vocabulary import LANGUAGES

TEXT = "中国移动 2023 年 PUE 降至 1.32 以下，节电 89.9 亿度 🔋，" * 40
REPORT = Report("law-2023", TEXT, "zh-Hans", f"{ids.BASE}org/china-mobile", 2023, {"en": "Law"}, "0" * 64)
ROLES = ("value", "metric", "period", "subject", "name", "level", "horizon", "impact")

words = st.text(min_size=1, max_size=20)
spans = st.builds(lambda start, length: Span(start, start + length), st.integers(0, 900), st.integers(1, 40))
numbers = st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False)
ranges = st.tuples(numbers, numbers)


def slugs(*names: str) -> st.SearchStrategy[str]:
    return st.sampled_from([f"{ids.BASE}{slug}" for slug in names])


COMMON = {
    "iri": st.integers(0, 10**9).map(lambda n: f"{ids.BASE}fact/law-2023-{n}"),
    "report": st.just(REPORT.id),
    "company": st.just(REPORT.company),
    "quote": spans,
    "spans": st.lists(st.tuples(st.sampled_from(ROLES), spans), max_size=4).map(tuple),
    "defaulted": st.lists(st.sampled_from(["company", "year", "subject"]), max_size=3).map(tuple),
    "confidence": st.floats(0, 1),
}
NUMBER = {
    "metric": slugs("metric/other-count"),
    "metric_text": words,
    "subject": words,
    "scope": st.sampled_from(sorted(SCOPES)),
    "value": numbers | ranges,
    "unit": slugs("unit/kWh", "unit/percent"),
    "unit_text": st.text(max_size=5),
    "as_written": words,
    "comparator": st.sampled_from(sorted(COMPARATORS)),
    "form": st.sampled_from(sorted(FORMS)),
    "direction": st.none() | st.sampled_from(sorted(DIRECTIONS)),
    "year": st.none() | st.integers(1990, 2060),
    "baseline": st.none() | st.sampled_from(["2020", "十三五期末", "上年"]),
    "aggregation": st.none() | st.sampled_from(sorted(AGGREGATIONS)),
    "joint": st.lists(slugs("org/china-unicom", "org/china-telecom"), max_size=2).map(tuple),
    "result_of": st.lists(slugs("technology/liquid-cooling", "fact/law-2023-1"), max_size=2).map(tuple),
}
RISK = {
    "categories": st.lists(slugs("code/market-risk", "code/reputation-risk"), min_size=1, max_size=2).map(tuple),
    "name": words,
    "level": st.none() | words,
    "horizon": st.none() | st.sampled_from(["短至中期", "long term"]),
    "responses": st.lists(spans, max_size=3).map(tuple),
}
technologies = slugs("technology/liquid-cooling", "technology/5g")
OTHER = {
    "name": words,
    "place": st.none() | words,
    "technologies": st.lists(technologies, max_size=2).map(tuple),
    "technology": st.none() | technologies,
    "concept": technologies,
    "leaders": st.lists(st.sampled_from(["浙江公司", "中国电信", "China Unicom"]), max_size=2).map(tuple),
    "part_of": st.none() | slugs("fact/law-2023-1", "fact/law-2023-2"),
}


def facts(kind: type[Fact]) -> st.SearchStrategy[Fact]:
    table = (
        COMMON | OTHER | (NUMBER if issubclass(kind, NumberFact) else {}) | (RISK if issubclass(kind, RiskFact) else {})
    )
    return st.builds(kind, **{field.name: table[field.name] for field in fields(kind)})


@given(fact=st.sampled_from(FACT_KINDS).flatmap(facts))
def test_quads_give_the_fact_back(fact, vocabulary):
    assert facts_of_quads(quads_of_fact(fact, REPORT, vocabulary)) == [canonical(fact)]


@given(fact=st.sampled_from(FACT_KINDS).flatmap(facts))
def test_what_stands_in_the_index_is_the_fact_of_the_graph(fact):
    told = orjson.loads(orjson.dumps(record(fact)))
    assert fact_of(fact.kind, fact.iri, fact.report, fact.company, fact.quote, told) == canonical(fact)
    assert [field_of(fact.kind, told, name) for name in ("metric", "confidence")] == [
        getattr(fact, "metric", None),
        fact.confidence,
    ]


@given(fact=st.sampled_from(FACT_KINDS).flatmap(facts))
def test_every_span_in_the_quads_equals_its_text(fact, vocabulary):
    quads = quads_of_fact(fact, REPORT, vocabulary)
    begins = {quad.subject: int(quad.object.value) for quad in quads if quad.predicate == name("nif:beginIndex")}
    ends = {quad.subject: int(quad.object.value) for quad in quads if quad.predicate == name("nif:endIndex")}
    anchors = {quad.subject: quad.object.value for quad in quads if quad.predicate == name("nif:anchorOf")}
    assert anchors.keys() == begins.keys() == ends.keys()
    assert all(TEXT[begins[span] : ends[span]] == words for span, words in anchors.items())


@pytest.mark.parametrize("kind", FACT_KINDS, ids=lambda kind: kind.__name__)
def test_every_field_has_its_place_in_the_table(kind):
    written_elsewhere = {"iri", "report", "quote", "spans", "value", "responses"}
    named = {field.name for field in fields(kind)}
    assert named - written_elsewhere == {field.name for field in FIELDS[kind]}
    assert kind in CLASSES


def test_two_writings_are_the_same_quads(vocabulary):
    report = next(report for report in read_catalogue(resource("seeds")) if report.id == "unicom-2023")
    first, second = (
        [quads_of_fact(fact, report, vocabulary) for fact in facts_of(report, vocabulary)] for _ in range(2)
    )
    assert first == second


@pytest.mark.parametrize("seed", read_catalogue(resource("seeds")), ids=lambda seed: seed.id)
def test_a_store_gives_the_facts_of_a_report_back(seed, vocabulary, tmp_path):
    found = facts_of(seed, vocabulary)
    with Store.create(tmp_path / "store") as store:
        store.add(quads_of_report(seed))
        for fact in found:
            store.add(quads_of_fact(fact, seed, vocabulary))
        assert facts_in(store, seed) == [canonical(fact) for fact in found]


def test_a_document_says_which_text_its_offsets_are_for():
    quads = {(quad.predicate.value.rsplit("#")[-1].rsplit("/")[-1], quad.object) for quad in quads_of_report(REPORT)}
    assert ("sha256", Literal("0" * 64)) in quads
    assert ("language", Literal("zh-Hans")) in quads


def test_sentences_say_company_period_metric_and_amount(vocabulary):
    fact = next(
        fact
        for report in read_catalogue(resource("seeds"))
        for fact in facts_of(report, vocabulary)
        if isinstance(fact, RiskFact)
    )
    report = next(report for report in read_catalogue(resource("seeds")) if report.id == fact.report)
    said = {language: sentence(fact, report, vocabulary, language) for language in LANGUAGES}
    assert said["zh-Hans"].startswith(vocabulary.concept(fact.company).label("zh-Hans"))
    assert said["en"].startswith(vocabulary.concept(fact.company).label("en"))
    assert all(get_args(str) == () and line.strip() == line for line in said.values())


def test_provenance_takes_at_most_twelve_triples_a_fact(vocabulary):
    told, facts = set(), 0
    for seed in read_catalogue(resource("seeds")):
        for fact in facts_of(seed, vocabulary):
            facts += 1
            quads = quads_of_fact(fact, seed, vocabulary)
            roles = {quad for quad in quads if quad.predicate.value.endswith("Span")}
            spans = {quad.object for quad in roles}
            told |= roles | {
                quad for quad in quads if quad.subject in spans or quad.predicate == name("prov:wasDerivedFrom")
            }
    assert len(told) / facts <= 12
