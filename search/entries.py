"""What can be found: passages and facts as texts with their place, kept on disk and read one at a time."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from kg.descriptors import make_room
from kg.model import Passage
from search.columns import Columns, Value
from search.keywords import hashed
from search.seeking import speaks

PASSAGE = "passage"
LINES, NAMES = "entries.jsonl", "iris.txt"  # of a shard
FILES = 6  # of a shard that may be open at once: those of its entries and of its words and vectors
ENDS = ("entry_ends", "iri_ends", "iri_keys")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found.

    ``kind`` is ``passage`` or a fact's kind; ``text`` is what is indexed. A passage's text is its headings, a line
    each, and then its own characters, ``text[-(end - start):]``; a fact's text says it in both languages.
    ``technologies`` and ``risks`` are IRIs of concepts: those that it names, and the categories of its risks.
    """

    iri: str
    kind: str
    text: str
    report: str
    start: int
    end: int
    company: str
    year: int | None
    language: str
    technologies: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    fact: Sequence[Any] | None = None  # of a fact what it says, as kg.records has it

    @property
    def body(self) -> str:
        """A passage's own characters as they stand in the report; empty for a fact."""
        return self.text[self.start - self.end :] if self.kind == PASSAGE else ""

    @property
    def headings(self) -> str:
        """What stands above a passage's own characters; empty for a fact."""
        return self.text[: self.start - self.end] if self.kind == PASSAGE else ""


@dataclass(frozen=True, slots=True)
class Where:
    """Which entries may be found; None means any.

    ``candidates`` are IRIs of entries; ``language`` is a range as for ``langMatches``: "zh" means both scripts.
    ``technologies`` and ``risks`` are IRIs of concepts, of which an entry has to have one: :mod:`search.filters` adds
    the narrower ones.
    """

    kinds: frozenset[str] | None = None
    companies: frozenset[str] | None = None
    years: frozenset[int] | None = None
    reports: frozenset[str] | None = None
    candidates: Collection[str] | None = None
    language: str | None = None
    technologies: frozenset[str] | None = None
    risks: frozenset[str] | None = None


def passage_entry(passage: Passage, technologies: Iterable[str] = (), risks: Iterable[str] = ()) -> Entry:
    """Return the entry of a passage."""
    report = passage.report
    headings = "".join(f"{' '.join(span.of(report.text).split())}\n" for span in passage.headings)
    return Entry(
        passage.iri, PASSAGE, headings + passage.text, report.id, passage.start, passage.end,
        report.company, report.year, report.language, tuple(technologies), tuple(risks),
    )  # fmt: skip


class Drawer(NamedTuple):
    """The entries of one shard in the order of their IRIs: their lines and IRIs, and where each of these ends."""

    lines: NDArray[np.uint8]
    ends: NDArray[np.int64]
    named: NDArray[np.uint8]
    name_ends: NDArray[np.int64]
    keys: NDArray[np.uint64]

    @classmethod
    def open(cls, folder: Path) -> "Drawer":
        """Open what :mod:`search.assembling` wrote; it stays on disk until it is needed."""
        texts = [np.memmap(folder / name, np.uint8, "r").view(np.ndarray) for name in (LINES, NAMES)]
        ends, name_ends, keys = (np.load(folder / f"{name}.npy") for name in ENDS)  # 24 bytes an entry
        return cls(texts[0], ends, texts[1], name_ends, keys)

    def entry(self, i: int) -> Entry:
        """Return the entry of a number."""
        start = int(self.ends[i - 1]) if i else 0
        told = orjson.loads(self.lines[start : int(self.ends[i])].tobytes())
        told["technologies"], told["risks"] = tuple(told["technologies"]), tuple(told["risks"])
        return Entry(**told)

    def iri(self, i: int) -> str:
        """Return the IRI of the entry of a number."""
        start = self.name_ends.item(i - 1) if i else 0  # asked 550 times a question
        return str(self.named.data[start : self.name_ends.item(i) - 1], "utf-8")


class Entries:
    """The entries of all shards, one shard after the other, with a column for each field that can be filtered by."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Open what :mod:`search.assembling` wrote into the folders of the shards."""
        make_room(FILES * len(folders))
        self._drawers = [Drawer.open(folder) for folder in folders]
        self.starts = list(accumulate((len(drawer.ends) for drawer in self._drawers), initial=0))
        self._columns = Columns(folders)

    def __len__(self) -> int:
        """Return the number of entries."""
        return self.starts[-1]

    def __getitem__(self, i: int) -> Entry:
        """Return the entry of a number."""
        drawer = bisect_right(self.starts, i) - 1
        return self._drawers[drawer].entry(i - self.starts[drawer])

    def iri(self, i: int) -> str:
        """Return the IRI of the entry of a number."""
        drawer = bisect_right(self.starts, i) - 1
        return self._drawers[drawer].iri(i - self.starts[drawer])

    def kind(self, i: int) -> str:
        """Return the kind of the entry of a number."""
        return str(self._columns.value("kind", i))

    def language(self, i: int) -> str:
        """Return the language of the entry of a number; a hundredth of the time of reading the entry."""
        return str(self._columns.value("language", i))

    def values(self, name: str) -> list[Value]:
        """Return the values that occur in a column: ``kind company report year language technologies risks``."""
        return self._columns.values(name)

    def holding(self, name: str, wanted: Collection[Value]) -> NDArray[np.bool_]:
        """Say for every entry whether its ``name`` is one of some values."""
        return self._columns.holding(name, wanted)

    def allowed(self, where: Where) -> NDArray[np.bool_] | None:
        """Say for every entry whether it may be found; None means all may."""
        chosen = {
            "kind": where.kinds, "company": where.companies, "report": where.reports, "year": where.years,
            "technologies": where.technologies, "risks": where.risks,
        }  # fmt: skip
        masks = [self.holding(name, wanted) for name, wanted in chosen.items() if wanted is not None]
        if where.language is not None:
            spoken = {tag for tag in self.values("language") if speaks(str(tag), where.language)}
            masks.append(self.holding("language", spoken))
        if where.candidates is not None:
            masks.append(np.zeros(len(self), np.bool_))
            masks[-1][self._found(list(where.candidates))] = True
        return np.logical_and.reduce(masks) if masks else None

    @cached_property
    def iris(self) -> list[str]:
        """The IRIs of all entries, in their order."""
        return [iri for drawer in self._drawers for iri in drawer.named.tobytes().decode().split("\n")[:-1]]

    @cached_property
    def keys(self) -> NDArray[np.uint64]:
        """A hash of the IRI of each entry."""
        return np.concatenate([drawer.keys for drawer in self._drawers])

    @cached_property
    def _by_key(self) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        """The numbers of the entries by their keys, and the keys in order; a tenth of a second for a million."""
        order = np.argsort(self.keys, kind="stable")
        return order, self.keys[order]

    def _found(self, iris: Sequence[str]) -> list[int]:
        """Return the numbers of the entries with some IRIs."""
        order, keys = self._by_key
        wanted = hashed(iris)
        places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        there = np.flatnonzero(keys[places] == wanted)
        numbers = order[places[there]].tolist()
        return [number for i, number in zip(there.tolist(), numbers, strict=True) if self.iri(number) == iris[i]]

    def numbers(self, iris: Sequence[str]) -> NDArray[np.int64]:
        """Return the numbers of those entries that there are of some IRIs."""
        return np.array(self._found(iris), np.int64)

    def find(self, iri: str) -> int | None:
        """Return the number of the entry with an IRI."""
        return next(iter(self._found([iri])), None)
