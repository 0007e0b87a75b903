"""Texts without a catalogue: what they tell of themselves, and what may be said of them."""

import json
from pathlib import Path

import pytest

from kg.catalogue import read_catalogue
from kg.errors import CatalogueError
from kg.newcomers import newcomer
from kg.settings import resource
from web.cli import main

TEXT = "绿源能源2022年环境报告\n2022年，绿源能源综合能耗为 1.2 万吨标准煤，较 2021 年下降 3%。\n"


@pytest.mark.parametrize("seed", read_catalogue(resource("seeds")), ids=lambda seed: seed.id)
def test_a_seed_tells_its_language_and_company_by_itself(seed, vocabulary):
    found = newcomer(Path(f"{seed.id}.txt"), seed.text.encode(), vocabulary).report
    assert (found.id, found.language, found.year) == (seed.id, seed.language, seed.year)
    assert (found.company, found.sha256) == (seed.company, seed.sha256)


def test_an_unknown_company_becomes_one_under_its_name(vocabulary):
    found = newcomer(Path("report.txt"), TEXT.encode("gb18030"), vocabulary, company="绿源能源")
    concept = found.vocabulary.concept(found.report.company)
    assert concept.iri not in vocabulary
    assert concept.is_a("Company")
    assert concept.label("zh-Hans") == "绿源能源"
    assert found.report.year == 2022
    assert [match.concept for match in found.vocabulary.matcher("Company").find(TEXT)] == [concept, concept]


def test_a_company_in_passing_is_not_the_publisher(vocabulary):
    text = "环境报告 2022\n" * 60 + "我们与中国移动合作。\n"
    assert newcomer(Path("a.txt"), text.encode(), vocabulary).report.company.endswith("org/a")


def test_a_known_company_by_any_of_its_names(vocabulary):
    found = newcomer(Path("a.txt"), TEXT.encode(), vocabulary, company="中國移動").report
    assert found.company.endswith("org/china-mobile")


def test_without_a_year_it_asks_for_one(vocabulary):
    with pytest.raises(CatalogueError, match="give it with --year"):
        newcomer(Path("a.txt"), "综合能耗下降".encode(), vocabulary)
    assert newcomer(Path("a.txt"), "综合能耗下降".encode(), vocabulary, year=2021).report.year == 2021


def test_facts_of_a_file_from_the_command_line(tmp_path, capsys):
    path = tmp_path / "green.txt"
    path.write_text(TEXT, "utf-8")
    assert main(["facts", str(path), "--company", "绿源能源"]) == 0
    printed = capsys.readouterr()
    facts = [json.loads(line) for line in printed.out.splitlines()]
    assert {(fact["value"], fact["unit"], fact["subject"]) for fact in facts} >= {(12000, "tce", "绿源能源")}
    assert "read as zh-Hans, 2022, 绿源能源, a new company" in printed.err


def test_a_file_that_is_not_there_is_named(tmp_path, capsys):
    assert main(["facts", str(tmp_path / "missing.txt")]) == 1
    assert "missing.txt: cannot be read" in capsys.readouterr().err
