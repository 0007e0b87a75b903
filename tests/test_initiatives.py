"""Initiatives: the ways in which reports name plans, projects, pilots, cases and campaigns."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kg.extraction.initiatives import facts as initiatives
from kg.extraction.initiatives.particles import NUMERALS, any_of
from kg.model import Initiative, Report
from kg.reading.blocks import read_blocks

FILE = Path(__file__).with_name("sentences") / "initiatives.jsonl"
ROWS = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]


def found(text: str, vocabulary, language: str = "zh-Hans") -> list[Initiative]:
    report = Report("r", text, language, "https://w3id.org/tantu/org/china-mobile", 2023, {}, "")
    return [fact for fact in initiatives.extract(read_blocks(report), vocabulary) if isinstance(fact, Initiative)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["why"])
def test_initiatives_of_a_text(row, vocabulary):
    assert [fact.name for fact in found(row["text"], vocabulary, row["language"])] == row["expected"]


def test_a_case_takes_place_and_technologies_from_what_stands_below(vocabulary):
    text = (
        "在浙江，开展通信站点源网荷储一体化研究与应用\n\n"
        "公司针对通信站点能耗特性，研发分布式虚拟电厂技术，实现了通信站点与电网的柔性互动。\n"
    )
    (case,) = found(text, vocabulary)
    assert case.place == "浙江"
    assert "https://w3id.org/tantu/technology/vpp" in case.technologies


def test_a_province_and_its_city_are_one_place(vocabulary):
    (fact,) = found("公司在江苏无锡建设“阳光屋顶”项目。", vocabulary)
    assert fact.place == "江苏无锡"


def test_the_company_in_a_sentence_is_no_place(vocabulary):
    (fact,) = found("中国移动实施“阳光屋顶”项目。", vocabulary)
    assert fact.place is None


def test_a_name_is_told_of_once(vocabulary):
    assert len(found("实施“阳光屋顶”项目。\n\n“阳光屋顶”项目进展顺利。\n", vocabulary)) == 1


def test_patterns_are_built_from_labels(vocabulary):
    assert re.fullmatch(any_of(vocabulary, *NUMERALS) + "{2}", "三十")
    assert re.findall(any_of(vocabulary, "cue-of", "particle-and"), "低碳的生产与生活") == ["的", "与"]
    assert re.search(any_of(vocabulary, "particle-nobody-wrote"), "的") is None
