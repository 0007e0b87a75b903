"""A server that is told to end: what runs may end, what does not end is ended, and nobody is left behind."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from kg.settings import ROOT
from tests.tiny import ENDLESS, comes, gone

_VALUES = " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(size)))} }}" for n, size in enumerate((200, 200, 60)))
SHORT = f"SELECT (COUNT(*) AS ?n) {{ {_VALUES} FILTER(?v0 + ?v1 + ?v2 >= 0) }}"  # 2.4 million rows, half a second
GRACE = 5  # seconds that web.serving gives


@contextmanager
def server(data: Path, log: Path, **settings: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Give a server with the address that it says."""
    command = [sys.executable, "-m", "web", "serve", "--port", "0", "--data", str(data)]
    environment = {"PATH": os.defpath, "TANTU_LOG": "json", **settings}
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=ROOT, env=environment
        ) as process,
    ):
        assert process.stdout
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found
        yield process, found.group()
        process.kill()


def children(pid: int) -> list[int]:
    """Return the processes below one."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout.split()
    return [*map(int, found), *(below for one in found for below in children(int(one)))]


@pytest.mark.parametrize(("query", "ends"), [(SHORT, True), (ENDLESS, False)], ids=["short", "endless"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_ends_in_order(
    data_folder: Path, tmp_path: Path, query: str, ends: bool, number: signal.Signals
) -> None:
    answers: list[object] = []
    with server(data_folder, tmp_path / "log") as (process, address):
        assert httpx.get(f"{address}/api/health").status_code == 200

        def ask() -> None:
            try:
                answers.append(httpx.get(f"{address}/sparql", params={"query": query}, timeout=60).status_code)
            except httpx.HTTPError as error:
                answers.append(type(error).__name__)

        asking = threading.Thread(target=ask)
        asking.start()
        assert comes(lambda: "tantu_queries_running 1.0" in httpx.get(f"{address}/metrics").text)
        below, since = children(process.pid), time.monotonic()
        assert below
        process.send_signal(number)
        process.wait(GRACE + 20)
        took = time.monotonic() - since
        asking.join(20)
    assert process.returncode in (0, -number, 130), process.returncode
    assert (answers == [200]) == ends, answers
    assert took < (GRACE if ends else GRACE + 10)
    assert all(gone(pid) for pid in below)
    lines = (tmp_path / "log").read_text().splitlines()
    assert lines
    assert all({"time", "level", "message"} <= json.loads(line).keys() for line in lines)
