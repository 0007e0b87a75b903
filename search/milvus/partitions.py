"""The collection of a data directory, and the partitions in it: one for each key, written once."""

import threading
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from kg.errors import StoreError
from search.milvus.places import INDEXES, LONGEST, Place, client, reached
from search.vectors import Matrix

BATCH = 2_000  # vectors sent or fetched at once: 2 MB of 256 numbers each, of the 64 MB that a message may have
INDEXING = 3600.0  # seconds that indexing may take

_making = threading.Lock()  # shards are written by several threads, and one of them makes the collection


def prefix(name: str) -> int:
    """Return what the ids of a partition's vectors begin with: 31 bits, above the 32 of the row."""
    return int.from_bytes(sha256(name.encode()).digest()[:4], "big") >> 1


@dataclass(frozen=True)
class Partitions:
    """The collection of one data directory, for vectors of one length."""

    place: Place
    owner: str
    dimension: int

    @property
    def name(self) -> str:
        """The collection's name."""
        return self.place.name or f"tantu_{sha256(self.owner.encode()).hexdigest()[:12]}_{self.dimension}"

    @property
    def client(self) -> Any:
        """The connection.

        :raises StoreError: if nothing answers.
        """
        return client(self.place)

    @property
    def _is_file(self) -> bool:
        """Whether there is no server, which loads and releases a partition at a time."""
        return not urlsplit(self.place.uri).scheme

    def put(self, key: str, matrix: Matrix) -> None:
        """Write the vectors of a key, float32 [n, dim], unless they are there already.

        :raises StoreError: if Milvus does not take them.
        """
        name = partition(key)
        with reached(self.place):
            self._make()
            held = self.client.list_partitions(self.name)
            if name in held:
                if self.count([key]) == len(matrix):
                    return
                self._drop([name])  # a broken build left it
            if prefix(name) in {prefix(other) for other in held if other != name}:
                raise StoreError(f"{key} has the ids of other vectors at {self.place.uri}; name another #collection")
            self.client.create_partition(self.name, name)
            for start in range(0, len(matrix), BATCH):
                part = enumerate(matrix[start : start + BATCH], (prefix(name) << 32) + start)
                rows = [{"id": id, "vector": row} for id, row in part]
                self.client.insert(self.name, rows, partition_name=name, timeout=LONGEST)

    def seal(self, counts: Mapping[str, int]) -> None:
        """Wait until the vectors of some keys are all there, indexed and found.

        :raises StoreError: if they are not.
        """
        with reached(self.place):
            self.client.flush(self.name)
            until = time.monotonic() + INDEXING
            while self._pending() and time.monotonic() < until:
                time.sleep(0.2)
            if self._is_file:
                self.client.load_collection(self.name)
            else:
                self.client.load_partitions(self.name, list(map(partition, counts)))
        for key, wanted in counts.items():
            if (found := self.count([key])) != wanted:
                raise StoreError(f"Milvus at {self.place.uri} has {found} of {wanted} vectors of {key}; build again")

    def keep(self, keys: Collection[str]) -> None:
        """Drop the partitions of all other keys.

        :raises StoreError: if Milvus does not answer.
        """
        needed = {"_default", *map(partition, keys)}
        with reached(self.place):
            if self.client.has_collection(self.name):
                self._drop([name for name in self.client.list_partitions(self.name) if name not in needed])

    def count(self, keys: Sequence[str]) -> int:
        """Return how many vectors some keys have, as whoever wrote last left them.

        :raises StoreError: if Milvus does not answer.
        """
        names = [partition(key) for key in keys]
        bases = [prefix(name) << 32 for name in names]  # a file counts all partitions, whichever are named
        text = " or ".join(f"(id >= {base} and id < {base + (1 << 32)})" for base in bases)
        with reached(self.place):
            found = self.client.query(
                self.name, text, ["count(*)"], partition_names=names, consistency_level="Strong", timeout=LONGEST
            )
        return int(found[0]["count(*)"])

    def drop(self) -> None:
        """Drop the collection.

        :raises StoreError: if Milvus does not answer.
        """
        with reached(self.place):
            self.client.drop_collection(self.name)

    def _make(self) -> None:
        with _making:
            if not self.client.has_collection(self.name):
                self._create()

    def _create(self) -> None:
        from pymilvus import DataType

        schema = self.client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=self.dimension)
        how = self.client.prepare_index_params()
        how.add_index("vector", index_type=self.place.kind, metric_type="IP", params=dict(INDEXES[self.place.kind]))
        self.client.create_collection(self.name, schema=schema, index_params=how, consistency_level="Strong")

    def _drop(self, names: Sequence[str]) -> None:
        for name in names:
            if not self._is_file:
                self.client.release_partitions(self.name, [name])
            self.client.drop_partition(self.name, name)

    def _pending(self) -> int:
        found = self.client.describe_index(self.name, "vector") or {}
        return int(found.get("pending_index_rows", 0))


def partition(key: str) -> str:
    """Return the name of a partition: letters, digits and underscores."""
    return f"p_{''.join(c if c.isalnum() else '_' for c in key)}"
