"""What the endpoint says of itself: SPARQL 1.1 Service Description, VoID and DCAT."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from kg import ids, media
from kg.dumps import FORMS, Form
from kg.sparql import SERVICES
from kg.store import written
from kg.terms import IRI, PREFIXES, XSD, Literal, Triple, number, text
from search.running import FUNCTIONS
from web.dumps import COMPRESSED, modified
from web.identifiers import ANY_RDF
from web.negotiation import choose

router = APIRouter(tags=["sparql"])

SD, VOID, DCTERMS = PREFIXES["sd"], PREFIXES["void"], PREFIXES["dcterms"]
DCAT = "http://www.w3.org/ns/dcat#"
FORMATS = "http://www.w3.org/ns/formats/"
MEDIA = "https://www.iana.org/assignments/media-types/"
RESULT_FORMATS = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "RDF_XML", "JSON-LD"),
)
TYPE = IRI(f"{PREFIXES['rdf']}type")
LICENCE = IRI("https://creativecommons.org/licenses/by/4.0/")
ABOUT = "Numbers, targets, risks and measures from corporate sustainability reports, each with the words that say it."


@router.get("/.well-known/void", responses=ANY_RDF, response_class=Response, summary="What the dataset is")
def well_known(request: Request) -> Response:
    """Answer at the address where VoID looks for the description of a site's datasets."""
    return described(request, f"{request.base_url}sparql")


def describe(request: Request) -> Response:
    """Answer a request for the endpoint itself."""
    return described(request, str(request.url.replace(query="", fragment="")))


def described(request: Request, endpoint: str) -> Response:
    """Return what an endpoint is and holds, in the RDF that Accept names."""
    form = media.GRAPHS[choose(request.headers.get("accept"), media.GRAPHS)]
    library, site = request.app.state.library, str(request.base_url)
    found = [*service(endpoint), *dataset(endpoint, library), *distributions(endpoint, site)]
    return Response(written(found, form), headers={"Content-Type": media.CONTENT_TYPES[form], "Vary": "Accept"})


def service(endpoint: str) -> Iterator[Triple]:
    """Yield what the service can do."""
    this = IRI(endpoint)
    yield Triple(this, TYPE, IRI(f"{SD}Service"))
    yield Triple(this, TYPE, IRI(f"{DCAT}DataService"))
    yield Triple(this, IRI(f"{SD}endpoint"), this)
    yield Triple(this, IRI(f"{DCAT}endpointURL"), this)
    yield Triple(this, IRI(f"{DCAT}servesDataset"), IRI(f"{endpoint}#dataset"))
    yield Triple(this, IRI(f"{SD}supportedLanguage"), IRI(f"{SD}SPARQL11Query"))
    yield Triple(this, IRI(f"{SD}feature"), IRI(f"{SD}UnionDefaultGraph"))
    yield Triple(this, IRI(f"{SD}defaultDataset"), IRI(f"{endpoint}#dataset"))
    for name in RESULT_FORMATS:
        yield Triple(this, IRI(f"{SD}resultFormat"), IRI(f"{FORMATS}{name}"))
    for name in sorted(SERVICES):
        yield Triple(this, IRI(f"{PREFIXES['rdfs']}seeAlso"), IRI(name))
    yield Triple(this, IRI(f"{PREFIXES['rdfs']}seeAlso"), IRI(f"{endpoint}/examples"))
    for name in FUNCTIONS:
        yield Triple(this, IRI(f"{SD}extensionFunction"), IRI(name))
        yield Triple(IRI(name), TYPE, IRI(f"{SD}Function"))


def dataset(endpoint: str, library: Any) -> Iterator[Triple]:
    """Yield what the service holds: its default graph is the union of the named ones."""
    this, default = IRI(f"{endpoint}#dataset"), IRI(f"{endpoint}#default-graph")
    for kind in (f"{SD}Dataset", f"{VOID}Dataset", f"{DCAT}Dataset"):
        yield Triple(this, TYPE, IRI(kind))
    yield Triple(this, IRI(f"{DCTERMS}title"), text("Tantu: facts of sustainability reports", "en"))
    yield Triple(this, IRI(f"{DCTERMS}description"), text(ABOUT, "en"))
    yield Triple(this, IRI(f"{DCTERMS}license"), LICENCE)
    built = f"{modified(library.folder):%Y-%m-%dT%H:%M:%SZ}"
    yield Triple(this, IRI(f"{DCTERMS}modified"), Literal(built, f"{XSD}dateTime"))
    yield Triple(this, IRI(f"{VOID}sparqlEndpoint"), IRI(endpoint))
    yield Triple(this, IRI(f"{VOID}uriSpace"), text(ids.BASE))
    yield Triple(this, IRI(f"{VOID}vocabulary"), IRI(ids.ONTOLOGY))
    yield Triple(this, IRI(f"{VOID}triples"), number(len(library.store)))
    yield Triple(this, IRI(f"{SD}defaultGraph"), default)
    yield Triple(default, TYPE, IRI(f"{SD}Graph"))
    for name in library.store.graphs():
        graph = IRI(f"{endpoint}#{name.rpartition('/')[2]}")
        yield Triple(this, IRI(f"{SD}namedGraph"), graph)
        yield Triple(graph, TYPE, IRI(f"{SD}NamedGraph"))
        yield Triple(graph, IRI(f"{SD}name"), IRI(name))


def distributions(endpoint: str, site: str) -> Iterator[Triple]:
    """Yield where the dataset can be downloaded whole, and in which form."""
    this = IRI(f"{endpoint}#dataset")
    for ending, form in FORMS.items():
        file, download = IRI(f"{endpoint}#dump.{ending}"), IRI(f"{site}dump.{ending}")
        yield Triple(this, IRI(f"{VOID}dataDump"), download)
        yield Triple(this, IRI(f"{DCAT}distribution"), file)
        yield Triple(file, TYPE, IRI(f"{DCAT}Distribution"))
        yield Triple(file, IRI(f"{DCAT}downloadURL"), download)
        yield Triple(file, IRI(f"{DCTERMS}license"), LICENCE)
        yield from (Triple(file, IRI(name), value) for name, value in _format(form))


def _format(form: Form) -> Iterator[tuple[str, IRI | Literal]]:
    yield f"{DCTERMS}description", text(form.what, "en")
    yield f"{DCAT}mediaType", IRI(f"{MEDIA}{form.media}")
    if form.compressed:
        yield f"{DCAT}compressFormat", IRI(f"{MEDIA}{COMPRESSED}")
