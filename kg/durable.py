"""Writing that survives a crash: content is on the disk before the name that leads to it."""

import os
from pathlib import Path
from stat import S_ISDIR


def sync(folder: Path) -> None:
    """Bring a folder with all its files to the disk; those that have a second name were brought there under that."""
    for path in [*folder.rglob("*"), folder]:
        about = path.stat()
        if S_ISDIR(about.st_mode) or about.st_nlink == 1:
            sync_path(path)


def sync_path(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace(path: Path, content: str | bytes) -> None:
    """Put new content under a name: whoever reads it sees the old or the new, whole."""
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(content.encode() if isinstance(content, str) else content)
    sync_path(new)
    new.replace(path)
    sync_path(path.parent)
