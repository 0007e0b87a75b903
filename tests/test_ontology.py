"""The ontology's own promises: it parses, its labels are complete and unambiguous, its metrics have units."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from decimal import Decimal

import pytest
from rdflib import RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef

from kg.extraction import observations
from kg.ids import BASE, ONTOLOGY
from kg.model import NumberFact, Report
from kg.reading.blocks import read_blocks
from kg.reading.folding import compact
from kg.settings import resource
from kg.turtle import turtle_files
from kg.vocabulary import Vocabulary

O = Namespace(ONTOLOGY)  # noqa: E741
FILES = turtle_files(resource("ontology"))
VOCABULARY = Vocabulary.load(resource("ontology"))
LANGUAGES = {"zh-Hans", "zh-Hant", "en"}
# Types whose labels steer reading: a label shared by two of their concepts would leave the choice to chance.
LEXICA = ("Metric", "Unit", "Classifier", "Multiplier", "Numeral", "Comparator", "Direction", "Aggregation")
LEXICA += ("Modality", "PeriodName", "Place", "Company", "EmissionScope")


@pytest.fixture(scope="module")
def graph() -> Graph:
    graph = Graph()
    for path in FILES:
        graph.parse(path, format="turtle")
    return graph


def ours(graph: Graph, *types: str) -> set[URIRef]:
    return {s for name in types for s in graph.subjects(RDF.type, O[name]) if isinstance(s, URIRef)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_files_parse(path):
    assert len(Graph().parse(path, format="turtle")) > 0


def test_one_preferred_label_in_each_language(graph):
    wrong = {}
    for concept in set(graph.subjects(SKOS.prefLabel)):
        languages = Counter(label.language for label in graph.objects(concept, SKOS.prefLabel))
        if set(languages) != LANGUAGES or max(languages.values()) > 1:
            wrong[str(concept)] = dict(languages)
    assert wrong == {}


def test_classes_and_properties_are_explained(graph):
    for term in {s for s in graph.subjects(RDFS.label) if str(s).startswith(ONTOLOGY)}:
        assert {label.language for label in graph.objects(term, RDFS.label)} == LANGUAGES, term
        assert any(comment.language == "en" for comment in graph.objects(term, RDFS.comment)), term


def test_our_terms_are_declared(graph):
    declared = {str(s) for s in graph.subjects(RDFS.label)}
    used = {str(p) for p in graph.predicates()} | {str(o) for o in graph.objects(None, RDF.type)}
    assert sorted(term for term in used if term.startswith(ONTOLOGY) and term not in declared) == []


def test_links_point_at_something(graph):
    subjects = {str(s) for s in graph.subjects()}
    targets = {str(o) for o in graph.objects() if isinstance(o, URIRef) and str(o).startswith(BASE)}
    assert sorted(target for target in targets if target not in subjects and not target.endswith(("/", "#"))) == []


@pytest.mark.parametrize("name", LEXICA)
def test_no_label_on_two_concepts_of_a_type(graph, name):
    carriers = defaultdict(set)
    for concept in ours(graph, name):
        for role in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel):
            for label in graph.objects(concept, role):
                carriers[compact(str(label)).text.strip()].add(str(concept))
    assert {label: found for label, found in carriers.items() if len(found) > 1} == {}


def test_labels_have_no_blanks_around_them(graph):
    phrases = ours(graph, "Phrase")  # the marks between parts of a sentence end in blanks
    roles = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
    labels = [label for role in roles for concept, label in graph.subject_objects(role) if concept not in phrases]
    assert [label for label in labels if isinstance(label, Literal) and str(label) != str(label).strip()] == []


def test_metrics_have_unit_and_kind(graph):
    kind = URIRef("http://qudt.org/schema/qudt/hasQuantityKind")
    for metric in ours(graph, "Metric"):
        units = list(graph.objects(metric, O.canonicalUnit))
        assert len(units) == 1, metric
        assert (units[0], RDF.type, O.Unit) in graph, metric
        assert set(graph.objects(metric, kind)), metric
        assert re.fullmatch(r"[a-z0-9-]+", str(metric).removeprefix(f"{BASE}metric/")), metric


def test_units_have_code_factor_and_kind(graph):
    kind = URIRef("http://qudt.org/schema/qudt/hasQuantityKind")
    for unit in ours(graph, "Unit"):
        assert len(list(graph.objects(unit, SKOS.notation))) == 1, unit
        assert len(list(graph.objects(unit, O.factor))) == 1, unit
        assert set(graph.objects(unit, kind)), unit


FACTORS = {"MWh": 1000, "TWh": 10**9, "kgce": "0.001", "kg": "0.001", "MtCO2e": 10**6, "Wp": "0.001", "MW": 10**6}


@pytest.mark.parametrize(("name", "factor"), FACTORS.items())
def test_factors(graph, name, factor):
    assert Decimal(str(graph.value(URIRef(f"{BASE}unit/{name}"), O.factor))) == Decimal(factor)


def test_narrower_metrics_form_no_circle(vocabulary):
    for metric in vocabulary.of_type("Metric"):
        assert metric.iri not in {above.iri for above in vocabulary.ancestors(metric.iri)}


METRICS = [metric for metric in VOCABULARY.of_type("Metric") if not metric.is_a("CatchAllMetric")]


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.iri.rsplit("/", 1)[-1])
def test_every_metric_is_read_from_its_example(metric):
    examples = metric.properties.get(f"{ONTOLOGY}example", ())
    assert examples, "give it an o:example, a text in which it is read"
    for example in examples:
        report = Report("r", example.value, example.language, f"{BASE}org/china-mobile", 2023, {}, "")
        facts = observations.extract(read_blocks(report), VOCABULARY)
        assert [fact.metric for fact in facts if isinstance(fact, NumberFact)] == [metric.iri], example.value
