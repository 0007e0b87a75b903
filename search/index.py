"""The index: what is written to disk, and how a question finds its passages and facts there.

Words and meaning each name their best entries; every entry that either names gets both scores, and
:mod:`search.fusion` makes one of them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from search.tokens import Word
from search.vectors import Vectors
from search.views import bag, told, views, words

__all__ = ["PASSAGE", "Entry", "Hit", "Index", "Where", "Why", "build_index", "passage_entry"]

Progress = Callable[[int, int], None]  # texts encoded, texts in all
ANYWHERE = Where()
BATCH = 512  # texts encoded at once
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

    def ranking(self, question: str, k: int, *, where: Where = ANYWHERE) -> list[tuple[str, float]]:
        """Return the IRIs and scores of what :meth:`search` finds, without saying why: a third of its time."""
        asked = request(question, self._collection)
        return [(self.entries[i].iri, score) for i, score, _ in self._best(asked, k, where)]

    def _best(self, asked: Request, k: int, where: Where) -> list[tuple[int, float, float]]:
        """Return the number, the score and the cosine of the best entries."""
        pool, share, similarity = self._pool(asked, self.entries.allowed(where))
        scores = fusion.prefer(fusion.fuse(share, similarity), self._preferred(asked, pool))
        best = np.lexsort((pool, -scores))[:k]
        return [(int(pool[i]), float(scores[i]), float(similarity[i])) for i in best]

    def _pool(
        self, asked: Request, allowed: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.int64], fusion.Scores, fusion.Scores]:
        """Return the entries that words or meaning name, the share of the question that each explains, and cosines."""
        by_words = self._keywords.scores(asked.groups)
        if allowed is not None:
            by_words[~allowed] = 0
        named = np.argsort(-by_words, kind="stable")[:POOL]
        rows, _ = self._vectors.search(asked.vector, POOL, None if allowed is None else allowed[self._owners])
        pool = np.union1d(named[by_words[named] > 0], self._owners[rows])
        ceiling = self._keywords.ceiling(asked.groups) or 1.0
        return pool, (by_words[pool] / ceiling).astype(np.float32), self._similarities(asked.vector, pool)

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
