"""Facts of any text file, without a catalogue and without building."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg.errors import ReadingError
from kg.extraction import facts_of
from kg.facts import as_json
from kg.newcomers import newcomer
from kg.settings import Settings
from kg.vocabulary import LANGUAGES, Vocabulary


def add_arguments(facts: argparse.ArgumentParser) -> None:
    """Add to ``tantu facts`` the files to read and what may be said of them."""
    facts.add_argument("files", nargs="*", type=Path, metavar="FILE", help="read these texts, not the built reports")
    facts.add_argument("--company", help="of the files: their company, by name or IRI (the one they name most often)")
    facts.add_argument("--year", type=int, help="of the files: the year they speak of (read from name or title pages)")
    facts.add_argument("--language", choices=LANGUAGES, help="of the files (read from the text)")


def fact_lines(settings: Settings, given: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yield the facts of the files as JSON objects; say on standard error what was read from a text itself.

    :raises ReadingError: if a file cannot be read or is no text.
    """
    vocabulary = Vocabulary.load(settings.ontology)
    for path in given.files:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ReadingError(f"{path}: cannot be read ({error.strerror}); name a text file") from error
        found = newcomer(path, data, vocabulary, given.language, given.year, given.company)
        report, company = found.report, found.vocabulary.concept(found.report.company)
        known = "" if company.iri in vocabulary else ", a new company"
        said = f"{path}: read as {report.language}, {report.year}, {company.label('en')}{known}"
        sys.stderr.write(f"tantu: {said}; --language, --year and --company say otherwise\n")
        yield from (as_json(fact, report, found.vocabulary) for fact in facts_of(report, found.vocabulary))
