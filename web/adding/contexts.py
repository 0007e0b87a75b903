"""What the templates of the pages for adding get."""

from dataclasses import dataclass
from typing import ClassVar

from web.parts import Link, Page, Phrase


@dataclass(frozen=True, slots=True)
class Reading:
    """How far a file or a stage is: ``done`` of ``total``."""

    name: str
    done: int
    total: int


NOBODY = Phrase("")


@dataclass(frozen=True, slots=True)
class FileRow:
    """What became of a file: ``what`` in words, the report as it was read, or the problem for which it was refused.

    ``report`` is "" where there is none to correct; ``link`` leads to the reader as soon as the report is served.
    """

    name: str
    what: str
    report: str = ""
    link: Link | None = None
    company: Phrase = NOBODY
    newcomer: bool = False
    year: str = ""
    language: str = ""
    title: str = ""
    about: str = ""
    warnings: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change in the list of the latest ones."""

    href: str
    said: str
    state: str


@dataclass(frozen=True, slots=True)
class EnterContext:
    """The page that asks for the token."""

    template: ClassVar[str] = "adding/enter.html"
    page: Page
    problem: str


@dataclass(frozen=True, slots=True)
class AddContext:
    """The page with the form for files, the latest changes, and the team's reports."""

    template: ClassVar[str] = "adding/add.html"
    page: Page
    seal: str
    problem: Phrase
    limits: str
    most_files: int
    most_bytes: int
    languages: tuple[tuple[str, str], ...]
    changes: tuple[ChangeRow, ...]
    sought: str
    rows: tuple[FileRow, ...]
    more: int


@dataclass(frozen=True, slots=True)
class ChangeContext:
    """The page of one change: how far it is, then what became of each file."""

    template: ClassVar[str] = "adding/change.html"
    page: Page
    seal: str
    said: str
    state: str
    problem: Phrase
    ended: bool
    stages: tuple[Reading, ...]
    files: tuple[Reading, ...]
    rows: tuple[FileRow, ...]
    languages: tuple[tuple[str, str], ...]
