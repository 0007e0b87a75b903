"""The data directory: nothing half-built is ever served, nothing stored is lost."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.errors import BuildNeeded, StoreError
from kg.generations import DataDirectory, Manifest, key_of
from kg.listings import checksum
from kg.settings import ROOT
from kg.writer import Hold, writing

INPUTS = {"seeds": "1", "ontology": "2"}


def publish(directory: DataDirectory, inputs: dict[str, str] = INPUTS, graph: str = "graph") -> Path:
    with directory.building() as aside:
        (aside / "store").mkdir()
        (aside / "graph.nq").write_text(graph, "utf-8")
        return directory.publish(aside, Manifest(inputs, {"graph.nq": checksum(aside / "graph.nq")}, {"facts": 1}))


@pytest.fixture
def directory(tmp_path: Path) -> DataDirectory:
    return DataDirectory(tmp_path / "data")


def test_what_was_published_is_current(directory: DataDirectory) -> None:
    home = publish(directory)
    folder, manifest = directory.current(INPUTS)
    assert folder == home
    assert folder.name == key_of(INPUTS)
    assert manifest.counts == {"facts": 1}


def test_an_empty_directory_needs_a_build(directory: DataDirectory) -> None:
    with pytest.raises(BuildNeeded, match="holds no graph yet; run `tantu build`"):
        directory.current(INPUTS)


def test_other_inputs_need_a_build_and_are_named(directory: DataDirectory) -> None:
    publish(directory)
    with pytest.raises(BuildNeeded, match="was built from another ontology"):
        directory.current({**INPUTS, "ontology": "3"})


@pytest.mark.parametrize("damage", ["changed", "cut", "missing manifest", "no json", "missing store"])
def test_a_damaged_generation_needs_a_build(directory: DataDirectory, damage: str) -> None:
    home = publish(directory)
    if damage == "changed":
        (home / "graph.nq").write_text("other", "utf-8")
    elif damage == "cut":
        (home / "graph.nq").write_text("gra", "utf-8")
    elif damage == "missing manifest":
        (home / "manifest.json").unlink()
    elif damage == "no json":
        (home / "manifest.json").write_text("{", "utf-8")
    else:
        (home / "store").rmdir()
    with pytest.raises(BuildNeeded, match="run `tantu build`"):
        directory.current(INPUTS)
    again = publish(directory)
    assert directory.current(INPUTS)[0] == again != home
    assert not home.exists()


def test_a_build_that_fails_changes_nothing(directory: DataDirectory) -> None:
    publish(directory)
    with pytest.raises(RuntimeError), directory.building() as aside:
        (aside / "graph.nq").write_text("half", "utf-8")
        raise RuntimeError
    assert directory.current(INPUTS)
    assert not list(directory.folder.glob("building-*"))


def test_left_overs_of_broken_builds_are_removed(directory: DataDirectory) -> None:
    left = directory.folder / "building-999999999-x"
    left.mkdir(parents=True)
    publish(directory)
    assert not left.exists()


def test_a_generation_stays_while_somebody_reads_it(directory: DataDirectory) -> None:
    first = publish(directory, {"seeds": "1"})
    hold = Hold(first)
    second = publish(directory, {"seeds": "2"})
    assert {path.name for path in second.parent.iterdir()} == {first.name, second.name}
    hold.close()
    third = publish(directory, {"seeds": "3"})
    assert [path.name for path in third.parent.iterdir()] == [third.name]


def test_the_second_writer_is_told_who_the_first_is(directory: DataDirectory) -> None:
    with writing(directory.folder):
        program = f"from pathlib import Path; from kg.writer import writing; writing(Path({str(directory.folder)!r})).__enter__()"
        done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
        assert f"is being changed by process {os.getpid()} (tantu" in done.stderr
    with writing(directory.folder):
        assert f'"pid": {os.getpid()}' in (directory.folder / "lock").read_text()


def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with (
        pytest.raises(StoreError, match=r"file.* cannot be written .*--data"),
        DataDirectory(tmp_path / "file").building(),
    ):
        pass


def test_the_manifest_is_plain_json(directory: DataDirectory) -> None:
    home = publish(directory)
    assert json.loads((home / "manifest.json").read_text("utf-8"))["inputs"] == INPUTS
