"""The facts of a collection: a few numbers of each in memory, in the order of the texts; the rest stays on disk.

Ten thousand reports have a million facts. Which of them are figures of a metric or a company is asked of columns in
memory, 30 bytes a fact; what a fact says in full is read from the line of its entry, in 20 microseconds.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from kg.model import Fact, NumberFact, Observation, Span, Target
from kg.records import fact_of, field_of
from search.entries import PASSAGE, Entries, Entry

TABLE, VALUES, USES = "facts.npy", "facts.json", "uses.json"  # of a folder of entries
NAMED = ("kind", "report", "company", "metric", "unit", "scope", "form")  # columns of names; a number stands for each
OF_FACT = NAMED[3:]  # that only numbers have
KEPT = 4096  # facts that stay in memory, 3 KB each; those of the seeds are a thousand
NONE = -1  # a year that a fact does not name
EVERYWHERE = slice(None)

Places = NDArray[np.int64]


class Wanted(NamedTuple):
    """Figures that a question could be asked about: levels of whole companies in a year; None means any."""

    metric: str | None = None
    company: str | None = None
    apart_from: str | None = None
    year: int | None = None
    common_first: bool = False  # those of the metrics that most companies tell go first


class Told(NamedTuple):
    """What is kept of a fact in memory; ``row`` is the number of its entry."""

    start: int
    end: int
    year: int
    names: tuple[str, ...]
    row: int = 0


def told(line: Mapping[str, Any]) -> Told | None:
    """Return what is kept of the line of an entry; None for a passage."""
    kind, record = line["kind"], line.get("fact")
    if kind == PASSAGE or record is None:
        return None
    own = [field_of(kind, record, name) or "" for name in OF_FACT]
    year = field_of(kind, record, "year")
    names = (kind, line["report"], line["company"], *own)
    return Told(line["start"], line["end"], NONE if year is None else year, names)


def write_facts(folder: Path, found: Sequence[Told]) -> None:
    """Write the columns of the facts of a folder of entries, in the order of reports and texts."""
    ordered = sorted(found, key=lambda fact: (fact.names[1], fact.start, fact.end, fact.row))
    values = [sorted({fact.names[i] for fact in ordered}) for i in range(len(NAMED))]
    codes = [{name: code for code, name in enumerate(names)} for names in values]
    rows = [
        [fact.row, fact.start, fact.end, fact.year, *(codes[i][name] for i, name in enumerate(fact.names))]
        for fact in ordered
    ]
    np.save(folder / TABLE, np.array(rows, np.int32).reshape(len(rows), 4 + len(NAMED)))
    (folder / VALUES).write_bytes(orjson.dumps(dict(zip(NAMED, values, strict=True))))


class Facts:
    """The facts of some folders of entries, whose entries come one after the other."""

    def __init__(self, folders: Sequence[Path], entries: Entries) -> None:
        """Open what :func:`write_facts` wrote beside the entries of some folders."""
        self._entries = entries
        self._fact = lru_cache(maxsize=KEPT)(lambda row: fact_in(entries[row]))
        tables = [np.load(folder / TABLE) for folder in folders]
        held = [orjson.loads((folder / VALUES).read_bytes()) for folder in folders]
        self._names: dict[str, list[str]] = {
            name: sorted({value for values in held for value in values[name]}) for name in NAMED
        }
        codes = {name: {value: code for code, value in enumerate(values)} for name, values in self._names.items()}
        columns: dict[str, list[NDArray[np.int32]]] = {"row": [], "year": [], **{name: [] for name in NAMED}}
        for table, values, first in zip(tables, held, entries.starts, strict=False):
            columns["row"].append(table[:, 0] + np.int32(first))
            columns["year"].append(table[:, 3])
            for i, name in enumerate(NAMED):
                places = np.array([codes[name][value] for value in values[name]], np.int32)
                columns[name].append(places[table[:, 4 + i]] if len(table) else table[:, 4 + i])
        whole = {name: np.concatenate(parts) if parts else np.empty(0, np.int32) for name, parts in columns.items()}
        order = np.argsort(whole["report"], kind="stable")
        self._columns = {name: _small(values[order]) for name, values in whole.items()}
        self._starts = np.searchsorted(self._columns["report"], np.arange(len(self._names["report"]) + 1))
        self._reports = codes["report"]

    def __len__(self) -> int:
        """Return the number of facts."""
        return len(self._columns["row"])

    def __getitem__(self, place: int) -> Fact:
        """Return the fact of a place in the order of reports and texts."""
        return self._fact(int(self._columns["row"][place]))

    def __iter__(self) -> Iterator[Fact]:
        """Yield all facts."""
        return self.at(range(len(self)))

    def at(self, places: Iterable[int]) -> Iterator[Fact]:
        """Yield the facts of some places; each is read when it is its turn."""
        return map(self.__getitem__, places)

    def places(self, iris: Sequence[str]) -> Places:
        """Return the places of those IRIs that are facts, in order."""
        order, rows = self._by_row
        wanted = self._entries.numbers(iris)
        found = np.minimum(np.searchsorted(rows, wanted), max(len(rows) - 1, 0))
        return np.sort(order[found[rows[found] == wanted]]) if len(rows) else found

    @cached_property
    def _by_row(self) -> tuple[Places, NDArray[Any]]:
        """The places by the numbers of their entries, and those numbers in order."""
        order = np.argsort(self._columns["row"], kind="stable")
        return order, self._columns["row"][order]

    def find(self, iri: str) -> Fact | None:
        """Return the fact of an IRI; None where there is none."""
        row = self._entries.find(iri)
        if row is None or self._entries.kind(row) == PASSAGE:
            return None
        return self._fact(row)

    def figures(self, wanted: Wanted) -> Iterator[NumberFact]:
        """Yield the levels of whole companies that fit, in order."""
        places = self._levels
        for column, name in (("metric", wanted.metric), ("company", wanted.company)):
            if name is not None:
                places = self.within(places, **{column: {name}})
        if wanted.apart_from:
            places = self.within(places, company={name for name in self._names["company"] if name != wanted.apart_from})
        if wanted.year is not None:
            places = places[self._columns["year"][places] == wanted.year]
        if wanted.common_first:
            places = places[np.argsort(-self._tellers[self._columns["metric"][places]], kind="stable")]
        return (fact for fact in self.at(places) if isinstance(fact, NumberFact))

    @cached_property
    def _levels(self) -> Places:
        """The places of the levels of whole companies in a year."""
        found = self.where(kind={Observation.kind, Target.kind}, scope={"company"}, form={"level"})
        return np.asarray(found[self._columns["year"][found] != NONE])

    @cached_property
    def _tellers(self) -> NDArray[np.int64]:
        """How many companies tell each metric."""
        names = len(self._names["company"])
        pairs = self._columns["metric"][self._levels].astype(np.int64) * names
        told = np.unique(pairs + self._columns["company"][self._levels])
        counts: NDArray[np.int64] = np.bincount(told // max(names, 1), minlength=len(self._names["metric"]))
        return counts

    def of_report(self, report: str) -> range:
        """Return the places of a report's facts."""
        code = self._reports.get(report)
        return range(0) if code is None else range(int(self._starts[code]), int(self._starts[code + 1]))

    def where(self, years: Collection[int] | None = None, **names: Collection[str] | None) -> Places:
        """Return the places of the facts of some years, kinds, companies, metrics and so on (``NAMED``), in order."""
        masks = [self._holding(name, wanted, EVERYWHERE) for name, wanted in names.items() if wanted is not None]
        if years is not None:
            masks.append(np.isin(self._columns["year"], list(years)))
        return np.flatnonzero(np.logical_and.reduce(masks)) if masks else np.arange(len(self))

    def within(self, places: Places, **names: Collection[str]) -> Places:
        """Return those of some places at which each column has one of some names."""
        for name, wanted in names.items():
            places = places[self._holding(name, wanted, places)]
        return places

    def years(self, places: Places) -> set[int]:
        """Return the years that the facts of some places name."""
        return {int(year) for year in np.unique(self._columns["year"][places]) if year != NONE}

    def column(self, name: str, places: Places) -> NDArray[Any]:
        """Return what stands in a column at some places: years as they are, names as numbers."""
        found: NDArray[Any] = self._columns[name][places]
        return found

    def tally(self, column: str, places: Places) -> list[tuple[str, int]]:
        """Return the names in a column at some places with how often each stands there, the commonest first.

        Of equally common ones the one that comes first in the order of the reports goes first.
        """
        codes, firsts, counts = np.unique(self.column(column, places), return_index=True, return_counts=True)
        order = np.lexsort((firsts, -counts))
        return [(self._names[column][int(codes[i])], int(counts[i])) for i in order]

    def counts(self, column: str) -> dict[str, int]:
        """Return how many facts each name of a column has."""
        found = np.bincount(self._columns[column], minlength=len(self._names[column]))
        return dict(zip(self._names[column], found.tolist(), strict=True))

    def _holding(self, name: str, wanted: Collection[str], places: Places | slice) -> NDArray[np.bool_]:
        """Say of some places whether a column has one of some names there."""
        flags = np.array([value in wanted for value in self._names[name]], np.bool_)
        return np.asarray(flags[self._columns[name][places]])


def uses_in(folders: Iterable[Path]) -> Counter[str]:
    """Return of how many facts each term is spoken."""
    found: Counter[str] = Counter()
    for folder in folders:
        found.update(orjson.loads((folder / USES).read_bytes()))
    return found


def fact_in(entry: Entry) -> Fact:
    """Return the fact of an entry that is one."""
    assert entry.fact is not None
    quote = Span(entry.start, entry.end)
    return fact_of(entry.kind, entry.iri, entry.report, entry.company, quote, entry.fact)


def _small(values: NDArray[np.int32]) -> NDArray[Any]:
    """Return numbers in two bytes each where they fit."""
    fits = not len(values) or (values.min() >= np.iinfo(np.int16).min and values.max() <= np.iinfo(np.int16).max)
    return values.astype(np.int16) if fits else values
