"""Results: the initiative or technology whose effect a number is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.catalogue import read_catalogue
from kg.extraction import facts_of
from kg.model import Initiative, NumberFact, Report
from kg.settings import resource

FILE = Path(__file__).with_name("sentences") / "results.jsonl"
ROWS = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["why"])
def test_results_of_a_text(row, vocabulary):
    report = Report("r", row["text"], row["language"], "https://w3id.org/tantu/org/china-mobile", 2023, {}, "")
    facts = facts_of(report, vocabulary)
    names = {fact.iri: fact.name for fact in facts if isinstance(fact, Initiative)}
    numbers = [fact for fact in facts if isinstance(fact, NumberFact)]
    for start, expected in row["expected"].items():
        (number,) = (fact for fact in numbers if fact.as_written.startswith(start))
        assert sorted(names.get(iri, iri.rsplit("/", 1)[-1]) for iri in number.result_of) == expected


def test_every_result_is_a_technology_or_an_initiative_of_the_same_report(vocabulary):
    for report in read_catalogue(resource("seeds")):
        facts = facts_of(report, vocabulary)
        own = {fact.iri for fact in facts if isinstance(fact, Initiative)}
        for fact in facts:
            for iri in fact.result_of if isinstance(fact, NumberFact) else ():
                assert iri in own or vocabulary.concept(iri).is_a("Technology")
