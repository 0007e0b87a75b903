"""``tantu check``: the gate that guards the ontology, printed check by check."""

import argparse
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from kg.errors import SettingsError
from kg.settings import Settings
from web import progress

if TYPE_CHECKING:
    from kg.checks.findings import Finding
    from kg.checks.sources import Sources

REFUSED = 1  # the exit code for a check that failed, as in web.cli
STORED = "data"  # the check of the data directory itself
SHOWN = 20  # findings of one check, unless --all is given
Command = Callable[[str, Callable[[Settings, argparse.Namespace], int], str], argparse.ArgumentParser]


def add_command(command: Command) -> None:
    """Add ``check`` to a parser."""
    check = command("check", run, "check the ontology and the built graph")
    check.add_argument("--ontology-only", action="store_true", help="only the ontology's files: nothing is built")
    check.add_argument("--stored", action="store_true", help="only the data directory: nothing is built or changed")
    check.add_argument("--only", action="append", metavar="NAME", help="only this check; may be repeated")
    check.add_argument("--all", action="store_true", help=f"print every finding, not {SHOWN} of a check")
    check.add_argument(
        "--write",
        choices=("format", "questions", "released"),
        help="write what can be written: the files in the house's layout, the rows of ontology/cq/, the released names",
    )


def run(settings: Settings, given: argparse.Namespace) -> int:
    """Run the checks and return the exit code."""
    from kg.checks import GRAPH_CHECKS, ONTOLOGY_CHECKS
    from kg.checks.sources import Sources

    if given.write:
        return _write(settings, given.write)
    names = [*(check.name for check in ONTOLOGY_CHECKS), *(check.name for check in GRAPH_CHECKS), STORED]
    chosen = {STORED} if given.stored else _chosen(given.only, names)
    if STORED in chosen and not given.ontology_only and _run_on_stored(settings, given.all):
        return REFUSED  # a graph that is broken would be built anew before it could be checked
    sources, failed = Sources(settings.ontology), 0
    for check in ONTOLOGY_CHECKS:
        if check.name in chosen:
            failed += _run(check.name, check.what, partial(check.run, sources), given.all)
            if failed and check.name == "parse":
                return REFUSED  # nothing else can be said of what cannot be read
    if not given.ontology_only and chosen & {check.name for check in GRAPH_CHECKS}:
        failed += _run_on_graph(settings, sources, chosen, given.all)
    return REFUSED if failed else 0


def _chosen(only: Sequence[str] | None, names: Sequence[str]) -> set[str]:
    """Return the names of the checks to run.

    :raises SettingsError: if there is no check of a name.
    """
    unknown = sorted(set(only or ()) - set(names))
    if unknown:
        raise SettingsError(f"there is no check {unknown[0]!r}; there are {', '.join(names)}")
    return set(only or names)


def _run_on_stored(settings: Settings, every: bool) -> bool:
    """Check the data directory; say whether something is wrong there."""
    from kg.checks.stored import problems

    return _run(STORED, "the data directory holds what its manifests say", partial(problems, settings), every)


def _run_on_graph(settings: Settings, sources: "Sources", chosen: set[str], every: bool) -> int:
    """Run the checks of the built graph; return how many failed."""
    from kg.checks import GRAPH_CHECKS
    from kg.checks.built import Built

    with progress.library(settings) as library:
        built = Built(sources, library.store, library.reports)
        own = "reports" in library.manifest.inputs  # a team's reports give the questions more rows than we can know
        todo = [check for check in GRAPH_CHECKS if check.name in chosen and not (own and check.name == "questions")]
        return sum(_run(check.name, check.what, partial(check.run, built), every) for check in todo)


def _run(name: str, what: str, check: "Callable[[], Iterable[Finding]]", every: bool) -> bool:
    """Print what a check finds; say whether there is an error among it."""
    begin = perf_counter()
    found = sorted(check(), key=lambda finding: (not finding.is_error, finding.check, finding.place, finding.term))
    errors = any(finding.is_error for finding in found)
    mark = "FAIL" if errors else "warn" if found else "ok  "
    print(f"{mark} {name:<12} {perf_counter() - begin:5.1f} s  {what}")
    for finding in found if every else found[:SHOWN]:
        kind = f"[{finding.check}] " if "/" in finding.check else ""
        print(f"     {finding.severity}: {kind}{finding}")
    if len(found) > SHOWN and not every:
        print(f"     ... and {len(found) - SHOWN} more; --all prints them")
    return errors


def _write(settings: Settings, what: str) -> int:
    from kg.checks import layout, questions, release
    from kg.checks.built import Built
    from kg.checks.sources import Sources

    sources = Sources(settings.ontology)
    if what == "format":
        changed = layout.write(sources)
    elif what == "released":
        changed = [sources.at(release.write(sources, release.version(sources)))]
    else:
        with progress.library(settings) as library:
            changed = questions.write(Built(sources, library.store, library.reports))
    for name in changed:
        print(f"wrote {name}")
    return 0
