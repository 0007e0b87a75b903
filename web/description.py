"""What the endpoint says of itself: SPARQL 1.1 Service Description and VoID."""

from collections.abc import Iterator

from fastapi.responses import Response
from starlette.requests import Request

from kg import media
from kg.sparql import SERVICES
from kg.store import written
from kg.terms import IRI, PREFIXES, Triple, number, text
from search.running import FUNCTIONS
from web.negotiation import choose

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
RESULT_FORMATS = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "RDF_XML", "JSON-LD"),
)
TYPE = IRI(f"{PREFIXES['rdf']}type")
LICENCE = IRI("https://creativecommons.org/licenses/by/4.0/")


def describe(request: Request) -> Response:
    """Answer a request for the endpoint itself, in the RDF that Accept names."""
    endpoint = str(request.url.replace(query="", fragment=""))
    form = media.GRAPHS[choose(request.headers.get("accept"), media.GRAPHS)]
    store = request.app.state.library.store
    found = [*service(endpoint), *dataset(endpoint, len(store), store.graphs())]
    return Response(written(found, form), headers={"Content-Type": media.CONTENT_TYPES[form], "Vary": "Accept"})


def service(endpoint: str) -> Iterator[Triple]:
    """Yield what the service can do."""
    this = IRI(endpoint)
    yield Triple(this, TYPE, IRI(f"{SD}Service"))
    yield Triple(this, IRI(f"{SD}endpoint"), this)
    yield Triple(this, IRI(f"{SD}supportedLanguage"), IRI(f"{SD}SPARQL11Query"))
    yield Triple(this, IRI(f"{SD}feature"), IRI(f"{SD}UnionDefaultGraph"))
    yield Triple(this, IRI(f"{SD}defaultDataset"), IRI(f"{endpoint}#dataset"))
    for name in RESULT_FORMATS:
        yield Triple(this, IRI(f"{SD}resultFormat"), IRI(f"{FORMATS}{name}"))
    for name in sorted(SERVICES):
        yield Triple(this, IRI(f"{PREFIXES['rdfs']}seeAlso"), IRI(name))
    for name in FUNCTIONS:
        yield Triple(this, IRI(f"{SD}extensionFunction"), IRI(name))
        yield Triple(IRI(name), TYPE, IRI(f"{SD}Function"))


def dataset(endpoint: str, triples: int, graphs: list[str]) -> Iterator[Triple]:
    """Yield what the service holds: its default graph is the union of the named ones."""
    this, default, void = IRI(f"{endpoint}#dataset"), IRI(f"{endpoint}#default-graph"), PREFIXES["void"]
    yield Triple(this, TYPE, IRI(f"{SD}Dataset"))
    yield Triple(this, TYPE, IRI(f"{void}Dataset"))
    yield Triple(this, IRI(f"{PREFIXES['dcterms']}title"), text("Tantu: facts of sustainability reports", "en"))
    yield Triple(this, IRI(f"{PREFIXES['dcterms']}license"), LICENCE)
    yield Triple(this, IRI(f"{void}sparqlEndpoint"), IRI(endpoint))
    yield Triple(this, IRI(f"{void}triples"), number(triples))
    yield Triple(this, IRI(f"{SD}defaultGraph"), default)
    yield Triple(default, TYPE, IRI(f"{SD}Graph"))
    for name in graphs:
        graph = IRI(f"{endpoint}#{name.rpartition('/')[2]}")
        yield Triple(this, IRI(f"{SD}namedGraph"), graph)
        yield Triple(graph, TYPE, IRI(f"{SD}NamedGraph"))
        yield Triple(graph, IRI(f"{SD}name"), IRI(name))
