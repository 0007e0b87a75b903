"""Reports that people annotated by hand, and how well facts are found in them.

A folder of annotations holds ``REPORT.jsonl``, one fact a line, for reports of the seeds. For other reports it has
beside itself the texts, ``REPORT.txt``, and ``reports.jsonl``, which says of each its language, year and company. There
may also stand the ``years`` that a report speaks of, where they are not the one of the catalogue.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.catalogue import read_catalogue
from kg.errors import SettingsError
from kg.extraction import facts_of
from kg.facts import as_json
from kg.model import Report
from kg.newcomers import newcomer
from kg.scoring import Score, scores
from kg.vocabulary import Vocabulary

Row = Mapping[str, Any]
REMEDY = "bench/README.md describes the format of annotations"


@dataclass(frozen=True, slots=True)
class Annotated:
    """A report, the vocabulary that it is read with, and what people annotated in it."""

    report: Report
    vocabulary: Vocabulary
    rows: Sequence[Row]
    years: tuple[int, ...]

    def facts(self) -> list[Row]:
        """Return the facts that Tantu finds in it, as ``tantu facts`` prints them."""
        return [as_json(fact, self.report, self.vocabulary) for fact in facts_of(self.report, self.vocabulary)]


def annotated(folders: Iterable[Path], seeds: Path, vocabulary: Vocabulary) -> Iterator[Annotated]:
    """Yield the annotated reports of some folders, in the order of their ids.

    :raises SettingsError: if a folder holds no annotations, a file cannot be read, or an annotated report has no text.
    """
    catalogue = {report.id: report for report in read_catalogue(seeds)}
    for folder in folders:
        files = sorted(folder.glob("*.jsonl"))
        if not files:
            raise SettingsError(f"{folder}: there are no annotations, files *.jsonl, in it; {REMEDY}")
        about = _described(folder.parent)
        for path in files:
            told = about.get(path.stem, {})
            report, read_with = _report(path, told, catalogue, vocabulary)
            rows = [row | {"report": report.id} for row in read_rows(path)]
            yield Annotated(report, read_with, rows, tuple(told.get("years", (report.year,))))


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Return the JSON objects of a file, one a line.

    :raises SettingsError: if it cannot be read or a line is no JSON object.
    """
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: cannot be read as JSON lines ({error}); {REMEDY}") from error
    if not all(isinstance(row, dict) and "kind" in row for row in rows):
        raise SettingsError(f"{path}: a line is no JSON object with a kind; {REMEDY}")
    return rows


def by_report(
    reports: Iterable[Annotated], facts: Sequence[Row] | None = None
) -> dict[tuple[str, str], Mapping[str, Score]]:
    """Return the scores of each ``report``, of each ``script`` and of ``all``.

    ``facts`` are those of another system, with their ``report``; where there are none, Tantu reads the texts.
    """
    total: dict[tuple[str, str], Mapping[str, Score]] = {}
    for one in reports:
        said = one.facts() if facts is None else [fact for fact in facts if fact.get("report") == one.report.id]
        found = scores(said, one.rows, {one.report.id: one.years})
        for group in (("all", "all"), ("script", one.report.language), ("report", one.report.id)):
            total[group] = _plus(total[group], found) if group in total else found
    return total


def _plus(some: Mapping[str, Score], more: Mapping[str, Score]) -> dict[str, Score]:
    return {name: score + more[name] for name, score in some.items()}


def _described(folder: Path) -> dict[str, Row]:
    path = folder / "reports.jsonl"
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    return {row["report"]: row for row in map(json.loads, lines)}


def _report(
    gold: Path, about: Row, catalogue: Mapping[str, Report], vocabulary: Vocabulary
) -> tuple[Report, Vocabulary]:
    if "language" not in about:
        if gold.stem not in catalogue:
            raise SettingsError(
                f"{gold}: there is no report {gold.stem} among the seeds ({', '.join(catalogue)}); "
                f"put its text and reports.jsonl into {gold.parent.parent}, as in bench/invented"
            )
        return catalogue[gold.stem], vocabulary
    text = gold.parent.parent / f"{gold.stem}.txt"
    try:
        data = text.read_bytes()
    except OSError as error:
        raise SettingsError(f"{text}: cannot be read ({error.strerror}); {REMEDY}") from error
    found = newcomer(text, data, vocabulary, about["language"], about["year"], about["company"])
    return found.report, found.vocabulary
