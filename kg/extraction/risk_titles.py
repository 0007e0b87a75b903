"""Risks told in paragraphs: under a heading that is a category, or after a category and a colon."""

import re
from collections.abc import Callable, Container, Iterator

from kg.extraction.risk_tables import MARKS, Found, kind_of, measures, split_title, statement_of
from kg.extraction.risk_words import OPPORTUNITY, RISK, RiskWords
from kg.model import Span
from kg.reading.blocks import Block, Document
from kg.reading.tables import trimmed

CONTEXT = 12  # blocks before a titled paragraph that may say that climate risks are spoken of
BELOW = 6  # blocks after a title that may belong to it
SHORTEST = 8  # characters of a statement in running text
_AFTER_TITLE = re.compile(r"(?:\*\*)?\s*(?:[:\uff1a\u2014\u2013-]+|\n)\s*(?:\*\*)?\s*")
_COLON = re.compile("[:\uff1a]")
_SENTENCE = re.compile("[^\u3002.;\uff1b\n]+[\u3002.;\uff1b\n]?\\s*")

Parts = tuple[Span | None, Span | None]


def titled(document: Document, words: RiskWords) -> Iterator[Found]:
    """Yield paragraphs that begin with a category and a colon, or stand under a line that is one."""
    titles = _titles(document, words)
    for i, (name, rest) in titles.items():
        block = document.blocks[i]
        below = _below(document, words, titles, i)
        told = rest or (below.pop(0) if below else None)
        if told is None:
            continue
        said, responses = _split_responses(document, words, told)
        statement = statement_of(document.report.text, said) if said else None
        if statement and document.report.text[statement.end - 1] in ";\uff1b":  # between the items of a list
            statement = Span(statement.start, statement.end - 1)
        if statement and statement.end - statement.start >= SHORTEST:
            responses += _responses_below(document, words, below, announced=said != told and not responses)
            kind = kind_of(document, words, (name,), " ".join(document.text(head) for head in block.headings))
            yield Found(kind, (name,), statement, tuple(responses))


def _titles(document: Document, words: RiskWords) -> dict[int, tuple[Span, Span | None]]:
    """Return the categories that blocks begin with, and the rest of those blocks, by the blocks' numbers.

    A category in full counts where climate risks are spoken of, a physical one everywhere, the bare name of a category
    ("technology") under its group.
    """
    climate, groups = _near(document, words.is_climate), _near(document, words.is_group)
    found = {}
    for i, block in enumerate(document.blocks):
        if block.kind == "row":
            continue
        name, rest = _category(document, words, block)
        alone = rest is None and block.kind != "heading"  # a line that may be anything
        if not climate[i] and (name is None or alone or not words.is_physical(document.text(name))):
            continue
        if name is None and groups[i]:
            name, rest = split_title(document, words, block)
            if name and not any(words.categories(document.text(name), kind) for kind in (RISK, OPPORTUNITY)):
                continue
        if name:
            found[i] = (name, rest)
    return found


def _near(document: Document, says: Callable[[str], bool]) -> list[bool]:
    """Say for each block whether a heading above it, or one of the blocks right before it, is of a sort."""
    own = [block.kind != "row" and says(document.text(block.span)) for block in document.blocks]
    heads = {span for block in document.blocks for span in block.headings}
    said = {span for span in heads if says(document.text(span))}
    return [
        any(own[max(0, i - CONTEXT) : i]) or not said.isdisjoint(block.headings)
        for i, block in enumerate(document.blocks)
    ]


def _category(document: Document, words: RiskWords, block: Block) -> Parts:
    """Split a block into the category in full ("acute risk") with which it begins, and the rest."""
    text = document.report.text
    marks = MARKS.match(text, block.span.start, block.span.end)
    start = marks.end() if marks else block.span.start
    title = words.title(text[start : min(block.span.end, start + 80)])
    if title is None or not title.concept.notation or not words.kinds(title.label):
        return None, None
    name = Span(start, start + title.end)
    if block.span.end - name.end <= 2:
        return name, None
    after = _AFTER_TITLE.match(text, name.end, block.span.end)
    return (name, trimmed(text, after.end(), block.span.end)) if after else (None, None)


def _below(document: Document, words: RiskWords, titles: Container[int], i: int) -> list[Span]:
    """Return the paragraphs and items right below, up to the next heading, table or title of a category."""
    below = []
    for j in range(i + 1, min(i + 1 + BELOW, len(document.blocks))):
        block = document.blocks[j]
        if block.kind in ("heading", "row") or j in titles or words.is_group(document.text(block.span)):
            break
        below.append(block.span)
    return below


def _responses_below(document: Document, words: RiskWords, below: list[Span], announced: bool) -> list[Span]:
    """Return the measures in the paragraphs below: all of them, where the one above ends with "Response:"."""
    if announced:
        return [part for span in below for part in measures(document.report.text, span)]
    return [part for span in below for part in _split_responses(document, words, span)[1]]


def _split_responses(document: Document, words: RiskWords, span: Span) -> tuple[Span | None, list[Span]]:
    """Split a paragraph into what it says, and what stands after a word such as "Response:" in it."""
    text = document.report.text
    for sentence in _SENTENCE.finditer(text, span.start, span.end):
        start = marks.end() if (marks := MARKS.match(text, sentence.start(), span.end)) else sentence.start()
        colon = _COLON.search(text, start, min(span.end, start + 24))
        if colon and words.role(text[start : colon.start()]) == "response":
            rest = trimmed(text, colon.end(), span.end)
            return trimmed(text, span.start, sentence.start()), [*measures(text, rest)] if rest else []
    return span, []
