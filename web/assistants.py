"""The tools of ``web.tools`` for language models, over the Model Context Protocol on standard input and output."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.resources import FunctionResource
from mcp_types import ToolAnnotations

from kg.settings import Settings
from kg.terms import PREFIXES
from search.library import Library
from web import app, examples, progress
from web.tools import Tools, name_of, told

READ_ONLY = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

HOW = """Tantu holds corporate sustainability reports as a knowledge graph; every fact has the words that say it.
Reports here: {reports}.
Ask in Chinese or English, whatever the language of the report.
- ask: a question about numbers, targets, risks, plans or technologies.
- search: the passages or facts nearest to some words, to read or to quote.
- sparql: anything that counts, compares or joins; it takes searches too.
- describe: what a name like m:pue or a fact's name stands for; with words, which concept comes nearest to them.
Quote `quote`, `written` or `text` as they stand and name the report; never state a number that no tool returned."""

ASK = """Answer one question from the reports: numbers, targets, risks, opportunities, measures, plans, technologies.

Chinese or English. Returns the answer in a sentence, its values with unit, year and the number as written, the quotes
that it rests on, and the SPARQL that found them. Where the reports do not say, answered is false and text says so: do
not guess then."""

SEARCH = """Find places in the reports by words and by meaning, across Chinese and English.

Returns the report's own text with its place, best first. kind chooses passages, or facts of one kind; company, year,
report, technology and risk narrow the search; a name that is not known is answered with the nearest ones."""

SPARQL = """Run a read-only SPARQL 1.1 query over all facts, the ontology, and search. Prefixes need not be declared.

Classes: o:Observation (a reported number), o:Target (a promised one), o:Risk, o:Opportunity, o:Initiative,
o:TechnologyMention, o:Metric, o:Company, o:Document, o:Passage. A number has o:metric, o:company, qudt:numericValue,
qudt:hasUnit, o:asWritten (as the report writes it), o:year, o:scope, o:comparator, rdfs:label (the fact in a sentence);
a target o:duePeriod; a risk o:category and o:respondedBy. Each fact has o:quoteSpan/nif:anchorOf (its quote) and
prov:wasDerivedFrom (its document). Labels are tagged en, zh-hans and zh-hant: FILTER(langMatches(lang(?l), "en")).
Use describe to find the name of a metric, a company or a technology first; the resource tantu://ontology lists them.

Search inside a query, joined with the rest; what stands before the block narrows what can be found:
SELECT ?score ?company ?quote WHERE {
  ?fact a o:Target ; o:company/skos:prefLabel ?company ; o:quoteSpan/nif:anchorOf ?quote .
  FILTER(langMatches(lang(?company), "en"))
  SERVICE search:facts { ?fact search:query "renewable power" ; search:score ?score ; search:limit 20 }
} ORDER BY DESC(?score)
search:passages finds passages, search:concepts concepts by their names (search:label gives the name)."""

DESCRIBE = """Say what the graph knows of one thing: a metric, company, technology, place, class, report or fact.

Takes a name as the other tools return it, an IRI, the id of a fact, or words in Chinese or English, which stand for the
concept that comes nearest; others then holds the next ones. used says how often the graph speaks of it."""

COMMENT = f"{PREFIXES['rdfs']}comment"
TERMS = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?name ?text WHERE { ?name a <http://www.w3.org/2002/07/owl#%s> ; rdfs:comment ?text FILTER(lang(?text) = "en") }
ORDER BY ?name"""


def server(library: Library) -> MCPServer[Any]:
    """Return the server of a library's tools."""
    titles = (
        f"{report.id} ({report.title.get('en') or report.id}, {report.year})" for report in library.reports.values()
    )
    made: MCPServer[Any] = MCPServer(
        "tantu",
        title="Tantu",
        instructions=HOW.format(reports="; ".join(titles)),
        version=app.installed_version(),
        log_level="WARNING",
    )
    tools = Tools(library)
    for tool, description in (
        (tools.search, SEARCH),
        (tools.ask, ASK),
        (tools.sparql, SPARQL),
        (tools.describe, DESCRIBE),
    ):
        made.add_tool(told(tool, ToolError), description=description, annotations=READ_ONLY)
    for name, (text, lines) in RESOURCES.items():
        read = partial(_text, lines, library)
        made.add_resource(
            FunctionResource(uri=f"tantu://{name}", name=name, description=text, mime_type="text/markdown", fn=read)
        )
    return made


def _text(lines: Callable[[Library], Iterator[str]], library: Library) -> str:
    return "\n".join(lines(library))


def glossary(library: Library) -> Iterator[str]:
    """Yield the names of the graph as lines of Markdown: prefixes, classes, properties, then concepts by type."""
    yield "# Prefixes\n"
    yield from (f"- `{prefix}:` {space}" for prefix, space in PREFIXES.items())
    for kind, heading in (("Class", "Classes"), ("ObjectProperty", "Properties"), ("DatatypeProperty", "Values")):
        yield f"\n# {heading}\n"
        found = library.store.select(TERMS % kind)
        yield from (f"- `{name_of(str(row['name']))}` {row['text']}" for row in found)
    for kind in ("Metric", "Company", "RiskCategory", "OpportunityCategory", "Technology"):
        yield f"\n# {kind}\n"
        concepts = library.vocabulary.of_type(kind)
        yield from (f"- `{name_of(concept.iri)}` {concept.label('en')}" for concept in concepts)


def queries(library: Library) -> Iterator[str]:
    """Yield the example queries as lines of Markdown, each below what it asks."""
    found = [said for said in examples.read(library.store).values() if said.query]
    for said in sorted(found, key=lambda said: said.order):
        yield f"# {said.texts.get(COMMENT, {}).get('en', '')}\n\n```sparql\n{said.query.strip()}\n```\n"


RESOURCES: dict[str, tuple[str, Callable[[Library], Iterator[str]]]] = {
    "ontology": ("Classes, properties, metrics and the other names of the graph, with what they mean", glossary),
    "examples": ("Queries by what they ask, to run or to change", queries),
}


def serve(settings: Settings) -> None:
    """Serve until standard input ends.

    :raises KgError: if the library cannot be built.
    """
    with progress.library(settings) as library:
        library.warm()
        server(library).run("stdio")
