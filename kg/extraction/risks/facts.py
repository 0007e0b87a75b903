"""Risks and opportunities: rows of risk tables, tables that a PDF flattened to lines, and titled paragraphs."""

import re
from collections.abc import Iterator

from kg.extraction.anchors import fact_iri_at
from kg.extraction.risks.chapters import chapters
from kg.extraction.risks.flat import flattened
from kg.extraction.risks.found import Found, width
from kg.extraction.risks.sections import told
from kg.extraction.risks.tables import table_rows
from kg.extraction.risks.words import OPPORTUNITY, RiskWords, risk_words
from kg.model import Fact, Opportunity, Risk, Span
from kg.reading.blocks import Document
from kg.vocabulary import Concept, Vocabulary

NAME_WIDTH = 80  # columns on paper of a name, two for a Han character
_TITLE = re.compile(r"([^:\uff1a\u3002\n]{2,48})[:\uff1a]")  # "Technology: ..." at the start of a statement
_CLAUSE = re.compile(r"\s*((?:[^,\uff0c;\uff1b]|,(?=\d)){6,})")
_CELL_MARKUP = re.compile(r"\*\*|<[^<>]*>|\s+")


def extract(document: Document, vocabulary: Vocabulary) -> Iterator[Fact]:
    """Yield the risks and opportunities of a document."""
    words = risk_words(vocabulary)
    seen: set[Span] = set()
    for row in _found(document, words):
        categories = _categories(document, words, row)
        if categories and not any(row.statement.overlaps(other) for other in seen):
            seen.add(row.statement)
            yield _fact(document, words, row, categories)


def _found(document: Document, words: RiskWords) -> Iterator[Found]:
    """Yield the rows of tables, of flattened ones, then what is told outside them."""
    spoken = list(chapters(document, words))
    yield from table_rows(document, words, spoken)
    flat = list(flattened(document, words))
    for table in flat:
        yield from table.rows
    yield from told(document, words, spoken, [table.span for table in flat])


def _fact(document: Document, words: RiskWords, row: Found, categories: tuple[Concept, ...]) -> Fact:
    report = document.report
    name = _name(document, words, row)
    spans = [("name", name), *(("impact", span) for span in row.impacts)]
    rating = row.rating
    spans += [(role, span) for role, span in (("level", rating.level), ("horizon", rating.horizon)) if span]
    return (Opportunity if row.kind == OPPORTUNITY else Risk)(
        iri=fact_iri_at(report, "risk", row.statement),
        report=report.id,
        company=report.company,
        quote=row.statement,
        spans=tuple(spans),
        defaulted=("company",),
        confidence=row.confidence,
        categories=tuple(concept.iri for concept in categories),
        name=_words(document, name) or "",
        level=_words(document, rating.level),
        horizon=_words(document, rating.horizon),
        responses=row.responses,
    )


def _words(document: Document, span: Span | None) -> str | None:
    """Return the words under a span without markup and line breaks."""
    return _CELL_MARKUP.sub(" ", document.text(span)).strip() if span else None


def _name(document: Document, words: RiskWords, row: Found) -> Span:
    """Return the innermost name, unless it is too long for one and another names a category.

    A statement without any is named by its first clause that hints at a category.
    """
    if not row.names:
        clauses = _CLAUSE.finditer(document.report.text, row.statement.start, row.statement.end)
        telling = (clause for clause in clauses if words.guess(clause[1], row.kind, ()))
        return next((Span(*clause.span(1)) for clause in telling), row.statement)
    named = (name for name in reversed(row.names) if words.categories(document.text(name), row.kind))
    inner = row.names[-1]
    return inner if width(document.text(inner)) <= NAME_WIDTH else next(named, inner)


def _categories(document: Document, words: RiskWords, row: Found) -> tuple[Concept, ...]:
    """Return the categories that the text itself gives, or that the innermost name names; else those hinted at."""
    names = [document.text(name) for name in row.names]
    if row.sort and (given := words.categories(document.text(row.sort), row.kind)):
        return given
    statement = document.text(row.statement)
    title = _TITLE.match(statement)
    for name in (*reversed(names), *([title[1]] if title else [])):
        if named := words.named(name, row.kind):
            return named
    groups = [group for name in names for group in words.groups(name, row.kind)]
    inner = words.guess(names[-1], row.kind, groups) if names else ()
    return inner if len(inner) == 1 else words.guess(f"{' '.join(names)} {statement}", row.kind, groups)
