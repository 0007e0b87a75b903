"""The JSON interface: search, ask, facts, reports, health."""

from collections.abc import Iterator
from functools import partial
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Annotated, Any, Literal

import anyio
from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.requests import Request

from kg.model import Report
from search.answering import answer as answering
from search.answers import as_json, hit_json
from search.exports import lines, write_facts
from search.facts import Facts
from web.collection import collection
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
Limit = Annotated[int | None, Query(ge=1, le=1_000_000, description="How many at most; all where it is left out")]
Offset = Annotated[int, Query(ge=0, le=1_000_000_000, description="How many to leave out at the beginning")]
AnswerKind = Literal["number", "comparison", "list", "text", "topic"]
Given = Annotated[
    str | None,
    Query(
        description="Instead of what the question names: a label, an IRI or its last part; any for none", max_length=200
    ),
]
PIECE = 1 << 16  # bytes of a file that are sent at a time
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
    limit: Limit = None,
    offset: Offset = 0,
) -> Response:
    """Return the facts of the collection or of a part of it; ``X-Total-Count`` says how many fit."""
    library = request.app.state.library
    told: Facts = library.told
    places = told.where(
        years=None if year is None else {year},
        company=None if company is None else {library.filters.company(company)},
        report=None if report is None else {library.report(report).id},
        kind=None if type is None else {type},
    )
    chosen = told.at(places[offset:] if limit is None else places[offset : offset + limit])
    found: Iterator[dict[str, Any]] = (library.fact_line(fact) for fact in chosen)
    headers = {"Content-Type": MEDIA[format], "Content-Disposition": f'inline; filename="facts.{format}"'}
    headers["X-Total-Count"] = str(len(places))
    if format != "parquet":
        return StreamingResponse(lines(found, format), headers=headers)
    table = TemporaryFile()  # noqa: SIM115 - it is closed when it has been sent
    write_facts(found, format, table)
    table.seek(0)
    return StreamingResponse(parts(table), headers=headers)


def parts(file: IO[bytes]) -> Iterator[bytes]:
    """Yield a file piece by piece, and close it."""
    with file:
        yield from iter(partial(file.read, PIECE), b"")


@router.get("/reports", response_model=Reports, summary="The reports of the collection")
def reports(request: Request, response: Response, limit: Limit = None, offset: Offset = 0) -> dict[str, Any]:
    """Return every report, or ``limit`` of them, with its title, company, year, language and number of facts."""
    library = request.app.state.library
    response.headers["X-Total-Count"] = str(len(library.reports))
    chosen = islice(library.reports.values(), offset, None if limit is None else offset + limit)
    counts = collection(request.app.state).by_report
    return {"reports": [_line(report, counts[report.id]) for report in chosen]}


def _line(report: Report, facts: int) -> ReportLine:
    return ReportLine(
        id=report.id,
        iri=report.iri,
        title=dict(report.title),
        company=report.company,
        year=report.year,
        language=report.language,
        characters=report.characters,
        fact_count=facts,
        sha256=report.sha256,
    )


@router.get("/reports/{id}", response_model=ReportBody, summary="A report with its text and facts")
def report(request: Request, id: str) -> dict[str, Any]:
    """Return a report's text, exactly as in its file, and the facts found in it."""
    library = request.app.state.library
    found = library.report(id)
    return {
        **_line(found, len(library.told.of_report(id))).model_dump(),
        "text": found.text,
        "facts": [library.fact_line(fact) for fact in library.facts(id)],
    }


@router.get("/health", response_model=Health, summary="Whether the server can answer")
def health(request: Request) -> JSONResponse:
    """Return what is open; 503 where the server cannot answer."""
    found = request.app.state.library.health()
    return JSONResponse(found, 200 if found["status"] == "ok" else 503, {"Cache-Control": "no-store"})
