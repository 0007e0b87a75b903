"""Shapes: sound facts pass, seeded errors are caught, and named with their quote."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg import ids
from kg.fields import name
from kg.model import Initiative, Observation, Report, Risk, Span, Target
from kg.settings import resource
from kg.shapes import Shapes
from kg.terms import IRI, Literal, Quad
from kg.triples import quads_of_fact

TEXT = "2023 年，公司数据中心平均 PUE 为 1.32，碳价上升可能增加成本。"
REPORT = Report("shape-2023", TEXT, "zh-Hans", f"{ids.BASE}org/china-mobile", 2023, {}, "0" * 64)
QUOTE = Span(TEXT.index("PUE"), TEXT.index("，碳价"))
NUMBER = {
    "iri": f"{ids.BASE}fact/shape-2023-1", "report": REPORT.id, "company": REPORT.company, "quote": QUOTE,
    "metric": f"{ids.BASE}metric/pue", "metric_text": "PUE", "subject": "中国移动", "scope": "company", "value": 1.32,
    "unit": f"{ids.BASE}unit/ratio", "unit_text": "", "as_written": "1.32", "comparator": "=", "form": "level",
    "direction": None, "year": 2023, "baseline": None,
}  # fmt: skip
RISK = {
    "iri": f"{ids.BASE}fact/shape-2023-2", "report": REPORT.id, "company": REPORT.company, "quote": QUOTE,
    "categories": (f"{ids.BASE}code/policy-legal",), "name": "碳价风险",
}  # fmt: skip


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return Shapes.load(resource("ontology"))


def problems(shapes, fact, vocabulary, change=lambda quads: quads) -> str:
    quads = change(quads_of_fact(fact, REPORT, vocabulary))
    rejections = shapes.check({fact.iri: quads}, REPORT)
    assert all(rejection.fact == fact.iri for rejection in rejections)
    return "; ".join(rejection.problem for rejection in rejections)


@pytest.mark.parametrize("fact", [Observation(**NUMBER), Target(**NUMBER), Risk(**RISK)], ids=lambda fact: fact.kind)
def test_sound_facts_pass(shapes, fact, vocabulary):
    assert problems(shapes, fact, vocabulary) == ""


def without(*curies):
    return lambda quads: [quad for quad in quads if quad.predicate not in {name(curie) for curie in curies}]


def changed(curie, value):
    return lambda quads: [quad._replace(object=value) if quad.predicate == name(curie) else quad for quad in quads]


def added(curie, value):
    return lambda quads: [*quads, Quad(quads[0].subject, name(curie), value, quads[0].graph)]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (without("o:metric"), "metric"),
        (without("qudt:hasUnit"), "unit"),
        (without("o:comparator"), "comparator"),
        (without("o:quoteSpan"), "quote"),
        (without("qudt:numericValue"), "one value or one range"),
        (added("o:minValue", Literal("1", "http://www.w3.org/2001/XMLSchema#decimal")), "one value or one range"),
        (added("o:duePeriod", IRI(f"{ids.BASE}period/2030")), "target"),
        (changed("o:scope", IRI(f"{ids.BASE}code/everybody")), "o:scope"),
        (changed("nif:anchorOf", Literal("something else")), "is not"),
        (changed("nif:endIndex", Literal("9999")), "outside"),
    ],
)
def test_seeded_errors_are_caught(shapes, change, word, vocabulary):
    assert word in problems(shapes, Observation(**NUMBER), vocabulary, change)


def test_a_range_the_wrong_way_round_is_caught(shapes, vocabulary):
    assert "range" in problems(shapes, Observation(**{**NUMBER, "value": (9, 2)}), vocabulary)
    assert problems(shapes, Observation(**{**NUMBER, "value": (2, 9)}), vocabulary) == ""


def test_a_risk_needs_a_category_of_risk(shapes, vocabulary):
    assert "category" in problems(shapes, replace(Risk(**RISK), categories=()), vocabulary)
    wrong = replace(Risk(**RISK), categories=(f"{ids.BASE}code/resilience",))
    assert "category" in problems(shapes, wrong, vocabulary)


def test_an_initiative_needs_a_name(shapes, vocabulary):
    fact = Initiative(
        iri=f"{ids.BASE}fact/shape-2023-3", report=REPORT.id, company=REPORT.company, quote=QUOTE, name="x"
    )
    assert problems(shapes, fact, vocabulary) == ""
    assert "name" in problems(shapes, fact, vocabulary, without("o:name"))


def test_a_rejection_names_the_quote(shapes, vocabulary):
    fact = Observation(**NUMBER)
    quads = without("o:metric")(quads_of_fact(fact, REPORT, vocabulary))
    (rejection,) = shapes.check({fact.iri: quads}, REPORT)
    assert rejection.quote == "PUE 为 1.32"
    assert "PUE 为 1.32" in str(rejection)
