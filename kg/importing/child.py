"""The process that reads one file and may do nothing else; ``kg.importing.confined`` starts it.

The file is its standard input, already open; the answer is one JSON object on standard output.
"""

import json
import os
import resource
import sys
from contextlib import suppress
from dataclasses import asdict

from kg.confinement import follow, forbid_network, limit_memory
from kg.errors import FileTooLarge, KgError
from kg.importing import TOO_MUCH_MEMORY, read_file
from kg.importing.characters import harmless
from kg.importing.imported import Limits

CPU_SPARE = 2  # seconds of the processor above the limit, for starting


def main(parent: str, name: str, limits: str) -> None:
    """Read standard input within limits, a JSON object of them.

    ``parent`` is a pipe that closes when the parent ends.
    """
    allowed = Limits(**json.loads(limits))
    answers = os.dup(1)
    os.dup2(2, 1)
    _confine(int(parent), allowed)
    answer = json.dumps(_answer(name, allowed)).encode()
    with os.fdopen(answers, "wb") as stream:
        stream.write(answer)


def _confine(parent: int, allowed: Limits) -> None:
    """Give up whatever reading does not need: sockets, new files, memory, time."""
    seconds = int(allowed.seconds) + CPU_SPARE
    with suppress(ValueError, OSError):  # a lower limit is in force already
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    limit_memory(allowed.memory)
    forbid_network()
    follow(parent)


def _answer(name: str, allowed: Limits) -> dict[str, object]:
    try:
        with os.fdopen(0, "rb") as stream:
            data = stream.read(allowed.size + 1)
        return {"imported": asdict(read_file(data, name, allowed))}
    except KgError as error:
        return {"error": type(error).__name__, "reason": str(error)}
    except MemoryError:
        return {"error": FileTooLarge.__name__, "reason": f"{harmless(name)}: {TOO_MUCH_MEMORY}"}


if __name__ == "__main__":
    main(*sys.argv[1:])
