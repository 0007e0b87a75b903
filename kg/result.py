"""The result of a query as it comes from a worker process: its kind, its form, its bytes, or why there are none."""

import json
import queue
import threading
import time
from collections.abc import Iterator
from typing import Any, Protocol, Self

from kg.errors import KgError, QueryError, QueryRefused, QueryTimeout, QueryTooLarge, QueryUnsupported, StoreError
from kg.process import Answers, Worker

HOLD = 6  # times the deadline that a slow reader of a result may keep a worker


class Owner(Protocol):
    """Whoever lends out workers and takes them back: ``kg.pool.Pool``."""

    abandoned: "queue.SimpleQueue[Worker]"

    def give_back(self, worker: Worker) -> None:
        """Take a worker back that has finished its query."""

    def replace(self, worker: Worker) -> None:
        """Forget a worker that has ended or will in a moment."""

    def died(self, worker: Worker) -> QueryError:
        """Return the error for a query whose worker has ended in the middle of it."""


class Result:
    """What a query gave: ``kind`` is bindings, boolean or graph, ``form`` the form of the bytes that iteration yields.

    Iterate to the end or close it; its worker serves others only then.
    """

    def __init__(self, pool: Owner, worker: Worker, seconds: float, answers: Answers | None = None) -> None:
        """Take a worker that has been asked."""
        self._pool, self._worker, self._answers = pool, worker, answers
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
        until = min(began + self._left, self._until)
        try:
            while (frame := self._worker.frame(max(0.0, until - time.monotonic())))[0] == b"A":
                assert self._answers, "a worker asks for nothing but the functions of its request"
                self._worker.tell(self._answers(frame[1]))
            return frame
        except TimeoutError:
            self.close()
            raise QueryTimeout(f"the query took longer than {round(self._limit, 2):g} s") from None
        except KgError:
            self.close()
            raise
        except (EOFError, OSError, ValueError) as error:
            self.close()
            raise self._pool.died(self._worker) from error
        finally:
            self._left -= time.monotonic() - began

    def __del__(self) -> None:
        """Leave a worker that nobody has given back to the pool; a lock must not be taken here."""
        if self._open:
            self._pool.abandoned.put(self._worker)

    def close(self) -> None:
        """Give the worker back; one that has not finished is ended. Any thread may close, and more than once."""
        with self._lock:
            if not self._open:
                return
            self._open = False
        self._worker.end()
        self._pool.replace(self._worker)  # before waiting: a process with much memory takes half a second to end
        self._worker.kill()

    def _release(self, worker: Worker) -> None:
        with self._lock:
            if self._open:
                self._open = False
                self._pool.give_back(worker)


def _error(sent: dict[str, Any]) -> KgError:
    """Return the error that a worker has sent."""
    reason: str = sent["reason"]
    for kind in (StoreError, QueryTooLarge, QueryTimeout):
        if sent["error"] == kind.__name__:
            return kind(reason)
    for query in (QueryError, QueryRefused):
        if sent["error"] == query.__name__:
            return query(reason, sent["line"], sent["column"])
    return QueryUnsupported(f"the query cannot be evaluated: {reason}")
