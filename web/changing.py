"""``tantu add``, ``tantu remove`` and ``tantu list``: the reports of a team, beside those that Tantu ships."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import ReadingError, SettingsError
from kg.settings import Settings
from kg.vocabulary import LANGUAGES, Vocabulary
from web import progress

if TYPE_CHECKING:
    from search.building import Built
    from search.changing import Outcome, Source

DONE, REFUSED = 0, 1  # exit codes, as in web.cli
Command = Callable[[str, Callable[[Settings, argparse.Namespace], int], str], argparse.ArgumentParser]
SAID = {
    "added": "{id}: added from {name}",
    "replaced": "{id}: replaced by {name}",
    "corrected": "{id}: corrected",
    "known": "{id}: is {name}, which was there",
}


def add_commands(command: Command) -> None:
    """Add the commands to a parser."""
    add = command(
        "add", _add, "add reports: PDF, DOCX, HTML, Markdown or text files, folders of them, - for one on stdin"
    )
    add.add_argument("files", nargs="+", metavar="FILE", help="a file, a folder with all below it, or -")
    add.add_argument("--company", help="who published them: a name in any script, or an IRI; a new one is added")
    add.add_argument("--year", type=int, help="the year that they speak of")
    add.add_argument("--language", choices=LANGUAGES, help="the language and script that they are in")
    add.add_argument("--id", help="the report's id; one that is there is replaced (company and year)")
    add.add_argument("--title", help="the report's title (what the file calls itself, else its name)")
    add.add_argument("--replaces", metavar="ID", help="an older edition, which stays and is linked to")
    remove = command("remove", _remove, "remove reports that were added, with all that was found in them")
    remove.add_argument("ids", nargs="+", metavar="ID")
    held = command("list", _list, "list the reports")
    held.add_argument("--json", action="store_true", help="print them as JSON, one a line")


def _add(settings: Settings, given: argparse.Namespace) -> int:
    from search.changing import Given, add

    sources = list(_sources(given.files))
    told = {name: getattr(given, name) for name in ("company", "year", "language", "id", "title", "replaces")}
    single = [f"--{name}" for name in ("id", "title", "replaces") if told[name] is not None]
    if single and len(sources) != 1:
        raise SettingsError(f"{single[0]} is for one file, these are {len(sources)}; add that file by itself")
    with progress.bars() as step:
        changed = add(settings, sources, Given(**told), step)
    for outcome in changed.outcomes:
        _say(outcome)
    if changed.built:
        _count(changed.built)
    refused = sum(outcome.what == "refused" for outcome in changed.outcomes)
    if refused and len(sources) > 1:
        print(f"tantu: {refused} of {len(sources)} files were refused", file=sys.stderr)
    return REFUSED if refused else DONE


def _sources(names: list[str]) -> "Iterator[Source]":
    """Yield the files that are named, those of folders in the order of their names; hidden ones are passed over.

    :raises ReadingError: if there is no file at all.
    """
    from search.changing import Source

    found = 0
    for name in names:
        path = Path(name)
        if name == "-":
            yield Source("standard input", sys.stdin.buffer.read())
            found += 1
            continue
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in inside:
            hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
            if not (file.is_dir() or hidden):
                yield Source(str(file), file)
                found += 1
    if not found:
        raise ReadingError(f"{' '.join(names)}: holds no file; name files or a folder that has some")


def _say(outcome: "Outcome") -> None:
    """Print what became of a file; what was read from it is shown, so that it can be set right."""
    if outcome.report is None:
        print(f"refused: {outcome.problem}", file=sys.stderr)
        return
    report = outcome.report
    print(SAID[outcome.what].format(id=report.id, name=outcome.name))
    if outcome.what != "known":
        pages = f", {len(report.pages)} pages" if report.pages else ""
        new = " (a new company)" if outcome.newcomer else ""
        print(f"  {outcome.company}{new}, {report.year}, {report.language}{pages}, {len(report.text)} characters")
    for warning in outcome.warnings:
        print(f"  {warning}")


def _count(built: "Built") -> None:
    counts = built.manifest.counts
    print(
        f"{counts['facts']} facts of {counts['reports']} reports; --company, --year, --language set right what was read"
    )
    for rejection in built.rejections:
        print(f"left out: {rejection}", file=sys.stderr)


def _remove(settings: Settings, given: argparse.Namespace) -> int:
    from search.changing import remove

    with progress.bars() as step:
        built = remove(settings, given.ids, step)
    print(f"removed {', '.join(dict.fromkeys(given.ids))}; {built.manifest.counts['reports']} reports are left")
    return DONE


def _list(settings: Settings, given: argparse.Namespace) -> int:
    from kg.holdings import OWN, enlarged, read_holdings

    held = read_holdings(settings.seeds, settings.data / OWN)
    vocabulary = enlarged(Vocabulary.load(settings.ontology), held.companies)
    for listed in held.reports:
        report = listed.read() if given.json else listed.about
        company = vocabulary.concept(report.company).label(report.language)
        if given.json:
            about = {name: value for name, value in asdict(report).items() if name not in ("text", "pages")}
            about |= {"pages": len(report.pages), "characters": len(report.text), "added": report.id in held.own}
            print(json.dumps({**about, "company_name": company}, ensure_ascii=False))
        else:
            title = report.title.get(report.language) or next(iter(report.title.values()), "")
            print(f"{report.id}  {report.year}  {report.language}  {company}  {title}")
    return DONE
