"""RDF terms as plain Python values, and the prefixes of our answers and examples."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from kg import ids

XSD = "http://www.w3.org/2001/XMLSchema#"
STRING = f"{XSD}string"
LANGUAGE_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"

PREFIXES: dict[str, str] = {
    "o": ids.ONTOLOGY,
    "m": f"{ids.BASE}metric/",
    "t": f"{ids.BASE}technology/",
    "c": f"{ids.BASE}code/",
    "u": f"{ids.BASE}unit/",
    "p": f"{ids.BASE}period/",
    "org_": f"{ids.BASE}org/",
    "place": f"{ids.BASE}place/",
    "f": f"{ids.BASE}fact/",
    "d": f"{ids.BASE}doc/",
    "g": f"{ids.BASE}graph/",
    "ex": f"{ids.BASE}example/",
    "search": ids.SEARCH,
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "prov": "http://www.w3.org/ns/prov#",
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "qudt": "http://qudt.org/schema/qudt/",
    "unit": "http://qudt.org/vocab/unit/",
    "qk": "http://qudt.org/vocab/quantitykind/",
    "dcterms": "http://purl.org/dc/terms/",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": "http://www.w3.org/ns/shacl#",
    "spex": "https://purl.expasy.org/sparql-examples/ontology#",
    "time": "http://www.w3.org/2006/time#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": XSD,
}
"""The prefixes of our answers, of the query editor and of the advice that a failing query gets."""

INTEGERS = frozenset(f"{XSD}{name}" for name in ("integer", "int", "long", "nonNegativeInteger", "gYear"))
FLOATS = frozenset(f"{XSD}{name}" for name in ("decimal", "double", "float"))
UNSAFE = re.compile(r'[\x00- <>"{}|^`\\]')  # characters that stand in no IRI


def _escaped(character: re.Match[str]) -> str:
    return f"%{ord(character.group()):02X}"


@dataclass(frozen=True, slots=True, order=True)
class IRI:
    """A name in the graph.

    >>> str(IRI("https://w3id.org/tantu/metric/pue"))
    'https://w3id.org/tantu/metric/pue'
    """

    value: str

    def __str__(self) -> str:
        """Return the bare IRI."""
        return self.value

    @property
    def n3(self) -> str:
        """The IRI as N-Triples and SPARQL write it.

        >>> IRI("http://e/a b").n3
        '<http://e/a%20b>'
        """
        # Nearly all are safe as they stand, and a question writes 300 of them: looked through in a tenth of the time.
        safe = self.value if UNSAFE.search(self.value) is None else UNSAFE.sub(_escaped, self.value)
        return f"<{safe}>"


@dataclass(frozen=True, slots=True, order=True)
class BlankNode:
    """A node without a name; ``value`` holds within one answer only."""

    value: str

    def __str__(self) -> str:
        """Return the label."""
        return self.value

    @property
    def n3(self) -> str:
        """The node as N-Triples writes it."""
        return f"_:{self.value}"


@dataclass(frozen=True, slots=True, order=True)
class Literal:
    """A value: its lexical form, its datatype's IRI and, for text in a language, the language tag."""

    value: str
    datatype: str = STRING
    language: str | None = None

    def __str__(self) -> str:
        """Return the lexical form."""
        return self.value

    @property
    def python(self) -> str | int | float | bool:
        """The value as Python has it; a string where the datatype is none of numbers, years and truth values.

        >>> Literal("1.25", XSD + "decimal").python, Literal("2023", XSD + "gYear").python
        (1.25, 2023)
        """
        if self.datatype in INTEGERS:
            return int(self.value)
        if self.datatype in FLOATS:
            return float(self.value)
        return self.value == "true" if self.datatype == f"{XSD}boolean" else self.value

    @property
    def n3(self) -> str:
        r"""The literal as N-Triples and SPARQL write it.

        >>> print(Literal('a "b"\n').n3)
        "a \"b\"\n"
        """
        text = '"' + self.value.translate(ESCAPES) + '"'
        if self.language:
            return f"{text}@{self.language}"
        return text if self.datatype == STRING else f"{text}^^{IRI(self.datatype).n3}"


Term = IRI | BlankNode | Literal

ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})


class Triple(NamedTuple):
    """A statement."""

    subject: IRI | BlankNode
    predicate: IRI
    object: Term


class Quad(NamedTuple):
    """A statement in a named graph, or in the default graph where ``graph`` is None."""

    subject: IRI | BlankNode
    predicate: IRI
    object: Term
    graph: IRI | None = None

    @property
    def nquads(self) -> str:
        """The statement as a line of N-Quads, without the line's end."""
        return " ".join([*(part.n3 for part in self if part is not None), "."])


def text(value: str, language: str | None = None) -> Literal:
    """Return a string, in a language if given.

    >>> text("能耗", "zh-Hans").n3
    '"能耗"@zh-Hans'
    """
    return Literal(value, LANGUAGE_STRING, language) if language else Literal(value)


def number(value: float) -> Literal:
    """Return an xsd:integer or xsd:decimal, never in exponent form.

    >>> number(1000000).n3, number(1e-7).value
    ('"1000000"^^<http://www.w3.org/2001/XMLSchema#integer>', '0.0000001')
    """
    if isinstance(value, int):
        return Literal(str(value), f"{XSD}integer")
    return Literal(plain(value), f"{XSD}decimal")


def plain(value: float) -> str:
    """Return the shortest digits that read back as ``value``, without an exponent.

    >>> plain(0.1), plain(1e22), plain(2.0)
    ('0.1', '10000000000000000000000.0', '2.0')
    """
    digits = format(Decimal(repr(value)), "f")
    return digits if "." in digits else f"{digits}.0"
