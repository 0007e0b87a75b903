"""Hygiene: what SPARQL can say about the ontology, one query a file in ``ontology/hygiene/``.

A query's header has what it looks for, ``# severity:`` and ``# remedy:``; its rows are ``?term`` and ``?problem``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.checks.findings import ERROR, WARNING, Finding
from kg.checks.sources import Sources
from kg.errors import VocabularyError

_IRI = re.compile(r"https?://[^\s,;:']+")


@dataclass(frozen=True, slots=True)
class Rule:
    """A query with what it looks for, how grave that is, and what to do about it."""

    name: str
    what: str
    severity: str
    remedy: str
    query: str


def read_rule(path: Path) -> Rule:
    """Read a query with its header.

    :raises VocabularyError: if the header lacks a line.
    """
    query = path.read_text("utf-8")
    comments = [line.removeprefix("# ") for line in query.splitlines() if line.startswith("# ")]
    head = dict(line.split(": ", 1) for line in comments if ": " in line)
    if not comments or head.get("severity") not in (ERROR, WARNING) or "remedy" not in head:
        raise VocabularyError(f"{path}: begin it with what it looks for, '# severity: error' and '# remedy: ...'")
    return Rule(path.stem, comments[0], head["severity"], head["remedy"], query)


def rules(folder: Path) -> list[Rule]:
    """Return the rules of an ontology folder by name."""
    return [read_rule(path) for path in sorted((folder / "hygiene").glob("*.rq"))]


def check(sources: Sources) -> Iterator[Finding]:
    """Yield what the queries find, each row once."""
    for rule in rules(sources.folder):
        rows = {(str(row["term"]), str(row["problem"])) for row in sources.store.select(rule.query)}
        for term, problem in sorted(rows):
            name, place = sources.short(term), sources.place(term)
            said = _IRI.sub(lambda match: sources.short(match.group()), problem)
            yield Finding(f"hygiene/{rule.name}", rule.severity, place, name, said, rule.remedy)
