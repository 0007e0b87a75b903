import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import sparql
from kg.errors import QueryError, QueryRefused
from kg.sparql import SERVICES, form, names_dataset, place, prologue, refuse, resolve, tokens
from kg.store import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with Store.create(tmp_path_factory.mktemp("empty") / "store") as made:
        yield made


def test_tokens_have_kinds():
    query = "PREFIX m: <http://m/> SELECT ?a { ?a m:pue.x \"x\\\"y\"@zh-Hans , '''a'b''', -1.5e3, _:b; } # ?c"
    kinds = [(token.kind, token.text) for token in tokens(query)]
    assert kinds[:3] == [("word", "PREFIX"), ("name", "m:"), ("iri", "<http://m/>")]
    assert ("name", "m:pue.x") in kinds
    assert ("string", '"x\\"y"') in kinds
    assert ("language", "@zh-Hans") in kinds
    assert ("string", "'''a'b'''") in kinds
    assert ("number", "1.5e3") in kinds
    assert ("blank", "_:b") in kinds
    assert ("var", "?c") not in kinds


@given(st.text())
def test_any_text_has_tokens_in_order(text):
    found = tokens(text)
    ends = [0, *(token.end for token in found)]
    assert all(
        token.start >= end and token.text == text[token.start : token.end]
        for token, end in zip(found, ends, strict=False)
    )


@given(
    st.lists(
        st.sampled_from(['"', "'", '"""', "'''", "\\", "#", "\n", "<", ">", "SERVICE", "?a", "{", "}", " ", "中", "a:"])
    )
)
def test_no_query_breaks_what_reads_it(parts):
    query = "".join(parts)
    form(query)
    names_dataset(query)
    with suppress(QueryRefused):
        refuse(query)


@pytest.mark.parametrize(
    "text",
    ['\\"' * 35_000, "a.a" * 20_000, "\u4e2d" * 50_000, "'''" + "\\'''" * 15_000, "a:" + "." * 50_000, "<a" * 25_000,
     "?a<?b#>" * 10_000, "'\n" * 25_000, " " * 50_000, "a.-" * 20_000],
    ids=lambda text: repr(text[:6]),
)  # fmt: skip
def test_tokens_take_linear_time(text):
    began = time.thread_time()
    tokens(text)
    refuse(text)
    assert time.thread_time() - began < 3  # a tenth where it is linear, half a minute where it is not


@pytest.mark.parametrize(
    ("query", "wanted"),
    [("SELECT * {}", "SELECT"), ("# c\nBASE <http://a/> PREFIX : <x> ask {}", "ASK"), ("CONSTRUCT WHERE {}", "CONSTRUCT"),
     ("INSERT DATA {}", "INSERT"), ("", ""), ("hello", ""), ("PREFIX", ""), ("PREFIX a:", "")],
)  # fmt: skip
def test_form(query, wanted):
    assert form(query) == wanted


def test_dataset_is_seen_outside_strings_and_comments_only():
    assert names_dataset("SELECT * FROM <http://e/g> {}")
    assert names_dataset("SELECT * from named <http://e/g> {}")
    assert names_dataset("SELECT * FROM # a comment\n :g {}")
    assert not names_dataset('SELECT * { ?s ?p "FROM <http://e/g>" } # FROM')
    assert not names_dataset("SELECT ?from { ?from a:from <from> }")


def test_place_counts_from_one():
    assert [place("a\nbc\n", offset) for offset in (0, 1, 2, 3, 5)] == [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1)]


def test_names_resolve():
    found = tokens("PREFIX s: <http://s/\\u0061#> SELECT s:b\\-c <http://x> t:u 'v'")
    prefixes = prologue(found).prefixes
    assert [resolve(token, prefixes) for token in found[-4:]] == ["http://s/a#b-c", "http://x", "", ""]


REFUSED = [
    "SELECT * { SERVICE <http://e/> { ?s ?p ?o } }",
    "SELECT * { service silent <http://e/> { ?s ?p ?o } }",
    "SELECT * { SERVICE<http://e/>{ ?s ?p ?o } }",
    "PREFIX e: <http://e/> SELECT * { SERVICE e:x { ?s ?p ?o } }",
    "BASE <http://e/> SELECT * { SERVICE <x> { ?s ?p ?o } }",
    "SELECT * { SERVICE ?e { ?s ?p ?o } }",
    "SELECT * { SERVICE # <https://w3id.org/tantu/search#facts>\n <http://e/> { ?s ?p ?o } }",
    'SELECT * { ?s ?p "\\" #" SERVICE <http://e/> { ?s ?p ?o } }',
    "SELECT * { { SELECT * { OPTIONAL { SERVICE <http://e/> {} } } } }",
    "SELECT * { FILTER EXISTS { SERVICE <http://e/> {} } }",
    "SELECT * { SERVICE <https://w3id.org/tantu/search#other> {} }",
    "PREFIX s: <https://w3id.org/tantu/search#> PREFIX s: <http://e/> SELECT * { SERVICE s:facts {} }",
    "SELECT * { SERVICE",
    'SELECT * { FILTER(?a<?b#>"""\n) SERVICE <http://e/> {} #"""\n)}',
    'SELECT * { FILTER(1<\'>\'"""\n\') SERVICE <http://e/> {} #"""\n)}',
    "INSERT DATA { <a> <b> <c> }",
    "# c\nPREFIX a: <b> delete where { ?s ?p ?o }",
    "LOAD <http://e/>",
    "CLEAR ALL",
    "WITH <g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
]


@pytest.mark.parametrize("query", REFUSED)
def test_updates_and_foreign_services_are_refused(query):
    with pytest.raises(QueryRefused) as caught:
        refuse(query)
    assert caught.value.line


@pytest.mark.parametrize(
    "query",
    ["PREFIX s: <https://w3id.org/tantu/search#> SELECT * { SERVICE s:facts { ?f s:query 'a' } }",
     "SELECT * { SERVICE SILENT <https://w3id.org/tantu/search#passages> {} }",
     "SELECT * { ?s ?p 'SERVICE <http://e/> {}' } # SERVICE <http://e/>",
     "SELECT ?service { ?service <http://e/service> e:service }",
     "SELECT * { VALUES (?a ?b) { (<http://e/a> <http://e/#b>) } ?s ?p 'service' }",
     "SELECT * { FILTER(?a < ?b) ?s ?p 'service' }",
     "SELECT * FROM <file:///etc/hostname> { ?s ?p ?o }"],
)  # fmt: skip
def test_what_fetches_nothing_is_let_through(query):
    refuse(query)


def test_no_service_at_all_where_none_is_allowed():
    with pytest.raises(QueryRefused):
        refuse(f"SELECT * {{ SERVICE <{min(SERVICES)}> {{}} }}", frozenset())


PLACES = {
    "SELECT * { ?s ?p": (1, 17, "not closed: 1 '{'"),
    "SELECT *\n WHERE { ?s ?p ?o . FILTER( }": (2, 29, "'}' does not fit after '('"),
    "SELECT ?x (COUNT(?y) AS ?n) {?x ?y ?z}": (1, 39, "SELECT contains a variable that is unbound"),
    "ASK { m:a ?b ?c }": (1, 7, "add PREFIX m: <https://w3id.org/tantu/metric/>"),
    "ASK {\n\n  nope:a ?b ?c }": (3, 3, "nope: is not declared"),
    "SELEC * {}": (1, 1, "'SELEC' does not fit at the start"),
    "SELECT * {\n  ?s ?p ?o \n ORDER BY ?s": (3, 2, "'ORDER' does not fit after '?o'"),
    "ASK { ?s ?p 'x }": (1, 13, "does not fit after '?p'"),
    "SELECT * { ?s ?p ?o } LIMIT ten": (1, 29, "'ten'"),
    "SELECT * { ?s ?p ?o }}": (1, 22, "'}'"),
    "SELECT * { ?\u4e2d ?p ?o } \u4e2d\u4e2d": (1, 23, "\u4e2d"),
    "ASK { ?s ?p ?o FILTER NOT EXIST { ?s ?p ?o } }": (1, 27, "'EXIST' does not fit after 'NOT'"),
    "": (1, 1, "ends too early"),
    "\n\n": (3, 1, "ends too early"),
}


@pytest.mark.parametrize("query", PLACES)
def test_a_mistake_is_named_with_its_place(store, query):
    with pytest.raises(QueryError) as caught:
        store.select(query)
    line, column, said = PLACES[query]
    assert (caught.value.line, caught.value.column) == (line, column)
    assert said in caught.value.reason


GOOD = [
    "SELECT ?s (COUNT(?o) AS ?n) WHERE { ?s <http://e/p> ?o FILTER(?o > 3 && BOUND(?s)) } GROUP BY ?s HAVING (?n > 1)",
    'CONSTRUCT { ?s <http://e/q> "x"@en } WHERE { GRAPH ?g { ?s a <http://e/C> } OPTIONAL { ?s <http://e/p>/^<http://e/r> ?o } }',
    "SELECT * { VALUES (?a ?b) { (1 UNDEF) (<http://e/> true) } BIND(STRLEN(?a) AS ?c) MINUS { ?a ?b ?c } } ORDER BY DESC(?a)",
]


@given(st.sampled_from(GOOD), st.data())
def test_a_word_put_into_a_good_query_is_found(store, query, data):
    found = tokens(query)
    at = data.draw(st.integers(1, len(found) - 1))
    broken = f"{query[: found[at].start]}\\ {query[found[at].start :]}"
    with pytest.raises(QueryError) as caught:
        store.ask(broken)
    assert (caught.value.line, caught.value.column) == place(broken, found[at].start)


def test_the_mark_is_longer_than_any_keyword():
    assert len(sparql.MARK) > len("ENCODE_FOR_URI") + 10
