"""A collection whose graph and vectors are elsewhere: built, changed and asked as one that has them in its folder."""

from dataclasses import replace

import pytest

from kg.errors import BuildNeeded
from kg.holdings import SHARDS
from kg.terms import IRI
from search.building import build
from search.changing import Given, Source, add, remove
from search.library import Library
from search.milvus.generations import NOTE, Elsewhere
from tests import engines, growing
from tests.growing import FIRST

QUESTIONS = ["electricity used by Quokka Power", "PUE of data centres", "2024"]
COUNT = (
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(!STRENDS(STR(?g), 'record')) } GROUP BY ?g ORDER BY ?g"
)
BLOCK = (
    "PREFIX search: <https://w3id.org/tantu/search#> SELECT ?p ?s { SERVICE search:passages "
    '{ ?p search:query "electricity" ; search:score ?s } ?p ?any ?thing } ORDER BY DESC(?s) ?p'
)


@pytest.fixture(scope="module")
def store():
    with engines.oxigraph() as found:
        yield found


def seen(settings):
    """Return what a library finds and answers."""
    library = Library.open(settings)
    try:
        hits = [[(hit.entry.iri, hit.score) for hit in library.search(question)] for question in QUESTIONS]
        rows = b"".join(library.query(COUNT, "csv")), b"".join(library.query(BLOCK, "csv"))
        return hits, rows, [library.ask(question).text for question in QUESTIONS], sorted(library.store.graphs())
    finally:
        library.close()


def test_what_is_elsewhere_is_as_what_is_here(tmp_path, data_folder, monkeypatch, store):
    growing.quick(monkeypatch)
    here = growing.settings_in(tmp_path, data_folder)
    there = replace(here, data=tmp_path / "there", vectors=f"milvus:{tmp_path / 'vectors.db'}", **store)
    for change in (build, lambda one: add(one, [Source("a.txt", FIRST.encode())], Given(id="first-2024"))):
        for one in (here, there):
            change(one)
        assert seen(there) == seen(here)
    (generation,) = (there.data / "generations").iterdir()
    assert not (generation / "store").exists()
    assert not list(generation.rglob("vectors.faiss"))
    notes = list((generation / SHARDS).glob(f"*/{NOTE}"))
    home = Elsewhere(there)._home(256)
    named = {f"p_{note.parent.name}" for note in notes}
    assert named == set(home.client.list_partitions(home.name)) - {"_default"}
    remove(there, ["first-2024"])
    library = Library.open(there)
    assert not library.store.ask(f"ASK {{ GRAPH {IRI('https://w3id.org/tantu/graph/first-2024').n3} {{ ?s ?p ?o }} }}")
    assert named.isdisjoint(home.client.list_partitions(home.name))
    library.close()
    with pytest.raises(BuildNeeded, match="another vectors"):
        Library.open(replace(there, vectors=""))
