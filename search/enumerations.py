"""Enumerations: the members of "such as A, B and C" in running text, and of lists with a member a block."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from kg.model import Span
from kg.reading.blocks import Block, Document
from kg.reading.folding import Folded, compact, fold
from kg.vocabulary import Vocabulary

_PARTS = re.compile(r"[^,\u3002:!?\t]+")  # of a folded text: what stands between commas, stops and table cells
_MARKS = ' \t\n*#\u00b7\u2022\u25c6-\u201c\u201d\u300c\u300d"\uff1b;\u3002'
_SPACES = re.compile(r"\s*\n\s*")
FEWEST = 3  # members that make a list
LONGEST = 40  # characters of a member; longer ones are sentences
BEFORE = 60  # characters before an enumeration that say what it lists


@dataclass(frozen=True, slots=True)
class Enumeration:
    """Members in the order of the text, and the text around them.

    ``marked`` says whether the text itself announces a list: by a word such as "namely", or by bullets.
    """

    members: tuple[str, ...]
    around: str
    marked: bool


def enumerations(document: Document, within: Span, vocabulary: Vocabulary) -> Iterator[Enumeration]:
    """Yield the enumerations of the part of a document that lies within a span.

    >>> from kg.model import Report
    >>> from kg.reading.blocks import read_blocks
    >>> from kg.settings import resource
    >>> text = "多種方案，如智慧物流、智慧交通、智慧照明等，助力減排。"
    >>> document = read_blocks(Report("r", text, "zh-Hant", "c", 2020, {}, ""))
    >>> words = Vocabulary.load(resource("ontology"))
    >>> [found.members for found in enumerations(document, Span(0, len(text)), words)]
    [('智慧物流', '智慧交通', '智慧照明')]
    """
    blocks = [block for block in document.blocks if block.span.overlaps(within)]
    for block in blocks:
        yield from _in_running_text(document.text(block.span), vocabulary)
    yield from _of_blocks(document, blocks)


def _in_running_text(text: str, vocabulary: Vocabulary) -> Iterator[Enumeration]:
    folded = compact(text)
    separator = re.compile("|".join(map(re.escape, _cues(vocabulary, "separator"))) or "(?!)")
    for part in _PARTS.finditer(folded.text):
        found = list(separator.finditer(folded.text, *part.span()))
        if len(found) + 1 < FEWEST:
            continue
        stops = [part.start(), *(place for match in found for place in match.span()), part.end()]
        places = list(zip(stops[::2], stops[1::2], strict=True))
        opened = _opened(folded.text, *places[0], vocabulary)
        places[0] = (opened or places[0][0], places[0][1])
        members = tuple(_members(text, folded, places, vocabulary))
        if len(members) >= FEWEST:
            place = folded.span(*part.span())
            yield Enumeration(members, text[max(0, place.start - BEFORE) : place.end], opened > 0)


def _opened(text: str, start: int, end: int, vocabulary: Vocabulary) -> int:
    """Return where the word ends that opens an enumeration, 0 where there is none."""
    found = ((text.rfind(word, start, end), word) for word in _cues(vocabulary, "opener"))
    return max((at + len(word) for at, word in found if at >= 0), default=0)


def _members(text: str, folded: Folded, places: list[tuple[int, int]], vocabulary: Vocabulary) -> Iterator[str]:
    last, stop = places[-1]
    closers = [at for word in _cues(vocabulary, "closer") if (at := folded.text.find(word, last + 1, stop)) > 0]
    for start, end in [*places[:-1], (last, min(closers, default=stop))]:
        if start < end:
            member = _SPACES.sub("", folded.span(start, end).of(text)).strip(_MARKS)
            if 1 < len(member) <= LONGEST:
                yield member


@lru_cache(maxsize=8)
def _cues(vocabulary: Vocabulary, role: str) -> Sequence[str]:
    """Return the folded words that open, close or separate an enumeration; Latin ones are too common to be cues."""
    cues = (cue for cue in vocabulary.of_type("EnumerationCue") if role in cue.values("asks"))
    words = {fold(label.text).text for cue in cues for label in cue.labels if label.language != "en"}
    return sorted(words, key=len, reverse=True)


def _of_blocks(document: Document, blocks: Sequence[Block]) -> Iterator[Enumeration]:
    """Yield runs of list items, and of short lines, under one heading."""
    kinds = [(block, _kind(document, block)) for block in blocks]
    for (kind, headings), run in groupby(kinds, key=lambda pair: (pair[1], pair[0].headings)):
        members = [_SPACES.sub(" ", document.text(block.span)).strip(_MARKS) for block, _ in run]
        if kind and len(members) >= FEWEST:
            above = " ".join(document.text(heading) for heading in headings)
            yield Enumeration(tuple(members), f"{above} {' '.join(members)}", kind == "item")


def _kind(document: Document, block: Block) -> str:
    """Return ``item``, ``line`` for a short block without a stop, or nothing."""
    if block.kind == "item":
        return "item"
    words = document.text(block.span).strip(_MARKS)
    short = 3 < len(words) <= LONGEST // 2 and not re.search(r"[\u3002\uff0c\d\n]|[\uff1a:]$", words)
    return "line" if short and block.kind in ("paragraph", "heading") else ""
