"""One report from text to checked quads.

::

    Report --facts_of--> Fact --quads_of_report--> Quad --check--> quads of facts that keep the shapes, and rejections
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import CatalogueError, VocabularyError
from kg.extraction import facts_of
from kg.model import Fact, Report
from kg.shapes import Rejection, Shapes
from kg.terms import IRI, Literal, Quad
from kg.triples import quads_of_fact, quads_of_report
from kg.turtle import Triple, read_turtle
from kg.uses import counted
from kg.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Extracted:
    """What one report gave: its facts, their quads as sorted N-Quads lines, and what the shapes turned down.

    ``uses`` says of how many facts each term is spoken.
    """

    report: Report
    facts: tuple[Fact, ...]
    nquads: bytes
    rejections: tuple[Rejection, ...]
    uses: Mapping[str, int] = field(default_factory=dict)


class Pipeline:
    """The tools that every report needs, loaded once."""

    def __init__(self, ontology: Path) -> None:
        """Read the ontology and its shapes.

        :raises VocabularyError: if a file is no Turtle.
        """
        self.vocabulary = Vocabulary.load(ontology)
        self.shapes = Shapes.load(ontology)

    def extract(self, report: Report, vocabulary: Vocabulary | None = None) -> Extracted:
        """Find a report's facts and write them as quads; a fact that breaks a shape is left out and reported.

        ``vocabulary`` stands for the ontology where a collection has a publisher of its own.

        :raises CatalogueError: if the ontology does not know the report's publisher.
        """
        vocabulary = vocabulary or self.vocabulary
        if report.company not in vocabulary:
            remedy = "add it to ontology/entities/organisations.ttl, as docs/extend.md shows"
            raise CatalogueError(f"report {report.id}: publisher <{report.company}> is not in the ontology; {remedy}")
        facts = facts_of(report, vocabulary)
        by_fact = {fact.iri: quads_of_fact(fact, report, vocabulary) for fact in facts}
        rejections = self.shapes.check(by_fact, report)
        refused = {rejection.fact for rejection in rejections}
        kept = tuple(fact for fact in facts if fact.iri not in refused)
        own = {fact.iri: by_fact[fact.iri] for fact in kept}
        rest = quads_of_report(report, kept)
        for quad in rest:  # in which passage a fact stands
            if quad.subject.value in own:
                own[quad.subject.value].append(quad)
        quads = set(rest).union(*own.values())
        return Extracted(report, kept, nquads(quads), tuple(rejections), counted(own, vocabulary))


def nquads(quads: set[Quad]) -> bytes:
    """Return quads as N-Quads, one a line, sorted: equal content, equal bytes."""
    return "".join(f"{line}\n" for line in sorted(quad.nquads for quad in quads)).encode()


def turtle_quads(path: Path, graph: str) -> set[Quad]:
    """Return the triples of a Turtle file as quads of a named graph.

    :raises VocabularyError: if it is no Turtle, or has blank nodes, whose names differ from one reading to the next.
    """
    triples = list(read_turtle(path))
    for subject, predicate, node in triples:
        if subject.startswith("_:") or node.value.startswith("_:"):
            raise VocabularyError(f"{path}: has a blank node at {predicate}; give it an IRI")
    return set(as_quads(triples, graph))


def as_quads(triples: Iterable[Triple], graph: str) -> Iterator[Quad]:
    """Yield triples without blank nodes as quads of a named graph."""
    name = IRI(graph)
    for subject, predicate, node in triples:
        value = IRI(node.value) if node.datatype is None else Literal(node.value, node.datatype, node.language)
        yield Quad(IRI(subject), IRI(predicate), value, name)
