"""What a worker process may not do: take more memory or processor than agreed, open a socket, outlive its parent."""

import ctypes
import os
import platform
import resource
import select
import struct
import sys
import threading
from contextlib import suppress
from pathlib import Path

NO_NEW_PRIVILEGES = 38  # prctl(2); lets a process without privileges add a filter
SET_SECCOMP, FILTER = 22, 2
SOCKET = {"x86_64": (0xC000003E, 41, 425), "aarch64": (0xC00000B7, 198, 425)}  # audit arch; socket, io_uring_setup
ALLOW, DENY = 0x7FFF0000, 0x00050000 | 13  # SECCOMP_RET_ALLOW; SECCOMP_RET_ERRNO with EACCES
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06  # classic BPF


def limit_memory(size: int) -> None:
    """Let this process have ``size`` bytes of memory beside what it has, and no core dump when it takes more.

    On Linux that is RLIMIT_DATA: RLIMIT_AS counts address space that the allocator reserves for each thread too, 900 MB
    in a worker that uses 36, and makes it abort now and then under 1 GiB.
    """
    limited = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    size += held()
    resource.setrlimit(limited, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def held() -> int:
    """Return the bytes of memory that this process has of its own, or shares with who forked it; 0 if unknown."""
    if sys.platform != "linux":
        return 0
    return int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()


def forbid_network() -> bool:
    """Make every attempt of this process to open a socket fail; says whether the system could do it.

    The engine fetches what SERVICE names and has no switch for it. ``kg.sparql.refuse`` reads the query's tokens;
    this is the second lock, where the first one and the engine's parser should ever read a query differently.
    """
    if sys.platform != "linux" or platform.machine() not in SOCKET:
        return False
    architecture, *calls = SOCKET[platform.machine()]
    program = [(LOAD, 0, 0, 4), (EQUAL, 1, 0, architecture), (RETURN, 0, 0, ALLOW), (LOAD, 0, 0, 0)]
    for left, call in enumerate(reversed(calls)):
        program.insert(4, (EQUAL, left + 1, 0, call))
    program += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, DENY)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    head = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(code)))
    system = ctypes.CDLL(None, use_errno=True)
    system.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return bool(system.prctl(SET_SECCOMP, FILTER, ctypes.byref(head), 0, 0) == 0)


def yield_processor(thread: int | None, niceness: int) -> None:
    """Let a thread of this process come after others; elsewhere than on Linux threads have no niceness of their own."""
    if thread is not None and sys.platform == "linux":
        with suppress(OSError):  # it has ended by now
            os.setpriority(os.PRIO_PROCESS, thread, niceness)


def follow(pipe: int) -> None:
    """End this process when the other end of ``pipe`` is closed, even in the middle of a query.

    A parent that dies by a signal cannot tell; PR_SET_PDEATHSIG would, but it fires when the parent's *thread* ends.
    """
    poll = select.poll()
    poll.register(pipe, 0)  # hang-ups are always reported; data is left to the reader

    def wait() -> None:
        poll.poll()
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()
