"""Real engines of others on loopback: Oxigraph's server, Debian's Virtuoso; what is not installed is skipped."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from bench.engines import VIRTUOSO
from kg.remote import UNION
from kg.settings import Settings
from tests import tiny

OXIGRAPH = Path(sys.executable).parent / "oxigraph"
SECRET = "dba"  # user and password of a Virtuoso that nobody has changed


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def answers(address: str) -> bool:
    """Say whether a server answers, in whichever way."""
    try:
        with urlopen(address, timeout=5):
            return True
    except HTTPError:
        return True
    except OSError:
        return False


@contextmanager
def running(command: list[str], address: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the end of the block; wait until it answers."""
    silent = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=silent, stderr=silent) as process:
        try:
            assert tiny.comes(lambda: answers(address), 60), f"{command[0]} did not start"
            yield process
        finally:
            process.kill()


@contextmanager
def oxigraph(*options: str) -> Iterator[dict[str, str]]:
    """Give the settings of an empty Oxigraph server."""
    if not OXIGRAPH.exists():
        pytest.skip("the server of Oxigraph is not installed (pip install oxigraph)")
    at = f"127.0.0.1:{free_port()}"
    command = [str(OXIGRAPH), "serve", "--bind", at, *options]
    with running(command, f"http://{at}/"):
        yield {"store": f"http://{at}/query?{UNION}"}


@contextmanager
def oxigraph_of(store: Path) -> Iterator[dict[str, str]]:
    """Give the settings of an Oxigraph server on a store of ours, for reading only."""
    at = f"127.0.0.1:{free_port()}"
    with running([str(OXIGRAPH), "serve-read-only", "--bind", at, "-l", str(store)], f"http://{at}/"):
        yield {"store": f"http://{at}/query?{UNION}"}


@contextmanager
def virtuoso(folder: Path) -> Iterator[dict[str, str]]:
    """Give the settings of an empty Virtuoso, which is written to as its administrator."""
    binary = shutil.which("virtuoso-t")
    if binary is None:
        pytest.skip("Virtuoso is not installed (apt install virtuoso-opensource-7-bin)")
    port, sql = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(VIRTUOSO.format(folder=folder, sql=sql, port=port, data=folder))
    at = f"127.0.0.1:{port}"
    with running([binary, "+foreground", "+configfile", str(folder / "virtuoso.ini")], f"http://{at}/sparql"):
        time.sleep(0.5)
        yield {
            "store": f"http://{at}/sparql",
            "store_graphs": f"http://{SECRET}:{SECRET}@{at}/sparql-graph-crud-auth",
        }


def settings(folder: Path, found: dict[str, str], **more: object) -> Settings:
    """Return settings with a store elsewhere."""
    return Settings(data=folder, **found, **more)  # type: ignore[arg-type]
