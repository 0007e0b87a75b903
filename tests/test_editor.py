"""The editor's page as HTML: rows with labels and links, charts with words, downloads, whatever a query gives."""

from __future__ import annotations

import re
from xml.etree.ElementTree import fromstring

import pytest
from starlette.testclient import TestClient

from kg.settings import Settings
from kg.terms import PREFIXES
from web.app import create_app
from web.results import Body, solutions
from web.words import LANGUAGES, words_for

DECLARED = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items())


@pytest.fixture(scope="module")
def client(library, data_folder):
    with TestClient(create_app(Settings(data=data_folder), library), headers={"Accept": "text/html"}) as client:
        yield client


def shown(client, query: str, status: int = 200, **parameters: str) -> str:
    """The result's part of the page of a query."""
    answer = client.get("/sparql", params={"query": DECLARED + query, "ui": "en", **parameters})
    assert answer.status_code == status
    return answer.text.partition('<section id="result"')[2].partition("</section>")[0]


@pytest.mark.parametrize(
    ("ui", "label"), [("zh-Hans", "综合能耗"), ("zh-Hant", "綜合能耗"), ("en", "total energy consumption")]
)
def test_labels_stand_beside_iris_in_the_language_of_the_page(client, ui, label):
    html = shown(client, "SELECT ?m { VALUES ?m { m:energy-consumption } }", ui=ui)
    assert f'<a href="/metric/energy-consumption"><span lang="{ui}">{label}</span></a>' in html
    assert "<code>m:energy-consumption</code>" in html


@pytest.mark.parametrize(
    ("ui", "said"), [("zh-Hans", "查询有误"), ("zh-Hant", "查詢有誤"), ("en", "The query cannot be read")]
)
def test_a_wrong_query_is_explained_in_the_language_of_the_page(client, ui, said):
    for html in (
        shown(client, "SELECT ?m {", 400, ui=ui),
        client.get("/panel", params={"sparql": "SELECT ?m {", "ui": ui}).text,
    ):
        problem = html.partition('class="problem"')[2]
        assert said in problem
        assert 'class="remedy"' in problem


def test_a_chart_is_kept_as_a_drawing(client):
    query = "SELECT ?m ?n { VALUES (?m ?n) { ('wind' 1) ('solar' 20) } }"
    assert 'href="/sparql/chart.svg?query=' in shown(client, query)
    years = "SELECT ?y ?n { VALUES (?y ?n) { ('2020'^^xsd:gYear 1) ('2023'^^xsd:gYear 20) } }"
    for asked, word in ((query, "solar"), (years, "2023")):
        answer = client.get("/sparql/chart.svg", params={"query": DECLARED + asked})
        assert answer.headers["content-type"] == "image/svg+xml"
        assert word in fromstring(answer.text).itertext()
    assert client.get("/sparql/chart.svg", params={"query": "ASK {}"}).status_code == 404


def test_facts_and_passages_lead_to_the_reader(client, library):
    fact = next(fact for fact in library.facts("mobile-2023") if fact.kind == "target")
    html = shown(client, f"SELECT ?f ?s ?p {{ VALUES ?f {{ <{fact.iri}> }} ?f o:quoteSpan ?s ; o:passage ?p }}")
    place = f"/reports/mobile-2023?start={fact.quote.start}&amp;end={fact.quote.end}#char"
    assert re.search(rf'href="{re.escape(place)}[^"]*">Open</a>', html), "beside the fact"
    assert html.count(place) == 2, "and of the span itself"
    assert len(re.findall(r'href="/reports/mobile-2023\?start=\d+&amp;end=\d+#char', html)) == 3
    assert f'href="/fact/{fact.iri.rpartition("/")[2]}"' in html


def test_a_chart_says_in_words_what_it_shows(client):
    query = "SELECT ?company (COUNT(?f) AS ?n) { ?f a o:Target ; o:company ?company } GROUP BY ?company"
    html = shown(client, query)
    assert re.search(r"Bar chart of n by company: \d bars, from \d+ \([\w ]+\) to \d+ \([\w ]+\)", html)
    assert html.count('class="mark"') == html.count("<tr>") - 1
    dated = shown(client, "SELECT ?year (COUNT(?f) AS ?n) { ?f a o:Target ; o:year ?year } GROUP BY ?year")
    assert "Line chart of n by year" in dated
    assert dated.count("<circle") == dated.count("<tr>") - 1
    assert "<details" not in shown(client, "SELECT ?m { ?m a o:Metric } LIMIT 5")


def test_the_columns_of_a_chart_can_be_chosen(client):
    query = "SELECT ?a ?b ?n { VALUES (?a ?b ?n) { ('x' 'p' 1) ('y' 'q' 2) ('y' 'p' 3) } }"
    assert "Bar chart of n by b" in shown(client, query, x="b", by="a")
    assert "<option selected>b</option>" in shown(client, query, x="b")


@pytest.mark.parametrize(
    ("query", "said", "formats"),
    [
        ("ASK { ?f a o:Target }", '<p class="truth" lang="en">true</p>', ["JSON", "XML"]),
        ("DESCRIBE m:pue", "skos:prefLabel", ["Turtle", "N-Triples", "JSON-LD", "RDF/XML"]),
        ("SELECT ?f { ?f a o:Target } LIMIT 0", "No row fits.", ["CSV", "TSV", "JSON", "XML"]),
        ("SELECT ?x { VALUES ?x { UNDEF } }", "1 row", ["CSV", "TSV", "JSON", "XML"]),
        ("SELECT ?x { VALUES ?x { '<b>&' } }", "&lt;b&gt;&amp;", ["CSV", "TSV", "JSON", "XML"]),
    ],
)
def test_each_form_of_a_query_is_shown_and_can_be_downloaded(client, query, said, formats):
    html = shown(client, query)
    assert said in html
    links = re.findall(r'<a href="([^"]+)" download lang="en">([^<]+)</a>', html)
    assert [name for _, name in links] == formats
    for address, _ in links:
        assert client.get(address.replace("&amp;", "&")).headers["content-type"].split(";")[0] != "text/html"


def test_a_long_result_is_shown_by_its_beginning(client):
    html = shown(client, "SELECT ?a ?p ?o { ?s ?p ?o . ?a ?b ?c } LIMIT 90000")
    assert html.count("<tr>") == 501
    assert "A long result: the first 500 rows." in html
    graph = shown(client, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }")
    assert "(its beginning)" in graph


def test_a_result_that_breaks_off_gives_the_rows_before():
    text = '{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"literal","value":"}},{"}},{"a":{"ty'
    found = solutions(Body("application/sparql-results+json", text.encode(), False))
    assert [row["a"]["value"] for row in found.rows] == ["}},{"]
    assert found.more is None


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("SELECT * { ?s ?p", 400, "Line 1"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 403, "neither fetches nor changes"),
        ("INSERT DATA { <a:b> <a:b> <a:b> }", 403, "this endpoint is read-only"),
        ("SELECT * { SERVICE search:facts { ?f search:no 'x' } }", 400, "search:no"),
    ],
)
def test_what_is_wrong_stands_below_the_query(client, query, status, said):
    assert said in shown(client, query, status)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_lists_the_examples_by_theme(client, language):
    html = client.get("/sparql", params={"ui": language}).text
    assert html.count("data-example ") >= 30
    assert html.count('class="theme-of-queries"') >= 10
    assert words_for(language)("editor.examples") in html
    assert html.count('aria-current="true" ') <= 2


def test_an_example_is_found_again_by_its_query(client, library):
    (row,) = library.store.select(f"SELECT ?q {{ <{PREFIXES['ex']}pue> <{PREFIXES['sh']}select> ?q }}")
    html = client.get("/sparql", params={"query": str(row["q"]), "ui": "en"}).text
    assert re.search(r'aria-current="true">Every PUE', html)
