"""The index: how a question finds its passages and facts; :mod:`search.assembling` writes it.

Words and meaning each name their best entries; every entry that either names gets both scores, and
:mod:`search.fusion` makes one of them.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.model import Span
from kg.settings import Settings
from kg.vocabulary import Vocabulary
from search import fusion
from search.encoder import Encoder
from search.entries import PASSAGE, Entries, Entry, Where, passage_entry
from search.explanation import Explainer, Nearest, Why
from search.keywords import Group, Keywords
from search.lexicon import Lexicon
from search.retrieval import Collection, Request, request
from search.seeking import Found, Sought
from search.shards import LEXICON, Shard, folders_of, vectors_of
from search.snippets import snippet
from search.views import windows

__all__ = ["PASSAGE", "Entry", "Hit", "Index", "Where", "Why", "passage_entry"]

ANYWHERE = Where()
ALL = 5_000  # entries that are all scored, with 4 vectors each in 3 ms; of more only those that words or meaning name
POOL = 400  # entries that words, and vectors that meaning names
FILTERS = 8  # that are kept as they were read: 7 MB each for a million entries, and 10 ms of a search
QUESTIONS = 16  # that are kept as they were read: one is searched for four times while it is answered


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found; ``score`` from 0 to 1, ``highlights`` are offsets of the report."""

    entry: Entry
    score: float
    why: Why
    highlights: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as it was read; of every entry the share of its words, and in how many ways the entry is meant."""

    request: Request
    share: fusion.Scores
    preferred: fusion.Scores


class _Allowed(NamedTuple):
    """Which entries may be found, and which vectors where many may, None for all; and how many entries."""

    entries: NDArray[np.bool_] | None
    views: NDArray[np.bool_] | None
    number: int


class Index:
    """An index that is open for questions; it never changes."""

    def __init__(
        self,
        folder: Path,
        encoder: Encoder,
        vocabulary: Vocabulary,
        entries: Entries | None = None,
        settings: Settings | None = None,
    ) -> None:
        """Open what :mod:`search.assembling` wrote, with the same encoder and vocabulary; ``entries`` may be open."""
        self.shards = [Shard.open(path) for path in folders_of(folder)]
        self.entries = entries or Entries([shard.folder for shard in self.shards])
        self.encoder = encoder
        self.vocabulary = vocabulary
        self._keywords = Keywords([shard.held.postings for shard in self.shards])
        self._collection = Collection(
            vocabulary,
            encoder,
            Lexicon.open(folder / LEXICON),
            self._keywords,
            frozenset(map(str, self.entries.values("language"))),
        )
        self._vectors = vectors_of(self.shards, settings)
        views = np.concatenate([shard.held.views for shard in self.shards])
        self._starts: NDArray[np.int64] = np.concatenate([[0], np.cumsum(views, dtype=np.int64)])
        self._owners = np.repeat(np.arange(len(self.entries), dtype=np.int32), views)
        self._asked = lru_cache(maxsize=QUESTIONS)(self._read)
        self._narrowed = lru_cache(maxsize=FILTERS)(self._allow)

    @classmethod
    def open(
        cls,
        folder: Path,
        encoder: Encoder,
        vocabulary: Vocabulary,
        entries: Entries | None = None,
        settings: Settings | None = None,
    ) -> "Index":
        """Open an index; ``entries`` are its own where they are open already.

        The ``settings`` say where its vectors are, if they are not in its folder.
        """
        return cls(folder, encoder, vocabulary, entries, settings)

    def search(self, question: str, k: int = 10, *, where: Where = ANYWHERE) -> list[Hit]:
        """Return the ``k`` best entries, best first; equal scores in the order of their IRIs."""
        asked = self._asked(question)
        explainer = Explainer(asked.request)
        return [self._hit(asked.request, explainer, *found) for found in self._best(asked, k, where)]

    def found(self, sought: Sought, where: Where) -> list[Found]:
        """Return the best entries for a search block: without snippets in a third of the time of :meth:`search`."""
        asked = self._asked(sought.text)
        best = self._best(asked, sought.limit, where)
        best = [found for found in best if found[1] >= sought.least and found[1] > 0]
        if not sought.snippets:
            return [Found(self.entries.iri(i), score, self.entries.language(i)) for i, score, _ in best]
        explainer = Explainer(asked.request)
        return [_explained(self.entries[i], score, explainer) for i, score, _ in best]

    def weighed(self, question: str) -> list[tuple[Group, float]]:
        """Return the words of a question, each with its synonyms and with its rarity among the entries."""
        groups = self._asked(question).request.groups
        return [(group, self._keywords.rarity(next(iter(group)))) for group in groups]

    def holds(self, word: str) -> bool:
        """Say whether any entry holds a word, given as :mod:`search.tokens` gives it."""
        return word in self._keywords

    def told(self, iri: str) -> str:
        """Return the indexed text of an entry; empty for no entry."""
        i = self.entries.find(iri)
        return "" if i is None else self.entries[i].text

    def likeness(self, vector: fusion.Scores, iri: str) -> float | None:
        """Return the cosine of a meaning, float32 [dim], and the nearest view of an entry; None for no entry."""
        i = self.entries.find(iri)
        return None if i is None else float(self._similarities(vector, np.array([i]))[0])

    def likenesses(self, vector: fusion.Scores) -> fusion.Scores:
        """Return the cosines of a meaning, float32 [dim], and all entries."""
        return self._similarities(vector, np.arange(len(self.entries)))

    def _read(self, question: str) -> _Asked:
        asked = request(question, self._collection)
        share = self._keywords.scores(asked.groups) / np.float32(self._keywords.ceiling(asked.groups) or 1.0)
        return _Asked(asked, share, self._preferred(asked))

    def _best(self, asked: _Asked, k: int, where: Where) -> list[tuple[int, float, float]]:
        """Return the number, the score and the cosine of the best entries."""
        vector, share, preferred = asked.request.vector, asked.share, asked.preferred
        pool = self._pool(asked, self._allow(where) if where.candidates is not None else self._narrowed(where), k)
        similarity = self._similarities(vector, pool)
        scores = fusion.prefer(fusion.fuse(share[pool], similarity), preferred[pool])
        scores = np.round(scores, 6)  # two equal texts may differ in the eighth digit by where they lie in memory
        best = self._first(pool, scores, k)
        return list(zip(pool[best].tolist(), scores[best].tolist(), similarity[best].tolist(), strict=True))

    def _first(self, pool: NDArray[np.int64], scores: fusion.Scores, k: int) -> NDArray[np.int64]:
        """Return where the ``k`` best of a pool stand, best first, equal ones in the order of their IRIs."""
        near = np.flatnonzero(scores >= np.partition(scores, -k)[-k]) if len(pool) > k > 0 else np.arange(len(pool))
        iris = [self.entries.iri(i) for i in pool[near].tolist()]
        order = sorted(range(len(near)), key=lambda i: (-scores[near[i]], iris[i]))
        return near[np.array(order[:k], np.int64)]

    def _allow(self, where: Where) -> _Allowed:
        """Say which entries may be found, and which vectors."""
        allowed = self.entries.allowed(where)
        if allowed is None:
            return _Allowed(None, None, len(self.entries))
        count = int(np.count_nonzero(allowed))
        return _Allowed(allowed, allowed[self._owners] if count > ALL else None, count)

    def _pool(self, asked: _Asked, allowed: _Allowed, k: int) -> NDArray[np.int64]:
        """Return the entries to score: all that may be found where they are few, else what words or meaning name."""
        if allowed.number <= ALL:
            return np.arange(len(self.entries)) if allowed.entries is None else np.flatnonzero(allowed.entries)
        most, by_words = min(max(POOL, k), len(self.entries)), fusion.prefer(asked.share, asked.preferred)
        if allowed.entries is not None:
            by_words = np.where(allowed.entries, by_words, 0)
        rows, _ = self._vectors.search(asked.request.vector, most, allowed.views)
        return np.union1d(_largest(by_words, most, self.entries.keys), self._owners[rows])

    def _similarities(self, vector: NDArray[np.float32], pool: NDArray[np.int64]) -> fusion.Scores:
        """Return for each entry the cosine of its nearest view."""
        if pool.size == 0:
            return np.zeros(0, np.float32)
        if pool.size == len(self.entries):
            return np.maximum.reduceat(self._vectors.similarities(vector), self._starts[:-1])
        counts = self._starts[pool + 1] - self._starts[pool]
        firsts = np.cumsum(counts) - counts
        rows = np.arange(counts.sum()) - np.repeat(firsts - self._starts[pool], counts)
        return np.maximum.reduceat(self._vectors.similarities(vector, rows), firsts)

    def _preferred(self, asked: Request) -> fusion.Scores:
        """Say which entries a question seems to mean: those of a company or a report's year that it names."""
        company = self.entries.holding("company", asked.companies)
        return company.astype(np.float32) + self.entries.holding("year", asked.years)

    def _hit(self, asked: Request, explainer: Explainer, i: int, score: float, similarity: float) -> Hit:
        entry = self.entries[i]
        why = explainer.why(entry, similarity, self._nearest(asked.vector, i, entry, similarity))
        return Hit(entry, score, why, why.spans)

    def _nearest(self, vector: NDArray[np.float32], i: int, entry: Entry, similarity: float) -> Nearest | None:
        """Return the window of a passage whose meaning is nearest; a fact and a short passage are one."""
        found = windows(entry.body) if entry.kind == PASSAGE else ((0, entry.end - entry.start),)
        if len(found) < 2:
            return Nearest(similarity, entry.start + found[0][0], entry.start + found[0][1]) if found else None
        first = int(self._starts[i]) + 1  # the vector of the whole comes before those of the windows
        cosines = self._vectors.similarities(vector, np.arange(first, first + len(found)))
        best = int(np.argmax(cosines))
        return Nearest(float(cosines[best]), entry.start + found[best][0], entry.start + found[best][1])


def _largest(scores: fusion.Scores, most: int, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return where the largest scores above nought stand; of equal ones those with the smallest keys.

    Sorting all would take ten times as long.

    >>> _largest(np.array([0.5, 0, 0.5, 0.7, 0.5], np.float32), 3, np.array([5, 4, 3, 2, 1], np.uint64)).tolist()
    [3, 2, 4]
    """
    places = np.flatnonzero(scores > 0)
    if len(places) <= most:
        return places
    held = scores[places]  # and not the noughts: many equal numbers make the partition 20 times as slow
    least = np.partition(held, -most)[-most]
    above, level = places[held > least], places[held == least]
    left = most - len(above)
    if left < len(level):
        level = np.sort(level[np.argpartition(keys[level], left)[:left]])
    return np.concatenate([above, level])


def _explained(entry: Entry, score: float, explainer: Explainer) -> Found:
    """Return an entry as a hit of a search block, with its snippet."""
    marks = [Span(span.start - entry.start, span.end - entry.start) for span in explainer.why(entry, 0.0).spans]
    return Found(entry.iri, score, entry.language, snippet(entry.text[entry.start - entry.end :], marks))
