"""A store at a URL, on a real server of Oxigraph: queries as on our own store, builds pushed, errors in our words."""

import http.server
import threading
from hashlib import sha256
from pathlib import Path

import pytest

from kg import pushing, stores
from kg.errors import (
    BuildNeeded,
    QueryError,
    QueryRefused,
    QueryTimeout,
    QueryTooLarge,
    QueryUnsupported,
    SettingsError,
    StoreError,
)
from kg.pool import Dataset, Pool, Request
from kg.pushing import Piece, Target
from kg.remote import RECORD
from kg.settings import Settings
from kg.store import Store
from kg.stores import check
from kg.terms import IRI
from tests import engines, tiny


def pieces(folder: Path, quads=tiny.QUADS) -> list[Piece]:
    """Return the graphs of some quads, each with a file of its own."""
    by_graph: dict[str, list[str]] = {}
    for quad in quads:
        by_graph.setdefault(quad.graph.value, []).append(f"{quad.nquads}\n")
    found = []
    for graph, lines in by_graph.items():
        key = sha256("".join(lines).encode()).hexdigest()[:16]
        path = folder / f"{key}.nq"
        path.write_text("".join(lines))
        found.append(Piece(graph, key, (path,)))
    return found


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """Settings with a store that holds the tiny graph; it is only asked."""
    folder = tmp_path_factory.mktemp("asked")
    with engines.oxigraph() as found:
        made = engines.settings(folder, found)
        Target(made).push("first", pieces(folder))
        yield made


@pytest.fixture(scope="module")
def remote(asked):
    with stores.opened(asked, asked.data) as found:
        yield found


@pytest.fixture(scope="module")
def pool(asked):
    with Pool(asked.store, workers=1, seconds=20) as made:
        yield made


@pytest.fixture(scope="module")
def local(asked):
    with Store.create(asked.data / "store") as made:
        made.add(tiny.QUADS)
    with Store.open(asked.data / "store") as made:
        yield made


@pytest.fixture(scope="module")
def ours(local):
    with Pool(local.folder, workers=1) as made:
        yield made


@pytest.fixture(scope="module")
def written():
    """A server that tests write to."""
    with engines.oxigraph() as found:
        yield found


@pytest.fixture
def settings(written, tmp_path):
    """Settings with a store that holds the tiny graph, and nothing else of ours."""
    made = engines.settings(tmp_path, written)
    Target(made).push("first", pieces(tmp_path))
    return made


@pytest.fixture
def held(settings, tmp_path):
    with stores.opened(settings, tmp_path) as found:
        yield found


QUERIES = [
    "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(STRENDS(STR(?g), '2023')) } GROUP BY ?g",
    f"SELECT ?o FROM <{tiny.GRAPH.value}> {{ ?s rdfs:label ?o }} ORDER BY ?o",
    "SELECT ?x { VALUES ?x { 1 1.5 'a' UNDEF } }",
]
PREFIX = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "


@pytest.mark.parametrize("query", QUERIES)
def test_rows_are_those_of_our_own_store(remote, local, query):
    found = [row for row in remote.select(PREFIX + query) if RECORD not in map(str, row.values())]
    ours = {graph.value for graph in (tiny.GRAPH, tiny.ONTOLOGY)}
    assert [row for row in found if str(row.get("s")) not in ours] == local.select(PREFIX + query)


def test_the_other_questions_are_answered_too(remote, local):
    assert remote.ask(f"ASK {{ <{tiny.FACT.iri}> ?p ?o }}")
    assert not remote.ask("ASK { <http://e/nothing> ?p ?o }")
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{tiny.GRAPH.value}> {{ ?s ?p ?o }} }}"
    assert set(remote.construct(query)) == set(local.construct(query))
    assert set(remote.describe(tiny.PUE)) == set(local.describe(tiny.PUE))
    assert set(remote.quads()) == set(tiny.QUADS)
    assert set(remote.quads(subject=IRI(tiny.PUE), graph=tiny.ONTOLOGY)) == set(local.quads(subject=IRI(tiny.PUE)))
    assert remote.graphs() == local.graphs()
    assert len(remote) == len(local)
    assert remote.dump() == local.dump()
    assert remote.dump(tiny.GRAPH.value, "nt") == local.dump(tiny.GRAPH.value, "nt")


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
@pytest.mark.parametrize("query", [QUERIES[3], "ASK { ?s ?p ?o }"])
def test_results_have_the_same_bytes(pool, ours, form, query):
    expected = b"".join(ours.run(Request(query, rows=form)))
    assert b"".join(pool.run(Request(query, rows=form))) == expected


@pytest.mark.parametrize("form", ["ttl", "nt", "rdf", "jsonld"])
def test_graphs_have_the_same_bytes(pool, ours, form):
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{tiny.ONTOLOGY.value}> {{ ?s ?p ?o }} }}"
    expected = b"".join(ours.run(Request(query, graph=form)))
    found = b"".join(pool.run(Request(query, graph=form)))
    assert sorted(found.splitlines()) == sorted(expected.splitlines())


def test_relative_iris_stand_under_the_base_of_the_request(pool):
    query = "SELECT (<x> AS ?x) {}"
    assert b"http://e/x" in b"".join(pool.run(Request(query, rows="csv", base="http://e/")))
    with pytest.raises(QueryError):
        pool.run(Request(query))


def test_datasets_of_the_request_come_before_those_of_the_query(pool):
    query = "SELECT (COUNT(*) AS ?n) FROM <http://e/none> { ?s ?p ?o }"
    dataset = Dataset(default=(tiny.GRAPH.value,))
    assert b"".join(pool.run(Request(query, rows="csv", dataset=dataset))) == b"n\r\n6\r\n"
    assert b"".join(pool.run(Request(query, rows="csv"))) == b"n\r\n0\r\n"


@pytest.mark.parametrize(
    "query",
    ["SELECT * {", "SELECT ?x { ?s ?p ?o } GROUP BY ?s", "SELEC", "SELECT * { ?s a:b ?o }", "ASK { ?s ?p } # end"],
)
def test_a_query_that_cannot_be_parsed_has_the_same_place(pool, ours, query):
    with pytest.raises(QueryError) as expected:
        ours.run(Request(query))
    with pytest.raises(QueryError) as caught:
        pool.run(Request(query))
    assert (caught.value.line, caught.value.column) == (expected.value.line, expected.value.column)


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("DROP ALL", QueryRefused),
        ("SELECT * { SERVICE <http://e/s> { ?s ?p ?o } }", QueryRefused),
        ("PREFIX b: <bif:> SELECT (b:exec('x') AS ?y) {}", QueryRefused),
        ("SELECT (<sql:x>() AS ?y) {}", QueryRefused),
        ("DEFINE input:inference 'x' SELECT * { ?s ?p ?o }", QueryError),
        ("SELECT * { ?s ?p ?o } ; DROP ALL", QueryError),
        ("SELECT (<http://e/unknown>(1) AS ?y) {}", QueryUnsupported),
    ],
)
def test_what_does_more_than_read_does_not_get_there(pool, remote, query, error):
    with pytest.raises(QueryError) as caught:
        b"".join(pool.run(Request(query)))
    assert type(caught.value) is error
    assert len(remote) == len(tiny.QUADS)


def test_deadlines_and_rows_are_ours(asked):
    with Pool(asked.store, workers=1, seconds=0.5, rows=3) as pool:
        with pytest.raises(QueryTimeout, match=r"0\.5 s"):
            pool.run(Request(tiny.LONG.replace("COUNT(*)", "COUNT(DISTINCT *)")))
        with pytest.raises(QueryTooLarge, match="more than 3 rows"):
            b"".join(pool.run(Request("SELECT * { ?s ?p ?o }")))
        assert b"true" in b"".join(pool.run(Request("ASK {}"), seconds=20))


def test_only_what_has_changed_is_pushed(settings, tmp_path, held, monkeypatch):
    target, graphs = Target(settings), pieces(tmp_path)
    assert target.push("second", graphs).written == ()
    check(settings, "second")
    with pytest.raises(BuildNeeded, match="tantu build"):
        check(settings, "first")
    fewer = pieces(tmp_path, [quad for quad in tiny.QUADS if quad is not tiny.QUADS[2]])
    for once in (pushing.ONCE, -1):
        monkeypatch.setattr(pushing, "ONCE", once)
        for wanted in (fewer, graphs, graphs[:1], graphs):
            done = target.push("third", wanted)
            assert (done.at_once, len(done.written) + len(done.removed)) == (once > 0, 1)
            assert set(held.quads()) == {q for q in tiny.QUADS if q.graph.value in {w.graph for w in wanted}} - (
                {tiny.QUADS[2]} if wanted is fewer else set()
            )
            check(settings, "third")


def test_updates_alone_will_do(settings, tmp_path, held, monkeypatch):
    monkeypatch.setattr(pushing, "ONCE", -1)
    monkeypatch.setattr(pushing, "PART", 2)
    target = Target(settings)
    target.graphs = None
    assert not target.push("fourth", pieces(tmp_path)[:1]).at_once
    assert len(target.push("fifth", pieces(tmp_path)).written) == 1
    assert set(held.quads()) == set(tiny.QUADS)


def test_a_push_that_breaks_off_is_known_and_goes_on(settings, tmp_path, held, monkeypatch):
    monkeypatch.setattr(pushing, "ONCE", -1)
    target, graphs = Target(settings), pieces(tmp_path)
    broken = [graphs[0]._replace(key="other"), graphs[1]._replace(key="other", files=(tmp_path / "missing.nq",))]
    monkeypatch.setattr(Piece, "size", 1)
    with pytest.raises(OSError, match="missing"):
        target.push("sixth", broken)
    for generation in ("first", "sixth"):
        with pytest.raises(BuildNeeded):
            check(settings, generation)
    done = Target(settings).push("seventh", [broken[0], graphs[1]])
    assert set(done.written) == {graph.graph for graph in graphs}  # the record lost both before anything was changed
    check(settings, "seventh")


def test_graphs_of_others_stay(settings, tmp_path, held):
    target = Target(settings)
    target._put("http://e/others", [b"<http://e/s> <http://e/p> <http://e/o> .\n"])
    target.push("eighth", pieces(tmp_path)[:1])
    assert held.ask("ASK { GRAPH <http://e/others> { ?s ?p ?o } }")
    assert "http://e/others" not in held.graphs()
    target._put("http://e/others", [])


def test_a_store_whose_default_graph_is_no_union_is_told_so(tmp_path):
    with engines.oxigraph() as found:
        made = engines.settings(tmp_path, {"store": found["store"].partition("?")[0]})
        Target(made).push("first", pieces(tmp_path))
        with pytest.raises(StoreError, match="union"):
            check(made, "first")
        check(engines.settings(tmp_path, found), "first")


def test_nobody_answers_and_no_password_is_shown(tmp_path):
    made = Settings(data=tmp_path, store=f"http://me:secret@127.0.0.1:{engines.free_port()}/query")
    with pytest.raises(StoreError, match="start it, or correct TANTU_STORE") as caught:
        check(made, "first")
    assert "secret" not in str(caught.value)
    with Pool(made.store, workers=1) as pool, pytest.raises(StoreError, match="does not answer") as caught:
        pool.run(Request("ASK {}"))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["here", "ftp://h/query", "http:///query", "http://h:x/query"])
def test_a_setting_that_is_no_url(url, tmp_path):
    with pytest.raises(SettingsError, match=r"TANTU_STORE|setting store"):
        check(Settings(data=tmp_path, store=url), "first")


def test_a_store_that_nobody_says_how_to_write_to(tmp_path):
    with pytest.raises(SettingsError, match="TANTU_STORE_UPDATE"):
        Target(Settings(data=tmp_path, store="http://127.0.0.1/sparql"))


class Strange(http.server.BaseHTTPRequestHandler):
    """Answers with the status and the body that the path names."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        status, media, length, body = STRANGE[self.path[1:]]
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(length or len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = length > len(body)

    def log_message(self, *said):
        pass


JSON = "application/sparql-results+json"
STRANGE = {
    "gave-up": (503, "text/plain", 0, b"too much"),
    "user": (401, "text/plain", 0, b""),
    "none": (404, "text/html", 0, b"<html>"),
    "html": (200, "text/html", 0, b"<html>"),
    "long": (413, "text/plain", 0, b""),
    "short": (
        200,
        JSON,
        999,
        b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri","value":"http://e/"}},',
    ),
    "open": (200, JSON, 0, b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri","value":"http://e/"}},'),
    "no-json": (200, JSON, 0, b"hello"),
}
EXPECTED = {
    "gave-up": (QueryTimeout, "gave up"),
    "user": (StoreError, "another user"),
    "none": (StoreError, "docs/scale.md"),
    "html": (StoreError, "text/html"),
    "long": (QueryTooLarge, "as long"),
    "short": (StoreError, "broke off"),
    "open": (StoreError, "broke off"),
    "no-json": (StoreError, "results"),
}


@pytest.fixture(scope="module")
def strange():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Strange) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.parametrize("name", STRANGE)
def test_answers_that_are_none(strange, name, tmp_path):
    error, said = EXPECTED[name]
    settings = Settings(data=tmp_path, store=f"{strange}/{name}")
    with stores.opened(settings, tmp_path) as found, pytest.raises(error, match=said):
        found.select("SELECT * { ?s ?p ?o }")


@pytest.mark.parametrize(
    ("name", "error"), [("gave-up", QueryTimeout), ("short", QueryUnsupported), ("user", StoreError)]
)
def test_answers_that_are_none_by_way_of_a_worker(strange, name, error):
    with Pool(f"{strange}/{name}", workers=1) as pool, pytest.raises(error, match=EXPECTED[name][1]):
        b"".join(pool.run(Request("SELECT * { ?s ?p ?o }")))
