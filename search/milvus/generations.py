"""The vectors of a generation in Milvus: a partition for each shard, under the shard's own key."""

import socket
from collections.abc import Sequence
from pathlib import Path

import orjson

from kg.errors import BuildNeeded
from kg.holdings import SHARDS
from kg.settings import Settings
from search.milvus.partitions import Partitions
from search.milvus.places import Place
from search.milvus.vectors import MilvusVectors
from search.vectors import Matrix, Quality

NOTE = "vectors.milvus"  # in the folder of a shard: how many vectors it has, and of which length


class Elsewhere:
    """Where the vectors of a data directory are."""

    def __init__(self, settings: Settings) -> None:
        """Read the settings; nothing is sent yet.

        :raises SettingsError: if they name no place.
        """
        self.place = Place.of(settings.vectors)
        self._data, self._owner = settings.data, f"{socket.gethostname()}:{settings.data}"

    def put(self, shard: Path, matrix: Matrix) -> Quality:
        """Write the vectors of a shard, float32 [n, dim], and a note of them into its folder.

        :raises StoreError: if Milvus does not take them.
        """
        count, dimension = matrix.shape
        home, quality = self._home(dimension), Quality("exact", count, 1.0)
        home.put(shard.name, matrix)
        if self.place.kind != "FLAT":
            home.seal({shard.name: count})
            quality = MilvusVectors(home, {shard.name: count}).quality(matrix)
        (shard / NOTE).write_bytes(orjson.dumps({"count": count, "dimension": dimension}))
        return quality

    def seal(self, shards: Sequence[Path]) -> None:
        """Wait until the vectors of some shards are found.

        :raises StoreError: if they are not all there.
        """
        counts, dimension = _noted(shards)
        if counts:
            self._home(dimension).seal(counts)

    def open(self, shards: Sequence[Path]) -> MilvusVectors:
        """Open the vectors of all shards of a generation, in their order.

        :raises BuildNeeded: if they are not all there.
        :raises StoreError: if Milvus does not answer.
        """
        counts, dimension = _noted(shards)
        return MilvusVectors(self._home(dimension), counts)

    def forget(self) -> None:
        """Drop the vectors that no generation names.

        :raises StoreError: if Milvus does not answer.
        """
        notes = list((self._data / "generations").glob(f"*/{SHARDS}/*/{NOTE}"))
        if notes:
            _, dimension = _noted([notes[0].parent])
            self._home(dimension).keep({note.parent.name for note in notes})

    def _home(self, dimension: int) -> Partitions:
        return Partitions(self.place, self._owner, dimension)


def _noted(shards: Sequence[Path]) -> tuple[dict[str, int], int]:
    """Return how many vectors each shard has, and their length.

    :raises BuildNeeded: if a shard has no vectors in Milvus.
    """
    counts, dimension = {}, 0
    for shard in shards:
        try:
            note = orjson.loads((shard / NOTE).read_bytes())
            counts[shard.name], dimension = int(note["count"]), int(note["dimension"])
        except (OSError, ValueError, KeyError) as error:
            raise BuildNeeded(f"{shard} has no vectors in Milvus; run `tantu build`") from error
    return counts, dimension
