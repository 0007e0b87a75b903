"""Putting lines together again that a page has broken."""

import re
from collections.abc import Container, Sequence

from kg.importing.paper import Run
from kg.reading.folding import HAN

_WIDE = rf"{HAN}\u3000-\u303f\uff00-\uff60\u201c\u201d\u2014\u2026"
_WIDE_LAST = re.compile(rf"[{_WIDE}]\Z")
_WIDE_FIRST = re.compile(rf"[{_WIDE}]")
_LAST_WORD = re.compile(r"([^\W\d_]+)-\Z")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_BULLET = "\u2022\u00b7\u25cf\u25c6\u25cb\u25aa\u25e6\u25a0\u27a2\u2023\uf06c\uf0b7\uf0a7\uf0d8\uf075"
BULLET = re.compile(rf"(?:[{_BULLET}]|[-\u2013*](?=\s))\s*")


def joint(before: str, after: str, known: Container[str] = ()) -> tuple[str, str]:
    """Return a line's words as they are before the next line's, and what stands between the two.

    A hyphen at the end goes where the whole word is ``known`` from elsewhere in the text, and stays where its halves
    are.

    >>> joint("sustain-", "able use"), joint("low-", "carbon", {"low", "carbon"}), joint("节能", "降碳")
    (('sustain', ''), ('low-', ''), ('节能', ''))
    """
    last, first = _LAST_WORD.search(before), _FIRST_WORD.match(after)
    if last and first and first.group()[0].islower():
        one, other = last[1].lower(), first.group().lower()
        halves = one in known and other in known
        kept = one + other not in known and halves
        return (before if kept else before[:-1]), ""
    if before.endswith(("-", "/")) and first:
        return before, ""
    return before, "" if _WIDE_LAST.search(before) or _WIDE_FIRST.match(after) else " "


def words_of(runs: Sequence[Run]) -> str:
    """Return the words of a cell, its lines joined; points of a list in it get the mark ``*``."""
    text = ""
    for run in sorted(runs, key=lambda run: (run.box.middle, run.box.left)):
        point = BULLET.match(run.words)
        words = f"* {run.words[point.end() :]}" if point else run.words
        if text:
            text, between = (text, " ") if point else joint(text, words)
            text += between
        text += words
    return text
