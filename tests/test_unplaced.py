"""``tantu unplaced``: what extraction saw and no word of the ontology places, and the block that would place it."""

from __future__ import annotations

import json
import shutil

import pytest

from kg import ids
from kg.catalogue import read_catalogue
from kg.extraction import facts_of
from kg.model import NumberFact, Report, Technology
from kg.settings import resource
from kg.suggestions import block, nearest
from kg.terms import PREFIXES
from kg.unplaced import METRIC, TECHNOLOGY, UNIT_WORD, noun, unplaced
from kg.vocabulary import Vocabulary
from web.cli import main
from web.missing import as_turtle, line

REPORTS = read_catalogue(resource("seeds"))


def report(text: str, language: str = "zh-Hans") -> Report:
    return Report("seen", text, language, f"{ids.BASE}org/china-mobile", 2023, {"en": "Seen"}, "0" * 64)


def seen(text: str, vocabulary, language: str = "zh-Hans") -> list[tuple[str, str]]:
    return [(found.first.lacks, found.first.words) for found in unplaced([report(text, language)], vocabulary)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("2023 年，公司雨棚改造率达到 65%。", "zh-Hans", (METRIC, "雨棚改造率")),  # no such metric: a catch-all
        ("（上年）雨棚占地率為 12%。", "zh-Hant", (METRIC, "雨棚占地率")),
        ("The canopy refit rate reached 65% in 2023.", "en", (METRIC, "canopy refit rate")),
        ("2023 年，公司出动 30 甪里开展巡检，效果良好。", "zh-Hans", (UNIT_WORD, "甪里")),  # no such unit: dropped
        ("雨棚指数为 3.27，同业领先。", "zh-Hans", (METRIC, "雨棚指数")),  # a bare number, dropped
    ],
)
def test_the_words_that_would_become_a_label(text, language, expected, vocabulary):
    assert expected in seen(text, vocabulary, language)


@pytest.mark.parametrize(
    "text",
    [
        "构建决策层、管理层和执行层三层治理架构。",
        "## 3 我们的行动 11",
        "第 5 章 绿色运营",
        "2023 年 9 月进一步完善制度。",
        "2023 年综合能耗 774.8 万吨标准煤。",
    ],
)
def test_numbering_dates_figures_of_speech_and_what_is_placed_are_not_listed(text, vocabulary):
    assert seen(text, vocabulary) == []


def test_every_number_under_a_catch_all_and_every_unknown_technology_is_listed(vocabulary):
    groups = unplaced(REPORTS, vocabulary)
    listed = [one for group in groups for one in group.sightings if one.kept]
    facts = [fact for report in REPORTS for fact in facts_of(report, vocabulary)]
    caught = [f for f in facts if isinstance(f, NumberFact) and vocabulary.concept(f.metric).is_a("CatchAllMetric")]
    unknown = [fact for fact in facts if isinstance(fact, Technology) and fact.technology is None]
    assert sum(one.lacks == METRIC for one in listed) == len(caught)
    assert sum(one.lacks == TECHNOLOGY for one in listed) == len(unknown)
    assert all(one.quote.of(one.report.text) for group in groups for one in group.sightings)
    texts = {report.id: report.text for report in REPORTS}
    for group in groups:
        told = line(group, 1, vocabulary)
        assert texts[told["report"]][told["start"] : told["end"]] == told["quote"]
        assert told["count"] == sum(told["reports"].values())


def test_the_noun_is_cut_from_what_stands_around_it(vocabulary):
    assert noun("中国移动全年累计完成（各省公司）雨棚改造", True, vocabulary) == "雨棚改造"
    assert noun("雨棚指数为", True, vocabulary) == "雨棚指数"
    assert noun("的雨棚面积，同比", False, vocabulary) == "雨棚面积"
    assert noun("，的", True, vocabulary) == ""
    assert noun("站均租户数由 2022 年", True, vocabulary) == "站均租户数"


def test_the_nearest_metric_is_named_by_the_likeness_of_its_labels(vocabulary):
    found = nearest("单位电信业务总量的综合能耗", METRIC, vocabulary)
    assert found
    assert found[0].iri.rsplit("/", 1)[-1].startswith("energy-per-telecom")
    assert nearest("雨棚", METRIC, vocabulary) is None


@pytest.mark.parametrize(
    "text",
    [
        "2023 年，公司雨棚改造率达到 65%。",
        "2023 年，公司出动 30 甪里开展巡检，效果良好。",
        "The canopy refit rate reached 65% in 2023.",
    ],
)
def test_the_block_pasted_as_it_is_places_the_number(text, vocabulary, tmp_path):
    language = "en" if text.isascii() else "zh-Hans"
    found = unplaced([report(text, language)], vocabulary)
    folder = tmp_path / "ontology"
    shutil.copytree(resource("ontology"), folder)
    declared = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in {**PREFIXES, "k": f"{ids.BASE}kind/"}.items())
    pasted = "\n".join(block(one, number, vocabulary) for number, one in enumerate(found, 1))
    (folder / "pasted.ttl").write_text(f"{declared}{pasted}\n", "utf-8")
    assert found
    words = {one.first.words for one in found}
    after = unplaced([report(text, language)], Vocabulary.load(folder))
    assert not words & {one.first.words for one in after}


def test_the_whole_output_is_turtle(vocabulary, tmp_path):
    groups = unplaced(REPORTS, vocabulary)
    text = "\n".join(as_turtle(groups, len(groups), vocabulary))
    declared = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in {**PREFIXES, "k": f"{ids.BASE}kind/"}.items())
    (tmp_path / "all.ttl").write_text(declared + text + "\n", "utf-8")
    assert len(Vocabulary.load(tmp_path).concepts) == len(groups)


def test_the_command_prints_turtle_or_lines(capsys):
    assert main(["unplaced", "--report", "zte-2024", "--limit", "3"]) == 0
    assert capsys.readouterr().out.count("\n# nearest") <= 3
    assert main(["unplaced", "--report", "zte-2024", "--format", "jsonl", "--limit", "0"]) == 0
    lines = [json.loads(one) for one in capsys.readouterr().out.splitlines()]
    assert {report for one in lines for report in one["reports"]} == {"zte-2024"}
    kept = [one["kept"] for one in lines]
    assert kept == sorted(kept, reverse=True)
