"""Reading a file in a process of its own, which can take no more time and memory than agreed and reach no network."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from kg.errors import FileTooLarge, ReadingError
from kg.importing.characters import harmless
from kg.importing.imported import MIB, Imported, Limits
from kg.settings import ROOT, clean_environment

START = "import sys; sys.path.insert(0, sys.argv[1]); from kg.importing.child import main; main(*sys.argv[2:])"
BYTES = 13  # of JSON for one character at most: two escapes of six for one beyond the BMP, and a little for the rest
CHUNK = 1 << 16


def read_file_confined(source: Path | bytes, name: str = "", limits: Limits | None = None) -> Imported:
    """Return what ``kg.importing.read_file`` returns, from a process that is killed if it takes more than allowed.

    :raises ReadingError: if the file cannot be read; the message says why, and what helps.
    :raises FileTooLarge: if reading takes more than the limits allow.
    """
    limits = limits or Limits()
    given = name or (source.name if isinstance(source, Path) else "")
    shown = harmless(given)
    with _opened(source, shown, limits) as stream:
        answer, ending = _answer(stream, harmless(given), limits)
    if ending:
        raise ending_error(shown, ending, limits)
    try:
        found: dict[str, Any] = json.loads(answer)
        if "error" in found:
            kind = FileTooLarge if found["error"] == FileTooLarge.__name__ else ReadingError
            raise kind(str(found["reason"]))
        return _imported(found["imported"])
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise ReadingError(f"{shown}: cannot be read (its reader gave no answer); print or save it again") from error


def _imported(found: dict[str, Any]) -> Imported:
    lists = {name: tuple(found[name]) for name in ("pages", "warnings")}
    return Imported(str(found["text"]), str(found["media_type"]), title=str(found["title"]), **lists)


@contextmanager
def _opened(source: Path | bytes, shown: str, limits: Limits) -> Iterator[IO[bytes]]:
    """Open the file for the process, which opens none itself.

    :raises ReadingError: if it is missing, unreadable or no plain file.
    :raises FileTooLarge: if it is larger than allowed.
    """
    if isinstance(source, Path) and source.exists() and not source.is_file():
        raise ReadingError(f"{shown}: is no file; name a file")
    with ExitStack() as stack:
        try:
            stream = stack.enter_context(source.open("rb") if isinstance(source, Path) else _filled(source, limits))
        except OSError as error:
            remedy = "check its name and who may read it"
            raise ReadingError(f"{shown}: cannot be read ({error.strerror}); {remedy}") from error
        size = stream.seek(0, os.SEEK_END)
        stream.seek(0)
        if size > limits.size:
            raise FileTooLarge(f"{shown}: is larger than {limits.size // MIB} MiB; split it, or raise TANTU_FILE_SIZE")
        yield stream


def _filled(data: bytes, limits: Limits) -> IO[bytes]:
    """Return a file without a name that holds these bytes."""
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    stream.write(data[: limits.size + 1])
    stream.flush()
    return stream


def _answer(stream: IO[bytes], name: str, limits: Limits) -> tuple[bytes, str]:
    """Return what the process says and "", or nothing and how it ended."""
    follow, held = os.pipe()
    command = [sys.executable, "-P", "-c", START, str(ROOT), str(follow), name, json.dumps(asdict(limits))]
    try:
        process = subprocess.Popen(
            command,
            stdin=stream,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=clean_environment(),
            pass_fds=(follow,),
        )
    finally:
        os.close(follow)
    try:
        answer, in_time = _read(process, limits)
        if not in_time:
            return b"", "time"
        code = process.wait()
    finally:
        process.kill()
        process.wait()
        os.close(held)
    return (answer, "") if code == 0 else (b"", _ending(code))


def _read(process: subprocess.Popen[bytes], limits: Limits) -> tuple[bytes, bool]:
    """Read all that a process says, and say whether it ended in time; one that says too much is out of time too."""
    assert process.stdout
    until = time.monotonic() + limits.seconds
    most = BYTES * limits.characters + (1 << 20)
    parts: list[bytes] = []
    size = 0
    with process.stdout as stream:
        while (left := until - time.monotonic()) > 0 and size <= most:
            if not select.select([stream], [], [], left)[0]:
                break
            part = os.read(stream.fileno(), CHUNK)
            if not part:
                return b"".join(parts), True
            parts.append(part)
            size += len(part)
    return b"", False


def _ending(code: int) -> str:
    if -code in (signal.SIGXCPU, signal.SIGKILL):
        return "time"
    return signal.Signals(-code).name if code < 0 else f"exit {code}"


def ending_error(name: str, ending: str, limits: Limits) -> ReadingError:
    """Return the error for a process that was ended, or ended itself.

    >>> str(ending_error("a.pdf", "time", Limits()))
    'a.pdf: takes longer than 60 s to read; split it, or raise TANTU_FILE_SECONDS'
    """
    if ending == "time":
        return FileTooLarge(
            f"{name}: takes longer than {limits.seconds:g} s to read; split it, or raise TANTU_FILE_SECONDS"
        )
    if ending.startswith("exit"):
        return ReadingError(f"{name}: its reader failed ({ending}), for the file is damaged; save it again")
    # An allocation that fails inside a library ends the process by SIGABRT, SIGSEGV or SIGTRAP.
    reason = (
        f"its reader broke off ({ending}), for want of memory ({limits.memory // MIB} MiB) or as the file is damaged"
    )
    return FileTooLarge(f"{name}: {reason}; save it again, or raise TANTU_FILE_MEMORY")
