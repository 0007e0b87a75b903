"""``tantu check``: what it prints, its exit codes, what it writes."""

from __future__ import annotations

import shutil

import pytest

from kg.settings import resource
from web.cli import main


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(resource("ontology"), tmp_path / "ontology")
    return tmp_path / "ontology"


def check(folder, *arguments: str) -> int:
    return main(["check", "--ontology", str(folder), "--ontology-only", *arguments])


def test_one_check_on_another_folder(copy, capsys):
    assert check(copy, "--only", "parse", "--only", "labels") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines] == [["ok", "parse"], ["ok", "labels"]]


def test_an_error_is_one_line_with_place_and_remedy(copy, capsys):
    path = copy / "schemes" / "units.ttl"
    path.write_text(path.read_text("utf-8").replace("qk:Energy", "qk:Enregy", 1), "utf-8")
    line = next(i for i, text in enumerate(path.read_text("utf-8").splitlines(), 1) if "qk:Enregy" in text)
    assert check(copy, "--only", "namespaces") == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("FAIL namespaces")
    place = f"ontology/schemes/units.ttl:{line}: qk:Enregy: is no name of http://qudt.org/vocab/quantitykind/;"
    assert printed[1].strip().startswith(f"error: {place}")


def test_warnings_fail_nothing(copy, capsys):
    path = copy / "schemes" / "planted.ttl"
    path.write_text(
        "@prefix c: <https://w3id.org/tantu/code/> .\n@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        'c:planted a skos:Concept ; skos:prefLabel "种子"@zh-Hans , "種子"@zh-Hant , "planted"@en .\n',
        "utf-8",
    )
    assert check(copy, "--only", "hygiene", "--all") == 0
    assert "warning: [hygiene/homeless-concept] ontology/schemes/planted.ttl:3: c:planted" in capsys.readouterr().out


def test_nothing_is_said_of_what_cannot_be_read(copy, capsys):
    path = copy / "core.ttl"
    path.write_text(path.read_text("utf-8") + "\no:x o:y\n", "utf-8")
    assert check(copy) == 1
    assert [line for line in capsys.readouterr().out.splitlines() if line.startswith(("ok", "warn"))] == []


def test_many_findings_are_cut_short(copy, capsys):
    path = copy / "schemes" / "units.ttl"
    path.write_text(path.read_text("utf-8").replace("@zh-Hant", "@zh"), "utf-8")
    assert check(copy, "--only", "languages") == 1
    few = capsys.readouterr().out.splitlines()
    assert check(copy, "--only", "languages", "--all") == 1
    assert len(few) == 22 < len(capsys.readouterr().out.splitlines())
    assert "--all" in few[-1]


def test_an_unknown_check_names_those_there_are(copy, capsys):
    assert check(copy, "--only", "spelling") == 1
    assert "there is no check 'spelling'; there are parse, languages" in capsys.readouterr().err


def test_the_layout_and_the_released_names_are_written(copy, capsys):
    path = copy / "align.ttl"
    path.write_text(path.read_text("utf-8").replace(" .\n", ".\n"), "utf-8")
    assert check(copy, "--write", "format") == 0
    assert "wrote ontology/align.ttl" in capsys.readouterr().out
    assert check(copy, "--only", "format") == 0
    (copy / "released.txt").unlink()
    assert check(copy, "--write", "released") == 0
    assert (copy / "released.txt").read_text("utf-8").count("# release: 0.1.0") == 1
    assert check(copy, "--only", "released") == 0


def test_questions_are_asked_of_the_graph(data_folder, capsys):
    main(["check", "--data", str(data_folder), "--only", "questions", "--only", "spans"])
    printed = [line.split()[1] for line in capsys.readouterr().out.splitlines() if line.startswith(("ok", "FAIL"))]
    assert printed == ["spans", "questions"]
