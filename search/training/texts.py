"""The parallel text as flat arrays of piece numbers, in the order of the documents."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from search.training.sources import SOURCES, Source, read_pairs

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Side:
    """One language of the pairs: pair ``i`` is ``pieces[starts[i]:starts[i + 1]]``."""

    pieces: NDArray[np.int32]
    starts: Ints


@dataclass(frozen=True, slots=True)
class Texts:
    """Both languages, and for each pair the number of its source in ``SOURCES``."""

    english: Side
    chinese: Side
    source: Ints


def encode(lines: list[str], tokenizer: Tokenizer) -> list[NDArray[np.int32]]:
    """Return the known pieces of each line."""
    encodings = tokenizer.encode_batch_fast(lines, add_special_tokens=False)
    rows = (np.array(encoding.ids, dtype=np.int32) for encoding in encodings)
    return [row[row > 0] for row in rows]


def side_of(rows: list[NDArray[np.int32]]) -> Side:
    """Return rows of pieces as one flat array."""
    starts = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    return Side(np.concatenate(rows), starts)


def encode_source(corpus: Path, source: Source, tokenizer: Tokenizer) -> list[tuple[NDArray[np.int32], ...]]:
    """Return the pairs of a source as rows of pieces (English, Chinese); pairs with an empty side are left out."""
    rows: list[tuple[NDArray[np.int32], ...]] = []
    pairs = read_pairs(corpus, source)
    while block := list(islice(pairs, 10_000)):
        sides = [encode([pair[side] for pair in block], tokenizer) for side in (0, 1)]
        rows.extend(row for row in zip(*sides, strict=True) if len(row[0]) and len(row[1]))
    return rows


def load_texts(corpus: Path, tokenizer: Tokenizer) -> Texts:
    """Return all pairs of the corpus as piece numbers.

    :raises ReadingError: if a source is not in the folder.
    """
    rows: list[tuple[NDArray[np.int32], ...]] = []
    numbers: list[Ints] = []
    for number, source in enumerate(SOURCES):
        found = encode_source(corpus, source, tokenizer)
        rows += found
        numbers.append(np.full(len(found), number, dtype=np.int64))
    english, chinese = (side_of([row[side] for row in rows]) for side in (0, 1))
    return Texts(english, chinese, np.concatenate(numbers))
