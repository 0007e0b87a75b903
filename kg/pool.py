"""Worker processes that evaluate queries: a deadline by kill, a limit of memory, results as they come.

Nothing inside a process stops a runaway query (not even the engine's own cancellation, which looks only while it reads
the store), so a query that passes its deadline takes its process with it; a new one starts in about 30 ms.
"""

import json
import os
import queue
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from kg import sparql
from kg.errors import KgError, QueryError, QueryTimeout, QueryTooLarge, QueryUnsupported, StoreError
from kg.settings import ROOT, clean_environment

START = "import sys; sys.path.insert(0, sys.argv[1]); from kg.worker import main; main(*sys.argv[2:])"
HOLD = 6  # times the deadline that a slow reader of a result may keep a worker
NO_SERVICES: frozenset[str] = frozenset()


class Dataset(NamedTuple):
    """The graphs that a request asks for; they stand before what the query says with FROM."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Request(NamedTuple):
    """A query with the forms that its result may take, keys of ``kg.store.RDF_FORMATS`` and ``kg.worker.ROWS``."""

    query: str
    rows: str = "json"
    graph: str = "ttl"
    dataset: Dataset | None = None
    base: str = ""


class Worker:
    """One process; answers one query at a time."""

    def __init__(self, store: Path, memory: int) -> None:
        """Start it; it opens the store when the first query comes."""
        command = [sys.executable, "-P", "-c", START, str(ROOT), str(store), str(memory)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=clean_environment(), bufsize=0
        )
        assert self._process.stdin
        assert self._process.stdout
        self._input, self._output = self._process.stdin, self._process.stdout
        self._poll = select.poll()
        self._poll.register(self._output, select.POLLIN)
        self._reading = threading.Lock()

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def ask(self, request: Request) -> None:
        """Send a request.

        :raises BrokenPipeError: if the process has ended.
        """
        content = json.dumps(request._asdict()).encode()
        left = memoryview(struct.pack("<I", len(content)) + content)
        while left:
            left = left[self._input.write(left) or 0 :]

    def frame(self, seconds: float) -> tuple[bytes, bytes]:
        """Read one frame, waiting ``seconds`` at most.

        :raises TimeoutError: if it has not come by then.
        :raises EOFError: if the process has ended.
        """
        until = time.monotonic() + seconds
        with self._reading:
            head = self._read(5, until)
            return head[:1], self._read(int.from_bytes(head[1:], "little"), until)

    def _read(self, size: int, until: float) -> bytes:
        parts = []
        while size:
            if self._output.closed:
                raise EOFError
            left = until - time.monotonic()
            if left <= 0 or not self._poll.poll(left * 1000):
                raise TimeoutError
            parts.append(os.read(self._output.fileno(), size))
            if not parts[-1]:
                raise EOFError
            size -= len(parts[-1])
        return b"".join(parts)

    def kill(self) -> str:
        """End the process at once; return the name of the signal that had ended it before, or ""."""
        self._process.kill() if self._process.poll() is None else None
        code = self._process.wait()
        with self._reading:  # whoever reads has met the end by now
            self._input.close()
            self._output.close()
        return "" if code in (0, -signal.SIGKILL) else signal.Signals(-code).name if code < 0 else f"exit {code}"


class Result:
    """What a query gave: ``kind`` is bindings, boolean or graph, ``form`` the form of the bytes that iteration yields.

    Iterate to the end or close it; its worker serves others only then.
    """

    def __init__(self, pool: "Pool", worker: Worker, seconds: float) -> None:
        """Take a worker that has been asked."""
        self._pool, self._worker = pool, worker
        self._limit = self._left = seconds
        self._until = time.monotonic() + HOLD * seconds
        self._lock, self._open = threading.Lock(), True
        self.kind = self.form = ""

    def start(self) -> Self:
        """Wait for the head.

        :raises QueryError: if the query cannot be parsed or evaluated, took too long or too much memory.
        """
        letter, content = self._next()
        if letter == b"H":
            head = json.loads(content)
            self.kind, self.form = head["kind"], head["form"]
            return self
        self._next()
        self._release(self._worker)
        raise _error(json.loads(content))

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes of the result.

        :raises QueryError: if it cannot be completed; what has been sent must not pass for a whole.
        """
        try:
            while (frame := self._next())[0] == b"D":
                yield frame[1]
            if frame[0] == b"E":
                raise _error(json.loads(frame[1]))
            self._release(self._worker)
        finally:
            self.close()

    def _next(self) -> tuple[bytes, bytes]:
        began = time.monotonic()
        try:
            return self._worker.frame(max(0.0, min(self._left, self._until - began)))
        except TimeoutError:
            self.close()
            raise QueryTimeout(f"the query took longer than {self._limit:g} s") from None
        except (EOFError, OSError, ValueError) as error:
            cause = self.close()
            raise self._pool.too_large(cause) from error
        finally:
            self._left -= time.monotonic() - began

    def close(self) -> str:
        """Give the worker back; one that has not finished is ended. Any thread may close, and more than once."""
        with self._lock:
            if not self._open:
                return ""
            self._open = False
        cause = self._worker.kill()
        self._pool.replace(self._worker)
        return cause

    def _release(self, worker: Worker) -> None:
        with self._lock:
            if self._open:
                self._open = False
                self._pool.give_back(worker)


class Pool:
    """So many workers on one store; safe to use from any thread."""

    def __init__(self, store: Path, *, workers: int = 2, memory: int = 2 << 30, seconds: float = 20.0) -> None:
        """Start the workers; ``memory`` in bytes and ``seconds`` are what one query may take."""
        self.store, self.memory, self.seconds = store, memory, seconds
        self._lock, self._closed = threading.Lock(), False
        self._idle: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        self._all: set[Worker] = set()
        for _ in range(workers):
            self._add()

    def __enter__(self) -> Self:
        """Return the pool itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the pool."""
        self.close()

    def pids(self) -> list[int]:
        """Return the numbers of the processes that now belong to the pool."""
        with self._lock:
            return sorted(worker.pid for worker in self._all)

    def run(self, request: Request, *, seconds: float | None = None) -> Result:
        """Evaluate a query; returns when its first bytes are there.

        :raises QueryRefused: for an update and for any SERVICE.
        :raises QueryError: if it cannot be parsed; with line and column.
        :raises QueryTimeout: if it takes longer than ``seconds``, or no worker was free for so long.
        :raises QueryTooLarge: if it needs too much memory.
        """
        sparql.refuse(request.query, NO_SERVICES)
        limit = self.seconds if seconds is None else min(seconds, self.seconds)
        while True:
            worker = self._take(limit)
            try:
                worker.ask(request)
            except (BrokenPipeError, ValueError):  # it ended while nobody was looking
                worker.kill()
                self.replace(worker)
                continue
            return Result(self, worker, limit).start()

    def _take(self, seconds: float) -> Worker:
        if self._closed:
            raise StoreError(f"the query workers on {self.store} have been stopped; start them again")
        try:
            return self._idle.get(timeout=seconds)
        except queue.Empty:
            raise QueryTimeout(f"all query workers were busy for {seconds:g} s; try again in a moment") from None

    def _add(self) -> None:
        worker = Worker(self.store, self.memory)
        self._all.add(worker)
        self._idle.put(worker)

    def give_back(self, worker: Worker) -> None:
        """Take a worker back that has finished its query."""
        self._idle.put(worker)

    def replace(self, worker: Worker) -> None:
        """Forget a worker that has ended, and start another unless the pool is closed."""
        with self._lock:
            self._all.discard(worker)
            if not self._closed:
                self._add()

    def too_large(self, cause: str) -> QueryTooLarge:
        """Return the error for a query whose worker died of it."""
        size = self.memory >> 20
        detail = f" ({cause})" if cause else ""
        return QueryTooLarge(f"the query needs more than {size} MiB of memory, or is nested too deeply{detail}")

    def close(self) -> None:
        """End all workers and wait until they are gone."""
        with self._lock:
            self._closed = True
            workers, self._all = self._all, set()
        for worker in workers:
            worker.kill()


def _error(sent: dict[str, Any]) -> KgError:
    """Return the error that a worker has sent."""
    reason: str = sent["reason"]
    if sent["error"] == StoreError.__name__:
        return StoreError(reason)
    if sent["error"] == QueryError.__name__:
        return QueryError(reason, sent["line"], sent["column"])
    return QueryUnsupported(f"the query cannot be evaluated: {reason}")
