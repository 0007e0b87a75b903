"""Checks facts before they are written: SHACL shapes for what a fact is made of, Python for its characters.

The one place that talks to pySHACL.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import rdflib
from pyshacl import validate
from pyshacl.errors import ReportableRuntimeError
from rdflib import RDF, SH, URIRef

from kg.errors import ShapesError
from kg.fields import name
from kg.model import Report
from kg.terms import IRI, Literal, Quad, Term

_ANCHOR, _BEGIN, _END = name("nif:anchorOf"), name("nif:beginIndex"), name("nif:endIndex")
_CONTEXT = name("nif:referenceContext")
_QUOTE = name("o:quoteSpan")
_MISTAKE = re.compile(r"Focus Node: (.*)\n(?:\t.*\n)*?\tMessage: (.*)")
_SPAN_ONLY = frozenset({_ANCHOR, _BEGIN, _END, _CONTEXT})


@dataclass(frozen=True, slots=True)
class Rejection:
    """A fact that was not written: its IRI, its quote as far as it has one, and what is wrong with it."""

    fact: str
    quote: str
    problem: str

    def __str__(self) -> str:
        """Return one line for people."""
        return f"{self.fact} “{self.quote}”: {self.problem}"


class Shapes:
    """The shapes of ``ontology/shapes.ttl``."""

    def __init__(self, graph: rdflib.Graph) -> None:
        """Keep a graph of shapes."""
        self._graph = graph

    @classmethod
    def load(cls, ontology: Path) -> "Shapes":
        """Read the shapes of an ontology folder.

        :raises ShapesError: if the file is missing or is no Turtle.
        """
        path = ontology / "shapes.ttl"
        try:
            return cls(rdflib.Graph().parse(path, format="turtle"))
        except OSError as error:
            raise ShapesError(f"{path}: cannot be read ({error.strerror}); the ontology folder needs it") from error
        except SyntaxError as error:
            raise ShapesError(f"{path}: not Turtle: {error}") from error

    def check(self, by_fact: Mapping[str, Sequence[Quad]], report: Report) -> list[Rejection]:
        """Return what is wrong with a report's facts; nothing where all may be written.

        ``by_fact`` has the quads of each fact under the fact's IRI.
        """
        problems = {iri: list(_wrong_spans(quads, report)) for iri, quads in by_fact.items()}
        for iri, problem in self._violations(quad for quads in by_fact.values() for quad in quads):
            problems.setdefault(iri, []).append(problem)
        return [
            Rejection(iri, _quote(by_fact.get(iri, ()), iri), "; ".join(sorted(set(found))))
            for iri, found in sorted(problems.items())
            if found
        ]

    def broken(self, quads: Iterable[Quad]) -> list[tuple[str, str]]:
        """Return what breaks a shape in any graph, with the shape's message."""
        return sorted(set(self._violations(quads)))

    def mistakes(self) -> list[tuple[str, str]]:
        """Return the shapes that are no sound SHACL themselves, with what is wrong."""
        try:
            validate(rdflib.Graph(), shacl_graph=self._graph, meta_shacl=True)
        except ReportableRuntimeError as error:
            return sorted(set(_MISTAKE.findall(str(error)))) or [("", str(error))]
        return []

    def _violations(self, quads: Iterable[Quad]) -> Iterator[tuple[str, str]]:
        """Yield the IRI of each fact that breaks a shape, with the shape's message; warnings are left out."""
        data = rdflib.Graph()
        for subject, predicate, value, _ in quads:
            # Spans are two thirds of the triples and no shape speaks of them: _wrong_spans does.
            if predicate not in _SPAN_ONLY:
                data.add((URIRef(subject.value), URIRef(predicate.value), _node(value)))
        conforms, report, _ = validate(
            data, shacl_graph=self._graph, inference="none", inplace=True, allow_warnings=True
        )
        if conforms:
            return
        for result in sorted(report.subjects(RDF.type, SH.ValidationResult), key=str):
            if report.value(result, SH.resultSeverity) == SH.Violation:
                message = report.value(result, SH.resultMessage)
                yield str(report.value(result, SH.focusNode)), str(message)


def _node(term: Term) -> rdflib.term.Node:
    if isinstance(term, Literal):
        return rdflib.Literal(term.value, lang=term.language, datatype=None if term.language else URIRef(term.datatype))
    return URIRef(term.value)


def _wrong_spans(quads: Sequence[Quad], report: Report) -> Iterator[str]:
    """Yield what is wrong with the spans of a fact: ends outside the text, or other characters than the text's."""
    begins = {quad.subject: int(quad.object.value) for quad in quads if quad.predicate == _BEGIN}
    ends = {quad.subject: int(quad.object.value) for quad in quads if quad.predicate == _END}
    for subject, predicate, value, _ in quads:
        if predicate != _ANCHOR:
            continue
        start, end = begins.get(subject, -1), ends.get(subject, -1)
        if not 0 <= start < end <= len(report.text):
            yield f"span {start}..{end} lies outside the text of {len(report.text)} characters"
        elif report.text[start:end] != value.value:
            yield f"the text at {start}..{end} is not {value.value!r}"


def _quote(quads: Sequence[Quad], iri: str) -> str:
    spans = {quad.object for quad in quads if quad.predicate == _QUOTE and quad.subject == IRI(iri)}
    return next((quad.object.value for quad in quads if quad.predicate == _ANCHOR and quad.subject in spans), "")
