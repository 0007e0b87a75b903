"""The checks of the built graph catch planted violations: wrong spans, unknown concepts, broken shapes."""

from __future__ import annotations

import pytest

from kg.checks import built as checks
from kg.checks import shacl
from kg.checks.built import Built
from kg.checks.sources import Sources
from kg.model import Observation, Report, Span
from kg.settings import resource
from kg.store import Store
from kg.terms import IRI, Literal, Quad
from kg.triples import quads_of_fact, quads_of_report
from kg.turtle import memory_store

BASE = "https://w3id.org/tantu/"
TEXT = "2023 年，公司数据中心平均 PUE 为 1.32。"
REPORT = Report("built-2023", TEXT, "zh-Hans", f"{BASE}org/china-mobile", 2023, {}, "0" * 64)
FACT = Observation(
    iri=f"{BASE}fact/built-2023-1", report=REPORT.id, company=REPORT.company, quote=Span(14, 24),
    metric=f"{BASE}metric/pue", metric_text="PUE", subject="中国移动", scope="company", value=1.32,
    unit=f"{BASE}unit/ratio", unit_text="", as_written="1.32", comparator="=", form="level", direction=None, year=2023,
    baseline=None, defaulted=("company",),
)  # fmt: skip
SOURCES = Sources(resource("ontology"))


@pytest.fixture
def store(vocabulary) -> Store:
    """A graph in memory: the ontology, one report, one fact."""
    store = memory_store({SOURCES.graph(path): path for path in SOURCES.texts})
    store.add([*quads_of_fact(FACT, REPORT, vocabulary), *quads_of_report(REPORT, [FACT])])
    return store


def found(check, store) -> list[str]:
    return [str(finding) for finding in check(Built(SOURCES, store, {REPORT.id: REPORT}))]


@pytest.mark.parametrize("check", [checks.spans, checks.concepts, shacl.kept])
def test_a_sound_graph_passes(check, store):
    assert found(check, store) == []


def said(predicate: str, value, subject: str = FACT.iri) -> Quad:
    return Quad(IRI(subject), IRI(predicate), value, IRI(f"{BASE}graph/{REPORT.id}"))


@pytest.mark.parametrize(
    ("check", "planted", "word"),
    [
        (
            checks.spans,
            said(
                "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#anchorOf",
                Literal("1.33"),
                f"{REPORT.iri}#offset_14_24",
            ),
            "says '1.33' where the report has",
        ),
        (checks.concepts, said(f"{BASE}o#metric", IRI(f"{BASE}metric/unheard-of")), "m:unheard-of, which is not in"),
        (checks.concepts, said(f"{BASE}o#period", IRI(f"{BASE}period/1066")), "p:1066, which is not in"),
        (checks.concepts, said(f"{BASE}o#defaulted", IRI(f"{BASE}o#unit")), "at o:unit, which is deprecated"),
        (shacl.kept, said(f"{BASE}o#metric", IRI(f"{BASE}metric/pue-2")), "a number has one metric"),
    ],
)
def test_a_planted_violation_is_caught(check, planted, word, store):
    store.add([planted])
    assert any(word in finding for finding in found(check, store))
