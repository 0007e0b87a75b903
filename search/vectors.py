"""Nearest vectors by inner product: the only module that knows FAISS."""

from functools import cached_property
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]

# Up to here every vector is compared, which is exact: 100,000 vectors of 256 numbers take 7 ms on one core. A graph
# (HNSW) is approximate, 1.3 times as large and slow to build, so it is used only above.
EXACT_UP_TO = 100_000
LINKS = 32  # neighbours per vector in the graph
BUILD_WIDTH, SEARCH_WIDTH = 80, 128  # candidates looked at while building and while searching


class Vectors:
    """Vectors of one length, by row number.

    >>> vectors = Vectors.build(np.eye(3, dtype=np.float32))
    >>> rows, similarities = vectors.search(np.array([0, 0.8, 0.6], np.float32), 2)
    >>> rows.tolist(), similarities.astype(float).round(1).tolist()
    ([1, 2], [0.8, 0.6])
    """

    def __init__(self, index: Any) -> None:
        """Take a FAISS index; use :meth:`build` or :meth:`open`."""
        self._index = index

    @classmethod
    def build(cls, matrix: Matrix, exact_up_to: int = EXACT_UP_TO) -> "Vectors":
        """Index the rows of a matrix, float32 [n, dim] with rows of length 1; the same rows give the same bytes."""
        count, dimension = matrix.shape
        if count <= exact_up_to:
            index = faiss.IndexFlatIP(dimension)
            index.add(np.ascontiguousarray(matrix, np.float32))
            return cls(index)
        index = faiss.IndexHNSWFlat(dimension, LINKS, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction, index.hnsw.efSearch = BUILD_WIDTH, SEARCH_WIDTH
        _use_one_thread()  # two insert into a graph in an order that differs from build to build
        index.add(np.ascontiguousarray(matrix, np.float32))
        return cls(index)

    def save(self, path: Path) -> None:
        """Write the vectors to a file."""
        faiss.write_index(self._index, str(path))

    @classmethod
    def open(cls, path: Path) -> "Vectors":
        """Read vectors; they stay on disk until they are needed."""
        return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))

    def __len__(self) -> int:
        """Return the number of vectors."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self._index.d)

    def search(self, question: Matrix, k: int, among: Mask | None = None) -> tuple[Rows, Matrix]:
        """Return the rows of the ``k`` nearest vectors, best first, and their inner products with ``question`` [dim].

        ``among`` [n] says which rows may be found; the search looks at no other. There may be fewer than ``k``.
        """
        k = min(k, len(self) if among is None else int(among.sum()))
        if k == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        _use_one_thread()
        similarities, rows = self._index.search(question.reshape(1, -1), k, params=self._parameters(k, among))
        found = rows[0] >= 0  # a graph may reach fewer than k of the allowed rows
        return rows[0][found], similarities[0][found]

    def search_each(self, questions: Matrix, k: int) -> tuple[Rows, Matrix]:
        """Return the rows of the ``k`` nearest vectors of each question, [questions, k], and their inner products."""
        k = min(k, len(self))
        if k == 0 or len(questions) == 0:
            return np.empty((len(questions), k), np.int64), np.empty((len(questions), k), np.float32)
        _use_one_thread()
        similarities, rows = self._index.search(np.ascontiguousarray(questions), k)
        return rows, similarities

    def similarities(self, question: Matrix, rows: Rows) -> Matrix:
        """Return the inner products of ``question`` [dim] with the vectors of some rows, float32 [rows]."""
        return np.asarray(self._matrix[rows] @ question, np.float32)

    @cached_property
    def _matrix(self) -> Matrix:
        """The vectors themselves, [n, dim], where FAISS has them."""
        flat = faiss.downcast_index(self._index.storage) if isinstance(self._index, faiss.IndexHNSW) else self._index
        numbers = faiss.rev_swig_ptr(flat.get_xb(), len(self) * self.dimension) if len(self) else []
        return np.asarray(numbers, np.float32).reshape(len(self), self.dimension)

    def _parameters(self, k: int, among: Mask | None) -> Any:
        graph = isinstance(self._index, faiss.IndexHNSW)
        chosen = {}
        if among is not None:
            chosen["sel"] = faiss.IDSelectorBitmap(np.packbits(among, bitorder="little"))
        if graph:
            # A narrow filter leaves few allowed rows near the question, so the search has to look further.
            share = 1.0 if among is None else float(among.mean())
            chosen["efSearch"] = min(len(self), int(max(SEARCH_WIDTH, 2 * k) / share))
        return (faiss.SearchParametersHNSW if graph else faiss.SearchParameters)(**chosen)


def _use_one_thread() -> None:
    """Let FAISS work in the calling thread alone; each thread of a server has to be told.

    A search takes less time than waking threads does: on two busy cores 0.2 ms with one thread, 14 ms with two.
    """
    faiss.omp_set_num_threads(1)
