"""The one table that says which property of the graph holds which field of a fact.

Writing and reading both follow it, so that triples give back the very fact that they were made from.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kg import ids
from kg.model import Fact, Initiative, Mention, Number, Observation, Opportunity, Risk, Target, Technology
from kg.terms import IRI, PREFIXES, XSD, Literal, Term, plain

Write = Callable[[Any], Term]
Read = Callable[[Term], Any]


def name(curie: str) -> IRI:
    """Return the IRI of a prefixed name.

    >>> name("o:metric").value
    'https://w3id.org/tantu/o#metric'
    """
    prefix, local = curie.split(":", 1)
    return IRI(PREFIXES[prefix] + local)


def decimal(value: Number) -> Literal:
    """Return a number as xsd:decimal; whole numbers have no point, so that they come back as int.

    >>> decimal(7748000).value, decimal(1.0).value, decimal(1e-7).value
    ('7748000', '1.0', '0.0000001')
    """
    return Literal(str(value) if isinstance(value, int) else plain(value), f"{XSD}decimal")


def number(term: Term) -> Number:
    """Return the number of an xsd:decimal.

    >>> number(Literal("774.8")), number(Literal("7748000"))
    (774.8, 7748000)
    """
    return float(term.value) if "." in term.value else int(term.value)


def _text(value: str) -> Literal:
    return Literal(value)


def _words(term: Term) -> str:
    return term.value


def _year(value: int) -> Literal:
    return Literal(f"{value:04d}", f"{XSD}gYear")


def _int(term: Term) -> int:
    return int(term.value)


def _codes(codes: Mapping[str, str]) -> tuple[Write, Read]:
    """Return how a fixed set of words is written as concepts and read back."""
    concepts: dict[str, Term] = {word: name(f"c:{slug}") for word, slug in codes.items()}
    words: dict[Term, str] = {iri: word for word, iri in concepts.items()}
    return concepts.__getitem__, words.__getitem__


def _property(field: str) -> IRI:
    return _UNIT if field == "unit" else IRI(f"{ids.ONTOLOGY}{field}")


def _field(term: Term) -> str:
    return "unit" if term == _UNIT else term.value.removeprefix(ids.ONTOLOGY)


_UNIT = name("qudt:hasUnit")  # the one field that a property of another vocabulary holds


COMPARATORS = {"=": "eq", ">": "gt", ">=": "ge", "<": "lt", "<=": "le", "~": "approx"}
SCOPES = {word: word for word in ("company", "part", "other")}
FORMS = {word: word for word in ("level", "change", "cumulative")}
DIRECTIONS = {"up": "increase", "down": "decrease"}
AGGREGATIONS = {word: word for word in ("annual", "cumulative", "average", "single")}

_IRI: tuple[Write, Read] = (IRI, _words)
_TEXT: tuple[Write, Read] = (_text, _words)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a fact: its property, how a value is written and read, and whether it holds many values."""

    name: str
    property: IRI
    write: Write
    read: Read
    many: bool = False


def _row(field: str, curie: str, codec: tuple[Write, Read], many: bool = False) -> Field:
    return Field(field, name(curie), *codec, many)


COMMON = (
    _row("company", "o:company", _IRI),
    _row("confidence", "o:confidence", (decimal, lambda term: float(term.value))),
    _row("defaulted", "o:defaulted", (_property, _field), many=True),
)
NUMBER = (
    _row("metric", "o:metric", _IRI),
    _row("metric_text", "o:metricText", _TEXT),
    _row("subject", "o:subjectText", _TEXT),
    _row("scope", "o:scope", _codes(SCOPES)),
    _row("unit", "qudt:hasUnit", _IRI),
    _row("unit_text", "o:unitText", _TEXT),
    _row("as_written", "o:asWritten", _TEXT),
    _row("comparator", "o:comparator", _codes(COMPARATORS)),
    _row("form", "o:form", _codes(FORMS)),
    _row("direction", "o:direction", _codes(DIRECTIONS)),
    _row("year", "o:year", (_year, _int)),
    _row("baseline", "o:baselineText", _TEXT),
    _row("aggregation", "o:aggregation", _codes(AGGREGATIONS)),
    _row("joint", "o:jointWith", _IRI, many=True),
    _row("result_of", "o:resultOf", _IRI, many=True),
)
_NAME = _row("name", "o:name", _TEXT)
RISK = (_NAME, _row("level", "o:levelText", _TEXT), _row("horizon", "o:horizonText", _TEXT))

FIELDS: Mapping[type[Fact], tuple[Field, ...]] = {
    Observation: COMMON + NUMBER,
    Target: COMMON + NUMBER,
    Risk: (*COMMON, *RISK, _row("categories", "o:riskCategory", _IRI, many=True)),
    Opportunity: (*COMMON, *RISK, _row("categories", "o:opportunityCategory", _IRI, many=True)),
    Initiative: (
        *COMMON,
        _NAME,
        _row("place", "o:placeText", _TEXT),
        _row("technologies", "o:usesTechnology", _IRI, many=True),
        _row("leaders", "o:leaderText", _TEXT, many=True),
        _row("part_of", "dcterms:isPartOf", _IRI),
    ),
    Technology: (*COMMON, _NAME, _row("technology", "o:technology", _IRI)),
    Mention: (*COMMON, _NAME, _row("concept", "o:mentions", _IRI)),
}
CLASSES: Mapping[type[Fact], IRI] = {
    Observation: name("o:Observation"),
    Target: name("o:Target"),
    Risk: name("o:Risk"),
    Opportunity: name("o:Opportunity"),
    Initiative: name("o:Initiative"),
    Technology: name("o:TechnologyMention"),
    Mention: name("o:Mention"),
}
