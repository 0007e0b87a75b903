"""Worker processes that evaluate queries: a deadline by kill, a limit of memory, results as they come.

Nothing inside a process stops a runaway query (not even the engine's own cancellation, which looks only while it reads
the store), so a query that passes its deadline takes its process with it.

Long queries do not keep short ones waiting. A worker leaves the processor to others as soon as a query takes long
(``kg.worker``), and where all workers are taken, one that has been at its query for longer than ``PATIENCE`` goes on
beside the others while a new one takes its place. There are as many places beside as there are workers; when they
are taken too and somebody waits, the query that has taken most is ended.
"""

import queue
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from kg import sparql
from kg.complaints import unusable
from kg.errors import QueryError, QueryTimeout, QueryTooLarge, StoreError
from kg.pieces import Joined
from kg.process import Answers, Dataset, Request, Worker
from kg.result import Result
from kg.stable import Graph, Stable

__all__ = ["Dataset", "Pool", "Request", "Result"]

PATIENCE = 0.1  # seconds; a query that is done by then is never disturbed
LONG = 1.0  # seconds; a query is not ended before for the sake of others
# Seconds of the processor that it must have had by then: by the clock alone, 43 of 520 small queries were ended where
# 15 other processes kept two cores busy. A second in which it only waits, for its reader or for them, counts a little.
ENOUGH, WAITING = 0.1, 0.02
LOOK = 0.02  # seconds between two looks at who has been at work for long
NO_SERVICES: frozenset[str] = frozenset()


class Pool:
    """So many workers on one store; safe to use from any thread."""

    def __init__(
        self,
        store: Path | str,
        *,
        workers: int = 2,
        memory: int = 2 << 30,
        seconds: float = 20.0,
        rows: int = 1_000_000,
    ) -> None:
        """Start the workers on a folder, or for a store at a URL.

        ``memory`` in bytes, ``seconds`` and ``rows`` are what one query may take.
        """
        self.store, self.memory, self.seconds, self.rows = store, memory, seconds, rows
        self._url = store if isinstance(store, str) else ""
        self._lock, self._closed = threading.Lock(), False
        self._stable = Stable(None if isinstance(store, str) else store, memory)
        self._idle: queue.LifoQueue[Worker] = queue.LifoQueue()  # the one that has been at work last is the quickest
        self._size, self._all, self._beside, self._ended = workers, set[Worker](), set[Worker](), set[Worker]()
        self._since: dict[Worker, float] = {}
        self._taken = threading.Event()
        self.abandoned: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        for _ in range(workers):
            self._add()
        threading.Thread(target=self._watch, daemon=True).start()

    def __enter__(self) -> Self:
        """Return the pool itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the pool."""
        self.close()

    def keep(self, graph: Path, most: int) -> None:
        """Go on with the graph in memory as soon as it has been read from N-Quads, unless it has more quads than that.

        A query that does not say in which order it wants its rows may get them in another one then.

        ``graph`` is the folder of its pieces (:mod:`kg.pieces`).

        :raises StoreError: if it cannot be read.
        """
        if most and not self._url:
            try:
                self._stable.keep(Graph(Joined(graph), most, self._renew))
            except OSError as error:
                raise unusable(graph, error) from error

    def _renew(self) -> None:
        """Put workers that are up to date in the place of those that have nothing to do."""
        idle = list[Worker]()
        with suppress(queue.Empty):
            while True:
                idle.append(self._idle.get_nowait())
        for worker in idle:
            self._forget(worker) if self._stable.outdated(worker) else self._idle.put(worker)

    def pids(self) -> list[int]:
        """Return the numbers of the processes that evaluate queries or wait for one."""
        with self._lock:
            workers = list(self._all)
        return sorted(worker.pid for worker in workers)

    def run(self, request: Request, *, seconds: float | None = None, answers: Answers | None = None) -> Result:
        """Evaluate a query; returns when its first bytes are there. ``answers`` computes the request's functions.

        :raises QueryRefused: for an update and for any SERVICE.
        :raises QueryError: if it cannot be parsed; with line and column.
        :raises QueryTimeout: if it takes longer than ``seconds``, or no worker was free for so long.
        :raises QueryTooLarge: if it needs too much memory.
        :raises StoreError: if the store cannot be read, or no worker lives.
        """
        sparql.refuse(request.query, NO_SERVICES)
        request = request._replace(most=min(request.most, self.rows), store=self._url)
        limit = self.seconds if seconds is None else min(seconds, self.seconds)
        until = time.monotonic() + limit
        while True:
            worker = self._take(until, limit)
            try:
                worker.ask(request)
            except (BrokenPipeError, ValueError):  # it ended while nobody was looking
                self._forget(worker)
                if time.monotonic() > until:
                    said = "the query workers end as soon as they start; see whether memory is left"
                    raise StoreError(said) from None
                continue
            return Result(self, worker, limit, answers).start()

    def _take(self, until: float, seconds: float) -> Worker:
        while not self.abandoned.empty():
            self._forget(self.abandoned.get())
        while not self._closed:
            try:
                worker = self._idle.get(timeout=0 if self._idle.empty() and self._make_room(waiting=True) else LOOK)
            except queue.Empty:
                if time.monotonic() > until:
                    said = f"all query workers were busy for {seconds:g} s; try again in a moment"
                    raise QueryTimeout(said) from None
            else:
                with self._lock:
                    self._since[worker] = time.monotonic()
                self._taken.set()
                return worker
        raise StoreError("the query workers have been stopped; start them again")

    def _watch(self) -> None:
        """See to it that a worker is free for the next query while others take long."""
        while not self._closed:
            if not self._taken.wait(1):
                continue
            time.sleep(LOOK)
            self._taken.clear()
            if self._since:
                self._taken.set()
                self._make_room(waiting=False)

    def _make_room(self, waiting: bool) -> bool:
        """Let the query that has taken longest go on beside the others; where there is no place, end one if need be.

        Says whether a worker has become free.
        """
        with self._lock:
            impatient = time.monotonic() - PATIENCE
            long = {worker: since for worker, since in self._since.items() if since < impatient}
            here = [worker for worker in long if worker not in self._beside and worker not in self._ended]
            if not here or self._closed or not self._idle.empty():
                return False
            places = self._size - len(self._beside - self._ended)
            if not places and waiting:
                places = self._end_one(long)
            if not places:
                return False
            self._beside.add(min(here, key=long.__getitem__))
            self._add()
        return True

    def _end_one(self, since: dict[Worker, float]) -> int:
        """End the query beside the others that has taken most; return how many places that makes."""
        now = time.monotonic()
        old = [worker for worker in since if now - since[worker] >= LONG]
        beside = [worker for worker in old if worker in self._beside and worker not in self._ended]
        taken = {worker: max(worker.used(), WAITING * (now - since[worker])) for worker in beside}
        greediest = max(taken, key=taken.__getitem__, default=None)
        if greediest is None or taken[greediest] < ENOUGH:
            return 0
        self._ended.add(greediest)
        greediest.end()
        return 1

    def _add(self) -> None:
        worker = self._stable.fork()
        self._all.add(worker)
        self._idle.put(worker)

    def give_back(self, worker: Worker) -> None:
        """Take a worker back that has finished its query; one that stepped back has been replaced already."""
        with self._lock:
            self._since.pop(worker, None)
            if worker not in self._beside and not self._closed and not self._stable.outdated(worker):
                self._idle.put(worker)
                return
        self._forget(worker)

    def _forget(self, worker: Worker) -> None:
        self._ended.discard(worker)
        worker.end()
        self.replace(worker)
        worker.kill()

    def replace(self, worker: Worker) -> None:
        """Forget a worker that has ended, and start another unless there is one, or the pool is closed."""
        with self._lock:
            self._since.pop(worker, None)
            self._all.discard(worker)
            if worker in self._beside:
                self._beside.discard(worker)
            elif not self._closed:
                self._add()

    def died(self, worker: Worker) -> QueryError:
        """Return the error for a query whose worker has ended in the middle of it."""
        if worker in self._ended:
            self._ended.discard(worker)
            return QueryTimeout("the query was ended because others were waiting; try again when less is asked")
        size = self.memory >> 20
        return QueryTooLarge(f"the query needs more than {size} MiB of memory, or is nested too deeply")

    def close(self) -> None:
        """End all workers and wait until they are gone."""
        with self._lock:
            self._closed = True
            workers, self._all = self._all, set()
        self._taken.set()
        for worker in workers:
            worker.end()
        for worker in workers:
            worker.kill()
        self._stable.close()
