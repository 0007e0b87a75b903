"""One worker process, as its parent sees it; ``kg.worker`` is the other side."""

import json
import os
import select
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from kg.forking import END, MESSAGE, WORKER

START = 30  # seconds that a process may take to say its number: Python's own start, on a busy machine
AHEAD = 4096  # bytes read at a time at least: the three frames of a small result together
GONE = 5  # seconds that a process may take to end: one with 2 GiB needs half of one


class Dataset(NamedTuple):
    """The graphs that a request asks for; they stand before what the query says with FROM."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Request(NamedTuple):
    """A query with the forms that its result may take, keys of ``kg.store.RDF_FORMATS`` and ``kg.worker.ROWS``.

    ``functions`` are IRIs of functions that the worker does not compute but asks its parent for; ``most`` is how many
    rows or triples the result may have; ``store`` is the URL of a store elsewhere, "" for the worker's own.
    """

    query: str
    rows: str = "json"
    graph: str = "ttl"
    dataset: Dataset | None = None
    base: str = ""
    functions: tuple[str, ...] = ()
    most: int = 1 << 40
    store: str = ""


Answers = Callable[[bytes], bytes]
"""Computes one value of the functions that a request names, JSON to JSON; ``kg.worker.Functions`` says which."""


def processor_time(pid: int) -> float:
    """Return the seconds of the processor that a process has taken; the clock where the system does not tell."""
    if sys.platform != "linux":
        return time.monotonic()
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it has ended
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Worker:
    """One process; answers one query at a time."""

    def __init__(self, line: socket.socket) -> None:
        """Have it forked by the process on the other end of this line, and wait for nothing.

        :raises ConnectionError: if that process has ended.
        """
        self.line = line
        (theirs, ours), (results, output) = os.pipe(), os.pipe()
        self._input, self._output = os.fdopen(ours, "wb", 0), os.fdopen(results, "rb", 0)
        try:
            socket.send_fds(line, [MESSAGE.pack(WORKER, 0)], [theirs, output])
        except OSError:
            self._input.close()
            self._output.close()
            raise
        finally:
            os.close(theirs)
            os.close(output)
        self._poll, self._gone = select.poll(), select.poll()
        self._poll.register(self._output, select.POLLIN)
        self._gone.register(self._output, 0)  # that it is closed on the other side is always reported
        self._reading, self._meeting = threading.Lock(), threading.Lock()
        self._ahead = bytearray()
        self._pid: int | None = None
        self._before = 0.0

    @property
    def pid(self) -> int:
        """The process's number, which it says at its start; 0 if it did not come to that."""
        with self._meeting:
            if self._pid is None:
                try:
                    self._pid = int.from_bytes(self._read(4, time.monotonic() + START), "little")
                except (EOFError, TimeoutError):
                    self._pid = 0
            return self._pid

    def ask(self, request: Request) -> None:
        """Send a request.

        :raises BrokenPipeError: if the process has ended.
        """
        self._before = processor_time(self.pid)
        self.tell(json.dumps(request._asdict()).encode())

    def used(self) -> float:
        """Return the seconds of the processor that the last request has taken until now."""
        return processor_time(self.pid) - self._before

    def tell(self, content: bytes) -> None:
        """Send a message: a request, or the answer to a question of the worker's.

        :raises BrokenPipeError: if the process has ended.
        """
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
        while len(self._ahead) < size:
            if self._output.closed:
                raise EOFError
            left = until - time.monotonic()
            if left <= 0 or not self._poll.poll(left * 1000):
                raise TimeoutError
            part = os.read(self._output.fileno(), max(size - len(self._ahead), AHEAD))
            if not part:
                raise EOFError
            self._ahead += part
        found = bytes(self._ahead[:size])
        del self._ahead[:size]
        return found

    def end(self) -> None:
        """Let the process end, and wait for nothing."""
        try:
            self.line.send(MESSAGE.pack(END, self.pid))
        except OSError:  # whoever forked it has ended; without a parent it ends too
            self._input.close()

    def kill(self) -> None:
        """End the process at once, and wait until it has ended."""
        self.end()
        with self._reading:  # whoever reads meets the end
            if not self._output.closed:
                self._gone.poll(GONE * 1000)
                self._input.close()
                self._output.close()
