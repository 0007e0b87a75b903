"""Whom or what a number is about, and whether that is the company, a part of it, or another party."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kg.extraction.context import Context
from kg.extraction.marks import Marks, marks_of
from kg.extraction.parties import helped, parties, turned_back
from kg.extraction.sites import sites
from kg.model import Span
from kg.reading.blocks import Document
from kg.reading.folding import compact
from kg.vocabulary import Match, Vocabulary

_BRANCH = 3  # folded characters between a place and the word for a branch: "Zhejiang Company"
_SITE = 18  # folded characters between a place and the facility that stands there
_AHEAD = 8  # folded characters after a number in which that facility may stand ("six office buildings in Wuxi")
_PROJECT = 2  # folded characters of a clause before "the project" where that is its subject
_EXAMPLE = 14  # folded characters after "such as" in which the facility is named
_CELL = 40  # characters of a cell that names what its row is about
_NAME = 24  # folded characters before a place in which a company's name is looked for
_TITLE = 24  # folded characters in which a paragraph's title ends with a colon
_LEAD = 4  # folded characters before a name that still begins its sentence: a bullet, a bracket, "in"
_BOLD = re.compile(r"\s*\*\*([^*\n]{2,60})\*\*")
_NAMED = ("site", "programme")  # kinds of words that make bold English words the name of something
_OPENING = 40  # folded characters, twice as many in English, in which a paragraph names the site that it is about
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
        found = self._outside(context) or self._near(context) or self._around(context)
        found = found or self._in_row(context, document)
        own = None if found else _own(context)
        found = found or (None if own else self._above(context, document))
        if found:
            return found
        report = context.segment.report
        company = self._vocabulary.concepts.get(report.company)
        name = company.label(report.language) if company else report.company.rsplit("/", 1)[-1]
        return Subject(usual, name) if usual else Subject("company", name, own)

    def _outside(self, context: Context) -> Subject | None:
        """Read another party: the world, a customer, a trade."""
        stretch = parties(self._vocabulary).of(context)
        return _said(context, "other", *stretch) if stretch else None

    def _near(self, context: Context) -> Subject | None:
        """Read the clause of a number, then its sentence."""
        ahead = min(len(context.segment.text), context.quantity.end + _AHEAD)
        end = context.quantity.start
        return (
            self._placed(context, context.clause[0], ahead)
            or self._site(context, context.clause)
            or _unit(context, context.clause[0])
            or _thing(context)
            or _example(context)
            or self._placed(context, context.sentence[0], end)
            or self._site(context, (context.sentence[0], end))
            or _unit(context, context.sentence[0])
        )

    def _placed(self, context: Context, start: int, end: int) -> Subject | None:
        """Read a place with a branch or a facility behind it; all that a company has at home is not a part of it."""
        home = self._home(context)
        for place in _sites(context.segment.marks, start, context.quantity.start):
            kinds = (("part-word", place.end + _BRANCH), ("facility", place.end + _SITE))
            for kind, last in kinds[: 1 if place.concept.iri == home else 2]:
                for match in context.found(kind, (place.end, end)):
                    if match.start <= last and not _is_legal_form(context, match):
                        return _at(context, "part", match, _name_start(context, place))
        return None

    def _home(self, context: Context) -> str | None:
        company = self._vocabulary.concepts.get(context.segment.report.company)
        return company.value("locatedIn") if company else None

    def _site(self, context: Context, stretch: tuple[int, int]) -> Subject | None:
        """Read a site with a name of its own before the number, or "62 sites in Spain"."""
        known, start = sites(self._vocabulary), stretch[0]
        found = known.named(context, start, context.quantity.start) or known.placed(context, start, stretch[1])
        found = found or known.opening(context)
        return _said(context, "part", *found) if found else None

    def _around(self, context: Context) -> Subject | None:
        """Read the paragraph before a number: a product that it is titled by, a party that is helped, a place."""
        start, end = max(0, context.quantity.start - _BACK), context.quantity.start
        lead = context.segment.text[:_TITLE].find(":")
        for item in context.found("item", (0, max(0, lead))):
            return _at(context, "part", item)
        title = self._title(context)
        if title:
            return title
        aided = helped(context.segment.marks, start, context.sentence[0])
        if aided and not turned_back(context, aided[1].end):
            return _at(context, "other", aided[1], aided[0].end)
        home = self._home(context)
        site = self._opening(context)
        if site:
            return site
        for place in _sites(context.segment.marks, start, end):
            if place.concept.iri != home and not turned_back(context, place.end):
                return _at(context, "part", place)
        return None

    def _opening(self, context: Context) -> Subject | None:
        """Read the named site that the first sentence of a paragraph begins with: the next ones are about it too."""
        first = context.segment.sentence(0)
        if context.sentence == first or turned_back(context, first[0] + 1):
            return None
        reach = _OPENING * (2 if context.words(first).isascii() else 1)
        stretch = sites(self._vocabulary).named(context, first[0], min(first[1], first[0] + reach))
        return _said(context, "part", *stretch) if stretch else None

    def _title(self, context: Context) -> Subject | None:
        """Read the bold words that a paragraph begins with: a site's or a project's name, a customer's story."""
        segment = context.segment
        bold = _BOLD.match(segment.cell.span.of(segment.report.text))
        if bold is None:
            return None
        stretch = (0, segment.folded.at(bold.end()))
        scope = "other" if any(context.found("customer", stretch)) else "part"
        words = context.words(stretch).isascii() and any(m for kind in _NAMED for m in context.found(kind, stretch))
        named = scope == "other" or words or sites(self._vocabulary).named(context, *stretch)
        start = segment.folded.at(bold.start(1))
        return _said(context, scope, start, max(start + 1, segment.folded.at(bold.end(1)))) if named else None

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
            if placed or (marks.of("item") and not helped(marks, 0, length)):
                return Subject("part", document.text(heading), heading)
        return None


# --- a part of the company


def _is_legal_form(context: Context, match: Match) -> bool:
    """Say whether a word for a branch is the end of a company's legal form ("Co., Ltd." in Chinese)."""
    return any(m.start < match.start and m.end == match.end for m in context.found("outside", (0, match.end)))


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
    return _said(context, scope, first, max(match.end, first + 1))


def _said(context: Context, scope: str, start: int, end: int) -> Subject:
    span = context.segment.place(start, end)
    return Subject(scope, span.of(context.segment.report.text).strip(), span)


@lru_cache(maxsize=4)
def subjects(vocabulary: Vocabulary) -> Subjects:
    """Return what a vocabulary knows of subjects, gathered once."""
    return Subjects(vocabulary)
