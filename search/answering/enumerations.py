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


def enumerations(members: Members, within: Span, vocabulary: Vocabulary) -> Iterator[Enumeration]:
    """Yield the enumerations of the part of a document that lies within a span.

    >>> from kg.model import Report
    >>> from kg.reading.blocks import read_blocks
    >>> from kg.settings import resource
    >>> text = "多種方案，如智慧物流、智慧交通、智慧照明等，助力減排。"
    >>> document = read_blocks(Report("r", text, "zh-Hant", "c", 2020, {}, ""))
    >>> words = Vocabulary.load(resource("ontology"))
    >>> [found.members for found in enumerations(Members(document), Span(0, len(text)), words)]
    [('智慧物流', '智慧交通', '智慧照明')]
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
        parts = [
            part
            for match in _PARTS.finditer(folded.text, *sentence.span())
            if (part := _part(text, folded, match.start(), match.end(), vocabulary))
        ]
        around = folded.span(max(0, sentence.start() - BEFORE), sentence.end()).of(text)
        for part in parts:
            if len(part.members) >= FEWEST:
                yield Enumeration(part.members, f"{above} {around}", part.opened, place)
            if FEWEST <= len(part.joined) < len(part.members):
                yield Enumeration(part.joined, f"{above} {around}", part.opened, place)
        # "A, B etc., C, D etc.": what neighbouring parts list together.
        closed = [part for part in parts if part.closed]
        if len(closed) > 1 and ";" not in folded.text[closed[0].start : closed[-1].end]:
            together = tuple(dict.fromkeys(member for part in closed for member in part.members))
            yield Enumeration(together, f"{above} {around}", True, place)


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
    return _Part(start, end, members, joined, opened > 0, closed)


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
