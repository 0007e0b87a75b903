"""Vectors in pieces: each shard of an index holds some, and a search looks through all of them as if they were one."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from search.vectors import CANDIDATES, Mask, Matrix, Quality, Rows, Vectors

MOST_OF_ONE = 500  # candidates that one of many pieces names: so many of one report share a piece


class Pieces:
    """Vectors in several pieces, their rows one after the other: what :class:`Vectors` does, over all of them.

    >>> one, other = (Vectors.build(np.eye(4, dtype=np.float32)[rows]) for rows in ([0, 1], [2, 3]))
    >>> Pieces([one, other]).search(np.array([0, 0, 0.6, 0.8], np.float32), 2)[0].tolist()
    [3, 2]
    """

    def __init__(self, pieces: Sequence[Vectors]) -> None:
        """Take the pieces, at least one."""
        self._pieces = pieces
        self._starts = np.concatenate([[0], np.cumsum([len(piece) for piece in pieces])]).astype(np.int64)

    def __len__(self) -> int:
        """Return the number of vectors."""
        return int(self._starts[-1])

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self._pieces[0].dimension

    def search(self, question: Matrix, k: int, among: Mask | None = None) -> tuple[Rows, Matrix]:
        """Return what :meth:`Vectors.search` does; equally near ones in the order of the rows.

        Each piece names candidates, those of all pieces that look best are looked at closely.
        """
        if len(self._pieces) == 1:
            return self._pieces[0].search(question, k, among)
        k = min(k, len(self) if among is None else int(among.sum()))
        wanted = max(CANDIDATES, 10 * k)
        each = min(wanted, max(MOST_OF_ONE, 4 * wanted // len(self._pieces)))
        found = [
            (rows + start, nearness)
            for piece, start, end in zip(self._pieces, self._starts, self._starts[1:], strict=False)
            for rows, nearness in [piece.named(question, each, None if among is None else among[start:end])]
        ]
        rows, nearness = (np.concatenate(parts) for parts in zip(*found, strict=True))
        if len(rows) > wanted:
            rows = rows[np.argpartition(-nearness, wanted)[:wanted]]
        rows = np.sort(rows)
        similarities = self.similarities(question, rows)
        best = np.argsort(-similarities, kind="stable")[:k]
        return rows[best], similarities[best]

    def search_each(self, questions: Matrix, k: int) -> tuple[Rows, Matrix]:
        """Return what :meth:`Vectors.search_each` does."""
        if len(self._pieces) == 1 or len(questions) == 0:
            return self._pieces[0].search_each(questions, min(k, len(self)))
        found = [self.search(question, k) for question in questions]
        return np.stack([rows for rows, _ in found]), np.stack([similarities for _, similarities in found])

    def similarities(self, question: Matrix, rows: Rows | None = None) -> Matrix:
        """Return what :meth:`Vectors.similarities` does."""
        if len(self._pieces) == 1:
            return self._pieces[0].similarities(question, rows)
        if rows is None:
            return np.concatenate([piece.similarities(question) for piece in self._pieces])
        order = np.argsort(rows, kind="stable")
        placed, found = np.asarray(rows, np.int64)[order], np.empty(len(rows), np.float32)
        bounds = np.searchsorted(placed, self._starts)
        for piece, start, first, last in zip(self._pieces, self._starts, bounds, bounds[1:], strict=False):
            if first < last:
                found[order[first:last]] = piece.similarities(question, placed[first:last] - start)
        return found


class Near(Protocol):
    """Vectors by row number, wherever they are."""

    def search(self, question: Matrix, k: int, among: Mask | None = None) -> tuple[Rows, Matrix]:
        """Return what :meth:`Vectors.search` does."""

    def similarities(self, question: Matrix, rows: Rows | None = None) -> Matrix:
        """Return what :meth:`Vectors.similarities` does."""


def all_of(qualities: Sequence[Quality]) -> Quality:
    """Return the quality of an index of some pieces.

    >>> all_of([Quality("exact", 10, 1.0), Quality("codes", 30, 0.98)])
    Quality(kind='codes', count=40, recall=0.985)
    """
    count = sum(each.count for each in qualities)
    kind = "codes" if any(each.kind == "codes" for each in qualities) else "exact"
    return Quality(kind, count, round(sum(each.count * each.recall for each in qualities) / max(1, count), 4))
