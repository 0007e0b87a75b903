"""Cells: what a table says about a number by where it stands, its row's name, its column's name, its unit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kg.lexicon import Lexicon
from kg.model import Span
from kg.reading.blocks import Block, Document
from kg.reading.folding import compact
from kg.units import CODE, Measure, units
from kg.vocabulary import Vocabulary

_NUMBER = re.compile(
    r"[^\w]*\d[\d,. ]*(?:%? ?[-~] ?\d[\d,.]*)?[^\w]*"
)  # a cell that holds a number and signs, no words
_BRACKETS = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
_TAIL = re.compile(r"[,:/|] ?([^,:|]+)$")


@dataclass(frozen=True, slots=True)
class Cell:
    """A stretch that is read on its own.

    Of a cell that is a bare number, ``label`` names its row and ``unit`` is the unit that row or column give it;
    ``header`` is its column's name; ``index`` counts the bare numbers of the row up to this one.
    """

    span: Span
    header: Span | None = None
    label: Span | None = None
    unit: Measure | None = None
    is_number: bool = False
    index: int = 0


def cells(document: Document, block: Block, vocabulary: Vocabulary) -> Iterator[Cell]:
    """Yield the cells of a row that are its own, or the whole of another block."""
    if block.kind != "row":
        yield Cell(block.span)
        return
    if block.is_header:
        return
    seen = set()
    for i, span in enumerate(block.cells):
        if span and span not in seen and block.span.start <= span.start and span.end <= block.span.end:
            seen.add(span)
            yield _cell(document, block, i, span, vocabulary)


def _cell(document: Document, block: Block, i: int, span: Span, vocabulary: Vocabulary) -> Cell:
    header = block.header[i] if i < len(block.header) else None
    if not _is_number(document, span):
        return Cell(span, header)
    column = _unit_column(document, block, vocabulary)
    before = [cell for j, cell in enumerate(block.cells[:i]) if cell and j != column and not _is_number(document, cell)]
    label = before[-1] if before else None
    sources = [block.cells[column] if column is not None and column < len(block.cells) else None, label, header]
    found = (_unit(document, source, vocabulary, whole=n == 0) for n, source in enumerate(sources) if source)
    return Cell(span, header, label, next((unit for unit in found if unit), None), True, _rank(document, block, i))


def _rank(document: Document, block: Block, i: int) -> int:
    """Return how many numbers of its row stand up to a cell, itself counted."""
    return sum(1 for cell in block.cells[: i + 1] if cell and _is_number(document, cell))


def _is_number(document: Document, span: Span) -> bool:
    return _NUMBER.fullmatch(compact(document.text(span)).text) is not None


def _unit_column(document: Document, block: Block, vocabulary: Vocabulary) -> int | None:
    """Return which column gives the unit of each row."""
    for i, header in enumerate(block.header):
        name = compact(document.text(header)).text.strip() if header else ""
        word = _unit_words(vocabulary).at(name, 0)
        if word and word.end == len(name):
            return i
    return None


def _unit(document: Document, span: Span, vocabulary: Vocabulary, whole: bool) -> Measure | None:
    """Read a unit from a cell that holds nothing else, or from the brackets or the end of a name."""
    text, known = compact(document.text(span)).text, units(vocabulary)
    if whole:
        return known.read(text)
    tail = _TAIL.search(text)
    stretches = [*reversed(_BRACKETS.findall(text)), *([tail[1]] if tail else [])]
    return next((unit for unit in map(known.read, stretches) if unit), None)


@lru_cache(maxsize=4)
def _unit_words(vocabulary: Vocabulary) -> Lexicon:
    return Lexicon([vocabulary.concept(f"{CODE}cue-unit-column")])
