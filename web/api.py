"""The JSON interface: search, ask, facts, reports, health."""

from collections.abc import Iterator
from io import BytesIO
from typing import Annotated, Any, Literal

import anyio
from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.requests import Request

from kg.model import Fact, Report
from search.answering import answer as answering
from search.answers import as_json, hit_json
from search.exports import lines, write_facts
from web.schemas import AnswerBody, Choices, Failure, Health, ReportBody, ReportLine, Reports, Results

FAILING: dict[int | str, dict[str, Any]] = {
    400: {"model": Failure, "description": "A filter by what there is not; nearest holds what comes close"},
    404: {"model": Failure, "description": "Unknown; nearest holds what comes close"},
    422: {"model": Failure, "description": "A parameter that cannot be, or a question that is empty or too long"},
    503: {"model": Failure, "description": "Not ready, or too much asked at once"},
}
router = APIRouter(prefix="/api", tags=["api"], responses=FAILING)

LONGEST = 2000  # characters of a question, as OpenAPI tells it; the setting question_length decides
ANY_QUESTION = {"minLength": 1, "maxLength": LONGEST}
Question = Annotated[str, Query(description="A question or words, Chinese or English", json_schema_extra=ANY_QUESTION)]
Company = Annotated[
    str | None,
    Query(description="A company: its name in any script, its IRI, or the last part of that", max_length=200),
]
Year = Annotated[int | None, Query(ge=1900, le=2200, description="The year that a report or a fact speaks of")]
Findable = Literal["passage", "observation", "target", "risk", "opportunity", "initiative", "technology", "mention"]
Kind = Literal["observation", "target", "risk", "opportunity", "initiative", "technology", "mention"]
ReportId = Annotated[str | None, Query(description="Only of this report", max_length=200)]
Technology = Annotated[
    str | None,
    Query(
        description="A technology or a group of them: a label in any script, an IRI, or its last part", max_length=200
    ),
]
Risk = Annotated[
    str | None,
    Query(
        description="A category of risk or opportunity, those below it included; named as a technology", max_length=200
    ),
]
AnswerKind = Literal["number", "comparison", "list", "text", "topic"]
Given = Annotated[
    str | None,
    Query(
        description="Instead of what the question names: a label, an IRI or its last part; any for none", max_length=200
    ),
]
MEDIA = {
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8; header=present",
    "parquet": "application/vnd.apache.parquet",
}


@router.get("/search", response_model=Results, summary="Find passages by words and by meaning")
def search(
    request: Request,
    q: Question,
    k: Annotated[int, Query(ge=1, le=100, description="How many results at most")] = 10,
    company: Company = None,
    year: Year = None,
    type: Annotated[Findable, Query(description="What to find: passages, or facts of a kind")] = "passage",
    report: ReportId = None,
    technology: Technology = None,
    risk: Risk = None,
) -> dict[str, Any]:
    """Return passages, best first, each with its place in a report, what matched, and why."""
    library = request.app.state.library
    where = library.filters.where({type}, company=company, year=year, report=report, technology=technology, risk=risk)
    return {"results": [hit_json(hit, library) for hit in library.search(q, k, where=where)]}


@router.get("/filters", response_model=Choices, summary="What a search can be narrowed by")
def filters(request: Request) -> dict[str, Any]:
    """Return the values that the parameters of ``/api/search`` take in this collection, each with its labels."""
    library = request.app.state.library
    return {name: [_choice(iri, library) for iri in values] for name, values in library.choices().items()}


def _choice(value: str | int, library: Any) -> dict[str, Any]:
    """Return a value of a filter with the preferred labels that the ontology has for it."""
    labels = library.vocabulary.concept(value).labels if value in library.vocabulary else ()
    return {"value": value, "labels": {label.language: label.text for label in labels if label.role == "pref"}}


@router.get("/ask", response_model=AnswerBody, summary="Answer a question with its evidence")
async def ask(
    request: Request,
    q: Question,
    company: Given = None,
    year: Annotated[
        str | None, Query(pattern="^(\\d{4}|any)$", description="Instead of the years that it names")
    ] = None,
    metric: Given = None,
    kind: Annotated[AnswerKind | None, Query(description="The kind of answer that is wanted")] = None,
) -> dict[str, Any]:
    """Return an answer, the facts and quotes that it rests on, and the SPARQL that found them.

    What is given goes before what the question names.
    """
    library, given = request.app.state.library, answering.Given(company, year, metric, kind)
    limiter = request.app.state.answers
    return await anyio.to_thread.run_sync(lambda: as_json(library.ask(q, given), library), limiter=limiter)


@router.get("/facts", summary="All facts, one a line", response_class=StreamingResponse, responses={
    200: {"content": {name: {} for name in MEDIA.values()}, "description": "JSON lines, CSV or Parquet"}
})  # fmt: skip
def facts(
    request: Request,
    report: ReportId = None,
    company: Company = None,
    year: Year = None,
    type: Annotated[Kind | None, Query(description="Only facts of this kind")] = None,
    format: Annotated[Literal["jsonl", "csv", "parquet"], Query(description="What to send")] = "jsonl",
) -> Response:
    """Return the facts of the collection or of a part of it."""
    library = request.app.state.library
    iri = None if company is None else library.filters.company(company)
    chosen = (fact for fact in library.facts(report) if _fits(fact, iri, year, type))
    found: Iterator[dict[str, Any]] = (library.fact_line(fact) for fact in chosen)
    headers = {"Content-Type": MEDIA[format], "Content-Disposition": f'inline; filename="facts.{format}"'}
    if format != "parquet":
        return StreamingResponse(lines(found, format), headers=headers)
    table = BytesIO()
    write_facts(found, format, table)
    return Response(table.getvalue(), headers=headers)


def _fits(fact: Fact, company: str | None, year: int | None, kind: str | None) -> bool:
    return company in (None, fact.company) and year in (None, getattr(fact, "year", None)) and kind in (None, fact.kind)


@router.get("/reports", response_model=Reports, summary="The reports of the collection")
def reports(request: Request) -> dict[str, Any]:
    """Return every report with its title, company, year, language and number of facts."""
    library = request.app.state.library
    return {"reports": [_line(library, report) for report in library.reports.values()]}


def _line(library: Any, report: Report) -> ReportLine:
    return ReportLine(
        id=report.id,
        iri=report.iri,
        title=dict(report.title),
        company=report.company,
        year=report.year,
        language=report.language,
        characters=len(report.text),
        fact_count=sum(1 for _ in library.facts(report.id)),
        sha256=report.sha256,
    )


@router.get("/reports/{id}", response_model=ReportBody, summary="A report with its text and facts")
def report(request: Request, id: str) -> dict[str, Any]:
    """Return a report's text, exactly as in its file, and the facts found in it."""
    library = request.app.state.library
    found = library.report(id)
    return {
        **_line(library, found).model_dump(),
        "text": found.text,
        "facts": [library.fact_line(fact) for fact in library.facts(id)],
    }


@router.get("/health", response_model=Health, summary="Whether the server can answer")
def health(request: Request) -> JSONResponse:
    """Return what is open; 503 where the server cannot answer."""
    found = request.app.state.library.health()
    return JSONResponse(found, 200 if found["status"] == "ok" else 503, {"Cache-Control": "no-store"})
