"""Folding: a copy of a text in which scripts, widths and cases look alike, with the way back to the original.

Traditional characters become Simplified ones (character by character, OpenCC's table), full-width forms half-width
(NFKC), capitals small, all quotation marks and dashes one kind. ``compact`` also drops blanks and Markdown's ``**``
beside Han characters, so that a word broken by a line wrap is one word again.
"""

import re
import unicodedata
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from opencc import OpenCC

from kg.model import Span

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_CJK = f"{HAN}\u3000-\u303f\uff00-\uffef"
_ALIKE = {
    **dict.fromkeys("\u201c\u201d\u300c\u300d\u300e\u300f\u2018\u2019\uff02`", '"'),  # quotation marks of three scripts
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u301c\uff5e\u223c", "~"),
    "\u00a0": " ",
    "\u3000": " ",
}
_MARKUP = re.compile(r"\*\*|</?[a-z][^<>]{0,200}>")  # bold marks and HTML remnants such as <ul> and <mark>
_BLANKS = re.compile(rf"(?:(?<=[{_CJK}])[ \t\r\n\u00a0\u3000]+)|(?:[ \t\r\n\u00a0\u3000]+(?=[{_CJK}]))")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; ``offsets[i]`` is where character ``i`` comes from, None where nothing moved.

    >>> folded = fold("溫度\u2103 PUE")
    >>> folded.text, folded.span(2, 4)
    ('温度°c pue', Span(start=2, end=3))
    """

    text: str
    length: int
    offsets: "array[int] | None" = None

    def span(self, start: int, end: int) -> Span:
        """Return the stretch of the original under ``text[start:end]``.

        :raises ValueError: if the stretch is empty.
        """
        if self.offsets is None:
            return Span(start, end)
        first, last = self.offsets[start], self.offsets[end - 1]
        return Span(first, last + 1)

    def at(self, offset: int) -> int:
        """Return the first position in the folded text that comes from ``offset`` of the original or later."""
        return offset if self.offsets is None else bisect_left(self.offsets, offset)


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    """Map each code point that folding changes to what it becomes."""
    ranges = ((0x80, 0x2E80), (0x2E80, 0x3400), (0x3400, 0xA000), (0xF900, 0xFB00), (0xFF00, 0xFFF0))
    table = {}
    for start, end in ranges:
        for code in range(start, end):
            plain = _ALIKE.get(chr(code)) or unicodedata.normalize("NFKC", chr(code)).lower()
            if plain != chr(code) and plain.strip():
                table[code] = plain
    han = "".join(map(chr, (*range(0x3400, 0xA000), *range(0xF900, 0xFB00))))
    simplified = OpenCC("t2s").convert("\n".join(han)).split("\n")
    changed = {ord(a): b for a, b in zip(han, simplified, strict=True) if a != b and len(b) == 1}
    return table | changed | {ord(a): b for a, b in _ALIKE.items()} | {c: chr(c + 32) for c in range(65, 91)}


def fold(text: str) -> Folded:
    """Fold a text; most texts keep their length, so most results need no offsets.

    >>> fold("綜合能耗 ＰＵＥ").text
    '综合能耗 pue'
    """
    table = _table()
    folded = text.translate(table)
    if len(folded) == len(text):  # nothing folds to nothing, so no character became two
        return Folded(folded, len(text))
    offsets = array("l")
    for i, character in enumerate(text):
        offsets.extend([i] * len(table.get(ord(character), character)))
    return Folded(folded, len(text), offsets)


def compact(text: str) -> Folded:
    r"""Fold a text and drop markup, and blanks beside Han characters, so that broken words meet.

    >>> compact("能源 **消耗 PUE\n值** low power").text
    '能源消耗pue值low power'
    """
    return _remembered(text) if len(text) <= _SHORT else _compact(text)


def _compact(text: str) -> Folded:
    folded = fold(text)
    plain = _MARKUP.sub(lambda m: "\x00" * len(m.group()), folded.text)
    plain = _BLANKS.sub(lambda m: "\x00" * len(m.group()), plain.replace("\x00", "\u3000")).replace("\u3000", "\x00")
    if "\x00" not in plain:
        return folded
    keep = [i for i, character in enumerate(plain) if character != "\x00"]
    offsets = array("l", keep if folded.offsets is None else (folded.offsets[i] for i in keep))
    return Folded("".join(plain[i] for i in keep), len(text), offsets)


# Every extractor reads the same blocks of a report, so each is folded once: remembering the last 4,096 short texts
# (some 8 MB) makes extraction of the seeds a third faster.
_SHORT = 2000
_remembered = lru_cache(maxsize=4096)(_compact)
