"""Where things are found on this site: the way from an IRI to the page that shows it."""

import re
from urllib.parse import quote, urlencode

from kg import ids

_SPAN = re.compile(r"doc/([^/#]+)#(?:offset|passage)_(\d+)_(\d+)$")
_DOCUMENT = re.compile(r"doc/([^/#]+)$")


def reader(report: str, start: int | None = None, end: int | None = None) -> str:
    """Return the address of a report, or of a piece of it; the query serves browsers without scripts.

    >>> reader("mobile-2023"), reader("mobile-2023", 4, 8)
    ('/reports/mobile-2023', '/reports/mobile-2023?start=4&end=8#char=4,8')
    """
    path = f"/reports/{quote(report)}"
    return path if start is None else f"{path}?start={start}&end={end}#char={start},{end}"


def local(iri: str) -> str | None:
    """Return the address on this site of one of our IRIs, or None for others.

    >>> local("https://w3id.org/tantu/doc/mobile-2023#offset_4_8")
    '/reports/mobile-2023?start=4&end=8#char=4,8'
    >>> local("https://w3id.org/tantu/metric/pue"), local("https://w3id.org/tantu/o#Risk"), local("https://example.org/")
    ('/metric/pue', '/ontology/Risk', None)
    """
    if not iri.startswith(ids.BASE):
        return None
    path = iri.removeprefix(ids.BASE)
    if span := _SPAN.match(path):
        return reader(span[1], int(span[2]), int(span[3]))
    if document := _DOCUMENT.match(path):
        return reader(document[1])
    if iri.startswith(ids.ONTOLOGY):
        return f"/ontology/{quote(iri.removeprefix(ids.ONTOLOGY))}"
    return f"/{quote(path, safe='/#')}"


def opening(iri: str) -> str | None:
    """Return where an IRI leads for somebody who clicks on it: a page of ours, else the web."""
    return local(iri) or (iri if iri.startswith(("http://", "https://")) else None)


def with_query(path: str, **parameters: str) -> str:
    """Return a path with a query string; empty parameters are left out.

    >>> with_query("/", q="PUE?", ui="")
    '/?q=PUE%3F'
    """
    chosen = {name: value for name, value in parameters.items() if value}
    return f"{path}?{urlencode(chosen)}" if chosen else path


def rdf(iri: str) -> str | None:
    """Return the address of an IRI's Turtle on this site."""
    path = (local(iri) or "").split("#")[0]
    return f"{path}?format=turtle" if path and not path.startswith("/reports") else None
