"""What a change of the ontology does to the facts: gained, lost and changed, each known by its place in the text."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kg.versions import Line, Version

GAINED, LOST, CHANGED = "gained", "lost", "changed"
# What follows from the other fields: a metric that is renamed changes no fact.
_DERIVED = frozenset(
    {"id", "iri", "report", "quote", "start", "end", "spans", "metric_key", "metric_zh", "metric_en", "name_en"}
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that one version has and the other has not, or has otherwise.

    ``fact`` is the newer of the two; ``fields`` has for each field that changed its old and its new value.
    """

    sign: str
    fact: Line
    fields: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Differences:
    """All differences in the order of reports and of their texts.

    ``totals`` counts the facts of the newer version by report; ``refused`` says of facts that only its shapes leave
    out what is wrong with them.
    """

    old: str
    new: str
    found: tuple[Difference, ...]
    totals: Mapping[str, int]
    refused: Mapping[str, str]

    def counts(self, report: str | None = None) -> Counter[str]:
        """Count the differences of one report or of all by their sign."""
        return Counter(found.sign for found in self.found if report in (None, found.fact["report"]))


def differences(old: Version, new: Version) -> Differences:
    """Return what differs between two versions, both as the shapes leave them.

    Facts that are the same in both need no look at the shapes, unless the shapes themselves differ.

    :raises ShapesError: if a version has no shapes, or no Turtle.
    """
    everything = {**old.lines, **new.lines}
    same_shapes = old.shapes == new.shapes and old.shapes != b""
    doubtful = [iri for iri in everything if not same_shapes or old.lines.get(iri) != new.lines.get(iri)]
    wrong = old.refused(doubtful), new.refused(doubtful)
    before = {iri: line for iri, line in old.lines.items() if iri not in wrong[0]}
    after = {iri: line for iri, line in new.lines.items() if iri not in wrong[1]}
    found = [found for iri in everything if (found := _difference(before.get(iri), after.get(iri)))]
    found.sort(key=lambda one: (one.fact["report"], one.fact["start"], one.fact["end"], one.fact["iri"]))
    totals = Counter(line["report"] for line in after.values())
    totals.update(dict.fromkeys({line["report"] for line in before.values()}, 0))
    refused = {iri: problem for iri, problem in wrong[1].items() if iri not in wrong[0]}
    return Differences(old.name, new.name, tuple(found), dict(sorted(totals.items())), refused)


def _difference(before: Line | None, after: Line | None) -> Difference | None:
    if before is None:
        return Difference(GAINED, after, {}) if after else None
    if after is None:
        return Difference(LOST, before, {})
    fields = dict(_changed(dict(_flat(before)), dict(_flat(after))))
    return Difference(CHANGED, after, fields) if fields else None


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield name, (before.get(name), after.get(name))


def _flat(line: Line) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a fact that say something of their own, each role of a span as a field."""
    yield from ((name, value) for name, value in line.items() if name not in _DERIVED)
    yield "quote", _placed(line)
    spans: dict[str, list[str]] = {}
    for span in line.get("spans", ()):
        spans.setdefault(span["role"], []).append(_placed(span))
    yield from ((f"{role} span", "; ".join(places)) for role, places in spans.items())


def _placed(span: Mapping[str, Any]) -> str:
    return f"{' '.join(span['quote'].split())} [{span['start']}-{span['end']}]"
