"""Where the workers of a pool come from, as their parent sees it; ``kg.forking`` is the other side."""

import select
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from kg.forking import MESSAGE, READER, READY
from kg.pieces import Joined
from kg.process import Worker
from kg.settings import ROOT, clean_environment

START = "import sys; sys.path.insert(0, sys.argv[1]); from kg.forking import main; main(*sys.argv[2:])"


class Graph(NamedTuple):
    """A graph to be read from N-Quads where it has at most so many quads; ``ready`` is called then.

    The folder stays open, so that it can be read again; its files stay while the generation is held.
    """

    nquads: Joined
    most: int
    ready: Callable[[], object]


class Stable:
    """Forks workers: over the store on disk, and over the graph in memory once that has been read."""

    def __init__(self, store: Path | None, memory: int) -> None:
        """Start the process that workers are forked from; each may take ``memory`` bytes of its own.

        Without a ``store`` in a folder they ask stores elsewhere.
        """
        self._command = [sys.executable, "-P", "-c", START, str(ROOT), str(store or ""), str(memory)]
        self._lock = threading.Lock()
        self._plain = self._start()
        self._full: socket.socket | None = None
        self._graph: Graph | None = None

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        silent = subprocess.DEVNULL
        with theirs:
            self._process = subprocess.Popen(
                self._command, stdin=theirs.fileno(), stdout=silent, stderr=silent, env=clean_environment()
            )
        return ours

    def fork(self) -> Worker:
        """Return a new worker; it is there in a moment."""
        while True:
            with self._lock:
                try:
                    self._heal()
                    return Worker(self._full or self._plain)
                except ConnectionError:  # it has ended since
                    continue

    def _heal(self) -> None:
        """Start again what somebody has ended."""
        if hung_up(self._plain):
            self._plain.close()
            self._process.wait()
            self._plain = self._start()
        if self._full and hung_up(self._full):
            self._full.close()
            self._full = None
            self._read()

    def outdated(self, worker: Worker) -> bool:
        """Say whether a worker would be another one if it were forked now."""
        return worker.line is not (self._full or self._plain)

    def keep(self, graph: Graph) -> None:
        """Read a graph into memory, in the background."""
        with self._lock:
            self._graph = graph
            self._read()

    def _read(self) -> None:
        if self._graph:
            ours, theirs = socket.socketpair()
            with theirs:
                ends = [theirs.fileno(), self._graph.nquads.fileno()]
                socket.send_fds(self._plain, [MESSAGE.pack(READER, self._graph.most)], ends)
            threading.Thread(target=self._wait, args=(ours, self._graph.ready), daemon=True).start()

    def _wait(self, line: socket.socket, ready: Callable[[], object]) -> None:
        if line.recv(1) == READY:
            with self._lock:
                self._full = line
            ready()
        else:  # it has too many quads, or there is no memory for them
            line.close()

    def close(self) -> None:
        """End everything that was forked and is still there."""
        with self._lock:
            for line in (self._plain, self._full):
                if line:
                    line.close()
            if self._graph:
                self._graph.nquads.close()
        self._process.wait()


def hung_up(line: socket.socket) -> bool:
    """Say whether the process on the other end has ended."""
    poll = select.poll()
    poll.register(line, 0)
    return bool(poll.poll(0))
