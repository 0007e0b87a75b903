"""Worker processes that evaluate queries: a deadline by kill, a limit of memory, results as they come.

Nothing inside a process stops a runaway query (not even the engine's own cancellation, which looks only while it reads
the store), so a query that passes its deadline takes its process with it; a new one starts in about 30 ms.

Long queries do not keep short ones waiting: where somebody waits, a worker that has been at one query for longer than
``PATIENCE`` goes on beside the others, with less of the processor, and a fresh one takes its place. There are as many
places beside as there are workers; when they are taken too, the query that has been there longest is ended.
"""

import json
import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from kg import sparql
from kg.errors import KgError, QueryError, QueryTimeout, QueryTooLarge, QueryUnsupported, StoreError
from kg.process import Dataset, Request, Worker

__all__ = ["Dataset", "Pool", "Request", "Result"]

HOLD = 6  # times the deadline that a slow reader of a result may keep a worker
PATIENCE = 0.25  # seconds; a query that is done by then is never disturbed
LOOK = 0.05  # seconds between two looks at who has been at work for long
NO_SERVICES: frozenset[str] = frozenset()


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
            raise self._pool.died(self._worker, cause) from error
        finally:
            self._left -= time.monotonic() - began

    def __del__(self) -> None:
        """Leave a worker that nobody has given back to the pool; a lock must not be taken here."""
        if self._open:
            self._pool.abandoned.put(self._worker)

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
        self._size, self._all, self._beside, self._ended = workers, set[Worker](), set[Worker](), set[Worker]()
        self._since: dict[Worker, float] = {}
        self.abandoned: queue.SimpleQueue[Worker] = queue.SimpleQueue()
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
                self._forget(worker)
                continue
            return Result(self, worker, limit).start()

    def _take(self, seconds: float) -> Worker:
        until = time.monotonic() + seconds
        while not self.abandoned.empty():
            self._forget(self.abandoned.get())
        while not self._closed:
            try:
                worker = self._idle.get(timeout=LOOK)
            except queue.Empty:
                if time.monotonic() > until:
                    said = f"all query workers were busy for {seconds:g} s; try again in a moment"
                    raise QueryTimeout(said) from None
                self._make_room()
            else:
                self._since[worker] = time.monotonic()
                return worker
        raise StoreError(f"the query workers on {self.store} have been stopped; start them again")

    def _make_room(self) -> None:
        """Let the query that has taken longest go on beside the others, or end one that does already."""
        with self._lock:
            impatient = time.monotonic() - PATIENCE
            long = sorted((since, worker.pid, worker) for worker, since in self._since.items() if since < impatient)
            here = [worker for _, _, worker in long if worker not in self._beside]
            if not here or self._closed or not self._idle.empty():
                return
            if len(self._beside) == self._size:
                worker = next((worker for _, _, worker in long if worker in self._beside), None)
                if worker:
                    self._ended.add(worker)
                    worker.kill()
                return
            self._beside.add(here[0])
            here[0].step_back()
            self._add()

    def _add(self) -> None:
        worker = Worker(self.store, self.memory)
        self._all.add(worker)
        self._idle.put(worker)

    def give_back(self, worker: Worker) -> None:
        """Take a worker back that has finished its query; one that stepped back has been replaced already."""
        with self._lock:
            self._since.pop(worker, None)
            if worker not in self._beside and not self._closed:
                self._idle.put(worker)
                return
        self._forget(worker)

    def _forget(self, worker: Worker) -> None:
        worker.kill()
        self.replace(worker)

    def replace(self, worker: Worker) -> None:
        """Forget a worker that has ended, and start another unless there is one, or the pool is closed."""
        with self._lock:
            self._since.pop(worker, None)
            self._all.discard(worker)
            if worker in self._beside:
                self._beside.discard(worker)
            elif not self._closed:
                self._add()

    def died(self, worker: Worker, cause: str) -> QueryError:
        """Return the error for a query whose worker has ended in the middle of it."""
        if worker in self._ended:
            self._ended.discard(worker)
            return QueryTimeout("the query was ended because others were waiting; try again when less is asked")
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
