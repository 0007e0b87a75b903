"""What can be found: passages and facts as texts with their place, kept on disk and read one at a time."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from kg.model import Passage
from search.columns import Columns, Value
from search.seeking import speaks

PASSAGE = "passage"
FEW = 32  # IRIs that are found sooner on disk, in 20 microseconds each, than by reading those of all entries once


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


class Entries:
    """Entries in the order of their IRIs, with a column for each field that can be filtered by."""

    def __init__(self, folder: Path) -> None:
        """Open what :mod:`search.assembling` wrote."""
        self._lines = np.memmap(folder / "entries.jsonl", np.uint8, "r").view(np.ndarray)
        self._ends = np.load(folder / "entry_ends.npy", mmap_mode="r").view(np.ndarray)
        self._named = np.memmap(folder / "iris.txt", np.uint8, "r").view(np.ndarray)
        self._name_ends = np.load(folder / "iri_ends.npy", mmap_mode="r").view(np.ndarray)
        self._columns = Columns(folder)

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self._ends)

    def __getitem__(self, i: int) -> Entry:
        """Return the entry of a number."""
        start = int(self._ends[i - 1]) if i else 0
        told = orjson.loads(self._lines[start : int(self._ends[i])].tobytes())
        told["technologies"], told["risks"] = tuple(told["technologies"]), tuple(told["risks"])
        return Entry(**told)

    def iri(self, i: int) -> str:
        """Return the IRI of the entry of a number."""
        start = int(self._name_ends[i - 1]) if i else 0
        return self._named[start : int(self._name_ends[i]) - 1].tobytes().decode()

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
            masks[-1][self._found(where.candidates)] = True
        return np.logical_and.reduce(masks) if masks else None

    def _found(self, iris: Collection[str]) -> list[int]:
        """Return the numbers of the entries with some IRIs: a few are looked up on disk, many in memory."""
        numbers = map(self.find if len(iris) < FEW else self._numbers.get, iris)
        return [number for number in numbers if number is not None]

    @cached_property
    def iris(self) -> list[str]:
        """The IRIs of all entries, in their order."""
        return self._named.tobytes().decode().split("\n")[:-1]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {iri: i for i, iri in enumerate(self.iris)}

    def find(self, iri: str) -> int | None:
        """Return the number of the entry with an IRI, by bisection over the file."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self.iri(middle) < iri:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self) and self.iri(low) == iri else None
