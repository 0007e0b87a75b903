"""The SPARQL editor: the page with its example queries, and the result of a query as a piece of it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kg.errors import KgError
from kg.pool import Dataset
from kg.terms import PREFIXES
from web import failures
from web.charts import chart
from web.contexts import EditorContext, QueryResult, Theme
from web.examples import examples_of, themes
from web.files import as_drawing
from web.names import Names
from web.parts import Link, Phrase, QueryProblem
from web.plots import plot
from web.remedies import remedy_of
from web.rendering import environment, frame, respond, words_of
from web.results import Body, Solutions, labels, places, read, rows_table, solutions, truth
from web.words import Words, words_for

ENDPOINT = "/sparql"
ROWS = 500  # of a result that the page shows
LETTERS = 200_000  # of a graph that the page shows; more of it makes a browser slow
FIRST = "SELECT * WHERE {\n  ?subject ?property ?value .\n}\nLIMIT 10\n"
SOLUTIONS, GRAPHS, TRUTHS = ("csv", "tsv", "json", "xml"), ("turtle", "nt", "jsonld", "rdf"), ("json", "xml")
FORMAT_NAMES = {
    **{name: name.upper() for name in (*SOLUTIONS, "rdf")},
    "turtle": "Turtle",
    "nt": "N-Triples",
    "jsonld": "JSON-LD",
    "rdf": "RDF/XML",
}
CHOSEN = ("x", "y", "by")  # parameters that name the columns of the chart


def editor(request: Request, query: str | None = None, dataset: Dataset | None = None) -> Response:
    """Show the editor with the example queries, and with a query and its result if one is asked."""
    words = words_of(request)
    names = _names(request, words)
    offered = themes(examples_of(request.app.state), names)
    status, shown = (200, None) if query is None else _result(request, names, query, dataset)
    text = query if query is not None else _first(offered)
    context = EditorContext(
        page=frame(request, words, f"SPARQL \u00b7 {words('site.name')}", "sparql", script="editor"),
        endpoint=ENDPOINT,
        query=text,
        title=_title(offered, text),
        prefixes=PREFIXES,
        themes=offered,
        result=shown,
    )
    return _sent(respond(request, context, status))


def result(request: Request, query: str, dataset: Dataset | None = None) -> Response:
    """Show the result of a query alone, for the script of the editor."""
    words = words_of(request)
    status, shown = _result(request, _names(request, words), query, dataset)
    page = frame(request, words, "SPARQL", "sparql")
    html = environment().get_template("result.html").render(page=page, result=shown)
    return _sent(HTMLResponse(html, status, {"Vary": "Accept-Language, Cookie"}))


def _sent(response: Response) -> Response:
    if response.status_code == 503:
        response.headers["Retry-After"] = str(failures.RETRY_AFTER)
    return response


def _names(request: Request, words: Words) -> Names:
    return Names(request.app.state.library.vocabulary, words.language)


def _first(offered: tuple[Theme, ...]) -> str:
    return offered[0].examples[0].query if offered else FIRST


def _title(offered: tuple[Theme, ...], query: str) -> Phrase:
    """Return the title of the example that has this very query."""
    titles = (
        example.title for theme in offered for example in theme.examples if example.query.split() == query.split()
    )
    return next(titles, Phrase(""))


def _result(request: Request, names: Names, query: str, dataset: Dataset | None) -> tuple[int, QueryResult]:
    """Run a query; return the status of the answer, and what is shown of it."""
    wanted = _axes(request)
    library, base = request.app.state.library, str(request.url.replace(path=ENDPOINT, query="", fragment=""))
    address = _address(query, dataset, **wanted)
    try:
        body = read(library, query, dataset, base)
    except KgError as error:
        verdict = failures.verdict(error)
        place = (getattr(error, "line", None), getattr(error, "column", None))
        told = remedy_of(error, verdict.status, words_for(names.language))
        problem = QueryProblem(getattr(error, "reason", None) or failures.message(error), *place, *told)
        return verdict.status, QueryResult(address, problem=problem)
    return 200, _shown(library, names, body, query, address, wanted, tuple(_downloads(body, query, dataset)))


def _shown(
    library: Any,
    names: Names,
    body: Body,
    query: str,
    address: str,
    wanted: dict[str, str],
    downloads: tuple[Link, ...],
) -> QueryResult:
    if "json" not in body.media:
        text = body.content.decode("utf-8", "ignore")
        whole = body.whole and len(text) <= LETTERS
        return QueryResult(address, graph=text[:LETTERS], whole=whole, downloads=downloads)
    answered = truth(body)
    if answered is not None:
        return QueryResult(address, truth=answered, downloads=downloads)
    found = solutions(body, query, ROWS)
    known = labels(library.store, found, names)
    table, drawn = rows_table(found, names, known, places(library.store, found)), chart(found, known, wanted)
    svg = address.replace(ENDPOINT, f"{ENDPOINT}/chart.svg", 1)
    kept = tuple(Link(Phrase(form, "en"), svg) for form in ("SVG", "PNG")) if drawn else ()
    return QueryResult(address, table, chart=drawn, drawings=kept, whole=body.whole, downloads=downloads)


def drawing(request: Request, query: str, dataset: Dataset | None = None) -> Response:
    """Send the chart of a query's result as a file of its own.

    :raises NotFound: if no chart can be made of the result.
    """
    names, library = _names(request, words_of(request)), request.app.state.library
    body = read(library, query, dataset)
    found = solutions(body, query, ROWS) if "json" in body.media and truth(body) is None else Solutions((), ())
    drawn = chart(found, labels(library.store, found, names), _axes(request))
    return as_drawing("chart", plot(drawn, names.language) if drawn else Markup())


def _axes(request: Request) -> dict[str, str]:
    """Return the columns that an address names for a chart."""
    return {name: request.query_params[name] for name in CHOSEN if request.query_params.get(name)}


def _address(query: str, dataset: Dataset | None, **more: str) -> str:
    """Return a query as a link to this page."""
    named = [("default-graph-uri", iri) for iri in dataset.default] if dataset else []
    named += [("named-graph-uri", iri) for iri in dataset.named] if dataset else []
    return f"{ENDPOINT}?{urlencode([('query', query), *named, *more.items()])}"


def _downloads(body: Body, query: str, dataset: Dataset | None) -> Iterator[Link]:
    """Yield links to the whole of a result in each of its formats."""
    forms = GRAPHS if "json" not in body.media else SOLUTIONS if truth(body) is None else TRUTHS
    for form in forms:
        yield Link(Phrase(FORMAT_NAMES[form], "en"), _address(query, dataset, format=form))
