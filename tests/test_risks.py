"""Risks and opportunities, in every form that a table of them takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.catalogue import read_catalogue
from kg.extraction import risks
from kg.facts import as_json
from kg.model import Report, RiskFact
from kg.reading.blocks import read_blocks
from kg.settings import resource

FILE = Path(__file__).with_name("sentences") / "risks.jsonl"
ROWS = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]


def found(report, vocabulary) -> list[RiskFact]:
    return [fact for fact in risks.extract(read_blocks(report), vocabulary) if isinstance(fact, RiskFact)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["why"])
def test_risks_of_a_text(row, vocabulary):
    report = Report("r", row["text"], row["language"], "https://w3id.org/tantu/org/china-mobile", 2023, {}, "")
    facts = found(report, vocabulary)
    categories = [as_json(fact, report, vocabulary)["category"] for fact in facts]
    told = [
        [fact.kind, category, fact.name, len(fact.responses)] for fact, category in zip(facts, categories, strict=True)
    ]
    assert told == row["expected"]


@pytest.mark.parametrize(
    ("seed", "count"),
    [("unicom-2023", 7), ("mobile-2023", 5), ("mobile-2020", 8), ("telecom-2023", 0), ("zte-2024", 0)],
)
def test_every_row_of_the_seeds_is_found(seed, count, vocabulary):
    report = next(report for report in read_catalogue(resource("seeds")) if report.id == seed)
    assert len(found(report, vocabulary)) == count


def test_a_row_has_its_level_horizon_and_impacts(vocabulary):
    report = next(report for report in read_catalogue(resource("seeds")) if report.id == "unicom-2023")
    fact = found(report, vocabulary)[1]
    assert (fact.level, fact.horizon) == ("中高", "短至中期")
    impacts = [span.of(report.text) for role, span in fact.spans if role == "impact"]
    assert impacts == ["直接成本增加", "研發和採購"]
