"""Flat tables: lines of a paragraph whose columns only blanks keep apart, below a line that ends in years."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.model import Span
from kg.reading.blocks import Block, Document
from kg.reading.folding import compact
from kg.units import Measure, Units

_NUMBER = r"[<>~\u2264\u2265-]?\d[\d,]*(?:\.\d+)?%?"
_ROW = re.compile(rf"(?P<name>\S.*?)(?P<numbers>(?:[ \t]+{_NUMBER}){{2,}})[ \t]*")
_YEARS = re.compile(r"(?:(?:^|[ \t]+)(?:FY ?)?(?:19|20)\d{2}[^\s\d]?){2,}[ \t]*$", re.IGNORECASE)
_WORD = re.compile(r"\S+")
_LONGEST = 3  # words of a unit such as "tonnes of CO2e"


@dataclass(frozen=True, slots=True)
class FlatCell:
    """A number of a flat table with the name and unit of its row and the year of its column."""

    span: Span
    header: Span
    label: Span
    unit: Measure | None


def flat_cells(document: Document, block: Block, units: Units) -> list[FlatCell]:
    """Return the numbers of a paragraph that is a flat table, nothing if it is none."""
    lines = list(_lines(document, block))
    found: list[FlatCell] = []
    years: list[Span] = []
    for line in lines:
        text = document.text(line)
        header = _YEARS.search(text)
        if header:
            years = [_at(line, m.start() + header.start(), m.end() + header.start()) for m in _WORD.finditer(header[0])]
        elif years:
            found.extend(_row(text, line, years, units))
    return found


def _lines(document: Document, block: Block) -> Iterator[Span]:
    for match in re.finditer(r"[^\n]*\S[^\n]*", document.text(block.span)):
        yield _at(block.span, match.start(), match.end())


def _row(text: str, line: Span, years: list[Span], units: Units) -> Iterator[FlatCell]:
    """Yield the numbers of a line that has one for each year."""
    row = _ROW.fullmatch(text)
    numbers = list(_WORD.finditer(text, row.start("numbers"))) if row else []
    if row is None or len(numbers) != len(years):
        return
    end, unit = _unit(row["name"], units)
    for number, year in zip(numbers, years, strict=True):
        yield FlatCell(_at(line, number.start(), number.end()), year, _at(line, 0, end), unit)


def _unit(name: str, units: Units) -> tuple[int, Measure | None]:
    """Return where a row's name ends, and the unit in its last words."""
    words = list(_WORD.finditer(name))
    for count in range(min(_LONGEST, len(words) - 1), 0, -1):
        unit = units.read(compact(name[words[-count].start() :]).text)
        if unit:
            return words[-count - 1].end(), unit
    bracket = re.search(r"[(\uff08]([^()\uff08\uff09]+)[)\uff09]\s*$", name)
    return len(name), units.read(compact(bracket[1]).text) if bracket else None


def _at(span: Span, start: int, end: int) -> Span:
    return Span(span.start + start, span.start + end)
