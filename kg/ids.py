"""Stable IRIs: where every name in the graph is made."""

from hashlib import sha256

BASE = "https://w3id.org/tantu/"
ONTOLOGY = f"{BASE}o#"
SEARCH = f"{BASE}search#"


def stable_id(*parts: object) -> str:
    """Return 10 hex digits of SHA-256 over length-prefixed parts.

    The length prefix keeps ``("a", "bc")`` apart from ``("ab", "c")``.

    >>> stable_id("text", 1, 123) == stable_id("text", 11, 23)
    False
    >>> stable_id("text", 1, 123)
    'e40e395338'
    """
    framed = "".join(f"{len(str(part))}:{part}" for part in parts)
    return sha256(framed.encode()).hexdigest()[:10]


def document_iri(report: str) -> str:
    """Return the IRI of a report's text.

    >>> document_iri("mobile-2023")
    'https://w3id.org/tantu/doc/mobile-2023'
    """
    return f"{BASE}doc/{report}"


def graph_iri(report: str) -> str:
    """Return the IRI of the named graph that holds a report's facts."""
    return f"{BASE}graph/{report}"


def span_iri(report: str, start: int, end: int) -> str:
    """Return the IRI of a piece of a report's text; offsets count code points.

    >>> span_iri("mobile-2023", 3996, 4007)
    'https://w3id.org/tantu/doc/mobile-2023#offset_3996_4007'
    """
    return f"{document_iri(report)}#offset_{start}_{end}"


def passage_iri(report: str, start: int, end: int) -> str:
    """Return the IRI of a passage, a piece of a report cut for search."""
    return f"{document_iri(report)}#passage_{start}_{end}"


def fact_iri(report: str, *place: object) -> str:
    """Return the IRI of a fact, a hash of its place in the text and not of its interpretation."""
    return f"{BASE}fact/{report}-{stable_id(report, *place)}"


def period_iri(period: str) -> str:
    """Return the IRI of a year or a named span of years.

    >>> period_iri("2023")
    'https://w3id.org/tantu/period/2023'
    """
    return f"{BASE}period/{period}"
