"""Cells: what a table says about a number by where it stands, its row's name, its column's name, its unit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kg.extraction.flat import flat_cells
from kg.lexicon import Lexicon
from kg.model import Span
from kg.quantities import grammar
from kg.reading.blocks import Block, Document
from kg.reading.folding import compact
from kg.units import CODE, Measure, units
from kg.vocabulary import Vocabulary

_NUMBER = re.compile(
    r"[^\w]*\d[\d,. ]*(?:%? ?[-~] ?\d[\d,.]*)?[^\w]*"
)  # a cell that holds a number and signs, no words
_YEAR = re.compile(r"\W*(?:19|20)\d{2}\u5e74?\W*")
_DASHES = re.compile(r"[-/.\\\s\u00b7]*")
_SHORT = 24  # folded characters of a cell that holds a number with its unit and little else
_BRACKETS = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
_TAIL = re.compile(r"[,:/|] ?([^,:|]+)$")


@dataclass(frozen=True, slots=True)
class Cell:
    """A stretch that is read on its own.

    ``label`` names the row of a short cell; of a bare number, ``unit`` is the unit that its row or column give it;
    ``header`` is its column's name.
    """

    span: Span
    header: Span | None = None
    label: Span | None = None
    unit: Measure | None = None
    is_number: bool = False


def cells(document: Document, block: Block, vocabulary: Vocabulary) -> Iterator[Cell]:
    """Yield the cells of a row that are its own, or the whole of another block."""
    if block.kind != "row":
        flat = flat_cells(document, block, units(vocabulary)) if block.kind == "paragraph" else []
        yield from [Cell(c.span, c.header, c.label, c.unit, True) for c in flat] or [Cell(block.span)]
        return
    if block.is_header:
        return
    row = [_kind(document, cell, vocabulary) if cell else "" for cell in block.cells]
    column, seen = _unit_column(document, block, vocabulary), set()
    for i, span in enumerate(block.cells):
        if span and span not in seen and block.span.start <= span.start and span.end <= block.span.end:
            seen.add(span)
            header = block.header[i] if i < len(block.header) else None
            label = _label(block, row[:i], column)
            if row[i] == "number":
                given = block.cells[column] if column is not None and column < len(block.cells) else None
                yield Cell(span, header, label, _unit_of(document, (header, given, label), vocabulary), True)
            else:
                short = len(compact(document.text(span)).text) <= _SHORT
                dated = label is not None and _YEAR.fullmatch(document.text(label)) is not None
                yield Cell(span, header, label if short or dated else None)


def _unit_of(document: Document, sources: tuple[Span | None, ...], vocabulary: Vocabulary) -> Measure | None:
    """Return the unit that a column's name, the cell of units or a row's name give, the first that gives one."""
    found = (_unit(document, source, vocabulary, i == 1) for i, source in enumerate(sources) if source)
    return next((unit for unit in found if unit), None)


def _label(block: Block, before: list[str], column: int | None) -> Span | None:
    """Return the cell that names a row: the last of those before that hold no amount, else the last with words."""
    for kinds in (("name",), ("name", "amount")):
        for i in range(len(before) - 1, -1, -1):
            if before[i] in kinds and i != column:
                return block.cells[i]
    return None


def _kind(document: Document, span: Span, vocabulary: Vocabulary) -> str:
    """Return what a cell is: a bare ``number``, words with an ``amount``, or a ``name``."""
    if _is_number(document, span):
        return "number"
    if _is_empty(document, span, vocabulary):
        return "empty"
    text = compact(document.text(span)).text
    return "amount" if any(q.measure for q in grammar(vocabulary).find(text)) else "name"


def _is_empty(document: Document, span: Span, vocabulary: Vocabulary) -> bool:
    """Say whether a cell holds a dash or a word such as "not available"."""
    text = compact(document.text(span)).text.strip()
    word = _empty_words(vocabulary).at(text, 0)
    return _DASHES.fullmatch(text) is not None or (word is not None and word.end == len(text))


def _is_number(document: Document, span: Span) -> bool:
    """Say whether a cell is a bare number and no year."""
    text = compact(document.text(span)).text
    return _NUMBER.fullmatch(text) is not None and _YEAR.fullmatch(text) is None


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
    found = [unit for unit in map(known.read, stretches) if unit]
    return next((unit for unit in found if not (unit.counts and text.isascii())), None)


@lru_cache(maxsize=4)
def _empty_words(vocabulary: Vocabulary) -> Lexicon:
    return Lexicon([vocabulary.concept(f"{CODE}cue-empty-cell")])


@lru_cache(maxsize=4)
def _unit_words(vocabulary: Vocabulary) -> Lexicon:
    return Lexicon([vocabulary.concept(f"{CODE}cue-unit-column")])
