"""What a failure is called and what to do about it, in the language of the page: words for each kind of error."""

from typing import NamedTuple

from kg.errors import QueryError, QueryRefused, QueryTimeout, QueryTooLarge, QueryUnsupported
from web.words import Words

QUERIES: tuple[tuple[type[QueryError], str], ...] = (
    (QueryRefused, "refused"),
    (QueryTimeout, "timeout"),
    (QueryTooLarge, "large"),
    (QueryUnsupported, "unsupported"),
    (QueryError, "wrong"),
)
"""The first class that fits gives the words."""


class Remedy(NamedTuple):
    """What went wrong in a few words, and what to do."""

    heading: str
    remedy: str


def key_of(error: Exception) -> str:
    """Return the beginning of the words for an error of a query, nothing for another error.

    >>> key_of(QueryTimeout("the query took longer than 20 s")), key_of(ValueError())
    ('failure.query.timeout', '')
    """
    return next((f"failure.query.{name}" for kind, name in QUERIES if isinstance(error, kind)), "")


def remedy_of(error: Exception, status: int, words: Words) -> Remedy:
    """Return the words for an error of a query, else those for a status."""
    key = key_of(error) or f"failure.{status}"
    key = key if words.has(f"{key}.heading") else "failure.500"
    return Remedy(words(f"{key}.heading"), words(f"{key}.remedy"))
