"""One worker process, as its parent sees it; ``kg.worker`` is the other side."""

import json
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from kg.settings import ROOT, clean_environment

START = "import sys; sys.path.insert(0, sys.argv[1]); from kg.worker import main; main(*sys.argv[2:])"


class Dataset(NamedTuple):
    """The graphs that a request asks for; they stand before what the query says with FROM."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Request(NamedTuple):
    """A query with the forms that its result may take, keys of ``kg.store.RDF_FORMATS`` and ``kg.worker.ROWS``.

    ``functions`` are IRIs of functions that the worker does not compute but asks its parent for; ``most`` is how many
    rows or triples the result may have.
    """

    query: str
    rows: str = "json"
    graph: str = "ttl"
    dataset: Dataset | None = None
    base: str = ""
    functions: tuple[str, ...] = ()
    most: int = 1 << 40


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
        self._before = 0.0

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

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

    def end(self) -> None:
        """Let the process end, and wait for nothing."""
        self._process.kill()

    def kill(self) -> str:
        """End the process at once; return the name of the signal that had ended it before, or ""."""
        self._process.kill() if self._process.poll() is None else None
        code = self._process.wait()
        with self._reading:  # whoever reads has met the end by now
            self._input.close()
            self._output.close()
        return "" if code in (0, -signal.SIGKILL) else signal.Signals(-code).name if code < 0 else f"exit {code}"
