"""Cells: what a table says about a number by where it stands, its row's name, its column's name, its unit."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache

from kg.extraction.numbers.flat import flat_cells
from kg.grammar.unit_names import unit_names
from kg.lexicon import Lexicon
from kg.model import Span
from kg.quantities import Quantity, grammar
from kg.reading.blocks import Block, Document
from kg.reading.folding import HAN, compact
from kg.units import CODE, UNIT, Measure
from kg.vocabulary import Matcher, Vocabulary

_NUMBER = re.compile(
    r"[^\w]*\d[\d,. ]*(?:%? ?[-~] ?\d[\d,.]*)?[^\w]*"
)  # a cell that holds a number and signs, no words
_YEAR = re.compile(rf"\W*(?:19|20)\d{{2}}[{HAN}]?\W*")
_ACCOUNT = re.compile(r"\W*\([^()]{2,}\)\W*")  # "(1,234)" is below zero, "(1)" a footnote
_DASHES = re.compile(r"[-/.\\\s\u00b7]*")
_LITTLE = 2  # folded characters beside the quantity of a cell that holds nothing else
_SHORT = 24  # folded characters of a cell that holds a number with its unit and little else
_BRACKETS = re.compile(r"[(\[\uff08]([^()\[\]\uff08\uff09]+)[)\]\uff09]")
_TAIL = re.compile(r"(?:[,:|\uff0c\uff1a] ?| / |(?:^|[ \n])in )([^,:|\uff0c\uff1a]+)$")
_AMOUNT = re.compile(r"\W*\d")
_PAGE = re.compile(r"\d{1,3}")
_CONTENTS, _AROUND = 4, 40  # rows of a table of contents at least; rows above and below that are looked at
_ROWS = 100  # rows below the line that gives a table's unit
_CAPTION = 80  # characters of a line above a table that gives its unit

Sources = tuple[Span | None, Span | None, Span | None]  # a column's name, the cell of units, a row's name


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
        flat = flat_cells(document, block, unit_names(vocabulary)) if block.kind == "paragraph" else []
        units = [None if _is_ratio(document, cell.label, vocabulary) else cell.unit for cell in flat]
        cut = [Cell(c.span, c.header, c.label, unit, True) for c, unit in zip(flat, units, strict=True)]
        yield from cut or [Cell(block.span)]
        return
    if block.is_header or _is_contents(document, block):
        return
    row = [_kind(document, cell, vocabulary) if cell else "" for cell in block.cells]
    column, seen = _unit_column(document, block, vocabulary), set()
    above = cache(lambda: _above(document, block, vocabulary))  # once a row: it looks at many lines
    for i, span in enumerate(block.cells):
        names_unit = i == column and span is not None and unit_names(vocabulary).read(document.text(span)) is not None
        if (
            span
            and not names_unit
            and span not in seen
            and block.span.start <= span.start
            and span.end <= block.span.end
        ):
            seen.add(span)
            header = block.header[i] if i < len(block.header) else None
            if header and _is_pages(document, header, vocabulary):
                continue
            label = _label(block, row[:i], column)
            if row[i] == "number":
                given = block.cells[column] if column is not None and column < len(block.cells) else None
                yield Cell(span, header, label, _unit_of(document, (header, given, label), above, vocabulary), True)
            else:
                short = len(compact(document.text(span)).text) <= _SHORT
                dated = label is not None and _YEAR.fullmatch(document.text(label)) is not None
                yield Cell(span, header, label if short or dated else None)


def _is_contents(document: Document, block: Block) -> bool:
    """Say whether a row belongs to a table of contents: names with numbers of pages that never fall."""
    if _page(document, block) is None:
        return False
    i = bisect_left(document.blocks, block.span.start, key=_start)
    first, last = i, i + 1
    while first > max(0, i - _AROUND) and _page(document, document.blocks[first - 1]) is not None:
        first -= 1
    while last < min(len(document.blocks), i + _AROUND) and _page(document, document.blocks[last]) is not None:
        last += 1
    pages = [_page(document, other) or 0 for other in document.blocks[first:last]]
    return len(pages) >= _CONTENTS and pages == sorted(pages)


def _page(document: Document, block: Block) -> int | None:
    """Return the number of a row that holds a name and a number of up to three digits, without a header."""
    if block.kind != "row" or block.header or len(block.cells) != 2 or None in block.cells:
        return None
    name, number = (document.text(cell) for cell in block.cells if cell)
    return int(number) if _PAGE.fullmatch(number) and not _PAGE.fullmatch(name) else None


def in_cell(quantity: Quantity, cell: Cell, text: str) -> Quantity:
    """Return the number of a cell with the unit of its row or column; an accountant's brackets are a minus."""
    if quantity.low > 0 and _ACCOUNT.fullmatch(text):
        quantity = quantity.scaled_by(Decimal(-1))
    if quantity.measure or cell.unit is None:
        return quantity
    measure = replace(cell.unit, start=quantity.last, end=quantity.last)
    return replace(quantity.scaled_by(cell.unit.factor), measure=measure, scale=cell.unit.factor)


def _unit_of(
    document: Document, sources: Sources, above: Callable[[], Measure | None], vocabulary: Vocabulary
) -> Measure | None:
    """Return the unit that a column's name, the cell of units or a row's name give, the first that gives one."""
    found = (_unit(document, source, vocabulary, i == 1) for i, source in enumerate(sources) if source)
    own = _share_of_column(document, sources[0], vocabulary) or next((unit for unit in found if unit), None)
    names = (name for name in (sources[0], sources[-1]) if name)
    if own or any(_is_ratio(document, name, vocabulary) for name in names):
        return own
    return above()


def _share_of_column(document: Document, header: Span | None, vocabulary: Vocabulary) -> Measure | None:
    """Return the per cent that a column's name begins or ends with ("% change"), whatever the rows are measured in."""
    text = document.report.text
    share = header is not None and "%" in (text[: header.start].rstrip(" ")[-1:], text[header.end - 1])
    return unit_names(vocabulary).read("%") if share else None


def _label(block: Block, before: list[str], column: int | None) -> Span | None:
    """Return the cell that names a row: the last of those before that hold no amount, else the last with words."""
    for kinds in (("name",), ("name", "amount")):
        for i in range(len(before) - 1, -1, -1):
            if before[i] in kinds and i != column:
                return block.cells[i]
    return None


def _kind(document: Document, span: Span, vocabulary: Vocabulary) -> str:
    """Return what a cell is: a bare ``number``, a ``value`` with its unit, words with an ``amount``, or a ``name``."""
    if _is_number(document, span):
        return "number"
    if _is_empty(document, span, vocabulary):
        return "empty"
    text = compact(document.text(span)).text
    found = [quantity for quantity in grammar(vocabulary).find(text) if quantity.measure]
    whole = any(len(text) - (quantity.end - quantity.start) <= _LITTLE for quantity in found)
    return "value" if whole else "amount" if found else "name"


def _is_empty(document: Document, span: Span, vocabulary: Vocabulary) -> bool:
    """Say whether a cell holds a dash or a word such as "not available"."""
    text = compact(document.text(span)).text.strip()
    word = _empty_words(vocabulary).at(text, 0)
    return _DASHES.fullmatch(text) is not None or (word is not None and word.end == len(text))


def _is_number(document: Document, span: Span) -> bool:
    """Say whether a cell is a bare number and no year."""
    text = compact(document.text(span)).text
    return _NUMBER.fullmatch(text) is not None and _YEAR.fullmatch(text) is None


def _is_pages(document: Document, header: Span, vocabulary: Vocabulary) -> bool:
    """Say whether a column holds the pages of a report on which something stands."""
    name = compact(document.text(header)).text.strip()
    word = _page_words(vocabulary).at(name, 0)
    return word is not None and word.end == len(name)


def _unit_column(document: Document, block: Block, vocabulary: Vocabulary) -> int | None:
    """Return which column gives the unit of each row: the one that says so, or without a header a cell that does."""
    for i, header in enumerate(block.header):
        name = compact(document.text(header)).text.strip() if header else ""
        word = _unit_words(vocabulary).at(name, 0)
        if word and word.end == len(name):
            return i
    if block.header:
        return None
    named = unit_names(vocabulary)
    numbers = {cell for cell in block.cells[1:] if cell and _is_number(document, cell)}
    words = ((i, document.text(cell)) for i, cell in enumerate(block.cells) if i and cell and cell not in numbers)
    words = ((i, text) for i, text in words if numbers or not _AMOUNT.match(text))  # "12,400 t" alone is an amount
    return next((i for i, text in words if named.read(text)), None)


def _unit(document: Document, span: Span, vocabulary: Vocabulary, whole: bool) -> Measure | None:
    """Read a unit from a cell that holds nothing else, or from the brackets or the end of a name."""
    written, known = document.text(span), unit_names(vocabulary)
    if whole:
        return known.read(written)
    tail = _TAIL.search(written)
    each = _BRACKETS.search(written)
    if each and (divided := known.divided(each[1], written[: each.start()])):
        return divided
    stretches = [*reversed(_BRACKETS.findall(written)), *([tail[1]] if tail else [])]
    found = [unit for unit in map(known.read, stretches) if unit]
    return next((u for u in found if not (u.counts and u.factor == 1 and written.isascii())), None)


def _above(document: Document, block: Block, vocabulary: Vocabulary) -> Measure | None:
    """Return the unit that a row across the table, its corner or the line right above it gives to its numbers."""
    corner = block.header[0] if block.header else None
    i = first = bisect_left(document.blocks, block.span.start, key=_start)
    while i > max(0, first - _ROWS) and document.blocks[i].kind == "row":
        headed = document.blocks[i].is_header
        i -= 1
        if headed and document.blocks[i].kind == "row":
            return _of_caption(document, corner, vocabulary) if corner else None  # another table ends there
        across = _across(document.blocks[i])
        if across:
            return _of_caption(document, across, vocabulary)
    found = _of_caption(document, corner, vocabulary) if corner else None
    line = document.blocks[i] if document.blocks else block
    return found or (_of_caption(document, line.span, vocabulary) if line.kind != "row" else None)


def _across(block: Block) -> Span | None:
    """Return the words of a row that has a name and nothing else: a title of the rows below it."""
    cells = [cell for cell in block.cells if cell] if block.kind == "row" and len(block.cells) > 1 else []
    return cells[0] if len(cells) == 1 and cells[0] is block.cells[0] and not block.is_header else None


def _of_caption(document: Document, span: Span, vocabulary: Vocabulary) -> Measure | None:
    """Read "Unit: GWh", "HK$'000", "Energy consumption (GWh)" where they stand over numbers."""
    line = document.text(span)
    if len(line) > _CAPTION:
        return None
    return unit_names(vocabulary).below(line) or _unit(document, span, vocabulary, False)


def _start(block: Block) -> int:
    return block.span.start


def _is_ratio(document: Document, name: Span, vocabulary: Vocabulary) -> bool:
    return bool(_ratio_names(vocabulary).find_folded(compact(document.text(name))))


@lru_cache(maxsize=4)
def _ratio_names(vocabulary: Vocabulary) -> Matcher:
    """Return the names of ratios such as PUE, which have no unit even in a table of energy."""
    return Matcher(c for c in vocabulary.of_type("Metric") if c.value("canonicalUnit") == f"{UNIT}ratio")


@lru_cache(maxsize=4)
def _empty_words(vocabulary: Vocabulary) -> Lexicon:
    return Lexicon([vocabulary.concept(f"{CODE}cue-empty-cell")])


@lru_cache(maxsize=4)
def _unit_words(vocabulary: Vocabulary) -> Lexicon:
    return Lexicon([vocabulary.concept(f"{CODE}cue-unit-column")])


@lru_cache(maxsize=4)
def _page_words(vocabulary: Vocabulary) -> Lexicon:
    return Lexicon([vocabulary.concept(f"{CODE}cue-page-column")])
