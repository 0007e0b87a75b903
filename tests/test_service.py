import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import QueryError, QueryRefused, QueryTimeout
from kg.pool import Dataset, Pool
from kg.sparql import tokens
from kg.store import Store
from kg.terms import IRI, Quad, text
from search import service
from search.endpoint import Endpoint
from search.groups import before_block
from search.seeking import Found, Sought
from search.service import rewrite

E = "http://e/"
HEAD = f"PREFIX e: <{E}> PREFIX search: <https://w3id.org/tantu/search#> "
HITS = {
    "sun": [("p3", 0.91), ("p1", 0.88), ("p5", 0.2)],
    "flood": [("p4", 0.8), ("p5", 0.3)],
    "water": [("p5", 0.95), ("p4", 0.4)],
}
OWNERS = {"p1": "acme", "p2": "acme", "p3": "bolt", "p4": "bolt", "p5": "coda"}
ASKS = {"acme": "sun", "bolt": "flood"}
QUADS = [Quad(IRI(E + p), IRI(f"{E}of"), IRI(E + owner), IRI(f"{E}g")) for p, owner in OWNERS.items()]
QUADS += [Quad(IRI(E + owner), IRI(f"{E}asks"), text(words), IRI(f"{E}g")) for owner, words in ASKS.items()]
QUADS += [Quad(IRI(f"{E}q"), IRI(f"{E}asks"), text("water"), IRI(f"{E}h"))]


def search(sought):
    found = [Found(E + name, score) for name, score in HITS.get(sought.text, []) if score >= sought.least]
    return [hit for hit in found if sought.candidates is None or hit.iri in sought.candidates][: sought.limit]


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory):
    folder = tmp_path_factory.mktemp("service") / "store"
    with Store.create(folder) as store:
        store.add(QUADS)
    with Pool(folder, workers=2, seconds=10) as pool:
        yield Endpoint(pool, search)


def rows(endpoint, query):
    """Return the rows of a query as tuples of strings, IRIs by their last part, in the order of its variables."""
    found = json.loads(b"".join(endpoint.run(HEAD + query)[1]))
    if "boolean" in found:
        return found["boolean"]
    names = found["head"]["vars"]
    return [
        tuple(row[name]["value"].removeprefix(E) if name in row else None for name in names)
        for row in found["results"]["bindings"]
    ]


B = 'SERVICE search:passages { ?p search:query "sun" ; search:score ?sc }'
V = "SERVICE search:passages { ?p search:query ?q ; search:limit 1 }"
SHAPES = {
    "ordered by score": (
        f"SELECT ?p ?sc {{ {B} }} ORDER BY DESC(?sc)",
        [("p3", "0.91"), ("p1", "0.88"), ("p5", "0.2")],
    ),
    "joined and filtered": (f"SELECT ?c {{ {B} ?p e:of ?c FILTER(?sc > 0.5) }} ORDER BY ?c", [("acme",), ("bolt",)]),
    "after the pattern": (f"SELECT ?c {{ ?p e:of ?c . {B} FILTER(?sc > 0.5) }} ORDER BY ?c", [("acme",), ("bolt",)]),
    "in OPTIONAL": (
        f"SELECT DISTINCT ?c ?p {{ ?x e:of ?c OPTIONAL {{ ?p e:of ?c . {B} }} }} ORDER BY ?c",
        [("acme", "p1"), ("bolt", "p3"), ("coda", "p5")],
    ),
    "in UNION": (
        f'SELECT ?p {{ {{ {B} FILTER(?sc > .5) }} UNION {{ SERVICE search:facts {{ ?p search:query "water"; search:limit 1 }} }} }} ORDER BY ?p',
        [("p1",), ("p3",), ("p5",)],
    ),
    "in a sub-select": (
        f"SELECT ?c (MAX(?sc) AS ?m) {{ {{ SELECT ?p ?sc {{ {B} }} ORDER BY DESC(?sc) LIMIT 2 }} ?p e:of ?c }} GROUP BY ?c ORDER BY ?c",
        [("acme", "0.88"), ("bolt", "0.91")],
    ),
    "in NOT EXISTS": (
        f"SELECT ?p {{ ?p e:of ?c FILTER NOT EXISTS {{ {B} FILTER(?sc > .5) }} }} ORDER BY ?p",
        [("p2",), ("p4",), ("p5",)],
    ),
    "in MINUS": (f"SELECT ?p {{ ?p e:of ?c MINUS {{ {B} }} }} ORDER BY ?p", [("p2",), ("p4",)]),
    "a hit as subject": ('ASK { SERVICE search:facts { e:p1 search:query "sun" } }', True),
    "no hit as subject": ('ASK { SERVICE search:facts { e:p2 search:query "sun" } }', False),
    "a score of a hit": (
        'SELECT ?s { SERVICE search:facts { e:p1 search:query "sun"; search:score ?s } }',
        [("0.88",)],
    ),
    "two blocks, one variable": (
        f'SELECT ?p ?b {{ {B} SERVICE search:facts {{ ?p search:query "water"; search:score ?b }} }}',
        [("p5", "0.95")],
    ),
    "rank, limit, SILENT, comments, full stops": (
        'SELECT ?p ?r { # }\n SERVICE SILENT <https://w3id.org/tantu/search#facts> { ?p search:query """sun"""@en . # }\n'
        "?p search:rank ?r ; ; search:limit 2 . } } ORDER BY ?r",
        [("p3", "1"), ("p1", "2")],
    ),
    "least score": ('SELECT ?p { SERVICE search:facts { ?p search:query "sun"; search:minScore 0.9 } }', [("p3",)]),
    "a block in a string": ('SELECT ?x { BIND("SERVICE search:facts { ?p search:query 1 }" AS ?x) }', None),
    "escapes": (r"SELECT ?p { SERVICE search:facts { ?p search:query 'w\u0061ter' ; search:limit 1 } }", [("p5",)]),
    "text from a pattern": (
        f"SELECT ?c ?p {{ ?c e:asks ?q . FILTER(?c != e:q) {V} }} ORDER BY ?c",
        [("acme", "p3"), ("bolt", "p4")],
    ),
    "text from BIND": (f'SELECT ?p {{ BIND(CONCAT("wa", "ter") AS ?q) {V} }}', [("p5",)]),
    "text from VALUES": (
        f'SELECT ?q ?p {{ VALUES ?q {{ "water" "flood" "" }} {V} }} ORDER BY ?q',
        [("flood", "p4"), ("water", "p5")],
    ),
    "text from GRAPH": (f"SELECT ?p {{ GRAPH e:h {{ ?x e:asks ?q {V} }} }}", [("p5",)]),
    "text from outside OPTIONAL": (
        f"SELECT ?c ?p {{ ?c e:asks ?q OPTIONAL {{ {V} }} }} ORDER BY ?c",
        [("acme", "p3"), ("bolt", "p4"), ("q", "p5")],
    ),
    "text in one branch": (
        f"SELECT DISTINCT ?c ?p {{ {{ ?x e:of ?c }} UNION {{ e:bolt e:asks ?q . {V} }} FILTER(BOUND(?p)) }}",
        [(None, "p4")],
    ),
    "text in a sub-select": (f"SELECT ?p {{ {{ SELECT ?p {{ e:acme e:asks ?q . {V} }} }} ?p e:of ?x }}", [("p3",)]),
    "text outside EXISTS": (f"SELECT ?c {{ ?c e:asks ?q FILTER(EXISTS {{ {V} ?p e:of ?c }}) }}", [("bolt",)]),
    "text from an earlier block": (
        'SELECT ?x { SERVICE search:facts { ?y search:query "flood"; search:limit 1 } ?y e:of/e:asks ?q '
        "SERVICE search:facts { ?x search:query ?q; search:limit 1 } }",
        [("p4",)],
    ),
    "text that would break out": ('SELECT ?p { BIND("a\\" } } DROP ALL #" AS ?q) ' + V + " }", []),
    "limit counts candidates": (
        'SELECT ?p { ?p e:of e:acme SERVICE search:facts { ?p search:query "sun"; search:limit 1 } }',
        [("p1",)],
    ),
    "before the pattern limit counts all": (
        'SELECT ?p { SERVICE search:facts { ?p search:query "sun"; search:limit 1 } ?p e:of e:acme }',
        [],
    ),
    "candidates of each text": (
        "SELECT ?c ?p { ?p e:of ?c . ?x e:asks ?q . FILTER(?c = e:coda || ?x = ?c) "
        "SERVICE search:facts { ?p search:query ?q ; search:limit 1 } } ORDER BY ?c ?p",
        [("acme", "p1"), ("bolt", "p4"), ("coda", "p5")],
    ),
    "candidates from outside OPTIONAL": (
        f"SELECT ?p ?sc {{ ?p e:of e:bolt OPTIONAL {{ {B} }} }} ORDER BY ?p",
        [("p3", "0.91"), ("p4", None)],
    ),
    "a subject that is unbound in a row may be any": (
        "SELECT DISTINCT ?p { ?c e:asks ?x OPTIONAL { ?p e:of ?c FILTER(?c = e:acme) } "
        'SERVICE search:facts { ?p search:query "sun"; search:limit 1 } }',
        [("p3",)],
    ),
    "a filter of what comes later is not decided before": (
        f"SELECT ?p {{ ?p e:of ?c . FILTER(?sc > .9) FILTER NOT EXISTS {{ ?d e:asks ?w . ?p e:of ?d }} {B} ?d e:asks 'water' }}",
        [("p3",)],
    ),
    "a filter of the score before the block": (f"SELECT ?p {{ ?p e:of ?c . FILTER(?sc > .9) {B} }}", [("p3",)]),
    "a filter before the block narrows the candidates": (
        'SELECT ?p { ?p e:of ?c FILTER(?c = e:coda) SERVICE search:facts { ?p search:query "sun"; search:limit 1 } }',
        [("p5",)],
    ),
    "candidates in GRAPH": (
        'SELECT ?p { GRAPH ?g { ?p e:of e:acme SERVICE search:facts { ?p search:query "sun"; search:limit 1 } } }',
        [("p1",)],
    ),
    "a text in a language": (
        'SELECT ?q ?p { VALUES ?q { "water"@en "water"@zh-Hans "water" 5 } ' + V + " } ORDER BY lang(?q)",
        [("water", "p5")] * 3,
    ),
    "half a surrogate pair": (r'SELECT ?p { SERVICE search:facts { ?p search:query "\uD83D sun" } }', []),
    "no hits": ('SELECT ?p { SERVICE search:facts { ?p search:query "nothing" } }', []),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_block_means_the_rows_of_its_hits(endpoint, name):
    query, wanted = SHAPES[name]
    found = rows(endpoint, query)
    assert found == wanted if wanted is not None else "SERVICE search" in found[0][0]


def test_construct(endpoint):
    kind, result = endpoint.run(f"{HEAD} CONSTRUCT {{ ?p e:hit ?sc }} WHERE {{ {B} }}", ("application/n-triples",))
    assert kind == "application/n-triples"
    assert b"".join(result).count(b"http://e/hit") == 3


def test_a_dataset_bounds_the_texts_too(endpoint):
    query = f"{HEAD} SELECT ?q {{ ?c e:asks ?q . {V} }}"
    found = json.loads(b"".join(endpoint.run(query, dataset=Dataset((f"{E}h",)))[1]))
    assert [row["q"]["value"] for row in found["results"]["bindings"]] == ["water"]
    assert rows(endpoint, f"SELECT ?q FROM e:h {{ ?c e:asks ?q . {V} }}") == [("water",)]


def block(body):
    return f"{HEAD}\nSELECT * {{\n  SERVICE search:facts {{ {body} }} }}"


def test_what_a_hit_gives(endpoint):
    told = []

    def seek(sought):
        told.append(sought)
        return [Found(f"{E}p1", 0.5, "zh-Hans", '太阳"\n'), Found(f"{E}p2", 0.4)]

    one = Endpoint(endpoint.pool, seek)
    asked = 'search:query "sun" ; search:language ?l ; search:rank ?r'
    wanted = [("p1", "zh-hans", "1", '太阳"\n', "zh-hans"), ("p2", None, "2", None, None)]
    for kind, name in (("facts", "snippet"), ("passages", "snippet"), ("concepts", "label")):
        query = f"SELECT ?p ?l ?r ?t (lang(?t) AS ?tag) {{ SERVICE search:{kind} {{ ?p {asked} ; search:{name} ?t }} }} ORDER BY ?r"
        found = [tuple(v.lower() if v and v.startswith("zh") else v for v in row) for row in rows(one, query)]
        assert found == wanted
        assert told[-1] == Sought(kind, "sun", {"facts": 50}.get(kind, 10), snippets=name == "snippet")
    rows(
        one,
        'ASK { ?p e:of e:acme SERVICE search:facts { ?p search:query "x" ; search:language "en" ; search:minScore 0.25 } }',
    )
    assert told[-1] == Sought("facts", "x", 50, 0.25, "en", frozenset({f"{E}p1", f"{E}p2"}))


def test_no_candidates_no_search(endpoint):
    one = Endpoint(endpoint.pool, lambda sought: pytest.fail("searched"))
    assert rows(one, 'SELECT * { ?p e:of e:nobody SERVICE search:facts { ?p search:query "sun" } }') == []


def test_too_many_candidates(endpoint, monkeypatch):
    monkeypatch.setattr(service, "MOST_CANDIDATES", 3)
    with pytest.raises(
        QueryError, match=r"\?p has more than 3 values before this block; put the block before"
    ) as caught:
        endpoint.run(f'{HEAD}\nSELECT * {{ ?p e:of ?c SERVICE search:facts {{ ?p search:query "sun" }} }}')
    assert caught.value.line == 2


@pytest.mark.parametrize("broken", ["?p e:of ?c ?d .", "?p e:of . ", "?p nope:of ?c .", "?p e:of 'a"])
def test_a_mistake_before_a_block_has_its_place_in_the_query_as_written(endpoint, broken):
    query = f"{HEAD}\nSELECT * {{ {broken} SERVICE search:facts {{ ?p search:query ?q }} }}"
    with pytest.raises(QueryError) as caught:
        endpoint.run(query)
    with pytest.raises(QueryError) as plain:
        endpoint.run(query.replace("SERVICE search:facts { ?p search:query ?q }", " " * 43))
    assert (caught.value.line, caught.value.column) == (plain.value.line, plain.value.column)


def test_the_searches_share_the_time_of_their_query(endpoint):
    values = " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(1000)))} }}" for n in range(4))
    with pytest.raises(QueryTimeout):
        endpoint.run(f"{HEAD} SELECT * {{ {values} BIND(?v0 AS ?p) {B} }}", seconds=0.5)


def test_explain(endpoint):
    query = f"{HEAD}\nSELECT ?p {{ ?p e:of ?c FILTER(?c != e:coda) {B} }}"
    told = endpoint.explain(query)
    assert told["query"] == query
    assert "VALUES (?p ?sc)" in told["rewritten"]
    (made,) = told["searches"]
    assert (made["service"], made["line"], made["text"], made["candidates"], made["hits"]) == (
        "search:passages", 2, "sun", 4, 2,
    )  # fmt: skip
    assert told["evaluation"]["kind"] == "bindings"
    assert told["evaluation"]["rows"] == 2
    assert 0 < told["evaluation"]["firstMs"] <= told["evaluation"]["ms"] <= told["ms"]
    assert endpoint.explain("ASK {}")["evaluation"]["kind"] == "boolean"
    assert endpoint.explain("CONSTRUCT WHERE { ?s ?p ?o }")["evaluation"]["rows"] == len(QUADS)
    with pytest.raises(QueryError):
        endpoint.explain("SELECT")


WRONG = {
    "?p search:score ?s": "no search:query",
    "": "begins with its subject",
    "'x' search:query 'a'": "begins with its subject",
    "?p search:query 'a' ; e:of ?c": "e:of does not belong",
    "?p search:query 'a' ; search:colour ?c": "search:colour does not belong",
    "?p search:query 1": "needs a string or a variable",
    "?p search:query 'a' ; search:score 1": "needs a variable",
    "?p search:query 'a' ; search:limit ?l": "needs a number",
    "?p search:query 'a' ; search:limit 0": "from 1 to 1000",
    "?p search:query 'a' ; search:limit 1001": "from 1 to 1000",
    "?p search:query 'a' ; search:limit 1.5": "from 1 to 1000",
    "?p search:query 'a' ; search:label ?l": "search:label does not belong",
    "?p search:query 'a' ; search:language 5": "needs a string or a variable",
    "?p search:query 'a' ; search:snippet ?s ; search:score ?s": "used twice",
    "?p search:query 'a' ; search:limit 1e999": "from 1 to 1000",
    "?p search:query 'a' ; search:query 'b'": "stands twice",
    "?p search:query 'a' ; search:score ?p": "used twice",
    "?p search:query 'a' ; search:score ?s ; search:rank ?s": "used twice",
    "?p search:query 'a' search:limit 1": "is missing before this",
    "?p search:query 'a' . ?x search:limit 1": "one subject",
    "?p search:query": "a value is missing",
    "?p search:query ;": "a value is missing",
    "?p search:query 'a' { ?x ?y ?z }": "has a group in it",
    "?p search:query '  '": "1 to 2,000 characters",
    f"?p search:query '{'a' * 2001}'": "1 to 2,000 characters",
}


@pytest.mark.parametrize("body", WRONG, ids=lambda body: body[:40])
def test_a_wrong_block_is_said_with_its_place(endpoint, body):
    with pytest.raises(QueryError, match=WRONG[body]) as caught:
        endpoint.run(block(body))
    assert caught.value.line == 3
    assert (caught.value.column or 0) > 2


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE search:facts",
        "SELECT * { SERVICE search:facts { ?p search:query 'a'",
        "ASK { SERVICE search:facts ?x }",
    ],
)
def test_a_block_that_does_not_end(endpoint, query):
    with pytest.raises(QueryError) as caught:
        endpoint.run(HEAD + query)
    assert caught.value.line == 1


def test_too_many_texts_and_blocks(endpoint):
    values = " ".join(f'"{n}"' for n in range(101))
    with pytest.raises(QueryError, match="more than 100 values"):
        endpoint.run(f"{HEAD} SELECT * {{ VALUES ?q {{ {values} }} {V} }}")
    blocks = " ".join(f'SERVICE search:facts {{ ?p{n} search:query "sun" }}' for n in range(9))
    with pytest.raises(QueryError, match="at most 8"):
        endpoint.run(f"{HEAD} SELECT * {{ {blocks} }}")


@pytest.mark.parametrize(
    "query", [f"SELECT * {{\n {B}\n ?p }}", f"SELECT * {{ ?p ?x }}\n{{ {B} }}", f"SELECT * {{ {B} nope:x ?y ?z }}"]
)
def test_a_mistake_beside_a_block_has_its_place_in_the_query_as_written(endpoint, query):
    with pytest.raises(QueryError) as with_block:
        endpoint.run(HEAD + query)
    plain = query.replace(B, " " * len(B))
    with pytest.raises(QueryError) as without:
        endpoint.run(HEAD + plain)
    assert (with_block.value.line, with_block.value.column) == (without.value.line, without.value.column)


def test_a_foreign_service_beside_a_block_is_refused(endpoint):
    with pytest.raises(QueryRefused):
        endpoint.run(f"{HEAD} SELECT * {{ {B} SERVICE <http://e/> {{ ?p ?b ?c }} }}")


def test_text_outside_the_blocks_is_kept():
    query = f"{HEAD}# é\n\tSELECT  * {{ {B} \r\n ?p ?x 'SERVICE' {B.replace('?sc', '?b')} }}#"
    rewritten = rewrite(query, search, lambda query: [])
    first, second = rewritten.edits
    assert rewritten.query.startswith(query[: first.start] + first.text + query[first.end : second.start] + second.text)
    assert rewritten.query.endswith(query[second.end :])


def test_a_query_without_a_service_is_not_touched():
    query = "SELECT * { ?s ?p ?o }"
    assert rewrite(query, search, list) == service.Rewritten(query, query)


def test_before_block_stops_at_a_sub_select():
    query = "SELECT * { ?a ?b ?c { SELECT ?d { ?d ?e ?f GRAPH ?g { ?h ?i ?j SERVICE <s> {} } } } }"
    found = tokens(query)
    at = next(n for n, token in enumerate(found) if token.text == "SERVICE")
    pattern = before_block(found, at, lambda start, end: query[start:end])
    assert " ".join(pattern.split()) == "WHERE { ?d ?e ?f GRAPH ?g { ?h ?i ?j }}"


PIECES = (
    "SERVICE search:facts {", "SERVICE SILENT search:concepts {", "?p search:query 'sun' .", "?p search:query ?q ;", "}", "{",
    "search:limit 3 ;", "search:score ?sc .", "search:snippet ?t", "?p e:of ?c .", "?c e:asks ?q .", "FILTER(?sc > .1)", "FILTER(",
    ")", "FILTER NOT EXISTS {", "OPTIONAL {", "UNION {", "} UNION {", "MINUS {", "GRAPH ?g {", "{ SELECT ?p {", "} LIMIT 2",
    "BIND('water' AS ?q)", "VALUES ?p { e:p1 e:p2 }", "BIND(search:similarity(?p, 'sun') AS ?x)", "SERVICE <http://e/s> {",
    "FROM e:g", "WHERE", "EXISTS", "'", "<", "\\", "# }", "\n", ";", "?p", "search:facts", "LIMIT",
)  # fmt: skip


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join))
def test_no_query_breaks_what_rewrites_it(endpoint, middle):
    """Whatever stands in it, a query is answered or refused, with a place in the query as it was written."""
    query = f"{HEAD} SELECT * {{ {middle} }}"
    line = None
    try:
        b"".join(endpoint.run(query)[1])
    except QueryError as error:
        line = error.line
    assert line is None or 1 <= line <= query.count("\n") + 1
    with suppress(QueryError):
        rewrite(query, search, lambda select: [[""] * select.partition("{")[0].count("?")])
