"""The example queries of ``ontology/examples/``: each has a title in three languages, a theme, and can be parsed."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.checks.findings import ERROR, Finding
from kg.checks.sources import Sources
from kg.errors import QueryError
from kg.sparql import tokens
from kg.store import Store
from kg.terms import PREFIXES, Literal, Term
from kg.turtle import memory_store
from kg.vocabulary import LANGUAGES

FORMS = {
    f"{PREFIXES['sh']}select": "SELECT",
    f"{PREFIXES['sh']}construct": "CONSTRUCT",
    f"{PREFIXES['sh']}ask": "ASK",
    f"{PREFIXES['spex']}describe": "DESCRIBE",
}
"""The property that holds a query of each form."""

LEAST = 30  # below which something has been lost
_SAID = f"""
PREFIX sh: <{PREFIXES["sh"]}>
SELECT ?query ?property ?value {{ GRAPH ?file {{ ?query a sh:SPARQLExecutable ; ?property ?value }} }}
"""
_THEME = f"""
PREFIX ex: <{PREFIXES["ex"]}> PREFIX skos: <{PREFIXES["skos"]}>
SELECT ?theme {{ GRAPH ?file {{ ?theme a skos:Concept ; skos:inScheme ex:themes }} }}
"""


@dataclass(frozen=True, slots=True)
class Query:
    """An example query: its IRI, where it stands, its form and text, and all else that is said of it by property."""

    iri: str
    place: str
    form: str
    text: str
    said: Mapping[str, Sequence[Term]]


def queries(sources: Sources) -> list[Query]:
    """Return the example queries of an ontology folder by IRI; ``form`` is empty for one without a text."""
    found: defaultdict[str, defaultdict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in sources.store.select(_SAID):
        found[str(row["query"])][str(row["property"])].append(row["value"])
    return [_query(iri, said, sources) for iri, said in sorted(found.items())]


def _query(iri: str, said: Mapping[str, Sequence[Term]], sources: Sources) -> Query:
    form, text = next(((FORMS[name], str(said[name][0])) for name in FORMS if name in said), ("", ""))
    return Query(iri, sources.place(iri), form, text, said)


def check(sources: Sources) -> Iterator[Finding]:
    """Yield what example queries lack, and those that cannot be parsed; a folder without any is left alone."""
    found = queries(sources)
    themes = {str(row["theme"]) for row in sources.store.select(_THEME)}
    if found and len(found) < LEAST:
        place, problem = f"{sources.folder.name}/examples", f"holds {len(found)} queries; there are at least {LEAST}"
        yield Finding("queries", ERROR, place, "", problem, "write more, delete none")
    nothing = memory_store({})
    for query in found:
        for problem, remedy in (*_lacking(query, themes), *_wrong(query, nothing)):
            yield Finding("queries", ERROR, query.place, sources.short(query.iri), problem, remedy)


def _lacking(query: Query, themes: set[str]) -> Iterator[tuple[str, str]]:
    comments = query.said.get(f"{PREFIXES['rdfs']}comment", ())
    titles = [node.language for node in comments if isinstance(node, Literal)]
    for language in LANGUAGES:
        if titles.count(language) != 1:
            yield f"has {titles.count(language)} titles @{language}", "write one rdfs:comment in each language"
    if [str(node) in themes for node in query.said.get(f"{PREFIXES['schema']}about", ())] != [True]:
        yield "has no theme, or one that there is not", "write schema:about with one theme of ex:themes"
    if len(query.said.get(f"{PREFIXES['sh']}order", ())) != 1:
        yield "has no place within its theme", "write sh:order"


def _wrong(query: Query, nothing: Store) -> Iterator[tuple[str, str]]:
    """Yield why a query cannot be parsed."""
    ask = {"SELECT": nothing.select, "ASK": nothing.ask}.get(query.form, nothing.construct)
    try:
        ask(_plain(query.text))
    except QueryError as error:
        yield f"cannot be parsed: {error}", "mend the query; it declares its own prefixes"


def _plain(text: str) -> str:
    """Return a query without what only our endpoint knows: a search block as its group, our function as another."""
    kept, at = "", 0
    for token, after in pairwise(tokens(text)):
        if token.keyword == "SERVICE":
            kept, at = kept + text[at : token.start], after.end
        elif token.text == "search:similarity":
            kept, at = f"{kept}{text[at : token.start]}CONCAT", token.end
    return kept + text[at:]
