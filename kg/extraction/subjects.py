"""Whom or what a number is about, and whether that is the company, a part of it, or another party."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from kg.extraction.context import Context
from kg.extraction.segments import CUES
from kg.model import Span
from kg.reading.blocks import Document
from kg.reading.folding import compact
from kg.units import CODE
from kg.vocabulary import Concept, Match, Matcher, Vocabulary

_BRANCH = 3  # folded characters between a place and the word for a branch: "Zhejiang Company"
_SITE = 18  # folded characters between a place and the facility that stands there
_HELPED = 22  # folded characters between "help" and the party that is helped
_PROJECT = 2  # folded characters of a clause before "the project" where that is its subject
_TITLE = 24  # folded characters in which a paragraph's title ends with a colon
_LEAD = 4  # folded characters before a name that still begins its sentence: a bullet, a bracket, "in"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a number is about: ``scope``, the text's words and their place (None where it was filled by rule)."""

    scope: str
    words: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class _Words:
    """The cue words of a stretch by what they tell, and its places."""

    text: str
    cues: dict[str, list[Match]]
    places: list[Match]

    def of(self, name: str, start: int, end: int) -> list[Match]:
        """Return the cue words of a kind that lie in ``text[start:end]``."""
        return [m for m in self.cues.get(name, ()) if start <= m.start and m.end <= end]


class Subjects:
    """The words of places, parts, products and other parties, gathered from a vocabulary once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather the cue words."""
        self._vocabulary = vocabulary
        self._names = {f"{CODE}cue-{name}": name for name in CUES}
        cues = [vocabulary.concept(iri) for iri in self._names]
        self._headings = Matcher([*cues, *vocabulary.of_type("Place")])

    def of(self, context: Context, document: Document, usual: str | None) -> Subject:
        """Return whom a number is about; ``usual`` is the scope that its metric has where nothing else is said."""
        segment = context.segment
        words = _Words(
            segment.text, self._sorted(segment.marks.get("CueWord", ())), _sites(segment.marks.get("Place", ()))
        )
        found = self._outside(context, words) or self._near(context, words) or self._around(context, words)
        found = found or self._own(context, words) or self._above(context, document)
        report = segment.report
        name = self._vocabulary.concept(report.company).label(report.language)
        if found is None or (usual and found.scope == "company"):
            return Subject(usual or "company", name)
        return replace(found, words=name) if found.scope == "company" else found

    def _sorted(self, matches: Iterable[Match]) -> dict[str, list[Match]]:
        found: dict[str, list[Match]] = {}
        for match in matches:
            for concept in match.concepts:
                if concept.iri in self._names:
                    found.setdefault(self._names[concept.iri], []).append(match)
        return found

    # --- another party

    def _outside(self, context: Context, words: _Words) -> Subject | None:
        """Read a bracket behind the number, the world in its clause, a party that is helped, a customer's trade."""
        start, end = context.clause[0], context.quantity.start
        bracket = words.of("world", context.quantity.end, context.clause[1]) if self._bracket(context) else []
        for match in (*bracket[:1], *words.of("world", start, end)[:1]):
            return self._at(context, "other", match)
        helped = _helped(words, context.sentence[0], end)
        if helped:
            return self._at(context, "other", helped[1], helped[0].end)
        for match in words.of("customer", 0, end)[:1]:
            return self._at(context, "other", match)
        return None

    @staticmethod
    def _bracket(context: Context) -> bool:
        return context.words(context.after)[:1] == "("

    # --- in the clause and the sentence

    def _near(self, context: Context, words: _Words) -> Subject | None:
        """Read the clause of a number, then its sentence."""
        for start in (context.clause[0], context.sentence[0]):
            subject = self._part(context, words, start, context.quantity.start)
            if subject:
                return subject
        return None

    def _part(self, context: Context, words: _Words, start: int, end: int) -> Subject | None:
        reach = min(len(words.text), context.quantity.end + 8) if start == context.clause[0] else end
        for place in words.places:
            if start <= place.start < end:
                branch = [m for m in words.of("part-word", place.end, end) if m.start - place.end <= _BRANCH]
                site = [m for m in words.of("facility", place.end, reach) if m.start - place.end <= _SITE]
                if branch or site:
                    return self._at(context, "part", (branch or site)[0], place.start)
        for match in words.of("unit", start, end):
            return self._at(context, "part", match)
        if start != context.clause[0]:
            return None
        item = words.of("item", start, end)
        if item and any(m.concept.notation == "single" for m in context.found("Aggregation", (start, end))):
            return self._at(context, "part", item[0])
        project = [m for m in words.of("project", start, end) if m.start - start <= _PROJECT]
        return self._at(context, "part", project[0]) if project else None

    def _own(self, context: Context, words: _Words) -> Subject | None:
        """Return the company where the clause or the sentence begins with it."""
        report = context.segment.report
        own = [
            m
            for m in context.found("Company", (context.sentence[0], context.quantity.start))
            if m.concept.iri == report.company
        ]
        own += words.of("company", context.sentence[0], context.quantity.start)
        for match in own:
            if match.start - context.sentence[0] <= _LEAD or match.start - context.clause[0] <= _LEAD:
                return self._at(context, "company", match)
        return None

    # --- in the paragraph and the heading

    def _around(self, context: Context, words: _Words) -> Subject | None:
        """Read the paragraph before a number: a party that is helped, a product that it is titled by, a place."""
        end = context.quantity.start
        lead = words.text[:_TITLE].find(":")
        if lead > 0 and words.of("item", 0, lead):
            return self._at(context, "part", words.of("item", 0, lead)[0])
        helped = _helped(words, 0, end)
        if helped and helped[1].start < context.sentence[0]:
            return self._at(context, "other", helped[1], helped[0].end)
        home = self._vocabulary.concept(context.segment.report.company).value("locatedIn")
        for place in words.places:
            if place.start < end and place.concept.iri != home:
                return self._at(context, "part", place)
        return None

    def _above(self, context: Context, document: Document) -> Subject | None:
        """Read the heading right above: "In Zhejiang, ...", a customer's trade, a product line."""
        for heading in context.segment.block.headings[-1:]:
            folded = compact(document.text(heading))
            matches = list(self._headings.all_folded(folded))
            words = _Words(folded.text, self._sorted(matches), _sites([m for m in matches if m.concept.is_a("Place")]))
            if words.cues.get("customer"):
                return Subject("other", document.text(heading), heading)
            if any(place.start <= _LEAD for place in words.places):
                return Subject("part", document.text(heading), heading)
            if words.cues.get("item") and not _helped(words, 0, len(folded.text)):
                return Subject("part", document.text(heading), heading)
        return None

    @staticmethod
    def _at(context: Context, scope: str, match: Match, start: int | None = None) -> Subject:
        first = match.start if start is None else start
        span = context.segment.place(first, max(match.end, first + 1))
        return Subject(scope, span.of(context.segment.report.text), span)


def _helped(words: _Words, start: int, end: int) -> tuple[Match, Match] | None:
    """Return a word such as "help" and the party after it."""
    for help_ in words.of("enable", start, end):
        for party in words.of("outside", help_.end, min(end, help_.end + _HELPED)):
            return help_, party
    return None


def _sites(places: Iterable[Match]) -> list[Match]:
    """Return places that are no countries and stand in no list of places."""
    found = [m for m in places if _is_site(m.concept)]
    return [
        m
        for m in found
        if not any(
            o is not m and (0 <= o.start - m.end <= 1 or 0 <= m.start - o.end <= 1) and _apart(m, o) for o in found
        )
    ]


def _apart(one: Match, other: Match) -> bool:
    """Say whether two neighbouring places are different ones and not a city in its province."""
    return not (other.concept.iri in one.concept.broader or one.concept.iri in other.concept.broader)


def _is_site(concept: Concept) -> bool:
    return bool(concept.broader)


@lru_cache(maxsize=4)
def subjects(vocabulary: Vocabulary) -> Subjects:
    """Return the words of subjects of a vocabulary, gathered once."""
    return Subjects(vocabulary)
