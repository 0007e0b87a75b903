"""The reports as a shelf: a line for each, with whose it is, of when, and how much was found in it."""

from kg.model import Report
from web import addresses
from web.contexts import ReportRow
from web.names import Names
from web.parts import Phrase
from web.words import LANGUAGES, Words

LANGUAGE_NAMES = {tag: f"language.{tag}" for tag in LANGUAGES}


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
        length=f"{len(report.text):,}",
        facts=f"{facts:,}",
        href=addresses.reader(report.id),
    )
