"""Risks and opportunities, in every form that a table of them takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.catalogue import read_catalogue
from kg.extraction.risks import facts as risks
from kg.extraction.risks.ratings import rating_words
from kg.facts import as_json
from kg.model import Report, RiskFact
from kg.reading.blocks import read_blocks
from kg.settings import resource
from kg.triples import quads_of_fact

FILE = Path(__file__).with_name("sentences") / "risks.jsonl"
ROWS = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
# Invented reports in many houses' styles; what is true of each was written down before the first run over it.
REPORTS = [json.loads(line) for line in FILE.with_name("risk_reports.jsonl").read_text("utf-8").splitlines()]


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


@pytest.mark.parametrize("row", REPORTS, ids=lambda row: row["why"])
def test_all_that_a_report_says_of_its_risks(row, vocabulary):
    report = Report("r", row["text"], row["language"], "https://w3id.org/tantu/org/china-mobile", 2023, {}, "")
    facts = sorted(found(report, vocabulary), key=lambda fact: fact.quote)
    told = []
    for fact in facts:
        fields = as_json(fact, report, vocabulary)
        named = {key: fields[key] for key in ("kind", "category", "level", "horizon", "responses", "impacts")}
        told.append({**named, "statement": fields["quote"]})
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


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("重要", "high"),
        ("顯著", "high"),
        ("較大", "medium-high"),
        ("moderate", "medium"),
        ("Limited", "low"),
        ("", None),
    ],
)
def test_a_level_is_known_by_the_words_of_tables_too(words, level, vocabulary):
    found_level = rating_words(vocabulary).level_of(words)
    assert found_level == (level and f"https://w3id.org/tantu/code/{level}")


def test_a_level_that_only_tables_use_has_its_concept(vocabulary):
    text = "风险类型\t风险描述\t重要性\n政策法律风险\t碳排放监管趋严，可能增加合规成本。\t重要\n"
    report = Report("r", text, "zh-Hans", "https://w3id.org/tantu/org/china-mobile", 2023, {}, "")
    (fact,) = found(report, vocabulary)
    levels = [
        quad.object.value for quad in quads_of_fact(fact, report, vocabulary) if quad.predicate.value.endswith("#level")
    ]
    assert levels == ["https://w3id.org/tantu/code/high"]
