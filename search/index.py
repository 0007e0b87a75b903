"""The index: what is written to disk, and how a question finds its passages and facts there.

Words and meaning each name their best entries; every entry that either names gets both scores, and
:mod:`search.fusion` makes one of them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.model import Span
from kg.vocabulary import Vocabulary
from search import fusion
from search.encoder import Encoder
from search.entries import PASSAGE, Entries, Entry, Where, passage_entry
from search.explanation import Explainer
from search.keywords import Keywords
from search.lexicon import Lexicon
from search.retrieval import Collection, Request, request
from search.seeking import Found, Sought
from search.snippets import snippet
from search.tokens import Word
from search.vectors import Vectors
from search.views import bag, told, views, words

__all__ = ["PASSAGE", "Entry", "Hit", "Index", "Where", "Why", "build_index", "passage_entry"]

Progress = Callable[[int, int], None]  # texts encoded, texts in all
ANYWHERE = Where()
BATCH = 512  # texts encoded at once
ALL = 10_000  # entries that are all scored, in 2 ms; of more only those that words or meaning name
POOL = 100  # entries that words and meaning each name; 50 and 400 give the same measures on the development questions


@dataclass(frozen=True, slots=True)
class Why:
    """Why an entry was found.

    ``words`` stand as in the report; ``concepts`` are IRIs; ``similarity`` is the cosine of question and entry.
    """

    words: tuple[str, ...]
    concepts: tuple[str, ...]
    similarity: float


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found; ``score`` from 0 to 1, ``highlights`` are offsets of the report."""

    entry: Entry
    score: float
    why: Why
    highlights: tuple[Span, ...]


def _silent(done: int, total: int) -> None:
    pass


def build_index(
    folder: Path, entries: Sequence[Entry], encoder: Encoder, vocabulary: Vocabulary, progress: Progress = _silent
) -> None:
    """Write the index of some entries; the same entries, model and ontology give the same bytes.

    :raises StoreError: if there are no entries, or two have the same IRI.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ordered = Entries.write(folder, entries)
    counts: dict[Word, float] = defaultdict(float)
    bags = _bags(ordered, vocabulary, counts)
    Keywords.build(bags, [entry.kind == PASSAGE for entry in ordered]).save(folder / "keywords")
    Lexicon.build(counts, encoder).save(folder / "lexicon")
    texts = [views(entry) for entry in ordered]
    flat = [text for group in texts for text in group]
    matrix = np.empty((len(flat), encoder.dimension), np.float32)
    for start in range(0, len(flat), BATCH):
        batch = flat[start : start + BATCH]
        matrix[start : start + len(batch)] = encoder.encode(batch)
        progress(start + len(batch), len(flat))
    Vectors.build(matrix).save(folder / "vectors.faiss")
    np.save(folder / "view_starts.npy", np.cumsum([0, *map(len, texts)], dtype=np.int64))


def _bags(entries: Sequence[Entry], vocabulary: Vocabulary, counts: dict[Word, float]) -> Iterator[Mapping[str, float]]:
    """Yield what the keyword index holds of each entry, and count all words on the way."""
    facts = told(entries)
    for entry in entries:
        found = words(entry, facts.get(entry.iri, ()))
        for word, number in found.items():
            counts[word] += number
        yield bag(entry, found, vocabulary)


class Index:
    """An index that is open for questions; it never changes."""

    def __init__(self, folder: Path, encoder: Encoder, vocabulary: Vocabulary) -> None:
        """Open what :func:`build_index` wrote, with the same encoder and vocabulary."""
        self.entries = Entries(folder)
        self.encoder = encoder
        self.vocabulary = vocabulary
        self._keywords = Keywords.open(folder / "keywords")
        self._collection = Collection(
            vocabulary,
            encoder,
            Lexicon.open(folder / "lexicon"),
            self._keywords,
            frozenset(map(str, self.entries.values("language"))),
        )
        self._vectors = Vectors.open(folder / "vectors.faiss")
        self._starts: NDArray[np.int64] = np.load(folder / "view_starts.npy")
        self._owners = np.repeat(np.arange(len(self.entries)), np.diff(self._starts))

    @classmethod
    def open(cls, folder: Path, encoder: Encoder, vocabulary: Vocabulary) -> "Index":
        """Open an index."""
        return cls(folder, encoder, vocabulary)

    def search(self, question: str, k: int = 10, *, where: Where = ANYWHERE) -> list[Hit]:
        """Return the ``k`` best entries, best first; equal scores in the order of their IRIs."""
        asked = request(question, self._collection)
        explainer = Explainer(asked)
        return [self._hit(explainer, *found) for found in self._best(asked, k, where)]

    def found(self, sought: Sought, where: Where) -> list[Found]:
        """Return the best entries for a search block: without snippets in a third of the time of :meth:`search`."""
        asked = request(sought.text, self._collection)
        explainer = Explainer(asked) if sought.snippets else None
        best = self._best(asked, sought.limit, where)
        return [
            _found(self.entries[i], score, explainer) for i, score, _ in best if score >= sought.least and score > 0
        ]

    def likeness(self, vector: fusion.Scores, iri: str) -> float | None:
        """Return the cosine of a meaning, float32 [dim], and the nearest view of an entry; None for no entry."""
        i = self.entries.find(iri)
        return None if i is None else float(self._similarities(vector, np.array([i]))[0])

    def likenesses(self, vector: fusion.Scores) -> fusion.Scores:
        """Return the cosines of a meaning, float32 [dim], and all entries."""
        return self._similarities(vector, np.arange(len(self.entries)))

    def _best(self, asked: Request, k: int, where: Where) -> list[tuple[int, float, float]]:
        """Return the number, the score and the cosine of the best entries."""
        pool, share, similarity = self._pool(asked, self.entries.allowed(where), k)
        scores = fusion.prefer(fusion.fuse(share, similarity), self._preferred(asked, pool))
        scores = np.round(scores, 6)  # two equal texts may differ in the eighth digit by where they lie in memory
        best = np.lexsort((pool, -scores))[:k]
        return [(int(pool[i]), float(scores[i]), float(similarity[i])) for i in best]

    def _pool(
        self, asked: Request, allowed: NDArray[np.bool_] | None, k: int
    ) -> tuple[NDArray[np.int64], fusion.Scores, fusion.Scores]:
        """Return the entries to score, the share of the question that each explains, and their cosines.

        They are all that may be found where these are few, else those that words or meaning name.
        """
        by_words = self._keywords.scores(asked.groups)
        if (len(self.entries) if allowed is None else int(allowed.sum())) <= ALL:
            pool = np.arange(len(self.entries)) if allowed is None else np.flatnonzero(allowed)
        else:
            pool = self._named(asked, by_words, allowed, max(POOL, k))
        ceiling = self._keywords.ceiling(asked.groups) or 1.0
        return pool, (by_words[pool] / ceiling).astype(np.float32), self._similarities(asked.vector, pool)

    def _named(
        self, asked: Request, by_words: fusion.Scores, allowed: NDArray[np.bool_] | None, most: int
    ) -> NDArray[np.int64]:
        """Return the entries that words or meaning name."""
        if allowed is not None:
            by_words = np.where(allowed, by_words, 0)
        named = np.argsort(-by_words, kind="stable")[:most]
        rows, _ = self._vectors.search(asked.vector, most, None if allowed is None else allowed[self._owners])
        return np.union1d(named[by_words[named] > 0], self._owners[rows])

    def _similarities(self, vector: NDArray[np.float32], pool: NDArray[np.int64]) -> fusion.Scores:
        """Return for each entry the cosine of its nearest view."""
        if pool.size == 0:
            return np.zeros(0, np.float32)
        counts = self._starts[pool + 1] - self._starts[pool]
        firsts = np.cumsum(counts) - counts
        rows = np.arange(counts.sum()) - np.repeat(firsts - self._starts[pool], counts)
        return np.maximum.reduceat(self._vectors.similarities(vector, rows), firsts)

    def _preferred(self, asked: Request, pool: NDArray[np.int64]) -> fusion.Scores:
        """Say which entries a question seems to mean: those of a company or a report's year that it names."""
        company = self.entries.holding("company", asked.companies)[pool]
        year = self.entries.holding("year", asked.years)[pool]
        return company.astype(np.float32) + year

    def _hit(self, explainer: Explainer, i: int, score: float, similarity: float) -> Hit:
        entry = self.entries[i]
        shared = explainer.shared(entry)
        body = entry.body
        words = dict.fromkeys(body[span.start - entry.start : span.end - entry.start] for span in shared.spans)
        return Hit(entry, score, Why(tuple(words), shared.concepts, similarity), shared.spans)


def _found(entry: Entry, score: float, explainer: Explainer | None) -> Found:
    """Return an entry as a hit of a search block, with its snippet if somebody explains it."""
    if explainer is None:
        return Found(entry.iri, score, entry.language)
    quoted = replace(entry, kind=PASSAGE)  # a fact's text ends with its quote, as a passage's does with its characters
    marks = [Span(span.start - entry.start, span.end - entry.start) for span in explainer.shared(quoted).spans]
    return Found(entry.iri, score, entry.language, snippet(quoted.body, marks))
