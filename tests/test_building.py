"""A build is deterministic, complete and safe."""

import json
import shutil
from pathlib import Path

import pytest

from kg.catalogue import read_catalogue
from kg.errors import BuildNeeded, CatalogueError
from kg.generations import inputs
from kg.pieces import GRAPH, Joined
from kg.settings import Settings, resource
from search.building import build
from search.library import Library


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings over one report, the shortest, for builds that take little time."""
    folder = tmp_path_factory.mktemp("small")
    seeds = folder / "seeds"
    shutil.copytree(resource("seeds"), seeds)
    catalogue = (seeds / "catalogue.ttl").read_text("utf-8")
    blocks = catalogue.split("\n\n")
    kept = [block for block in blocks if "a o:Document" not in block or '"mobile-2020"' in block]
    (seeds / "catalogue.ttl").write_text("\n\n".join(kept), "utf-8")
    return Settings(data=folder / "data", seeds=seeds)


def parts(folder: Path) -> dict[str, bytes]:
    files = [path for name in ("graph", "shards", "lexicon") for path in sorted((folder / name).rglob("*"))]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if path.is_file()}


def opened(settings: Settings) -> Path:
    """Open the library, built if need be, and return the folder of its generation."""
    library = Library.open_or_build(settings)
    library.close()
    return library.folder


def test_two_builds_are_byte_identical(small: Settings, tmp_path: Path) -> None:
    first = parts(build(small).folder)
    again = parts(build(Settings(data=tmp_path, seeds=small.seeds)).folder)
    assert first.keys() == again.keys()
    assert [name for name in first if first[name] != again[name]] == []


def test_the_same_inputs_are_not_built_twice(small: Settings) -> None:
    folder = opened(small)
    before = folder.stat().st_mtime_ns
    assert opened(small) == folder
    assert folder.stat().st_mtime_ns == before


def test_a_changed_ontology_is_never_served_with_an_old_graph(small: Settings, tmp_path: Path) -> None:
    ontology = tmp_path / "ontology"
    shutil.copytree(resource("ontology"), ontology)
    (ontology / "new.ttl").write_text("<http://e/a> <http://e/b> <http://e/c> .\n", "utf-8")
    changed = Settings(data=small.data, seeds=small.seeds, ontology=ontology)
    opened(small)
    with pytest.raises(BuildNeeded, match="another ontology"):
        Library.open(changed)


def test_a_changed_text_is_refused_and_the_graph_stays(small: Settings) -> None:
    folder = opened(small)
    text = small.seeds / "mobile-2020.txt"
    original = text.read_bytes()
    text.write_bytes(original + b" ")
    try:
        with pytest.raises(CatalogueError, match="mobile-2020"):
            Library.open_or_build(small)
    finally:
        text.write_bytes(original)
    assert opened(small) == folder


def test_a_publisher_that_the_ontology_lacks_is_named_with_the_remedy(small: Settings, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    shutil.copytree(small.seeds, seeds)
    catalogue = seeds / "catalogue.ttl"
    catalogue.write_text(catalogue.read_text("utf-8").replace("china-mobile", "nobody"), "utf-8")
    with pytest.raises(CatalogueError, match=r"mobile-2020.*org/nobody.*organisations\.ttl"):
        build(Settings(data=tmp_path / "data", seeds=seeds))


def test_inputs_name_what_decides_a_build(small: Settings) -> None:
    assert set(inputs(small)) == {"seeds", "ontology", "model", "code of kg", "code of search"}


def test_no_triple_stands_in_two_graphs(library: Library) -> None:
    with Joined(library.folder / GRAPH) as graph:
        lines = graph.read().decode().splitlines()
    triples = [line.rpartition(" <")[0] for line in lines]
    assert len(set(triples)) == len(triples) > 0


def test_the_manifest_counts_what_is_there(library: Library) -> None:
    manifest = json.loads((library.folder / "manifest.json").read_text("utf-8"))
    assert manifest["counts"]["reports"] == len(read_catalogue(resource("seeds"))) == 5
    assert manifest["counts"]["facts"] == sum(1 for _ in library.facts()) > 300
