"""Why something was found: the words, concepts and the sentence that led to it, as they stand in the report."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from unicodedata import category

from kg.model import Span
from kg.reading.folding import Folded, compact
from kg.vocabulary import Concept, Matcher
from search.answering.understanding import language_of
from search.entries import Entry
from search.retrieval import Request
from search.segmenter import chance_pairs
from search.tokens import is_han, other_words, tokens

How = Literal["same", "regional", "translation", "related"]


@dataclass(frozen=True, slots=True)
class Matched:
    """A word of a report that a question led to.

    ``text`` are the report's characters at ``start`` to ``end``, ``via`` the question's own: the same word in any
    script, width, case or ending; what Taiwan says where the mainland says it, or the other way round (``regional``);
    or a word whose meaning the model finds near, in the other language (``translation``) or in the same (``related``),
    with its ``likeness``, a cosine.
    """

    text: str
    start: int
    end: int
    via: str
    how: How = "same"
    likeness: float = 1.0


@dataclass(frozen=True, slots=True)
class Named:
    """A concept that question and report both name, or one right below it; ``label`` is in the question's language."""

    iri: str
    label: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Nearest:
    """The sentence whose meaning is nearest to the question's, or short ones in a row, by its cosine."""

    similarity: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Why:
    """Why an entry was found, with offsets of the report; ``similarity`` is the cosine of question and entry.

    ``nearest`` is None where the meaning was not asked for, or the entry has no words.
    """

    matched: tuple[Matched, ...]
    named: tuple[Named, ...]
    similarity: float
    nearest: Nearest | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The words that matched, as they stand in the report, each once."""
        return tuple(dict.fromkeys(match.text for match in self.matched))

    @property
    def concepts(self) -> tuple[str, ...]:
        """The IRIs of the concepts that matched."""
        return tuple(dict.fromkeys(name.iri for name in self.named))

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where words and concepts matched, in order, those that overlap or touch as one."""
        places = [(match.start, match.end) for match in self.matched]
        places += [(name.start, name.end) for name in self.named]
        return tuple(Span(start, end) for start, end in joined(places))


@dataclass(frozen=True, slots=True)
class _Source:
    """What of a question led to a word."""

    via: str
    how: How = "same"
    likeness: float = 1.0


_Found = tuple[int, int, _Source]  # a stretch of a folded text, and what of the question led to it


class Explainer:
    """Explains the hits of one question."""

    def __init__(self, asked: Request) -> None:
        """Gather what to look for: of Han words only pairs, a single character says too little."""
        self._question = compact(asked.question)
        self._asked, self._regional = asked.question, asked.regional
        written = {token.word: asked.question[token.start : token.end] for token in tokens(asked.question)}
        self._pairs: set[str] = set()
        self._others: dict[str, _Source] = {}
        for head, *synonyms in (tuple(group.items()) for group in asked.groups):
            if head[0] in written:
                self._take(head[0], written[head[0]], synonyms)
        self._pairs -= chance_pairs(self._question.text)
        self._han = [(word, source) for word, source in self._others.items() if is_han(word)]
        # A stem ends otherwise than its word does, a number has commas: where no start stands, no word does.
        self._starts = {word[: min(3, len(word) - 1) or 1] for word in self._others if not is_han(word)}
        language = language_of(asked.question)
        self._labels = {concept.iri: concept.label(language) for concept in (*asked.concepts, *asked.narrower)}
        self._matchers = [_matcher((concept,)) for concept in asked.concepts]
        self._matchers += [_matcher(asked.narrower)] if asked.narrower else []

    def _take(self, head: str, via: str, synonyms: Iterable[tuple[str, float]]) -> None:
        """Look for a word of the question and for those that stand for it; where two do, for the nearer one."""
        if is_han(head) and len(head) > 1:
            self._pairs.add(head)
        elif not is_han(head):
            self._others[head] = _Source(via)
        for word, likeness in synonyms:
            if len(word) > 1 and self._others.get(word, _Source("", likeness=-1.0)).likeness < likeness:
                how: How = "related" if is_han(word) is is_han(head) else "translation"
                how = "regional" if word in self._regional.get(head, ()) else how
                self._others[word] = _Source(via, how, likeness)

    def why(self, entry: Entry, similarity: float, nearest: Nearest | None = None) -> Why:
        """Return what an entry shares with the question: a passage's characters, or a fact's quote."""
        body = entry.text[entry.start - entry.end :]
        folded = compact(body)
        words = sorted((*self._same(folded.text), *self._other(folded.text)), key=lambda found: found[:2])
        return Why(
            matched=tuple(_matched(body, folded, entry.start, *found) for found in _apart(words)),
            named=tuple(self._named(body, folded, entry.start)),
            similarity=similarity,
            nearest=nearest,
        )

    def _same(self, text: str) -> Iterator[_Found]:
        """Yield the stretches of Han characters that question and text share, as long as they are in both."""
        asked, end = self._question.text, 0
        for at in sorted(at for pair in self._pairs for at in _places(pair, text)):
            if at < end:
                continue
            end = at + 2
            while text[end - 1 : end + 1] in self._pairs and text[at : end + 1] in asked:
                end += 1
            start = asked.index(text[at:end])
            span = self._question.span(start, start + end - at)
            yield at, end, _Source(self._asked[span.start : span.end])

    def _other(self, text: str) -> Iterator[_Found]:
        """Yield the words that are not Han, and those that stand for a word of the question."""
        for word, source in self._han:
            yield from ((at, at + len(word), source) for at in _places(word, text))
        if any(start in text for start in self._starts):
            for word, start, end in other_words(text):
                if word in self._others:
                    yield start, end, self._others[word]

    def _named(self, body: str, folded: Folded, offset: int) -> Iterator[Named]:
        for matcher in self._matchers:
            for match in matcher.find_folded(folded):
                start, end = whole(body, folded.span(match.start, match.end))
                for concept in match.concepts:
                    yield Named(concept.iri, self._labels[concept.iri], body[start:end], offset + start, offset + end)


def _matched(body: str, folded: Folded, offset: int, first: int, last: int, source: _Source) -> Matched:
    start, end = whole(body, folded.span(first, last))
    return Matched(body[start:end], offset + start, offset + end, source.via, source.how, source.likeness)


def whole(text: str, span: Span) -> tuple[int, int]:
    r"""Return where a stretch starts and ends with the marks that belong to its last character.

    >>> text = "cafe\u0301"
    >>> whole(text, Span(0, 4))
    (0, 5)
    """
    end = span.end
    while end < len(text) and category(text[end]).startswith("M"):
        end += 1
    return span.start, end


def _places(word: str, text: str) -> Iterator[int]:
    """Yield where a word starts in a text."""
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _apart(found: Iterable[_Found]) -> Iterator[_Found]:
    """Yield stretches in order of their start; one that begins inside the one before is left out."""
    stop = 0
    for start, end, source in found:
        if start >= stop:
            yield start, end, source
            stop = end


@lru_cache(maxsize=1024)
def _matcher(concepts: tuple[Concept, ...]) -> Matcher:
    """Return what finds the names of concepts; making it takes longer than searching ten passages with it."""
    return Matcher(concepts)


def joined(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return where stretches start and end, in order, those that overlap or touch as one.

    >>> joined([(5, 7), (0, 2), (1, 3), (3, 4)])
    [(0, 4), (5, 7)]
    """
    result: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result
