"""What one report adds to a generation, kept by itself: so that a change of one report leaves the others' work alone.

::

    DATA/parts/KEY/facts.nq        its named graph as sorted N-Quads
    DATA/parts/KEY/entries.jsonl   its passages and facts, in the order of their IRIs
    DATA/parts/KEY/*.npy           their words, vectors float32 [views, dim], and how many of each an entry has
    DATA/parts/KEY/part.json       counts, words, what the shapes turned down, size and checksum of each file

The key is a hash of all that the part depends on, so one that is there is right.
"""

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from types import MappingProxyType
from typing import Any

import numpy as np
import orjson

from kg.catalogue import Listed
from kg.durable import sync
from kg.errors import StoreError
from kg.holdings import enlarged_once
from kg.listings import holds, listing
from kg.model import Report
from kg.pipeline import Pipeline
from kg.shapes import Rejection
from kg.turtle import Triple
from kg.vocabulary import Vocabulary
from search.encoder import Encoder
from search.entries import Entry
from search.findable import entries
from search.keywords import Bags
from search.tokens import Word
from search.views import bag, told, views, words

Progress = Callable[[int, int], None]  # texts encoded, texts in all
FORMAT = 3  # of a part; a change of what its files hold counts it up
FACTS, ENTRIES, ABOUT = "facts.nq", "entries.jsonl", "part.json"
ARRAYS = ("lengths", "columns", "often", "sizes", "views", "vectors")
BATCH = 512  # texts encoded at once


@dataclass(frozen=True, slots=True)
class Task:
    """A report to make a part of: ``companies`` is what the collection itself says of its publisher."""

    key: str
    report: Report
    companies: tuple[Triple, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What :class:`Task` is, before the text of the report has been read."""

    key: str
    listed: Listed
    companies: tuple[Triple, ...] = ()

    @property
    def id(self) -> str:
        """The report's id."""
        return self.listed.id

    def task(self) -> Task:
        """Return the task.

        :raises CatalogueError: if the text is missing, or not what the catalogue says.
        """
        return Task(self.key, self.listed.read(), self.companies)


def key_of(report: Report, companies: Sequence[Triple], inputs: Mapping[str, str]) -> str:
    """Return the name of a report's part; ``inputs`` are the checksums of code, ontology and model."""
    about = [report.id, report.language, report.company, report.year, sorted(report.title.items()), report.sha256]
    given = [FORMAT, about, sorted(map(str, companies)), sorted(inputs.items())]
    return sha256(orjson.dumps(given)).hexdigest()[:32]


class Part:
    """A part that has been made."""

    def __init__(self, folder: Path, *, checked: bool = False) -> None:
        """Open a part; what it holds is ``checked`` beyond its size where somebody may have touched it.

        :raises StoreError: if it is not whole.
        """
        self.folder = folder
        try:
            file = (folder / ABOUT).stat()
            self.about = _read_once(folder / ABOUT, file.st_ino, file.st_size, file.st_mtime_ns)
            whole = holds(folder, self.about["files"], whole=checked)
        except (OSError, ValueError, KeyError) as error:
            raise StoreError(f"{folder} is no part of a generation ({error}); run `tantu repair`") from error
        if not whole:
            raise StoreError(f"{folder} is not whole; run `tantu repair`")

    @property
    def rejections(self) -> list[Rejection]:
        """What the shapes turned down."""
        return [Rejection(*found) for found in self.about["rejections"]]

    def array(self, name: str) -> Any:
        """Return one of ``ARRAYS``; it stays on disk until it is needed."""
        return np.load(self.folder / f"{name}.npy", mmap_mode="r").view(np.ndarray)

    @property
    def bags(self) -> Bags:
        """The words of the entries."""
        return Bags(self.about["words"], self.array("columns"), self.array("often"), self.array("sizes"))

    def lines(self) -> Iterator[dict[str, Any]]:
        """Yield the entries as JSON objects."""
        with (self.folder / ENTRIES).open("rb") as file:
            yield from map(orjson.loads, file)


@lru_cache(maxsize=256)  # those of a shard are looked at before it is assembled
def _read_once(path: Path, *version: int) -> Mapping[str, Any]:
    found: Mapping[str, Any] = orjson.loads(path.read_bytes())
    return found


def whole(folder: Path, *, checked: bool = False) -> bool:
    """Say whether a part is there; one that is broken is removed."""
    try:
        Part(folder, checked=checked)
    except StoreError:
        shutil.rmtree(folder, ignore_errors=True)
        return False
    return True


def make(home: Path, task: Task, pipeline: Pipeline, encoder: Encoder) -> None:
    """Make the part of a report in a folder of parts, unless somebody has made it by then.

    :raises KgError: if the report cannot be read, or the folder cannot be written.
    """
    vocabulary = enlarged_once(pipeline.vocabulary, task.companies)
    extracted = pipeline.extract(task.report, vocabulary)
    about = {
        "facts": len(extracted.facts),
        "uses": extracted.uses,
        "rejections": [[each.fact, each.quote, each.problem] for each in extracted.rejections],
    }
    with arriving(home, task.key) as aside:
        (aside / FACTS).write_bytes(extracted.nquads)
        write_entries(aside, entries(extracted, vocabulary), vocabulary, encoder, about)


@contextmanager
def arriving(home: Path, key: str) -> Iterator[Path]:
    """Give an empty folder for a part, which is brought to the disk and named by its key unless somebody has made it.

    :raises StoreError: if the folder of parts cannot be written.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        aside = Path(mkdtemp(prefix=".making-", dir=home))
        try:
            yield aside
            sync(aside)
            aside.rename(home / key)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        if not whole(home / key):
            raise StoreError(
                f"{home} cannot be written ({error.strerror}); make room there or allow writing"
            ) from error


def silent(done: int, total: int) -> None:
    """Tell nobody how many texts are encoded."""


def write_entries(
    folder: Path,
    entries: Iterable[Entry],
    vocabulary: Vocabulary,
    encoder: Encoder,
    about: Mapping[str, Any] = MappingProxyType({}),
    progress: Progress = silent,
) -> None:
    """Write some entries as a part, in the order of their IRIs; ``about`` is what else is to be known of it."""
    ordered = sorted(entries, key=lambda entry: entry.iri)
    lines = [orjson.dumps(asdict(entry)) + b"\n" for entry in ordered]
    counts: dict[Word, float] = defaultdict(float)
    bags = Bags.of(_bags(ordered, vocabulary, counts))
    texts = [views(entry) for entry in ordered]
    arrays = {
        "lengths": np.array([len(line) for line in lines], np.int64),
        **{name: getattr(bags, name) for name in ("columns", "often", "sizes")},
        "views": np.array([len(group) for group in texts], np.int32),
        "vectors": _encoded([text for group in texts for text in group], encoder, progress),
    }
    for name in ARRAYS:
        np.save(folder / f"{name}.npy", arrays[name])
    (folder / ENTRIES).write_bytes(b"".join(lines))
    content = {
        **about,
        "words": bags.words,
        "counts": [[*word, number] for word, number in counts.items()],
        "files": listing(folder),
    }
    (folder / ABOUT).write_bytes(orjson.dumps(content))


def _bags(entries: Sequence[Entry], vocabulary: Vocabulary, counts: dict[Word, float]) -> Iterator[Mapping[str, float]]:
    """Yield what the keyword index holds of each entry, and count all words on the way."""
    facts = told(entries)
    for entry in entries:
        found = words(entry, facts.get(entry.iri, ()))
        for word, number in found.items():
            counts[word] += number
        yield bag(entry, found, vocabulary)


def _encoded(texts: Sequence[str], encoder: Encoder, progress: Progress) -> Any:
    """Return the vectors of texts, float32 [texts, dim]."""
    matrix = np.empty((len(texts), encoder.dimension), np.float32)
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        matrix[start : start + len(batch)] = encoder.encode(batch)
        progress(start + len(batch), len(texts))
    return matrix
