"""Every IRI of ours answers: a page for people, RDF for programs, by Accept or by ``?format=``."""

from collections.abc import Callable
from difflib import get_close_matches
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from kg import ids, media
from kg.errors import NotFound
from kg.terms import IRI, text
from web import addresses, pages
from web.failures import RequestError
from web.negotiation import SHORT, choose, prefers_html
from web.schemas import Failure

router = APIRouter(tags=["identifiers"])

KINDS = ("metric", "technology", "code", "unit", "kind", "org", "period", "place", "example", "graph")
Format = Annotated[str | None, Query(description=f"Instead of Accept: {', '.join(SHORT)}")]
ANY_RDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {name: {} for name in ("text/html", *media.GRAPHS)}, "description": "A page, or RDF"},
    303: {"description": "Where a browser finds the page of it"},
    400: {"model": Failure, "description": "A format that there is not"},
    404: {"model": Failure, "description": "Unknown; nearest holds what comes close"},
}


ABOUT = {"ontology": "/ontology", "catalogue": "/reports", "examples": "/sparql#examples"}
"""The pages of the graphs that hold no report."""


def form_of(request: Request, asked: str | None) -> str:
    """Return the form to answer in: ``html`` or one of ``kg.media.GRAPHS``.

    :raises RequestError: if ``?format=`` names one that we do not have.
    """
    accept = request.headers.get("accept")
    if asked is not None:
        if asked.lower() not in SHORT:
            raise RequestError(400, f"there is no format {asked[:40]!r}; there are {', '.join(SHORT)}")
        return SHORT[asked.lower()]
    return "html" if prefers_html(accept) else media.GRAPHS[choose(accept, media.GRAPHS)]


def answer(request: Request, asked: str | None, iri: str, query: str, page: Callable[[], Response]) -> Response:
    """Return the page of an IRI, or the graph that ``query`` constructs, in the form that is wanted.

    :raises NotFound: if the graph is empty; with the nearest IRIs.
    """
    form = form_of(request, asked)
    library = request.app.state.library
    if not library.store.ask(f"ASK {{ {query} }}"):
        raise NotFound(_kind(iri), iri.removeprefix(ids.BASE), nearest(library, iri))
    if form == "html":
        return page()
    accepted = (next(name for name, known in media.GRAPHS.items() if known == form),)
    content_type, result = library.sparql.run(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {query} }}", accepted)
    return Response(b"".join(result), headers={"Content-Type": content_type, "Vary": "Accept"})


def _kind(iri: str) -> str:
    return iri.removeprefix(ids.BASE).partition("/")[0]


def nearest(library: Any, iri: str) -> list[str]:
    """Return up to three IRIs of the same kind that look like this one."""
    start = iri[: iri.rindex("/") + 1]
    begins = f'isIRI(?s) && STRSTARTS(STR(?s), {text(start).n3}) && !CONTAINS(STR(?s), "#")'
    found = library.store.select(f"SELECT DISTINCT ?s {{ ?s ?p ?o FILTER({begins}) }}")
    return get_close_matches(iri, sorted(str(row["s"]) for row in found), 3, 0.7)


def about(iri: str) -> str:
    """Return the pattern of what the graphs say of an IRI."""
    return f"{{ {IRI(iri).n3} ?p ?o BIND({IRI(iri).n3} AS ?s) }}"


def within(iri: str, graph: str) -> str:
    """Return the pattern of what one graph says of an IRI and of those that begin with it and a hash sign."""
    name, start = IRI(iri).n3, text(f"{iri}#").n3
    return f"GRAPH {IRI(graph).n3} {{ ?s ?p ?o FILTER(?s = {name} || STRSTARTS(STR(?s), {start})) }}"


@router.get("/fact/{name}", responses=ANY_RDF, response_class=Response, summary="A fact")
def fact(request: Request, name: str, format: Format = None) -> Response:
    """Return a fact with the place of its quote."""
    iri = request.app.state.library.fact(name).iri
    return answer(request, format, iri, about(iri), lambda: pages.render_resource(request, iri))


@router.get("/doc/{report}", responses=ANY_RDF, response_class=Response, summary="A report's text")
def document(request: Request, report: str, format: Format = None) -> Response:
    """Return what is known of a report's text and of the places in it; a browser is sent to the reader."""
    found = request.app.state.library.report(report)
    pattern = within(found.iri, ids.graph_iri(found.id))
    return answer(request, format, found.iri, pattern, lambda: RedirectResponse(addresses.reader(found.id), 303))


@router.get("/o", responses=ANY_RDF, response_class=Response, summary="The ontology")
def ontology(request: Request, format: Format = None) -> Response:
    """Return the ontology with its schemes; a browser is sent to its page."""
    pattern = f"GRAPH {IRI(ids.graph_iri('ontology')).n3} {{ ?s ?p ?o }}"
    return answer(request, format, ids.ONTOLOGY, pattern, lambda: RedirectResponse("/ontology", 303))


@router.head("/sparql/examples", include_in_schema=False)
@router.get("/sparql/examples", responses=ANY_RDF, response_class=Response, summary="Example queries, in SHACL")
def examples(request: Request, format: Format = None) -> Response:
    """Return the example queries with their titles and themes; a browser is sent to the editor, which lists them."""
    return graph(request, "examples", format)


@router.get("/graph/{name}", responses=ANY_RDF, response_class=Response, summary="A named graph")
def graph(request: Request, name: str, format: Format = None) -> Response:
    """Return all that a named graph says; a browser is sent to the page of what it is about."""
    iri = ids.graph_iri(name)
    about_it = ABOUT.get(name) or addresses.reader(name)
    pattern = f"GRAPH {IRI(iri).n3} {{ ?s ?p ?o }}"
    return answer(request, format, iri, pattern, lambda: RedirectResponse(about_it, 303))


def _concept(request: Request, name: str, format: Format = None) -> Response:
    """Return what the graphs say of a concept, a company, a unit, a year or a place."""
    iri = ids.BASE + request.url.path.strip("/").partition("/")[0] + f"/{name}"
    return answer(request, format, iri, about(iri), lambda: pages.render_resource(request, iri))


for kind in KINDS[:-1]:
    router.get(f"/{kind}/{{name:path}}", responses=ANY_RDF, response_class=Response, summary=f"A {kind}")(_concept)
