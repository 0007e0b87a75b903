"""Hygiene: each query of ontology/hygiene/ finds a planted violation, and nothing in what is sound."""

from __future__ import annotations

import shutil

import pytest

from kg.checks import hygiene
from kg.checks.sources import Sources
from kg.errors import VocabularyError
from kg.settings import resource

HEAD = """
@prefix o: <https://w3id.org/tantu/o#> .
@prefix c: <https://w3id.org/tantu/code/> .
@prefix k: <https://w3id.org/tantu/kind/> .
@prefix m: <https://w3id.org/tantu/metric/> .
@prefix u: <https://w3id.org/tantu/unit/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix qudt: <http://qudt.org/schema/qudt/> .
@prefix qk: <http://qudt.org/vocab/quantitykind/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

u:ok a o:Unit ; skos:notation "ok" ; o:factor 1 ; qudt:hasQuantityKind qk:Area .
m:ok a o:Metric ; o:canonicalUnit u:ok ; qudt:hasQuantityKind qk:Area .
o:ok a owl:DatatypeProperty ; rdfs:range rdfs:Literal ;
    rdfs:label "好"@zh-Hans , "好"@zh-Hant , "sound"@en ; rdfs:comment "What is sound."@en .
"""  # what is sound stands beside what is planted: a query that looks at the whole graph would let it pass
LABELS = 'skos:prefLabel "甲"@zh-Hans , "甲"@zh-Hant , "a"@en'
UNIT = 'u:x a o:Unit ; skos:notation "x" ; o:factor 1 ; qudt:hasQuantityKind qk:Energy'
METRIC = "m:x a o:Metric ; o:canonicalUnit u:x ; qudt:hasQuantityKind qk:Energy"
# query, what breaks it, what does not
PLANTED = {
    "missing-label": ('c:x skos:prefLabel "甲"@zh-Hans , "a"@en .', f"c:x {LABELS} ."),
    "repeated-label": (f'c:x {LABELS} , "b"@en .', f"c:x {LABELS} ."),
    "label-blanks": ('c:x skos:altLabel "a "@en .', 'c:x a o:Phrase ; skos:prefLabel "a "@en .'),
    "label-language": ('c:x skos:altLabel "甲"@zh .', 'c:x skos:altLabel "甲"@zh-Hans .'),
    "undefined-term": (
        'o:X a owl:Class ; rdfs:label "x"@en ; rdfs:comment "a thing"@en .',
        'o:X a owl:Class ; rdfs:label "x"@en , "甲"@zh-Hans , "甲"@zh-Hant ; rdfs:comment "a thing"@en .',
    ),
    "undeclared-term": ("c:x o:nothing 1 .", "c:x o:y 1 . o:y a owl:DatatypeProperty ."),
    "dangling-reference": ("c:x skos:broader c:y .", f"c:x skos:broader c:y . c:y {LABELS} ."),
    "broader-circle": ("c:x skos:broader c:y . c:y skos:broader c:x .", "c:x skos:broader c:y ."),
    "broader-of-another-type": (
        "m:x a o:Metric ; skos:broader u:y . u:y a o:Unit .",
        "m:x a o:CatchAllMetric ; skos:broader m:y . m:y a o:Metric . o:CatchAllMetric rdfs:subClassOf o:Metric .",
    ),
    "deprecated-in-use": (
        "c:x owl:deprecated true . c:y skos:broader c:x .",
        "c:x owl:deprecated true ; dcterms:isReplacedBy c:y . c:z owl:deprecated true ; dcterms:isReplacedBy c:y .",
    ),
    "replaced-not-deprecated": (
        "c:x dcterms:isReplacedBy c:y .",
        "c:x owl:deprecated true ; dcterms:isReplacedBy c:y .",
    ),
    "deprecated-without-successor": (
        "c:x owl:deprecated true .",
        'c:x owl:deprecated true ; skos:changeNote "nobody asks for it"@en .',
    ),
    "unit-incomplete": (f"{UNIT.replace(' o:factor 1 ;', '')} .", f"{UNIT} ."),
    "unit-base": (
        f'{UNIT} ; o:base u:y . u:y a o:Unit ; skos:notation "y" ; o:factor 1 ; qudt:hasQuantityKind qk:Energy .',
        f'{UNIT} ; o:base u:y . u:y a o:Unit ; skos:notation "x" ; o:factor 1 ; qudt:hasQuantityKind qk:Energy .',
    ),
    "composite-unit": (
        "u:x a o:CompositeUnit ; o:numeratorUnit u:y .",
        "u:x a o:CompositeUnit ; o:numeratorUnit u:y ; o:denominatorUnit u:z .",
    ),
    "metric-unit": (f"{METRIC} .", f"{METRIC} . {UNIT} ."),
    "metric-kind": (f"{METRIC} . {UNIT.replace('qk:Energy', 'qk:Mass')} .", f"{METRIC} . {UNIT} ."),
    "metric-name": ("m:Energy_used a o:Metric .", "m:energy-used a o:Metric ."),
    "tonnes-unaccounted": (
        "m:x a o:Metric ; o:canonicalUnit u:tCO2e .",
        "m:x a o:Metric ; o:canonicalUnit u:tCO2e ; o:accounting c:accounting-emitted .",
    ),
    "one-character-label": (
        'm:x a o:Metric ; skos:altLabel "电"@zh-Hans .',
        'u:x a o:Unit ; skos:altLabel "度"@zh-Hans .',
    ),
    "repeated-alternative": (f'c:x {LABELS} ; skos:altLabel "a"@en .', f'c:x {LABELS} ; skos:altLabel "b"@en .'),
    "unused-class": ("o:X a owl:Class .", "o:X a owl:Class . c:x a o:X ."),
    "open-property": ("o:x a owl:ObjectProperty .", "o:x a owl:ObjectProperty ; rdfs:range o:Y ."),
    "circular-definition": (
        'o:X rdfs:label "指标"@zh-Hans ; rdfs:comment "指标。"@zh-Hans .',
        'o:X rdfs:label "指标"@zh-Hans ; rdfs:comment "被度量的东西"@zh-Hans .',
    ),
    "repeated-definition": (
        'o:X rdfs:comment "a thing"@en . o:Y rdfs:comment "a thing"@en .',
        'o:X rdfs:comment "a thing"@en . o:Y rdfs:comment "another thing"@en .',
    ),
    "homeless-concept": ("c:x a skos:Concept .", "c:x a skos:Concept ; skos:inScheme c:y ."),
}
RULES = hygiene.rules(resource("ontology"))


def findings(folder, turtle: str) -> set[tuple[str, str]]:
    shutil.copytree(resource("ontology") / "hygiene", folder / "hygiene", dirs_exist_ok=True)
    (folder / "planted.ttl").write_text(HEAD + turtle, "utf-8")
    return {(finding.check.removeprefix("hygiene/"), finding.term) for finding in hygiene.check(Sources(folder))}


def found(folder, turtle: str) -> set[str]:
    return {check for check, _ in findings(folder, turtle) - findings(folder, "")}


def test_every_rule_is_tried():
    assert {rule.name for rule in RULES} == PLANTED.keys()


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_violation_is_found(name, tmp_path):
    assert name in found(tmp_path, PLANTED[name][0])


@pytest.mark.parametrize("name", PLANTED)
def test_what_is_sound_passes(name, tmp_path):
    assert name not in found(tmp_path, PLANTED[name][1])


def test_a_finding_names_term_place_and_remedy(tmp_path):
    shutil.copytree(resource("ontology") / "hygiene", tmp_path / "hygiene")
    (tmp_path / "planted.ttl").write_text(f"{HEAD}\nm:Bad_name a o:Metric .\n", "utf-8")
    (finding,) = [f for f in hygiene.check(Sources(tmp_path)) if f.check == "hygiene/metric-name"]
    assert finding.place == f"{tmp_path.name}/planted.ttl:20"
    assert finding.term == "m:Bad_name"
    assert "kebab case" in finding.remedy


def test_a_query_needs_its_header(tmp_path):
    (tmp_path / "x.rq").write_text("SELECT ?term ?problem { }", "utf-8")
    with pytest.raises(VocabularyError, match="severity"):
        hygiene.read_rule(tmp_path / "x.rq")
