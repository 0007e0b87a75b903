"""From the parts of some reports to one shard of an index: copied piece by piece, never all in memory.

The same parts give the same bytes, whenever and by whom they were made.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from kg.errors import StoreError
from kg.holdings import SHARDS
from kg.vocabulary import Vocabulary
from search.columns import SEVERAL, SINGLE, write_columns
from search.encoder import Encoder
from search.entries import ENDS, LINES, NAMES, PASSAGE, Entry
from search.facts import USES, Told, told, write_facts
from search.keywords import Bags, Postings, hashed
from search.lexicon import Lexicon, counted, write_counts
from search.parts import ENTRIES, Part, Progress, silent, write_entries
from search.shards import KEYWORDS, LEXICON, QUALITY, VECTORS, VIEWS, folders_of, number_of
from search.tokens import Word
from search.vectors import Matrix, Quality, Vectors

Put = Callable[[Path, Matrix], Quality]
"""Keeps the vectors of the shard in a folder, and returns how they are found."""


class Run(NamedTuple):
    """Entries of one part that come one after the other in the index too: ``first`` to ``last``, exclusive."""

    part: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Row:
    """What an entry can be filtered by."""

    kind: str
    company: str
    report: str
    year: int | None
    language: str
    technologies: tuple[str, ...]
    risks: tuple[str, ...]


def assemble(
    folder: Path, parts: Sequence[Part], dimension: int, exact_up_to: int | None = None, put: Put | None = None
) -> int:
    """Write the shard of some parts into a folder and return how many entries it has.

    ``dimension`` is that of the parts' vectors; ``exact_up_to`` is as for :class:`search.vectors.Vectors`; ``put``
    takes the vectors where they shall be elsewhere.

    :raises StoreError: if there are no entries, or two have the same IRI.
    """
    folder.mkdir(parents=True, exist_ok=True)
    iris, rows, facts = _read(parts)
    order = _order(iris)
    runs = list(_runs(order))
    ordered = [rows[part][entry] for part, entry in order]
    _write_names(folder, [iris[part][entry] for part, entry in order])
    _write_entries(folder, parts, runs)
    write_columns(folder, ordered)
    placed = ((row, facts[part][entry]) for row, (part, entry) in enumerate(order))
    write_facts(folder, [fact._replace(row=row) for row, fact in placed if fact])
    Postings.of(_bags(parts, runs), [row.kind == PASSAGE for row in ordered]).save(folder / KEYWORDS)
    write_counts(folder, _counts(parts))
    (folder / USES).write_bytes(orjson.dumps(_uses(parts)))
    _write_vectors(folder, parts, runs, dimension, put or partial(_save_vectors, exact_up_to=exact_up_to))
    return len(order)


def build_index(
    folder: Path,
    entries: Iterable[Entry],
    encoder: Encoder,
    vocabulary: Vocabulary,
    progress: Progress = silent,
    shards: int = 1,
) -> None:
    """Write the index of some entries, as if they were those of one report, or of reports in several shards.

    :raises StoreError: if there are no entries, or two of a report have the same IRI.
    """
    groups: dict[int, list[Entry]] = {} if shards > 1 else {0: list(entries)}
    for entry in entries if shards > 1 else ():
        groups.setdefault(number_of(entry.report) % shards, []).append(entry)
    for number, group in groups.items():
        shard = folder / SHARDS / f"{number:02}"
        shard.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="part-", dir=folder) as aside:
            write_entries(Path(aside), group, vocabulary, encoder, progress=progress)
            assemble(shard, [Part(Path(aside))], encoder.dimension)
    Lexicon.build(counted(folders_of(folder)), encoder).save(folder / LEXICON)


def _read(parts: Sequence[Part]) -> tuple[list[list[str]], list[list[Row]], list[list[Told | None]]]:
    """Return the IRI of each entry of each part, what it can be filtered by, and what is kept of a fact."""
    iris, rows, facts, seen = [], [], [], dict[Any, Any]()
    for part in parts:
        lines = [(line["iri"], _row(line, seen), told(line)) for line in part.lines()]
        iris.append([iri for iri, _, _ in lines])
        rows.append([row for _, row, _ in lines])
        facts.append([fact for _, _, fact in lines])
    return iris, rows, facts


def _row(line: dict[str, Any], seen: dict[Any, Any]) -> Row:
    """Return a row; equal rows are one object, as most of a report's are."""
    values: dict[str, Any] = {name: line[name] for name in SINGLE} | {name: tuple(line[name]) for name in SEVERAL}
    row = Row(**values)
    found: Row = seen.setdefault(row, row)
    return found


def _order(iris: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Return part and number of each entry in the order of the IRIs."""
    order = sorted(
        ((part, entry) for part, names in enumerate(iris) for entry in range(len(names))),
        key=lambda place: iris[place[0]][place[1]],
    )
    if not order:
        raise StoreError("there is nothing to index; add a report first")
    for (part, entry), after in pairwise(order):
        if iris[part][entry] == iris[after[0]][after[1]]:
            raise StoreError(f"two entries are called {iris[part][entry]}; an IRI names one passage or one fact")
    return order


def _runs(order: Sequence[tuple[int, int]]) -> Iterator[Run]:
    """Join entries that stand one after the other in a part.

    >>> list(_runs([(0, 0), (0, 1), (1, 0), (0, 2)]))
    [Run(part=0, first=0, last=2), Run(part=1, first=0, last=1), Run(part=0, first=2, last=3)]
    """
    part, first = order[0]
    last = first
    for place in order:
        if place != (part, last):
            yield Run(part, first, last)
            part, first = place
        last = place[1] + 1
    yield Run(part, first, last)


def _write_names(folder: Path, iris: Sequence[str]) -> None:
    names = [f"{iri}\n".encode() for iri in iris]
    (folder / NAMES).write_bytes(b"".join(names))
    np.save(folder / f"{ENDS[1]}.npy", np.cumsum([len(name) for name in names], dtype=np.int64))
    np.save(folder / f"{ENDS[2]}.npy", hashed(iris))


def _write_entries(folder: Path, parts: Sequence[Part], runs: Sequence[Run]) -> None:
    lengths = [part.array("lengths") for part in parts]
    starts = [_starts(found) for found in lengths]
    with (folder / LINES).open("wb") as target:
        for part, first, last in runs:
            with (parts[part].folder / ENTRIES).open("rb") as source:
                source.seek(int(starts[part][first]))
                target.write(source.read(int(starts[part][last] - starts[part][first])))
    ends = np.cumsum(np.concatenate([lengths[part][first:last] for part, first, last in runs]), dtype=np.int64)
    np.save(folder / f"{ENDS[0]}.npy", ends)


def _starts(sizes: NDArray[Any]) -> NDArray[np.int64]:
    """Return where each of some pieces of these sizes starts, and behind the last one where all end."""
    return np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])


def _bags(parts: Sequence[Part], runs: Sequence[Run]) -> Bags:
    """Return the words of all parts, entries in the order of the index."""
    ids: dict[str, int] = {}
    bags = [part.bags for part in parts]
    places = [np.array([ids.setdefault(word, len(ids)) for word in bag.words], np.int32) for bag in bags]
    starts = [_starts(bag.sizes) for bag in bags]
    columns, often, sizes = [], [], []
    for part, first, last in runs:
        begin, end = starts[part][first], starts[part][last]
        columns.append(places[part][bags[part].columns[begin:end]])
        often.append(bags[part].often[begin:end])
        sizes.append(bags[part].sizes[first:last])
    return Bags(list(ids), np.concatenate(columns), np.concatenate(often), np.concatenate(sizes))


def _counts(parts: Sequence[Part]) -> dict[Word, float]:
    """Return how often each word occurs in all parts.

    Weights are multiples of a tenth: rounded, they do not tell in which order they were added up.
    """
    counts: dict[Word, float] = defaultdict(float)
    for part in parts:
        for word, written, number in part.about["counts"]:
            counts[word, written] += number
    return {word: round(number, 3) for word, number in counts.items()}


def _uses(parts: Sequence[Part]) -> dict[str, int]:
    """Return of how many facts of all parts each term is spoken."""
    found: Counter[str] = Counter()
    for part in parts:
        found.update(part.about.get("uses", {}))
    return dict(sorted(found.items()))


def _save_vectors(folder: Path, matrix: Matrix, exact_up_to: int | None) -> Quality:
    vectors = Vectors.build(matrix, exact_up_to)
    vectors.save(folder / VECTORS)
    return vectors.quality()


def _write_vectors(folder: Path, parts: Sequence[Part], runs: Sequence[Run], dimension: int, put: Put) -> None:
    views = [part.array("views") for part in parts]
    starts = [_starts(found) for found in views]
    held = np.concatenate([views[part][first:last] for part, first, last in runs])
    aside = folder / "vectors.tmp"  # written and then mapped: a full disk is an error here, in a mapped file a crash
    with aside.open("wb") as file:
        for part, first, last in runs:
            file.write(parts[part].array("vectors")[starts[part][first] : starts[part][last]].tobytes())
    numbers = np.memmap(aside, np.float32, "r") if held.any() else np.empty(0, np.float32)
    (folder / QUALITY).write_bytes(orjson.dumps(asdict(put(folder, numbers.reshape(-1, dimension)))))
    np.save(folder / VIEWS, held)
    aside.unlink()
