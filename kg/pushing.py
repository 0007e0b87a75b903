"""Bringing the graph of a build to a store at a URL: only the named graphs that have changed, and a record of them.

The record is a graph of its own (``kg.remote.RECORD``): of each named graph the key of what was pushed, and the key of
the generation. What changes little goes as one update request, which stores carry out whole or not at all; what is too
large for that goes graph by graph, each without its key in the record until it is there, so that whoever comes next
knows what is missing.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from kg.errors import SettingsError
from kg.progress import Step, silent
from kg.remote import KEY, RECORD, Remote
from kg.settings import Settings
from kg.terms import IRI, text
from kg.wire import Address, send

ONCE = 16 << 20  # bytes of N-Triples that go as one request: 80,000 triples, a second for Oxigraph
PART = 5_000  # triples of an update where a graph is too large for one and there is no Graph Store
RECORDED = 200  # graphs after which the record is written again while many are pushed
SECONDS = 3600.0  # that a store may take for one request
SAYS, NAME = IRI(KEY).n3, IRI(RECORD).n3
UPDATE, TRIPLES = "application/sparql-update", "application/n-triples"


class Piece(NamedTuple):
    """A named graph: the N-Quads files that have its quads, among those of others, and the key of what it holds."""

    graph: str
    key: str
    files: tuple[Path, ...]

    def triples(self) -> Iterator[bytes]:
        """Yield its triples, a line of N-Triples each."""
        end = f" {IRI(self.graph).n3} .\n".encode()
        for path in self.files:
            with path.open("rb") as file:
                yield from (line[: -len(end)] + b" .\n" for line in file if line.endswith(end))

    @property
    def size(self) -> int:
        """The bytes of its files."""
        return sum(path.stat().st_size for path in self.files)


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did: the graphs that were written and removed, the bytes of them, and whether it was one request."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    size: int
    at_once: bool
    seconds: float


class Target:
    """A store that builds are pushed to."""

    def __init__(self, settings: Settings) -> None:
        """Name its addresses: of queries, and of updates or of its Graph Store, or of both.

        :raises SettingsError: if one is no URL, or nothing can be written to.
        """
        self.store = Remote(settings.store, SECONDS)
        followed = self.store.address.parts.path.endswith("/query")
        update = settings.store_update or (self.store.address.replaced("update") if followed else "")
        graphs = settings.store_graphs or (self.store.address.replaced("store") if followed else "")
        self.update = Address(update, "store_update") if update else None
        self.graphs = Address(graphs, "store_graphs") if graphs else None
        if not update and not graphs:
            shown = self.store.address.shown
            raise SettingsError(f"TANTU_STORE_UPDATE is not set, and {shown} does not tell where it is written to")

    @cached_property
    def held(self) -> dict[str, str]:
        """The key of each graph in the record, by its IRI."""
        found = self.store.query(f"SELECT ?g ?k {{ GRAPH {NAME} {{ ?g {SAYS} ?k }} }}")
        return {row["g"].value: row["k"].value for row in found}

    def push(self, generation: str, pieces: Sequence[Piece], step: Step = silent) -> Pushed:
        """Make the store hold some graphs of ours, and no others of ours.

        :raises KgError: if the store does not answer or refuses something; the record says what is there then.
        """
        began = time.perf_counter()
        try:
            return self._push(generation, pieces, step, began)
        finally:
            self.__dict__.pop("held", None)
            self.store.close()

    def _push(self, generation: str, pieces: Sequence[Piece], step: Step, began: float) -> Pushed:
        wanted = {piece.graph: piece.key for piece in pieces} | {RECORD: generation}
        changed = [piece for piece in pieces if self.held.get(piece.graph) != piece.key]
        gone = sorted(self.held.keys() - wanted.keys())
        size = sum(piece.size for piece in changed)
        at_once = self.update is not None and size <= ONCE
        step("store", 0, len(changed) or 1)
        if at_once:
            self._at_once(changed, gone, wanted)
        else:
            self._one_by_one(changed, gone, wanted, step)
        step("store", len(changed) or 1, len(changed) or 1)
        names = tuple(piece.graph for piece in changed)
        return Pushed(names, tuple(gone), size, at_once, time.perf_counter() - began)

    def _at_once(self, changed: Sequence[Piece], gone: Sequence[str], wanted: Mapping[str, str]) -> None:
        drops = [f"DROP SILENT GRAPH {IRI(name).n3}" for name in [*gone, *(piece.graph for piece in changed), RECORD]]
        data = [f"GRAPH {IRI(piece.graph).n3} {{\n".encode() + b"".join(piece.triples()) + b"}\n" for piece in changed]
        data.append(f"GRAPH {NAME} {{\n".encode() + _record(wanted) + b"}\n")
        self._send_update(" ;\n".join(drops).encode() + b" ;\nINSERT DATA {\n" + b"".join(data) + b"}")

    def _one_by_one(self, changed: Sequence[Piece], gone: Sequence[str], wanted: Mapping[str, str], step: Step) -> None:
        there = {name: key for name, key in self.held.items() if wanted.get(name) == key}  # without the generation's
        self._put(RECORD, [_record(there)])
        for name in gone:
            self._put(name, [])
        for number, piece in enumerate(changed, 1):
            self._put(piece.graph, list(piece.triples()))
            there[piece.graph] = piece.key
            step("store", number, len(changed))
            if number % RECORDED == 0:
                self._put(RECORD, [_record(there)])
        self._put(RECORD, [_record(wanted)])

    def _put(self, graph: str, triples: Sequence[bytes]) -> None:
        """Replace a graph; none are left of one without triples."""
        if self.graphs is not None:
            method = "PUT" if triples else "DELETE"
            send(self.graphs, method, b"".join(triples), TRIPLES, {"graph": graph}, SECONDS)
            return
        name, rest = IRI(graph).n3, iter(triples)
        head = f"DROP SILENT GRAPH {name} ;\n"
        while part := list(islice(rest, PART)):
            self._send_update(f"{head}INSERT DATA {{ GRAPH {name} {{\n".encode() + b"".join(part) + b"} }")
            head = ""
        if head:
            self._send_update(head.rstrip(" ;\n").encode())

    def _send_update(self, update: bytes) -> None:
        assert self.update is not None
        send(self.update, "POST", update, UPDATE, {}, SECONDS)


def _record(keys: Mapping[str, str]) -> bytes:
    """Return the record of graphs and their keys as N-Triples."""
    return "".join(f"{IRI(name).n3} {SAYS} {text(key).n3} .\n" for name, key in sorted(keys.items())).encode()
