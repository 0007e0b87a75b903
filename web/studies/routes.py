"""The addresses of the research pages, each as a page and as CSV."""

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kg.errors import NotFound
from search.answering.given import metric_of
from web.api import FAILING, LONGEST
from web.parts import Page
from web.rendering import frame, respond, words_of
from web.studies import checks, compare, disclosure, ledger, risks, targets, technologies
from web.studies.frames import Desk, as_csv, desk

router = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api", tags=["api"], responses=FAILING)
Company = Annotated[str | None, Query(max_length=200)]
Make = Callable[[Desk, Page], Any]
Rows = Callable[[Desk], Iterator[tuple[object, ...]]]
STUDIES: tuple[tuple[str, Make, Rows, Sequence[str]], ...] = (
    ("targets", targets.targets_context, targets.target_rows, targets.COLUMNS),
    ("ledger", ledger.ledger_context, ledger.ledger_rows, ledger.COLUMNS),
    ("risks", risks.risks_context, risks.risk_rows, risks.COLUMNS),
    ("disclosure", disclosure.disclosure_context, disclosure.disclosure_rows, disclosure.COLUMNS),
    ("technologies", technologies.technologies_context, technologies.technology_rows, technologies.COLUMNS),
)


def _page(request: Request, name: str) -> Page:
    words = words_of(request)
    return frame(request, words, f"{words(f'studies.{name}')} \u00b7 {words('site.name')}", name)


def _add(name: str, make: Make, rows: Rows, columns: Sequence[str]) -> None:
    def show(request: Request, company: Company = None) -> HTMLResponse:
        return respond(request, make(desk(request, company), _page(request, name)))

    def send(request: Request, company: Company = None) -> Response:
        return as_csv(name, columns, rows(desk(request, company)))

    router.add_api_route(f"/{name}", show, response_class=HTMLResponse)
    router.add_api_route(f"/{name}.csv", send)


for _study in STUDIES:
    _add(*_study)


def _metric(request: Request, metric: str | None) -> str | None:
    """Return the IRI of a metric, named as for a question.

    :raises NotFound: with the nearest names.
    """
    return metric_of(metric, request.app.state.library.vocabulary).iri if metric else None


@router.get("/compare", response_class=HTMLResponse)
def show_compare(request: Request, company: Company = None, metric: Company = None) -> HTMLResponse:
    """Show metrics by company and year."""
    context = compare.compare_context(desk(request, company), _page(request, "compare"), _metric(request, metric))
    return respond(request, context)


@router.get("/compare.svg")
def draw_compare(request: Request, metric: Company = None, company: Company = None) -> Response:
    """Send the chart of a metric.

    :raises NotFound: if there is no such metric, or nothing to draw of it.
    """
    iri = _metric(request, metric)
    chart = compare.chart_of(desk(request, company), iri) if iri else ""
    if not chart:
        raise NotFound("chart", metric or "", [])
    return Response(str(chart), media_type="image/svg+xml")


@router.get("/compare.csv")
def send_compare(request: Request, company: Company = None, metric: Company = None) -> Response:
    """Send the figures of all metrics or of one as CSV."""
    return as_csv("compare", compare.COLUMNS, compare.compare_rows(desk(request, company), _metric(request, metric)))


@router.get("/check", response_class=HTMLResponse)
def show_check(request: Request, text: Annotated[str, Query()] = "") -> HTMLResponse:
    """Show the form for a claim, or a claim with its verdict and evidence."""
    sentence = _sentence(request, text) if text.strip() else ""
    return respond(request, checks.check_context(desk(request, None), _page(request, "check"), sentence))


class Claim(BaseModel):
    """A sentence to check."""

    text: str = Field(min_length=1, max_length=LONGEST, description="A sentence with a number, Chinese or English")


class CheckedClaim(BaseModel):
    """A number of a claim: where it stands in the sentence, what was read, and what the reports say."""

    start: int
    end: int
    written: str
    value: Any
    unit: str
    metric: str
    verdict: Literal["supported", "contradicted", "absent"]
    evidence: list[dict[str, Any]] = Field(description="Facts that support or contradict it, as in /api/facts")
    nearest: list[dict[str, Any]] = Field(description="Facts on the same metric, where none is about the same thing")
    differs: list[str] = Field(description="In what the nearest fact is about something else")


class Verdict(BaseModel):
    """What the reports say of a sentence: the verdict of its gravest number."""

    text: str
    verdict: Literal["supported", "contradicted", "absent", "no-number"]
    numbers: list[CheckedClaim]


@api.post("/check", response_model=Verdict, summary="Check a sentence with a number against the reports")
def check(request: Request, claim: Annotated[Claim, Body()]) -> dict[str, Any]:
    """Return whether the reports support a sentence, contradict it, or do not speak of it, with the evidence."""
    library = request.app.state.library
    return checks.check_json(checks.checked(_sentence(request, claim.text), library), library)


def _sentence(request: Request, text: str) -> str:
    """Return a sentence on one line.

    :raises QuestionError: if nothing is left, or too much.
    """
    sentence: str = request.app.state.library.plain(text)
    return sentence
