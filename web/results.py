"""The rows of a query as a table to read: IRIs by name, facts and passages linked to their places."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from kg.errors import QueryError
from kg.sparql import prologue, tokens
from web import addresses
from web.names import Names, short
from web.parts import Cell, Phrase, QueryPanel, QueryProblem, ResultTable
from web.words import LANGUAGES

FORMATS = ("application/sparql-results+json", "text/turtle")
SHOWN = 200  # rows on the page; the editor and the endpoint give all
_TAGS = {tag.lower(): tag for tag in LANGUAGES}  # the engine writes tags in small letters
_NUMBERS = ("integer", "decimal", "double", "float", "int", "long", "gYear", "nonNegativeInteger")


def panel(
    library: Any, names: Names, question: str, sparql: str, found: str | None = None, run: bool = True
) -> QueryPanel:
    """Return the panel of a query; ``found`` is the query that found the facts, to tell an edited one."""
    edited = found is not None and sparql.strip() != found.strip()
    if not run:
        return QueryPanel(sparql, question, edited)
    try:
        media, body = library.sparql.run(sparql, FORMATS)
        return QueryPanel(sparql, question, edited, result=table(media, b"".join(body), names, sparql))
    except QueryError as error:
        problem = QueryProblem(error.reason, error.line, error.column)
        return QueryPanel(sparql, question, edited, problem=problem)


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


def table(media: str, body: bytes, names: Names, query: str = "") -> ResultTable:
    """Return the table of an answer: solutions, a truth value, or the text of a graph."""
    if "json" not in media:
        return ResultTable(("Turtle",), ((Cell(Phrase(body.decode("utf-8"), "en")),),))
    answer = json.loads(body)
    if "boolean" in answer:
        return ResultTable(("ASK",), ((Cell(Phrase(str(answer["boolean"]).lower(), "en")),),))
    columns, rows = in_order(answer["head"].get("vars", []), query), answer["results"]["bindings"]
    return ResultTable(
        columns,
        tuple(tuple(cell(row.get(column), names) for column in columns) for row in rows[:SHOWN]),
        max(0, len(rows) - SHOWN),
    )


def cell(term: Mapping[str, str] | None, names: Names) -> Cell:
    """Return one value: an IRI by its name, a literal as it is."""
    if term is None:
        return Cell(Phrase(""))
    value = term["value"]
    if term["type"] == "uri":
        known = value in names.vocabulary
        if "/fact/" in value:
            return Cell(Phrase(value.rsplit("/", 1)[-1], "en"), addresses.opening(value))
        return Cell(names.of(value) if known else Phrase(short(value), "en"), addresses.opening(value))
    numeric = term.get("datatype", "").endswith(_NUMBERS)
    tag = term.get("xml:lang", "")
    return Cell(Phrase(value, _TAGS.get(tag.lower(), tag)), None, numeric)
