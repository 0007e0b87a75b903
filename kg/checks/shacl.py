"""The shapes are sound SHACL, and the whole built graph keeps them."""

from collections.abc import Iterator

from kg.checks.built import Built
from kg.checks.findings import ERROR, Finding
from kg.checks.sources import Sources
from kg.shapes import Shapes

REMEDY = "mend ontology/shapes.ttl; https://www.w3.org/TR/shacl/ has the rules of shapes"


def sound(sources: Sources) -> Iterator[Finding]:
    """Yield shapes that are no shapes by SHACL's own shapes."""
    for shape, problem in Shapes.load(sources.folder).mistakes():
        yield Finding("meta-shacl", ERROR, sources.at(sources.folder / "shapes.ttl"), shape, problem, REMEDY)


def kept(built: Built) -> Iterator[Finding]:
    """Yield facts of the built graph that break a shape."""
    remedy = "build again; if it stays, the extractor that made the fact is wrong"
    for fact, problem in Shapes.load(built.sources.folder).broken(built.facts):
        yield Finding("shapes", ERROR, "", built.sources.short(fact), problem, remedy)
