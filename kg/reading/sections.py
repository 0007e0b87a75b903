"""The headings of a report, found by how lines look; no word of any report is known here."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.model import Span
from kg.reading.folding import HAN

# A heading is at most 64 columns wide (32 Han characters): of the marked headings of the five seeds the longest has 58.
WIDTH = 64
# A plain line is a heading only above a list, a table or running text: a line too wide for a heading, or a sentence of
# at least 40 columns (narrow columns of an infographic have lines of 24 to 36 in the seeds).
SENTENCE_WIDTH = 40
MARKDOWN_LEVELS = 6

_MARKDOWN = re.compile(r" {0,3}(#{1,6})[ \t]+(?=\S)")
_BOLD = re.compile(r"\*\*([^*]+)\*\*[ \t]*")
_BULLET = r"[-*+\u2022\u00b7\u25cf\u25c6\u25cb\u25aa\u2013\u2014](?!\*)"
_LIST = re.compile(rf"[ \t]*(?:{_BULLET}|[(\uff08]?\d{{1,2}}[).\u3001\uff09](?!\d)|[\u2460-\u2473])")
_NUMBERED = re.compile(r"[\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]{1,3}[\u3001.]")
_NUMBERED_BELOW = re.compile(
    r"[(\uff08][\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]{1,3}[)\uff09]|\d{1,2}(?:\.\d{1,2})+(?=\s)"
)
# Reference marks, geometric shapes, arrows and emoji that stand before a heading; list bullets are not among them.
_SIGN = re.compile(
    "[\u203b\u00a7\u25a0\u25a1\u25b6\u25b7\u25bc\u2605\u2606\u2726\u2729\u27a4\U0001f300-\U0001faff]\ufe0f?[ \t]*"
)
_ENDS = re.compile(r"[\u3002\uff0c\u3001\uff1b;,.!?\uff01\uff1f\uff1a:\u2026]$")
_WORD = re.compile(rf"[A-Za-z{HAN}]")
# "20%", "**1.5 m**", "1.2 million tonnes": a number is no heading
_FIGURE = re.compile(r"[\W\d]*\d[\d,.]*(?:\s*(?:%|\S{0,3})\W*|\+?(?: [a-z]+){1,2}(?: CO2e?)?)$")
_STOPS = re.compile(r"[\u3002.!?\uff01\uff1f\uff1b;:\uff1a\u201d\u300d\"*>)\uff09]$")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading's words, without its marks; ``level`` 1 is outermost."""

    span: Span
    level: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: where it stands (without its line break), and its words without blanks around them."""

    start: int
    end: int
    words: str
    gap: bool

    @property
    def width(self) -> int:
        """Columns on paper: two for each character outside Latin scripts."""
        return width(self.words)


@lru_cache(maxsize=1024)  # a line's width is asked for five times; more lines than one report has are not kept
def width(words: str) -> int:
    """Return the columns of words on paper: two for each character outside Latin scripts.

    >>> width("PUE 值")
    6
    """
    return len(words) + sum(map("\u2e80".__le__, words))  # four times as fast as a generator


@lru_cache(maxsize=1)  # headings and blocks are both made of the lines of one report
def lines(text: str) -> tuple[Line, ...]:
    r"""Return the lines that are not blank; ``gap`` says whether a blank line stands before.

    >>> [(line.start, line.end, line.gap) for line in lines("a\n\nb c \n")]
    [(0, 1, True), (3, 7, True)]
    """
    found, start, gap = [], 0, True
    for raw in text.split("\n"):
        words = raw.strip()
        if words:
            found.append(Line(start, start + len(raw), words, gap))
        gap = not words
        start += len(raw) + 1
    return tuple(found)


def headings(text: str) -> list[Heading]:
    r"""Return the headings of a text in reading order.

    Markdown's ``#`` give the levels 1 to 6. Below them, the style of heading that comes first in the text (plain,
    numbered, with a sign) is taken for the outermost, as in reStructuredText.

    >>> text = "# 白皮书\n\n## 目标\n\n到2025年，大型数据中心平均电能利用效率降至1.3以下，绿色电力占比超过一半。\n"
    >>> [(h.level, h.span.of(text)) for h in headings(text)]
    [(1, '白皮书'), (2, '目标')]
    """
    styles = list(_styles(text, lines(text)))
    marks = list(dict.fromkeys(mark for mark, _ in styles if not mark.startswith("#")))
    ranks = {mark: MARKDOWN_LEVELS + 1 + i for i, mark in enumerate(marks)}
    found = [Heading(span, ranks.get(mark, len(mark))) for mark, span in styles]
    levels: dict[str, set[int]] = {}
    for heading in found:
        levels.setdefault(heading.span.of(text), set()).add(heading.level)
    # The same words at two levels are the running title of a page, read once as this and once as that.
    return [heading for heading in found if len(levels[heading.span.of(text)]) == 1]


def is_list_item(line: Line) -> bool:
    """Say whether a line starts with a bullet or a list number."""
    return bool(_LIST.match(line.words))


def is_row(text: str, line: Line) -> bool:
    """Say whether a line is a table row: cells between tabs or bars."""
    raw = text[line.start : line.end].strip(" ")
    barred = raw.count("|") > 1 if raw.startswith("|") else raw.count(" | ") > 1
    return "\t" in raw.strip() or barred or raw.endswith("\t")


def _styles(text: str, found: Sequence[Line]) -> Iterator[tuple[str, Span]]:
    """Yield the style and the words of each heading."""
    for i, line in enumerate(found):
        markdown = _MARKDOWN.match(text, line.start, line.end)
        if markdown and _WORD.search(text, markdown.end(), line.end):
            yield markdown[1], _title(text, markdown.end(), line.end)
        elif style := _mark(line) or ("plain" if _is_plain(text, found, i) else ""):
            yield style, _title(text, line.start, line.end)


def _mark(line: Line) -> str:
    """Return the style that a line's own mark announces, a sign or a section number; empty where there is none."""
    if "\t" in line.words or not _could_be_title(line):
        return ""
    if _SIGN.match(line.words):
        return line.words[0] if line.words[0] < "\U0001f000" else "emoji"
    if line.gap and _NUMBERED.match(line.words):
        return "numbered"
    return "numbered below" if line.gap and _NUMBERED_BELOW.match(line.words) else ""


def _is_plain(text: str, found: Sequence[Line], i: int) -> bool:
    """Say whether an unmarked short line is a heading: alone between blanks, above running text, a list or a table."""
    line, below = found[i], found[i + 1] if i + 1 < len(found) else None
    gap = line.gap or text[line.start] == " "  # a blank at the start of a line is where a page began
    if below is None or not (gap and below.gap) or not _could_be_title(line):
        return False
    if is_row(text, line) or is_list_item(line) or line.words.startswith(("<", "http")):
        return False
    if is_row(text, below) or is_list_item(below):
        return True
    if below.width <= WIDTH and not (below.width >= SENTENCE_WIDTH and _ENDS.search(below.words)):
        return False
    return not (i and _continues(text, found[i - 1], line))


def _continues(text: str, above: Line, line: Line) -> bool:
    """Say whether a line looks like the tail of a sentence that was wrapped over at most one blank line."""
    near = text.count("\n", above.end, line.start) <= 2
    return near and above.width > max(line.width, WIDTH // 2) and not ends_block(text, above)


def ends_block(text: str, line: Line) -> bool:
    """Say whether a line ends with a sentence or is a table row, so that the next line does not continue it."""
    return bool(_STOPS.search(line.words)) or is_row(text, line)


def _could_be_title(line: Line) -> bool:
    words = line.words
    return bool(line.width <= WIDTH and _WORD.search(words) and not _ENDS.search(words) and not _FIGURE.match(words))


def _title(text: str, start: int, end: int) -> Span:
    """Return the span of a title without blanks around it, its sign, and the ``**`` of a title that is all bold."""
    raw = text[start:end]
    start, end = start + len(raw) - len(raw.lstrip()), start + len(raw.rstrip())
    sign = _SIGN.match(text, start, end)
    if sign and sign.end() < end:
        start = sign.end()
    bold = _BOLD.fullmatch(text, start, end)
    return Span(bold.start(1), bold.end(1)) if bold else Span(start, end)
