"""What a language model gets: short, typed, with names that the next call understands, and mistakes that it can mend."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import NotFound, QueryError, UnknownFilter
from kg.settings import Settings
from web.tools import LONGEST, Tools, iri_of, name_of, told

PUE_FACTS = (
    "SELECT ?fact ?value ?quote { ?fact o:metric m:pue ; qudt:numericValue ?value ; o:quoteSpan/nif:anchorOf ?quote }"
)


@pytest.fixture(scope="module")
def tools(library):
    return Tools(library)


@given(st.from_regex(r"https?://[a-z]{1,8}\.org/[\w#/-]{0,12}", fullmatch=True))
def test_a_name_stands_for_its_iri(iri):
    assert iri_of(name_of(iri)) == iri


def test_names_of_results_are_understood(tools, library):
    table = tools.sparql(PUE_FACTS, 3)
    assert table.columns == ["fact", "value", "quote"]
    for fact, value, quote in table.rows:
        described = tools.describe(fact)
        assert described.fact["quote"] == quote
        assert described.properties["qudt:numericValue"] == [value]
        assert tools.sparql(f"ASK {{ {fact} o:metric m:pue }}").rows == [[True]]


def test_a_hit_is_described_by_its_name(tools):
    (hit,) = tools.search("storms and floods", limit=1, kind="risk").hits
    fact = tools.describe(hit.name).fact
    assert (fact["report"], fact["start"], fact["end"], fact["quote"]) == (hit.report, hit.start, hit.end, hit.text)


@pytest.mark.parametrize(
    ("query", "columns", "rows"),
    [
        ("SELECT ?x ?y { VALUES (?x ?y) { (1 UNDEF) } }", ["x", "y"], [[1, None]]),
        ("PREFIX o: <http://e/> SELECT (o:a AS ?x) {}", ["x"], [["<http://e/a>"]]),
        ('SELECT ("a\\tb\\nc"@en AS ?x) {}', ["x"], [["a\tb\nc"]]),
        ("ASK { m:pue a o:Metric }", ["answer"], [[True]]),
        ("SELECT ?x { ?x a o:Nothing }", ["x"], []),
        ('CONSTRUCT { m:pue o:x "a\\tb c"@en } {}', ["subject", "predicate", "object"], [["m:pue", "o:x", "a\tb c"]]),
    ],
)
def test_tables(tools, query, columns, rows):
    table = tools.sparql(query)
    assert (table.columns, table.rows, table.more) == (columns, rows, False)


def test_nothing_is_long(library, monkeypatch):
    few = Tools(library)
    monkeypatch.setattr(library, "settings", Settings(data=library.settings.data, tool_rows=3))
    table = few.sparql("SELECT * { ?s ?p ?o }", 1000)
    assert (len(table.rows), table.more) == (3, True)
    assert len(few.search("energy", 50).hits) == 3
    assert max(map(len, few.describe("m:pue").properties.values())) == 3
    ((text,),) = few.sparql(f'SELECT ?x {{ VALUES ?x {{ "{"a" * (LONGEST + 1)}" }} }}').rows
    assert text.endswith("a... (2,001 characters)")


def test_words_stand_for_the_nearest_concept(tools):
    described = tools.describe("power usage effectiveness")
    assert (described.name, described.labels["en"]) == ("m:pue", "PUE")
    assert described.used > 0
    assert described.name not in described.others


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda tools: tools.sparql("SELECT ?s {\n ?s a }"), QueryError, "line 2, column 7"),
        (lambda tools: tools.sparql("SELECT ?s { ?s m: }"), QueryError, "line 1, "),
        (lambda tools: tools.search("x", company="China Mobil"), UnknownFilter, "nearest: china mobile"),
        (lambda tools: tools.describe("m:pux"), NotFound, "nearest: m:pue"),
        (lambda tools: tools.describe("f:mobile-2023-0000000000"), NotFound, "nearest: f:mobile-2023"),
    ],
)
def test_mistakes_name_the_place_or_the_nearest(tools, call, error, said):
    with pytest.raises(error, match=said):
        call(tools)


def test_a_refusal_says_what_to_do(tools):
    with pytest.raises(RuntimeError, match=r"LOAD is refused.*neither fetches nor changes"):
        told(tools.sparql, RuntimeError)("LOAD <http://127.0.0.1:9/>")
    with pytest.raises(RuntimeError, match=r"nearest: m:pue, .*, m:wue$"):
        told(tools.describe, RuntimeError)("m:pux")
