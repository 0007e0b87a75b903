"""Parts: what of a company a sentence names, its headquarters or one product, and the company itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.extraction.marks import Marks
from kg.extraction.numbers.context import Context
from kg.model import Span
from kg.vocabulary import Match

_PROJECT = 2  # folded characters of a clause before "the project" where that is its subject
_EXAMPLE = 14  # folded characters after "such as" in which the facility is named
_NAME = 24  # folded characters before a place in which a company's name is looked for
_LEAD = 4  # folded characters before a name that still begins its sentence: a bullet, a bracket, "in"
_BACK_REFERENCE = re.compile(r"\W*(?:it|its|they|their|this|that|these|as a result|in total|since then|to date)\b")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a number is about: ``scope``, the text's words and their place (None where it was filled by rule)."""

    scope: str
    words: str
    span: Span | None = None


def is_legal_form(context: Context, match: Match) -> bool:
    """Say whether a word for a branch is the end of a company's legal form ("Co., Ltd." in Chinese)."""
    return any(m.start < match.start and m.end == match.end for m in context.found("outside", (0, match.end)))


def unit(context: Context, start: int) -> Subject | None:
    """Read headquarters and the like."""
    match = next(context.found("unit", (start, context.quantity.start)), None)
    return at(context, "part", match) if match else None


def thing(context: Context) -> Subject | None:
    """Read "each product", and "the project" as the subject of the clause or of one before it that holds a number."""
    stretch = (context.clause[0], context.quantity.start)
    item = next(context.found("item", stretch), None)
    if item and any(m.concept.notation == "single" for m in context.found("Aggregation", stretch)):
        return at(context, "part", item)
    for clause in (context.clause, *_counted_before(context)):
        project = next(context.found("project", (clause[0], min(clause[1], context.quantity.start))), None)
        if project and project.start - clause[0] <= _PROJECT:
            return at(context, "part", project)
    return None


def _counted_before(context: Context) -> Iterator[tuple[int, int]]:
    """Yield the clauses of a sentence before a number that hold numbers, the nearest first."""
    for quantity in reversed(context.segment.quantities[: context.index]):
        if quantity.first < context.sentence[0]:
            return
        yield context.segment.clause(quantity.first)


def example(context: Context) -> Subject | None:
    """Read "such as laboratory B2": one facility, named as an example."""
    for start in (context.sentence[0], context.clause[0]):
        reach = min(context.quantity.start, start + _EXAMPLE)
        for example in context.found("example", (start, start + _LEAD)):
            for site in context.found("facility", (example.end, reach)):
                return at(context, "part", site, example.end)
    return None


def places(marks: Marks, start: int, end: int) -> Iterator[Match]:
    """Yield places that are no countries and stand in no list of places."""
    found = [m for m in marks.found("Place", start, end) if m.concept.broader]
    for i, place in enumerate(found):
        neighbours = (*found[max(0, i - 1) : i], *found[i + 1 : i + 2])
        if not any(_listed(place, other) for other in neighbours):
            yield place


def _listed(one: Match, other: Match) -> bool:
    """Say whether two places stand side by side and are not a city in its province."""
    beside = 0 <= other.start - one.end <= 1 or 0 <= one.start - other.end <= 1
    return beside and other.concept.iri not in one.concept.broader and one.concept.iri not in other.concept.broader


def name_start(context: Context, place: Match) -> int:
    """Return where the name that holds a place begins: the company's name may stand before it."""
    start = place.start - (context.words((place.start - 1, place.start)) == "(")
    names = context.found("Company", (max(0, start - _NAME), start))
    return next((m.start for m in names if m.end == start), place.start)


def own_name(context: Context) -> Span | None:
    """Return where the clause or the sentence begins with the company, or with its people."""
    stretch, company = (context.sentence[0], context.quantity.start), context.segment.report.company
    named = (m for m in context.found("Company", stretch) if m.concept.iri == company)
    for match in (*named, *context.found("company", stretch), *context.found("agent", stretch)):
        if match.start - context.sentence[0] <= _LEAD or 0 <= match.start - context.clause[0] <= _LEAD:
            return context.segment.place(match.start, match.end)
    return None


def at(context: Context, scope: str, match: Match, start: int | None = None) -> Subject:
    """Return the subject that a match names, from ``start`` of the folded text if it is given."""
    first = match.start if start is None else start
    return said(context, scope, first, max(match.end, first + 1))


def said(context: Context, scope: str, start: int, end: int) -> Subject:
    """Return the subject that a stretch of the folded text names."""
    span = context.segment.place(start, end)
    return Subject(scope, span.of(context.segment.report.text).strip(), span)


def told(context: Context, position: int) -> bool:
    """Say whether what a party was helped to is told in a sentence before by a number: that is the end of it."""
    end = context.segment.sentence(position)[1]
    return any(position <= q.start < end for q in context.segment.quantities)


def stands_alone(context: Context) -> bool:
    """Say whether a sentence names its own subject: one in English, where it goes back to nothing by a small word."""
    words = context.words(context.sentence)
    return words.isascii() and not _BACK_REFERENCE.match(words)
