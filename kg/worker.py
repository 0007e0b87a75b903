"""A process that evaluates queries: requests come by one pipe, frames go out by another.

It says its number first. A frame is a letter, a length of 4 bytes (little-endian) and so many bytes: H head (JSON), D
data, E error (JSON), A a question to the parent (JSON), whose answer comes as requests do, Z end.
``kg.forking`` makes these processes, ``kg.pool`` talks to them; nothing else does.
"""

import json
import os
import struct
import threading
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.confinement import follow, limit_memory, yield_processor
from kg.counting import Rows
from kg.errors import KgError, QueryError, QueryTooLarge
from kg.remote import Remote, Triples
from kg.store import Store, evaluate, serialize

DECIMAL = ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
# Seconds that a query has taken, and its niceness from then on: the longer the less of the processor it gets where
# others want it. Straight to the last would be as good for the others, but a busy machine would hardly ever finish it.
STAGES = ((0.05, 5), (0.25, 10), (1.0, 15), (4.0, 19))
CHUNK = 1 << 16  # bytes the first data frame has at least; each has twice as many as the one before
LARGEST = 1 << 19  # up to here: 331 MB take 0.4 s of the parent's processor time, in small frames 1.05 s
ROWS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}


class Frames:
    """A binary file whose content goes out in frames."""

    def __init__(self, descriptor: int) -> None:
        """Write to an open file descriptor."""
        self._descriptor = descriptor
        self._ready = b""
        self._waiting: list[bytes] = []
        self._size = 0
        self.chunk = CHUNK
        self.rows: Rows | None = None
        self.most = 0

    def send(self, letter: bytes, content: bytes, *, more: bool = False) -> None:
        """Write one frame; with ``more`` it goes out together with the next, which comes at once."""
        self._ready += letter + struct.pack("<I", len(content)) + content
        if not more:
            left, self._ready = memoryview(self._ready), b""
            while left:
                left = left[os.write(self._descriptor, left) :]

    def write(self, content: bytes) -> int:
        """Collect bytes for the next data frame; the engine calls this."""
        self._waiting.append(bytes(content))
        self._size += len(content)
        if self._size >= self.chunk:
            self.chunk = min(2 * self.chunk, LARGEST)
            self.flush()
        return len(content)

    def clear(self) -> None:
        """Forget what has been collected."""
        self._waiting, self._size = [], 0

    def flush(self, *, more: bool = False) -> None:
        """Send what has been collected; the engine calls this too."""
        content = b"".join(self._waiting)
        self.clear()
        if self.rows and self.rows.add(content) > self.most:
            raise too_many(self.most)
        if content:
            self.send(b"D", content, more=more)


class Functions:
    """Functions of two terms that only the parent can compute: it is asked for each value once in a query.

    A question is ``{"function": IRI, "terms": [term, term]}`` with terms as N-Triples writes them; the answer is
    ``{"value": number or null, "all": null or {term: number}}``, where ``all`` has a value for every IRI that has one.
    """

    def __init__(self, names: list[str], descriptor: int, frames: Frames) -> None:
        """Ask by frames, and read the answers from a file descriptor."""
        self.custom = {ox.NamedNode(name): partial(self._value, name) for name in names}
        self._descriptor, self._frames = descriptor, frames
        self._known: dict[tuple[str, str], dict[str, float | None]] = {}
        self._complete: set[tuple[str, str]] = set()

    def _value(self, name: str, *terms: Any) -> ox.Literal | None:
        if len(terms) != 2:
            return None
        first, second = map(str, terms)
        known = self._known.setdefault((name, second), {})
        if first not in known and not (first.startswith("<") and (name, second) in self._complete):
            answer = self._ask({"function": name, "terms": [first, second]})
            known[first] = answer["value"]
            if answer["all"] is not None:
                known.update(answer["all"])
                self._complete.add((name, second))
        value = known.get(first)
        return None if value is None else ox.Literal(f"{value:.6f}", datatype=DECIMAL)

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        self._frames.send(b"A", json.dumps(question).encode())
        size = struct.unpack("<I", read_exactly(self._descriptor, 4))[0]
        found: dict[str, Any] = json.loads(read_exactly(self._descriptor, size))
        return found


def answer(engine: ox.Store | Remote, request: dict[str, Any], frames: Frames, functions: Any = None) -> None:
    """Evaluate one request and send its head and data."""
    found = evaluate(engine, request["query"], request["dataset"], request["base"], functions)
    if isinstance(found, ox.QueryTriples | Triples):
        kind, form = "graph", request["graph"]
    else:
        kind, form = ("boolean" if isinstance(found, ox.QueryBoolean) else "bindings"), request["rows"]
    frames.send(b"H", json.dumps({"kind": kind, "form": form}).encode(), more=True)
    frames.most, frames.chunk = request["most"], CHUNK
    frames.rows = Rows(form) if kind == "bindings" else None
    if isinstance(found, ox.QueryTriples | Triples):
        serialize(bounded(found, request["most"]), frames, form)
    else:
        found.serialize(frames, ROWS[form])
    frames.flush(more=True)


def bounded(triples: Iterable[Any], most: int) -> Iterator[Any]:
    """Yield triples, and an error after so many."""
    for number, triple in enumerate(triples):
        if number == most:
            raise too_many(most)
        yield triple


def too_many(most: int) -> QueryTooLarge:
    """Return the error for a result that is too long; what has been sent of it must not pass for a whole."""
    return QueryTooLarge(f"the result has more than {most:,} rows; add a LIMIT, or take it in parts")


def complain(error: Exception, frames: Frames) -> None:
    """Send an error, with its place where it has one."""
    line, column = (error.line, error.column) if isinstance(error, QueryError) else (None, None)
    reason = error.reason if isinstance(error, QueryError) else str(error)
    sent = {"error": type(error).__name__, "reason": reason, "line": line, "column": column}
    frames.send(b"E", json.dumps(sent).encode())


def read_exactly(descriptor: int, size: int) -> bytes:
    """Read so many bytes; fewer only at the end of the input."""
    found = bytearray()
    while len(found) < size and (part := os.read(descriptor, size - len(found))):
        found += part
    return bytes(found)


def respond(engine: ox.Store | Remote, request: dict[str, Any], descriptor: int, frames: Frames) -> None:
    """Answer one request, or say why not."""
    try:
        functions = Functions(request["functions"], descriptor, frames)
        answer(engine, request, frames, functions.custom)
    except (KgError, OSError, RuntimeError, SyntaxError, ValueError) as error:
        frames.clear()
        complain(error, frames)
    frames.send(b"Z", b"")


def serve(source: Path | Store | None, descriptor: int, frames: Frames) -> None:
    """Answer requests until the input ends; a store that cannot be opened is said in answer to each.

    A query that takes long leaves the processor to others. That cannot be taken back without privileges, so each query
    has a thread of its own.
    """
    engine: ox.Store | Remote | KgError | None = None if source is None else opened(source)
    while len(head := read_exactly(descriptor, 4)) == 4:
        request = json.loads(read_exactly(descriptor, *struct.unpack("<I", head)))
        if source is None:
            engine = elsewhere(request["store"])
        elif isinstance(engine, KgError) and isinstance(engine := opened(source), KgError):
            complain(engine, frames)
            frames.send(b"Z", b"")
            continue
        thread = threading.Thread(target=respond, args=(engine, request, descriptor, frames))
        thread.start()
        passed = 0.0
        for seconds, niceness in STAGES:
            thread.join(seconds - passed)
            if not thread.is_alive():
                break
            yield_processor(thread.native_id, niceness)
            passed = seconds
        thread.join()


@lru_cache(maxsize=1)
def elsewhere(url: str) -> Remote:
    """Return the store at a URL, with the connections to it that are kept."""
    return Remote(url)


def opened(source: Path | Store) -> ox.Store | KgError:
    """Open a store on disk, or return why that cannot be; one in memory is open."""
    try:
        return (source if isinstance(source, Store) else Store.open(source)).engine
    except KgError as error:
        return error


def touch(engine: ox.Store) -> None:
    """Read every quad once, behind everybody else.

    The engine marks a quad even to read it, and so copies the page that this process shares with the others: the first
    top ten of a worker over a million triples took 17 ms, the next ones 8.
    """
    yield_processor(threading.get_native_id(), 19)
    engine.query("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")


def work(source: Path | Store | None, memory: int, requests: int, results: int) -> None:
    """Serve a store in this process, from pipe to pipe, with so many bytes of memory beside what it has.

    Where there is no ``source``, each request names the URL of a store.
    """
    os.write(results, os.getpid().to_bytes(4, "little"))
    limit_memory(memory)
    follow(requests)
    if isinstance(source, Store):
        threading.Thread(target=touch, args=(source.engine,), daemon=True).start()
    serve(source, requests, Frames(results))
