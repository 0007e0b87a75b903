"""Why a passage was found: the words and concepts that it shares with the question, as they stand in the report."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from kg.model import Span
from kg.reading.folding import compact
from kg.vocabulary import Concept, Matcher
from search.entries import Entry
from search.retrieval import Request
from search.tokens import is_han, other_words


@dataclass(frozen=True, slots=True)
class Shared:
    """What a passage shares with a question: ``spans`` in the report, in order, and the IRIs of ``concepts``."""

    spans: tuple[Span, ...]
    concepts: tuple[str, ...]


class Explainer:
    """Explains the hits of one question."""

    def __init__(self, asked: Request) -> None:
        """Gather what to look for: of Han words only pairs, a single character says too little."""
        wanted = {word for group in asked.groups for word in group}
        self._pairs = {word for word in wanted if is_han(word) and len(word) == 2}
        self._others = wanted - self._pairs
        self._matchers = [_matcher(concept) for concept in asked.concepts]

    def shared(self, entry: Entry) -> Shared:
        """Return what a passage shares with the question; nothing for a fact, whose text is not the report's."""
        folded = compact(entry.body)
        named = [match for matcher in self._matchers for match in matcher.find_folded(folded)]
        found = [(match.start, match.end) for match in named]
        text = folded.text
        found += [(i, i + 2) for i in range(len(text) - 1) if text[i : i + 2] in self._pairs]
        found += [(start, end) for word, start, end in other_words(text) if word in self._others]
        places = [folded.span(start, end) for start, end in set(found)]
        return Shared(
            spans=tuple(Span(entry.start + start, entry.start + end) for start, end in _joined(places)),
            concepts=tuple(dict.fromkeys(concept.iri for match in named for concept in match.concepts)),
        )


@lru_cache(maxsize=1024)
def _matcher(concept: Concept) -> Matcher:
    """Return what finds the names of one concept; making it takes longer than searching ten passages with it."""
    return Matcher([concept])


def _joined(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Return where spans start and end, in order, those that overlap or touch as one.

    >>> _joined([Span(5, 7), Span(0, 2), Span(1, 3), Span(3, 4)])
    [(0, 4), (5, 7)]
    """
    result: list[tuple[int, int]] = []
    for span in sorted(spans):
        if result and span.start <= result[-1][1]:
            result[-1] = (result[-1][0], max(span.end, result[-1][1]))
        else:
            result.append((span.start, span.end))
    return result
