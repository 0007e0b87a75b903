"""The data directory: nothing half-built is ever served, nothing stored is lost."""

import json
import os
from pathlib import Path

import pytest

from kg.errors import BuildNeeded, StoreError
from kg.generations import KEPT, DataDirectory, Manifest, checksum, key_of

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
    assert publish(directory) == home
    assert directory.current(INPUTS)[0] == home


def test_a_build_that_fails_changes_nothing(directory: DataDirectory) -> None:
    publish(directory)
    with pytest.raises(RuntimeError), directory.building() as aside:
        (aside / "graph.nq").write_text("half", "utf-8")
        raise RuntimeError
    assert directory.current(INPUTS)
    assert not list(directory.folder.glob("building-*"))


def test_left_overs_of_dead_builds_are_removed_and_those_of_living_ones_kept(directory: DataDirectory) -> None:
    dead, living = directory.folder / "building-999999999-x", directory.folder / f"building-{os.getpid()}-x"
    for folder in (dead, living):
        folder.mkdir(parents=True)
    publish(directory)
    assert not dead.exists()
    assert living.exists()


def test_only_the_newest_generations_are_kept(directory: DataDirectory) -> None:
    for number in range(KEPT + 2):
        publish(directory, {"seeds": str(number)})
    assert len(list((directory.folder / "generations").iterdir())) == KEPT


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
