import gzip
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from urllib.parse import quote

import httpx
import pytest
from rdflib import Graph, URIRef

from kg.settings import Settings
from tests import tiny
from web.serving import listen

JSON, DIRECT, FORM = "application/sparql-results+json", "application/sparql-query", "application/x-www-form-urlencoded"
ALL = "SELECT ?s ?o { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
SD = "http://www.w3.org/ns/sparql-service-description#"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tiny.build(tmp_path_factory.mktemp("protocol") / "store")
    made = tiny.TinyLibrary(folder, SETTINGS)
    yield made
    made.close()


SETTINGS = Settings(workers=2, query_seconds=4, query_memory=1024, query_length=500_000)


@pytest.fixture(scope="module")
def address(library):
    with tiny.serving(library, SETTINGS) as address:
        yield address


@pytest.fixture(scope="module")
def client(address):
    with tiny.client(address) as client:
        yield client


@pytest.fixture
def hasty(library, monkeypatch):
    """A query gets a second only."""
    monkeypatch.setattr(library.pool, "seconds", 1.0)


def get(client, query, accept=JSON, **parameters):
    return client.get("/sparql", params={"query": query, **parameters}, headers={"Accept": accept})


def rows(response):
    assert response.status_code == 200, response.text
    return response.json()["results"]["bindings"]


def test_three_ways_to_ask(client):
    asked = get(client, ALL)
    form = client.post("/sparql", data={"query": ALL}, headers={"Accept": JSON})
    direct = client.post("/sparql", content=ALL, headers={"Accept": JSON, "Content-Type": f"{DIRECT}; charset=UTF-8"})
    assert len(rows(asked)) == len(rows(form)) == len(rows(direct)) == len(tiny.QUADS)
    assert asked.headers["content-type"] == JSON
    assert asked.headers["content-length"]
    assert "Accept" in asked.headers["vary"]
    assert client.get("/sparql/", params={"query": "ASK {}"}).json()["boolean"] is True


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # its own, within its JSON-LD parser
@pytest.mark.parametrize("form", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"])
def test_graphs_in_any_form(client, form):
    response = get(client, CONSTRUCT, form)
    assert response.headers["content-type"].startswith(form)
    assert len(Graph().parse(data=response.content, format=form)) == len(tiny.QUADS)


@pytest.mark.parametrize("form", ["text/csv", "text/tab-separated-values", "application/sparql-results+xml"])
def test_solutions_in_any_form(client, form):
    response = get(client, "SELECT ?o { ?s ?p ?o FILTER(LANG(?o) = 'zh-hans') }", form)
    assert response.headers["content-type"].startswith(form)
    assert "电能利用效率" in response.text


def test_a_link_to_a_query_opens_in_the_editor_of_a_browser(client, hasty):
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    shown = get(client, ALL, accept=browser)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert shown.text.count("<tr>") == 1 + len(tiny.QUADS)
    wrong = get(client, "SELECT *\n{ ?s ", accept=browser)
    assert (wrong.status_code, 'data-line="2"' in wrong.text) == (400, True)
    slow = get(client, tiny.RUNAWAY, accept=browser)
    assert (slow.status_code, slow.headers["retry-after"]) == (503, "5")
    piece = client.post("/sparql/result", data={"query": ALL})
    assert piece.text.startswith('<div class="result"')


@pytest.mark.parametrize(
    ("format", "kinds"),
    [("csv", ("text/csv", "text/turtle")), ("XML", ("application/sparql-results+xml", "application/rdf+xml")),
     ("text/tab-separated-values", ("text/tab-separated-values", "text/turtle")), ("jsonld", (JSON, "application/ld+json")),
     ("no such format", ("text/csv", "text/turtle"))],
)  # fmt: skip
def test_a_link_can_name_the_format(client, format, kinds):
    found = [get(client, query, "text/csv, text/turtle, text/html", format=format) for query in (ALL, CONSTRUCT)]
    assert tuple(response.headers["content-type"].split(";")[0] for response in found) == kinds


def test_nobody_gets_a_406(client):
    assert get(client, CONSTRUCT, JSON).headers["content-type"].startswith("text/turtle")
    assert get(client, ALL, "image/png").headers["content-type"] == JSON


@pytest.mark.parametrize("name", ["", "graph", "/graph/a", "http://e/a b", "<http://e/>"])
def test_a_graph_that_no_iri_names_is_the_mistake_of_who_asks(client, name):
    for parameter in ("default-graph-uri", "named-graph-uri"):
        refused = get(client, ALL, **{parameter: name})
        assert (refused.status_code, "is no absolute IRI" in refused.text) == (400, True)


def test_dataset_of_the_request_stands_before_that_of_the_query(client):
    count = "SELECT (COUNT(*) AS ?n) FROM <http://e/none> { ?s ?p ?o }"
    assert rows(get(client, count))[0]["n"]["value"] == "0"
    assert rows(get(client, count, **{"default-graph-uri": str(tiny.ONTOLOGY)}))[0]["n"]["value"] == "3"
    both = f"default-graph-uri={quote(str(tiny.ONTOLOGY))}&default-graph-uri={quote(str(tiny.GRAPH))}"
    found = client.post(f"/sparql?{both}", content=ALL, headers={"Content-Type": DIRECT})
    assert len(rows(found)) == len(tiny.QUADS)
    named = f"SELECT ?g {{ GRAPH ?g {{ <{tiny.PUE}> ?p ?o }} }}"
    assert rows(get(client, named, **{"named-graph-uri": str(tiny.GRAPH)})) == []


def test_relative_iris_stand_under_the_endpoint(client, address):
    assert rows(get(client, "SELECT (<x> AS ?x) {}"))[0]["x"]["value"] == f"{address}/x"


def test_search_in_a_query(client, library):
    query = (
        "PREFIX search: <https://w3id.org/tantu/search#> PREFIX o: <https://w3id.org/tantu/o#> "
        'SELECT ?f ?v ?s { SERVICE search:facts { ?f search:query "数据中心能效" ; search:score ?s } ?f o:value ?v }'
    )
    assert [(row["f"]["value"], row["v"]["value"]) for row in rows(get(client, query))] == [(tiny.FACT.iri, "1.25")]
    assert library.searches[-1] == ("facts", "数据中心能效")


@pytest.mark.parametrize("accept", [JSON, "text/html,*/*;q=0.1"])
def test_explain(client, accept, hasty):
    query = (
        "PREFIX search: <https://w3id.org/tantu/search#> "
        'SELECT ?f ?s { SERVICE search:facts { ?f search:query "能效" ; search:score ?s ; search:limit 7 } }'
    )
    found = get(client, query, accept, explain="true")
    assert found.headers["content-type"] == "application/json"
    told = found.json()
    assert [(s["service"], s["text"], s["limit"], s["hits"]) for s in told["searches"]] == [
        ("search:facts", "能效", 7, 1)
    ]
    assert tiny.FACT.iri in told["rewritten"]
    assert told["evaluation"]["rows"] == 1
    assert client.post("/sparql", data={"query": query, "explain": "1"}).json()["searches"]
    assert rows(get(client, query, explain="false"))
    assert error(get(client, "SELECT", explain="true"), 400)["line"] == 1
    assert error(get(client, tiny.RUNAWAY, explain="true"), 503)["kind"] == "QueryTimeout"


def error(response, status):
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    return response.json()["error"]


def test_a_mistake_is_400_with_its_place(client):
    found = error(get(client, "SELECT * {\n  ?s ?p }"), 400)
    assert (found["kind"], found["line"], found["column"]) == ("QueryError", 2, 9)
    assert found["message"].startswith("line 2, column 9: ")
    assert found["remedy"]


@pytest.mark.parametrize(
    "query", ["LOAD <{}>", "SELECT * {{ SERVICE <{}> {{ ?s ?p ?o }} }}", "SELECT * {{ SERVICE SILENT <{}> {{}} }}"]
)
@pytest.mark.parametrize("way", ["get", "form", "direct", "explain", "browser", "editor"])
def test_nothing_is_fetched_for_anybody(client, query, way):
    with tiny.listener() as (elsewhere, heard):
        text = query.format(elsewhere)
        sent = {
            "get": lambda: get(client, text),
            "form": lambda: client.post("/sparql", data={"query": text}),
            "direct": lambda: client.post("/sparql", content=text, headers={"Content-Type": DIRECT}),
            "explain": lambda: get(client, text, explain="true"),
            "browser": lambda: get(client, text, "text/html"),
            "editor": lambda: client.post("/sparql/result", data={"query": text}),
        }[way]()
        assert heard == []
        if way in ("browser", "editor"):
            assert "refused" in sent.text
            return
        found = error(sent, 400 if "LOAD" in text and way != "explain" else 403)
        assert found["line"] == 1
        assert heard == []


def test_no_search_fetches_anything(client):
    with tiny.listener() as (elsewhere, heard):
        head = "PREFIX search: <https://w3id.org/tantu/search#>"
        foreign = f"SERVICE SILENT <{elsewhere}> {{ ?f ?p ?o }}"
        asks = f'search:query "{elsewhere}"'
        for inner in (
            f"{foreign} SERVICE search:facts {{ ?f {asks} }}",
            f"SERVICE search:facts {{ ?f {asks} }} {foreign}",
        ):
            assert error(get(client, f"{head} SELECT * {{ {inner} }}"), 403)
        assert rows(get(client, f"{head} SELECT * {{ SERVICE search:facts {{ ?f {asks} }} }}"))
        assert rows(get(client, f"{head} SELECT * {{ SERVICE search:facts {{ <{elsewhere}> {asks} }} }}")) in ([], [{}])
        get(client, f'{head} SELECT (search:similarity(<{elsewhere}>, "{elsewhere}") AS ?x) {{}}')
        get(client, f"{head} SELECT (<{elsewhere}>(1) AS ?x) {{}}")
        get(client, f"SELECT * {{ GRAPH <{elsewhere}> {{ ?s ?p ?o }} }}", **{"named-graph-uri": elsewhere})
        assert client.post("/sparql", data={"update": f"LOAD <{elsewhere}>"}).status_code == 403
        assert client.post("/sparql", data={"query": "ASK {}", "using-graph-uri": elsewhere}).status_code == 200
        assert heard == []


def test_from_fetches_nothing(client):
    with tiny.listener() as (elsewhere, heard):
        assert rows(get(client, f"SELECT * FROM <{elsewhere}> {{ ?s ?p ?o }}")) == []
        assert rows(get(client, ALL, **{"default-graph-uri": elsewhere})) == []
        assert rows(get(client, "SELECT * FROM <file:///etc/hostname> { ?s ?p ?o }")) == []
        assert heard == []


REFUSED = [
    ("POST", "", "update=CLEAR+ALL", FORM, 403),
    ("POST", "", "CLEAR ALL", "application/sparql-update", 403),
    ("GET", "?update=CLEAR+ALL", "", "", 403),
    ("GET", "?query=CLEAR+ALL", "", "", 400),
    ("POST", "", "query=INSERT+DATA+%7B%7D", FORM, 400),
    ("GET", "?query=ASK%7B%7D&query=ASK%7B%7D", "", "", 400),
    ("POST", "?query=ASK%7B%7D", "ASK {}", DIRECT, 400),
    ("POST", "", "x=1", FORM, 400),
    ("POST", "", "", "", 415),
    ("POST", "", "ASK {}", "text/plain", 415),
    ("POST", "", '{"query": "ASK {}"}', "application/json", 415),
    ("POST", "", "ASK {}", f"{DIRECT}; charset=latin-1", 415),
    ("POST", "", b"ASK { ?s ?p '\xff' }", DIRECT, 400),
    ("POST", "", "query=%FF%FE", FORM, 400),
    ("GET", "?query=%FF", "", "", 400),
    ("GET", "?" + "&".join("a=1" for _ in range(1001)), "", "", 400),
    ("GET", "?query=", "", "", 400),
    ("PUT", "", "ASK {}", DIRECT, 405),
    ("DELETE", "", "", "", 405),
    ("POST", "", "#" * 500_001, DIRECT, 413),
    ("POST", "", "#" * 5_000_000, DIRECT, 413),
]


@pytest.mark.parametrize(("method", "tail", "body", "kind", "status"), REFUSED, ids=range(len(REFUSED)))
def test_what_the_protocol_forbids(client, method, tail, body, kind, status):
    headers = {"Content-Type": kind} if kind else {}
    response = client.request(method, f"/sparql{tail}", content=body or None, headers=headers)
    found = error(response, status)
    assert found["message"]
    assert found["remedy"]
    assert "Traceback" not in response.text


def test_a_long_query_is_answered(client):
    values = " ".join(f'"{n:018}"' for n in range(20_000))
    query = f"SELECT ?v {{ VALUES ?v {{ {values} }} }}"
    assert len(rows(client.post("/sparql", data={"query": query}))) == 20_000


def test_a_runaway_query_is_a_503_and_others_go_on(client, hasty):
    began = time.monotonic()
    response = get(client, tiny.RUNAWAY)
    assert time.monotonic() - began < 15
    assert error(response, 503)["kind"] == "QueryTimeout"
    assert response.headers["retry-after"]
    assert get(client, "ASK {}").json()["boolean"] is True


def test_a_greedy_or_deep_query_is_a_503(client):
    deep = f"ASK {{ FILTER({'(' * 20_000}1{')' * 20_000}) }}"
    assert error(client.post("/sparql", data={"query": deep}), 503)["kind"] == "QueryTooLarge"
    assert get(client, "ASK {}").json()["boolean"] is True


def test_an_unknown_function_is_a_501(client):
    assert error(get(client, "SELECT (<http://e/f>(1) AS ?x) {}"), 501)["kind"] == "QueryUnsupported"


def test_a_result_that_cannot_be_completed_breaks_the_connection(client, hasty):
    with pytest.raises(httpx.RemoteProtocolError):
        get(client, tiny.ENDLESS)
    with pytest.raises(httpx.RemoteProtocolError):
        get(client, tiny.ENDLESS, "text/csv")
    assert len(rows(get(client, ALL))) == len(tiny.QUADS)


def test_somebody_who_hangs_up_frees_the_worker(client, library):
    for _ in range(2):
        before = set(library.pool.pids())
        with client.stream("GET", "/sparql", params={"query": tiny.ENDLESS}) as response:
            next(response.iter_raw())
        assert tiny.comes(lambda before=before: before - set(library.pool.pids()))
    assert len(library.pool.pids()) == 2
    assert get(client, "ASK {}").json()["boolean"] is True


def test_a_large_result_streams(client):
    values = " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(60)))} }}" for n in range(3))
    with client.stream(
        "GET", "/sparql", params={"query": f"SELECT * {{ {values} }}"}, headers={"Accept": "text/csv"}
    ) as response:
        assert "content-length" not in response.headers
        assert sum(1 for _ in response.iter_lines()) == 60**3 + 1


def test_head(client):
    response = client.head("/sparql", params={"query": ALL}, headers={"Accept": "text/csv"})
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-type"].startswith("text/csv")
    assert client.head("/sparql", params={"query": tiny.ENDLESS}).status_code == 200
    assert client.head("/sparql", params={"query": "SELECT"}).status_code == 400


@pytest.mark.parametrize("path", ["/api/health", "/metric/pue", "/openapi.json"])
def test_head_elsewhere(client, path):
    response = client.head(path)
    assert (response.status_code, response.content) == (200, b"")
    assert client.head("/metric/none").status_code == 404


def test_other_origins_may_ask(client):
    assert (
        client.get("/sparql", params={"query": "ASK {}"}, headers={"Origin": "http://e"}).headers[
            "access-control-allow-origin"
        ]
        == "*"
    )
    asked = {
        "Origin": "http://e",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    response = client.options("/sparql", headers=asked)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "*"


def test_gzip(client):
    response = client.get("/sparql", params={"query": ALL}, headers={"Accept-Encoding": "gzip"})
    assert response.headers["content-encoding"] == "gzip"
    with client.stream("GET", "/sparql", params={"query": ALL}, headers={"Accept-Encoding": "gzip"}) as raw:
        assert json.loads(gzip.decompress(b"".join(raw.iter_raw())))["results"]


@pytest.mark.parametrize("accept", ["text/turtle", "application/rdf+xml", "*/*"])
def test_the_service_describes_itself(client, address, accept):
    response = client.get("/sparql", headers={"Accept": accept})
    graph = Graph().parse(data=response.content, format=response.headers["content-type"].partition(";")[0])
    endpoint = URIRef(f"{address}/sparql")
    assert graph.value(endpoint, URIRef(f"{SD}endpoint")) == endpoint
    assert (endpoint, URIRef(f"{SD}extensionFunction"), URIRef("https://w3id.org/tantu/search#similarity")) in graph
    assert URIRef(f"{SD}SPARQL11Query") in set(graph.objects(endpoint, URIRef(f"{SD}supportedLanguage")))
    names = {str(name) for name in graph.objects(None, URIRef(f"{SD}name"))}
    assert names == {str(tiny.GRAPH), str(tiny.ONTOLOGY)}


def test_many_at_once(client):
    with ThreadPoolExecutor(24) as threads:
        found = list(threads.map(lambda _: get(client, ALL).status_code, range(96)))
    assert found == [200] * 96


def test_too_many_at_once_are_told_to_come_back(client, hasty, monkeypatch):
    monkeypatch.setattr("web.admission.MOST_WAITING", 2)
    results: list[int] = []
    threads = [threading.Thread(target=lambda: results.append(get(client, tiny.RUNAWAY).status_code)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(results) == {503}
    assert get(client, "ASK {}").json()["boolean"] is True


def test_one_client_has_so_many_queries(tmp_path):
    settings = Settings(workers=1, query_seconds=1, client_queries=2, query_rows=5)
    library = tiny.TinyLibrary(tiny.build(tmp_path / "store"), settings)
    with tiny.serving(library, settings) as address, tiny.client(address) as client, ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: get(client, tiny.RUNAWAY), range(6)))
        said = [error(answer, 503)["message"] for answer in answers]
        assert sum("2 queries of yours" in each for each in said) == 4
        assert all(answer.headers["retry-after"] for answer in answers)
        assert "more than 5 rows" in error(get(client, ALL), 503)["message"]
        assert len(rows(get(client, f"{ALL} LIMIT 5"))) == 5
    library.close()


def test_keeping_a_connection_costs_nothing(client):
    """Without TCP_NODELAY the second answer on a connection waits 40 ms for an acknowledgement."""
    times = [time.perf_counter()]
    for _ in range(25):
        get(client, "ASK {}")
        times.append(time.perf_counter())
    assert min(after - before for before, after in pairwise(times)) < 0.03


def test_the_server_s_own_socket_names_its_protocol():
    with listen("127.0.0.1", 0) as taken:
        assert taken.proto == socket.IPPROTO_TCP
