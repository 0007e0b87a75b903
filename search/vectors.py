"""Nearest vectors by inner product: the only module that knows FAISS.

A few vectors are all compared. Many are kept twice: as they are, and as codes of 4 bits for each pair of numbers, an
eighth of the bytes in 16 numbers. The codes name candidates, all of them looked at once; the vectors themselves say
which of those are nearest. What the codes stand for does not depend on the vectors, so that those of one shard of an
index can be compared with those of another.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]

# Measured on 756,000 vectors of 256 numbers (200,000 passages of bench/recombined.py), one core, 80 questions:
#                                          build, s   a search, ms   recall@10
#   every vector compared (IndexFlatIP)          1           94        1
#   1,024 lists, 256 of them read (IVF, SQ8)    30            8        0.945
#   codes of 4 bits, 500 candidates              6            3.2      0.988
#   codes of 4 bits, 1,000 candidates            6            3.5      0.990
# Meanings of sentences fill the space evenly, so lists of neighbours miss many; reading all codes does not.
EXACT_UP_TO = 20_000  # 3 ms; by codes they take 0.2 ms and 1 in 100 is missed
CANDIDATES = 1000  # of each search by codes, or ten times the vectors wanted where these are more
FEWEST = 16  # vectors that are worth codes, as many as a code of 4 bits can stand for
DRAWN = 16_384  # points that say where evenly filled space is; more change no recall that was measured
SAMPLE = 20  # pairs of vectors between which neighbours are looked for in both ways when an index is built
NEIGHBOURS = 10


@dataclass(frozen=True, slots=True)
class Quality:
    """How an index finds: ``kind`` is ``exact`` or ``codes``, ``recall`` the share of true neighbours that it finds."""

    kind: str
    count: int
    recall: float


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
        self._refined = isinstance(index, faiss.IndexRefine)

    @classmethod
    def build(cls, matrix: Matrix, exact_up_to: int | None = None) -> "Vectors":
        """Index the rows of a matrix, float32 [n, dim] with rows of length 1; the same rows give the same bytes.

        ``exact_up_to`` is how many are all compared, ``EXACT_UP_TO`` unless given.
        """
        rows = np.ascontiguousarray(matrix, np.float32)
        count, dimension = rows.shape
        _use_one_thread()  # two add up in an order that differs from build to build
        if count <= max(FEWEST, EXACT_UP_TO if exact_up_to is None else exact_up_to):
            index = faiss.IndexFlatIP(dimension)
        else:
            codes = _codes(dimension)
            index = faiss.IndexRefineFlat(codes)
            index.own_fields = True
            codes.this.disown()
        index.add(rows)
        return cls(index)

    def save(self, path: Path) -> None:
        """Write the vectors to a file.

        :raises OSError: if the disk is full.
        """
        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise OSError(f"{path.name} could not be written whole") from error

    @classmethod
    def open(cls, path: Path) -> "Vectors":
        """Read vectors; they stay on disk until they are needed, their codes are read at once."""
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
        if not self._refined:
            return self.named(question, k, among)
        rows = np.sort(self.named(question, max(CANDIDATES, 10 * k), among)[0])
        similarities = self.similarities(question, rows)
        best = np.argsort(-similarities, kind="stable")[:k]
        return rows[best], similarities[best]

    def named(self, question: Matrix, wanted: int, among: Mask | None = None) -> tuple[Rows, Matrix]:
        """Return the rows that are worth a closer look, with what the codes, or the vectors, say of their nearness."""
        _use_one_thread()
        wanted = min(wanted, len(self))
        if wanted == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        chosen = {} if among is None else {"sel": faiss.IDSelectorBitmap(np.packbits(among, bitorder="little"))}
        if self._refined:
            index, parameters = self._coded, faiss.SearchParametersIVF(nprobe=1, **chosen)
        else:
            index, parameters = self._index, faiss.SearchParameters(**chosen)
        similarities, rows = index.search(question.reshape(1, -1), wanted, params=parameters)
        return rows[rows >= 0], similarities[rows >= 0]  # fewer than wanted where few are allowed

    def search_each(self, questions: Matrix, k: int) -> tuple[Rows, Matrix]:
        """Return the rows of the ``k`` nearest vectors of each question, [questions, k], and their inner products."""
        k = min(k, len(self))
        if k == 0 or len(questions) == 0:
            return np.empty((len(questions), k), np.int64), np.empty((len(questions), k), np.float32)
        if self._refined:
            found = [self.search(question, k) for question in questions]
            return np.stack([rows for rows, _ in found]), np.stack([similarities for _, similarities in found])
        _use_one_thread()
        similarities, rows = self._index.search(np.ascontiguousarray(questions), k)
        return rows, similarities

    def similarities(self, question: Matrix, rows: Rows | None = None) -> Matrix:
        """Return the inner products of ``question`` [dim] with the vectors of some rows or of all, float32 [rows].

        FAISS reads them where they lie: 4,000 of them in 0.1 ms, where NumPy copies them together in 0.5 ms. The same
        vector gives the same number wherever it stands.
        """
        _use_one_thread()
        count = len(self) if rows is None else len(rows)
        found, asked = np.empty(count, np.float32), np.ascontiguousarray(question, np.float32)
        places = (faiss.swig_ptr(found), faiss.swig_ptr(asked), self._flat.get_xb()) if count else ()
        if count and rows is None:
            faiss.fvec_inner_products_ny(*places, self.dimension, count)
        elif count:
            wanted = np.ascontiguousarray(rows, np.int64)
            faiss.fvec_inner_products_by_idx(*places, faiss.swig_ptr(wanted), self.dimension, 1, count)
        return found

    def quality(self) -> Quality:
        """Return what the index is, and how much it finds: measured halfway between pairs of its own vectors.

        A vector itself would be too easy a question, since its nearest neighbours are copies of it.
        """
        if not self._refined:
            return Quality("exact", len(self), 1.0)
        recalls = []
        rows = np.linspace(0, len(self) - 1, SAMPLE + 1, dtype=np.int64).tolist()
        for one, other in pairwise(rows):
            question = self._flat.reconstruct(one) + self._flat.reconstruct(other)
            least = np.partition(self.similarities(question), -NEIGHBOURS)[-NEIGHBOURS]
            found = self.search(question, NEIGHBOURS)[1]
            recalls.append(np.count_nonzero(found >= least - 1e-6) / NEIGHBOURS)  # equal vectors are equally near
        return Quality("codes", len(self), round(float(np.mean(recalls)), 4))

    @cached_property
    def _coded(self) -> Any:
        return faiss.downcast_index(self._index.base_index)

    @cached_property
    def _flat(self) -> Any:
        """The FAISS index that holds the vectors themselves."""
        return faiss.downcast_index(self._index.refine_index) if self._refined else self._index


def _codes(dimension: int) -> Any:
    """Return an index of codes, empty.

    One list: FAISS takes a filter for codes only where they stand in lists. Codes that were fitted to the very vectors
    find as much: of the true ten, among the 50 best codes of the 4,548 vectors of the seeds, 0.999 and not 0.997.
    """
    width = 2 if dimension % 2 == 0 else 1
    nowhere = faiss.IndexFlatIP(dimension)
    nowhere.add(np.zeros((1, dimension), np.float32))
    codes = faiss.IndexIVFPQFastScan(nowhere, dimension, 1, dimension // width, 4, faiss.METRIC_INNER_PRODUCT)
    codes.own_fields = True
    nowhere.this.disown()
    codes.by_residual = False
    places = np.tile(_evenly(width) / np.float32(np.sqrt(dimension)), (dimension // width, 1))
    faiss.copy_array_to_vector(np.ascontiguousarray(places, np.float32).ravel(), codes.pq.centroids)
    codes.is_trained = True
    return codes


@lru_cache(maxsize=2)
def _evenly(width: int) -> Matrix:
    """Return what 16 codes stand for where numbers are spread as in a vector of any direction, [16, width]."""
    drawn = np.random.default_rng(0).standard_normal((DRAWN, width)).astype(np.float32)
    quantizer = faiss.ProductQuantizer(width, 1, 4)
    quantizer.train(drawn)
    found: Matrix = faiss.vector_to_array(quantizer.centroids).reshape(16, width)
    return found


def _use_one_thread() -> None:
    """Let FAISS work in the calling thread alone; each thread of a server has to be told.

    A search takes less time than waking threads does: on two busy cores 0.2 ms with one thread, 14 ms with two.
    """
    faiss.omp_set_num_threads(1)
