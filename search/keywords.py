"""BM25 over weighted words with synonyms, kept as a sparse matrix that is read memory-mapped.

A library was weighed (bm25s): it scores whole token lists. Here a question weighs its words, a word stands for a group
of synonyms (its translations), and the share of a question that an entry explains is needed, see :meth:`ceiling`.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

# Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), section 3.5: usual values.
K1 = 1.2
B = 0.75
_ARRAYS = ("starts", "rows", "parts", "usual", "holders")

Group = Mapping[str, float]  # words that stand for one word of a question, the word itself first, each with its weight


class Bags(NamedTuple):
    """Bags of words as numbers: each bag's words, places in ``words``, one bag after the other.

    ``columns`` int32 [all], ``often`` float32 [all] (a word's number in its bag), ``sizes`` int32 [bags].
    """

    words: Sequence[str]
    columns: NDArray[np.int32]
    often: NDArray[np.float32]
    sizes: NDArray[np.int32]

    @classmethod
    def of(cls, bags: Iterable[Mapping[str, float]]) -> "Bags":
        """Count bags of words, one at a time."""
        ids: dict[str, int] = {}
        columns, often, sizes = array("i"), array("f"), array("i")
        for bag in bags:
            columns.extend(ids.setdefault(word, len(ids)) for word in bag)
            often.extend(bag.values())
            sizes.append(len(bag))
        numbers = np.asarray(columns, np.int32), np.asarray(often, np.float32), np.asarray(sizes, np.int32)
        return cls(list(ids), *numbers)


class Keywords:
    """An inverted index: for each word the entries that hold it, with BM25's part for frequency and length.

    >>> index = Keywords.build([{"pue": 1.0, "target": 1.0}, {"water": 2.0}])
    >>> index.scores([{"pue": 1.0}]).astype(float).round(2).tolist()
    [0.69, 0.0]
    """

    def __init__(self, words: Sequence[str], size: int, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take what :meth:`build` made or :meth:`open` read."""
        self.size = size
        self._ids = {word: i for i, word in enumerate(words)}
        self._starts, self._rows, self._parts, self._usual, self._holders = (arrays[name] for name in _ARRAYS)
        self._size = int(np.count_nonzero(self._usual))

    @classmethod
    def build(cls, bags: Iterable[Mapping[str, float]], usual: Sequence[bool] | None = None) -> "Keywords":
        """Index bags of words, one at a time; a word's number is how often it stands there, or less.

        ``usual`` says which bags tell how rare a word is and how long an entry is: passages and not facts, whose few
        words would make every passage look long.
        """
        return cls.of(Bags.of(bags), usual)

    @classmethod
    def of(cls, bags: "Bags", usual: Sequence[bool] | None = None) -> "Keywords":
        """Index bags that have been counted before."""
        words, sizes = sorted(bags.words), bags.sizes
        place = np.empty(len(words), np.int32)  # of a word among the sorted ones, by its number in the bags
        place[sorted(range(len(words)), key=bags.words.__getitem__)] = np.arange(len(words))
        rows = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        counting = np.array(usual, np.bool_) if usual and any(usual) else np.ones(len(sizes), np.bool_)
        arrays = _inverted(place[bags.columns], rows, bags.often.astype(np.float64), counting)
        return cls(words, len(sizes), dict(zip(_ARRAYS, arrays, strict=True)))

    def save(self, folder: Path) -> None:
        """Write the index; the same bags give the same bytes."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "words.txt").write_text("\n".join([str(self.size), *self._ids]), "utf-8")
        kept = (self._starts, self._rows, self._parts, self._usual, self._holders)
        for name, numbers in zip(_ARRAYS, kept, strict=True):
            np.save(folder / f"{name}.npy", numbers)

    @classmethod
    def open(cls, folder: Path) -> "Keywords":
        """Read an index; the arrays stay on disk until they are needed."""
        size, *words = (folder / "words.txt").read_text("utf-8").split("\n")
        # A plain view: slices of numpy.memmap cost twice as much, and a question takes a hundred of them.
        arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r").view(np.ndarray) for name in _ARRAYS}
        return cls(words, int(size), arrays)

    def __contains__(self, word: str) -> bool:
        """Say whether any entry holds a word."""
        return word in self._ids

    def scores(self, question: Iterable[Group]) -> NDArray[np.float32]:
        """Return the BM25 score of every entry, float32 [entries].

        The words of a group count as one word: an entry has the part of the group's word that suits it best, and the
        group is as rare as the entries that hold any of it (after Pirkola, "The effects of query structure and
        dictionary setups in dictionary-based cross-language information retrieval", SIGIR 1998).
        """
        scores = np.zeros(self.size, np.float32)
        for group in question:
            postings = [(i, weight) for word, weight in group.items() if (i := self._ids.get(word)) is not None]
            if len(postings) == 1:
                rows, parts = self._posting(*postings[0])
                scores[rows] += parts * np.float32(self._rarity(int(self._holders[postings[0][0]])))
            elif postings:
                scores += self._together(postings)
        return scores

    def ceiling(self, question: Iterable[Group]) -> float:
        """Return the score that an entry would have that held every word of the question countless times.

        A word that no entry holds counts as the rarest of all, so that ``scores / ceiling`` is the share of the
        question that an entry explains: small where only a year of an English question stands in a Chinese passage.
        """
        firsts = (next(iter(group.items())) for group in question if group)
        return sum(weight * self.rarity(word) for word, weight in firsts) * (K1 + 1)

    def rarity(self, word: str) -> float:
        """Return the inverse document frequency of a word."""
        i = self._ids.get(word)
        return self._rarity(0 if i is None else int(self._holders[i]))

    def _posting(self, word: int, weight: float) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        start, end = self._starts[word], self._starts[word + 1]
        return self._rows[start:end], self._parts[start:end] * np.float32(weight)

    def _together(self, postings: Sequence[tuple[int, float]]) -> NDArray[np.float32]:
        best = np.zeros(self.size, np.float32)
        for word, weight in postings:
            rows, parts = self._posting(word, weight)
            best[rows] = np.maximum(best[rows], parts)
        return best * np.float32(self._rarity(int(np.count_nonzero((best > 0) & self._usual))))

    def _rarity(self, holders: int) -> float:
        """Return the inverse document frequency of what stands in some usual entries."""
        return float(np.log1p((self._size - holders + 0.5) / (holders + 0.5)))


def _inverted(
    columns: NDArray[np.int32], rows: NDArray[np.int32], often: NDArray[np.float64], counting: NDArray[np.bool_]
) -> tuple[NDArray[Any], ...]:
    """Return where each word's entries start, they, BM25's part of each, what is usual and how many hold a word."""
    order = np.lexsort((rows, columns))
    columns, rows, often = columns[order], rows[order], often[order]
    starts = np.searchsorted(columns, np.arange(columns.max(initial=-1) + 2)).astype(np.int64)
    lengths = np.bincount(rows, often, minlength=len(counting))
    mean = lengths[counting].mean() or 1.0
    parts = often * (K1 + 1) / (often + K1 * (1 - B + B * lengths[rows] / mean))
    holders = np.bincount(columns[counting[rows]], minlength=len(starts) - 1).astype(np.int32)
    return starts, rows, parts.astype(np.float32), counting, holders
