"""Real sentences and the numbers that they hold; each line of sentences/numbers.jsonl says why it is there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.extraction.numbers import observations
from kg.facts import as_json
from kg.model import NumberFact, Report
from kg.reading.blocks import read_blocks

FILE = Path(__file__).with_name("sentences") / "numbers.jsonl"
ROWS = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
FIELDS = (
    "kind", "metric_key", "value", "unit", "comparator", "form", "direction", "year", "baseline", "scope",
)  # fmt: skip


def report(text: str, language: str = "zh-Hans", year: int = 2023) -> Report:
    return Report("r", text, language, "https://w3id.org/tantu/org/china-mobile", year, {}, "")


def found(text: str, vocabulary, language: str = "zh-Hans", year: int = 2023) -> list[NumberFact]:
    facts = observations.extract(read_blocks(report(text, language, year)), vocabulary)
    return [fact for fact in facts if isinstance(fact, NumberFact)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["why"])
def test_numbers_of_a_sentence(row, vocabulary):
    facts = found(row["text"], vocabulary, row["language"])
    read = [as_json(fact, report(row["text"], row["language"]), vocabulary) for fact in facts]
    assert [[fact[field] for field in FIELDS] for fact in read] == row["expected"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["why"])
def test_what_was_read_stands_in_the_text(row, vocabulary):
    for fact in found(row["text"], vocabulary, row["language"]):
        assert fact.as_written in row["text"]
        assert len({role for role, _ in fact.spans}) == len(fact.spans)
        for _, span in [("quote", fact.quote), *fact.spans]:
            assert span.of(row["text"]).strip()
        assert 0 < fact.confidence < 1


def test_the_iri_of_a_fact_survives_edits_elsewhere(vocabulary):
    (before,) = found("全年节电992.4万度。", vocabulary)
    (*_, after) = found("用电量 5 亿度。\n\n全年节电992.4万度。", vocabulary)
    assert before.iri == after.iri


def test_equal_sentences_have_facts_of_their_own(vocabulary):
    facts = found("节电 5 亿度。\n\n节电 5 亿度。\n", vocabulary)
    assert len({fact.iri for fact in facts}) == 2


def test_what_was_not_read_is_said(vocabulary):
    (fact,) = found("综合能耗 5 万吨标准煤。", vocabulary)
    assert set(fact.defaulted) >= {"company", "subject"}
    (fact,) = found("全部物料 5 万吨。", vocabulary)
    assert "metric" in fact.defaulted


def test_an_avoided_tonne_is_never_an_emitted_one(vocabulary):
    kinds = {
        "碳排放 5 万吨": "emitted",
        "减少碳排放 5 万吨": "avoided",
        "减少约 5 万吨碳排放": "avoided",
        "emissions of 5 tonnes of CO2": "emitted",
        "cut emissions by 5 tonnes of CO2": "avoided",
        "吸收二氧化碳，年碳汇量 5 万吨": "removed",
        "购买碳汇抵消碳排放 5 万吨": "offset",
    }
    for text, accounting in kinds.items():
        (fact,) = found(text, vocabulary, "en" if text.isascii() else "zh-Hans")
        assert vocabulary.concept(fact.metric).value("accounting").endswith(accounting), text
