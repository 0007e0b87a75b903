"""From an Accept header to a media type: pure functions over tables.

Nobody who can be served is turned away: where nothing fits, the first offer is sent, as RFC 9110 (12.4.1) allows.
rdflib's SPARQLStore, for one, asks for the result of a CONSTRUCT as application/sparql-results+json only, and breaks on
a 406.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from kg.media import GRAPHS, ROWS

SHORT = {
    "turtle": "ttl",
    "ttl": "ttl",
    "n-triples": "nt",
    "ntriples": "nt",
    "nt": "nt",
    "jsonld": "jsonld",
    "json-ld": "jsonld",
    "rdf": "rdf",
    "xml": "rdf",
    "html": "html",
}
"""What ``?format=`` may say for the description of an IRI, for people who cannot set a header."""

FORMATS = {
    "json": ("json", "jsonld"),
    "xml": ("xml", "rdf"),
    "csv": ("csv", "ttl"),
    "tsv": ("tsv", "ttl"),
    **{name: ("json", form) for name, form in SHORT.items() if form != "html" and name != "xml"},
}
"""What ``?format=`` may say for the result of a query: the form of solutions, and that of a graph."""


class Range(NamedTuple):
    """One media range of an Accept header with its weight."""

    media: str
    weight: float

    @property
    def precision(self) -> int:
        """0 for ``*/*``, 1 for ``type/*``, 2 for a media type."""
        return 2 - (self.media == "*/*") - self.media.endswith("/*")


def ranges(accept: str) -> list[Range]:
    """Read an Accept header; parts that cannot be read are left out.

    >>> ranges("text/turtle;q=0.5, */*;q=0.1")
    [Range(media='text/turtle', weight=0.5), Range(media='*/*', weight=0.1)]
    """
    found = [_range(part) for part in accept.lower().split(",")]
    return [item for item in found if "/" in item.media]


def _range(part: str) -> Range:
    media, *parameters = (piece.strip() for piece in part.split(";"))
    weights = [piece[2:] for piece in parameters if piece.startswith("q=")]
    try:
        weight = float(weights[0]) if weights else 1.0
    except ValueError:
        weight = 0.0
    return Range(media, min(1.0, weight) if weight > 0 else 0.0)


def weight(media: str, wanted: Sequence[Range]) -> float:
    """Return how much a media type is wanted: the weight of the closest range that covers it, 0 where none does.

    >>> weight("text/csv", ranges("text/*;q=0.3, text/csv;q=0")), weight("text/csv", ranges("text/*;q=0.3"))
    (0.0, 0.3)
    """
    covering = [item for item in wanted if item.media in (media, media.split("/")[0] + "/*", "*/*")]
    return max(covering, key=lambda item: item.precision).weight if covering else 0.0


def choose(accept: str | None, offers: Collection[str]) -> str:
    """Return the best of the media types on offer, the first of equals, and the first of all where none fits.

    Of two with one weight the one that is named wins over one that a wildcard lets in.

    >>> choose("text/html, text/csv;q=0.9", ROWS), choose("image/png", ROWS) == choose(None, ROWS)
    ('text/csv', True)
    """
    wanted = ranges(accept or "*/*")
    named = {item.media for item in wanted}
    weights = {media: weight(media, wanted) for media in offers}
    return max(offers, key=lambda media: (weights[media], (media in named) == (weights[media] > 0)))


def results(accept: str | None, asked: str | None = None) -> tuple[str, str]:
    """Return the media types of solutions and of a graph; ``?format=``, a short name or a media type, goes first.

    >>> results("text/html, */*;q=0.1", "csv"), results("text/csv", "no such") == results("text/csv")
    (('text/csv', 'text/turtle'), True)
    """
    if asked and asked.lower() in FORMATS:
        rows, graph = FORMATS[asked.lower()]
        return next(name for name in ROWS if ROWS[name] == rows), next(name for name in GRAPHS if GRAPHS[name] == graph)
    wanted = asked if asked and any(weight(media, ranges(asked)) for media in (*ROWS, *GRAPHS)) else accept
    return choose(wanted, ROWS), choose(wanted, GRAPHS)


def prefers_html(accept: str | None) -> bool:
    """Say whether this is a browser: text/html is named, and nothing that can be sent instead is wanted more.

    >>> prefers_html("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), prefers_html("*/*")
    (True, False)
    """
    wanted = ranges(accept or "")
    html = next((item.weight for item in wanted if item.media == "text/html"), 0.0)
    return html > 0 and all(html >= weight(media, wanted) for media in (*ROWS, *GRAPHS))
