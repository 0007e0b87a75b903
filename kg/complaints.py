"""What the storage engine says when a folder cannot be used, in words for people: what, where, and the remedy."""

from pathlib import Path

from kg.errors import StoreError

COMPLAINTS = {
    "LOCK": "is being written by another process; wait for it, or choose another directory with --data",
    "CURRENT": "is missing or holds no graph; run `tantu build`",
    "MANIFEST": "is only half-written; delete it and run `tantu build`",
    "Permission denied": "cannot be written; change its permissions or choose another directory with --data",
    "Read-only file system": "is on a read-only file system; choose another directory with --data",
    "No space left": "does not fit on the disk; free some space or choose another directory with --data",
    "Not a directory": "lies under something that is not a directory; choose another directory with --data",
    "not a directory": "is not a directory; choose another directory with --data",
    "Directory exists": "exists already; choose a new folder",
    "File exists": "stands where a file is; choose another directory with --data",
}


def unusable(folder: Path, error: Exception) -> StoreError:
    """Return the error for a store that cannot be used, by what the engine or the system says of it.

    >>> print(unusable(Path("data"), OSError("IO error: data/CURRENT: No such file or directory")))
    the store data is missing or holds no graph; run `tantu build`
    """
    said = next((remedy for part, remedy in COMPLAINTS.items() if part in str(error)), f"cannot be used: {error}")
    return StoreError(f"the store {folder} {said}")
