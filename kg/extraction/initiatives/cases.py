"""Titles of cases: a line, or a bold lead, that names the project of which the text below it tells."""

import re
from dataclasses import dataclass
from functools import lru_cache

from kg.extraction.initiatives.cues import InitiativeCues
from kg.extraction.initiatives.particles import NUMERALS
from kg.model import Span
from kg.reading.blocks import Block, Document
from kg.reading.folding import Folded, compact
from kg.reading.tables import trimmed

WIDTH = 80  # columns of a case's title, 40 Han characters; a longer line is running text
SHORTEST = 4  # characters of a name beside the word "case"
OPENING = 8  # characters with which a paragraph begins, in which it names another place
INTRODUCTION = 80  # characters before a list that may say that projects follow
_BOLD = re.compile(r"[ \t#>*\u2022\u00b7\u25cf-]*?\*\*([^*\n]+)\*\*")
_MARKS = re.compile(r"[#*>\u25a0\u25cf\u2022\u00b7\s-]*(?:[(\uff08]?\d{1,2}(?:\.\d{1,2})*[)\uff09.\u3001\s]\s*)?")
_PROPER = re.compile(
    '\\b[A-Z]{2,}\\b|[A-Z][a-z]+[A-Z]|\\bProject [A-Z]|["\u201c\u300c]'
)  # an abbreviation, a brand, a code name
_BRACKETED = re.compile("[\u3010\\[][^\u3010\u3011\\[\\]]{1,8}[\u3011\\]]\\s*")
_TITLED = re.compile(r"[\W\d]*?\(?\d{0,2}[).\u3001]?\s*\**((?!\d{1,2}[.)])[^:,\u3002\uff0c*]{3,16})\**:")
_BEFORE_PLACE = re.compile("\\s*[\u2014\u2013:\uff1a|-]")
_RUNNING = re.compile("[\u3002\uff1b;\uff0c:\uff1a]$|\u3002.")


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What stands around the numbers of cases and chapters in folded text."""

    after_mark: re.Pattern[str]
    counted: re.Pattern[str]
    chapter: re.Pattern[str]


@lru_cache(maxsize=4)
def _numbers(cues: InitiativeCues) -> _Numbers:
    numeral = cues.any_of(*NUMERALS)
    number = rf"\s*(?:\d{{1,2}}|{numeral}{{1,2}}|[a-h](?![a-z]))?\s*"
    measure = cues.any_of("particle-measure")
    return _Numbers(
        re.compile(number + "(?:[:\uff1a|\u2502\u3011\\]\u2014\u2013]|--|-(?=\\s))+\\s*"),
        # "Case 1 Name", "Case two: Name": a number after the word for a case, and no count of cases.
        re.compile(rf"(?:\d{{1,2}}(?!\d)|{numeral}{{1,2}})(?!{measure})[:\uff1a\s]*"),
        re.compile(rf"{numeral}{{1,3}}\u3001|\d{{1,2}}\.\d"),
    )


def lead(document: Document, block: Block) -> Span | None:
    """Return the stretch of a block that can be a title: its bold lead, its first line, or all of a short block."""
    if block.kind not in ("heading", "paragraph", "item"):
        return None
    text = document.report.text
    bold = _BOLD.match(text, block.span.start, block.span.end)
    line_end = text.find("\n", block.span.start, block.span.end)
    end = line_end if line_end >= 0 else block.span.end
    span = Span(*bold.span(1)) if bold else trimmed(text, block.span.start, end)
    return span if span and _width(span.of(text)) <= WIDTH else None


def _is_repeated(name: str, after: str) -> bool:
    return len(name) >= SHORTEST and name in after


def _is_bold(document: Document, span: Span) -> bool:
    return document.report.text[: span.start].endswith("**") and not document.text(span).endswith((":", "\uff1a"))


def _width(words: str) -> int:
    return len(words) + sum(map("\u2e80".__le__, words))


def case(document: Document, block: Block, folded: Folded, cues: InitiativeCues) -> tuple[int, int] | None:
    """Return where in a block's folded text the name of a case begins and ends, None where it has no such title."""
    span = lead(document, block)
    if span is None:
        return None
    start, end = folded.at(span.start - block.span.start), folded.at(span.end - block.span.start)
    words = folded.text[start:end].rstrip("*. ")
    marks = _MARKS.match(words)
    skip = marks.end() if marks else 0
    named = _marked(words, skip, cues) or _spaced(folded, start, words, skip, cues) or _ending(words, skip, cues)
    if named is None and cues.refers_back(folded.text[end : end + INTRODUCTION]):
        own = _PROPER.search(document.text(span)) or cues.place(document.text(span))
        named = (skip, len(words)) if own and _is_bold(document, span) else None
    elif named is None and _is_repeated(words[skip:], folded.text[end : end + INTRODUCTION]):
        named = (skip, len(words)) if _PROPER.search(document.text(span)) and _is_bold(document, span) else None
    return (start + named[0], start + named[1]) if named else None


def _marked(words: str, skip: int, cues: InitiativeCues) -> tuple[int, int] | None:
    """Find the name after "Case study:", or after a word for cases in brackets."""
    bracket = _BRACKETED.match(words, skip)
    if bracket and cues.is_case(bracket.group().strip("\u3010\u3011[] ")):
        return _name(words, bracket.end(), len(words), cues)
    marker = cues.case_at(words, skip)
    after = _numbers(cues).after_mark.match(words, skip + marker) if marker else None
    return _name(words, after.end(), len(words), cues) if after else None


def _spaced(folded: Folded, start: int, words: str, skip: int, cues: InitiativeCues) -> tuple[int, int] | None:
    """Find the name after "Case 1", or after "Case" and blanks, where no colon stands."""
    marker = cues.case_at(words, skip)
    if not marker or not cues.is_case_mark(words[skip : skip + marker]) or _RUNNING.search(words):
        return None
    counted = _numbers(cues).counted.match(words, skip + marker)
    end = counted.end() if counted else skip + marker
    if end >= len(words):
        return None
    gap = folded.span(start + end - 1, start + end + 1)
    return _name(words, end, len(words), cues) if counted or gap.end - gap.start > 2 else None


def _ending(words: str, skip: int, cues: InitiativeCues) -> tuple[int, int] | None:
    """Find a title that ends in a word for cases, or has it before a dash and a place."""
    if _RUNNING.search(words) or _numbers(cues).chapter.match(words, skip):
        return None
    for begin, end in cues.case_words(words):
        tail = words[end:]
        if begin - skip < SHORTEST or (tail and not (_BEFORE_PLACE.match(tail) and len(tail) <= SHORTEST + 8)):
            continue
        if not cues.is_common(words[skip:begin]):
            return skip, len(words)
    return None


def listed(document: Document, i: int, folded: Folded, cues: InitiativeCues) -> tuple[int, int] | None:
    """Return the title of a list item where the list is one of projects ("248 projects, among them: (1) Name: ...")."""
    title = _TITLED.match(folded.text) if document.blocks[i].kind == "item" else None
    if title is None or cues.is_common(title[1]):
        return None
    first = next((j for j in range(i - 1, -1, -1) if document.blocks[j].kind != "item"), -1)
    intro = compact(document.text(document.blocks[first].span)).text if first >= 0 else ""
    return title.span(1) if intro.endswith(":") and cues.counts_projects(intro[-INTRODUCTION:]) else None


def begins_elsewhere(document: Document, i: int, j: int, cues: InitiativeCues) -> bool:
    """Say whether block ``j`` begins with a place that a case's title, block ``i``, and the block below do not name."""
    first = document.blocks[i].span.start
    told = compact(document.report.text[first : document.blocks[min(i + 1, j - 1)].span.end]).text
    opening = compact(document.text(document.blocks[j].span)[:OPENING]).text
    return any(opening[place.start : place.end] not in told for place in cues.places(opening))


def _name(words: str, start: int, end: int, cues: InitiativeCues) -> tuple[int, int] | None:
    return None if end - start < SHORTEST or cues.is_generic(words[start:end]) else (start, end)
