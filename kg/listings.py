"""Lists of files with their sizes and checksums: what a part of a generation is made of, and whether it still is.

A part is a file, or a folder with ``files.json``, whose checksum stands for all. Of what is linked from one generation
to the next the list knows the checksum already, so a change of one report in gigabytes reads megabytes.
"""

import errno
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from kg.errors import StoreError

LISTING = "files.json"
PIECE = 1 << 20  # bytes read at a time
# Bytes of a generation that are read whenever it is opened, in a fifth of a second. Of a larger one the sizes are
# looked at, 0.1 s for 10,000 reports, and `tantu check --data` reads all; the store checks the blocks that it reads.
WHOLE_UP_TO = 1 << 28

Listing = Mapping[str, tuple[int, str]]  # of a file by its path in the folder


def checksum(path: Path, pattern: str = "*") -> str:
    """Return the SHA-256 of a file, or of the names and contents of the files under a folder that fit a pattern.

    :raises StoreError: if something cannot be read.
    """
    digest = sha256()
    files = [path] if path.is_file() else sorted(file for file in path.rglob(pattern) if file.is_file())
    try:
        for file in files:
            digest.update(f"{file.relative_to(path)}:{file.stat().st_size}:".encode())
            with file.open("rb") as opened:
                for piece in iter(lambda: opened.read(PIECE), b""):
                    digest.update(piece)
    except OSError as error:
        raise StoreError(f"{path} cannot be read ({error.strerror}); check its permissions") from error
    return digest.hexdigest()


def seal(folder: Path, before: Path | None = None, known: Mapping[str, str] = MappingProxyType({})) -> str:
    """Write the list of a folder's files into it, and return the checksum of the list.

    ``before`` is what the folder was in an earlier generation: what is the same file there is not read. Nor is that
    whose checksum is ``known``.

    :raises StoreError: if something cannot be read.
    """
    found = listing(folder, dict(_by_number(before)) if before else {}, known)
    (folder / LISTING).write_text(json.dumps(found, ensure_ascii=False, indent=0, sort_keys=True), "utf-8")
    return checksum(folder / LISTING)


def listing(
    folder: Path, numbers: Mapping[int, str] = MappingProxyType({}), known: Mapping[str, str] = MappingProxyType({})
) -> Listing:
    """Return the list of a folder's files; some checksums are known by the file's number or its name."""
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.name != LISTING and path.is_file()):
        name, about = str(path.relative_to(folder)), path.stat()
        found[name] = (about.st_size, numbers.get(about.st_ino) or known.get(name) or checksum(path))
    return found


def _by_number(folder: Path) -> Iterator[tuple[int, str]]:
    """Yield the number that the file system has given each listed file, with the file's checksum."""
    for name, (_, digest) in read_listing(folder).items():
        try:
            yield (folder / name).stat().st_ino, digest
        except OSError:
            continue


def read_listing(folder: Path) -> Listing:
    """Return the list of a folder's files; an empty one where there is none."""
    try:
        return {name: (size, digest) for name, (size, digest) in json.loads((folder / LISTING).read_bytes()).items()}
    except (OSError, ValueError, TypeError):
        return {}


def broken_parts(folder: Path, parts: Mapping[str, str], *, whole: bool = False) -> list[str]:
    """Return those of some parts, path -> checksum, that are not what they were.

    :raises StoreError: if one cannot be read.
    """
    lists = {name: read_listing(folder / name) for name in parts if (folder / name / LISTING).is_file()}
    whole = whole or sum(size for listing in lists.values() for size, _ in listing.values()) <= WHOLE_UP_TO
    return [
        name
        for name, digest in parts.items()
        if (
            checksum(folder / name / LISTING) != digest or not holds(folder / name, lists[name], whole=whole)
            if name in lists
            else checksum(folder / name) != digest
        )
    ]


def holds(folder: Path, listing: Listing, *, whole: bool) -> bool:
    """Say whether a folder has what its list says; the ``whole`` is read, or the sizes are looked at."""
    try:
        for name, (size, digest) in listing.items():
            if (folder / name).stat().st_size != size or (whole and checksum(folder / name) != digest):
                return False
    except FileNotFoundError:
        return False
    return True


def link(source: Path, target: Path) -> None:
    """Make a folder with the files of another: links, where the file system has them, and they are no copies.

    :raises OSError: if the folder cannot be written.
    """
    target.mkdir(parents=True, exist_ok=True)
    for entry in os.scandir(source):
        if entry.is_dir():
            link(source / entry.name, target / entry.name)
        else:
            link_file(source / entry.name, target / entry.name)


def link_file(source: Path, target: Path) -> None:
    """Give a file a second name, or copy it where the file system has no such thing.

    :raises OSError: if the folder cannot be written.
    """
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EXDEV, errno.EOPNOTSUPP, errno.EMLINK):
            raise
        shutil.copyfile(source, target)
