"""A process that workers are forked from, so that one is there in milliseconds and shares the graph with the others.

Only a process with a single thread can be forked safely. A graph in memory leaves no thread behind when it has been
read; a store on disk keeps three of them, so each worker opens that itself.
``kg.stable`` starts this process and talks to it in messages of five bytes, a letter and a number.
"""

import gc
import os
import signal
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from kg.confinement import forbid_network
from kg.memory import read as read_graph
from kg.pieces import Joined
from kg.store import Store
from kg.worker import work

WORKER = b"W"  # fork a worker that reads requests from the one pipe that comes with this, and answers on the other
READER = b"R"  # fork a process like this one, on the socket, that has read the file, of so many quads at most
END = b"E"  # end the child with this number
READY = b"!"  # what a process says that has read the graph
MESSAGE = struct.Struct("<cI")
LOOK = 1.0  # seconds between two looks at who has ended; until then nobody else gets its number


def main(store: str, memory: str) -> None:
    """Fork workers over the store in this folder, "" for stores elsewhere, each with so many bytes of memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent's business
    line = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    if store:
        forbid_network()
    tend(line, Path(store) if store else None, int(memory))


def tend(line: socket.socket, source: Path | Store | None, memory: int) -> None:
    """Fork what is asked for until the parent closes the line; then nothing that was forked is left."""
    gc.freeze()  # the collector would write to what is shared, and so make a copy of it
    children = set[int]()
    while message := received(line, children):
        (letter, number), ends = message
        if letter == WORKER:
            children |= forked(line, partial(work, source, memory, *ends))
        elif letter == READER:
            children |= forked(line, partial(read, number, memory, *ends))
        elif number in children:
            os.kill(number, signal.SIGKILL)
        for end in ends:
            os.close(end)
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def received(line: socket.socket, children: set[int]) -> tuple[tuple[bytes, int], list[int]] | None:
    """Wait for a message with what came with it, None when there is no more; forget children that end meanwhile."""
    line.settimeout(LOOK)
    while True:
        with suppress(TimeoutError):
            content, ends, _, _ = socket.recv_fds(line, MESSAGE.size, 2)
            return (MESSAGE.unpack(content), ends) if content else None
        children -= ended()


def forked(line: socket.socket, task: Callable[[], object]) -> set[int]:
    """Return the number of a new process that does this task; of none where the system refuses one."""
    try:
        child = os.fork()
    except OSError:
        return set()
    if child:
        return {child}
    try:
        line.close()
        task()
    finally:
        os._exit(0)


def ended() -> set[int]:
    """Return the children that have ended since."""
    found = set[int]()
    with suppress(ChildProcessError):  # there is none at all
        while child := os.waitpid(-1, os.WNOHANG)[0]:
            found.add(child)
    return found


def read(most: int, memory: int, line: int, file: int) -> None:
    """Read a graph of at most so many quads, say so, and fork workers that have it."""
    engine = read_graph(Joined(file), most)
    if engine is not None:
        with socket.socket(fileno=line) as ours:
            ours.send(READY)
            tend(ours, Store(engine, Path(os.devnull)), memory)
