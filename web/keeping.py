"""``tantu repair``, ``tantu backup`` and ``tantu restore``: nothing that a team has added is lost."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from kg.durable import sync_path
from kg.errors import StoreError
from kg.settings import Settings
from web import progress

DONE = 0
Command = Callable[[str, Callable[[Settings, argparse.Namespace], int], str], argparse.ArgumentParser]


def add_commands(command: Command) -> None:
    """Add the commands to a parser."""
    command("repair", _repair, "build everything anew, and put back texts that are missing or have changed")
    backup = command("backup", _backup, "write the reports that were added, with their originals, to a tar file")
    backup.add_argument("file", type=Path, help="a name that ends with .tar; nothing may be there yet")
    restore = command("restore", _restore, "put the reports of a backup in their place, and build")
    restore.add_argument("file", type=Path)
    restore.add_argument("--replace", action="store_true", help="instead of the reports that were added here")


def _repair(settings: Settings, given: argparse.Namespace) -> int:
    from search.repairing import repair

    with progress.bars() as step:
        said, built = repair(settings, step)
    for line in said:
        print(line)
    counts = built.manifest.counts
    print(f"built anew: {counts['facts']} facts of {counts['reports']} reports in {built.folder}")
    return DONE


def _backup(settings: Settings, given: argparse.Namespace) -> int:
    from search.keeping import backup

    path: Path = given.file
    if path.exists():
        raise StoreError(f"{path} is there already; name another file")
    half = path.with_name(f"{path.name}.half")
    try:
        with half.open("wb") as file:
            count = backup(settings, file)
        sync_path(half)
        half.rename(path)
    except OSError as error:
        raise StoreError(f"{path} cannot be written ({error.strerror or error}); name another file") from error
    finally:
        half.unlink(missing_ok=True)
    print(f"{count} reports in {path}")
    return DONE


def _restore(settings: Settings, given: argparse.Namespace) -> int:
    from search.keeping import restore

    with progress.bars() as step:
        built = restore(settings, given.file, step, instead=given.replace)
    for rejection in built.rejections:
        print(f"left out: {rejection}", file=sys.stderr)
    print(f"{built.manifest.counts['reports']} reports in {built.folder}")
    return DONE
