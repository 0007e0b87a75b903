"""Technologies and practices: one fact for each that a report names, at its first mention."""

import re
from collections.abc import Iterator, Sequence

from kg import ids
from kg.extraction.anchors import fact_iri_at
from kg.lexicon import alternatives
from kg.model import Fact, Report, Span, Technology
from kg.reading.blocks import Block, Document
from kg.reading.folding import HAN, Folded, compact
from kg.vocabulary import Match, Matcher, Vocabulary, gathered

# Lengths, in folded characters, of names in a list that the ontology does not know; 95 of 100 gold names lie between.
SHORTEST, LONGEST = 3, 14
# With half of the labels taken away, nine in ten names that only a list announces are in the gold; of known ones 352 of
# 414 on 13 reports seen while labels were added (the gold leaves out what is named in passing). Names before the bare
# word "technology" are right in one of four cases: left out.
KNOWN_CONFIDENCE, LIST_CONFIDENCE = 0.85, 0.8
REMEMBERED = 256  # texts whose technologies are kept: initiatives and results ask for those of the same blocks
_TITLE = re.compile(r"\u300a[^\u300b\n]{0,120}\u300b")  # laws, standards and documents name no technology in use
_WORD = re.compile(rf"[\s{HAN}a-z0-9()/+.&-]+")
_BETWEEN = re.compile(rf"[{HAN}a-z]{{0,8}}?")
_HAN_WORD = re.compile(rf"[{HAN}]")


def extract(document: Document, vocabulary: Vocabulary) -> Iterator[Fact]:
    """Yield the technologies of a document, known ones by their labels, others by the lists they stand in."""
    cues = technology_cues(vocabulary)
    seen: set[str] = set()
    for block in document.blocks:
        folded = compact(document.text(block.span))
        known = cues.known(folded)
        for match in known:
            if match.concept.iri not in seen:
                seen.add(match.concept.iri)
                yield _fact(document.report, _place(block, folded, match.start, match.end), match.concept.iri)
        for start, end in cues.unknown(folded, known):
            if folded.text[start:end] not in seen:
                seen.add(folded.text[start:end])
                yield _fact(document.report, _place(block, folded, start, end), None)


def _place(block: Block, folded: Folded, start: int, end: int) -> Span:
    span = folded.span(start, end)
    return Span(block.span.start + span.start, block.span.start + span.end)


def _fact(report: Report, span: Span, technology: str | None) -> Technology:
    return Technology(
        iri=fact_iri_at(report, "technology", span),
        report=report.id,
        company=report.company,
        quote=span,
        defaulted=("company",),
        confidence=LIST_CONFIDENCE if technology is None else KNOWN_CONFIDENCE,
        name="".join(span.of(report.text).split("\n")),
        technology=technology,
    )


class TechnologyCues:
    """Finds names of technologies in folded text."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Build matchers for technologies and for the words around them."""
        chance = [vocabulary.concept(iri) for iri in (_iri("chance"),) if iri in vocabulary]
        self._texts: dict[str, list[Match]] = {}
        self._technologies = frozenset(concept.iri for concept in vocabulary.of_type("Technology"))
        self._known = Matcher([*vocabulary.of_type("Technology"), *chance])
        closes, joins = (vocabulary.concept(f"{ids.BASE}code/{name}") for name in ("enumeration-closer", "cue-and"))
        self._ends = re.compile(alternatives([closes], ascii=False))
        joining = alternatives([joins], ascii=False).replace("\u3001|", "").replace("|\u3001", "")
        self._split = re.compile(rf"\u3001|(?<=.{{3}})(?:{joining})(?=.{{3}})")
        self._particles = _cue(vocabulary, "particle")  # they stand in clauses, not in names
        self._verbs, self._heads, self._generic = (_cue(vocabulary, name) for name in ("verb", "head", "generic"))

    def known(self, folded: Folded) -> list[Match]:
        """Return the technologies of the ontology in a text, those in titles of documents left out."""
        kept = self._texts.get(folded.text)
        if kept is None:
            if len(self._texts) >= REMEMBERED:
                self._texts.clear()
            kept = self._texts[folded.text] = self._read(folded)
        return kept

    def _read(self, folded: Folded) -> list[Match]:
        found = [match for match in self._known.find_folded(folded) if match.concepts[0].iri in self._technologies]
        titles = [match.span() for match in _TITLE.finditer(folded.text)] if found else []
        return [m for m in found if not any(a <= m.start < b for a, b in titles)] if titles else found

    def unknown(self, folded: Folded, known: list[Match]) -> Iterator[tuple[int, int]]:
        """Yield the places of names in lists such as "A, B and C and other technologies" that no label covers."""
        ends = list(self._ends.finditer(folded.text))
        covered = {i for match in known for i in range(match.start, match.end)} if ends else set[int]()
        for end in ends:
            items = [self._bare(folded.text, *item) for item in self._items(folded.text, end.start())]
            if not items or not self._is_technology_list(folded.text, end.end(), items):
                continue
            for start, stop, _ in items:
                if not covered & set(range(start, stop)) and self._is_name(folded.text[start:stop]):
                    yield start, stop

    def _bare(self, text: str, start: int, end: int) -> tuple[int, int, bool]:
        """Return an item without the word "technology" at its end, and whether it had it."""
        heads = self._heads.find_folded(Folded(text[start:end], end - start))
        called = bool(heads) and heads[-1].end == end - start and heads[-1].start > 0
        return (start, start + heads[-1].start, True) if called else (start, end, False)

    def _is_technology_list(self, text: str, after: int, items: Sequence[tuple[int, int, bool]]) -> bool:
        """Say whether a list is called technologies, or two of its items are."""
        heads = self._heads.find_folded(Folded(text[after : after + 16], 16))
        named = bool(heads) and _BETWEEN.fullmatch(text[after : after + heads[0].start]) is not None
        return named or sum(called for _, _, called in items) > 1

    def _items(self, text: str, end: int) -> Iterator[tuple[int, int]]:
        """Yield the items of the list that ends at ``end``, at least two."""
        start = end
        while start > 0 and (_WORD.match(text[start - 1]) or text[start - 1] == "\u3001"):
            start -= 1
        verbs = self._verbs.find_folded(Folded(text[start:end], end - start))
        first = text.find("\u3001", start, end)
        leading = [start + verb.end for verb in verbs if start + verb.end <= first]
        if first < 0 or not leading:
            return
        start = leading[-1]
        cuts = [(m.start() + start, m.end() + start) for m in self._split.finditer(text[start:end])]
        starts, ends = [start, *(b for _, b in cuts)], [*(a for a, _ in cuts), end]
        yield from zip(starts, ends, strict=True)

    def _is_name(self, words: str) -> bool:
        """Say whether words can be a name: long enough, and more than generic words."""
        if not SHORTEST <= len(words) <= LONGEST or not _HAN_WORD.search(words) or words[0].isdigit():
            return False
        if self._particles.find_folded(Folded(words, len(words))):
            return False
        generic = self._generic.find_folded(Folded(words, len(words)))
        return len(words) - sum(match.end - match.start for match in generic) >= 2


def _iri(name: str) -> str:
    return f"{ids.BASE}code/cue-technology-{name}"


def _cue(vocabulary: Vocabulary, name: str) -> Matcher:
    iri = _iri(name)
    return Matcher([vocabulary.concept(iri)] if iri in vocabulary else [])


@gathered
def technology_cues(vocabulary: Vocabulary) -> TechnologyCues:
    """Return the technology cues of a vocabulary, built once."""
    return TechnologyCues(vocabulary)
