"""Each constraint of each shape catches what breaks it: sound nodes are made from the shapes, then broken in one place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rdflib import SH, Graph, URIRef
from rdflib.collection import Collection

from kg.settings import resource
from kg.shapes import Shapes
from kg.terms import IRI, XSD, Literal, Quad, Term
from kg.terms import text as words

GRAPH = Graph().parse(resource("ontology") / "shapes.ttl", format="turtle")
SHAPES = Shapes(GRAPH)
NODE, TYPE = IRI("https://w3id.org/tantu/fact/x"), IRI("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
ALL = sorted(GRAPH.subjects(SH.path), key=str)


def number(shape: URIRef, constraint: URIRef, default: int) -> int:
    found = GRAPH.value(shape, constraint)
    return default if found is None else int(float(found))


def path(shape: URIRef) -> IRI:
    """The property of a shape, the first of several."""
    found = GRAPH.value(shape, SH.path)
    several = GRAPH.value(found, SH.alternativePath)
    return IRI(str(found if several is None else Collection(GRAPH, several)[0]))


def sound(shape: URIRef, ordinal: int = 0) -> Term:
    """A value that a shape allows; another one for another ordinal."""
    allowed = GRAPH.value(shape, SH["in"])
    datatype = GRAPH.value(shape, SH.datatype)
    if allowed is not None:
        return IRI(str(Collection(GRAPH, allowed)[ordinal]))
    if datatype is not None:
        return Literal(f"20{ordinal:02d}" if str(datatype).endswith("gYear") else f"0.{ordinal + 1}", str(datatype))
    if GRAPH.value(shape, SH.nodeKind) is not None:
        return IRI(f"https://w3id.org/tantu/x/{ordinal}")
    tag = ("zh-Hans", "en", "zh-Hant")[ordinal] if GRAPH.value(shape, SH.languageIn) is not None else None
    return words(f"x{ordinal}", tag)


def quad(predicate: IRI, value: Term) -> Quad:
    return Quad(NODE, predicate, value, None)


def node(kind: URIRef) -> list[Quad]:
    """A node of a class with all that its shapes ask for."""
    quads = [quad(TYPE, IRI(str(kind)))]
    for shape in GRAPH.subjects(SH.targetClass, kind):
        if number(shape, SH.minCount, 0) and not any(known.predicate == path(shape) for known in quads):
            quads.append(quad(path(shape), sound(shape)))
    return quads


def broken(shape: URIRef) -> Iterator[tuple[str, list[Quad]]]:
    """The constraints of a shape, each with the values that break it."""
    here, least, most = path(shape), number(shape, SH.minCount, 0), number(shape, SH.maxCount, 99)
    if least:
        yield "minCount", []
    if most < 99:
        yield "maxCount", [quad(here, sound(shape, ordinal)) for ordinal in range(most + 1)]
    if GRAPH.value(shape, SH.datatype) is not None:
        yield "datatype", [quad(here, words("many"))]
    if GRAPH.value(shape, SH.nodeKind) is not None:
        yield "nodeKind", [quad(here, words("a name"))]
    if GRAPH.value(shape, SH["in"]) is not None:
        yield "in", [quad(here, IRI("https://w3id.org/tantu/code/elsewhere"))]
    if GRAPH.value(shape, SH.languageIn) is not None:
        yield "languageIn", [quad(here, words("mot", "fr"))]
    if GRAPH.value(shape, SH.uniqueLang) is not None:
        yield "uniqueLang", [quad(here, words("one", "en")), quad(here, words("two", "en"))]
    if GRAPH.value(shape, SH.minLength) is not None:
        yield "minLength", [quad(here, words(""))]
    for constraint, beyond in ((SH.minInclusive, -1), (SH.maxInclusive, 1)):
        if GRAPH.value(shape, constraint) is not None:
            value = f"{number(shape, constraint, 0) + beyond}.5"
            yield str(constraint).rsplit("#", 1)[-1], [quad(here, Literal(value, f"{XSD}decimal"))]
    other = GRAPH.value(shape, SH.lessThanOrEquals)
    if other is not None:
        low, high = Literal("9", f"{XSD}decimal"), Literal("2", f"{XSD}decimal")
        yield "lessThanOrEquals", [quad(here, low), quad(IRI(str(other)), high)]


CASES = [
    (shape, constraint, values, kind)
    for shape in ALL
    for constraint, values in broken(shape)
    for kind in sorted(GRAPH.objects(shape, SH.targetClass), key=str)
]


def last(iri: URIRef) -> str:
    return str(iri).replace("#", "/").rsplit("/", 1)[-1]


@pytest.mark.parametrize("kind", sorted(set(GRAPH.objects(None, SH.targetClass)), key=str), ids=last)
def test_a_sound_node_passes(kind):
    assert SHAPES.broken(node(kind)) == []


IDS = [f"{last(shape)}-{constraint}-{last(kind)}" for shape, constraint, _, kind in CASES]


@pytest.mark.parametrize(("shape", "constraint", "values", "kind"), CASES, ids=IDS)
def test_a_constraint_catches_what_breaks_it(shape, constraint, values, kind):
    quads = [known for known in node(kind) if known.predicate != path(shape)] + values
    assert (NODE.value, str(GRAPH.value(shape, SH.message))) in SHAPES.broken(quads)


def test_every_shape_and_every_kind_of_constraint_is_tried():
    assert {shape for shape, *_ in CASES} == set(ALL)
    used = {str(p) for shape in ALL for p in GRAPH.predicates(shape) if str(p).startswith(str(SH))}
    told = {str(SH[name]) for name in ("path", "targetClass", "message")}
    assert used - told == {str(SH[constraint]) for _, constraint, *_ in CASES}


def test_a_shape_that_is_no_shape_is_named():
    text = (resource("ontology") / "shapes.ttl").read_text("utf-8").replace("sh:minCount 1", 'sh:minCount "one"', 1)
    (mistake,) = Shapes(Graph().parse(data=text, format="turtle")).mistakes()
    assert mistake[0] == "shape:company"
    assert SHAPES.mistakes() == []
