"""The addresses of the research pages: each as a page, as rows, as a drawing, and as citations of its reports."""

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, Literal, NamedTuple

from fastapi import APIRouter, Body, Query
from markupsafe import Markup
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from search.answering.given import metric_of
from web.api import FAILING, LONGEST
from web.files import as_csv, as_drawing, as_file
from web.parts import Page
from web.rendering import frame, respond, words_of
from web.studies import checks, compare, disclosure, graph, ledger, risks, targets, technologies
from web.studies.contexts import Study
from web.studies.frames import Desk, desk

router = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api", tags=["api"], responses=FAILING)
Company = Annotated[str | None, Query(max_length=200)]
Address = Annotated[str | None, Query(max_length=500)]


Form = Literal["csv", "svg", "bib", "txt"]
FIGURES = 2000  # of a metric that all companies have on one page; of more it shows one company


class Kind(NamedTuple):
    """A research page that asks for nothing but a company."""

    name: str
    make: Callable[[Desk, Page], Any]
    rows: Callable[[Desk], Iterator[tuple[object, ...]]]
    columns: Sequence[str]
    draw: Callable[[Desk], Markup]


STUDIES = (
    Kind("targets", targets.targets_context, targets.target_rows, targets.COLUMNS, targets.targets_drawing),
    Kind("ledger", ledger.ledger_context, ledger.ledger_rows, ledger.COLUMNS, ledger.ledger_drawing),
    Kind("risks", risks.risks_context, risks.risk_rows, risks.COLUMNS, risks.risks_drawing),
    Kind(
        "disclosure",
        disclosure.disclosure_context,
        disclosure.disclosure_rows,
        disclosure.COLUMNS,
        disclosure.disclosure_drawing,
    ),
    Kind(
        "technologies",
        technologies.technologies_context,
        technologies.technology_rows,
        technologies.COLUMNS,
        technologies.technologies_drawing,
    ),
)


def _page(request: Request, name: str) -> Page:
    words = words_of(request)
    return frame(request, words, f"{words(f'studies.{name}')} \u00b7 {words('site.name')}", name)


def _cited(study: Study, form: Form) -> Response:
    """Return how to cite the reports of a page: BibTeX, or GB/T 7714 as text."""
    if form == "bib":
        entries = "\n\n".join(reference.bibtex for reference in study.references)
        return as_file(f"{study.name}.bib", f"{entries}\n", "application/x-bibtex; charset=utf-8")
    lines = "".join(f"[{place}] {reference.gbt}\n" for place, reference in enumerate(study.references, 1))
    return as_file(f"{study.name}.txt", lines, "text/plain; charset=utf-8")


def _add(kind: Kind) -> None:
    def show(request: Request, company: Company = None) -> HTMLResponse:
        return respond(request, kind.make(desk(request, company, whole=False), _page(request, kind.name)))

    def send(request: Request, form: Form, company: Company = None) -> Response:
        chosen = desk(request, company, whole=form == "csv")
        if form == "csv":
            return as_csv(kind.name, kind.columns, kind.rows(chosen))
        if form == "svg":
            return as_drawing(kind.name, kind.draw(chosen))
        return _cited(kind.make(chosen, _page(request, kind.name)).study, form)

    router.add_api_route(f"/{kind.name}", show, response_class=HTMLResponse)
    router.add_api_route(f"/{kind.name}.{{form}}", send)


for _kind in STUDIES:
    _add(_kind)


def _metric(request: Request, metric: str | None) -> str | None:
    """Return the IRI of a metric, named as for a question.

    :raises NotFound: with the nearest names.
    """
    return metric_of(metric, request.app.state.library.vocabulary).iri if metric else None


@router.get("/compare", response_class=HTMLResponse)
def show_compare(request: Request, company: Company = None, metric: Company = None) -> HTMLResponse:
    """Show metrics by company and year."""
    return respond(request, _compared(request, company, metric))


def _compared(request: Request, company: str | None, metric: str | None) -> Any:
    iri = _metric(request, metric)
    few = iri is not None and len(request.app.state.library.told.where(metric={iri})) <= FIGURES
    return compare.compare_context(desk(request, company, whole=few), _page(request, "compare"), iri)


@router.get("/compare.{form}")
def send_compare(
    request: Request,
    form: Form,
    company: Company = None,
    metric: Company = None,
) -> Response:
    """Send the figures of all metrics or of one, the chart of one, or how to cite the reports.

    :raises NotFound: if there is no such metric, or nothing to draw of it.
    """
    iri, chosen = _metric(request, metric), desk(request, company)
    if form == "csv":
        return as_csv("compare", compare.COLUMNS, compare.compare_rows(chosen, iri))
    if form == "svg":
        return as_drawing(metric or "compare", compare.chart_of(chosen, iri) if iri else Markup())
    return _cited(_compared(request, company, metric).study, form)


@router.get("/graph", response_class=HTMLResponse)
def show_graph(request: Request, iri: Address = None, kind: Company = None, company: Company = None) -> HTMLResponse:
    """Show what stands around a thing: an IRI or its path, else a company; ``kind`` is one class of it.

    :raises NotFound: if there is no such thing or kind.
    """
    chosen = desk(request, company)
    return respond(request, graph.graph_context(chosen, _page(request, "graph"), graph.asked(chosen, iri, kind)))


@router.get("/graph.{form}")
def send_graph(
    request: Request,
    form: Form,
    iri: Address = None,
    kind: Company = None,
    company: Company = None,
) -> Response:
    """Send what stands around a thing as rows or as a drawing, or how to cite the reports that name it.

    :raises NotFound: if there is no such thing or kind.
    """
    chosen = desk(request, company)
    wanted = graph.asked(chosen, iri, kind)
    if form == "csv":
        return as_csv("graph", graph.COLUMNS, graph.graph_rows(chosen, wanted))
    if form == "svg":
        return as_drawing("graph", graph.graph_drawing(chosen, wanted, str(request.base_url).rstrip("/")))
    return _cited(graph.graph_context(chosen, _page(request, "graph"), wanted).study, form)


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
