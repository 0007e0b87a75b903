"""Whom or what a number is about, and whether that is the company, a part of it, or another party."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kg.extraction.context import Context
from kg.extraction.marks import Marks, marks_of
from kg.model import Span
from kg.reading.blocks import Document
from kg.reading.folding import compact
from kg.vocabulary import Match, Vocabulary

_BRANCH = 3  # folded characters between a place and the word for a branch: "Zhejiang Company"
_SITE = 18  # folded characters between a place and the facility that stands there
_AHEAD = 8  # folded characters after a number in which that facility may stand ("six office buildings in Wuxi")
_PROJECT = 2  # folded characters of a clause before "the project" where that is its subject
_EXAMPLE = 14  # folded characters after "such as" in which the facility is named
_HELPED = 22  # folded characters between "help" and the party that is helped
_CELL = 40  # characters of a cell that names what its row is about
_NAME = 24  # folded characters before a place in which a company's name is looked for
_TITLE = 24  # folded characters in which a paragraph's title ends with a colon
_LEAD = 4  # folded characters before a name that still begins its sentence: a bullet, a bracket, "in"
_BACK = 1000  # folded characters before a number that count as its paragraph


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a number is about: ``scope``, the text's words and their place (None where it was filled by rule)."""

    scope: str
    words: str
    span: Span | None = None


class Subjects:
    """What a vocabulary knows of companies and places."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Keep the vocabulary."""
        self._vocabulary = vocabulary

    def of(self, context: Context, document: Document, usual: str | None) -> Subject:
        """Return whom a number is about; ``usual`` is the scope that its metric has where nothing else is said."""
        found = _outside(context) or _near(context) or self._around(context) or self._in_row(context, document)
        own = None if found else _own(context)
        found = found or (None if own else self._above(context, document))
        if found:
            return found
        report = context.segment.report
        company = self._vocabulary.concepts.get(report.company)
        name = company.label(report.language) if company else report.company.rsplit("/", 1)[-1]
        return Subject(usual, name) if usual else Subject("company", name, own)

    def _around(self, context: Context) -> Subject | None:
        """Read the paragraph before a number: a product that it is titled by, a party that is helped, a place."""
        start, end = max(0, context.quantity.start - _BACK), context.quantity.start
        lead = context.segment.text[:_TITLE].find(":")
        for item in context.found("item", (0, max(0, lead))):
            return _at(context, "part", item)
        helped = _helped(context.segment.marks, start, context.sentence[0])
        if helped:
            return _at(context, "other", helped[1], helped[0].end)
        company = self._vocabulary.concepts.get(context.segment.report.company)
        home = company.value("locatedIn") if company else None
        for place in _sites(context.segment.marks, start, end):
            if place.concept.iri != home:
                return _at(context, "part", place)
        return None

    def _in_row(self, context: Context, document: Document) -> Subject | None:
        """Read the short cells before a text cell: the place or the project that the row is about."""
        cell, block = context.segment.cell, context.segment.block
        names = [c for c in block.cells if c and c.end <= cell.span.start and c.end - c.start <= _CELL]
        for name in () if cell.is_number else names:
            marks = marks_of(compact(document.text(name)), self._vocabulary)
            if marks.of("project") or any(place.concept.broader for place in marks.of("Place")):
                return Subject("part", document.text(name), name)
        return None

    def _above(self, context: Context, document: Document) -> Subject | None:
        """Read the heading right above: a customer's trade, "In Zhejiang, ...", a product line."""
        for heading in context.segment.block.headings[-1:]:
            folded = compact(document.text(heading))
            marks, length = marks_of(folded, self._vocabulary), len(folded.text)
            if marks.of("customer"):
                return Subject("other", document.text(heading), heading)
            placed = any(place.start <= _LEAD for place in _sites(marks, 0, length))
            if placed or (marks.of("item") and not _helped(marks, 0, length)):
                return Subject("part", document.text(heading), heading)
        return None


# --- another party


def _outside(context: Context) -> Subject | None:
    """Read a bracket behind the number, the world in its clause, a party that is helped, a customer's trade."""
    start, end = context.clause[0], context.quantity.start
    bracket = context.words(context.after)[:1] == "("
    behind = (context.quantity.end, context.clause[1] if bracket else context.quantity.end)
    for match in context.found("world", behind, (start, end)):
        return _at(context, "other", match)
    helped = _helped(context.segment.marks, context.sentence[0], end)
    if helped:
        return _at(context, "other", helped[1], helped[0].end)
    for match in context.found("customer", (max(0, end - _BACK), end)):
        return _at(context, "other", match)
    return None


def _helped(marks: Marks, start: int, end: int) -> tuple[Match, Match] | None:
    """Return a word such as "help" and the party after it."""
    for aid in marks.found("enable", start, end):
        for party in marks.found("outside", aid.end, min(end, aid.end + _HELPED)):
            return aid, party
    return None


# --- a part of the company


def _near(context: Context) -> Subject | None:
    """Read the clause of a number, then its sentence."""
    ahead = min(len(context.segment.text), context.quantity.end + _AHEAD)
    end = context.quantity.start
    return (
        _placed(context, context.clause[0], ahead)
        or _unit(context, context.clause[0])
        or _thing(context)
        or _example(context)
        or _placed(context, context.sentence[0], end)
        or _unit(context, context.sentence[0])
    )


def _placed(context: Context, start: int, end: int) -> Subject | None:
    """Read a place with a branch or a facility behind it."""
    for place in _sites(context.segment.marks, start, context.quantity.start):
        stretches = (("part-word", place.end + _BRANCH), ("facility", place.end + _SITE))
        for kind, last in stretches:
            for match in context.found(kind, (place.end, end)):
                if match.start <= last:
                    return _at(context, "part", match, _name_start(context, place))
    return None


def _unit(context: Context, start: int) -> Subject | None:
    """Read headquarters and the like."""
    match = next(context.found("unit", (start, context.quantity.start)), None)
    return _at(context, "part", match) if match else None


def _thing(context: Context) -> Subject | None:
    """Read "each product", and "the project" as the subject of the clause."""
    stretch = (context.clause[0], context.quantity.start)
    item = next(context.found("item", stretch), None)
    if item and any(m.concept.notation == "single" for m in context.found("Aggregation", stretch)):
        return _at(context, "part", item)
    project = next(context.found("project", stretch), None)
    return _at(context, "part", project) if project and project.start - stretch[0] <= _PROJECT else None


def _example(context: Context) -> Subject | None:
    """Read "such as laboratory B2": one facility, named as an example."""
    for start in (context.sentence[0], context.clause[0]):
        reach = min(context.quantity.start, start + _EXAMPLE)
        for example in context.found("example", (start, start + _LEAD)):
            for site in context.found("facility", (example.end, reach)):
                return _at(context, "part", site, example.end)
    return None


def _sites(marks: Marks, start: int, end: int) -> Iterator[Match]:
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


def _name_start(context: Context, place: Match) -> int:
    """Return where the name that holds a place begins: the company's name may stand before it."""
    start = place.start - (context.words((place.start - 1, place.start)) == "(")
    names = context.found("Company", (max(0, start - _NAME), start))
    return next((m.start for m in names if m.end == start), place.start)


# --- the company itself


def _own(context: Context) -> Span | None:
    """Return where the clause or the sentence begins with the company."""
    stretch, company = (context.sentence[0], context.quantity.start), context.segment.report.company
    named = (m for m in context.found("Company", stretch) if m.concept.iri == company)
    for match in (*named, *context.found("company", stretch)):
        if match.start - context.sentence[0] <= _LEAD or 0 <= match.start - context.clause[0] <= _LEAD:
            return context.segment.place(match.start, match.end)
    return None


def _at(context: Context, scope: str, match: Match, start: int | None = None) -> Subject:
    first = match.start if start is None else start
    span = context.segment.place(first, max(match.end, first + 1))
    return Subject(scope, span.of(context.segment.report.text).strip(), span)


@lru_cache(maxsize=4)
def subjects(vocabulary: Vocabulary) -> Subjects:
    """Return what a vocabulary knows of subjects, gathered once."""
    return Subjects(vocabulary)
