"""A team's reports in one file: everything that cannot be built again, to be put back here or elsewhere.

A backup is a tar file with the folder ``reports`` of a data directory. The graph is built from it, by whatever version
of Tantu reads it.
"""

import json
import re
import tarfile
from pathlib import Path
from typing import IO

from kg.catalogue import NAME, file_of, read_catalogue
from kg.draft import JOURNAL, ORIGINALS, Draft, clear_up, said
from kg.durable import replace
from kg.errors import CatalogueError, StoreError
from kg.generations import DataDirectory
from kg.holdings import ORGANISATIONS, OWN
from kg.progress import Step, silent
from kg.settings import Settings
from kg.writer import writing
from search.building import Built, renew

SAFE = re.compile(rf"{OWN}/({ORIGINALS}/)?[A-Za-z0-9][A-Za-z0-9._-]{{0,250}}")
LARGEST = 1 << 32  # bytes of a file in a backup


def backup(settings: Settings, target: IO[bytes]) -> int:
    """Write the team's reports as a tar file; return how many there are. The same reports give the same bytes.

    :raises StoreError: if there are none, or somebody is changing them.
    """
    own = settings.data / OWN
    with writing(settings.data):
        clear_up(own)
        if not (own / NAME).is_file():
            raise StoreError(f"{settings.data} holds no reports of its own; there is nothing to keep")
        count = len(read_catalogue(own, least=0))  # and their texts are what the catalogue says
        with tarfile.open(fileobj=target, mode="w|") as tar:
            for path in sorted(own.rglob("*")):
                if path.is_file() and path.name != JOURNAL:
                    member = tarfile.TarInfo(str(Path(OWN) / path.relative_to(own)))
                    member.size = path.stat().st_size
                    with path.open("rb") as content:
                        tar.addfile(member, content)
    return count


def restore(settings: Settings, source: Path, step: Step = silent, *, instead: bool = False) -> Built:
    """Put the reports of a backup in their place, ``instead`` of those that are there, and build.

    :raises StoreError: if the file is no backup, or there are reports already and nobody said that they may go.
    :raises CatalogueError: if its texts are not what its catalogue says.
    """
    directory = DataDirectory(settings.data)
    with writing(settings.data), directory.arriving() as aside:
        kept = aside / "backup"
        _unpack(source, kept)
        draft = Draft(settings.data / OWN, aside)
        if draft.documents and not instead:
            there = f"{settings.data} holds {len(draft.documents)} reports of its own"
            raise StoreError(f"{there}; say --replace if those of the backup shall stand in their place")
        _put(draft, kept / OWN)
        draft.write()
        organisations = kept / OWN / ORGANISATIONS
        if organisations.is_file():
            (settings.data / OWN).mkdir(exist_ok=True)
            replace(settings.data / OWN / ORGANISATIONS, organisations.read_bytes())
        return renew(settings, step, aside, draft.commit)


def _unpack(source: Path, target: Path) -> None:
    """Write the files of a backup into a folder: plain files with plain names, and nothing else.

    :raises StoreError: if it is no backup, or holds anything that could lie elsewhere.
    """
    try:
        with tarfile.open(source, "r:") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is None or not SAFE.fullmatch(member.name) or member.size > LARGEST:
                    reason = f"it holds {member.name[:80]!r}; nothing is changed"
                    raise StoreError(f"{source}: is no backup of Tantu's: {reason}")
                path = target / member.name
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("wb") as file:
                    for part in iter(lambda: content.read(1 << 20), b""):  # noqa: B023 - read before the next one
                        file.write(part)
    except (tarfile.TarError, EOFError) as error:
        raise StoreError(f"{source}: is no backup of Tantu's ({error}); nothing is changed") from error
    except OSError as error:
        raise StoreError(f"{source}: cannot be read ({error.strerror or error}); nothing is changed") from error


def _put(draft: Draft, kept: Path) -> None:
    """Put all reports of an unpacked backup into a draft, and take out what is not among them.

    :raises CatalogueError: if a text is not what the catalogue says.
    """
    if not (kept / NAME).is_file():
        raise CatalogueError(f"the backup has no {NAME}; take another one")
    reports = read_catalogue(kept, least=0)
    for id in draft.documents.keys() - {report.id for report in reports}:
        draft.drop(id)
    for report in reports:
        about = _about(file_of(report.id, report.sha256, [kept], ".json"))
        stem = file_of(report.id, report.sha256, [kept]).stem
        originals = [path for path in (kept / ORIGINALS).glob(f"{stem}.*") if path.stem == stem]
        about.setdefault("ending", originals[0].suffix if originals else "")
        draft.put(report, None, about, originals[0].read_bytes() if originals else None)
    draft.said = said(kept / NAME)  # with the companies, and the links from one edition to the other


def _about(path: Path) -> dict[str, object]:
    try:
        found: dict[str, object] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found
