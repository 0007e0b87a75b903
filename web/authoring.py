"""The commands for those who write the ontology: what a change does, and what no label covers yet."""

import argparse
import sys
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path

from kg.catalogue import find, read_catalogue
from kg.model import Report
from kg.settings import Settings
from web import progress
from web.words import LANGUAGES

NOTHING = 3  # the exit code for "nothing found", as in web.cli
Command = Callable[[str, Callable[[Settings, argparse.Namespace], int], str], argparse.ArgumentParser]


def add_commands(command: Command) -> None:
    """Add the commands of this module to a parser."""
    diff = command("diff", _diff, "show the facts that a change of the ontology gains, loses and changes")
    diff.add_argument("old", nargs="?", default="HEAD", help="folder, git revision or file of facts (HEAD)")
    diff.add_argument("new", nargs="?", help="the same, to compare with (the ontology at work)")
    diff.add_argument("--report", help="only of this report")
    diff.add_argument("--format", choices=("text", "markdown", "jsonl"), default="text")
    diff.add_argument("--exit-code", action="store_true", help="exit with 1 where something differs")
    unplaced = command("unplaced", _unplaced, "list what extraction saw and no word of the ontology places")
    unplaced.add_argument("--report", help="only of this report")
    unplaced.add_argument("--format", choices=("turtle", "jsonl"), default="turtle")
    unplaced.add_argument("--limit", type=int, default=20, help="how many, the most frequent first; 0 for all (20)")
    pages = command("ontology", _ontology, "write the ontology as pages, with the facts behind each term")
    pages.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="folder to write")
    pages.add_argument("--lang", action="append", choices=LANGUAGES, help="only in this language; may be repeated")


def _diff(settings: Settings, given: argparse.Namespace) -> int:
    from kg.differences import differences
    from kg.versions import version
    from web.comparing import as_lines, as_markdown, as_text

    reports = _reports(settings, given.report)
    with ExitStack() as opened:
        old = opened.enter_context(version(given.old, settings.ontology, reports))
        new = opened.enter_context(version(given.new or _short(settings.ontology), settings.ontology, reports))
        found = differences(old, new)
    names = new.vocabulary or old.vocabulary
    if given.format == "jsonl":
        _print(as_lines(found))
    elif given.format == "markdown":
        _print(as_markdown(found, names))
    else:
        _print(as_text(found, names, colours=sys.stdout.isatty()))
    return int(given.exit_code and bool(found.found))


def _short(folder: Path) -> str:
    """Return a folder as people write it: from where they are, if it lies there."""
    return str(folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder)


def _unplaced(settings: Settings, given: argparse.Namespace) -> int:
    from kg.unplaced import unplaced
    from kg.vocabulary import Vocabulary
    from web.missing import as_lines, as_turtle

    vocabulary = Vocabulary.load(settings.ontology)
    found = unplaced(_reports(settings, given.report), vocabulary)
    shown = found[: given.limit or None]
    if given.format == "jsonl":
        _print(as_lines(shown, vocabulary))
    else:
        _print(as_turtle(shown, len(found), vocabulary))
    return 0 if found else NOTHING


def _ontology(settings: Settings, given: argparse.Namespace) -> int:
    from web.offline import write_pages

    with progress.library(settings) as library:
        number = write_pages(library, given.out, given.lang or LANGUAGES)
    print(f"{number} pages in {given.out}")
    return 0


def _reports(settings: Settings, id: str | None) -> list[Report]:
    """Return the reports of the catalogue, or the one that was asked for."""
    reports = read_catalogue(settings.seeds)
    return list(reports) if id is None else [find(reports, id)]


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)
