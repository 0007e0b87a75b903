import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import QueryError, StoreError
from kg.graph import as_rdflib
from kg.store import Store, written
from kg.terms import IRI, XSD, BlankNode, Literal, Quad, Triple, number, text
from tests import tiny

A, B, C, G, H = (IRI(f"http://e/{name}") for name in "abcgh")


@pytest.fixture
def store(tmp_path):
    with Store.create(tmp_path / "store") as made:
        made.add([Quad(A, B, text("能耗", "zh-Hans"), G), Quad(A, B, number(1.25), G), Quad(A, C, B, H)])
        yield made


def test_rows_are_plain_terms(store):
    rows = store.select("SELECT ?o ?none { <http://e/a> <http://e/b> ?o OPTIONAL { ?o ?o ?none } } ORDER BY ?o")
    assert rows == [{"o": Literal("1.25", f"{XSD}decimal")}, {"o": text("能耗", "zh-Hans")}] or rows == [
        {"o": text("能耗", "zh-Hans")},
        {"o": Literal("1.25", f"{XSD}decimal")},
    ]
    assert {row["o"].python for row in rows} == {1.25, "能耗"}


def test_the_default_graph_is_the_union_unless_the_query_names_one(store):
    count = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"
    assert store.select(count.format(""))[0]["n"].python == 3
    assert store.select(count.format("FROM <http://e/h>"))[0]["n"].python == 1
    assert store.select(count.format("FROM NAMED <http://e/h>"))[0]["n"].python == 0
    assert store.ask("ASK { GRAPH <http://e/h> { ?s ?p ?o } }")


def test_triples_in_no_named_graph_are_a_default_graph_of_their_own(store):
    store.add([Quad(C, B, A)])
    assert store.select("SELECT * { ?s ?p ?o }") == [{"s": C, "p": B, "o": A}]
    assert len(store.select("SELECT * { GRAPH ?g { ?s ?p ?o } }")) == 3


def test_quads_match_by_their_parts(store):
    assert list(store.quads(graph=H)) == [Quad(A, C, B, H)]
    assert {quad.graph for quad in store.quads(subject=A)} == {G, H}
    assert list(store.quads(value=B)) == [Quad(A, C, B, H)]
    assert store.graphs() == [G.value, H.value]
    assert len(store) == 3


def test_construct_and_describe(store):
    assert store.construct("CONSTRUCT { ?o ?p ?s } WHERE { GRAPH <http://e/h> { ?s ?p ?o } }") == [Triple(B, C, A)]
    assert len(store.describe(A.value)) == 3
    assert store.describe("http://e/nothing") == []


def test_load_and_clear(store):
    store.load(b'<http://e/x> <http://e/p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <http://e/i> .\n')
    assert [row["o"].python for row in store.select("SELECT ?o { <http://e/x> ?p ?o }")] == [1]
    store.clear(IRI("http://e/i"))
    assert not store.ask("ASK { <http://e/x> ?p ?o }")


def test_load_says_which_line_is_no_nquads(store):
    with pytest.raises(StoreError, match="line 2"):
        store.load(b"<http://e/x> <http://e/p> <http://e/y> .\n<http://e/x> nonsense .\n")
    assert len(store) >= 3


def test_equal_content_gives_equal_dumps(store, tmp_path):
    with Store.create(tmp_path / "other") as other:
        other.add(sorted(store.quads(), key=repr, reverse=True))
        other.optimize()
        assert other.dump() == store.dump()
        assert store.dump(G.value, "nt").count(b"\n") == 2
        assert b'"\xe8\x83\xbd' in store.dump(G.value, "ttl")


def test_a_snapshot_is_frozen(store, tmp_path):
    store.backup(tmp_path / "snapshot")
    with Store.open(tmp_path / "snapshot") as snapshot:
        store.add([Quad(B, B, B, G)])
        assert (len(snapshot), len(store)) == (3, 4)
    with pytest.raises(StoreError):
        store.backup(tmp_path / "snapshot")


def test_an_open_store_is_read_only_and_closes(store, tmp_path):
    opened = Store.open(tmp_path / "store")
    with pytest.raises(StoreError):
        opened.add([Quad(A, A, A, G)])
    opened.close()
    opened.close()
    with pytest.raises(StoreError, match="closed"):
        opened.ask("ASK {}")


def half_written(folder: Path) -> None:
    tiny.build(folder)
    for path in folder.glob("MANIFEST*"):
        path.unlink()


BROKEN = {
    "missing": (lambda folder: None, "tantu build"),
    "empty": (lambda folder: folder.mkdir(), "tantu build"),
    "half-written": (half_written, "delete it"),
    "a file": (lambda folder: folder.write_text(""), "tantu build|--data"),
    "under a file": (lambda folder: folder.parent.joinpath("f").write_text(""), "tantu build|--data"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_store_that_cannot_be_opened_says_where_and_what_to_do(name, tmp_path):
    breaks, remedy = BROKEN[name]
    breaks(tmp_path / "store")
    with pytest.raises(StoreError, match=remedy) as caught:
        Store.open(tmp_path / "store")
    assert str(tmp_path / "store") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_one_writer_at_a_time(store, tmp_path):
    with pytest.raises(StoreError, match="another process"):
        Store.create(tmp_path / "store")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="--data"):
        Store.create(tmp_path / "store")


def test_a_file_in_the_way(tmp_path):
    (tmp_path / "store").write_text("")
    with pytest.raises(StoreError, match="--data"):
        Store.create(tmp_path / "store")


@pytest.mark.parametrize(
    ("method", "query"),
    [("select", "ASK {}"), ("ask", "SELECT * {}"), ("construct", "ASK {}"), ("select", "SELECT * {"), ("select", "")],
)
def test_a_query_of_another_form_or_none(store, method, query):
    with pytest.raises(QueryError) as caught:
        getattr(store, method)(query)
    assert caught.value.line == 1


@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")  # rdflib's own, within rdflib
def test_rdflib_sees_the_store(store):
    dataset = as_rdflib(store)
    assert {str(o) for o in dataset.objects()} == {"能耗", "1.25", "http://e/b"}
    assert [str(row.o) for row in dataset.query("SELECT ?o { ?s <http://e/c> ?o }")] == ["http://e/b"]
    assert dataset.store.namespace("m") is not None


def test_only_the_prefixes_that_are_used_are_written():
    found = written([Triple(IRI(tiny.PUE), tiny.LABEL, text("PUE", "en"))], "ttl").decode()
    assert found.count("@prefix") == 3  # m, rdfs, and rdf for language-tagged text
    assert 'm:pue rdfs:label "PUE"@en' in found


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(lambda s: IRI(f"http://e/{s}"))
strings = st.text(st.characters(exclude_categories=["Cs"]))
literals = strings.map(text) | st.builds(text, strings, st.sampled_from(["zh-Hans", "zh-Hant", "en"]))
numbers = st.integers().map(number) | st.decimals(allow_nan=False, allow_infinity=False, places=3).map(float).map(
    number
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.builds(Quad, st.just(A), st.just(B), literals, st.just(G)), max_size=5))
def test_what_is_written_is_read_back(tmp_path_factory, quads):
    with Store.create(tmp_path_factory.mktemp("law") / "store") as store:
        store.load("".join(f"{quad.nquads}\n" for quad in quads).encode())
        assert set(store.quads()) == set(quads)
        store.add(quads)
        assert len(store) == len(set(quads))


@given(names)
def test_an_iri_cannot_break_out_of_its_brackets(name):
    assert name.n3.count("<") == name.n3.count(">") == 1
    assert not set(name.n3) & set(' \n"{}|^`\\')


@given(numbers)
def test_numbers_are_written_without_an_exponent(value):
    assert "e" not in value.value.lower()


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_read_back_as_they_were(value):
    assert number(value).python == value


def test_blank_nodes_have_labels():
    assert BlankNode("x").n3 == "_:x"
    assert str(BlankNode("x")) == "x"
