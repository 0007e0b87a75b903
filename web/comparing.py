"""Differences between two versions of the ontology as text for people, as Markdown, and as lines of JSON."""

import json
from collections.abc import Iterator
from typing import Any

from kg import ids
from kg.differences import CHANGED, GAINED, LOST, Difference, Differences
from kg.versions import Line
from kg.vocabulary import Vocabulary
from web.names import short

SIGNS = {GAINED: "+", LOST: "-", CHANGED: "~"}
COLOURS = {GAINED: "\x1b[32m", LOST: "\x1b[31m", CHANGED: "\x1b[33m"}
PLAIN = "\x1b[0m"
QUOTE = 160  # characters of a quote that are shown
LISTED = 50  # facts of a report in Markdown; a comment on a pull request may have 65,536 characters


def as_text(found: Differences, names: Vocabulary | None, colours: bool = False) -> Iterator[str]:
    """Yield lines for a terminal: counts first, then the differences report by report."""
    yield f"{found.old} -> {found.new}"
    yield f"{sum(found.totals.values())} facts in {len(found.totals)} reports: {_counts(found)}"
    for report, total in found.totals.items():
        own = [one for one in found.found if one.fact["report"] == report]
        if own:
            yield f"\n{report}, {total} facts: {_counts(found, report)}"
        for one in own:
            start, end = (COLOURS[one.sign], PLAIN) if colours else ("", "")
            yield f"{start}{SIGNS[one.sign]} {one.fact['kind']}: {brief(one.fact)}{end}"
            yield f"    {_place(one.fact)} {_quote(one.fact)}"
            yield from (f"    {name}: {old} -> {new}" for name, old, new in _fields(one, names))
    for iri, problem in found.refused.items():
        yield f"\nleft out by the shapes: {iri.removeprefix(ids.BASE)}: {problem}"


def as_markdown(found: Differences, names: Vocabulary | None) -> Iterator[str]:
    """Yield lines of Markdown for a comment: a table of counts, then a fold for each report that differs."""
    yield f"### Facts: `{found.old}` \u2192 `{found.new}`\n"
    yield "| report | facts | gained | lost | changed |\n| --- | ---: | ---: | ---: | ---: |"
    for report, total in found.totals.items():
        counts = found.counts(report)
        yield f"| {report} | {total} | {counts[GAINED]} | {counts[LOST]} | {counts[CHANGED]} |"
    for report in found.totals:
        own = [one for one in found.found if one.fact["report"] == report]
        if own:
            yield f"\n<details><summary>{report}: {_counts(found, report)}</summary>\n"
            for one in own[:LISTED]:
                yield f"- **{one.sign}** {one.fact['kind']}: {_escaped(brief(one.fact))}  "
                yield f"  > {_escaped(_quote(one.fact))} `{_place(one.fact)}`"
                yield from (f"  - `{n}`: {_escaped(old)} \u2192 {_escaped(new)}" for n, old, new in _fields(one, names))
            yield f"- and {len(own) - LISTED} more\n\n</details>" if len(own) > LISTED else "\n</details>"
    for iri, problem in found.refused.items():
        yield f"\nLeft out by the shapes: `{iri.removeprefix(ids.BASE)}`: {_escaped(problem)}"


def as_lines(found: Differences) -> Iterator[str]:
    """Yield a JSON object for each difference, a fact with ``change`` and ``fields``, and for each that is left out."""
    for one in found.found:
        fields = {name: {"old": old, "new": new} for name, (old, new) in one.fields.items()}
        yield json.dumps({"change": one.sign, "fields": fields, **one.fact}, ensure_ascii=False)
    for iri, problem in found.refused.items():
        yield json.dumps({"change": "refused", "iri": iri, "problem": problem}, ensure_ascii=False)


def brief(fact: Line) -> str:
    """Return what a fact says, in a few words.

    >>> brief({"kind": "observation", "metric_en": "PUE", "comparator": "<", "as_written": "1.25", "year": 2023})
    'PUE < 1.25, 2023'
    """
    if "metric_en" in fact:
        sign = "" if fact["comparator"] == "=" else f"{fact['comparator']} "
        parts = [f"{fact['metric_en']} {sign}{fact['as_written']}", fact.get("subject"), fact.get("year")]
    else:
        parts = [fact.get("name_zh"), None if fact.get("name_en") == fact.get("name_zh") else fact.get("name_en")]
    return " ".join(", ".join(str(part) for part in parts if part).split())


def _counts(found: Differences, report: str | None = None) -> str:
    counts = found.counts(report)
    told = [f"{counts[sign]} {sign}" for sign in SIGNS if counts[sign]]
    return ", ".join(told) or "no difference"


def _place(fact: Line) -> str:
    return f"{fact['report']} {fact['start']}-{fact['end']}"


def _quote(fact: Line) -> str:
    quote = " ".join(str(fact["quote"]).split())
    return quote if len(quote) <= QUOTE else f"{quote[:QUOTE]}\u2026"


def _escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#" else c for c in text)


def _fields(one: Difference, names: Vocabulary | None) -> Iterator[tuple[str, str, str]]:
    for name, (old, new) in one.fields.items():
        yield name, _shown(old, names), _shown(new, names)


def _shown(value: Any, names: Vocabulary | None) -> str:
    """Return a value as people read it: concepts with their names."""
    if isinstance(value, list | tuple):
        return ", ".join(_shown(one, names) for one in value) or "none"
    if isinstance(value, str) and value.startswith(ids.BASE):
        known = names.concepts.get(value) if names else None
        return f"{short(value)} ({known.label('en')})" if known else short(value)
    return "none" if value in (None, "") else " ".join(str(value).split())
