"""BM25 over weighted words with synonyms, kept as sparse matrices that are read memory-mapped.

There is one for each shard of an index. What BM25 asks of a whole collection, how long its entries are and how many of
them hold a word, is counted in each and added up when they are opened, so the scores are those of one matrix for all.

A library was weighed (bm25s): it scores whole token lists. Here a question weighs its words, a word stands for a group
of synonyms (its translations), and the share of a question that an entry explains is needed, see :meth:`ceiling`.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), section 3.5: usual values.
K1 = 1.2
B = 0.75
_LONG = ("rows", "often")
MOST_KNOWN = 20_000  # words whose places in the shards are remembered

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


class Postings(NamedTuple):
    """The words of some entries: for each word the entries that hold it.

    ``words`` uint64 [words] are hashes, ascending; ``starts`` int64 [words + 1] says where a word's entries begin in
    ``rows`` int32 [all] and ``often`` float32 [all]; ``holders`` int32 [words] counts those that are usual; ``lengths``
    float32 [entries] adds up an entry's words; ``usual`` bool [entries] says which entries tell how rare a word is.
    """

    words: NDArray[np.uint64]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    often: NDArray[np.float32]
    holders: NDArray[np.int32]
    lengths: NDArray[np.float32]
    usual: NDArray[np.bool_]

    @classmethod
    def of(cls, bags: Bags, usual: Sequence[bool] | None = None) -> "Postings":
        """Invert bags that have been counted."""
        hashes = hashed(bags.words)
        order = np.argsort(hashes)
        place = np.empty(len(hashes), np.int64)
        place[order] = np.arange(len(hashes))
        rows = np.repeat(np.arange(len(bags.sizes), dtype=np.int32), bags.sizes)
        counting = np.ones(len(bags.sizes), np.bool_) if usual is None else np.array(usual, np.bool_)
        columns, often = place[bags.columns], bags.often
        inverted = np.lexsort((rows, columns))
        columns, rows, often = columns[inverted], rows[inverted], often[inverted]
        starts = np.searchsorted(columns, np.arange(len(hashes) + 1)).astype(np.int64)
        lengths = np.bincount(rows, often.astype(np.float64), minlength=len(counting))
        holders = np.bincount(columns[counting[rows]], minlength=len(hashes)).astype(np.int32)
        return cls(hashes[order], starts, rows, often, holders, lengths.astype(np.float32), counting)

    def save(self, folder: Path) -> None:
        """Write them; the same bags give the same bytes."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, numbers in self._asdict().items():
            np.save(folder / f"{name}.npy", numbers)

    @classmethod
    def open(cls, folder: Path) -> "Postings":
        """Read them; the long ones stay on disk until they are needed, the others take no descriptor.

        A mapped file takes a file descriptor, of which a process has a thousand, and 10,000 reports have 128 shards.
        """
        # A plain view: slices of numpy.memmap cost twice as much, and a question takes thousands of them.
        paths = {name: folder / f"{name}.npy" for name in cls._fields}
        held = {name: np.load(path, "r") if name in _LONG else np.load(path) for name, path in paths.items()}
        return cls(*(numbers.view(np.ndarray) for numbers in held.values()))


class Known(NamedTuple):
    """A word of a question: where it stands in each shard, -1 where it does not, and how many usual entries hold it."""

    places: tuple[tuple[int, int], ...]  # shard and place in its words
    holders: int


class Keywords:
    """An inverted index: for each word the entries that hold it, with BM25's part for frequency and length.

    >>> index = Keywords.build([{"pue": 1.0, "target": 1.0}, {"water": 2.0}])
    >>> index.scores([{"pue": 1.0}]).astype(float).round(2).tolist()
    [0.69, 0.0]
    """

    def __init__(self, shards: Sequence[Postings]) -> None:
        """Take the shards, whose entries come one after the other."""
        self._shards = shards
        self._offsets = list(accumulate((len(shard.lengths) for shard in shards), initial=0))
        self.size = self._offsets[-1]
        usual = np.concatenate([shard.usual for shard in shards])
        self._some = bool(usual.any())
        self._usual = usual if self._some else np.ones(self.size, np.bool_)
        self._size = int(np.count_nonzero(self._usual))
        lengths = np.concatenate([shard.lengths for shard in shards])
        # In whole thousandths, whose sum does not tell in which order they were added up.
        total = int(np.rint(lengths[self._usual].astype(np.float64) * 1000).astype(np.int64).sum())
        mean = np.float32(total / 1000 / max(1, self._size) or 1.0)
        self._lengthened = np.float32(K1) * (np.float32(1 - B) + np.float32(B) * lengths / mean)
        self._known: dict[str, Known] = {}

    @classmethod
    def build(cls, bags: Iterable[Mapping[str, float]], usual: Sequence[bool] | None = None) -> "Keywords":
        """Index bags of words, one at a time; a word's number is how often it stands there, or less.

        ``usual`` says which bags tell how rare a word is and how long an entry is: passages and not facts, whose few
        words would make every passage look long. Where none is, all do.
        """
        return cls([Postings.of(Bags.of(bags), usual)])

    def __contains__(self, word: str) -> bool:
        """Say whether any entry holds a word."""
        return bool(self._word(word).places)

    def scores(self, question: Iterable[Group]) -> NDArray[np.float32]:
        """Return the BM25 score of every entry, float32 [entries].

        The words of a group count as one word: an entry has the part of the group's word that suits it best, and the
        group is as rare as the entries that hold any of it (after Pirkola, "The effects of query structure and
        dictionary setups in dictionary-based cross-language information retrieval", SIGIR 1998).
        """
        groups = list(question)
        self._learn([word for group in groups for word in group])
        scores, best = np.zeros(self.size, np.float32), np.zeros(self.size, np.float32)
        for group in groups:
            found = [(word, np.float32(weight)) for word, weight in group.items() if self._word(word).places]
            if len(found) == 1:
                rows, parts = self._posting(*found[0])
                scores[rows] += parts * np.float32(self.rarity(found[0][0]))
            elif found:
                self._together([self._posting(*each) for each in found], scores, best)
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
        return self._rarity(self._word(word).holders)

    def _word(self, word: str) -> Known:
        return self._known.get(word) or self._learn([word])[word]

    def _learn(self, words: Iterable[str]) -> Mapping[str, Known]:
        """Look words up in all shards at once, and remember where they stand."""
        if len(self._known) > MOST_KNOWN:
            self._known = {}
        known = self._known  # threads that began with the old ones keep them
        new = [word for word in dict.fromkeys(words) if word not in known]
        wanted = hashed(new)
        places: list[list[tuple[int, int]]] = [[] for _ in new]
        holders = [0] * len(new)
        for number, shard in enumerate(self._shards):
            if new and len(shard.words):
                found = np.searchsorted(shard.words, wanted)
                found[found == len(shard.words)] = 0
                there = np.flatnonzero(shard.words[found] == wanted)
                found = found[there]
                counts = shard.holders[found] if self._some else shard.starts[found + 1] - shard.starts[found]
                for i, place, count in zip(there.tolist(), found.tolist(), counts.tolist(), strict=True):
                    places[i].append((number, place))
                    holders[i] += count
        known.update(zip(new, map(Known, map(tuple, places), holders), strict=True))
        return known

    def _posting(self, word: str, weight: np.float32) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Return the entries that hold a word, and BM25's part of each."""
        at: NDArray[np.intp]  # NumPy looks these up at once, 32 bits it would widen each time
        rows, often, offsets = [], [], []
        for number, place in self._word(word).places:
            shard = self._shards[number]
            start, end = shard.starts[place], shard.starts[place + 1]
            rows.append(shard.rows[start:end])
            often.append(shard.often[start:end])
            offsets.append(self._offsets[number])
        if len(rows) == 1:
            at, times = np.add(rows[0], offsets[0], dtype=np.intp), often[0]
        else:
            moved = np.repeat(np.array(offsets, np.intp), [len(part) for part in rows])
            at, times = np.concatenate(rows) + moved, np.concatenate(often)
        return at, np.asarray(times * np.float32(K1 + 1) / (times + self._lengthened[at]) * weight, np.float32)

    def _together(
        self,
        postings: Sequence[tuple[NDArray[np.intp], NDArray[np.float32]]],
        scores: NDArray[np.float32],
        best: NDArray[np.float32],
    ) -> None:
        """Add the score of a group to those of the entries that hold any of its words; ``best`` is all noughts."""
        holders = 0
        for rows, parts in postings:
            before = best[rows]
            holders += int(np.count_nonzero((before == 0) & self._usual[rows]))
            best[rows] = np.maximum(before, parts)
        rarity = np.float32(self._rarity(holders))
        for rows, _ in postings:
            scores[rows] += best[rows] * rarity
            best[rows] = 0

    def _rarity(self, holders: int) -> float:
        """Return the inverse document frequency of what stands in some usual entries."""
        return float(np.log1p((self._size - holders + 0.5) / (holders + 0.5)))


def hashed(words: Sequence[str]) -> NDArray[np.uint64]:
    """Return a number of 8 bytes for each word or IRI; of ten million, two share one once in 370,000 times."""
    joined = b"".join(blake2b(word.encode(), digest_size=8).digest() for word in words)
    return np.frombuffer(joined, np.uint64)
