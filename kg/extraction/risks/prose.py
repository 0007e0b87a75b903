"""Sentences about risks: what may happen, what is done about it, and the name with which they begin."""

import re
from collections.abc import Iterator
from itertools import pairwise

from kg.extraction.risks.found import MARKS
from kg.extraction.risks.ratings import UNRATED, Rating, rating_told
from kg.extraction.risks.words import OPPORTUNITY, RISK, RiskWords
from kg.model import Span
from kg.reading.tables import trimmed

NAME = 40  # characters of a sentence that is a name
LONGEST = 1000  # characters of a sentence that is cut into its parts; longer ones are no prose
LEAD = 24  # characters at the start of a sentence that may name the group ("As for transition risks, ...")
_SENTENCE = re.compile("(?:[^\u3002\uff01\uff1f!?.\n]|[.](?!\\s|$)|\n(?!\\s*\n))+[\u3002\uff01\uff1f!?.]?")
_CLAUSE = re.compile("[,\uff0c;\uff1b]\\s*")
_PART = re.compile("[;\uff1b:\uff1a]")
_LEAD_END = re.compile("[:\uff1a,\uff0c]\\s*")
_SEMICOLONS = (";", "\uff1b")
_COMMAS = (",", "\uff0c")
_MARKUP = re.compile(r"[\s*]*")


def sentences(text: str, span: Span) -> Iterator[Span]:
    """Yield the sentences of a stretch without list marks."""
    for match in _SENTENCE.finditer(text, span.start, span.end):
        start = marks.end() if (marks := MARKS.match(text, match.start(), match.end())) else match.start()
        sentence = trimmed(text, start, match.end())
        if sentence:
            yield sentence


def aspects(text: str, words: RiskWords, sentence: Span) -> Iterator[Span]:
    """Cut a sentence before each part that begins with a group or a category ("...; as for the market, ...").

    At a semicolon it is cut too where something may happen both before and after it.
    """
    start = sentence.start
    cuts = _PART.finditer(text, sentence.start, sentence.end) if sentence.end - start <= LONGEST else ()
    for cut in cuts:
        rest = trimmed(text, cut.end(), sentence.end)
        two = (
            cut.group() in _SEMICOLONS
            and words.may(text[start : cut.start()])
            and words.may(text[cut.end() : sentence.end])
        )
        if rest and (two or lead(text, words, rest)[0]):
            if part := trimmed(text, start, cut.start()):
                yield part
            start = rest.start
    if part := trimmed(text, start, sentence.end):
        yield part


def lead(text: str, words: RiskWords, sentence: Span) -> tuple[Span | None, Span]:
    """Split a sentence into the group or category with which it begins, and the rest."""
    end = _LEAD_END.search(text, sentence.start, min(sentence.end, sentence.start + 2 * LEAD))
    line = text.find("\n", sentence.start, sentence.end)
    stop = end.start() if end else line
    head = text[sentence.start : stop] if stop > sentence.start else ""
    if not head or not ((len(head) <= LEAD and words.names_sort(head)) or words.title_sort(head)):
        return None, sentence
    rest = _MARKUP.match(text, end.end() if end else line)
    body = trimmed(text, rest.end() if rest else stop, sentence.end)
    if body is None:
        return None, sentence
    label = words.sort(head)
    inside = words.title_in(head)
    bare = inside is not None and inside.of(head) == head and not words.kinds(head)
    if bare and end and end.group().strip() in _COMMAS:
        return None, sentence  # "Hurricanes, floods and ...": a subject, no aspect
    named = label.span if label else inside
    return Span(sentence.start + named.start, sentence.start + named.end) if named else Span(sentence.start, stop), body


def parted(text: str, words: RiskWords, body: Span) -> tuple[Span | None, Span | None]:
    """Split a sentence into what may happen and what is done about it, at a word such as "therefore"."""
    starts = [body.start, *(clause.end() for clause in _CLAUSE.finditer(text, body.start, body.end))]
    for start in starts:
        stop = clause.start() if (clause := _CLAUSE.search(text, start, body.end)) else body.end
        begins = text[start : min(stop, start + LEAD)]
        acts = text[body.start : start].rstrip()[-1:] in _SEMICOLONS and words.acts(begins)
        if (acts or words.answers(begins)) and not words.may_happen(text[start:stop]):
            said = text[body.start : start].rstrip(" ,;\uff0c\uff1b")
            return trimmed(text, body.start, body.start + len(said)), Span(start, body.end)
    return body, None


def regarded(text: str, words: RiskWords, body: Span) -> tuple[Span, Span | None] | None:
    """Split "X, which we see as our main opportunity, and ..." into what is called so and what is done about it."""
    if not words.regards(body.of(text)):
        return None
    starts = [clause.end() for clause in _CLAUSE.finditer(text, body.start, body.end)]
    for start, stop in pairwise([*starts, body.end]):
        said, clause = trimmed(text, body.start, start), text[start:stop]
        if said and words.regards(clause) and len(words.kinds(clause)) == 1:
            kept = Span(said.start, said.start + len(said.of(text).rstrip(" ,;\uff0c\uff1b")))
            return kept, trimmed(text, stop, body.end)
    return None


def cut_where_regarded(text: str, words: RiskWords, span: Span) -> tuple[Span, Span | None]:
    """Cut a paragraph below a risk before the sentence that calls something else a risk or an opportunity."""
    if words.regards(span.of(text)):
        for sentence in [*sentences(text, span)][1:]:
            if regarded(text, words, sentence):
                return Span(span.start, sentence.start), Span(sentence.start, span.end)
    return span, None


def is_done(text: str, words: RiskWords, sentence: Span) -> bool:
    """Say whether a sentence after a risk tells what is done: it begins with who acts, and nothing may happen in it."""
    said = sentence.of(text)
    return (words.answers(said[:LEAD]) or words.acts(said[:LEAD])) and not words.may_happen(said)


def divided(text: str, words: RiskWords, span: Span) -> tuple[Span | None, list[Span], Rating]:
    """Split a paragraph under the name of a risk into what it says, the sentences on what is done, and its rating."""
    said: Span | None = None
    done: list[Span] = []
    rating = UNRATED
    for sentence in sentences(text, span):
        if given := rating_told(text, sentence, words):
            rating = rating.over(given)
            continue
        body, measure = parted(text, words, sentence)
        if is_done(text, words, sentence):
            body, measure = None, sentence
        if body and not done and not (said and rating):
            said = Span(said.start if said else body.start, body.end)
        if measure:
            done.append(measure)
    return said, done, rating


def is_name(text: str, words: RiskWords, sentence: Span) -> bool:
    """Say whether the first sentence of a paragraph names a risk: "Flooding of depots. Heavier rain could ..."."""
    said = sentence.of(text)
    name = said.rstrip("\u3002.")
    if name == said or len(name) > NAME or _LEAD_END.search(name):
        return False
    sort = words.guess(name, RISK, ()) or words.guess(name, OPPORTUNITY, ())
    return bool(sort) and not any(says(name) for says in (words.is_aside, words.acts, words.may))


def kind_said(
    text: str, words: RiskWords, said: Span, label: Span | None, above: set[str]
) -> tuple[str, tuple[Span, ...]]:
    """Return whether a statement is a risk or an opportunity, by itself, its label or what is above, and its names."""
    labelled = words.kinds(label.of(text)) if label else set()
    named = bool(label and (words.sort(label.of(text)) or words.title_sort(label.of(text))))
    gain = {OPPORTUNITY} if words.gains(said.of(text)) else set()
    sorted_as = labelled if named else set()
    kinds = words.kinds(said.of(text)) or sorted_as or gain or labelled or above
    kind = OPPORTUNITY if kinds == {OPPORTUNITY} else RISK
    return kind, (label,) if label and named and sorted_as in ({kind}, set()) else ()
