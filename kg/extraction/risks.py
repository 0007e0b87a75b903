"""Risks and opportunities: rows of risk tables, tables that a PDF flattened to lines, and titled paragraphs."""

import re
from collections.abc import Iterator
from itertools import chain

from kg.extraction.anchors import fact_iri_at
from kg.extraction.risk_prose import told
from kg.extraction.risk_tables import TITLE_LENGTH, Found, flattened, table_rows
from kg.extraction.risk_titles import titled
from kg.extraction.risk_words import OPPORTUNITY, RiskWords, risk_words
from kg.model import Fact, Opportunity, Risk, Span
from kg.reading.blocks import Document
from kg.vocabulary import Concept, Vocabulary

_TITLE = re.compile(r"([^:\uff1a\u3002\n]{2,48})[:\uff1a]")  # "Technology: ..." at the start of a statement
_CLAUSE = re.compile(r"\s*((?:[^,\uff0c;\uff1b]|,(?=\d)){6,})")
_CELL_MARKUP = re.compile(r"\*\*|<[^<>]*>|\s+")


def extract(document: Document, vocabulary: Vocabulary) -> Iterator[Fact]:
    """Yield the risks and opportunities of a document."""
    words = risk_words(vocabulary)
    seen: set[Span] = set()
    for row in chain.from_iterable(way(document, words) for way in (table_rows, flattened, titled, told)):
        categories = _categories(document, words, row)
        if categories and not any(row.statement.overlaps(other) for other in seen):
            seen.add(row.statement)
            yield _fact(document, words, row, categories)


def _fact(document: Document, words: RiskWords, row: Found, categories: tuple[Concept, ...]) -> Fact:
    report = document.report
    name = _name(document, words, row)
    spans = [("name", name), *(("impact", span) for span in row.impacts)]
    spans += [(role, span) for role, span in (("level", row.level), ("horizon", row.horizon)) if span]
    return (Opportunity if row.kind == OPPORTUNITY else Risk)(
        iri=fact_iri_at(report, "risk", row.statement),
        report=report.id,
        company=report.company,
        quote=row.statement,
        spans=tuple(spans),
        defaulted=("company",),
        confidence=row.confidence,
        categories=tuple(concept.iri for concept in categories),
        name=_CELL_MARKUP.sub(" ", name.of(report.text)).strip(),
        level=row.level.of(report.text) if row.level else None,
        horizon=row.horizon.of(report.text) if row.horizon else None,
        responses=row.responses,
    )


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
    return inner if inner.end - inner.start <= TITLE_LENGTH else next(named, inner)


def _categories(document: Document, words: RiskWords, row: Found) -> tuple[Concept, ...]:
    """Return the categories that the innermost name names; else those that the description names or hints at."""
    names = [document.text(name) for name in row.names]
    statement = document.text(row.statement)
    title = _TITLE.match(statement)
    for name in (*reversed(names), *([title[1]] if title else [])):
        named = words.categories(name, row.kind)
        if named:
            return named
    groups = [group for name in names for group in words.groups(name, row.kind)]
    return words.guess(f"{' '.join(names)} {statement}", row.kind, groups)
