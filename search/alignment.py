"""How much of a question a text says, word by word: each word of the question beside the word most like it.

The cosine of two texts is that of their mean words, in which a long sentence drowns what it says. Beside it, this
finds "office tools" in a sentence about an application that signs contracts: on 97 questions for a list, files left
out in turn (``python -m bench.choosing``), it puts 0.77 of the names first, without it 0.70.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

FLOOR = 0.2  # the cosine of two words that have nothing to do with one another
ONE_THREAD = 262_144  # multiplications of a product for which OpenBLAS starts no threads
Numbers = NDArray[np.int64]


class Pieces(Protocol):
    """What cuts texts into pieces of words, and knows their vectors."""

    def numbers(self, text: str) -> Numbers:
        """Return the numbers of a text's pieces."""

    def vectors(self, numbers: Numbers) -> NDArray[np.float32]:
        """Return the vectors of pieces, float32 [n, dimension], as long as the pieces weigh."""


def aligned(asked: str, texts: Sequence[str], pieces: Pieces) -> list[float]:
    """Return for each text the share of the words asked for that it has something like, from 0 to 1."""
    rows = [found if len(found := pieces.numbers(text)) else None for text in texts]
    held = [row for row in rows if row is not None]
    wanted, weights = _unit(pieces.vectors(pieces.numbers(asked)))
    if not weights.sum() or not held:
        return [0.0] * len(texts)
    each, where = np.unique(np.concatenate(held), return_inverse=True)
    like = _product(wanted, _unit(pieces.vectors(each))[0])[:, where]
    starts = np.cumsum([0, *(len(row) for row in held[:-1])])
    said = np.clip((np.maximum.reduceat(like, starts, axis=1) - FLOOR) / (1 - FLOOR), 0, 1)
    shares = iter((weights @ said / weights.sum()).tolist())
    return [0.0 if row is None else next(shares) for row in rows]


def _product(wanted: NDArray[np.float32], held: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the cosines of vectors of length 1, in parts so small that OpenBLAS takes one thread for each.

    On two busy cores its threads take four times as long.
    """
    step = max(1, ONE_THREAD // wanted.size)
    return np.concatenate([wanted @ held[start : start + step].T for start in range(0, len(held), step)], axis=1)


def _unit(rows: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return vectors of length 1, float32 [n, dimension], and how long they were, float32 [n]."""
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    return (rows / np.where(lengths > 0, lengths, 1)[:, None]).astype(np.float32), lengths
