"""The rows of a query as a table to read: IRIs by name, facts and passages linked to their places."""

import json
from collections.abc import Mapping
from typing import Any

from kg.errors import QueryError
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
        return QueryPanel(sparql, question, edited, result=table(media, b"".join(body), names))
    except QueryError as error:
        problem = QueryProblem(error.reason, error.line, error.column)
        return QueryPanel(sparql, question, edited, problem=problem)


def table(media: str, body: bytes, names: Names) -> ResultTable:
    """Return the table of an answer: solutions, a truth value, or the text of a graph."""
    if "json" not in media:
        return ResultTable(("Turtle",), ((Cell(Phrase(body.decode("utf-8"), "en")),),))
    answer = json.loads(body)
    if "boolean" in answer:
        return ResultTable(("ASK",), ((Cell(Phrase(str(answer["boolean"]).lower(), "en")),),))
    columns, rows = answer["head"].get("vars", []), answer["results"]["bindings"]
    return ResultTable(
        tuple(columns),
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
