"""Repairing a data directory: what can be had back is put back, and everything is built anew."""

import shutil
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from kg.catalogue import NAME, file_of
from kg.draft import ORIGINALS, Draft
from kg.durable import replace
from kg.errors import CatalogueError, KgError, VocabularyError
from kg.generations import DataDirectory
from kg.holdings import OWN, read_companies, read_reports
from kg.importing import Limits
from kg.importing.confined import read_file_confined
from kg.model import Report
from kg.progress import Step, silent
from kg.settings import Settings
from kg.vocabulary import Concept, Vocabulary
from kg.writer import writing
from search.building import PARTS, Built, renew


def repair(settings: Settings, step: Step = silent) -> tuple[list[str], Built]:
    """Put back what can be had from what was built or from the original files, and build everything anew.

    Returns a line for each thing that was put back, and the new generation.

    :raises CatalogueError: if a text is lost; the message says of which report, and nothing is removed.
    :raises KgError: if something else is missing; the generations stay until a new one is there.
    """
    with writing(settings.data):
        built = dict(_built(settings))
        said = [*_catalogue(settings, built), *_texts(settings, built)]
        shutil.rmtree(settings.data / PARTS, ignore_errors=True)
        return said, renew(settings, step, anew=True)


def _built(settings: Settings) -> Iterator[tuple[str, tuple[Report, Concept | None]]]:
    """Yield the reports of all generations that can be read, the current one last, with publishers of their own."""
    directory = DataDirectory(settings.data)
    folders = sorted((directory.folder / "generations").glob("*"), key=lambda path: path.name == directory.pointer())
    for folder in folders:
        try:
            companies = Vocabulary(read_companies(folder))
            for report in read_reports(folder):
                known = report.company in companies
                yield report.id, (report, companies.concept(report.company) if known else None)
        except (OSError, ValueError, KeyError, TypeError):
            continue  # it is broken too


def _catalogue(settings: Settings, built: Mapping[str, tuple[Report, Concept | None]]) -> Iterator[str]:
    """Write the team's catalogue from what was built where it cannot be read; the broken one is kept beside it."""
    own = settings.data / OWN
    try:
        Draft(own, own, tidy=False)
    except VocabularyError:
        kept = own / f"{NAME}.broken"
        (own / NAME).replace(kept)
        with DataDirectory(settings.data).arriving() as aside:
            draft = Draft(own, aside, tidy=False)
            for id, (report, company) in built.items():
                if any(file_of(id, report.sha256, [own], ending).is_file() for ending in (".txt", ".json")):
                    draft.put(report, company)
            draft.write()
            draft.commit()
        yield f"{own / NAME}: written from what was built; what it was is {kept.name}"


def _texts(settings: Settings, built: Mapping[str, tuple[Report, Concept | None]]) -> Iterator[str]:
    """Put back the texts that are missing or have changed.

    :raises CatalogueError: if one is lost.
    """
    own = settings.data / OWN
    for id, digest in Draft(own, own, tidy=False).documents.items():
        path = file_of(id, digest, [own])
        if path.is_file() and sha256(path.read_bytes()).hexdigest() == digest:
            continue
        known = built[id][0].text if id in built else ""
        texts = (known, *_read_again(own / ORIGINALS, path.stem, settings))
        text = next((text for text in texts if sha256(text.encode()).hexdigest() == digest), None)
        if text is None:
            remedy = f"`tantu remove {id}`, and add its file again"
            raise CatalogueError(f"{path}: the text is lost, and neither the graph nor its original has it; {remedy}")
        replace(path, text)
        yield f"{path}: put back"


def _read_again(folder: Path, stem: str, settings: Settings) -> Iterator[str]:
    """Yield what the original files of a report say."""
    for path in folder.glob(f"{stem}.*"):
        try:
            yield read_file_confined(path, "", Limits.of(settings)).text
        except KgError:
            continue
