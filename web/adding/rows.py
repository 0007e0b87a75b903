"""Changes and reports as the pages for adding show them."""

from collections.abc import Iterator
from typing import Any

from kg.model import Report
from kg.settings import Settings
from search.errands import Told
from web import addresses
from web.adding.contexts import ChangeRow, FileRow, Reading
from web.adding.jobs import STAGES, Job
from web.adding.said import is_own
from web.citations import title_of
from web.names import Names
from web.parts import Link, Phrase
from web.shelf import LANGUAGE_NAMES, with_words
from web.words import LANGUAGES, Words

SHOWN = 20  # reports that the page lists; the others are found by a word


def languages(words: Words) -> tuple[tuple[str, str], ...]:
    """Return the languages that a report can be in, with their names."""
    return tuple((tag, words(LANGUAGE_NAMES[tag])) for tag in LANGUAGES)


def change_row(words: Words, job: Job) -> ChangeRow:
    """Return the line of a change."""
    return ChangeRow(f"/add/{job.id}", said(words, job), state(words, job))


def said(words: Words, job: Job) -> str:
    """Say what a change is of."""
    first = job.names[0] if job.names else ""
    return words(f"adding.kind.{job.kind}", n=len(job.names), name=first)


def state(words: Words, job: Job) -> str:
    """Say how a change stands."""
    return words(f"adding.state.{job.state}")


def stages(words: Words, job: Job) -> Iterator[Reading]:
    """Yield how far the stages of a change are."""
    for name in STAGES:
        if name in job.progress:
            yield Reading(words(f"adding.stage.{name}"), *job.progress[name])


def files(job: Job) -> tuple[Reading, ...]:
    """Return how far each file is."""
    return tuple(Reading(name, *job.progress.get(name, (0, 1))) for name in job.names) if job.kind == "add" else ()


def file_row(words: Words, told: Told, library: Any) -> FileRow:
    """Return what became of a file, or of a report that was changed."""
    what = words(f"adding.what.{told.what}")
    if told.what == "removed" or not told.report:
        return FileRow(told.name, what, problem=told.problem)
    served = told.report in library.reports
    pages = words("adding.pages", n=told.pages) if told.pages else ""
    length = words("report.length", length=f"{told.characters:,}")
    return FileRow(
        name=told.name,
        what=what,
        report=told.report,
        link=Link(Phrase(told.report, "en"), addresses.reader(told.report)) if served else None,
        company=Phrase(told.company, told.language),
        newcomer=told.newcomer,
        year=str(told.year),
        language=told.language,
        title=told.title,
        about=" \u00b7 ".join(part for part in (pages, length) if part),
        warnings=told.warnings,
    )


def own_rows(settings: Settings, library: Any, names: Names, sought: str) -> tuple[tuple[FileRow, ...], int]:
    """Return reports that were added, those with a word in id, title or company, and how many more there are."""
    own = [report for report in library.reports.values() if is_own(settings, report)]
    found = with_words(own, sought, names)
    return tuple(_own_row(report, names) for report in found[:SHOWN]), max(len(found) - SHOWN, 0)


def _own_row(report: Report, names: Names) -> FileRow:
    title = title_of(report)
    return FileRow(
        name=title,
        what="",
        report=report.id,
        link=Link(Phrase(title, report.language), addresses.reader(report.id)),
        company=names.of(report.company),
        year=str(report.year),
        language=report.language,
        title=title,
    )
