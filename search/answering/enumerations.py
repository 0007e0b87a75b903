"""Enumerations: the members of "such as A, B and C" in running text, and of lists with a member a block."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from kg.model import Span
from kg.reading.folding import Folded, compact
from kg.vocabulary import Vocabulary
from search.answering.members import FEWEST, LONGEST, Enumeration, clean
from search.answering.patterns import pattern, totals
from search.answering.runs import Members, of_blocks
from search.tokens import is_han

_SENTENCES = re.compile(r"[^\u3002!?\t]+")  # of a folded text; a table's cells are parted by tabs
_PARTS = re.compile(r"[^,:;]+")
_NUMBERED = re.compile(r"(?:(?<=[:;,])|(?<=\s)|^)\(?\d{1,2}[.)\u3001](?=[^\d\s])")
_CLAUSES = re.compile(r"[,;]")
_QUOTED = re.compile(r'"([^"\n]{3,80})"|\u201c([^\u201c\u201d\n]{3,80})\u201d|\u300c([^\u300c\u300d\n]{3,80})\u300d')
_LISTED = re.compile(r"[\u3001,]")
QUOTED = 12  # characters of a member of a list in quotes
CLAUSE = 60  # characters of a clause that may be a member of a list
BEFORE = 60  # characters before an enumeration that say what it lists
WORD = 6  # characters of a word that a character that may be a conjunction may stand in
# A first member more than as many times as long as the others usually are may begin with the words that lead to it.
STRETCHED = 1.3


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a sentence that lists something; ``closed`` where it ends in a word such as "etc."."""

    start: int
    end: int
    members: tuple[str, ...]
    joined: tuple[str, ...]  # the same, the last two as one where "and" joins them
    opened: bool
    closed: bool
    first: int  # where the first member begins, and the last one ends
    last: int


def enumerations(members: Members, within: Span, vocabulary: Vocabulary) -> Iterator[Enumeration]:
    """Yield the enumerations of the part of a document that lies within a span, those of its running text first.

    >>> from kg.model import Report
    >>> from kg.reading.blocks import read_blocks
    >>> from kg.settings import resource
    >>> text = "多種方案，如智慧物流、智慧交通、智慧照明等，助力減排。"
    >>> document = read_blocks(Report("r", text, "zh-Hant", "c", 2020, {}, ""))
    >>> words = Vocabulary.load(resource("ontology"))
    >>> next(enumerations(Members(document), Span(0, len(text)), words)).members
    ('智慧物流', '智慧交通', '智慧照明')
    """
    document = members.document
    for block in document.blocks:
        if block.span.overlaps(within):
            above = " ".join(document.text(heading) for heading in block.headings[-2:])
            yield from _in_running_text(document.text(block.span), block.span, above, vocabulary)
    yield from of_blocks(members, within)


def _in_running_text(text: str, place: Span, above: str, vocabulary: Vocabulary) -> Iterator[Enumeration]:
    folded = compact(text)
    for sentence in _SENTENCES.finditer(folded.text):
        within = _Sentence(text, folded, *sentence.span(), place, above)
        parts = [
            part
            for match in _PARTS.finditer(folded.text, *sentence.span())
            if (part := _part(text, folded, match.start(), match.end(), vocabulary))
        ]
        for part in parts:
            if len(part.members) >= FEWEST:
                yield within.listing(part.members, part.opened, part.first, part.last)
            if FEWEST <= len(part.joined) < len(part.members):
                yield within.listing(part.joined, part.opened, part.first, part.last)
        # "A, B etc., C, D etc.": what neighbouring parts list together.
        closed = [part for part in parts if part.closed]
        if len(closed) > 1 and ";" not in folded.text[closed[0].start : closed[-1].end]:
            together = tuple(dict.fromkeys(member for part in closed for member in part.members))
            yield within.listing(together, True, closed[0].first, closed[-1].last)
        yield from within.clauses()
        yield from within.quoted()


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of a block, by its place in the folded text, and what stands above the block."""

    text: str
    folded: Folded
    start: int
    end: int
    place: Span
    above: str

    def of(self, start: int, end: int) -> str:
        """Return what of the text as given lies between two places of the folded one."""
        return self.folded.span(start, end).of(self.text) if start < end else ""

    def listing(self, members: tuple[str, ...], marked: bool, first: int, last: int, kind: str = "text") -> Enumeration:
        """Return an enumeration with what leads to it and what follows it."""
        around = f"{self.above} {self.of(max(0, self.start - BEFORE), self.end)}"
        lead, tail = self.of(self.start, first), self.of(last, self.end)
        return Enumeration(members, around, marked, self.place, lead, tail, self.above, kind)

    def quoted(self) -> Iterator[Enumeration]:
        """Yield what a pair of quotes lists: "count, look, manage"."""
        for quote in _QUOTED.finditer(self.folded.text, self.start, self.end):
            first, last = next(quote.span(i) for i in (1, 2, 3) if quote.group(i))
            stops = [match.span() for match in _LISTED.finditer(self.folded.text, first, last)]
            places = zip([first, *(end for _, end in stops)], [*(start for start, _ in stops), last], strict=True)
            members = _names(self.text, self.folded, list(places))
            if len(members) >= FEWEST and max(map(len, members)) <= QUOTED:
                yield self.listing(members, True, first, last, "quoted")

    def clauses(self) -> Iterator[Enumeration]:
        """Yield what is numbered in one sentence ("1. ...; 2. ..."), and its clauses as far as they are short."""
        for kind, stops in (("numbered", _NUMBERED), ("clauses", _CLAUSES)):
            found = [match.span() for match in stops.finditer(self.folded.text, self.start, self.end)]
            found = [span for span in found if _level(self.folded.text[self.start : span[0]])]
            if len(found) < FEWEST - (kind == "clauses"):
                continue
            starts = [end for _, end in found] if kind == "numbered" else [self.start, *(end for _, end in found)]
            ends = [start for start, _ in found][1:] if kind == "numbered" else [start for start, _ in found]
            members = [clean(self.of(a, b)) for a, b in zip(starts, [*ends, self.end], strict=True)]
            named = tuple(member for member in members if 1 < len(member) <= CLAUSE)
            if len(named) >= FEWEST:
                yield self.listing(named, kind == "numbered", starts[0], self.end, kind)


def _part(text: str, folded: Folded, start: int, end: int, vocabulary: Vocabulary) -> _Part | None:
    """Read a part of a sentence as a list, None where nothing separates members."""
    found = [
        match
        for match in _separators(vocabulary).finditer(folded.text, start, end)
        if _level(folded.text[start : match.start()])
    ]
    if not found:
        return None
    openers = pattern(vocabulary, "opener").finditer(folded.text, start, found[0].start())
    opened = max((match.end() for match in openers), default=0)
    stop, closed = _stop(folded.text, found[-1].end(), end, vocabulary)
    stops = [opened or start, *(place for match in found for place in match.span()), stop]
    places = list(zip(stops[::2], stops[1::2], strict=True))
    if not opened:
        places[0] = _verged(folded.text, places, vocabulary)
    parted = [*places[:-1], *_conjoined(folded.text, *places[-1], vocabulary)]
    members, joined = (_names(text, folded, each) for each in (parted, places))
    return _Part(start, end, members, joined, opened > 0, closed, places[0][0], stop)


def _names(text: str, folded: Folded, places: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    members = (clean(folded.span(a, b).of(text)) for a, b in places if a < b)
    return tuple(member for member in members if _is_name(member))


@lru_cache(maxsize=4)
def _separators(vocabulary: Vocabulary) -> re.Pattern[str]:
    """Return what finds what stands between members: a separator, or nothing between one quote and the next."""
    return re.compile(rf'(?:{pattern(vocabulary, "separator").pattern})|(?<=")(?=")')


def _is_name(member: str) -> bool:
    """Say whether a member can be a name: no sentence, and no single character but a Chinese word such as "coal"."""
    return 1 < len(member) <= LONGEST or (len(member) == 1 and is_han(member))


def _stop(text: str, start: int, end: int, vocabulary: Vocabulary) -> tuple[int, bool]:
    """Return where the last member ends, and whether a closing word says so."""
    closers = [match.start() for match in pattern(vocabulary, "closer").finditer(text, start + 1, end)]
    total = totals(vocabulary).search(text, start + 1, end)
    ends = [*closers, *([total.start()] if total else [])]
    return min(ends, default=end), bool(closers)


def _conjoined(text: str, start: int, end: int, vocabulary: Vocabulary) -> list[tuple[int, int]]:
    """Part the last member where a conjunction joins it to one more, outside quotes and brackets."""
    found = [
        match
        for match in pattern(vocabulary, "conjunction").finditer(text, start + 1, end - 1)
        if _level(text[start : match.start()]) and not _inside(text, match, vocabulary)
    ]
    if len(found) != 1:
        return [(start, end)]
    return [(start, found[0].start()), (found[0].end(), end)]


def _inside(text: str, conjunction: re.Match[str], vocabulary: Vocabulary) -> bool:
    """Say whether what looks like a conjunction is a part of a word that the ontology knows, as in "neutral"."""
    start, end = max(0, conjunction.start() - WORD), conjunction.end() + WORD
    at = conjunction.start() - start
    names = vocabulary.everything.all_folded(compact(text[start:end]))
    return any(name.start < at < name.end for name in names)


def _level(text: str) -> bool:
    """Say whether all quotes and brackets of a text are closed."""
    return all(text.count(a) == text.count(b) for a, b in ("()", "\u201c\u201d", "\u300c\u300d", "\u300a\u300b")) and (
        text.count('"') % 2 == 0
    )


def _verged(text: str, places: Sequence[tuple[int, int]], vocabulary: Vocabulary) -> tuple[int, int]:
    """Return the first member without the words that lead to it, where without them it is more like the others."""
    start, end = places[0]
    led = pattern(vocabulary, "verge").match(text, start, end - 2)
    start = led.end() if led else start
    usual = median(b - a for a, b in places[1:])
    whose = next((match for match in vocabulary.everything.find(text[start:end]) if match.start == 0), None)
    if whose and any(concept.is_a("Company") for concept in whose.concepts):
        led = pattern(vocabulary, "verge").match(text, start + whose.end, end - 1)
        start = led.end() if led else start
    if end - start <= STRETCHED * usual:
        return start, end
    verges = [match.end() for match in pattern(vocabulary, "verge").finditer(text, start, end - 1)]
    fitting = [verge for verge in verges if max(2, usual / 2) <= end - verge <= STRETCHED * usual]
    return max(fitting, default=start), end
