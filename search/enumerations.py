"""Enumerations in running text: the members of "such as A, B and C", and of lists with a member a line."""

import re
from collections.abc import Iterator, Sequence

from kg.model import Span
from kg.reading.folding import fold
from kg.vocabulary import Vocabulary

_PARTS = re.compile(r"[^\uff0c\u3002\uff1a\uff01\uff1f!?:\n\t]+")
_LINE = re.compile(r"[^\n]+")
_MARKS = " \t*#\u00b7\u2022\u25c6-\u201c\u201d\u300c\u300d\"\uff1b;\u3002"
FEWEST = 3  # members that make a list
LONGEST = 40  # characters of a member; longer ones are sentences


def enumerations(text: str, vocabulary: Vocabulary) -> Iterator[tuple[Span, tuple[str, ...]]]:
    """Yield the enumerations of a text, each with its place.

    >>> from kg.settings import resource
    >>> words = Vocabulary.load(resource("ontology"))
    >>> [members for _, members in enumerations("多種方案，如智慧物流、智慧交通、智慧照明等，助力減排", words)]
    [('智慧物流', '智慧交通', '智慧照明')]
    """
    separators = _cues(vocabulary, "separator")
    for part in _PARTS.finditer(text):
        members = _members(part.group(), separators, vocabulary)
        if len(members) >= FEWEST:
            yield Span(*part.span()), members
    yield from _lines(text)


def _cues(vocabulary: Vocabulary, role: str) -> list[str]:
    cues = (cue for cue in vocabulary.of_type("EnumerationCue") if role in cue.values("asks"))
    words = {fold(label.text).text for cue in cues for label in cue.labels if label.language != "en"}
    return sorted(words, key=len, reverse=True)


def _members(part: str, separators: Sequence[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    pattern = "|".join(re.escape(word) for word in separators)
    if not pattern or not re.search(pattern, fold(part).text):
        return ()
    members = re.split(pattern, part)
    members[0] = _after(members[0], _cues(vocabulary, "opener"))
    members[-1] = _before(members[-1], _cues(vocabulary, "closer"))
    cleaned = [member.strip(_MARKS) for member in members]
    return tuple(member for member in cleaned if 1 < len(member) <= LONGEST)


def _after(member: str, openers: Sequence[str]) -> str:
    ends = [fold(member).text.rfind(word) + len(word) for word in openers if word in fold(member).text]
    return member[max(ends) :] if ends else member


def _before(member: str, closers: Sequence[str]) -> str:
    starts = [fold(member).text.find(word) for word in closers if word in fold(member).text]
    return member[: min(starts)] if starts and min(starts) > 0 else member


def _lines(text: str) -> Iterator[tuple[Span, tuple[str, ...]]]:
    """Yield runs of short lines of like length, which are lists without marks."""
    lines = [(line.span(), line.group().strip(_MARKS)) for line in _LINE.finditer(text) if line.group().strip(_MARKS)]
    run: list[tuple[tuple[int, int], str]] = []
    for span, words in [*lines, ((0, 0), "")]:
        if words and len(words) <= LONGEST // 2 and not re.search(r"[\u3002\uff0c]", words):
            run.append((span, words))
            continue
        if len(run) >= FEWEST:
            yield Span(run[0][0][0], run[-1][0][1]), tuple(words for _, words in run)
        run = []
