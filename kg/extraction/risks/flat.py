"""Risk tables that a PDF flattened to lines: a line of column names and paragraphs below, or one cell a line."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise, takewhile

from kg.extraction.risks.found import MARKS, Found, kind_of, measures, statement_of
from kg.extraction.risks.ratings import Rating, rating_words
from kg.extraction.risks.words import RiskWords
from kg.model import Span
from kg.reading.blocks import Block, Document
from kg.reading.tables import trimmed

TITLE_LENGTH = 40  # characters of a line that can be the name of a category or of a column
COLUMNS = 12  # of a table at most
ROWS = 60  # lines below a header that are looked at, times its columns
_WIDE = re.compile(r"\S+(?: \S+)*")
_WORDS = re.compile(r"\S+")
_STOP = re.compile("[\u3002.;\uff1b!?\uff01\uff1f]$")


@dataclass(frozen=True, slots=True)
class Flat:
    """A flattened table: where it stands, and its rows."""

    span: Span
    rows: tuple[Found, ...]


def flattened(document: Document, words: RiskWords) -> Iterator[Flat]:
    """Yield the tables that stand as paragraphs."""
    blocks = document.blocks
    end = 0
    for i, block in enumerate(blocks):
        if block.kind == "row" or block.span.start < end:
            continue
        flat = None
        if _names_columns(document, words, block):
            flat = _rows_on_lines(document, words, block, blocks[i + 1 :])
            title = document.text(block.span)
            flat = flat or Flat(block.span, tuple(_flat_rows(document, words, blocks[i + 1 :], title)))
        elif _begins_columns(document, words, block):
            flat = _cells_on_lines(document, words, blocks[i:])
        if flat and flat.rows:
            end = flat.span.end
            yield flat


# --- a header on one line, cells as paragraphs


def _names_columns(document: Document, words: RiskWords, block: Block) -> bool:
    if block.span.end - block.span.start > 4 * TITLE_LENGTH:
        return False
    names = document.text(block.span).split()
    if not 2 <= len(names) <= COLUMNS:
        return False
    roles = set(takewhile(bool, map(words.role, names)))  # most blocks end at their first word
    return len(roles) > 1 and None not in map(words.role, names) and _are_columns(roles)


def _are_columns(roles: Set[str | None]) -> bool:
    return "response" in roles and not roles.isdisjoint({"category", "description", "subcategory"})


def _flat_rows(document: Document, words: RiskWords, blocks: Sequence[Block], title: str) -> Iterator[Found]:
    """Cut blocks into rows, each beginning with the name of a category."""
    names: list[Span] = []
    body: list[Span] = []
    for block in blocks:
        name, rest = split_title(document, words, block)
        if name is None and (block.kind in ("heading", "row") or not names):
            break
        if name and body:
            yield from _flat_row(document, words, names, body, title)
            names, body = [], []
        if name:
            names.append(name)
        if rest:
            body.append(rest)
    yield from _flat_row(document, words, names, body, title)


def _flat_row(
    document: Document, words: RiskWords, names: Sequence[Span], body: Sequence[Span], title: str
) -> Iterator[Found]:
    statement = statement_of(document.report.text, body[0]) if names and body else None
    if statement:
        kind = kind_of(words, [document.text(name) for name in names], [title])
        yield Found(kind, tuple(names), statement, tuple(body[1:]))


def split_title(document: Document, words: RiskWords, block: Block) -> tuple[Span | None, Span | None]:
    """Split a block into the category that its first line names, and the rest."""
    text, start = document.report.text, block.span.start
    start = match.end() if (match := MARKS.match(text, start, block.span.end)) else start
    line_end = text.find("\n", start, block.span.end)
    line_end = block.span.end if line_end < 0 else line_end
    if line_end - start <= TITLE_LENGTH and words.is_title(text[start:line_end]):
        return trimmed(text, start, line_end), trimmed(text, line_end, block.span.end)
    return None, block.span


# --- a row a line, cells between blanks


def _rows_on_lines(document: Document, words: RiskWords, header: Block, blocks: Sequence[Block]) -> Flat | None:
    """Read rows whose cells stand between blanks, as many as the header has names."""
    text, title = document.report.text, document.text(header.span)
    roles = [words.role(name) or "" for name in title.split()]
    found: list[Found] = []
    group: list[Span] = []
    end, strange = header.span.end, 0
    for line in _lines(text, blocks, ROWS):
        cells = _cells_between_blanks(text, line, len(roles))
        if cells and words.title_sort(cells[0].of(text)):
            row = _line_row(text, words, [*group, cells[0]], dict(zip(roles[1:], cells[1:], strict=True)), title)
            found, end, strange = [*found, *([row] if row else [])], line.end, 0
        elif _sort(text, words, line) in ("group", "root"):
            group = [line]
        elif (strange := strange + 1) > 2:
            break
    return Flat(Span(header.span.start, end), tuple(found)) if found else None


def _cells_between_blanks(text: str, line: Span, columns: int) -> list[Span]:
    """Return the cells of a line, cut at wide blanks or at any, where there are as many as columns."""
    for blanks in (_WIDE, _WORDS):
        cells = [Span(line.start + m.start(), line.start + m.end()) for m in blanks.finditer(line.of(text))]
        if len(cells) == columns:
            return cells
    return []


# --- one cell a line


def _lines(text: str, blocks: Sequence[Block], most: int) -> list[Span]:
    """Return the lines of blocks up to the next table, at most so many."""
    found: list[Span] = []
    for block in blocks:
        if block.kind == "row" or len(found) > most:
            break
        start = block.span.start
        for line in block.span.of(text).split("\n"):
            if span := trimmed(text, start, start + len(line)):
                found.append(span)
            start += len(line) + 1
    return found


def _column(words: RiskWords, line: str) -> str | None:
    return words.role(line) if len(line) <= TITLE_LENGTH else None


def _begins_columns(document: Document, words: RiskWords, block: Block) -> bool:
    text = document.report.text
    end = text.find("\n", block.span.start, block.span.end)
    line = text[block.span.start : block.span.end if end < 0 else end].strip()
    return _column(words, line) in ("category", "subcategory")


def _cells_on_lines(document: Document, words: RiskWords, blocks: Sequence[Block]) -> Flat | None:
    """Read a table whose cells stand one a line: the names of its columns, then rows that begin with a category."""
    text = document.report.text
    roles: list[str] = []
    for line in _lines(text, blocks, COLUMNS)[:COLUMNS]:
        role = _column(words, line.of(text))
        if role is None or (roles and words.title_sort(line.of(text)) == "category"):
            break
        roles.append(role)
    if len(roles) < 3 or not {"response", "effect", "impact", "description"} & set(roles):
        return None
    lines = _lines(text, blocks, ROWS * COLUMNS)
    title, below = text[lines[0].start : lines[len(roles) - 1].end], lines[len(roles) :]
    rows = list(_line_rows(text, words, below, roles[_surplus(text, words, below, len(roles)) :], title))
    ends = [span.end for row in rows for span in (row.statement, *row.responses, *row.impacts)]
    return Flat(Span(lines[0].start, max(ends)), tuple(rows)) if rows else None


def _surplus(text: str, words: RiskWords, lines: Sequence[Span], columns: int) -> int:
    """Return how many of the names above are of no column ("Climate risks" above them all), by the rows' length."""
    starts = [i for i, line in enumerate(lines) if _sort(text, words, line) == "category"]
    gaps = sorted(b - a for a, b in pairwise(starts))
    usual = gaps[len(gaps) // 2] if gaps else columns
    return columns - usual if 3 <= usual < columns else 0


def _sort(text: str, words: RiskWords, line: Span) -> str:
    return words.title_sort(line.of(text)) if _length(line) <= TITLE_LENGTH else ""


def _line_rows(text: str, words: RiskWords, lines: Sequence[Span], roles: Sequence[str], title: str) -> Iterator[Found]:
    """Yield the rows, each from a line that names a category to the next such line."""
    sorts = [_sort(text, words, line) for line in lines]
    starts = [i for i, sort in enumerate(sorts) if sort == "category"]
    group: list[Span] = []
    if not starts or not all(sorts[: starts[0]]):
        return
    for i, start in enumerate(starts):
        group = [lines[start - 1]] if start and sorts[start - 1] == "group" else group
        last = i + 1 == len(starts)
        stop = start + len(roles) if last else starts[i + 1]
        body = [line for line, sort in zip(lines[start + 1 : stop], sorts[start + 1 : stop], strict=True) if not sort]
        parts = _assigned(text, words, body, roles[1:])
        if parts is None and not last:
            return  # the lines do not fit the columns
        found = _line_row(text, words, [*group, lines[start]], parts or {}, title)
        if found:
            yield found


def _assigned(text: str, words: RiskWords, lines: Sequence[Span], roles: Sequence[str]) -> dict[str, Span] | None:
    """Give each column its lines, in order; a level or a horizon is known when seen, a wrapped cell goes on."""
    rating, left, found = rating_words(words.vocabulary), list(lines), dict[str, Span]()
    for i, role in enumerate(roles):
        if not left:
            break
        fits = {"level": rating.is_level, "likelihood": rating.is_level, "horizon": rating.is_horizon}.get(role)
        if fits and not fits(left[0].of(text)):
            continue
        cell = left.pop(0)
        while not fits and len(left) > len(roles) - i - 1 and not _STOP.search(cell.of(text)):
            cell = Span(cell.start, left.pop(0).end)
        found.setdefault(role, cell)
    return None if len(left) > len(roles) else found


def _line_row(text: str, words: RiskWords, names: Sequence[Span], parts: dict[str, Span], title: str) -> Found | None:
    told = next((parts[role] for role in ("description", "subcategory", "effect", "impact") if role in parts), None)
    statement = statement_of(text, told) if told else None
    if told is None or statement is None or words.defines(statement.of(text)):
        return None
    impacts = [parts[role] for role in ("effect", "impact") if role in parts and parts[role] != told]
    return Found(
        kind_of(words, [name.of(text) for name in names], [title]),
        tuple(names),
        statement,
        tuple(measures(text, parts["response"])) if "response" in parts else (),
        Rating(parts.get("level") or parts.get("likelihood"), parts.get("horizon")),
        tuple(point for cell in impacts for point in measures(text, cell)),
    )


def _length(span: Span) -> int:
    return span.end - span.start
