"""Translating words by the embedding model: which words of the index mean what a word of the question means.

An English question shares hardly a word with a Chinese passage, so words of the index get a vector each, and each
English word of a question brings its nearest Chinese words into the keyword search as synonyms. On the development
questions this takes the keyword search alone from hit@5 0.17 to 0.87 for English. No dictionary is shipped.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from search.encoder import Encoder
from search.segmenter import segments
from search.tokens import Word, is_han
from search.vectors import Vectors

Near = dict[str, float]  # words with the cosine of their vector and another word's, best first

# Two Han characters that the segmenter knows are a word where they meet as often as chance has it, others where they
# meet e^5 = 148 times as often (pointwise mutual information): the words of the trade that no segmenter knows do, and
# the tail of one word with the head of the next does not. Against e^2 for all this halves the lexicon; mrr@10 for
# English is 0.93 instead of 0.88 on bench/questions-own.jsonl, 0.74 instead of 0.73 on clauses of NTREX-128.
COHESION, STRONG_COHESION = 0.0, 5.0
LARGEST = 50_000  # words, the most frequent ones; comparing a question's words with all of them takes about 10 ms
_HALVES = ("han", "other")
COUNTS = "words.json"  # of a shard
NEAREST = 4  # translations of a word; 3 and 6 lose 0.01 of mrr@10, 2 loses 0.03
LEAST = 0.3  # cosine of a word and its translation; real ones have 0.5 to 0.9; 0.2 to 0.5 are within 0.01 of mrr@10
MOST_KNOWN = 20_000  # words whose neighbours are remembered, 10 MB
LEAST_SAME = 0.7  # the same between words of one language, where near words are often opposites; 0.6 to 0.8 are alike


class Lexicon:
    """Words of an index by meaning, Han words and others apart.

    A word is known by how the index holds it (a stem), and encoded as it is written.
    """

    def __init__(self, halves: Sequence[tuple[Sequence[str], Vectors]]) -> None:
        """Take the Han words and the others, as the index holds them, with their vectors row by row."""
        self._halves = halves
        self._known: dict[tuple[str, str, bool], Near] = {}  # asked for before; a search takes 0.5 ms

    @classmethod
    def build(cls, counts: Mapping[Word, int], encoder: Encoder) -> "Lexicon":
        """Choose words by how often they occur, in any unit, and encode them."""
        chosen = sorted(_worthy(counts), key=lambda word: (-counts[word], word))[:LARGEST]
        halves = []
        for han in (True, False):
            half = [(word, written) for word, written in chosen if is_han(word) is han]
            vectors = encoder.encode([written for _, written in half]).reshape(len(half), encoder.dimension)
            halves.append(([word for word, _ in half], Vectors.build(vectors)))
        return cls(halves)

    def save(self, folder: Path) -> None:
        """Write the lexicon."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, (words, vectors) in zip(_HALVES, self._halves, strict=True):
            (folder / f"{name}.txt").write_text("".join(f"{word}\n" for word in words), "utf-8")
            vectors.save(folder / f"{name}.faiss")

    @classmethod
    def open(cls, folder: Path) -> "Lexicon":
        """Read a lexicon."""
        words = ((folder / f"{name}.txt").read_text("utf-8").split("\n")[:-1] for name in _HALVES)
        vectors = (Vectors.open(folder / f"{name}.faiss") for name in _HALVES)
        return cls(list(zip(words, vectors, strict=True)))

    def near(self, words: Sequence[Word], vectors: NDArray[np.float32], han: bool) -> list[Near]:
        """Return for each word, given as held and as written and with the vector of that, the nearest words.

        They are Han words, or the others. Forms of a word have neighbours of their own ("cooled", "cooling").
        """
        if len(self._known) > MOST_KNOWN:
            self._known = {}
        known = self._known  # threads that began with the old ones keep them
        new = [i for i, word in enumerate(words) if (*word, han) not in known]
        if new:
            names, half = self._halves[0 if han else 1]
            rows, cosines = half.search_each(vectors[new], NEAREST)
            for i, *found in zip(new, rows.tolist(), cosines.tolist(), strict=True):
                near = _chosen(words[i][0], ((names[k], cosine) for k, cosine in zip(*found, strict=True)))
                known[*words[i], han] = near
        return [known[*word, han] for word in words]


def write_counts(folder: Path, counts: Mapping[Word, float]) -> None:
    """Write how often each word occurs in a shard, in thousandths: their sum tells nothing of the order."""
    write_counted(folder, {word: round(1000 * number) for word, number in counts.items()})


def counted(coming: Iterable[Path], before: Path | None = None, going: Iterable[Path] = ()) -> dict[Word, int]:
    """Return how often each word occurs in some shards, in thousandths.

    ``before`` has what was counted in others, of which some are ``going``: these are whole numbers, so what is left is
    what would be counted in those that stay.
    """
    counts: dict[Word, int] = defaultdict(int)
    for folders, sign in (([before] if before else [], 1), (going, -1), (coming, 1)):
        for folder in folders:
            for word, written, number in orjson.loads((folder / COUNTS).read_bytes()):
                counts[word, written] += sign * number
    return {word: number for word, number in counts.items() if number}


def write_counted(folder: Path, counts: Mapping[Word, int]) -> None:
    """Write what was counted in all shards."""
    (folder / COUNTS).write_bytes(orjson.dumps(sorted((*word, number) for word, number in counts.items())))


def _chosen(word: str, found: Iterable[tuple[str, float]]) -> Near:
    """Keep what is near enough; stems that occur in several forms count once, with the best of them."""
    near: Near = {}
    for other, cosine in found:
        if other != word and cosine >= (LEAST_SAME if is_han(other) is is_han(word) else LEAST):
            near.setdefault(other, cosine)
    return near


def _worthy(counts: Mapping[Word, int]) -> Iterable[Word]:
    """Yield the words worth a translation: Han characters, pairs of them that belong together, and Latin words."""
    single = {word: number for (word, _), number in counts.items() if len(word) == 1 and is_han(word)}
    total = sum(single.values())
    for (word, written), number in counts.items():
        if not is_han(word):
            if written.isalpha() and len(written) > 1:
                yield word, written
        elif len(word) == 1:
            yield word, written
        else:
            cohesion = log(number * total / (single[word[0]] * single[word[1]]))
            if cohesion >= STRONG_COHESION or (cohesion >= COHESION and len(segments(word)) == 1):
                yield word, written
