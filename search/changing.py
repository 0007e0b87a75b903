"""Changing what a collection holds: files become reports, reports go, and one build makes it so."""

import os
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from kg.catalogue import IDENTIFIER, file_of, find, list_catalogue
from kg.draft import Draft
from kg.errors import CatalogueError, FileTooLarge, KgError, NotFound, ReadingError
from kg.generations import DataDirectory
from kg.holdings import OWN, enlarged, read_holdings
from kg.importing import Imported, Limits
from kg.importing.characters import harmless
from kg.importing.confined import read_file_confined
from kg.importing.proposals import propose
from kg.model import Report
from kg.newcomers import companies_named, company_named
from kg.progress import Step, silent
from kg.settings import Settings
from kg.vocabulary import Concept, Vocabulary
from kg.writer import writing
from search.building import Built, renew

ENDINGS = {"application/pdf": ".pdf", "text/html": ".html", "text/markdown": ".md", "text/plain": ".text"}
DOCX = ".docx"  # of all others that are read


@dataclass(frozen=True, slots=True)
class Given:
    """What is said of files that are added; None is read from the file. ``replaces`` is the id of an older edition."""

    company: str | None = None
    year: int | None = None
    language: str | None = None
    id: str | None = None
    title: str | None = None
    replaces: str | None = None

    @property
    def corrects(self) -> bool:
        """Whether it says something of a report that is there already."""
        return any(value is not None for name, value in asdict(self).items() if name != "id")


@dataclass(frozen=True, slots=True)
class Source:
    """A file to add: its name, and its path or its bytes."""

    name: str
    content: Path | bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: the report that it is now, or the problem for which it was refused.

    ``what`` is ``added``, ``replaced``, ``corrected``, ``known`` (the same was there) or ``refused``; ``newcomer`` says
    that its company was unknown.
    """

    name: str
    what: str
    report: Report | None = None
    company: str = ""
    newcomer: bool = False
    warnings: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of each file, and the generation that holds it; None where nothing had to be built."""

    outcomes: tuple[Outcome, ...]
    built: Built | None


def add(settings: Settings, sources: Sequence[Source], given: Given, step: Step = silent) -> Changed:
    """Add files as reports; what cannot be read is refused, and the others are added.

    :raises KgError: if nothing can be added at all: somebody else is at it, the disk is full, what is given cannot be.
    """
    directory = DataDirectory(settings.data)
    with writing(settings.data), directory.arriving() as aside:
        adding = Adding(settings, Draft(settings.data / OWN, aside), given)
        outcomes = []
        for source, content, imported in _read(sources, Limits.of(settings), step):
            outcomes.append(adding.take(source.name, content, imported))
        if not {outcome.what for outcome in outcomes} & {"added", "replaced", "corrected"}:
            return Changed(tuple(outcomes), None)
        adding.draft.write()
        return Changed(tuple(outcomes), renew(settings, step, aside, adding.draft.commit))


def remove(settings: Settings, names: Sequence[str], step: Step = silent) -> Built:
    """Remove reports that the team added, all or none.

    :raises NotFound: if there is no such report.
    :raises CatalogueError: if one is of those that Tantu ships.
    """
    directory = DataDirectory(settings.data)
    with writing(settings.data), directory.arriving() as aside:
        draft = Draft(settings.data / OWN, aside)
        shipped = {listed.id for listed in list_catalogue(settings.seeds)}
        for name in dict.fromkeys(names):
            if name in shipped:
                raise CatalogueError(f"{name} was not added but stands in {settings.seeds}; take it out there")
            if name not in draft.documents:
                held = read_holdings(settings.seeds, settings.data / OWN)
                find([listed.about for listed in held.reports if listed.id in held.own], name)
            draft.drop(name)
        draft.write()
        return renew(settings, step, aside, draft.commit)


Read = tuple[Source, bytes, Imported | KgError]


def _read(sources: Sequence[Source], limits: Limits, step: Step) -> Iterator[Read]:
    """Yield each file with its bytes and what was read from it, or why it cannot be read: a few are read at once."""
    cores = os.cpu_count() or 1
    step("files", 0, len(sources))
    with ThreadPoolExecutor(cores) as pool:
        under_way: deque[tuple[Source, Future[tuple[bytes, Imported | KgError]]]] = deque()
        for done in range(len(sources)):
            while len(under_way) < 2 * cores and done + len(under_way) < len(sources):
                source = sources[done + len(under_way)]
                under_way.append((source, pool.submit(_read_one, source, limits, step)))
            source, future = under_way.popleft()
            yield (source, *future.result())
            step("files", done + 1, len(sources))


def _read_one(source: Source, limits: Limits, step: Step) -> tuple[bytes, Imported | KgError]:
    step(source.name, 0, 1)
    try:
        content = source.content if isinstance(source.content, bytes) else _bytes(source.content, source.name, limits)
        return content, read_file_confined(content, source.name, limits)
    except KgError as error:
        return b"", error
    finally:
        step(source.name, 1, 1)


def _bytes(path: Path, name: str, limits: Limits) -> bytes:
    """Return the bytes of a file that is not too large; messages say its name.

    :raises ReadingError: if it cannot be read or is too large.
    """
    try:
        if not path.is_file():
            raise ReadingError(f"{name}: there is no such file")
        if path.stat().st_size > limits.size:
            raise FileTooLarge(f"{name}: is larger than {limits.size >> 20} MiB; split it, or raise TANTU_FILE_SIZE")
        return path.read_bytes()
    except OSError as error:
        raise ReadingError(f"{name}: cannot be read ({error.strerror})") from error


class Adding:
    """Files that become reports, one after the other, in one draft of the catalogue."""

    def __init__(self, settings: Settings, draft: Draft, given: Given) -> None:
        """Read what is there.

        :raises KgError: if what is given for all cannot be.
        """
        held = read_holdings(settings.seeds, settings.data / OWN)
        self.draft, self.given = draft, given
        self.reports = {listed.id: listed.about for listed in held.reports}
        self.shipped = self.reports.keys() - held.own
        self.vocabulary = enlarged(Vocabulary.load(settings.ontology), held.companies)
        self._files = dict(_originals(draft.own, draft.documents))
        if given.id is not None and (not IDENTIFIER.fullmatch(given.id) or given.id in self.shipped):
            reason = "is taken by a report that Tantu ships" if given.id in self.shipped else "cannot be an id"
            raise CatalogueError(f"{given.id!r} {reason}; use small letters, digits and single hyphens: mobile-2023")
        if given.replaces is not None and given.replaces not in self.reports:
            find(self.reports.values(), given.replaces)

    def take(self, name: str, content: bytes, imported: Imported | KgError) -> Outcome:
        """Make a file that was read a report of the draft."""
        try:
            if isinstance(imported, KgError):
                raise imported
            return self._take(name, content, imported)
        except (ReadingError, CatalogueError, NotFound) as error:
            return Outcome(harmless(name), "refused", problem=str(error))

    def _take(self, name: str, content: bytes, imported: Imported) -> Outcome:
        digest, original = sha256(imported.text.encode()).hexdigest(), sha256(content).hexdigest()
        known = self._known(digest, original)
        if known and known.sha256 == digest and not (self.given.corrects and known.id not in self.shipped):
            return self._outcome(name, "known", known)
        report, company = self._described(name, imported, known)
        what = "added" if report.id not in self.reports else "replaced"
        if known and known.id == report.id and known.sha256 == digest:
            self.draft.put(report, company)
            what = "corrected"
        else:
            about: dict[str, Any] = {"name": harmless(name), "sha256": original, "media_type": imported.media_type}
            about |= {"ending": ENDINGS.get(imported.media_type, DOCX), "warnings": list(imported.warnings)}
            self.draft.put(report, company, about, content)
        if self.given.replaces:
            self.draft.replaces(report, self.given.replaces)
        self.reports[report.id] = report
        self._files[original] = report.id
        return self._outcome(name, what, report, company, imported.warnings)

    def _known(self, digest: str, original: str) -> Report | None:
        """Return the report that has the same text, or came in the same file."""
        same = next((report for report in self.reports.values() if report.sha256 == digest), None)
        return same or self.reports.get(self._files.get(original, ""))

    def _described(self, name: str, imported: Imported, known: Report | None) -> tuple[Report, Concept | None]:
        """Return a file as a report, and its company if that is new; what is not given is read from the text.

        :raises CatalogueError: if no year is given and none is named.
        """
        given, proposal = self.given, propose(imported, name, self.vocabulary)
        company = self._company(given.company or (known.company if known else None)) or proposal.companies[0]
        year = given.year or (known.year if known else next(iter(proposal.years), None))
        if year is None:
            raise CatalogueError(f"{harmless(name)}: no year stands in the text or in its name; give it with --year")
        language = given.language or (known.language if known else proposal.language)
        title = given.title or imported.title or Path(harmless(name)).stem
        report = Report(
            id=given.id or (known.id if known else self._free_id(company, year, language)),
            text=imported.text,
            language=language,
            company=company.iri,
            year=year,
            title=known.title if known and not given.title else {language: title},
            sha256=sha256(imported.text.encode()).hexdigest(),
            pages=imported.pages,
        )
        if company.iri in self.vocabulary:
            return report, None
        self.vocabulary = self.vocabulary.plus(company)
        return report, company

    def _company(self, name: str | None) -> Concept | None:
        """Return a company by its IRI or its name, a new one for a name that nobody knows; None for no name."""
        if not name:
            return None
        if name in self.vocabulary:
            return self.vocabulary.concept(name)
        return next(iter(companies_named(name, self.vocabulary)), None) or company_named(name)

    def _free_id(self, company: Concept, year: int, language: str) -> str:
        """Return an id for a report, made of its company and its year."""
        base = f"{re.sub('[^a-z0-9]+', '-', company.iri.rsplit('/', 1)[-1].lower()).strip('-')}-{year}"
        names = [base, f"{base}-{language.lower()}", *(f"{base}-{n}" for n in range(2, len(self.reports) + 3))]
        return next(name for name in names if name not in self.reports)

    def _outcome(
        self, name: str, what: str, report: Report, company: Concept | None = None, warnings: tuple[str, ...] = ()
    ) -> Outcome:
        label = self.vocabulary.concept(report.company).label(report.language)
        return Outcome(harmless(name), what, report, label, company is not None, warnings)


def _originals(own: Path, documents: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the SHA-256 of the file that each of the team's reports came in, with the report's id."""
    for id, digest in documents.items():
        try:
            yield orjson.loads(file_of(id, digest, [own], ".json").read_bytes())["sha256"], id
        except (OSError, ValueError, KeyError):
            continue  # a report that somebody put there by hand has no such file
