"""Vectors in partitions of Milvus, with the face of ``search.vectors.Vectors``."""

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from kg.errors import BuildNeeded
from search.milvus.partitions import Partitions, partition, prefix
from search.milvus.places import LONGEST, reached
from search.vectors import NEIGHBOURS, SAMPLE, Mask, Matrix, Quality, Rows

MOST = 16_384  # vectors that Milvus returns of one search, by its own limit
BATCH = 2_000  # vectors sent or fetched at once: 2 MB of 256 numbers each, of the 64 MB that a message may have
REMEMBERED = 16  # questions whose similarities are kept: a hit asks again for those of its windows
# Seconds after which any copy of the data answers from what was there when it was opened: "Bounded" lets it lag by 5.
# Until then "Strong" is asked for, which waits for the next tick of the cluster's clock: 200 ms a search, not 20.
SETTLED = 10.0


class MilvusVectors:
    """Vectors by row number, one key after the other: the face of ``search.vectors.Vectors``."""

    def __init__(self, home: Partitions, counts: Mapping[str, int]) -> None:
        """Open the vectors of some keys, each with how many it has.

        :raises BuildNeeded: if they are not there.
        """
        self._home, self._names = home, [partition(key) for key in counts]
        self._starts = np.concatenate([[0], np.cumsum(list(counts.values()), dtype=np.int64)]).astype(np.int64)
        self._bases = np.array([prefix(name) << 32 for name in self._names], np.int64)
        self._order = np.argsort(self._bases)
        self._known: OrderedDict[bytes, tuple[Rows, Matrix]] = OrderedDict()
        self._lock = threading.Lock()
        found = home.count(list(counts)) if counts else 0
        if found != len(self):
            said = f"Milvus at {home.place.uri} has {found:,} of {len(self):,} vectors of this generation"
            raise BuildNeeded(f"{said}; run `tantu build`")
        self._settled = time.monotonic() + SETTLED

    def __len__(self) -> int:
        """Return the number of vectors."""
        return int(self._starts[-1])

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self._home.dimension

    def search(self, question: Matrix, k: int, among: Mask | None = None) -> tuple[Rows, Matrix]:
        """Return the rows of the ``k`` nearest vectors, best first, and their inner products with ``question`` [dim].

        ``among`` [n] says which rows may be found. There may be fewer than ``k``.

        :raises StoreError: if Milvus does not answer.
        """
        allowed = len(self) if among is None else int(np.count_nonzero(among))
        k = min(k, allowed)
        if k == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        if among is not None and allowed <= MOST:
            rows = np.flatnonzero(among)
            similarities = self.similarities(question, rows)
        else:  # Milvus takes no list of a million ids, so more than k are asked for where some of them do not count
            rows, similarities = self._nearest(question, k if among is None else k * 2 * len(self) // allowed)
            chosen = np.ones(len(rows), np.bool_) if among is None else among[rows]
            rows, similarities = rows[chosen], similarities[chosen]
        best = np.lexsort((rows, -similarities))[:k]
        return rows[best], similarities[best]

    def search_each(self, questions: Matrix, k: int) -> tuple[Rows, Matrix]:
        """Return the rows of the ``k`` nearest vectors of each question, [questions, k], and their inner products."""
        k = min(k, len(self))
        if k == 0 or len(questions) == 0:
            return np.empty((len(questions), k), np.int64), np.empty((len(questions), k), np.float32)
        found = [self.search(question, k) for question in questions]
        return np.stack([rows for rows, _ in found]), np.stack([similarities for _, similarities in found])

    def similarities(self, question: Matrix, rows: Rows | None = None) -> Matrix:
        """Return the inner products of ``question`` [dim] with the vectors of some rows or of all, float32 [rows].

        :raises StoreError: if Milvus does not answer.
        """
        asked = np.ascontiguousarray(question, np.float32)
        wanted, places = np.unique(np.arange(len(self)) if rows is None else rows, return_inverse=True)
        with self._lock:
            held, known = self._known.get(asked.tobytes(), (np.empty(0, np.int64), np.empty(0, np.float32)))
        at = np.searchsorted(held, wanted)
        if held.size == 0 or not np.array_equal(held[np.minimum(at, held.size - 1)], wanted):
            held, known = wanted, self._compared(asked, wanted)
            at = np.arange(len(wanted))
            with self._lock:
                self._known[asked.tobytes()] = (held, known)
                while len(self._known) > REMEMBERED:
                    self._known.popitem(last=False)
        found: Matrix = known[at][places]
        return found

    def quality(self, matrix: Matrix) -> Quality:
        """Return what the index is, and how much it finds: measured halfway between pairs of its own vectors."""
        if self._home.place.kind == "FLAT" or len(self) < 2 * NEIGHBOURS:
            return Quality("exact", len(self), 1.0)
        recalls = []
        for one, other in pairwise(np.linspace(0, len(self) - 1, SAMPLE + 1, dtype=np.int64)):
            question = matrix[one] + matrix[other]
            least = np.partition(matrix @ question, -NEIGHBOURS)[-NEIGHBOURS]
            found = self.search(question, NEIGHBOURS)[1]
            recalls.append(np.count_nonzero(found >= least - 1e-5) / NEIGHBOURS)  # equal vectors are equally near
        return Quality("codes", len(self), round(float(np.mean(recalls)), 4))

    def _nearest(self, question: Matrix, k: int) -> tuple[Rows, Matrix]:
        """Return the rows that Milvus names as nearest, and their inner products, in no order."""
        return self._asked(question, min(k, len(self), MOST), "", self._names)

    def _compared(self, question: Matrix, rows: Rows) -> Matrix:
        """Return the inner products with some rows, in ascending order."""
        found = np.full(len(rows), np.nan, np.float32)
        if self._home.place.kind == "FLAT":  # any other index passes over some that a filter names
            for start in range(0, len(rows), MOST):
                part = rows[start : start + MOST]
                names, text = self._filter(part)
                hits, similarities = self._asked(question, len(part), text, names)
                found[start + np.searchsorted(part, hits)] = similarities
        left = np.flatnonzero(np.isnan(found))
        for start in range(0, len(left), BATCH):
            part = left[start : start + BATCH]
            found[part] = self._fetched(rows[part]) @ question
        return found

    def _asked(self, question: Matrix, limit: int, text: str, names: list[str]) -> tuple[Rows, Matrix]:
        parameters: dict[str, Any] = {"metric_type": "IP", "params": {}}
        if self._home.place.kind == "HNSW":
            parameters["params"]["ef"] = min(2 * max(limit, 200), 2 * MOST)
        with reached(self._home.place):
            hits = self._home.client.search(
                self._home.name, [np.ascontiguousarray(question, np.float32)], text, limit, ["id"], parameters,
                partition_names=names, consistency_level=self._level(), timeout=LONGEST,
            )[0]  # fmt: skip
        ids = np.array([hit["id"] for hit in hits], np.int64)
        return self._rows(ids), np.array([hit["distance"] for hit in hits], np.float32)

    def _fetched(self, rows: Rows) -> Matrix:
        """Return the vectors of some rows, float32 [rows, dim], in the order of the rows."""
        found = np.empty((len(rows), self.dimension), np.float32)
        ids = self._ids(rows)
        with reached(self._home.place):
            for start in range(0, len(ids), BATCH):
                part = ids[start : start + BATCH].tolist()
                held = self._home.client.query(
                    self._home.name, f"id in {part}", ["id", "vector"], limit=len(part),
                    partition_names=self._names, consistency_level=self._level(), timeout=LONGEST,
                )  # fmt: skip
                by_id = {row["id"]: row["vector"] for row in held}
                found[start : start + len(part)] = [by_id[id] for id in part]
        return found

    def _filter(self, rows: Rows) -> tuple[list[str], str]:
        """Return the partitions that some ascending rows lie in, and the filter for them."""
        ids = self._ids(rows)
        keys = np.unique(np.searchsorted(self._starts, rows, "right") - 1)
        text = f"id in {ids.tolist()}"
        if len(keys) == 1 and rows[-1] - rows[0] == len(rows) - 1:
            text = f"id >= {ids[0]} and id <= {ids[-1]}"
        return [self._names[key] for key in keys], text

    def _ids(self, rows: Rows) -> Rows:
        """Return the ids of some rows in Milvus."""
        keys = np.searchsorted(self._starts, rows, "right") - 1
        found: Rows = self._bases[keys] + (rows - self._starts[keys])
        return found

    def _rows(self, ids: Rows) -> Rows:
        """Return the rows of some ids."""
        keys = self._order[np.searchsorted(self._bases[self._order], ids, "right") - 1]
        found: Rows = self._starts[keys] + (ids - self._bases[keys])
        return found

    def _level(self) -> str:
        return "Bounded" if time.monotonic() > self._settled else "Strong"
