"""A process that evaluates queries on a read-only store: requests on stdin, frames on stdout.

A frame is a letter, a length of 4 bytes (little-endian) and so many bytes: H head (JSON), D data, E error (JSON), Z
end.
``kg.pool`` starts these processes and talks to them; nothing else does.
"""

import json
import os
import struct
import sys
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.confinement import follow, forbid_network, limit_memory
from kg.errors import KgError, QueryError
from kg.store import Store, evaluate, serialize

CHUNK = 1 << 16  # bytes a data frame has at least, but for the last
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
        self._waiting: list[bytes] = []
        self._size = 0

    def send(self, letter: bytes, content: bytes) -> None:
        """Write one frame."""
        left = memoryview(letter + struct.pack("<I", len(content)) + content)
        while left:
            left = left[os.write(self._descriptor, left) :]

    def write(self, content: bytes) -> int:
        """Collect bytes for the next data frame; the engine calls this."""
        self._waiting.append(bytes(content))
        self._size += len(content)
        if self._size >= CHUNK:
            self.flush()
        return len(content)

    def flush(self) -> None:
        """Send what has been collected; the engine calls this too."""
        if self._size:
            self.send(b"D", b"".join(self._waiting))
        self._waiting, self._size = [], 0


def answer(engine: ox.Store, request: dict[str, Any], frames: Frames) -> None:
    """Evaluate one request and send its head and data."""
    found = evaluate(engine, request["query"], request["dataset"], request["base"])
    if isinstance(found, ox.QueryTriples):
        kind, form = "graph", request["graph"]
    else:
        kind, form = ("boolean" if isinstance(found, ox.QueryBoolean) else "bindings"), request["rows"]
    frames.send(b"H", json.dumps({"kind": kind, "form": form}).encode())
    if isinstance(found, ox.QueryTriples):
        serialize(found, frames, form)
    else:
        found.serialize(frames, ROWS[form])
    frames.flush()


def complain(error: Exception, frames: Frames) -> None:
    """Send an error, with its place where it has one."""
    line, column = (error.line, error.column) if isinstance(error, QueryError) else (None, None)
    reason = error.reason if isinstance(error, QueryError) else str(error)
    sent = {"error": type(error).__name__, "reason": reason, "line": line, "column": column}
    frames.send(b"E", json.dumps(sent).encode())


def read_exactly(descriptor: int, size: int) -> bytes:
    """Read so many bytes; fewer only at the end of the input."""
    found = b""
    while len(found) < size and (part := os.read(descriptor, size - len(found))):
        found += part
    return found


def serve(store: Path, descriptor: int, frames: Frames) -> None:
    """Answer requests until the input ends; a store that cannot be opened is said in answer to each."""
    engine: ox.Store | None = None
    while len(head := read_exactly(descriptor, 4)) == 4:
        request = json.loads(read_exactly(descriptor, *struct.unpack("<I", head)))
        try:
            engine = engine or Store.open(store).engine
            answer(engine, request, frames)
        except (KgError, OSError, RuntimeError, ValueError) as error:
            frames._waiting.clear()
            complain(error, frames)
        frames.send(b"Z", b"")


def main(store: str, memory: str) -> None:
    """Serve the store in this folder with so many bytes of memory."""
    frames = Frames(os.dup(1))
    os.dup2(2, 1)
    limit_memory(int(memory))
    forbid_network()
    follow(0)
    serve(Path(store), 0, frames)


if __name__ == "__main__":
    main(*sys.argv[1:])
