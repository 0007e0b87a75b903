"""Facts of any file, without a catalogue and without building."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from kg.extraction import facts_of
from kg.facts import as_json
from kg.importing import Imported, Limits, contents
from kg.importing.confined import read_file_confined
from kg.importing.forms import MARKDOWN, PLAIN
from kg.newcomers import newcomer
from kg.settings import Settings
from kg.vocabulary import LANGUAGES, Vocabulary

AS_THEY_STAND = (PLAIN, MARKDOWN)  # their offsets count the characters of the file itself


def add_arguments(facts: argparse.ArgumentParser) -> None:
    """Add to ``tantu facts`` the files to read and what may be said of them."""
    facts.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="read these, not the built reports: PDF, DOCX, HTML or text"
    )
    facts.add_argument("--company", help="of the files: their company, by name or IRI (the one they name most often)")
    facts.add_argument("--year", type=int, help="of the files: the year they speak of (read from name or title pages)")
    facts.add_argument("--language", choices=LANGUAGES, help="of the files (read from the text)")


def fact_lines(settings: Settings, given: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yield the facts of the files as JSON objects; say on standard error what was read from a text itself.

    :raises ReadingError: if a file cannot be read.
    """
    vocabulary = Vocabulary.load(settings.ontology)
    for path in given.files:
        imported, data = _read(path, Limits.of(settings))
        found = newcomer(path, data, vocabulary, given.language, given.year, given.company)
        report, company = replace(found.report, pages=imported.pages), found.vocabulary.concept(found.report.company)
        known = "" if company.iri in vocabulary else ", a new company"
        said = f"{path}: read as {report.language}, {report.year}, {company.label('en')}{known}"
        sys.stderr.write(f"tantu: {said}; --language, --year and --company say otherwise\n")
        sys.stderr.writelines(f"tantu: {path}: {warning}\n" for warning in imported.warnings)
        yield from (as_json(fact, report, found.vocabulary) for fact in facts_of(report, found.vocabulary))


def _read(path: Path, limits: Limits) -> tuple[Imported, bytes]:
    """Return what was read from a file, and the bytes of its text: those of a text file as they stand.

    :raises ReadingError: if it cannot be read.
    """
    imported = read_file_confined(path, path.name, limits)
    if imported.media_type in AS_THEY_STAND:
        return imported, contents(path, limits)
    return imported, imported.text.encode()
