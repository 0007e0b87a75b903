"""What a language model may do with the library: search, ask, query, describe.

Whatever comes back is short and typed. Names come as SPARQL writes them, ``m:pue`` or ``<https://...>``, so that each
can be put into the next call as it stands.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from itertools import chain, islice
from typing import Annotated, Any, Literal, ParamSpec, TypeVar

from pydantic import BaseModel, Field

from kg import ids
from kg.errors import KgError, NotFound, QueryError
from kg.model import Report
from kg.pool import Result
from kg.sparql import tokens
from kg.terms import IRI, PREFIXES, BlankNode, Term
from kg.terms import Literal as Text
from kg.tsv import cells, term
from search.answers import as_json, hit_json
from search.library import Library
from search.seeking import Sought
from web.failures import message, verdict
from web.identifiers import nearest

LONGEST = 2000  # characters of one value: a passage has at most 800
CANDIDATES = 5  # concepts that come nearest to words
LOCAL = re.compile(r"[A-Za-z0-9_](?:[\w-]*\w)?", re.ASCII)  # of a name that needs no escape after its prefix
ROWS = ("text/tab-separated-values", "application/n-triples")

Cell = str | int | float | bool | None
Kind = Literal["passage", "observation", "target", "risk", "opportunity", "initiative", "technology", "mention"]
Given = ParamSpec("Given")
Told = TypeVar("Told")


class Hit(BaseModel):
    """A place in a report: ``text`` is the report's own, characters ``start`` to ``end`` of it."""

    name: str = Field(description="Name of the passage or fact, for describe and for SPARQL")
    report: str
    company: str
    start: int
    end: int
    text: str
    score: float = Field(ge=0, le=1)
    matched: list[str] = Field(description="What matched the query, as it stands in the report")


class Hits(BaseModel):
    """What a search found, best first."""

    hits: list[Hit]


class Citation(BaseModel):
    """The words of a report that an answer rests on."""

    report: str
    start: int
    end: int
    quote: str


class Value(BaseModel):
    """A number of an answer, as it stands in the report (``written``) and in its unit."""

    value: float | list[float]
    unit: str
    year: int | None
    company: str
    written: str
    fact: str
    report: str
    quote: str


class Reply(BaseModel):
    """An answer, or the statement that the reports do not say: then ``answered`` is false."""

    answered: bool
    text: str
    values: list[Value]
    items: list[str]
    citations: list[Citation]
    sparql: str = Field(description="The query that found the facts; the tool sparql runs it as it stands")
    confidence: float


class Table(BaseModel):
    """The rows of a query; those of a graph are its triples, that of ASK is true or false."""

    columns: list[str]
    rows: list[list[Cell]]
    more: bool = Field(description="Whether there are rows beyond these")


class Description(BaseModel):
    """What the graph says of a name."""

    name: str
    labels: dict[str, str] = Field(description="By language")
    properties: dict[str, list[Cell]]
    used: int = Field(description="In how many statements of others it stands")
    fact: dict[str, Any] | None = Field(default=None, description="The fact with its quote, where it is one")
    others: dict[str, str] = Field(default={}, description="Names of concepts that come next to the words, with labels")


def told(tool: Callable[Given, Told], refusal: type[Exception]) -> Callable[Given, Told]:
    """Return a tool whose errors say what is wrong, where, and what to do, as a ``refusal``.

    Where there is a nearest name, that is what to do.
    """

    @wraps(tool)
    def told_tool(*args: Given.args, **given: Given.kwargs) -> Told:
        try:
            return tool(*args, **given)
        except KgError as error:
            remedy = "" if getattr(error, "nearest", ()) else f". {verdict(error).remedy}"
            raise refusal(message(error) + remedy) from error

    return told_tool


@dataclass(frozen=True, slots=True)
class Tools:
    """The tools over a library; each reads only, and gives ``settings.tool_rows`` of anything at most."""

    library: Library

    def search(
        self,
        query: Annotated[str, Field(description="Words or a question, Chinese or English")],
        limit: Annotated[int, Field(ge=1, le=100, description="How many hits")] = 5,
        kind: Annotated[Kind, Field(description="What to find: passages, or facts of a kind")] = "passage",
        company: Annotated[str | None, Field(description="A company, by any of its names")] = None,
        year: Annotated[int | None, Field(description="Only of this year")] = None,
        report: Annotated[str | None, Field(description="Only of this report, by its id")] = None,
        technology: Annotated[str | None, Field(description="Only what speaks of this technology")] = None,
        risk: Annotated[str | None, Field(description="Only of this category of risk or opportunity")] = None,
    ) -> Hits:
        """Find places in the reports by words and by meaning, across Chinese and English."""
        filters = self.library.filters
        where = filters.where({kind}, company=company, year=year, report=report, technology=technology, risk=risk)
        hits = self.library.search(query, min(limit, self._most), where=where)
        reports = self.library.reports
        return Hits(hits=[_hit(hit_json(hit, self.library), reports[hit.entry.report]) for hit in hits])

    def ask(self, question: Annotated[str, Field(description="One question, Chinese or English")]) -> Reply:
        """Answer a question from the reports, with numbers, quotes and the SPARQL behind the answer."""
        found = as_json(self.library.ask(question), self.library)
        kept = {name: found[name][: self._most] for name in ("values", "items", "citations")}
        kept["values"] = [{**value, "fact": name_of(value["fact"])} for value in kept["values"]]
        return Reply.model_validate({**found, **kept})

    def sparql(
        self,
        query: Annotated[str, Field(description="SPARQL 1.1; our prefixes need not be declared")],
        limit: Annotated[int, Field(ge=1, description="How many rows to return")] = 50,
    ) -> Table:
        """Run a query over all facts, the ontology, and the search services."""
        most = min(limit, self._most)
        try:
            _, result = self.library.sparql.run(f"{_prefixes(query)}\n{query}", ROWS)
            columns, rows = _opened(result)
            found = list(islice(rows, most + 1))
            result.close()
        except QueryError as error:
            raise type(error)(error.reason, error.line and max(1, error.line - 1), error.column) from error
        values = [[_cell(term(cell)) for cell in row] for row in found[:most]]
        return Table(columns=columns, rows=values, more=len(found) > most)

    def describe(
        self, name: Annotated[str, Field(description="m:pue, an IRI, the id of a fact, or words for a concept")]
    ) -> Description:
        """Say what the graph knows of a fact, a concept, a company or a report."""
        iri, others = iri_of(name), []
        if iri is None:
            others = self.library.sought(Sought("concepts", name, CANDIDATES))
            if not others:
                raise NotFound("concept", name)
            iri = others[0].iri
        triples = self.library.describe(iri)
        if not triples:
            raise NotFound("name", name, [name_of(near) for near in nearest(self.library, iri)])
        used = f"SELECT (COUNT(*) AS ?n) {{ ?s ?p {IRI(iri).n3} }}"
        about: defaultdict[str, list[Term]] = defaultdict(list)
        for triple in triples:
            if triple.subject == IRI(iri):
                about[triple.predicate.value].append(triple.object)
        return Description(
            name=name_of(iri),
            labels=_labels(about),
            properties={name_of(of): [_cell(value) for value in about[of][: self._most]] for of in sorted(about)},
            used=int(str(self.library.store.select(used)[0]["n"])),
            fact=self.library.fact_line(self.library.fact(iri)) if iri.startswith(f"{ids.BASE}fact/") else None,
            others={name_of(found.iri): found.text for found in others[1:]},
        )

    @property
    def _most(self) -> int:
        return self.library.settings.tool_rows


def name_of(iri: str) -> str:
    """Return an IRI as SPARQL writes it, with one of our prefixes where that needs no escape.

    >>> name_of("https://w3id.org/tantu/metric/pue"), name_of("https://w3id.org/tantu/doc/a#offset_1_2")
    ('m:pue', '<https://w3id.org/tantu/doc/a#offset_1_2>')
    """
    for prefix, space in PREFIXES.items():
        if iri.startswith(space) and LOCAL.fullmatch(iri.removeprefix(space)):
            return f"{prefix}:{iri.removeprefix(space)}"
    return IRI(iri).n3


def iri_of(name: str) -> str | None:
    """Return the IRI that a name stands for, or None for other words.

    >>> iri_of("m:pue"), iri_of("<http://e/a>"), iri_of("energy use")
    ('https://w3id.org/tantu/metric/pue', 'http://e/a', None)
    >>> iri_of("mobile-2023-966f0fcfe5")
    'https://w3id.org/tantu/fact/mobile-2023-966f0fcfe5'
    """
    plain = name.strip().removeprefix("<").removesuffix(">")
    prefix, colon, local = plain.partition(":")
    if local.startswith("//"):
        return plain
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix] + local
    return f"{ids.BASE}fact/{plain}" if re.fullmatch(r"[\w-]+-[0-9a-f]{10}", plain, re.ASCII) else None


def _prefixes(query: str) -> str:
    """Declare on one line those of our prefixes that a query uses; what it declares itself comes later and counts."""
    used = {token.text.partition(":")[0] for token in tokens(query) if token.kind == "name"}
    return " ".join(f"PREFIX {name}: <{space}>" for name, space in PREFIXES.items() if name in used)


def _opened(result: Result) -> tuple[list[str], Iterator[list[str]]]:
    """Return the names of a result's columns, and its rows as cells."""
    if result.kind == "boolean":
        return ["answer"], iter([[b"".join(result).decode().strip()]])
    rows = cells(chain([b"\n"], result))  # whose first line is left out as the head
    if result.kind == "graph":
        return ["subject", "predicate", "object"], ("\t".join(row).removesuffix(" .").split(" ", 2) for row in rows)
    return [name.removeprefix("?") for name in next(rows, [])], rows


def _cell(value: Term | None) -> Cell:
    """Return a value as JSON has it; a long text is cut, and says so."""
    if value is None:
        return None
    if isinstance(value, BlankNode):
        return value.n3
    if isinstance(value, IRI):
        return name_of(value.value)
    plain = value.python
    if isinstance(plain, str) and len(plain) > LONGEST:
        return f"{plain[:LONGEST]}... ({len(plain):,} characters)"
    return plain


def _labels(about: dict[str, list[Term]]) -> dict[str, str]:
    """Return the name of a thing by language."""
    found = [*about.get(f"{PREFIXES['rdfs']}label", ()), *about.get(f"{PREFIXES['skos']}prefLabel", ())]
    return {label.language: label.value for label in found if isinstance(label, Text) and label.language}


def _hit(found: dict[str, Any], report: Report) -> Hit:
    marked = [report.text[place["start"] : place["end"]] for place in found["highlights"]]
    return Hit(
        **{name: found[name] for name in ("report", "start", "end", "text", "score")},
        name=name_of(found["iri"]),
        company=name_of(found["company"]),
        matched=list(dict.fromkeys(marked)),
    )
