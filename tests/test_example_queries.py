"""The example queries: each finds something in the seeds, all are served, and what one lacks is named."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import time

import pytest
from rdflib import Graph
from starlette.testclient import TestClient

from kg.checks import queries
from kg.checks.sources import Sources
from kg.settings import Settings, resource
from kg.terms import PREFIXES
from web.app import create_app
from web.examples import GRAPH, read, themes
from web.names import Names
from web.words import LANGUAGES

SOURCES = Sources(resource("ontology"))
QUERIES = queries.queries(SOURCES)
SECONDS = 2  # of the machine that runs the tests, with others at work on it
SEARCHES = re.compile(r"SERVICE search:(\w+)|search:(similarity)")


@pytest.fixture
def folder(tmp_path):
    """A copy of the ontology to spoil."""
    shutil.copytree(SOURCES.folder, tmp_path / "ontology")
    return tmp_path / "ontology"


def timed(library, query: str) -> tuple[tuple[str, str], float]:
    """Return the media type and the text of a result, and the seconds that it took."""
    began = time.monotonic()
    media, result = library.sparql.run(query, ("text/csv", "text/turtle"))
    return (media, b"".join(result).decode("utf-8")), time.monotonic() - began


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.iri.rpartition("/")[2])
def test_it_finds_something_in_time(library, query):
    (media, found), took = timed(library, query.text)
    if took >= SECONDS:  # the first question of a kind loads what it needs, and others may be at work here
        (media, found), took = timed(library, query.text)
    assert took < SECONDS
    if query.form == "ASK":
        assert found.strip() == "true"
    elif query.form == "SELECT":
        head, *rows = csv.reader(io.StringIO(found))
        assert rows
        assert set(head) <= set(re.findall(r"[?](\w+)", query.text.split("WHERE")[0]))
        assert all(any(row[column] for row in rows) for column in range(len(head))), "a column without a value"
    else:
        assert media.startswith("text/turtle")
        assert len(Graph().parse(data=found, format="turtle")) > 5


def test_they_show_what_there_is():
    assert len(QUERIES) >= queries.LEAST
    assert {query.form for query in QUERIES} == {"SELECT", "CONSTRUCT", "ASK", "DESCRIBE"}
    searches = [name for query in QUERIES for pair in SEARCHES.findall(query.text) for name in pair if name]
    assert set(searches) == {"passages", "facts", "concepts", "similarity"}
    searching = "\n".join(query.text for query in QUERIES if "SERVICE" in query.text)
    assert all(
        word in searching for word in ("OPTIONAL", "UNION", "CONSTRUCT", "ORDER BY DESC(?score)", "{\n    SELECT")
    )


def test_their_titles_tell_them_apart():
    titles = [str(title) for query in QUERIES for title in query.said[f"{PREFIXES['rdfs']}comment"]]
    # One text may be right in both scripts.
    assert len(set(titles)) > 2.8 * len(QUERIES)


def test_the_prefixes_are_those_of_the_editor():
    declared = SOURCES.store.select(
        f"PREFIX sh: <{PREFIXES['sh']}> SELECT ?p ?n {{ GRAPH ?g {{ ?d sh:prefix ?p ; sh:namespace ?n }} }}"
    )
    assert {str(row["p"]): str(row["n"]) for row in declared} == PREFIXES


def test_the_editor_gets_them_by_theme_in_each_language(library):
    known = read(library.store)
    shown = {language: themes(known, Names(library.vocabulary, language)) for language in LANGUAGES}
    for language, found in shown.items():
        assert sum(len(theme.examples) for theme in found) == len(QUERIES)
        named = [*(theme.title for theme in found), *(example.title for theme in found for example in theme.examples)]
        assert {phrase.language for phrase in named} == {language}
    assert [theme.name for theme in shown["en"]][:2] == ["first-steps", "numbers"]


def test_other_editors_find_them_by_query(library):
    # As sib-swiss/sparql-editor asks any endpoint for its examples and prefixes.
    asked = (
        "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        "SELECT DISTINCT ?sq ?comment ?query { ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ; "
        "sh:select|sh:ask|sh:construct|sh:describe ?query } ORDER BY ?sq"
    )
    found = {str(row["sq"]) for row in library.store.select(asked)}
    assert found == {query.iri for query in QUERIES if query.form != "DESCRIBE"}


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # its own, within its JSON-LD parser
def test_they_are_served_as_rdf(library, data_folder):
    with TestClient(create_app(Settings(data=data_folder), library), follow_redirects=False) as client:
        for media in ("text/turtle", "application/ld+json"):
            answer = client.get("/sparql/examples", headers={"Accept": media})
            graph = Graph().parse(data=answer.text, format=media)
            asked = f"SELECT ?q {{ ?q a <{PREFIXES['sh']}SPARQLExecutable> }}"
            assert {str(row.q) for row in graph.query(asked)} == {query.iri for query in QUERIES}
        to_page = client.get("/sparql/examples", headers={"Accept": "text/html"})
        assert (to_page.status_code, to_page.headers["location"]) == (303, "/sparql#examples")
        one = client.get("/example/pue", headers={"Accept": "application/ld+json"})
        assert "power" not in one.text
        assert any("select" in key for node in json.loads(one.text) for key in node)
        described = Graph().parse(data=client.get("/sparql", headers={"Accept": "text/turtle"}).text, format="turtle")
        assert GRAPH in {str(value) for value in described.objects()}


def found(folder) -> list[str]:
    """What the check says of a folder."""
    return [f"{finding.term}: {finding.problem}" for finding in queries.check(Sources(folder))]


def test_the_queries_of_the_ontology_pass():
    assert found(SOURCES.folder) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"Every PUE, with its site and year"@en', '"Every PUE"@zh-Hans', "ex:pue: has 2 titles @zh-Hans"),
        ("schema:about ex:theme-energy ; sh:order 1", "schema:about ex:themes ; sh:order 1", "ex:pue: has no theme"),
        ("schema:about ex:theme-energy ; sh:order 1", "schema:about ex:theme-energy", "ex:pue: has no place"),
        ("ORDER BY ?pue\n", "ORDER BY\n", "ex:pue: cannot be parsed: "),
        ("o:form c:level ; o:company ?company ; o:subjectText", "o:form q:level ; o:subjectText", "the prefix q:"),
    ],
)
def test_what_an_example_lacks_is_named(folder, old, new, said):
    path = folder / "examples" / "energy.ttl"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    assert any(said in line for line in found(folder))


def test_examples_are_not_lost_in_silence(folder):
    for path in (folder / "examples").glob("[a-m]*.ttl"):
        path.unlink()
    assert any("there are at least 30" in line for line in found(folder))
    for path in (folder / "examples").glob("*.ttl"):
        path.unlink()
    assert found(folder) == []
