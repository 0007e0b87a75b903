"""Shards: an index is a list of pieces that never change, so that a report that comes or goes changes one of them.

::

    GENERATION/shards/KEY/entries.jsonl  the entries of some reports, in the order of their IRIs; where each ends
    GENERATION/shards/KEY/iris.txt       their IRIs, where each ends, and a hash of each
    GENERATION/shards/KEY/*.npy          columns to filter by, and how many vectors each entry has
    GENERATION/shards/KEY/keywords/      their words
    GENERATION/shards/KEY/vectors.faiss  their vectors; vectors.json, how well these are found
    GENERATION/shards/KEY/texts.jsonl    the reports' texts; reports.jsonl, what is known of each and where its text is
    GENERATION/lexicon/                  the words of all shards with their vectors

Which reports stand together follows from their ids alone: the reports are parted in two by a bit of a hash of the id,
and each half again, until at most ``LARGEST`` are left. So the same reports are the same shards, however they came.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypeVar
from weakref import WeakValueDictionary

import numpy as np
import orjson
from numpy.typing import NDArray

from kg.errors import BuildNeeded
from kg.holdings import SHARDS
from kg.settings import Settings
from search.keywords import Postings
from search.milvus.generations import Elsewhere
from search.pieces import Near, Pieces, all_of
from search.vectors import Quality, Vectors

# With 128, shards have 64 to 128 reports: one is assembled in 0.6 s, and a search looks through 128 of them where there
# are 10,000 reports. Half as many cost a search 3 ms more, twice as many an addition half a second more.
LARGEST = 128
LEXICON = "lexicon"
KEYWORDS, VECTORS, QUALITY, VIEWS = "keywords", "vectors.faiss", "vectors.json", "views.npy"

T = TypeVar("T")


def number_of(report: str) -> int:
    """Return a number of 256 bits for the id of a report: where it belongs."""
    return int.from_bytes(sha256(report.encode()).digest(), "little")


def split(reports: Sequence[T], id_of: Callable[[T], str], depth: int = 0) -> Iterator[list[T]]:
    """Yield the reports of each shard, in the order in which they are given.

    >>> sorted(map(len, split(list(range(200)), str)))
    [96, 104]
    """
    if len(reports) <= LARGEST:
        yield list(reports)
        return
    halves: tuple[list[T], list[T]] = ([], [])
    for report in reports:
        halves[number_of(id_of(report)) >> depth & 1].append(report)
    for half in halves:
        if half:
            yield from split(half, id_of, depth + 1)


@dataclass(frozen=True)  # without slots: it is referred to weakly
class Held:
    """What is open of a shard: its words, its vectors unless they are elsewhere, and how many each entry has."""

    postings: Postings
    vectors: Vectors | None
    views: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard of a generation that is open; what it holds is that of another generation's where they share it."""

    folder: Path
    held: Held

    @classmethod
    def open(cls, folder: Path) -> "Shard":
        """Open a shard: what is open already where it is the same, as most are in the next generation."""
        about = (folder / VIEWS).stat()
        key = folder.name, about.st_ino, about.st_mtime_ns
        found = _open.get(key)
        if found is None:
            vectors = Vectors.open(folder / VECTORS) if (folder / VECTORS).is_file() else None
            found = Held(Postings.open(folder / KEYWORDS), vectors, np.load(folder / VIEWS))
            _open[key] = found
        return cls(folder, found)


_open: WeakValueDictionary[tuple[str, int, int], Held] = WeakValueDictionary()


def vectors_of(shards: Sequence[Shard], settings: Settings | None = None) -> Near:
    """Return the vectors of shards as if they were one, from their folders or from where the settings say.

    :raises BuildNeeded: if a shard has none.
    :raises StoreError: if Milvus does not answer.
    """
    if settings and settings.vectors:
        return Elsewhere(settings).open([shard.folder for shard in shards])
    held = [shard.held.vectors for shard in shards if shard.held.vectors is not None]
    if len(held) < len(shards):
        raise BuildNeeded(f"the vectors of {shards[0].folder} are elsewhere; set TANTU_VECTORS, or run `tantu build`")
    return Pieces(held)


def folders_of(generation: Path) -> list[Path]:
    """Return the folders of the shards of a generation, in the order of their entries."""
    return sorted(path for path in (generation / SHARDS).iterdir() if path.is_dir())


def quality(generation: Path) -> Quality:
    """Return how many vectors there are, how they are compared, and the recall measured when they were written."""
    return all_of([Quality(**orjson.loads((folder / QUALITY).read_bytes())) for folder in folders_of(generation)])
