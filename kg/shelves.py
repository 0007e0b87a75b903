"""The reports of a generation as they are served: what is known of each at once, texts when they are asked for."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from kg.errors import StoreError
from kg.holdings import REPORTS, SHARDS, TEXTS
from kg.model import Report

KEPT = 200  # reports whose texts stay in memory: 25 KB each with its 9,000 characters, those of the seeds 60 KB

Content = tuple[str, tuple[int, ...]]  # a text, and where its pages begin


class Shelved(Report):
    """A report whose text and pages are read when they are asked for.

    Equal to a report that says the same.
    """

    __slots__ = ("_length", "_read")
    _read: Callable[[str], Content]
    _length: int

    def __init__(self, about: Mapping[str, Any], characters: int, read: Callable[[str], Content]) -> None:
        """Keep what is known of a report, and how its text is read by its id."""
        for name in ("id", "language", "company", "year", "title", "sha256"):
            object.__setattr__(self, name, about[name])
        object.__setattr__(self, "_length", characters)
        object.__setattr__(self, "_read", read)

    @property
    def text(self) -> str:
        """The report's text, exactly as in its file."""
        return self._read(self.id)[0]

    @property
    def pages(self) -> tuple[int, ...]:
        """The offsets at which the pages of the original begin."""
        return self._read(self.id)[1]

    @property
    def characters(self) -> int:
        """The length of the text in code points."""
        return self._length

    def __eq__(self, other: object) -> bool:
        """Compare as reports do; a checksum stands for a text."""
        return isinstance(other, Report) and (self.id, self.sha256) == (other.id, other.sha256)

    def __hash__(self) -> int:
        """Return a hash that equal reports share."""
        return hash((self.id, self.sha256))


class Shelves(Mapping[str, Report]):
    """Reports by id, in the order of their ids; safe to use from any thread."""

    def __init__(self, generation: Path) -> None:
        """Read what is known of the reports.

        :raises StoreError: if a shard lacks its reports.
        """
        self._places: dict[str, tuple[Path, int, int]] = {}
        self._content = lru_cache(maxsize=KEPT)(self._read)
        found: list[Report] = []
        try:
            for folder in (generation / SHARDS).iterdir():
                found += self._listed(folder)
        except OSError as error:
            raise StoreError(f"{generation} lacks its reports ({error.strerror}); run `tantu repair`") from error
        self._reports = {report.id: report for report in sorted(found, key=lambda report: report.id)}

    def _listed(self, folder: Path) -> Iterator[Report]:
        for line in (folder / REPORTS).read_bytes().splitlines():
            about = orjson.loads(line)
            self._places[about["id"]] = (folder / TEXTS, *about["place"])
            yield Shelved(about, about["characters"], self._content)

    def _read(self, id: str) -> Content:
        path, start, length = self._places[id]
        with path.open("rb") as file:
            file.seek(start)
            told = orjson.loads(file.read(length))
        return told["text"], tuple(told["pages"])

    def __getitem__(self, id: str) -> Report:
        """Return a report."""
        return self._reports[id]

    def __iter__(self) -> Iterator[str]:
        """Yield the ids in order."""
        return iter(self._reports)

    def __len__(self) -> int:
        """Return the number of reports."""
        return len(self._reports)
