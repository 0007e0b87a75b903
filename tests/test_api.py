import csv
import io
import json
from typing import get_args

import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient
from rdflib import Graph, URIRef

from kg import errors, ids
from kg.model import FACT_KINDS
from kg.settings import Settings
from tests import tiny
from web import api, failures, metrics
from web.app import create_app

SETTINGS = Settings(workers=1, query_seconds=5, query_memory=1024)
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    library = tiny.TinyLibrary(tiny.build(tmp_path_factory.mktemp("api") / "store"), SETTINGS)
    with TestClient(create_app(SETTINGS, library), raise_server_exceptions=False) as client:
        yield client
    library.close()


def error(response, status):
    assert response.status_code == status, response.text
    return response.json()["error"]


def test_search(client):
    (found,) = client.get("/api/search", params={"q": "PUE 是多少", "k": 3}).json()["results"]
    assert found["report"] == "tiny-2023"
    assert found["text"] == tiny.TEXT[found["start"] : found["end"]]
    assert 0 <= found["score"] <= 1
    place = {"start": tiny.QUOTE.start, "end": tiny.QUOTE.start + 3}
    assert found["why"] == {
        "words": [{"text": "PUE", **place, "via": "PUE", "how": "same", "likeness": 1.0}],
        "concepts": [{"iri": tiny.PUE, "label": "PUE", "text": "PUE", **place}],
        "meaning": {"similarity": 0.6, "start": tiny.QUOTE.start, "end": len(tiny.TEXT)},
        "similarity": 0.7,
    }
    assert [tiny.TEXT[place["start"] : place["end"]] for place in found["highlights"]] == ["PUE为1.25"]


@pytest.mark.parametrize("path", ["/api/search", "/api/ask"])
@pytest.mark.parametrize("query", ["", "?q=", "?q=%20%20", "?q=" + "a" * 10_000])
def test_a_question_that_cannot_be_is_a_clear_422(client, path, query, monkeypatch):
    monkeypatch.setattr(tiny.TinyLibrary, "ask", tiny.TinyLibrary.search, raising=False)
    found = error(client.get(path + query), 422)
    assert "question" in found["message"] or "q: field required" in found["message"]
    assert found["remedy"]


@pytest.mark.parametrize(
    ("parameters", "said"),
    [({"k": 0}, "k:"), ({"k": 101}, "k:"), ({"k": "x"}, "k:"), ({"year": 99}, "year:"), ({"type": "rumour"}, "type:")],
)
def test_parameters_have_bounds(client, parameters, said):
    assert said in error(client.get("/api/search", params={"q": "PUE", **parameters}), 422)["message"]


def test_companies_by_iri_or_name(client):
    for name in ("tiny", tiny.COMPANY, "小公司", "小公司 "):
        assert client.get("/api/search", params={"q": "PUE", "company": name}).status_code == 200
    found = error(client.get("/api/search", params={"q": "PUE", "company": "tinny"}), 400)
    assert found["nearest"] == ["tiny"]


@pytest.mark.parametrize(
    ("parameters", "field", "chosen"),
    [
        ({"technology": "冷却"}, "technologies", {tiny.COOLING, tiny.LIQUID}),
        ({"technology": "Liquid Cooling"}, "technologies", {tiny.LIQUID}),
        ({"technology": tiny.LIQUID}, "technologies", {tiny.LIQUID}),
        ({"risk": "floods"}, "risks", {tiny.FLOODS}),
        ({"report": "tiny-2023"}, "reports", {"tiny-2023"}),
        ({"year": 2023}, "years", {2023}),
        ({"company": "小公司"}, "companies", {tiny.COMPANY}),
        ({"type": "risk"}, "kinds", {"risk"}),
    ],
)
def test_filters_reach_the_search(client, parameters, field, chosen):
    assert client.get("/api/search", params={"q": "PUE", **parameters}).status_code == 200
    where = client.app.state.library.wheres[-1]
    assert getattr(where, field) == chosen
    assert where.candidates is None


@pytest.mark.parametrize(
    ("parameters", "near"),
    [
        ({"technology": "liquid colling"}, "liquid cooling"),
        ({"risk": "flod"}, "floods"),
        ({"risk": "liquid"}, "floods"),  # a technology is no risk
        ({"report": "tiny-2032"}, "tiny-2023"),
    ],
)
def test_an_unknown_filter_names_value_nearest_and_remedy(client, parameters, near):
    found = error(client.get("/api/search", params={"q": "PUE", **parameters}), 400)
    assert next(iter(parameters.values())) in found["message"]
    assert near in found["nearest"]
    assert "/api/filters" in found["remedy"]


def test_the_values_of_filters_are_listed_with_their_labels(client):
    found = client.get("/api/filters").json()
    assert found["technology"][0] == {"value": tiny.COOLING, "labels": {"en": "cooling", "zh-Hant": "冷卻"}}
    assert found["year"] == [{"value": 2023, "labels": {}}]
    for name, choices in found.items():
        for choice in choices:
            assert client.get("/api/search", params={"q": "PUE", name: choice["value"]}).status_code == 200


def test_facts_as_lines(client):
    response = client.get("/api/facts")
    assert response.headers["content-type"] == "application/x-ndjson"
    (line,) = [json.loads(line) for line in response.text.splitlines()]
    assert line["quote"] == tiny.TEXT[line["start"] : line["end"]] == "PUE为1.25"
    assert client.get("/api/facts", params={"report": "tiny-2023", "year": 2023, "type": "observation"}).text
    assert not client.get("/api/facts", params={"year": 2022}).text
    assert not client.get("/api/facts", params={"type": "risk"}).text
    assert error(client.get("/api/facts", params={"report": "tiny-2032"}), 404)["nearest"] == ["tiny-2023"]


def test_facts_as_tables(client):
    (row,) = csv.DictReader(io.StringIO(client.get("/api/facts?format=csv").text))
    assert (row["value"], row["unit"], row["year"]) == ("1.25", "ratio", "2023")
    table = pq.read_table(io.BytesIO(client.get("/api/facts?format=parquet").content))
    assert table.num_rows == 1
    assert error(client.get("/api/facts?format=xls"), 422)["message"].startswith("format:")


def test_reports(client):
    (line,) = client.get("/api/reports").json()["reports"]
    assert (line["id"], line["characters"], line["fact_count"]) == ("tiny-2023", len(tiny.TEXT), 1)
    whole = client.get("/api/reports/tiny-2023").json()
    assert whole["text"] == tiny.TEXT
    assert whole["facts"][0]["iri"] == tiny.FACT.iri
    assert error(client.get("/api/reports/tiny"), 404)["nearest"] == ["tiny-2023"]


def test_health(client, monkeypatch):
    assert client.get("/api/health").json()["status"] == "ok"
    monkeypatch.setattr(tiny.TinyLibrary, "health", lambda self: {"status": "failing"})
    assert client.get("/api/health").status_code == 503


def test_unknown_addresses_and_methods(client):
    assert error(client.get("/api/nothing"), 404)["remedy"]
    response = client.post("/api/search")
    assert error(response, 405)["remedy"]
    assert "GET" in response.headers["allow"]


def test_browsers_get_a_page(client, monkeypatch):
    from fastapi.responses import HTMLResponse

    monkeypatch.setattr(
        "web.explanations.render_failure", lambda request, status, error: HTMLResponse(str(error), status)
    )
    response = client.get("/fact/none", headers=BROWSER)
    assert (response.status_code, response.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert client.get("/api/reports/none", headers=BROWSER).headers["content-type"] == "application/json"


def test_an_error_of_ours_shows_nothing_of_the_inside(client, monkeypatch):
    monkeypatch.setattr(tiny.TinyFacts, "where", lambda self, **names: 1 / 0)
    response = client.get("/api/facts")
    assert error(response, 500)["message"] == "Internal Server Error"
    assert "division" not in response.text


IRIS = ["/fact/tiny-2023-0000000001", "/metric/pue", "/doc/tiny-2023", "/o", "/graph/tiny-2023"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@pytest.mark.parametrize("form", ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"])
@pytest.mark.parametrize("path", IRIS)
def test_iris_answer_with_rdf(client, path, form):
    response = client.get(path, headers={"Accept": form})
    assert response.headers["content-type"].startswith(form)
    assert "Accept" in response.headers["vary"]
    assert len(Graph().parse(data=response.text, format=form)) > 0


def test_what_iris_say(client):
    fact = Graph().parse(data=client.get("/fact/tiny-2023-0000000001").text)
    assert {str(subject) for subject in fact.subjects()} == {tiny.FACT.iri}
    places = Graph().parse(data=client.get("/doc/tiny-2023").text)
    assert {str(subject) for subject in places.subjects()} == {tiny.REPORT.iri, f"{tiny.REPORT.iri}#offset_1_2"}
    terms = Graph().parse(data=client.get("/o?format=nt").text, format="nt")
    assert URIRef(f"{ids.ONTOLOGY}Observation") in set(terms.subjects())


def test_browsers_are_sent_to_the_reader_and_the_ontology(client):
    for path, target in {
        "/doc/tiny-2023": "/reports/tiny-2023",
        "/graph/tiny-2023": "/reports/tiny-2023",
        "/graph/ontology": "/ontology",
        "/o": "/ontology",
    }.items():
        response = client.get(path, headers=BROWSER, follow_redirects=False)
        assert (response.status_code, response.headers["location"]) == (303, target)


@pytest.mark.parametrize(
    ("path", "nearest"),
    [("/fact/tiny-2023-999", "tiny-2023-0000000001"), ("/doc/tiny-2032", "tiny-2023"), ("/metric/puee", tiny.PUE),
     ("/unit/none", None), ("/period/1066", None), ("/graph/none", None), ("/technology/a%3Eb%20%22c", None)],
)  # fmt: skip
def test_unknown_iris(client, path, nearest):
    found = error(client.get(path), 404)
    assert found["nearest"] == ([nearest] if nearest else [])


def test_an_unknown_format(client):
    assert "turtle" in error(client.get("/metric/pue?format=pdf"), 400)["message"]


def test_openapi_has_real_schemas(client):
    found = client.get("/openapi.json").json()
    for path in ("/api/search", "/api/ask", "/api/facts", "/api/reports", "/api/health", "/sparql", "/fact/{name}"):
        assert path in found["paths"]
    reference = found["paths"]["/api/ask"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    fields = found["components"]["schemas"][reference.rpartition("/")[2]]["properties"]
    assert {"answered", "text", "values", "items", "facts", "citations", "sparql", "understanding"} <= set(fields)
    assert set(found["paths"]["/sparql"]) == {"get", "post"}
    assert "Failure" in found["components"]["schemas"]


def test_the_kinds_of_the_interface_are_those_of_the_model():
    assert set(get_args(api.Kind)) == {kind.kind for kind in FACT_KINDS}
    assert set(get_args(api.Findable)) == {"passage", *get_args(api.Kind)}


def test_no_page_needs_a_cdn(client):
    assert client.get("/docs").status_code == client.get("/redoc").status_code == 404


def every_error(kind=errors.KgError):
    yield kind
    for child in kind.__subclasses__():
        yield from every_error(child)


@pytest.mark.parametrize("kind", list(every_error()), ids=lambda kind: kind.__name__)
def test_every_error_has_a_status_and_a_remedy(kind):
    missing = ("report", "x")
    arguments = {errors.NotFound: missing, errors.UnknownFilter: missing, failures.RequestError: (400, "x")}.get(
        kind, ("x",)
    )
    found = failures.body(kind(*arguments))["error"]
    assert 400 <= failures.verdict(kind(*arguments)).status < 600
    assert found["message"]
    assert found["remedy"]


def test_the_app_opens_and_closes_the_library_itself(monkeypatch, tmp_path):
    library = tiny.TinyLibrary(tiny.build(tmp_path / "store"), SETTINGS)
    monkeypatch.setattr("web.app.Library.open", lambda settings: library)
    with TestClient(create_app(SETTINGS)) as client:
        assert client.get("/api/health").status_code == 200
        pids = library.pool.pids()
    assert all(tiny.gone(pid) for pid in pids)


def test_metrics_count_requests_by_route_and_say_what_is_there(client):
    client.get("/api/search", params={"q": "PUE"})
    client.get("/nothing/here")
    found = client.get("/metrics")
    assert found.headers["content-type"].startswith("text/plain")
    assert 'tantu_request_seconds_count{method="GET",route="/api/search",status="200"}' in found.text
    assert 'route="other",status="404"' in found.text
    assert "tantu_query_workers 1.0" in found.text


def test_the_log_has_a_line_of_json_for_each_request_without_what_was_asked(client, capsys):
    metrics.set_up_logs("json")
    client.get("/api/search", params={"q": "a secret"})
    metrics.set_up_logs("warnings")
    said = json.loads(capsys.readouterr().err)
    assert (said["level"], said["method"], said["path"], said["status"]) == ("info", "GET", "/api/search", 200)
    assert "secret" not in str(said)
