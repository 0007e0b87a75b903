"""Cutting a stretch of text into runs that carry the same marks; every character stays where it is."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from web.parts import Piece

TAG = 400  # characters of an HTML remnant at most
_TAG = re.compile(rf"</?[a-zA-Z][^<>]{{0,{TAG}}}>")
_SETTING = re.compile(r"</?(?:sub|sup|b|i|u|em|strong|mark|span|a|font)\b", re.IGNORECASE)
_SIGN = re.compile(r"^ {0,3}#{1,6}[ \t]+|\*\*", re.MULTILINE)
_SENTENCE = re.compile(r"(?:[^\u3002\uff01\uff1f!?.\n]|\.(?=\S))+[\u3002\uff01\uff1f!?.]?")
_TELLING = 8  # characters of a sentence that is marked as said; shorter ones stand in many answers by chance
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")


@dataclass(frozen=True, slots=True)
class Mark:
    """A named stretch: ``kind`` becomes a CSS class, ``fact`` is the number of a margin note, ``page`` begins there."""

    start: int
    end: int
    kind: str
    fact: int | None = None
    anchor: str | None = None
    page: tuple[int, str] | None = None


def cut(text: str, start: int, end: int, marks: Iterable[Mark] = ()) -> tuple[Piece, ...]:
    """Cut ``text[start:end]`` at the borders of the marks; joined again the pieces give the same characters.

    >>> [(p.text, p.marks) for p in cut("PUE 1.25 in 2023", 0, 16, [Mark(4, 8, "quote")])]
    [('PUE ', ()), ('1.25', ('quote',)), (' in 2023', ())]
    """
    near = [mark for mark in marks if mark.start < end and start < mark.end]
    borders = sorted({start, end} | {b for mark in near for b in (mark.start, mark.end) if start < b < end})
    return tuple(_piece(text, a, b, near) for a, b in pairwise(borders))


def _piece(text: str, start: int, end: int, near: Sequence[Mark]) -> Piece:
    over = [mark for mark in near if mark.start <= start and end <= mark.end]
    return Piece(
        text=text[start:end],
        start=start,
        marks=tuple(dict.fromkeys(mark.kind for mark in over)),
        facts=tuple(mark.fact for mark in over if mark.fact is not None),
        ends=tuple(mark.fact for mark in over if mark.fact is not None and mark.end == end),
        anchor=next((mark.anchor for mark in over if mark.anchor and mark.start == start), None),
        page=next((mark.page for mark in over if mark.page and mark.start == start), None),
    )


def told(text: str, start: int, end: int, said: str) -> Iterator[Mark]:
    """Yield marks for the sentences of a piece of a text that stand in what an answer says.

    >>> [(mark.start, mark.end) for mark in told("PUE fell. It is now 1.25.", 0, 25, "Report: It is now 1.25.")]
    [(10, 25)]
    """
    for match in _SENTENCE.finditer(text, start, end):
        sentence = match.group().strip()
        if len(sentence) >= _TELLING and sentence in said:
            first = match.start() + match.group().index(sentence)
            yield Mark(first, first + len(sentence), "quote")


def remnants(text: str, start: int = 0, end: int | None = None) -> Iterator[Mark]:
    """Yield marks for what a text carries of HTML and Markdown: shown faintly or not at all, but never taken out.

    >>> [(mark.start, mark.end, mark.kind) for mark in remnants("<ul>a **b**")]
    [(0, 4, 'markup'), (6, 8, 'sign'), (9, 11, 'sign'), (8, 9, 'strong')]
    """
    end = len(text) if end is None else end
    for kind, pattern in (("markup", _TAG), ("sign", _SIGN)):
        for match in pattern.finditer(text, start, end):
            yield Mark(match.start(), match.end(), kind)
    for match in _BOLD.finditer(text, start, end):
        yield Mark(match.start(1), match.end(1), "strong")


def plain(text: str, start: int, end: int) -> str:
    r"""Return the words of a piece of a text on one line, without what it carries of HTML and Markdown.

    >>> plain("<ul><li>CO<sub>2</sub> **1.25**\n## in 2023", 0, 45)
    'CO2 1.25 in 2023'
    """
    pieces = cut(text, start, end, remnants(text, max(0, start - TAG), min(len(text), end + TAG)))
    return " ".join("".join(map(_words, pieces)).split())


def _words(piece: Piece) -> str:
    """Return what a piece says: a tag that lays out parts words, one that only sets them does not."""
    if "markup" in piece.marks:
        return "" if _SETTING.match(piece.text) else " "
    return "" if "sign" in piece.marks else piece.text


def neighbourhood(text: str, start: int, end: int, reach: int = 80) -> tuple[int, int]:
    r"""Return the piece of the lines around a quote, at most ``reach`` characters to each side.

    >>> text = "A heading\n\nPUE was 1.25.\nNext"
    >>> text[slice(*neighbourhood(text, 19, 23))]
    'PUE was 1.25.'
    """
    first = max(text.rfind("\n", 0, start) + 1, start - reach)
    newline = text.find("\n", end)
    last = min(newline if newline >= 0 else len(text), end + reach)
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last


def quoted(text: str, start: int, end: int, marks: Iterable[Mark] = ()) -> tuple[Piece, ...]:
    """Return a quote, marked, among its neighbours; an ellipsis stands where a line goes on."""
    first, last = neighbourhood(text, start, end)
    pieces = cut(
        text, first, last, [Mark(start, end, "quote"), *marks, *remnants(text, max(0, first - TAG), last + TAG)]
    )
    before = first > 0 and text[first - 1] != "\n"
    after = last < len(text) and text[last] != "\n"
    ellipsis = Piece("\u2026", -1, ("ellipsis",))
    return (*((ellipsis,) if before else ()), *pieces, *((ellipsis,) if after else ()))
