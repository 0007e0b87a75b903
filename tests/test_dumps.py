"""The whole graph as a file: the same bytes each time, nothing sent twice, described where RDF clients look."""

import gzip
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef

from kg.dumps import BATCH, FORMS, dump
from kg.errors import StoreError
from kg.pieces import GRAPH, Joined, write_graph
from kg.settings import Settings
from kg.terms import IRI, Quad, text
from tests import tiny
from web import cli
from web.description import DCAT, DCTERMS, MEDIA, VOID
from web.dumps import modified

SETTINGS = Settings(workers=1, query_memory=1024)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    made = tiny.TinyLibrary(tiny.build(tmp_path_factory.mktemp("dumps") / "store"), SETTINGS)
    yield made
    made.close()


@pytest.fixture(scope="module")
def client(library):
    with tiny.serving(library, SETTINGS) as address, tiny.client(address) as client:
        yield client


def test_the_quads_are_those_of_the_graph(client, library):
    sent = client.get("/dump.nq.gz")
    assert sent.headers["content-type"] == "application/gzip"
    assert sent.headers["content-disposition"] == 'attachment; filename="tantu.nq.gz"'
    assert gzip.decompress(sent.content) == library.store.dump()
    assert sent.content[4:8] == bytes(4), "a time in the file makes two dumps of one graph differ"
    assert client.get("/dump.nq.gz").content == sent.content


def test_turtle_says_the_same(client, library):
    trig, ttl = (client.get(f"/dump.{form}").content for form in ("trig", "ttl"))
    quads = set(ox.parse(library.store.dump(), ox.RdfFormat.N_QUADS))
    assert set(ox.parse(trig, ox.RdfFormat.TRIG)) == quads
    assert {quad.triple for quad in ox.parse(ttl, ox.RdfFormat.TURTLE)} == {quad.triple for quad in quads}


def test_a_graph_of_several_pieces_has_its_prefixes_once(tmp_path):
    names = [IRI(f"https://w3id.org/tantu/fact/{n:05}") for n in range(BATCH + 1)]
    quads = [Quad(name, tiny.LABEL, text("一\n@prefix x"), tiny.GRAPH) for name in names]
    write_graph(tmp_path, "".join(f"{quad.nquads}\n" for quad in quads).encode())
    for form in FORMS:
        parts = list(dump(tmp_path, form))
        assert parts == list(dump(tmp_path, form))
    whole = b"".join(dump(tmp_path, "trig"))
    assert whole.count(b"\n@prefix o: ") + whole.startswith(b"@prefix o: ") == 1
    assert len(set(ox.parse(whole, ox.RdfFormat.TRIG))) == BATCH + 1


def test_nothing_is_sent_twice(client):
    first = client.get("/dump.ttl")
    again = client.get("/dump.ttl", headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert client.get("/dump.ttl", headers={"If-None-Match": '"other"'}).status_code == 200


def test_head_makes_no_dump(client, monkeypatch):
    monkeypatch.setattr("web.dumps.dump", lambda *_: pytest.fail("a dump was made for HEAD"))
    head = client.head("/dump.ttl")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"].startswith('W/"')
    assert "text/turtle" in head.headers["content-type"]


def test_another_site_may_read_it(client):
    headers = client.get("/dump.ttl", headers={"Origin": "http://example.org"}).headers
    assert headers["access-control-allow-origin"] == "*"
    assert "ETag" in headers["access-control-expose-headers"]


def test_an_unknown_form_is_told_the_known_ones(client):
    sent = client.get("/dump.nt")
    assert sent.status_code == 404
    assert "dump.nq.gz" in sent.json()["error"]["nearest"]


def test_a_generation_that_is_gone(tmp_path):
    with pytest.raises(StoreError, match="run `tantu build`"):
        dump(tmp_path, "ttl")
    with pytest.raises(StoreError, match="run `tantu build`"):
        modified(tmp_path)


def test_the_command_line_writes_one(data_folder, tmp_path, capsys):
    file = tmp_path / "all.nq.gz"
    assert cli.main(["dump", str(file), "--data", str(data_folder)]) == cli.DONE
    generation = data_folder / "generations" / (data_folder / "current").read_text("utf-8").strip()
    with Joined(generation / GRAPH) as graph:
        assert gzip.decompress(file.read_bytes()) == graph.read()
    assert cli.main(["dump", str(tmp_path / "all.nt")]) == cli.REFUSED
    assert ".nq.gz, .trig, .ttl" in capsys.readouterr().err


@pytest.mark.parametrize("path", ["/sparql", "/.well-known/void"])
def test_the_description_leads_to_the_dumps(client, path):
    graph = Graph().parse(data=client.get(path, headers={"Accept": "text/turtle"}).text)
    endpoint = URIRef(f"{client.base_url}/sparql")
    this = URIRef(f"{endpoint}#dataset")
    assert (this, URIRef(f"{VOID}sparqlEndpoint"), endpoint) in graph
    dumps = {urlsplit(str(found)).path for found in graph.objects(this, URIRef(f"{VOID}dataDump"))}
    assert dumps == {f"/dump.{form}" for form in FORMS}
    assert all(client.head(path).status_code == 200 for path in dumps)
    files = list(graph.objects(this, URIRef(f"{DCAT}distribution")))
    assert len(files) == len(FORMS)
    for file in files:
        assert str(graph.value(file, URIRef(f"{DCAT}mediaType"))).startswith(MEDIA)
        assert graph.value(file, URIRef(f"{DCTERMS}license"))
    assert graph.value(this, URIRef(f"{DCTERMS}modified")).toPython().tzinfo
