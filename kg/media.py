"""Media types of results: one table for the endpoint, the command line and the workers."""

from kg.errors import QueryError

ROWS = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
    "text/json": "json",
    "text/xml": "xml",
}
"""Media types of solutions and truth values, the preferred one first, and the form that each stands for."""

GRAPHS = {
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdf",
    "application/x-turtle": "ttl",
    "text/plain": "nt",
    "application/json": "jsonld",
    "application/xml": "rdf",
    "application/n-quads": "nq",
    "application/trig": "trig",
}
"""Media types of graphs, the preferred one first, and the form that each stands for."""

CONTENT_TYPES = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "nq": "application/n-quads",
    "trig": "application/trig",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
}
"""The Content-Type that a form is sent with."""


def first(accepted: tuple[str, ...], table: dict[str, str]) -> str:
    """Return the form of the first media type that the table knows, the table's first where it knows none.

    >>> first(("text/turtle", "text/csv"), ROWS), first((), GRAPHS)
    ('csv', 'ttl')
    """
    return next((table[media] for media in accepted if media in table), next(iter(table.values())))


def accepting(form: str) -> tuple[str, ...]:
    """Return media types that stand for a form, of solutions and of graphs.

    :raises QueryError: if there is no such form.

    >>> accepting("ttl")
    ('text/turtle', 'application/x-turtle')
    """
    found = tuple(name for table in (ROWS, GRAPHS) for name, known in table.items() if known == form)
    if not found:
        raise QueryError(f"there is no format {form!r}; there are {', '.join(CONTENT_TYPES)}")
    return found
