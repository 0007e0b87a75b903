"""Nesting and leaders: which plan an initiative belongs to, and who carries it out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extraction.initiatives import facts as initiatives
from kg.model import Initiative, Report
from kg.reading.blocks import read_blocks

FILE = Path(__file__).with_name("sentences") / "nesting.jsonl"
ROWS = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
PIECES = [
    "## “绿翼工程”\n\n",
    "### “阳光供电”行动\n\n",
    "公司启动“绿翼工程”，包括“阳光供电”行动和“睡眠基站”行动。\n\n",
    "“阳光供电”行动包括“绿翼工程”。\n\n",
    "我们发布“1248”行动计划，其中：\n\n“1”是一个重点。\n\n“8”是开展八大绿色行动。\n\n",
    "四川公司在成都建设光伏智慧园区。\n\n",
]


def found(text: str, vocabulary, language: str = "zh-Hans") -> list[Initiative]:
    report = Report("r", text, language, "https://w3id.org/tantu/org/china-mobile", 2023, {}, "")
    return [fact for fact in initiatives.extract(read_blocks(report), vocabulary) if isinstance(fact, Initiative)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["why"])
def test_what_an_initiative_is_part_of_and_who_leads_it(row, vocabulary):
    facts = found(row["text"], vocabulary, row["language"])
    names = {fact.iri: fact.name for fact in facts}
    assert {fact.name: names[fact.part_of] for fact in facts if fact.part_of} == row["part_of"]
    assert {fact.name: list(fact.leaders) for fact in facts if fact.leaders} == row["leaders"]


@given(st.lists(st.sampled_from(PIECES), max_size=6))
def test_nesting_never_goes_in_a_circle_and_stays_in_the_report(vocabulary, pieces):
    facts = {fact.iri: fact for fact in found("".join(pieces), vocabulary)}
    for fact in facts.values():
        seen = {fact.iri}
        above = fact.part_of
        while above:
            assert above in facts
            assert above not in seen
            seen.add(above)
            above = facts[above].part_of
