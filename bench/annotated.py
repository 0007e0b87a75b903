"""The annotated reports: the seeds with ``gold/``, and the invented ones of ``invented/`` with theirs."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg.catalogue import read_catalogue
from kg.extraction import facts_of
from kg.facts import as_json
from kg.model import Report
from kg.newcomers import newcomer
from kg.settings import resource
from kg.vocabulary import Vocabulary

HERE = Path(__file__).resolve().parent
INVENTED = HERE / "invented"


def reports(vocabulary: Vocabulary) -> Iterator[tuple[Report, Vocabulary]]:
    """Yield each report with the vocabulary that it is read with."""
    yield from ((report, vocabulary) for report in read_catalogue(resource("seeds")))
    for line in (INVENTED / "reports.jsonl").read_text("utf-8").splitlines():
        about = json.loads(line)
        path = INVENTED / f"{about['report']}.txt"
        found = newcomer(path, path.read_bytes(), vocabulary, about["language"], about["year"], about["company"])
        yield found.report, found.vocabulary


def facts(report: Report, vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """Return the facts of a report as ``tantu facts`` prints them."""
    return [as_json(fact, report, vocabulary) for fact in facts_of(report, vocabulary)]


def gold(report: str) -> list[dict[str, Any]]:
    """Return what people annotated in a report."""
    folder = INVENTED if (INVENTED / f"{report}.txt").is_file() else HERE
    lines = (folder / "gold" / f"{report}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) | {"report": report} for line in lines]
