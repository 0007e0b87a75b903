"""Titles: the case, project or customer's story under whose title a number stands, and whom it is about."""

from functools import lru_cache

from kg.extraction.initiatives.cases import case
from kg.extraction.initiatives.cues import initiative_cues
from kg.extraction.marks import marks_of
from kg.extraction.numbers.context import Context
from kg.extraction.numbers.sites import sites
from kg.lexicon import Lexicon
from kg.model import Span
from kg.reading.blocks import Block, Document
from kg.reading.folding import compact
from kg.units import CODE
from kg.vocabulary import Vocabulary

_ABOVE = 2  # headings above a block that can name its case
_LINE = 90  # characters of a first line that can be a title
_CASES = 3  # cases of customers in a report before the others are taken for such, too
_TOLD = 300  # characters of a case in which its customer is named
Found = tuple[str, Span]


class Titles:
    """The words of titles, gathered from a vocabulary once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather them."""
        self._vocabulary = vocabulary
        self._cues = initiative_cues(vocabulary)
        self._activity = Lexicon([vocabulary.concept(f"{CODE}cue-activity")])
        self._with = Lexicon([vocabulary.concept(f"{CODE}cue-with-party")])
        known = [vocabulary.concept(f"{CODE}cue-{name}") for name in ("actor", "customer")]
        self._customers = Lexicon(known).words
        self._told: tuple[Document, bool] | None = None
        self._remembered: tuple[Document | None, dict[tuple[int, int, int, int], Found | None]] = None, {}

    def of(self, context: Context, document: Document) -> Found | None:
        """Return scope and place of what the title above a number names; None where there is no case."""
        if self._remembered[0] is not document:
            self._remembered = document, {}
        block, cell = context.segment.block.span, context.segment.cell.span
        key = block.start, block.end, cell.start, cell.end
        if key not in self._remembered[1]:
            self._remembered[1][key] = self._of(context, document)
        return self._remembered[1][key]

    def _of(self, context: Context, document: Document) -> Found | None:
        for block in self._blocks(document, context.segment.block):
            folded = compact(document.text(block.span))
            found = case(document, block, folded, self._cues)
            if found:
                place = folded.span(*found)
                return self._named(
                    context, document, Span(block.span.start + place.start, block.span.start + place.end)
                )
        return None

    def _blocks(self, document: Document, block: Block) -> list[Block]:
        """Return what can be a title: the first of several lines, and the headings right above."""
        text, (start, end) = document.report.text, (block.span.start, block.span.end)
        line = text.find("\n", start, min(end, start + _LINE))
        first = [Block("heading", Span(start, line))] if line > start and block.kind == "paragraph" else []
        return [*first, *(Block("heading", heading) for heading in reversed(block.headings[-_ABOVE:]))]

    def _named(self, context: Context, document: Document, title: Span) -> Found:
        """Return whose case a title names; a case tells of one project unless it says more."""
        folded = compact(document.text(title))
        marks = marks_of(folded, self._vocabulary)
        if marks.of("customer") or self._with.at(folded.text, 0) or self._of_customers(document):
            return "other", title
        cell = context.segment.cell.span
        if cell.start <= title.start < cell.end:
            start, end = (context.segment.folded.at(p - cell.start) for p in (title.start, title.end))
            site = sites(self._vocabulary).titled(context, start, end)
            if site:
                return "part", context.segment.place(*site)
        if any(place.concept.broader for place in marks.of("Place")) or marks.of("site"):
            return "part", title
        ends = any(self._activity.before(folded.text, i) for i in range(len(folded.text) - 1, len(folded.text) + 1))
        return ("company" if ends else "part"), title

    def _of_customers(self, document: Document) -> bool:
        """Say whether most cases of a report are told of customers: a maker's white paper, not an annual report."""
        if self._told is None or self._told[0] is not document:
            votes = [self._names_customer(document, i) for i in range(len(document.blocks))]
            self._told = document, votes.count(True) >= _CASES and votes.count(True) > votes.count(False)
        return self._told[1]

    def _names_customer(self, document: Document, i: int) -> bool | None:
        """Say whether a case speaks of a customer, and not of the company or its branches; None where none begins."""
        block = document.blocks[i]
        if block.kind not in ("paragraph", "heading"):
            return None
        start = block.span.start
        folded = compact(document.text(Span(start, min(block.span.end, start + _LINE))))
        if not case(document, block, folded, self._cues):
            return None
        told = compact(document.report.text[start : start + _TOLD])
        marks = marks_of(told, self._vocabulary)
        ours = any(True for kind in ("part-word", "company") for _ in marks.of(kind))
        theirs = any(mark.label in self._customers for mark in (*marks.of("customer"), *marks.of("outside")))
        return None if ours == theirs else theirs


@lru_cache(maxsize=4)
def titles(vocabulary: Vocabulary) -> Titles:
    """Return the words of titles of a vocabulary, gathered once."""
    return Titles(vocabulary)
