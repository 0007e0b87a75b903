"""The errors of this house; each says what went wrong, where, and what to do about it.

KgError
├── ReadingError        a file that cannot be read as a report
│   └── FileTooLarge    a file that needs more time, memory or space than the settings allow
├── CatalogueError      seeds/catalogue.ttl and the files beside it disagree
├── VocabularyError     a mistake in ontology/*.ttl
├── ShapesError         facts that break a SHACL shape
├── StoreError          a data directory that cannot be used
│   ├── BuildNeeded     the data directory holds nothing that fits the present inputs
│   └── Locked          another process is changing the data directory
├── SettingsError       a setting with a value that cannot be
├── ModelMissing        the embedding model cannot be loaded
├── NotFound            no such report, fact or concept
│   └── UnknownFilter   a search narrowed to a company, report or concept that there is not
├── QuestionError       a question that is empty or too long
└── QueryError          a SPARQL query that cannot be parsed
    ├── QueryRefused    an update, a foreign SERVICE, a FROM of a file
    ├── QueryUnsupported    a function that the engine does not have
    ├── QueryTimeout    the query ran past its deadline
    └── QueryTooLarge   the query needed more memory or text than allowed
"""

from collections.abc import Sequence


class KgError(ValueError):
    """Anything that Tantu refuses, with a message for people."""


class ReadingError(KgError):
    """A file that cannot be read as a report."""


class FileTooLarge(ReadingError):
    """A file that needs more time, memory or space than the settings allow."""


class CatalogueError(KgError):
    """The catalogue of reports and the files beside it disagree."""


class VocabularyError(KgError):
    """A mistake in the ontology's Turtle files."""


class ShapesError(KgError):
    """Facts that break a SHACL shape."""


class StoreError(KgError):
    """A data directory that cannot be used."""


class BuildNeeded(StoreError):
    """The data directory holds nothing that fits the present inputs; run ``tantu build``."""


class Locked(StoreError):
    """Another process is changing the data directory; the message says which."""


class SettingsError(KgError):
    """A setting with a value that cannot be."""


class ModelMissing(KgError):
    """The embedding model cannot be loaded."""


class NotFound(KgError):
    """No such report, fact or concept; ``nearest`` holds the ids that come closest."""

    def __init__(self, kind: str, name: str, nearest: Sequence[str] = ()) -> None:
        """Name what was asked for and what comes nearest."""
        super().__init__(kind, name, nearest)
        self.kind, self.name, self.nearest = kind, name, tuple(nearest)

    def __str__(self) -> str:
        """Return one line.

        >>> str(NotFound("report", "mobil-2023", ["mobile-2023"]))
        "There is no report 'mobil-2023'; nearest: mobile-2023"
        """
        near = f"; nearest: {', '.join(self.nearest)}" if self.nearest else ""
        return f"There is no {self.kind} {self.name!r}{near}"


class UnknownFilter(NotFound):
    """A search that is narrowed to a company, report or concept that there is not."""


class QuestionError(KgError):
    """A question that is empty or too long."""


class QueryError(KgError):
    """A SPARQL query that cannot be parsed; ``line`` and ``column`` start at 1 and are None where unknown."""

    def __init__(self, reason: str, line: int | None = None, column: int | None = None) -> None:
        """Keep the reason and the place."""
        super().__init__(reason, line, column)
        self.reason, self.line, self.column = reason, line, column

    def __str__(self) -> str:
        """Return one line.

        >>> str(QueryError("expected a variable", 2, 7))
        'line 2, column 7: expected a variable'
        """
        return self.reason if self.line is None else f"line {self.line}, column {self.column}: {self.reason}"


class QueryRefused(QueryError):
    """A query that this read-only endpoint does not run: an update, a foreign SERVICE, a FROM of an address."""


class QueryUnsupported(QueryError):
    """A query that can be parsed but not evaluated: a function that the engine does not have."""


class QueryTimeout(QueryError):
    """A query that ran past its deadline."""


class QueryTooLarge(QueryError):
    """A query that needed more memory or is longer than allowed."""
