"""The built graph as the checks see it: its facts against the texts and the ontology."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg import ids
from kg.checks.findings import ERROR, Finding
from kg.checks.sources import Sources
from kg.model import Report
from kg.store import Store
from kg.terms import IRI, PREFIXES, Quad

_SPANS = f"""
PREFIX nif: <{PREFIXES["nif"]}>
SELECT ?span ?begin ?end ?text {{ ?span nif:beginIndex ?begin ; nif:endIndex ?end ; nif:anchorOf ?text }}
"""
_UNKNOWN = f"""
SELECT DISTINCT ?fact ?predicate ?thing {{
  GRAPH ?graph {{ ?fact ?predicate ?thing }}
  FILTER(STRSTARTS(STR(?graph), "{ids.BASE}graph/") && isIRI(?thing) && STRSTARTS(STR(?thing), "{ids.BASE}"))
  FILTER NOT EXISTS {{ ?thing ?any ?value }}
}}
"""
_DEPRECATED = f"""
PREFIX owl: <{PREFIXES["owl"]}>
SELECT DISTINCT ?fact ?predicate ?thing {{
  ?thing owl:deprecated true .
  GRAPH ?graph {{ ?fact ?predicate ?thing }}
  FILTER(STRSTARTS(STR(?graph), "{ids.BASE}graph/"))
  FILTER NOT EXISTS {{ GRAPH ?graph {{ ?thing owl:deprecated true }} }}
}}
"""


@dataclass(frozen=True, slots=True)
class Built:
    """A graph with the ontology it was built from and the reports by id."""

    sources: Sources
    store: Store
    reports: Mapping[str, Report]

    @property
    def facts(self) -> Iterator[Quad]:
        """The quads of the reports' graphs."""
        names = (IRI(ids.graph_iri(report)) for report in self.reports)
        return (quad for name in names for quad in self.store.quads(graph=name))


def spans(built: Built) -> Iterator[Finding]:
    """Yield spans whose text is not what stands in the report at their offsets."""
    texts = {report.iri: report.text for report in built.reports.values()}
    for row in built.store.select(_SPANS):
        begin, end, span = int(str(row["begin"])), int(str(row["end"])), str(row["span"])
        stands = texts.get(span.partition("#")[0], "")[begin:end]
        if stands != str(row["text"]):
            problem = f"says {str(row['text'])!r} where the report has {stands!r}"
            yield Finding("spans", ERROR, "", built.sources.short(span), problem, "build again")


def concepts(built: Built) -> Iterator[Finding]:
    """Yield what facts point at and the ontology does not have, or has no longer: a metric, a unit, a period."""
    for query, fault, remedy in (
        (_UNKNOWN, "is not in the graph", "add it to the ontology, build again"),
        (_DEPRECATED, "is deprecated", "write what replaces it, build again"),
    ):
        for row in built.store.select(query):
            fact, predicate, thing = (built.sources.short(str(row[name])) for name in ("fact", "predicate", "thing"))
            yield Finding("concepts", ERROR, "", fact, f"points with {predicate} at {thing}, which {fault}", remedy)
