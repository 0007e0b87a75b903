"""Whom or what a number is about, and whether that is the company, a part of it, or another party."""

import re
from functools import lru_cache

from kg.extraction.marks import Marks, marks_of
from kg.extraction.numbers.classes import classes
from kg.extraction.numbers.context import Context
from kg.extraction.numbers.named import named
from kg.extraction.numbers.parties import helped, parties, turned_back
from kg.extraction.numbers.parts import (
    Subject,
    at,
    example,
    is_legal_form,
    name_start,
    own_name,
    places,
    said,
    stands_alone,
    thing,
    told,
    unit,
)
from kg.extraction.numbers.products import products
from kg.extraction.numbers.related import Choice
from kg.extraction.numbers.sites import sites
from kg.extraction.numbers.titles import titles
from kg.lexicon import Lexicon
from kg.model import Span
from kg.reading.blocks import Document
from kg.reading.folding import compact
from kg.units import CODE
from kg.vocabulary import Match, Vocabulary

_BRANCH = 3  # folded characters between a place and the word for a branch: "Zhejiang Company"
_SITE = 18  # folded characters between a place and the facility that stands there
_AHEAD = 8  # folded characters after a number in which that facility may stand ("six office buildings in Wuxi")
_CELL = 40  # characters of a cell that names what its row is about
_TITLE = 24  # folded characters in which a paragraph's title ends with a colon
_LEAD = 4  # folded characters before a name that still begins its sentence: a bullet, a bracket, "in"
_BOLD = re.compile(r"\s*\*\*([^*\n]{2,60})\*\*")
_NAMED = ("site", "programme")  # kinds of words that make bold English words the name of something
_OPENING = 40  # folded characters, twice as many in English, in which a paragraph names the site that it is about
_FIRST = 20  # folded characters of a paragraph in which a place says where all of it plays
_KIND = 10  # folded characters between "the new" and the product that is meant
_BACK = 1000  # folded characters before a number that count as its paragraph


class Subjects:
    """What a vocabulary knows of companies and places."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Keep the vocabulary."""
        self._vocabulary = vocabulary
        self._governing = Lexicon([vocabulary.concept(f"{CODE}cue-governing")])
        self._one = Lexicon([vocabulary.concept(f"{CODE}cue-one-item")])
        self._general = Lexicon([vocabulary.concept(f"{CODE}cue-generic-item")])

    def of(self, context: Context, document: Document, choice: Choice) -> Subject:
        """Return whom a number is about; a metric can have a scope where nothing else is said."""
        figure = context.segment.cell.is_number  # a bare number in a table: only its row's name can say more
        found = self._of_row(context) if figure else self._customers(context, document) or self._said(context, document)
        own = None if found or figure else own_name(context)
        listed = figure or (context.segment.block.kind == "row" and context.segment.cell.label is not None)
        found = found or (None if own or listed else self._above(context, document))
        usual = choice.metric.value("usualScope")
        product = None if found or own else products(self._vocabulary).named(context)
        found = found or (said(context, "part", *product) if product else None) or self._class(context, choice)
        if found:
            return found
        report = context.segment.report
        company = self._vocabulary.concepts.get(report.company)
        name = company.label(report.language) if company else report.company.rsplit("/", 1)[-1]
        return Subject(usual.rsplit("/", 1)[-1], name) if usual and own is None else Subject("company", name, own)

    def _of_row(self, context: Context) -> Subject | None:
        """Read a place, a branch or the headquarters that the name of a row begins with."""
        label, text = context.segment.cell.label, context.segment.report.text
        if label is None or not _names_part(self._vocabulary, label.of(text), self._home(context)):
            return None
        return Subject("part", label.of(text).strip(), label)

    def _said(self, context: Context, document: Document) -> Subject | None:
        """Read the sentence of a number, its paragraph and the row that it stands in."""
        found = self._outside(context) or self._near(context) or self._around(context)
        return found or self._in_row(context, document)

    def _customers(self, context: Context, document: Document) -> Subject | None:
        """Read the title of a customer's case: all that is told below it is the customer's."""
        titled = titles(self._vocabulary).of(context, document)
        if titled is None or titled[0] != "other":
            return None
        return self._outside(context) or Subject("other", document.text(titled[1]), titled[1])

    def _class(self, context: Context, choice: Choice) -> Subject | None:
        """Read what of the company a number is about: its base stations, its suppliers, one of its programmes."""
        known = classes(self._vocabulary)
        if context.segment.cell.is_number:
            label = known.of_label(context, choice)
            return Subject("company", label.of(context.segment.report.text).strip(), label) if label else None
        stretch = known.of(context, choice)
        return said(context, "company", *stretch) if stretch else None

    def _outside(self, context: Context) -> Subject | None:
        """Read another party: the world, a customer, a trade."""
        stretch = parties(self._vocabulary).of(context)
        return said(context, "other", *stretch) if stretch else None

    def _near(self, context: Context) -> Subject | None:
        """Read the clause of a number, then its sentence."""
        ahead = min(len(context.segment.text), context.quantity.end + _AHEAD)
        start, end = context.sentence[0], context.quantity.start
        found = (
            self._placed(context, context.clause[0], ahead)
            or self._site(context, context.clause)
            or self._first(context)
            or unit(context, context.clause[0])
            or self._thing_named(context)
            or self._one_product(context)
            or thing(context)
            or example(context)
        )
        if found or start == context.clause[0]:
            return found
        return self._placed(context, start, end) or self._site(context, (start, end)) or unit(context, start)

    def _placed(self, context: Context, start: int, end: int) -> Subject | None:
        """Read a place with a branch or a facility behind it; all that a company has at home is not a part of it."""
        home = self._home(context)
        for place in places(context.segment.marks, start, context.quantity.start):
            kinds = (("part-word", place.end + _BRANCH), ("facility", place.end + _SITE))
            for kind, last in kinds[: 1 if place.concept.iri == home else 2]:
                for match in context.found(kind, (place.end, end)):
                    if match.start <= last and not is_legal_form(context, match):
                        whole = match if self._adjoins(context, place.end, match.start) else place
                        return at(context, "part", whole, name_start(context, place))
        return None

    def _adjoins(self, context: Context, start: int, end: int) -> bool:
        """Say whether no verb parts a place from the facility that stands there."""
        text = context.segment.text
        return not any((w := self._governing.at(text, i)) and w.end - w.start > 1 for i in range(start, end))

    def _home(self, context: Context) -> str | None:
        company = self._vocabulary.concepts.get(context.segment.report.company)
        return company.value("locatedIn") if company else None

    def _site(self, context: Context, stretch: tuple[int, int]) -> Subject | None:
        """Read a site with a name of its own before the number, or "62 sites in Spain"."""
        known, start = sites(self._vocabulary), stretch[0]
        found = known.named(context, start, context.quantity.start) or known.placed(context, start, stretch[1])
        return said(context, "part", *found) if found else None

    def _first(self, context: Context) -> Subject | None:
        """Read a place or a building with which a sentence begins, or what follows its colon."""
        known, colon = sites(self._vocabulary), self._colon(context)
        found = known.opening(context) or known.begun(context)
        found = found or (known.begun(context, colon) if colon > context.sentence[0] else None)
        return said(context, "part", *found) if found else None

    @staticmethod
    def _colon(context: Context) -> int:
        """Return where the words behind a colon begin, or the sentence where there is none before a number."""
        start, end = context.sentence[0], context.quantity.start
        return context.segment.text.rfind(":", start, end) + 1 or start

    def _thing_named(self, context: Context) -> Subject | None:
        """Read the company's own tower or app, or "this system", in the sentence."""
        stretch = named(self._vocabulary).of(context)
        return said(context, "part", *stretch) if stretch else None

    def _one_product(self, context: Context) -> Subject | None:
        """Read "the new radio", "each server" in the clause of a number or where its sentence begins."""
        text, first = context.segment.text, context.segment.clause(context.sentence[0])
        for start, end in dict.fromkeys((context.clause, first)):
            for item in context.found("item", (start, min(end, context.quantity.start))):
                near = range(max(start, item.start - _KIND), item.start)
                word = next((i for i in near if self._one.at(text, i)), None)
                if word is not None:
                    return said(context, "part", word, item.end)
        return None

    def _around(self, context: Context) -> Subject | None:
        """Read the paragraph before a number: a product that it is titled by, a party that is helped, a place."""
        start, end = max(0, context.quantity.start - _BACK), context.quantity.start
        lead = context.segment.text[:_TITLE].find(":")
        product = self._product(context.segment.marks, 0, max(0, lead))
        if product:
            return at(context, "part", product)
        title = self._title(context)
        if title:
            return title
        alone = stands_alone(context)
        aided = None if alone else helped(context.segment.marks, start, context.sentence[0])
        aided = aided if aided and not told(context, aided[0].end) else None
        if aided and not turned_back(context, aided[1].end):
            return at(context, "other", aided[1], aided[0].end)
        home = self._home(context)
        site = self._going_on(context) or self._opening(context)
        if site:
            return site
        for place in () if alone else places(context.segment.marks, start, end):
            near = place.start <= _FIRST or place.start >= context.sentence[0]
            if near and place.concept.iri != home and not turned_back(context, place.end):
                return at(context, "part", place)
        return None

    def _product(self, marks: Marks, start: int, end: int) -> Match | None:
        """Return a kind of product that a title names; "green products" are no one product."""
        named = (m for m in marks.found("item", start, end) if m.label not in self._general.words)
        return next(named, None)

    def _opening(self, context: Context) -> Subject | None:
        """Read the named site that the first sentence of a paragraph begins with: the next ones are about it too."""
        first = context.segment.sentence(0)
        if context.sentence == first or turned_back(context, first[0] + 1):
            return None
        english = context.words(first).isascii()
        stretch = sites(self._vocabulary).named(context, first[0], min(first[1], first[0] + _OPENING * (1 + english)))
        ours = english and any(context.found("company", context.sentence))
        if ours or (stretch and stretch[0] - first[0] > _LEAD * (1 + english)):
            stretch = None
        stretch = stretch or named(self._vocabulary).opening(context)
        return said(context, "part", *stretch) if stretch else None

    def _going_on(self, context: Context) -> Subject | None:
        """Read the site with which a part of the sentence before a semicolon begins."""
        start = context.sentence[0]
        while start and context.segment.text[start - 1] == ";":
            start = context.segment.sentence(start - 1)[0]
            stretch = sites(self._vocabulary).begun(context, start)
            if stretch:
                return said(context, "part", *stretch)
        return None

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
        return said(context, scope, start, max(start + 1, segment.folded.at(bold.end(1)))) if named else None

    def _in_row(self, context: Context, document: Document) -> Subject | None:
        """Read the short cells before a text cell: the place or the project that the row is about."""
        cell, block = context.segment.cell, context.segment.block
        names = [c for c in block.cells if c and c.end <= cell.span.start and c.end - c.start <= _CELL]
        product = products(self._vocabulary).of_row(context, document)
        if product:
            return Subject("part", document.text(product), product)
        for name in names:
            marks = marks_of(compact(document.text(name)), self._vocabulary)
            if marks.of("project") or any(place.concept.broader for place in marks.of("Place")):
                return Subject("part", document.text(name), name)
        return None

    def _above(self, context: Context, document: Document) -> Subject | None:
        """Read the title of the case, or the heading right above: a customer's trade, "In Zhejiang, ..."."""
        titled = titles(self._vocabulary).of(context, document)
        if titled:
            return Subject(titled[0], document.text(titled[1]), titled[1])
        for heading in context.segment.block.headings[-1:]:
            folded = compact(document.text(heading))
            marks, length = marks_of(folded, self._vocabulary), len(folded.text)
            if marks.of("customer") or helped(marks, 0, length):
                return Subject("other", document.text(heading), heading)
            for place in places(marks, 0, length):
                if place.start <= _LEAD:
                    span = folded.span(place.start, place.end)
                    span = Span(heading.start + span.start, heading.start + span.end)
                    return Subject("part", document.text(span), span)
            if self._product(marks, 0, length):
                return Subject("part", document.text(heading), heading)
        return None


@lru_cache(maxsize=4096)
def _names_part(vocabulary: Vocabulary, label: str, home: str | None) -> bool:
    """Say whether a row's name begins with a place away from home, or with a unit of the company."""
    folded = compact(label)
    marks = marks_of(folded, vocabulary)
    known = (m for m in places(marks, 0, len(folded.text)) if m.concept.iri != home)
    return any(m.start <= 1 for m in (*known, *marks.of("unit")))


@lru_cache(maxsize=4)
def subjects(vocabulary: Vocabulary) -> Subjects:
    """Return what a vocabulary knows of subjects, gathered once."""
    return Subjects(vocabulary)
