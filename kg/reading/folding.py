"""Folding: a copy of a text in which scripts, widths and cases look alike, with the way back to the original.

Traditional characters become Simplified ones (character by character, OpenCC's table), full-width forms half-width
(NFKC), capitals small, all quotation marks and dashes one kind. ``compact`` also drops blanks and Markdown's ``**``
beside Han characters, so that a word broken by a line wrap is one word again.
"""

import re
import unicodedata
from array import array
from bisect import bisect_left
from functools import lru_cache
from html import unescape
from typing import Any, NamedTuple

from kg.model import Span

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_CJK = f"{HAN}\u3000-\u303f\uff00-\uffef"
_ALIKE = {
    **dict.fromkeys("\u201c\u201d\u300c\u300d\u300e\u300f\u2018\u2019\uff02`", '"'),  # quotation marks of three scripts
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u301c\uff5e\u223c", "~"),
    **dict.fromkeys("\u00a0\u3000\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f", " "),
}
_MARKUP = re.compile(r"\*\*|</?[a-z][^<>]{0,200}>")  # bold marks, and HTML remnants such as <ul> and <mark>
_UNSEEN = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF), "\x00")  # characters that nobody sees
_BREAK = re.compile(r"</?(?:br|p|div|li|tr|td|th)\b[^<>]*>")  # tags between words, which part them
# Lines that running Latin text was wrapped at: between words in small letters, or before a name such as CO2 or kWh.
_WRAP = re.compile(r"(?<=[a-z,])[ \t]*\r?\n[ \t]*(?=[a-z]|[A-Z][a-z]?[A-Z0-9$])")
_ENTITY = re.compile(r"&(?:[a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,5});")
_BLANK = " \\t\\r\\n\\u00a0\\u3000\\x00"
# A run of blanks is looked at once: neither from its middle nor backwards, however long it is.
# A pattern that begins with a set of characters is searched for six times as fast as one that begins by looking back.
_BLANKS = re.compile(
    rf"[{_BLANK}](?:(?<=[{_CJK}][{_BLANK}])[{_BLANK}]*+|(?<![{_BLANK}][{_BLANK}])[{_BLANK}]*+(?=[{_CJK}]))"
)

_KEPT = re.compile(r"[^\x00]+")


class Folded(NamedTuple):
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
    simplified = _converter("t2s").convert("\n".join(han)).split("\n")
    changed = {ord(a): b for a, b in zip(han, simplified, strict=True) if a != b and len(b) == 1}
    return table | changed | {ord(a): b for a, b in _ALIKE.items()} | {c: chr(c + 32) for c in range(65, 91)}


@lru_cache(maxsize=1)
def _table_of_seen() -> dict[int, str]:
    """Return a table that also maps the characters that nobody sees, to the one that :func:`compact` drops."""
    return _table() | _UNSEEN


@lru_cache(maxsize=1)
def _longer() -> "re.Pattern[str]":
    """Return what finds the characters that folding makes several of: one in ten thousand."""
    return re.compile(f"[{''.join(re.escape(chr(code)) for code, plain in _table().items() if len(plain) > 1)}]")


def fold(text: str) -> Folded:
    """Fold a text; most texts keep their length, so most results need no offsets.

    >>> fold("綜合能耗 ＰＵＥ").text
    '综合能耗 pue'
    """
    return _folded(text, _table())


def _folded(text: str, table: dict[int, str]) -> Folded:
    folded = text.translate(table)
    if len(folded) == len(text):  # nothing folds to nothing, so no character became two
        return Folded(folded, len(text))
    offsets, position = array("l"), 0
    for match in _longer().finditer(text):
        offsets.extend(range(position, match.start()))
        offsets.extend([match.start()] * len(_table()[ord(match[0])]))
        position = match.end()
    offsets.extend(range(position, len(text)))
    return Folded(folded, len(text), offsets)


def compact(text: str) -> Folded:
    r"""Fold a text and drop markup, and blanks beside Han characters, so that broken words and names meet.

    >>> compact("能源 **消耗 PUE\n值** low power").text, compact("12 per\ncent").text
    ('能源消耗pue值low power', '12 per cent')
    """
    return _remembered(text) if len(text) <= _SHORT else _compact(text)


def _compact(text: str) -> Folded:
    folded = _folded(_WRAP.sub(_blank, text) if "\n" in text else text, _table_of_seen())
    plain = _ENTITY.sub(_character, folded.text) if "&" in folded.text else folded.text
    if "<" in plain or "**" in plain:
        plain = _MARKUP.sub(_dropped, _BREAK.sub(_blank, plain))
    plain = _BLANKS.sub(_dropped, plain)
    if "\x00" not in plain:
        return folded
    offsets = array("l")
    for kept in _KEPT.finditer(plain):
        start, end = kept.span()
        offsets.extend(range(start, end) if folded.offsets is None else folded.offsets[start:end])
    return Folded(plain.replace("\x00", ""), len(text), offsets)


def _dropped(match: "re.Match[str]") -> str:
    return "\x00" * len(match[0])


def _blank(match: "re.Match[str]") -> str:
    return " " + "\x00" * (len(match[0]) - 1)


def _character(match: "re.Match[str]") -> str:
    """Return the character that an HTML entity stands for; what stands for none is left as it is."""
    character = fold(unescape(match[0])).text
    return character + "\x00" * (len(match[0]) - 1) if len(character) == 1 else match[0]


@lru_cache(maxsize=4)
def _converter(name: str) -> Any:
    from opencc import OpenCC  # late: loading it takes 0.08 s, and who only reads a file needs none of it

    return OpenCC(name)


def simplified(text: str) -> str:
    """Return a text in Simplified characters, all else as it stands.

    >>> simplified("ＰＵＥ 節電"), traditional("节电")
    ('ＰＵＥ 节电', '節電')
    """
    converted: str = _converter("t2s").convert(text)
    return converted


def traditional(text: str) -> str:
    """Return a text in Traditional characters; where one has several, the one that OpenCC finds most likely."""
    converted: str = _converter("s2t").convert(text)
    return converted


def taiwanese(text: str) -> str:
    """Return a Simplified text in Traditional characters and Taiwan's words.

    >>> taiwanese("软件"), mainland("軟體")
    ('軟體', '软件')
    """
    converted: str = _converter("s2twp").convert(text)
    return converted


def mainland(text: str) -> str:
    """Return a Traditional text in Simplified characters and the mainland's words."""
    converted: str = _converter("tw2sp").convert(text)
    return converted


# Every extractor reads the same blocks of a report, so each is folded once: remembering the last 4,096 short texts
# (some 8 MB) makes extraction of the seeds a third faster.
_SHORT = 2000
_remembered = lru_cache(maxsize=4096)(_compact)
