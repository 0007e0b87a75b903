"""One writer at a time: the lock of a data directory, and who holds it."""

import fcntl
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from kg.errors import Locked, StoreError

LOCK = "lock"


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Be the one writer of a data directory, which is made where it is missing.

    The system gives the lock back when the process ends, however it ends.

    :raises Locked: if another process is; the message says which, and since when.
    :raises StoreError: if the directory cannot be written.
    """
    path = folder / LOCK
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        advice = "choose another with --data or TANTU_DATA"
        raise StoreError(f"{folder} cannot be written ({error.strerror}); {advice}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Locked(f"{folder} is being changed by {holder(path)}; try again when it has finished") from error
        try:
            _sign(path)
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)  # by name: a process forked meanwhile holds the file open too


def _sign(path: Path) -> None:
    """Say in the lock's file who holds it."""
    command = " ".join(["tantu", *sys.argv[1:2]])
    since = datetime.now(UTC).astimezone().isoformat(" ", "seconds")
    with suppress(OSError):  # on a full disk the lock holds all the same
        path.write_text(json.dumps({"pid": os.getpid(), "command": command, "since": since}) + "\n", "utf-8")


def busy(folder: Path) -> str:
    """Return who is changing a data directory, "" where nobody is."""
    path = folder / LOCK
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return ""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return holder(path)
    finally:
        os.close(descriptor)
    return ""


def holder(path: Path) -> str:
    """Return who signed a lock's file, for people."""
    try:
        found = json.loads(path.read_text("utf-8"))
        return f"process {found['pid']} ({found['command']}) since {found['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


class Hold:
    """Keeps a folder that others may remove: nobody does until it is closed.

    :raises FileNotFoundError: if the folder has gone.
    """

    def __init__(self, folder: Path) -> None:
        """Hold a folder."""
        self._descriptor: int | None = os.open(folder, os.O_RDONLY)
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)
        if not folder.exists():
            self.close()
            raise FileNotFoundError(str(folder))

    def close(self) -> None:
        """Let go of it; twice does no harm."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def remove_unread(folder: Path) -> None:
    """Remove a folder unless somebody reads it; see :class:`Hold`."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        going = folder.with_name(f"going-{folder.name.removeprefix('going-')}")
        folder.rename(going)  # whoever opens it from now on finds nothing
        shutil.rmtree(going, ignore_errors=True)
    except OSError:
        return  # somebody reads it: the next writer tries again
    finally:
        os.close(descriptor)
