"""Flat tables: lines of a paragraph whose columns only blanks keep apart, below a line that ends in years."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg.grammar.unit_names import UnitNames
from kg.model import Span
from kg.reading.blocks import Block, Document
from kg.units import Measure

_NUMBER = r"[<>~\u2264\u2265-]?\d[\d,]*(?:\.\d+)?%?"
_ROW = re.compile(rf"(?P<name>\S.*?)(?P<numbers>(?:[ \t]+{_NUMBER}){{2,}})[ \t]*")
_YEARS = re.compile(r"(?:(?:^|[ \t]+)(?:FY ?)?(?:19|20)\d{2}[^\s\d]?){2,}[ \t]*$", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_WORD = re.compile(r"\S+")
_DATED = re.compile(rf"(?P<year>(?:FY ?)?(?:19|20)\d{{2}})[:\uff1a]?[ \t]+(?P<number>{_NUMBER})", re.IGNORECASE)
_TAIL = re.compile(r"(?:, ?(?:in )?| in )([^,]+?)[ \t]*$")
_LONGEST = 3  # words of a unit such as "tonnes of CO2e"


@dataclass(frozen=True, slots=True)
class FlatCell:
    """A number of a flat table with the name and unit of its row and the year of its column."""

    span: Span
    header: Span
    label: Span
    unit: Measure | None


def flat_cells(document: Document, block: Block, units: UnitNames) -> list[FlatCell]:
    """Return the numbers of a paragraph that is a flat table, nothing if it is none."""
    if not _YEAR.search(document.text(block.span)):
        return []  # no column is of a year: nine in ten paragraphs
    found: list[FlatCell] = []
    years: list[Span] = []
    caption: tuple[Span, Measure | None] | None = None
    for line in _lines(document, block):
        text = document.text(line)
        header, dated = _YEARS.search(text), _DATED.fullmatch(text)
        if header:
            years = [_at(line, m.start() + header.start(), m.end() + header.start()) for m in _WORD.finditer(header[0])]
            unit = _unit(text[: header.start()].rstrip(), units)[1]
            caption = (line, unit) if unit else caption
        elif dated and caption:
            found.append(FlatCell(_at(line, *dated.span("number")), _at(line, *dated.span("year")), *caption))
        elif years and (row := list(_row(text, line, years, units))):
            found.extend(replace(cell, unit=cell.unit or (caption and caption[1])) for cell in row)
        else:
            unit = units.read(tail[1]) if (tail := _TAIL.search(text)) else _unit(text, units)[1]
            caption = (line, unit) if unit and not unit.counts else None
    return found


def _lines(document: Document, block: Block) -> Iterator[Span]:
    for match in re.finditer(r"[^\n]*\S[^\n]*", document.text(block.span)):
        yield _at(block.span, match.start(), match.end())


def _row(text: str, line: Span, years: list[Span], units: UnitNames) -> Iterator[FlatCell]:
    """Yield the numbers of a line that has one for each year."""
    row = _ROW.fullmatch(text)
    numbers = list(_WORD.finditer(text, row.start("numbers"))) if row else []
    if row is None or not 0 <= len(numbers) - len(years) <= 1:
        return
    numbers = numbers[-len(years) :]  # "Scope 1  12.9  11.2": the first number may be part of the name
    end, unit = _unit(text[: numbers[0].start()].rstrip(), units)
    for number, year in zip(numbers, years, strict=True):
        yield FlatCell(_at(line, number.start(), number.end()), year, _at(line, 0, end), unit)


def _unit(name: str, units: UnitNames) -> tuple[int, Measure | None]:
    """Return where a row's name ends, and the unit in its last words."""
    words = list(_WORD.finditer(name))
    for count in range(min(_LONGEST, len(words) - 1), 0, -1):
        unit = units.read(name[words[-count].start() :])
        if unit:
            return words[-count - 1].end(), unit
    bracket = re.search(r"[(\uff08]([^()\uff08\uff09]+)[)\uff09]\s*$", name)
    return len(name), units.read(bracket[1]) if bracket else None


def _at(span: Span, start: int, end: int) -> Span:
    return Span(span.start + start, span.start + end)
