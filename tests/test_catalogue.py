"""The catalogue against the files beside it, and every way in which they can disagree."""

import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from kg.catalogue import find, read_catalogue
from kg.errors import CatalogueError, NotFound
from kg.settings import resource

SEEDS = resource("seeds")
BLOCK = """@prefix o: <https://w3id.org/tantu/o#> . @prefix dcterms: <http://purl.org/dc/terms/> .
<https://w3id.org/tantu/doc/{id}> a o:Document ; dcterms:identifier "{id}" ; dcterms:title "Tiny"@en ;
  dcterms:publisher <https://w3id.org/tantu/org/zte> ; o:reportYear "{year}" ; dcterms:language "{language}" ;
  o:sha256 "{digest}" .
"""


def tiny(folder: Path, data: bytes = b"PUE 1.25", **fields: str) -> Path:
    """Write a folder of one report; a field can be spoilt."""
    values = {"id": "tiny", "year": "2023", "language": "en", "digest": sha256(data).hexdigest()} | fields
    (folder / "tiny.txt").write_bytes(data)
    (folder / "catalogue.ttl").write_text(BLOCK.format(**values), "utf-8")
    return folder


def test_seeds_are_the_five_reports():
    reports = read_catalogue(SEEDS)
    assert [report.id for report in reports] == [
        "mobile-2020",
        "mobile-2023",
        "telecom-2023",
        "unicom-2023",
        "zte-2024",
    ]
    for report in reports:
        data = (SEEDS / f"{report.id}.txt").read_bytes()
        assert sha256(data).hexdigest() == report.sha256
        assert report.text.encode() == data, "the text is never changed"
        assert set(report.title) == {"zh-Hans", "zh-Hant", "en"}
        assert str(report.year) in report.id


def test_every_seed_stands_in_the_catalogue():
    assert {path.stem for path in SEEDS.glob("*.txt")} == {report.id for report in read_catalogue(SEEDS)}


def test_reads_a_folder_of_ones_own(tmp_path):
    (report,) = read_catalogue(tiny(tmp_path))
    assert (report.id, report.text, report.language, report.year) == ("tiny", "PUE 1.25", "en", 2023)
    assert report.company == "https://w3id.org/tantu/org/zte"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"digest": "0" * 64}, "0000 but|says 0000"),
        ({"language": "zh"}, "language is 'zh'; it needs to be one of zh-Hans, zh-Hant, en"),
        ({"year": "23"}, "o:reportYear is '23'"),
        ({"id": "../tiny"}, "identifier '../tiny'"),
        ({"id": "other"}, r"other\.txt: cannot be read \(No such file or directory\); put the text there"),
    ],
)
def test_what_does_not_fit_is_said(tmp_path, fields, expected):
    with pytest.raises(CatalogueError, match=expected):
        read_catalogue(tiny(tmp_path, **fields))


def test_a_changed_text_is_found(tmp_path):
    shutil.copytree(SEEDS, tmp_path, dirs_exist_ok=True)
    text = tmp_path / "mobile-2023.txt"
    text.chmod(0o644)
    text.write_bytes(text.read_bytes() + b" ")
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(tmp_path)
    message = str(caught.value)
    assert "mobile-2023.txt" in message
    assert sha256(text.read_bytes()).hexdigest() in message
    assert "5ebafdf965c5c7d2" in message
    assert "restore the file" in message


def test_missing_empty_and_broken_catalogues(tmp_path):
    with pytest.raises(CatalogueError, match="there is no such file"):
        read_catalogue(tmp_path)
    (tmp_path / "catalogue.ttl").write_text("", "utf-8")
    with pytest.raises(CatalogueError, match="describes no report"):
        read_catalogue(tmp_path)
    (tmp_path / "catalogue.ttl").write_text("this is no Turtle", "utf-8")
    with pytest.raises(CatalogueError, match="not Turtle"):
        read_catalogue(tmp_path)


def test_a_value_too_few_or_too_many(tmp_path):
    tiny(tmp_path)
    path = tmp_path / "catalogue.ttl"
    whole = path.read_text("utf-8")
    path.write_text(whole.replace('dcterms:language "en" ;', ""), "utf-8")
    with pytest.raises(CatalogueError, match=r"has 0 values of <http://purl\.org/dc/terms/language>"):
        read_catalogue(tmp_path)
    path.write_text(whole.replace('"en" ;', '"en", "zh-Hans" ;'), "utf-8")
    with pytest.raises(CatalogueError, match="has 2 values"):
        read_catalogue(tmp_path)


def test_find_names_the_nearest():
    reports = read_catalogue(SEEDS)
    assert find(reports, "zte-2024").year == 2024
    with pytest.raises(NotFound) as caught:
        find(reports, "telecom2023")
    assert caught.value.nearest[0] == "telecom-2023"
