"""Every example of the ontology is read as it says, no counter-example is, and what goes wrong is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.checks.examples import EACH_LANGUAGE, Example, examples, kind_of, missing, problem
from kg.checks.readings import READERS
from kg.settings import resource
from kg.vocabulary import Vocabulary

VOCABULARY = Vocabulary.load(resource("ontology"))
EXAMPLES = list(examples(VOCABULARY))
BASE = "https://w3id.org/tantu/"


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_it_holds(example):
    assert problem(example, VOCABULARY) is None


def test_no_concept_lacks_one():
    assert {
        c.iri: list(missing(c, VOCABULARY)) for c in VOCABULARY.concepts.values() if any(missing(c, VOCABULARY))
    } == {}


def test_what_is_easily_confused_has_a_counter_example():
    told = {example.concept.iri.removeprefix(BASE) for example in EXAMPLES if example.counter}
    tonnes = {f"metric/ghg-{name}" for name in ("emissions", "avoided", "removed", "offset")}
    units = {f"unit/{name}" for name in ("degree", "celsius", "tenth", "t", "tce", "tCO2e", "kW", "kWh")}
    operators = {f"code/{name}" for name in ("approx", "ge-after", "gt-after", "ten-to-1", "numeral-1", "range-mark")}
    assert tonnes | units | operators <= told


def test_each_type_of_operator_is_read_somehow():
    types = {name for concept in VOCABULARY.concepts.values() for name in READERS if concept.is_a(name)}
    assert types == READERS.keys()
    assert READERS.keys() >= EACH_LANGUAGE


def an_example(iri: str, text: str, expected: str = "", counter: bool = False) -> Example:
    concept = VOCABULARY.concept(BASE + iri)
    return Example(concept, kind_of(concept) or "", text, "zh-Hans", expected, counter)


@pytest.mark.parametrize(
    ("example", "word"),
    [
        (an_example("metric/pue", "综合能耗下降 5.6%"), "something else is read: energy-consumption"),
        (an_example("metric/pue", "天气很好"), "nothing is read"),
        (an_example("unit/tce", "774.8 万吨标准煤", "7748 tce"), "'7748000 tce'"),
        (an_example("unit/kW", "功率 7 千瓦", counter=True), "is read all the same"),
        (an_example("code/ge", "PUE 低于 1.3"), "something else is read"),
        (an_example("code/numeral-3", "四座"), "something else is read"),
        (an_example("code/target", "综合能耗 5 吨标准煤"), "something else is read"),
        (an_example("period/14th-fyp", "“十三五”期间"), "something else is read"),
        (an_example("code/high", "低"), "something else is read"),
    ],
    ids=str,
)
def test_a_wrong_example_is_caught(example, word):
    assert word in (problem(example, VOCABULARY) or "")


def test_a_missing_language_is_named():
    def lacking(iri: str) -> list[str]:
        concept = VOCABULARY.concept(BASE + iri)
        kept = {name: nodes for name, nodes in concept.properties.items() if not name.endswith("#example")}
        return list(missing(replace(concept, properties=kept), VOCABULARY))

    assert lacking("unit/t") == ["zh-Hans", "zh-Hant", "en"]
    assert lacking("unit/percent-word") == ["zh-Hans"]  # the same in both scripts; its English name is no word of texts
    assert lacking("metric/pue") == [""]
