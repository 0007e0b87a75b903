"""The rows of a query as a table to read: IRIs by name, facts and passages linked to their places."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, NamedTuple

from kg.errors import QueryError
from kg.pool import Dataset
from kg.sparql import prologue, tokens
from kg.terms import IRI, PREFIXES, Literal
from web import addresses
from web.names import Names, short
from web.parts import Cell, Phrase, QueryPanel, QueryProblem, ResultTable
from web.remedies import remedy_of
from web.words import LANGUAGES, words_for

FORMATS = ("application/sparql-results+json", "text/turtle")
SHOWN = 200  # rows on the page; the endpoint gives all
READ = 8 << 20  # bytes of a result that a page looks at; 200 rows with the longest passages are under 1 MB
LONGEST = 120  # characters of a name; names of facts have up to 110, a passage that names its place is cut here
_TAGS = {tag.lower(): tag for tag in LANGUAGES}  # the engine writes tags in small letters
_NUMBERS = ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")
_NAMES = " | ".join(
    IRI(PREFIXES[prefix] + name).n3
    for prefix, name in (("rdfs", "label"), ("skos", "prefLabel"), ("dcterms", "title"), ("nif", "anchorOf"))
)

_PLACES = " | ".join(IRI(PREFIXES["o"] + name).n3 for name in ("quoteSpan", "statementSpan"))

JsonTerm = Mapping[str, str]
Labels = Mapping[str, Phrase]


class Body(NamedTuple):
    """The bytes of a result with their media type; ``whole`` says whether they are all."""

    media: str
    content: bytes
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Solutions:
    """The first rows of a result as SPARQL's JSON has them; ``more`` rows follow, or None where nobody counted."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, JsonTerm], ...]
    more: int | None = 0


def panel(
    library: Any, names: Names, question: str, sparql: str, found: str | None = None, run: bool = True
) -> QueryPanel:
    """Return the panel of a query; ``found`` is the query that found the facts, to tell an edited one."""
    edited = found is not None and sparql.strip() != found.strip()
    if not run:
        return QueryPanel(sparql, question, edited)
    try:
        return QueryPanel(sparql, question, edited, result=table(read(library, sparql), names, sparql))
    except QueryError as error:
        told = remedy_of(error, HTTPStatus.BAD_REQUEST, words_for(names.language))
        problem = QueryProblem(error.reason, error.line, error.column, *told)
        return QueryPanel(sparql, question, edited, problem=problem)


def read(library: Any, sparql: str, dataset: Dataset | None = None, base: str = "") -> Body:
    """Run a query and read its result, of a long one no more than a page can show.

    :raises KgError: as ``search.endpoint.Endpoint.run`` does.
    """
    media, result = library.sparql.run(sparql, FORMATS, dataset, base=base)
    content = bytearray()
    for part in result:
        content += part
        if len(content) > READ:
            result.close()
            return Body(media, bytes(content), False)
    return Body(media, bytes(content))


def in_order(columns: Sequence[str], query: str) -> tuple[str, ...]:
    """Return the columns of a result as the query names them: the engine gives those of ``SELECT *`` by alphabet.

    >>> in_order(["o", "p", "s"], "SELECT DISTINCT * { ?s ?p ?o }"), in_order(["p", "s"], "SELECT ?p ?s { ?s ?p 1 }")
    (('s', 'p', 'o'), ('p', 's'))
    """
    found = tokens(query)
    after = [token for token in found[prologue(found).length + 1 :] if token.keyword not in ("DISTINCT", "REDUCED")]
    if not after or after[0].text != "*":
        return tuple(columns)
    named = list(dict.fromkeys(token.text[1:] for token in after if token.kind == "var"))
    return tuple(sorted(columns, key=lambda column: named.index(column) if column in named else len(named)))


def truth(body: Body) -> bool | None:
    """Return the answer of an ASK, None for another result."""
    if "json" not in body.media or not body.whole or len(body.content) > LONGEST:
        return None
    found = json.loads(body.content).get("boolean")
    return found if isinstance(found, bool) else None


def solutions(body: Body, query: str = "", shown: int = SHOWN) -> Solutions:
    """Return the first rows of a SELECT."""
    if not body.whole:
        columns, rows = _beginning(body.content.decode("utf-8", "ignore"), shown)
        return Solutions(in_order(columns, query), tuple(rows), None)
    answer = json.loads(body.content)
    rows = answer["results"]["bindings"]
    ordered = in_order(answer["head"].get("vars", []), query)
    return Solutions(ordered, tuple(rows[:shown]), max(0, len(rows) - shown))


def _beginning(text: str, shown: int) -> tuple[list[str], list[Mapping[str, JsonTerm]]]:
    """Return the columns and the first rows of SPARQL's JSON that breaks off somewhere."""
    decoder, start = json.JSONDecoder(), text.index('"bindings"')
    columns: list[str] = decoder.raw_decode(text, text.index("[", text.index('"vars"')))[0]
    rows: list[Mapping[str, JsonTerm]] = []
    at = text.index("[", start) + 1
    with suppress(ValueError):
        while len(rows) < shown:
            row, at = decoder.raw_decode(text, at)
            rows.append(row)
            at += 1  # a comma
    return columns, rows


def table(body: Body, names: Names, query: str = "", labels: Labels | None = None, shown: int = SHOWN) -> ResultTable:
    """Return the table of an answer: solutions, a truth value, or the text of a graph."""
    if "json" not in body.media:
        return ResultTable(("Turtle",), ((Cell(Phrase(body.content.decode("utf-8", "ignore"), "en")),),))
    answered = truth(body)
    if answered is not None:
        return ResultTable(("ASK",), ((Cell(Phrase(str(answered).lower(), "en")),),))
    return rows_table(solutions(body, query, shown), names, labels)


def rows_table(
    found: Solutions, names: Names, labels: Labels | None = None, places: Mapping[str, str] | None = None
) -> ResultTable:
    """Return rows as cells; ``labels`` are the names of their IRIs, by default those of the vocabulary alone."""

    def placed(term: JsonTerm | None) -> Cell:
        made, place = cell(term, names, labels), (places or {}).get(term["value"], "") if term else ""
        return replace(made, place=place) if place else made

    rows = tuple(tuple(placed(row.get(column)) for column in found.columns) for row in found.rows)
    return ResultTable(found.columns, rows, found.more)


def labels(store: Any, found: Solutions, names: Names) -> dict[str, Phrase]:
    """Return what the graph calls the IRIs in some rows, in the language of the page; pieces of text are cut."""
    known: dict[str, dict[str, str]] = {}
    for row in store.select(f"SELECT ?iri ?name {{ VALUES ?iri {{ {_iris(found)} }} ?iri {_NAMES} ?name }}"):
        if isinstance(name := row["name"], Literal):
            known.setdefault(str(row["iri"]), {})[name.language or ""] = name.value
    return {iri: _cut(names.pick(texts)) for iri, texts in known.items()}


def places(store: Any, found: Solutions) -> dict[str, str]:
    """Return where in the reader each fact among some rows stands."""
    facts = f"VALUES ?iri {{ {_iris(found, PREFIXES['f'])} }} ?iri {_PLACES} ?span"
    rows = store.select(f"SELECT ?iri (MIN(STR(?span)) AS ?place) {{ {facts} }} GROUP BY ?iri")
    return {str(row["iri"]): addresses.local(str(row["place"])) or "" for row in rows if "place" in row}


def _iris(found: Solutions, beginning: str = "") -> str:
    """Return the IRIs in some rows as SPARQL writes them."""
    terms = (term for row in found.rows for term in row.values() if term["type"] == "uri")
    return " ".join(IRI(iri).n3 for iri in sorted({term["value"] for term in terms}) if iri.startswith(beginning))


def _cut(phrase: Phrase) -> Phrase:
    text = " ".join(phrase.text.split())
    return Phrase(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}\u2026", phrase.language)


def cell(term: JsonTerm | None, names: Names, labels: Labels | None = None) -> Cell:
    """Return one value: an IRI by its name, a literal as it is."""
    if term is None:
        return Cell(Phrase(""))
    value = term["value"]
    if term["type"] == "uri":
        return _named(value, labels[value]) if labels and value in labels else _unnamed(value, names, labels)
    numeric = term.get("datatype", "").endswith(_NUMBERS)
    tag = term.get("xml:lang", "")
    return Cell(Phrase(value, _TAGS.get(tag.lower(), tag)), None, numeric)


def _named(iri: str, label: Phrase) -> Cell:
    return Cell(label, addresses.opening(iri), code=short(iri))


def _unnamed(iri: str, names: Names, labels: Labels | None) -> Cell:
    href = addresses.opening(iri)
    if labels is None and "/fact/" in iri:
        return Cell(Phrase(iri.rsplit("/", 1)[-1], "en"), href)
    known = labels is None and iri in names.vocabulary
    return Cell(names.of(iri) if known else Phrase(short(iri), "en"), href)
