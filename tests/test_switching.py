"""Serving while the collection changes: every request is answered, by one generation, and the new one comes at once."""

import asyncio
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from kg.settings import ROOT
from search.building import build
from search.changing import Given, Source, add
from tests import growing
from web.switching import OneGeneration, Switching

QUESTION = {"q": "How much electricity did ZTE use in 2024?"}


class Closing(SimpleNamespace):
    closed = False

    def close(self) -> None:
        self.closed = True


def test_a_request_sees_one_generation_and_the_old_one_is_closed_after_it(tmp_path: Path) -> None:
    async def scenario() -> list[object]:
        state, old, new = OneGeneration(), Closing(), Closing()
        switching = Switching(state, old, tmp_path)
        async with switching.used():
            change = asyncio.create_task(switching.switch(new))
            await asyncio.sleep(0.01)
            during = [state.library is old, old.closed, await asyncio.to_thread(lambda: state.library is old)]
        await change
        return [*during, old.closed, state.library is new, new.closed]

    assert asyncio.run(scenario()) == [True, False, True, True, True, False]


def ask(address: str, stop: threading.Event, said: list[tuple[int, str]]) -> None:
    with httpx.Client(base_url=address, timeout=30) as client:
        while not stop.is_set():
            found = client.get("/api/ask", params=QUESTION)
            said.append((found.status_code, found.json().get("text", "")))
            time.sleep(0.1)


def test_a_report_is_added_while_clients_ask(
    tmp_path: Path, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    growing.quick(monkeypatch, ontology=True)
    settings = growing.settings_in(tmp_path, data_folder)
    build(settings)
    folders = ["--data", str(settings.data), "--seeds", str(settings.seeds)]
    command = [sys.executable, "-m", "web", "serve", "--port", "0", *folders]
    stop, said = threading.Event(), list[tuple[int, str]]()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        try:
            assert server.stdout
            address = re.search(r"http://\S+", server.stdout.readline())
            assert address
            clients = [threading.Thread(target=ask, args=(address.group(), stop, said)) for _ in range(4)]
            for client in clients:
                client.start()
            changed = add(settings, [Source("a.txt", growing.FIRST.encode())], Given(company="ZTE"))
            assert changed.built
            until = time.monotonic() + 60
            while httpx.get(f"{address.group()}/api/health").json()["generation"] != changed.built.manifest.key:
                assert time.monotonic() < until, "the new generation was not served"
                time.sleep(0.1)
            now = httpx.get(f"{address.group()}/api/ask", params=QUESTION).json()
            stop.set()
            for client in clients:
                client.join()
            while len(list((settings.data / "generations").iterdir())) > 1:  # the old one goes with its last request
                assert time.monotonic() < until
                time.sleep(0.1)
        finally:
            stop.set()
            server.terminate()
    assert "512" in now["text"]
    assert {status for status, _ in said} == {200}
    assert "512" not in said[0][1]
    assert [path.name for path in (settings.data / "generations").iterdir()] == [changed.built.folder.name]
