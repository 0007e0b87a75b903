"""Risks told in sentences: "As for physical risks, storms may damage our sites. We have therefore ..."."""

import re
from collections.abc import Iterator
from dataclasses import replace

from kg.extraction.risk_tables import MARKS, Found, statement_of
from kg.extraction.risk_words import OPPORTUNITY, RISK, RiskWords
from kg.model import Span
from kg.reading.blocks import Block, Document
from kg.reading.tables import trimmed

CONFIDENCE = 0.7  # five of five in six reports written for a test, none in the seeds: too few to say more
SHORTEST = 8  # characters of a statement
LEAD = 24  # characters at the start of a sentence that may name the group ("As for transition risks, ...")
_SENTENCE = re.compile(r"(?:[^\u3002\uff01\uff1f!?.\n]|[.](?!\s|$)|\n(?!\s*\n))+[\u3002\uff01\uff1f!?.]?")
_CLAUSE = re.compile(r"[,\uff0c;\uff1b]\s*")
_LEAD_END = re.compile(r"[:\uff1a,\uff0c]\s*")
_MARKUP = re.compile(r"[\s*]*")


def told(document: Document, words: RiskWords) -> Iterator[Found]:
    """Yield sentences that say what the climate may do, where a text is about climate risks or opportunities."""
    for block in document.blocks:
        if block.kind in ("paragraph", "item") and _is_about_climate(document, words, block):
            headed = words.kinds(document.text(block.headings[-1])) if block.headings else set()
            yield from _in_block(document.report.text, words, block.span, headed)


def _is_about_climate(document: Document, words: RiskWords, block: Block) -> bool:
    above = block.headings[-1:]
    said = [document.text(span) for span in (*above, block.span)]
    return any(words.is_climate(text) or words.is_physical(text[:LEAD]) for text in said)


def _in_block(text: str, words: RiskWords, block: Span, headed: set[str]) -> Iterator[Found]:
    """Yield the risks of a paragraph, each with the measures after it; ``headed`` are the kinds of its heading."""
    group, last = None, None
    for sentence in _sentences(text, block):
        label, body = _lead(text, words, sentence)
        group = label or group
        said, done = _parted(text, words, body)
        found = _found(text, words, said, done, _kind(text, words, said, group, headed)) if said else None
        if found:
            if last:
                yield last
            last = found
        elif last and said is None and done:
            last = replace(last, responses=(*last.responses, done))
    if last:
        yield last


def _sentences(text: str, span: Span) -> Iterator[Span]:
    for match in _SENTENCE.finditer(text, span.start, span.end):
        start = marks.end() if (marks := MARKS.match(text, match.start(), match.end())) else match.start()
        sentence = trimmed(text, start, match.end())
        if sentence:
            yield sentence


def _lead(text: str, words: RiskWords, sentence: Span) -> tuple[Span | None, Span]:
    """Split a sentence into the group or category with which it begins, and the rest."""
    end = _LEAD_END.search(text, sentence.start, min(sentence.end, sentence.start + LEAD))
    line = text.find("\n", sentence.start, sentence.end)
    stop = end.start() if end else line
    if stop <= sentence.start or not words.names_sort(text[sentence.start : stop]):
        return None, sentence
    rest = _MARKUP.match(text, end.end() if end else line)
    body = trimmed(text, rest.end() if rest else stop, sentence.end)
    if body is None:
        return None, sentence
    label = words.sort(text[sentence.start : stop])
    named = Span(sentence.start + label.start, sentence.start + label.end) if label else None
    return named or Span(sentence.start, stop), body


def _parted(text: str, words: RiskWords, body: Span) -> tuple[Span | None, Span | None]:
    """Split a sentence into what may happen and what is done about it, at a word such as "therefore"."""
    starts = [body.start, *(clause.end() for clause in _CLAUSE.finditer(text, body.start, body.end))]
    for start in starts:
        stop = clause.start() if (clause := _CLAUSE.search(text, start, body.end)) else body.end
        if words.answers(text[start : min(stop, start + LEAD)]) and not words.may_happen(text[start:stop]):
            said = text[body.start : start].rstrip(" ,;\uff0c\uff1b")
            return trimmed(text, body.start, body.start + len(said)), Span(start, body.end)
    return body, None


def _kind(
    text: str, words: RiskWords, said: Span, label: Span | None, headed: set[str]
) -> tuple[str, tuple[Span, ...]]:
    """Return whether a statement is a risk or an opportunity, by itself, its label or the heading, and its names."""
    labelled = words.kinds(label.of(text)) if label else set()
    sorted_as = labelled if label and words.sort(label.of(text)) else set()
    gain = {OPPORTUNITY} if words.gains(said.of(text)) else set()
    kinds = words.kinds(said.of(text)) or sorted_as or gain or labelled or headed
    kind = OPPORTUNITY if kinds == {OPPORTUNITY} else RISK
    return kind, (label,) if label and sorted_as == {kind} else ()


def _found(
    text: str, words: RiskWords, said: Span, done: Span | None, sort: tuple[str, tuple[Span, ...]]
) -> Found | None:
    """Return what a statement tells, None where it speaks of nothing that may happen or names no category."""
    kind, names = sort
    groups = [group for name in names for group in words.groups(name.of(text), kind)]
    named = [name for name in names if words.categories(name.of(text), kind)]
    whole = statement_of(text, said)
    if whole is None or len(said.of(text)) < SHORTEST or not words.may_happen(said.of(text)):
        return None
    if not named and not words.guess(said.of(text), kind, groups):
        return None
    stop = whole.end - (text[whole.end - 1] in "\u3002.")
    return Found(kind, names, Span(whole.start, stop), (done,) if done else (), confidence=CONFIDENCE)
