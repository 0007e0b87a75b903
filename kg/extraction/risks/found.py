"""A risk taken apart, and how cells and paragraphs become statements and measures."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.extraction.risks.ratings import UNRATED, Rating
from kg.extraction.risks.words import OPPORTUNITY, RISK, RiskWords
from kg.model import Span
from kg.reading.tables import points, trimmed

CONFIDENCE = 0.95  # every row of the gold is found with its category, and no other; twenty rows of the seeds were read
QUOTE_LENGTH = 400  # characters; a longer description is cut after a sentence (the seeds' longest has 133)
SHORTEST = 4  # columns on paper of a description in a cell; less is a dash or a cross-reference
NUMERALS = "".join(c for c in map(chr, range(0x4E00, 0xA000)) if 1 <= unicodedata.numeric(c, 0) <= 10)  # one to ten
# Round, square and pointed bullets, ticks, and those of symbol fonts that a PDF leaves in the private area.
BULLETS = (
    "\u00b7\u2022\u2023\u2027\u25a0\u25a1\u25aa\u25ab\u25b6\u25b7\u25b8\u25ba\u25c6\u25c7\u25cb\u25ce\u25cf\u25e6"
    "\u2605\u2606\u2610\u2611\u2713\u2714\u2726\u2756\u27a2\u27a4\u30fb\uf06c\uf06e\uf0a7\uf0b7\uf0d8\uf0fc"
)
MARKS = re.compile(
    f"(?:[\\s#*>{BULLETS}\u203b\u2013\u2014-]|[(\uff08]?\\d{{1,2}}[.)\u3001\uff09](?!\\d)"
    f"|\\d{{1,2}}(?:\\.\\d{{1,2}})+(?=\\s)|[\u2460-\u2473]|[{NUMERALS}]{{1,3}}\u3001|[(\uff08][{NUMERALS}]{{1,3}}[)\uff09]"
    "|[(\uff08][a-z]{1,3}[)\uff09]|</?\\w+[^<>]*>)*"
)
_CUT = re.compile("[;\uff1b]|(?<=\\S)\\s*(?=[\u2460-\u2473])|(?<=[\\s\u3002])(?=\\d{1,2}[.)\u3001\uff09]\\s?[^\\d\\s])")
_SENTENCE_END = re.compile("[\u3002\uff01\uff1f]|[.!?](?=\\s)")


@dataclass(frozen=True, slots=True)
class Found:
    """A row or paragraph taken apart: what it is about, what it says, what it does, what is done.

    ``names`` run from the outermost to the innermost; ``sort`` is what the text itself gives as the category.
    """

    kind: str
    names: tuple[Span, ...]
    statement: Span
    responses: tuple[Span, ...] = ()
    rating: Rating = UNRATED
    impacts: tuple[Span, ...] = ()
    sort: Span | None = None
    confidence: float = CONFIDENCE


def unmarked(text: str, span: Span) -> Span | None:
    """Return a stretch without the list marks and bold signs around it, None if nothing is left."""
    marks = MARKS.match(text, span.start, span.end)
    end = span.start + len(text[span.start : span.end].rstrip().rstrip("*"))
    return trimmed(text, marks.end() if marks else span.start, end) if end > span.start else None


def measures(text: str, cell: Span) -> Iterator[Span]:
    """Yield the measures of a cell or a paragraph: its list points, cut at semicolons and numbers, without marks."""
    for point in points(text, cell):
        cuts = [mark.span() for mark in _CUT.finditer(text, point.start, point.end)]
        starts, ends = [point.start, *(end for _, end in cuts)], [*(start for start, _ in cuts), point.end]
        found = (trimmed(text, start, end) for start, end in zip(starts, ends, strict=True))
        bare = (unmarked(text, part) for part in found if part)
        yield from (part for part in bare if part and re.search(r"\w", part.of(text)))


def width(said: str) -> int:
    """Return the columns on paper of a text, two for a Han character."""
    return len(said) + sum(map("\u2e80".__le__, said))


def statement_of(text: str, cell: Span) -> Span | None:
    """Return what a cell says, without list marks; cut after a sentence where it is very long."""
    parts = points(text, cell)
    if not parts or width(text[parts[0].start : parts[-1].end]) < SHORTEST:
        return None
    start, end = parts[0].start, parts[-1].end
    if end - start > QUOTE_LENGTH:
        stop = _SENTENCE_END.search(text, start + SHORTEST, start + QUOTE_LENGTH)
        end = stop.end() if stop else start + QUOTE_LENGTH
    return Span(start, end)


def kind_of(words: RiskWords, names: Iterable[str], above: Iterable[str] = ()) -> str:
    """Return whether names are of a risk or an opportunity: by themselves, by their categories, or by what is above."""
    inner = [*names][::-1]
    for text in inner:
        kinds = words.kinds(text)
        if len(kinds) == 1:
            return kinds.pop()
    found = {kind for kind in (RISK, OPPORTUNITY) for text in inner if words.named(text, kind)}
    if len(found) == 1:
        return found.pop()
    said = (words.kinds(text) for text in above)
    return next((kinds.pop() for kinds in said if len(kinds) == 1), RISK)
