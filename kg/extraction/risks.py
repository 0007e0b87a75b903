"""Risks and opportunities: rows of risk tables, tables that a PDF flattened to lines, and titled paragraphs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from kg.extraction.anchors import fact_iri_at
from kg.extraction.risk_words import OPPORTUNITY, RISK, RiskWords, risk_words
from kg.model import Fact, Opportunity, Report, Risk, Span
from kg.reading.blocks import Block, Document
from kg.reading.tables import points, trimmed
from kg.vocabulary import Concept, Vocabulary

QUOTE_LENGTH = 400  # characters; a longer description is cut after a sentence (the seeds' longest has 133)
SHORTEST = 8  # characters of a description; less is a cell with a dash or a cross-reference
_MARKS = re.compile(r"(?:[\s#*>\u25a0\u25c6\u25cf\u2022\u00b7-]|\(?\d{1,2}[.)\u3001\uff09]|</?\w+[^<>]*>)*")
_AFTER_TITLE = re.compile(r"(?:\*\*)?\s*(?:[:\uff1a\u2014\u2013-]+|\n)\s*(?:\*\*)?\s*")
_SENTENCE_END = re.compile(r"[\u3002\uff01\uff1f]|[.!?](?=\s)")
_CELL_MARKUP = re.compile(r"\*\*|<[^<>]*>|\s+")


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


def extract(document: Document, vocabulary: Vocabulary) -> Iterator[Fact]:
    """Yield the risks and opportunities of a document."""
    words = risk_words(vocabulary)
    found = chain(_table_rows(document, words), _flattened(document, words), _titled(document, words))
    seen: set[Span] = set()
    for row in found:
        categories = _categories(document, words, row)
        if categories and row.statement not in seen:
            seen.add(row.statement)
            yield _fact(document.report, row, categories)


def _fact(report: Report, row: Found, categories: tuple[Concept, ...]) -> Fact:
    name = row.names[-1]
    spans = [("name", name), *(("impact", span) for span in row.impacts)]
    spans += [(role, span) for role, span in (("level", row.level), ("horizon", row.horizon)) if span]
    return (Opportunity if row.kind == OPPORTUNITY else Risk)(
        iri=fact_iri_at(report, "risk", row.statement),
        report=report.id,
        company=report.company,
        quote=row.statement,
        spans=tuple(spans),
        defaulted=("company",),
        confidence=0.95,
        categories=tuple(concept.iri for concept in categories),
        name=_CELL_MARKUP.sub(" ", name.of(report.text)).strip(),
        level=row.level and row.level.of(report.text),
        horizon=row.horizon and row.horizon.of(report.text),
        responses=row.responses,
    )


def _categories(document: Document, words: RiskWords, row: Found) -> tuple[Concept, ...]:
    """Return the categories that the innermost name names; else those its description hints at."""
    names = [document.text(name) for name in row.names]
    for name in reversed(names):
        named = words.categories(name, row.kind)
        if named:
            return named
    groups = [group for name in names for group in words.groups(name, row.kind)]
    return words.guess(f"{' '.join(names)} {document.text(row.statement)}", row.kind, groups)


# --- tables


def _table_rows(document: Document, words: RiskWords) -> Iterator[Found]:
    """Yield the rows of tables whose header has a category or a risk, and what it does or what is done about it."""
    for header, rows in _tables(document):
        roles = [cell and words.role(document.text(cell)) for cell in header]
        if not {"category", "subcategory", "description"} & set(roles):
            continue
        if len({"response", "impact", "level", "horizon", "description"} & set(roles)) < 1:
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


def _is_named(document: Document, words: RiskWords, row: Found) -> bool:
    names = [document.text(name) for name in row.names]
    return any(words.categories(name, row.kind) or words.groups(name, row.kind) for name in names)


def _row(document: Document, words: RiskWords, block: Block, roles: Sequence[str | None], title: str) -> Found | None:
    """Take a row apart by the roles of its columns."""
    cells: dict[str, list[Span]] = {}
    for role, cell in zip(roles, block.cells, strict=False):
        if role and cell:
            cells.setdefault(role, []).append(cell)
    names = (*cells.get("category", ()), *cells.get("subcategory", ()))
    told = cells.get("description") or cells.get("subcategory", ())[-1:] or cells.get("impact", ())
    statement = _statement(document.report.text, told[0]) if told else None
    if not names or statement is None:
        return None
    if not cells.get("description") and len(names) > 1 and told[0] in names:
        names = tuple(name for name in names if name != told[0])
    return Found(
        _kind(document, words, names, title),
        names,
        statement,
        tuple(point for cell in cells.get("response", ()) for point in points(document.report.text, cell)),
        next(iter(cells.get("level", ())), None),
        next(iter(cells.get("horizon", ())), None),
        tuple(cells.get("impact", ())) if cells.get("description") else (),
    )


def _kind(document: Document, words: RiskWords, names: Sequence[Span], title: str) -> str:
    """Return whether a row is a risk or an opportunity: its own names say so, else the table's header."""
    own = " ".join(document.text(name) for name in names)
    for text in (own, title):
        kinds = words.kinds(text)
        if len(kinds) == 1:
            return kinds.pop()
    return OPPORTUNITY if words.categories(own, OPPORTUNITY) and not words.categories(own, RISK) else RISK


def _statement(text: str, cell: Span) -> Span | None:
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


def _flattened(document: Document, words: RiskWords) -> Iterator[Found]:
    """Yield the rows of tables that stand as paragraphs: a line of column names, then title, text, measures."""
    blocks = document.blocks
    for i, block in enumerate(blocks):
        if block.kind in ("paragraph", "heading", "figure") and _names_columns(document, words, block):
            yield from _flat_rows(document, words, blocks[i + 1 :], document.text(block.span))


def _names_columns(document: Document, words: RiskWords, block: Block) -> bool:
    names = document.text(block.span).split()
    if not 2 <= len(names) <= 12 or block.span.end - block.span.start > 160:
        return False
    roles = {words.role(name) for name in names}
    return None not in roles and "response" in roles and bool(roles & {"category", "description", "subcategory"})


def _flat_rows(document: Document, words: RiskWords, blocks: Sequence[Block], title: str) -> Iterator[Found]:
    """Cut blocks into rows, each beginning with the name of a category."""
    names: list[Span] = []
    body: list[Span] = []
    for block in blocks:
        name, rest = _split_title(document, words, block)
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
    statement = _statement(document.report.text, body[0]) if names and body else None
    if statement:
        yield Found(_kind(document, words, names, title), tuple(names), statement, tuple(body[1:]))


def _split_title(document: Document, words: RiskWords, block: Block) -> tuple[Span | None, Span | None]:
    """Split a block into the category that its first line names, and the rest."""
    text, start = document.report.text, block.span.start
    start = match.end() if (match := _MARKS.match(text, start, block.span.end)) else start
    line_end = text.find("\n", start, block.span.end)
    line_end = block.span.end if line_end < 0 else line_end
    if line_end - start <= 40 and words.is_title(text[start:line_end]):
        return trimmed(text, start, line_end), trimmed(text, line_end, block.span.end)
    return None, block.span


# --- paragraphs under or after the name of a category


def _titled(document: Document, words: RiskWords) -> Iterator[Found]:
    """Yield paragraphs that begin with a category and a colon, or stand under a heading that is a category."""
    text, blocks = document.report.text, document.blocks
    for i, block in enumerate(blocks):
        if block.kind == "row":
            continue
        name, rest = _title_of(document, words, block)
        if name is None:
            continue
        below = _below(document, words, blocks[i + 1 :])
        told = rest or (below.pop(0) if below and block.kind == "heading" else None)
        statement = _statement(text, told) if told else None
        if statement:
            kind = _kind(document, words, (name,), " ".join(document.text(heading) for heading in block.headings))
            yield Found(kind, (name,), statement, tuple(_responses(document, words, told, below)))


def _title_of(document: Document, words: RiskWords, block: Block) -> tuple[Span | None, Span | None]:
    text = document.report.text
    marks = _MARKS.match(text, block.span.start, block.span.end)
    start = marks.end() if marks else block.span.start
    title = words.title(text[start : min(block.span.end, start + 80)])
    if title is None or not title.concept.notation or not words.kinds(title.label):
        return None, None
    name = Span(start, start + title.end)
    if block.kind == "heading":
        return (name, None) if block.span.end - name.end <= 2 else (None, None)
    after = _AFTER_TITLE.match(text, name.end, block.span.end)
    return (name, trimmed(text, after.end(), block.span.end)) if after else (None, None)


def _below(document: Document, words: RiskWords, blocks: Sequence[Block]) -> list[Span]:
    """Return the paragraphs and items right below, up to the next heading, table or title of a category."""
    below = []
    for block in blocks[:6]:
        if block.kind in ("heading", "row") or _title_of(document, words, block)[0]:
            break
        below.append(block.span)
    return below


def _responses(document: Document, words: RiskWords, told: Span | None, below: Sequence[Span]) -> Iterator[Span]:
    """Yield what follows a word such as "Response:" in the paragraphs below."""
    text = document.report.text
    for span in below:
        start = marks.end() if (marks := _MARKS.match(text, span.start, span.end)) else span.start
        colon = re.compile("[:\uff1a]").search(text, start, min(span.end, start + 24))
        if colon and words.role(text[start : colon.start()]) == "response":
            rest = trimmed(text, colon.end(), span.end)
            if rest:
                yield rest
