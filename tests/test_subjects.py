"""Whom numbers are about: sentences/subjects.jsonl says why each line is there, and what was filled by rule."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.extraction.numbers import observations
from kg.facts import as_json
from kg.model import NumberFact, Report
from kg.reading.blocks import read_blocks

FILE = Path(__file__).with_name("sentences") / "subjects.jsonl"
ROWS = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
ORGANISATION = "https://w3id.org/tantu/org/"


def found(text: str, vocabulary, language: str = "zh-Hans", company: str = "china-mobile") -> list[NumberFact]:
    report = Report("r", text, language, ORGANISATION + company, 2023, {}, "")
    facts = observations.extract(read_blocks(report), vocabulary)
    return [fact for fact in facts if isinstance(fact, NumberFact)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["why"])
def test_scope_subject_and_partners(row, vocabulary):
    facts = found(row["text"], vocabulary, row["language"], row["company"])
    read = [
        [as_json(f, _report(row), vocabulary)["value"], f.scope, f.subject, [iri.rsplit("/", 1)[-1] for iri in f.joint]]
        for f in facts
    ]
    assert read == row["expected"]


def _report(row: dict[str, str]) -> Report:
    return Report("r", row["text"], row["language"], ORGANISATION + row["company"], 2023, {}, "")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["why"])
def test_a_subject_that_was_read_stands_in_the_text(row, vocabulary):
    for fact in found(row["text"], vocabulary, row["language"], row["company"]):
        places = [span for role, span in fact.spans if role == "subject"]
        assert ("subject" in fact.defaulted) == (not places)
        assert ("scope" in fact.defaulted) == (not places)
        assert fact.scope == "company" or places


DEFAULTED = {
    "中国移动2023年综合能耗 5 万吨标准煤。": set(),
    "2023年综合能耗 5 万吨标准煤。": {"company", "subject", "scope"},
    "综合能耗 5 万吨标准煤。": {"company", "subject", "scope", "year"},
    "公司2023年 PUE 为 1.3。": {"company", "unit"},
    "公司2023年物料 5 万吨。": {"company", "metric"},
    "公司2023年能耗下降 12%。": {"company"},
    "公司到2030年节电 5 亿度。": {"company", "aggregation"},
    "公司截至2023年底累计节电 5 亿度。": {"company"},
    "河南联通2023年减排 3 万吨。": {"company"},
    "河南联通减排 3 万吨。": {"company"},
}


@pytest.mark.parametrize(("text", "expected"), DEFAULTED.items())
def test_each_field_that_was_not_read_is_said(text, expected, vocabulary):
    (fact,) = found(text, vocabulary)
    assert set(fact.defaulted) == expected


def test_an_undated_figure_of_the_company_is_of_the_year_of_the_report_and_that_of_a_part_of_none(vocabulary):
    company, part = found("节电 5 亿度。河南公司节电 3 亿度。", vocabulary)
    assert (company.year, "year" in company.defaulted) == (2023, True)
    assert (part.year, "year" in part.defaulted) == (None, False)


def test_tables_of_targets(vocabulary):
    rows = ["| 指标 | 目标 | 基准年 | 目标年 | 2023年进展 |", "| --- | --- | --- | --- | --- |"]
    rows += ["| 范围一排放 | 减少 50% | 2020 | 2030 | 已减少 21% |", "| 绿电占比 | 60% | - | 2027 | 35% |"]
    read = [(f.kind, f.value, f.year, f.baseline) for f in found("\n".join(rows) + "\n", vocabulary)]
    assert read == [
        ("target", 50, 2030, "2020"),
        ("observation", 21, 2023, "2020"),
        ("target", 60, 2027, None),
        ("observation", 35, 2023, None),
    ]
