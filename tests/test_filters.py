"""Filters as people name them: any label in any script, what stands below a concept, and errors that help."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import ids
from kg.catalogue import read_catalogue
from kg.errors import UnknownFilter
from kg.model import Observation, Risk, Span
from kg.pipeline import Extracted
from kg.settings import resource
from kg.vocabulary import Vocabulary
from search.filters import CLASSES, Filters
from search.findable import entries

VOCABULARY = Vocabulary.load(resource("ontology"))
REPORTS = {report.id: report for report in read_catalogue(resource("seeds"))}
FILTERS = Filters(VOCABULARY, REPORTS)
T, C = f"{ids.BASE}technology/", f"{ids.BASE}code/"


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (
            "technology",
            ("液冷", "liquid cooling", "Liquid Cooling", "liquid-cooling", f"{T}liquid-cooling", " 液冷技术 "),
        ),
        ("risk", ("实体风险", "實體風險", "物理风险", "physical risks", "physical-risk", f"{C}physical-risk")),
    ],
)
def test_a_concept_is_named_in_any_script(kind, names):
    assert len({FILTERS.concepts(kind, name) for name in names}) == 1


def test_what_stands_below_counts():
    physical = FILTERS.concepts("risk", "physical risk")
    assert physical == {f"{C}physical-risk", f"{C}acute-physical", f"{C}chronic-physical"}
    assert physical < FILTERS.concepts("risk", "climate-risk")
    assert {f"{T}liquid-cooling", f"{T}immersion-cooling", f"{T}single-phase-immersion"} <= FILTERS.concepts(
        "technology", "液冷"
    )


CONCEPTS = sorted((kind, c.iri) for kind, types in CLASSES.items() for c in VOCABULARY.of_type(*types))


@given(st.sampled_from(CONCEPTS))
def test_below_is_the_other_side_of_above(concept):
    kind, iri = concept
    below = FILTERS.concepts(kind, iri)
    above = {other for k, other in CONCEPTS if k == kind and iri in {c.iri for c in VOCABULARY.ancestors(other)}}
    assert below == above | {iri}
    assert iri in FILTERS.with_broader(below)


def test_a_report_and_its_company():
    assert FILTERS.report("zte-2024") == FILTERS.report(REPORTS["zte-2024"].iri) == "zte-2024"
    assert FILTERS.company("中國移動") == FILTERS.company("China Mobile") == REPORTS["mobile-2023"].company


@pytest.mark.parametrize(
    ("chosen", "near"),
    [
        ({"technology": "liqiud cooling"}, "liquid cooling"),
        ({"risk": "液冷"}, ""),
        ({"company": "China Mobil"}, "china mobile"),
        ({"report": "mobile-2032"}, "mobile-2023"),
        ({"kinds": ["passages"]}, "passage"),
    ],
)
def test_what_there_is_not_comes_with_what_is_near(chosen, near):
    with pytest.raises(UnknownFilter) as caught:
        FILTERS.where(**chosen)
    assert any(near in name for name in caught.value.nearest)
    assert str(next(iter(chosen.values()))).strip("[]'") in str(caught.value)


def test_entries_have_the_technologies_and_risks_of_their_place():
    report = REPORTS["mobile-2023"]
    place = report.text.index("液冷")
    common = {"report": report.id, "company": report.company}
    number = Observation(
        iri="f1", quote=Span(0, 4), metric=f"{ids.BASE}metric/pue", metric_text="PUE", subject="", scope="company",
        value=1.2, unit=f"{ids.BASE}unit/ratio", unit_text="", as_written="1.2", comparator="=", form="level",
        direction=None, year=2023, baseline=None, result_of=(f"{T}wind-power", "https://w3id.org/tantu/fact/x"), **common,
    )  # fmt: skip
    risk = Risk(iri="f2", quote=Span(place, place + 2), categories=(f"{C}acute-physical",), name="洪水", **common)
    found = {entry.iri: entry for entry in entries(Extracted(report, (number, risk), b"", ()), VOCABULARY)}
    passage = next(e for e in found.values() if e.kind == "passage" and e.start <= place < e.end)
    assert f"{T}liquid-cooling" in passage.technologies
    assert passage.risks == (f"{C}acute-physical",)
    assert found["f1"].technologies == (f"{T}wind-power",)
    assert found["f2"].technologies == (f"{T}liquid-cooling",)
    others = [e for e in found.values() if e.kind == "passage" and e is not passage]
    assert not any(e.risks for e in others)
