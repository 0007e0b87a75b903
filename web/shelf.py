"""The reports as a shelf: a line for each, with whose it is, of when, and how much was found in it."""

from collections.abc import Iterable

from kg.model import Report
from kg.reading.folding import compact
from web import addresses
from web.contexts import ReportRow
from web.names import Names
from web.parts import Phrase
from web.words import LANGUAGES, Words

SHOWN = 200  # reports of a list; more are found by their words
LANGUAGE_NAMES = {tag: f"language.{tag}" for tag in LANGUAGES}


def with_words(reports: Iterable[Report], sought: str, names: Names) -> list[Report]:
    """Return the reports that have a word in id, title or company, in any script; all where no word is given."""
    needle = compact(sought).text
    return [report for report in reports if not needle or needle in _words(report, names)]


def _words(report: Report, names: Names) -> str:
    return compact(" ".join((report.id, names.of(report.company).text, *report.title.values()))).text


def report_row(words: Words, names: Names, report: Report, facts: int) -> ReportRow:
    """Return the line of a report in which ``facts`` facts were found."""
    title = names.pick(report.title) or Phrase(report.id, "en")
    wished = (report.language, "en", *report.title)
    others = [Phrase(report.title[tag], tag) for tag in wished if report.title.get(tag) not in (None, title.text)]
    return ReportRow(
        title=title,
        other=next(iter(others), Phrase("")),
        company=names.of(report.company),
        year=str(report.year),
        language=words(LANGUAGE_NAMES[report.language]),
        length=f"{report.characters:,}",
        facts=f"{facts:,}",
        href=addresses.reader(report.id),
    )
