"""Rows of risk tables, and of tables that a PDF flattened to lines; columns are known by their names alone."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extraction.risk_words import OPPORTUNITY, RISK, RiskWords
from kg.model import Span
from kg.reading.blocks import Block, Document
from kg.reading.tables import points, trimmed

CONFIDENCE = 0.95  # every row of the gold is found with its category, and no other; twenty rows of the seeds were read
QUOTE_LENGTH = 400  # characters; a longer description is cut after a sentence (the seeds' longest has 133)
SHORTEST = 4  # characters of a description in a cell; less is a dash or a cross-reference
TITLE_LENGTH = 40  # characters of a line that can be the name of a category
MARKS = re.compile(r"(?:[\s#*>\u25a0\u25c6\u25cf\u2022\u00b7-]|\(?\d{1,2}[.)\u3001\uff09]|</?\w+[^<>]*>)*")
_SEMICOLON = re.compile("[;\uff1b]")
_SENTENCE_END = re.compile(r"[\u3002\uff01\uff1f]|[.!?](?=\s)")


@dataclass(frozen=True, slots=True)
class Found:
    """A row or paragraph taken apart: what it is about, what it says, what is done."""

    kind: str
    names: tuple[Span, ...]
    statement: Span
    responses: tuple[Span, ...] = ()
    level: Span | None = None
    horizon: Span | None = None
    impacts: tuple[Span, ...] = ()
    confidence: float = CONFIDENCE


def table_rows(document: Document, words: RiskWords) -> Iterator[Found]:
    """Yield the rows of tables whose header has a category or a risk, and what it does or what is done about it."""
    for header, rows in _tables(document):
        roles = _roles(document, words, header)
        if not {"category", "subcategory", "description"} & set(roles):
            continue
        if len(set(roles) - {None}) < 2:
            continue
        title = " ".join(document.text(cell) for cell in header if cell)
        found = [row for row in (_row(document, words, block, roles, title) for block in rows) if row]
        if any(_is_named(document, words, row) for row in found):
            yield from found


def _tables(document: Document) -> Iterator[tuple[tuple[Span | None, ...], list[Block]]]:
    """Yield tables with a header: the header and the rows below it."""
    rows: list[Block] = []
    for block in (*document.blocks, None):
        if rows and (block is None or block.header != rows[0].header or block.is_header):
            yield rows[0].header, rows
            rows = []
        if block is not None and block.kind == "row" and block.header and not block.is_header:
            rows.append(block)


def _roles(document: Document, words: RiskWords, header: Sequence[Span | None]) -> list[str | None]:
    """Return what each column holds; one without a name beside a column of names holds names too."""
    roles: list[str | None] = []
    for cell in header:
        beside = roles[-1] if roles else None
        unnamed = "subcategory" if beside in ("category", "subcategory") else None
        roles.append(words.role(document.text(cell)) if cell else unnamed)
    return roles


def _is_named(document: Document, words: RiskWords, row: Found) -> bool:
    names = [document.text(name) for name in row.names]
    return any(words.categories(name, row.kind) or words.groups(name, row.kind) for name in names)


def _row(document: Document, words: RiskWords, block: Block, roles: Sequence[str | None], title: str) -> Found | None:
    """Take a row apart by the roles of its columns."""
    cells: dict[str, list[Span]] = {}
    for role, cell in zip(roles, block.cells, strict=False):
        if role and cell:
            # A column headed "risks and opportunities" may hold descriptions or the names of groups.
            named = role == "description" and words.is_title(document.text(cell))
            level = role == "impact" and words.is_level(document.text(cell))
            cells.setdefault("category" if named else "level" if level else role, []).append(cell)
    names = [*cells.get("category", []), *cells.get("subcategory", [])]
    told = _told(cells, names)
    statement = statement_of(document.report.text, told) if told else None
    if not names or statement is None:
        return None
    return Found(
        kind_of(document, words, names, title),
        tuple(name for name in names if name != told or len(names) == 1),
        statement,
        tuple(point for cell in cells.get("response", []) for point in measures(document.report.text, cell)),
        next(iter(cells.get("level", [])), None),
        next(iter(cells.get("horizon", [])), None),
        tuple(cell for role in ("effect", "impact") for cell in cells.get(role, []) if cell != told),
    )


def measures(text: str, cell: Span) -> Iterator[Span]:
    """Yield the measures of a cell or a paragraph: its list points, cut at semicolons."""
    for point in points(text, cell):
        cuts = [mark.span() for mark in _SEMICOLON.finditer(text, point.start, point.end)]
        starts, ends = [point.start, *(end for _, end in cuts)], [*(start for start, _ in cuts), point.end]
        found = (trimmed(text, start, end) for start, end in zip(starts, ends, strict=True))
        yield from (part for part in found if part and re.search(r"\w", part.of(text)))


def _told(cells: dict[str, list[Span]], names: Sequence[Span]) -> Span | None:
    """Return the cell that says what the risk is: a description, a name that is a sentence, or an impact."""
    if cells.get("description"):
        return max(cells["description"], key=_length)
    longest = max([*names, *cells.get("effect", [])], key=_length, default=None)
    impacts = cells.get("impact", [])
    return impacts[0] if impacts and (longest is None or _length(longest) < 2 * SHORTEST) else longest


def _length(span: Span) -> int:
    return span.end - span.start


def kind_of(document: Document, words: RiskWords, names: Sequence[Span], title: str) -> str:
    """Return whether a row is a risk or an opportunity: its own names say so, else the table's header."""
    own = " ".join(document.text(name) for name in names)
    for text in (own, title):
        kinds = words.kinds(text)
        if len(kinds) == 1:
            return kinds.pop()
    return OPPORTUNITY if words.categories(own, OPPORTUNITY) and not words.categories(own, RISK) else RISK


def statement_of(text: str, cell: Span) -> Span | None:
    """Return what a cell says, without list marks; cut after a sentence where it is very long."""
    parts = points(text, cell)
    if not parts or parts[-1].end - parts[0].start < SHORTEST:
        return None
    start, end = parts[0].start, parts[-1].end
    if end - start > QUOTE_LENGTH:
        stop = _SENTENCE_END.search(text, start + SHORTEST, start + QUOTE_LENGTH)
        end = stop.end() if stop else start + QUOTE_LENGTH
    return Span(start, end)


# --- tables that lost their columns


def flattened(document: Document, words: RiskWords) -> Iterator[Found]:
    """Yield the rows of tables that stand as paragraphs: a line of column names, then title, text, measures."""
    blocks = document.blocks
    for i, block in enumerate(blocks):
        if block.kind in ("paragraph", "heading", "figure") and _names_columns(document, words, block):
            yield from _flat_rows(document, words, blocks[i + 1 :], document.text(block.span))


def _names_columns(document: Document, words: RiskWords, block: Block) -> bool:
    if _length(block.span) > 4 * TITLE_LENGTH:
        return False
    names = document.text(block.span).split()
    if not 2 <= len(names) <= 12:
        return False
    roles = {words.role(name) for name in names}
    return None not in roles and "response" in roles and bool(roles & {"category", "description", "subcategory"})


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
        yield Found(kind_of(document, words, names, title), tuple(names), statement, tuple(body[1:]))


def split_title(document: Document, words: RiskWords, block: Block) -> tuple[Span | None, Span | None]:
    """Split a block into the category that its first line names, and the rest."""
    text, start = document.report.text, block.span.start
    start = match.end() if (match := MARKS.match(text, start, block.span.end)) else start
    line_end = text.find("\n", start, block.span.end)
    line_end = block.span.end if line_end < 0 else line_end
    if line_end - start <= TITLE_LENGTH and words.is_title(text[start:line_end]):
        return trimmed(text, start, line_end), trimmed(text, line_end, block.span.end)
    return None, block.span
