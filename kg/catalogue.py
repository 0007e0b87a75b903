"""The catalogue of reports: ``catalogue.ttl`` and the texts beside it, checked against each other."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from kg import ids
from kg.errors import CatalogueError, NotFound, VocabularyError
from kg.model import Report
from kg.reading.decoding import decode
from kg.turtle import Node, read_turtle_once

NAME = "catalogue.ttl"
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")  # it becomes part of IRIs, addresses and a file name
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
DOCUMENT = f"{ids.ONTOLOGY}Document"
_TERMS = "http://purl.org/dc/terms/"

Description = Mapping[str, Sequence[Node]]


@dataclass(frozen=True, slots=True)
class Listed:
    """A report of a catalogue: ``about`` is all but its text, which is read from one of some folders when needed."""

    about: Report
    catalogue: Path
    folders: tuple[Path, ...]

    @property
    def id(self) -> str:
        """The report's id."""
        return self.about.id

    @property
    def path(self) -> Path:
        """The file of the text."""
        return file_of(self.id, self.about.sha256, self.folders)

    @property
    def size(self) -> int:
        """The bytes of the text, 0 where it is missing."""
        return self.path.stat().st_size if self.path.is_file() else 0

    def read(self) -> Report:
        """Return the report with its text.

        :raises CatalogueError: if the file is missing or has other bytes than the catalogue's SHA-256 says.
        :raises ReadingError: if it is no text.
        """
        data = _checked_bytes(self.path, self.about.sha256, self.catalogue)
        pages = pages_of(file_of(self.id, self.about.sha256, self.folders, ".json"))
        return replace(self.about, text=decode(data, f"{self.id}.txt"), pages=pages)


def read_catalogue(folder: Path, *elsewhere: Path, least: int = 1) -> tuple[Report, ...]:
    """Return the reports of a folder, sorted by id; there have to be so many at ``least``.

    The text of the report ``mobile-2023`` is ``mobile-2023.txt`` beside the catalogue, or in one of the folders
    ``elsewhere``; :func:`file_of` says more.

    :raises CatalogueError: if the catalogue is missing or no Turtle, says too little of a report, or names a file
        that is missing or has other bytes than the catalogue's SHA-256 says.
    :raises ReadingError: if a file is no text.

    >>> from kg.settings import resource
    >>> [report.id for report in read_catalogue(resource("seeds"))]
    ['mobile-2020', 'mobile-2023', 'telecom-2023', 'unicom-2023', 'zte-2024']
    """
    return tuple(listed.read() for listed in list_catalogue(folder, *elsewhere, least=least))


def list_catalogue(folder: Path, *elsewhere: Path, least: int = 1) -> tuple[Listed, ...]:
    """Return what :func:`read_catalogue` does, but read no text.

    :raises CatalogueError: if the catalogue is missing or no Turtle, or says too little of a report.
    """
    path = folder / NAME
    try:
        about = path.stat()
    except OSError as error:
        remedy = f"a folder of reports needs a {NAME} that describes them"
        raise CatalogueError(f"{path}: there is no such file; {remedy}") from error
    found = _listed_once((folder, *elsewhere), about.st_ino, about.st_size, about.st_mtime_ns)
    if len(found) < least:
        raise CatalogueError(f"{path}: describes no report; write a block `a o:Document` for each, as in seeds/{NAME}")
    return found


@lru_cache(maxsize=4)  # of 10,000 reports it takes half a second
def _listed_once(folders: tuple[Path, ...], *version: int) -> tuple[Listed, ...]:
    """Return the reports of the first of some folders; ``version`` tells what its catalogue is."""
    path = folders[0] / NAME
    reports = sorted((_report(path, about) for about in _documents(path)), key=lambda report: report.id)
    for report, following in pairwise(reports):
        if report.id == following.id:
            raise CatalogueError(f"{path}: describes {report.id} twice; give each report an identifier of its own")
    return tuple(Listed(report, path, folders) for report in reports)


def find(reports: Iterable[Report], id: str) -> Report:
    """Return the report of an id.

    :raises NotFound: with the nearest ids, if there is none.

    >>> find([], "mobil-2023")
    Traceback (most recent call last):
    kg.errors.NotFound: There is no report 'mobil-2023'
    """
    known = {report.id: report for report in reports}
    if id not in known:
        raise NotFound("report", id, get_close_matches(id, known, n=3, cutoff=0.3))
    return known[id]


def file_of(id: str, digest: str, folders: Sequence[Path], ending: str = ".txt") -> Path:
    """Return the file of a report in the first of some folders that has it.

    A text that took the place of another has the beginning of its SHA-256 in its name, ``mobile-2023.5ebafdf9.txt``:
    so the new one can lie beside the old one until the catalogue names it.
    """
    names = (f"{id}.{digest[:8]}{ending}", f"{id}{ending}")
    places = [folder / name for folder in folders for name in names]
    return next((path for path in places if path.is_file()), folders[0] / names[1])


def pages_of(path: Path) -> tuple[int, ...]:
    """Return where the pages of a report begin, as the JSON file beside its text tells; none where there is no file.

    :raises CatalogueError: if the file is not what ``tantu add`` wrote.
    """
    try:
        return tuple(map(int, json.loads(path.read_text("utf-8"))["pages"]))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError) as error:
        remedy = "add the report again, or remove the file"
        raise CatalogueError(f"{path}: does not say where pages begin ({error}); {remedy}") from error


def _documents(path: Path) -> list[Description]:
    try:
        said = read_turtle_once(path)
    except VocabularyError as error:
        raise CatalogueError(str(error)) from error
    found: dict[str, dict[str, list[Node]]] = {}
    for subject in (subject for subject, predicate, node in said if (predicate, node.value) == (_TYPE, DOCUMENT)):
        found[subject] = defaultdict(list)
    for subject, predicate, node in said:
        if subject in found:
            found[subject][predicate].append(node)
    return list(found.values())


def _report(path: Path, about: Description) -> Report:
    id = _one(path, "a report", about, f"{_TERMS}identifier")
    if not IDENTIFIER.fullmatch(id):
        raise CatalogueError(f"{path}: identifier {id!r}; use small letters, digits and single hyphens: mobile-2023")
    place = f"report {id}"
    language = _one(path, place, about, f"{_TERMS}language")
    if language not in LANGUAGES:
        raise CatalogueError(f"{path}: {place}: language is {language!r}; it needs to be one of {', '.join(LANGUAGES)}")
    return Report(
        id=id,
        text="",
        language=language,
        company=_one(path, place, about, f"{_TERMS}publisher"),
        year=_year(path, place, _one(path, place, about, f"{ids.ONTOLOGY}reportYear")),
        title={node.language or language: node.value for node in about.get(f"{_TERMS}title", ())},
        sha256=_one(path, place, about, f"{ids.ONTOLOGY}sha256"),
    )


def _one(path: Path, place: str, about: Description, predicate: str) -> str:
    nodes = about.get(predicate, ())
    if len(nodes) != 1:
        raise CatalogueError(f"{path}: {place} has {len(nodes)} values of <{predicate}>; it needs exactly one")
    return nodes[0].value


def _year(path: Path, place: str, year: str) -> int:
    if not (year.isdecimal() and len(year) == 4):
        raise CatalogueError(f"{path}: {place}: o:reportYear is {year!r}; it needs to be a year of four digits")
    return int(year)


def _checked_bytes(path: Path, digest: str, catalogue: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        remedy = f"put the text there or take its block out of {catalogue.name}"
        raise CatalogueError(f"{path}: cannot be read ({error.strerror}); {remedy}") from error
    actual = sha256(data).hexdigest()
    if actual != digest:
        remedy = f"restore the file, or write its SHA-256 into {catalogue.name} (offsets of older facts are then void)"
        raise CatalogueError(f"{path}: SHA-256 is {actual} but {catalogue.name} says {digest}; {remedy}")
    return data
