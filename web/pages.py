"""The pages for people: ask, answer, reports, the reader, the editor, the ontology, any IRI, and failures."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse

from kg import ids
from kg.errors import NotFound
from kg.model import Report
from search.answering.answer import Given
from web import addresses, examples, reader
from web.absence import searched
from web.chips import Correction
from web.collection import Collection, collection
from web.contexts import (
    AnswerContext,
    Count,
    Examples,
    Finding,
    HomeContext,
    ReaderContext,
    ReportsContext,
)
from web.evidence import Evidence
from web.margin import notes
from web.marks import Mark
from web.names import Names
from web.ontology import ontology_context
from web.parts import Link, Phrase
from web.rendering import environment, frame, respond, words_of
from web.resources import Resources
from web.results import panel
from web.shelf import LANGUAGE_NAMES, SHOWN, report_row, with_words
from web.sides import compared
from web.uses import uses_of
from web.words import LANGUAGES, Words, words_for

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

Text = Annotated[str | None, Query()]
Offset = Annotated[int | None, Query(ge=0)]


@router.get("/")
def ask(
    request: Request,
    q: Text = None,
    sparql: Text = None,
    company: Text = None,
    year: Text = None,
    metric: Text = None,
    kind: Text = None,
) -> HTMLResponse:
    """Show the question box, or the answer to ``q``; ``sparql`` is an edited query to run beside it.

    ``company``, ``year``, ``metric`` and ``kind`` go before what the question names, "any" gives it up.
    """
    words = words_of(request)
    if q is None:
        return respond(request, _home(request, words))
    given = Given(company or None, year or None, metric or None, kind or None)
    return respond(request, _answer(request, words, q, sparql, given))


def _names(request: Request, words: Words) -> Names:
    return Names(request.app.state.library.vocabulary, words.language)


def _home(request: Request, words: Words) -> HomeContext:
    reports = request.app.state.library.reports
    counts = collection(request.app.state)
    return HomeContext(
        page=frame(request, words, words("site.title"), "home"),
        examples=tuple(_examples(words)),
        counts=tuple(_counts(words, counts, list(reports.values()))),
    )


def _examples(words: Words) -> Iterator[Examples]:
    """Yield the example questions, those in the language of the page first."""
    for language in sorted(LANGUAGES, key=lambda tag: (tag != words.language, LANGUAGES.index(tag))):
        own = words_for(language)
        asked = [own(f"examples.{name}") for name in ("number", "target", "list")]
        links = tuple(Link(Phrase(text, language), addresses.with_query("/", q=text)) for text in asked)
        yield Examples(language, own(LANGUAGE_NAMES[language]), links)


def _counts(words: Words, counts: Collection, reports: Sequence[Report]) -> Iterator[Count]:
    years = sorted({report.year for report in reports})
    span = f"{years[0]}\u2013{years[-1]}" if len(years) > 1 else "".join(map(str, years))
    yield Count(f"{len(reports):,}", words("count.reports", n=len(reports)))
    yield Count(f"{counts.facts:,}", words("count.facts", n=counts.facts))
    yield Count(span, words("count.years", n=len(years)))
    companies = len({report.company for report in reports})
    yield Count(f"{companies:,}", words("count.companies", n=companies))


def _answer(request: Request, words: Words, question: str, sparql: str | None, given: Given) -> AnswerContext:
    library, names = request.app.state.library, _names(request, words)
    answer = library.ask(question, given)
    asked = {"q": question} | {name: value for name, value in asdict(given).items() if value}
    evidence = Evidence(library.reports, names, words)
    cards = evidence.cards(answer)
    shape = answer.understanding.shape if answer.answered else ""
    figures = tuple(card.figure for card in cards if card.figure)
    by_facts = answer.answered and any(card.cited for card in cards)
    places, others = evidence.answering(answer)
    return AnswerContext(
        page=frame(request, words, f"{question} \u00b7 {words('site.name')}", "answer", question),
        answered=answer.answered,
        by_facts=by_facts,
        sentence=Phrase(answer.text, answer.understanding.language),
        understood=Correction(names, words, asked).of(answer, library.reports, library.told),
        lead=next(iter(figures), None) if shape == "number" else None,
        figures=figures if shape == "comparison" else (),
        chart=compared(answer.facts, names) if shape == "comparison" else Markup(),
        items=tuple(evidence.items(answer, cards)),
        cards=cards,
        places=() if by_facts else places,
        passages=(*places, *others) if by_facts else others,
        panel=panel(library, names, question, sparql or answer.sparql, answer.sparql, run=sparql is not None),
        searched=None if answer.answered else searched(answer.understanding, names, library.reports),
    )


@router.get("/panel")
def query_panel(request: Request, sparql: str, q: str = "") -> HTMLResponse:
    """Run an edited query and return the panel alone, for the script of the answer page."""
    words = words_of(request)
    made = panel(request.app.state.library, _names(request, words), q, sparql)
    html = environment().get_template("panel.html").render(panel=made, words=words)
    return HTMLResponse(html, 200 if made.problem is None else 400)


@router.get("/reports")
def list_reports(request: Request, find: Text = None) -> HTMLResponse:
    """Show the list of reports, or of those with a word in id, title or company: as many as a page can have."""
    words = words_of(request)
    names, counts = _names(request, words), collection(request.app.state)
    found = with_words(request.app.state.library.reports.values(), find or "", names)
    found.sort(key=lambda report: (-report.year, report.id))
    rows = tuple(report_row(words, names, report, counts.by_report[report.id]) for report in found[:SHOWN])
    page = frame(request, words, f"{words('nav.reports')} \u00b7 {words('site.name')}", "reports")
    return respond(request, ReportsContext(page, rows, find or "", max(len(found) - SHOWN, 0)))


@router.get("/reports/{report_id}")
def read(request: Request, report_id: str, start: Offset = None, end: Offset = None, find: Text = None) -> HTMLResponse:
    """Show a report; ``start`` and ``end`` mark a quote, ``find`` the places of a word in any script."""
    words, report = words_of(request), _report(request, report_id)
    names = _names(request, words)
    places = reader.find(report, find) if find else []
    marks = [Mark(span.start, span.end, "found", anchor="found" if not i else None) for i, span in enumerate(places)]
    if start is not None and end is not None and start < end <= len(report.text):
        marks.append(Mark(start, end, "quote", anchor="quote"))
    marks += reader.leaves(report, lambda number: words("cite.page", page=number))
    margin = notes(request.app.state.library.facts(report=report.id), names, words, report)
    title = names.pick(report.title) or Phrase(report.id, "en")
    context = ReaderContext(
        page=frame(request, words, f"{title.text} \u00b7 {words('site.name')}", "reader"),
        report=report.id,
        title=title,
        company=names.of(report.company),
        year=str(report.year),
        language=report.language,
        outline=reader.outline(report),
        blocks=reader.blocks(report, margin, marks),
        notes=len(margin),
        pages=len(report.pages),
        finding=Finding(find, len(places), places[0].start if places else None) if find else None,
        rdf=f"/doc/{report.id}?format=turtle",
    )
    return respond(request, context)


@router.get("/reports/{report_id}/find", response_class=JSONResponse)
def find_in(request: Request, report_id: str, q: str = "") -> JSONResponse:
    """Return the places of a word in a report as pairs of code point offsets; the script of the word is no matter."""
    report = _report(request, report_id)
    return JSONResponse({"places": [[span.start, span.end] for span in reader.find(report, q)]})


def _report(request: Request, report_id: str) -> Report:
    reports = request.app.state.library.reports
    if report_id not in reports:
        raise NotFound("report", report_id, examples.nearest(report_id, reports))
    report: Report = reports[report_id]
    return report


@router.get("/ontology")
def ontology(request: Request) -> HTMLResponse:
    """Show the classes and concepts of the ontology with their names in three languages and their counts."""
    words = words_of(request)
    page = frame(request, words, f"{words('nav.ontology')} \u00b7 {words('site.name')}", "ontology")
    names = _names(request, words)
    return respond(request, ontology_context(page, names, uses_of(request.app.state)))


@router.get("/ontology/{name}")
def term(request: Request, name: str) -> HTMLResponse:
    """Show a class or a property of the ontology with the facts that speak of it."""
    return render_resource(request, f"{ids.ONTOLOGY}{name}")


def render_resource(request: Request, iri: str) -> HTMLResponse:
    """Show what the graph says of an IRI.

    :raises NotFound: if it says nothing.
    """
    words = words_of(request)
    library, names = request.app.state.library, _names(request, words)
    resources = Resources(library, Evidence(library.reports, names, words), uses_of(request.app.state))
    return respond(request, resources.context(iri, lambda title: frame(request, words, title, "resource")))
