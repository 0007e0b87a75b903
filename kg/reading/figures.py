"""Infographics: a number on a line of its own, with its caption on the lines before or after."""

import re
from collections.abc import Sequence

from kg.reading.sections import Line

WIDTH = 44  # columns; captions in the seeds have 36 at most
_WORD = "[^\\d\n\uff0c\u3001\u3002\uff1b\uff1a:;]{0,12}?"
_NUMBER = re.compile(rf"{_WORD}\d[\d,.]*(?:\s*[~\u2014\uff5e-]\s*\d[\d,.]*)?\s*{_WORD}\d?")
_ENGLISH = re.compile(r"[^\w\s]{0,2}\d[\d,.]*\+?(?: [a-z]+){1,2}(?: CO2e?)?")  # "1.37 million tonnes CO2e"
_YEAR = re.compile(r"\W*(?:19|20)\d\d\W*(?:\u5e74\S{0,3})?")
_PAGE = re.compile(r"\W*\d{1,2}\W*(?<!%)")
_GENERATION = re.compile(r"\d(?:/\d)?G(?![a-z])", re.IGNORECASE)  # of mobile networks
_NUMBERING = re.compile(r"\(?\d{1,2}(?:[.\u3001)\uff09]\s*\D|\s+\S{3,})")
_STOP = re.compile("[\u3002\uff1b;!?\uff01\uff1f:\uff1a]$|[\u3002\uff0c].*[\u3002\uff0c]")


def is_number(words: str) -> bool:
    """Say whether a line is one number with its unit and perhaps a word before it.

    >>> [is_number(words) for words in ("3,400 億元", "**PUE < 1.3**", "2020 年", "01 社会责任", "80% 大型、超大型")]
    [True, True, False, False, False]
    """
    plain = _GENERATION.sub("G", words.replace("**", "")).strip()
    wordy = _ENGLISH.fullmatch(plain) is not None
    if len(plain) > WIDTH // 2 and not wordy:
        return False
    if _YEAR.fullmatch(plain) or _NUMBERING.match(plain) or _PAGE.fullmatch(plain):
        return False
    return wordy or bool(_NUMBER.fullmatch(plain))


def figures(found: Sequence[Line], blanks: Sequence[int]) -> list[tuple[int, int]]:
    """Group lines into figures: ``(first, last + 1)`` indices of lines.

    ``found`` are text lines that follow each other; ``blanks[i]`` is how many blank lines stand before line ``i``.
    """
    groups = []
    for first, last in _runs(found, blanks):
        chunks = _chunks(blanks, first, last)
        groups.extend(_paired([(a, b, _sort(found, a, b)) for a, b in chunks]))
    return groups


def _runs(found: Sequence[Line], blanks: Sequence[int]) -> list[tuple[int, int]]:
    """Return stretches of short lines with at most one blank line between them."""
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for i, line in enumerate(found):
        short = line.width <= WIDTH and not _STOP.search(line.words)
        if start is not None and (not short or blanks[i] > 1):
            runs.append((start, i))
            start = None
        if short and start is None:
            start = i
    if start is not None:
        runs.append((start, len(found)))
    return runs


def _chunks(blanks: Sequence[int], first: int, last: int) -> list[tuple[int, int]]:
    cuts = [i for i in range(first + 1, last) if blanks[i]]
    return list(zip([first, *cuts], [*cuts, last], strict=True))


def _sort(found: Sequence[Line], first: int, last: int) -> str:
    """Return ``number``, ``caption``, ``both`` (a number with its caption) or ``other`` for a chunk of lines."""
    numbers = sum(is_number(line.words) for line in found[first:last])
    if numbers == 0:
        named = any(character.isalpha() for character in found[first].words)
        return "caption" if named and last - first <= 3 else "other"
    if last - first == 1:
        return "number"
    at_edge = is_number(found[first].words) or is_number(found[last - 1].words)
    return "both" if numbers == 1 and at_edge and last - first <= 4 else "other"


def _paired(chunks: list[tuple[int, int, str]]) -> list[tuple[int, int]]:
    """Pair number chunks with captions: all follow their number or all stand before it, as the run begins."""
    sorts = [sort for _, _, sort in chunks]
    groups = [(a, b) for a, b, sort in chunks if sort == "both"]
    leads = next((sort for sort in sorts if sort in ("number", "caption")), None)
    wanted = (leads, "caption" if leads == "number" else "number")
    i = 0
    while i + 1 < len(chunks):
        if (sorts[i], sorts[i + 1]) == wanted:
            groups.append((chunks[i][0], chunks[i + 1][1]))
            i += 1
        i += 1
    return sorted(groups)
