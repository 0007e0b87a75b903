"""The graph in memory gives what the store on disk gives."""

import io
import os
import signal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.runaways import family
from kg import memory
from kg.pool import Pool, Request
from kg.store import Store
from kg.terms import IRI, BlankNode, Quad, number, text
from tests import tiny

QUERIES = (
    "SELECT * {} {{ ?s ?p ?o }}",
    "SELECT ?s (COUNT(*) AS ?n) {} {{ ?s ?p ?o }} GROUP BY ?s",
    "SELECT * {} {{ ?s ?p ?o OPTIONAL {{ ?o ?q ?x }} FILTER(!isBlank(?s) || isLiteral(?o)) }}",
    "SELECT * {} {{ ?s <http://e/p>+ ?o }}",
)
NAMES = st.sampled_from([IRI("http://e/a"), IRI("http://e/b"), BlankNode("x"), BlankNode("c0ffee" * 5 + "00")])
VALUES = NAMES | st.sampled_from([number(1.5), number(7), text("能耗", "zh-Hans"), text('a "b"\n'), text("", "en")])
TRIPLES = st.lists(st.tuples(NAMES, st.sampled_from([IRI("http://e/p"), IRI("http://e/q")]), VALUES), max_size=12)


@pytest.fixture(scope="module")
def disk(tmp_path_factory):
    with Store.create(tmp_path_factory.mktemp("law") / "store") as store:
        yield store


@given(TRIPLES, st.booleans())
@settings(max_examples=40)
def test_memory_and_disk_give_the_same(disk, triples, gently):
    graph = IRI(f"http://e/{len(disk.graphs())}")
    disk.add(Quad(*triple, graph) for triple in triples)
    lines = disk.dump(graph.value, "nt").replace(b" .\n", f" {graph.n3} .\n".encode())
    kept = Store(memory.read(io.BytesIO(lines), len(triples), gently=gently), Path("memory"))
    assert set(kept.quads()) == set(disk.quads(graph=graph))
    for query in QUERIES:
        asked = query.format(f"FROM {graph.n3}")
        assert sorted(map(repr, kept.select(asked))) == sorted(map(repr, disk.select(asked)))


def test_a_store_loads_blank_nodes_under_their_names(disk):
    line = b'_:here <http://e/p> "1" <http://e/named> .\n'
    disk.load(line)
    assert disk.dump("http://e/named", "nt") == b'_:here <http://e/p> "1" .\n'


def test_a_store_goes_on_in_memory(tmp_path):
    graph = tiny.build(tmp_path / "store").parent / tiny.PIECES
    with Store.open(tmp_path / "store") as store:
        before, engine = set(store.quads()), store.engine
        store.keep(graph, len(tiny.QUADS) - 1)
        assert store.engine is engine, "it has one quad too many"
        store.keep(graph, len(tiny.QUADS))
        assert store.engine is not engine
        assert set(store.quads()) == before


def test_a_pool_goes_on_in_memory_and_survives_its_end(tmp_path):
    count, graph = Request("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "csv"), tmp_path / tiny.PIECES
    with Pool(tiny.build(tmp_path / "store"), workers=1, memory=256 << 20) as pool:
        pool.keep(graph, len(tiny.QUADS))
        first = pool.pids()
        assert tiny.comes(lambda: pool.pids() != first), "a worker that has the graph in memory comes in its place"
        graph.rename(graph.with_name("away"))
        assert b"".join(pool.run(count)).split() == [b"n", b"9"]
        for _ in range(2):  # all that has been forked is ended, then it is not there to be read again
            for pid in family(os.getpid())[1:]:
                os.kill(pid, signal.SIGKILL)
                assert tiny.gone(pid)
            assert b"".join(pool.run(count)).split() == [b"n", b"9"]
