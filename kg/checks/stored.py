"""What is wrong with a data directory: told without building anything and without changing it."""

from collections.abc import Iterator
from pathlib import Path

from kg.checks.findings import ERROR, WARNING, Finding
from kg.draft import JOURNAL
from kg.errors import BuildNeeded, KgError
from kg.generations import DataDirectory, damaged, inputs, read_manifest
from kg.holdings import OWN, read_holdings
from kg.settings import Settings
from kg.writer import busy

REPAIR = "run `tantu repair`"
NEXT = "the next command that needs the graph sees to it"


def problems(settings: Settings) -> Iterator[Finding]:
    """Yield what is wrong with the data directory of some settings, and with the reports that it is built from."""
    if not settings.data.is_dir():
        return
    if who := busy(settings.data):
        yield _finding(WARNING, settings.data, f"is being changed by {who}", "look again when it has finished")
    yield from _left_over(settings.data, bool(who))
    yield from _reports(settings)
    yield from _generation(settings)


def _finding(severity: str, place: Path, problem: str, remedy: str) -> Finding:
    return Finding("data", severity, str(place), "", problem, remedy)


def _left_over(data: Path, at_work: bool) -> Iterator[Finding]:
    """Yield what a command left that was ended in the middle of its work."""
    left = [*data.glob("building-*"), *data.glob("arriving"), *data.glob(f"{OWN}/{JOURNAL}")]
    for path in [] if at_work else sorted(left):
        yield _finding(WARNING, path, "was left by a command that was ended", "the next change removes it")


def _reports(settings: Settings) -> Iterator[Finding]:
    """Yield what is wrong with the catalogues and the texts that they name."""
    try:
        for listed in read_holdings(settings.seeds, settings.data / OWN).reports:
            listed.read()
    except KgError as error:
        yield Finding("data", ERROR, "", "", str(error), f"or {REPAIR}, which may have it from the graph")


def _generation(settings: Settings) -> Iterator[Finding]:
    """Yield what is wrong with what was built."""
    directory = DataDirectory(settings.data)
    name = directory.pointer()
    if not name:
        if (directory.folder / "current").exists():
            yield _finding(ERROR, directory.folder / "current", "does not name a generation", REPAIR)
        return
    folder = directory.folder / "generations" / name
    try:
        manifest = read_manifest(folder)
        for part in damaged(folder, manifest, whole=True):
            yield _finding(ERROR, folder / part, "does not fit the manifest", REPAIR)
    except BuildNeeded:
        problem = "has no readable manifest.json" if folder.is_dir() else "is not there, though it is the current one"
        yield _finding(ERROR, folder, problem, REPAIR)
        return
    found = inputs(settings)
    changed = sorted(key for key in {*found, *manifest.inputs} if found.get(key) != manifest.inputs.get(key))
    if changed:
        yield _finding(WARNING, folder, f"was built from another {', '.join(changed)}", NEXT)
