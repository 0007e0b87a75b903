"""Technologies: known names, and unknown ones in lists of technologies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.extraction import technologies
from kg.facts import as_json
from kg.model import Report, Technology
from kg.reading.blocks import read_blocks

FILE = Path(__file__).with_name("sentences") / "technologies.jsonl"
ROWS = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]


def found(text: str, vocabulary, language: str = "zh-Hans") -> list[Technology]:
    report = Report("r", text, language, "https://w3id.org/tantu/org/china-mobile", 2023, {}, "")
    facts = technologies.extract(read_blocks(report), vocabulary)
    return sorted((fact for fact in facts if isinstance(fact, Technology)), key=lambda fact: fact.quote)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["why"])
def test_technologies_of_a_sentence(row, vocabulary):
    assert [fact.name for fact in found(row["text"], vocabulary, row["language"])] == row["expected"]


def test_a_name_broken_by_a_line_is_one_name(vocabulary):
    _, fact = found("無綫功耗：通過符號關斷、通道\n\n關斷等多種節能方式降低功耗。\n", vocabulary, "zh-Hant")
    assert fact.name == "通道關斷"
    assert fact.technology == "https://w3id.org/tantu/technology/channel-muting"


def test_names_in_three_scripts_are_one_technology(vocabulary):
    (fact,) = found("液冷，又稱液體冷卻，英文是 liquid cooling。", vocabulary)
    assert fact.technology == "https://w3id.org/tantu/technology/liquid-cooling"


def test_a_name_that_only_a_list_announces_is_less_sure(vocabulary):
    known, unknown = found("应用液冷、磁控旋翼制冷等节能技术。", vocabulary)
    assert unknown.technology is None
    assert unknown.confidence < known.confidence


def test_an_abbreviation_in_chinese_text_gets_its_chinese_name(vocabulary):
    text = "运用AI分析数据。"
    report = Report("r", text, "zh-Hans", "https://w3id.org/tantu/org/china-mobile", 2023, {}, "")
    (fact,) = found(text, vocabulary)
    assert as_json(fact, report, vocabulary)["name_zh"] == "人工智能（AI）"
