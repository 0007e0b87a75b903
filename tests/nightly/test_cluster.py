"""Building on a real cluster of Dask on loopback: the same parts, byte for byte, and errors in our words."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kg.errors import KgError, StoreError
from kg.settings import ROOT, Settings
from search import cluster
from search.building import build
from tests import engines, tiny

BIN = Path(sys.executable).parent


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    """The address of a scheduler with two workers, which have nothing but the code."""
    port, folder = engines.free_port(), tmp_path_factory.mktemp("dask")
    address, silent = f"tcp://127.0.0.1:{port}", subprocess.DEVNULL
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    options = ["--host", "127.0.0.1", "--no-dashboard"]
    commands = [[str(BIN / "dask"), "scheduler", "--port", str(port), *options]]
    commands += [[str(BIN / "dask"), "worker", address, "--nthreads", "1", "--nworkers", "2", *options]]
    started = [
        subprocess.Popen(command, stdout=silent, stderr=silent, cwd=folder, env=environment) for command in commands
    ]
    yield address
    for process in reversed(started):
        process.terminate()
        process.wait(30)


def test_parts_are_those_that_are_made_here(scheduler, data_folder, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "WORTH", 0)
    steps = []
    there = build(Settings(data=tmp_path, cluster=scheduler), lambda *step: steps.append(step))
    here = Path(data_folder) / "generations" / (data_folder / "current").read_text().strip()
    assert sorted(there.read) == ["mobile-2020", "mobile-2023", "telecom-2023", "unicom-2023", "zte-2024"]
    assert ("reports", 5, 5) in steps
    assert there.manifest.key == here.name.partition("-")[0]
    assert contents(there.folder / "shards") == contents(here / "shards")
    assert contents(there.folder / "graph") == contents(here / "graph")


def test_a_worker_with_another_code_says_so(scheduler, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "WORTH", 0)
    has = cluster.tools
    monkeypatch.setattr(cluster, "tools", lambda settings: {**has(settings), "ontology": "other"})
    with pytest.raises(StoreError, match=r"another ontology than this machine; install"):
        build(Settings(data=tmp_path, cluster=scheduler))
    assert not list((tmp_path / "parts").glob("*/part.json"))


def test_nobody_answers(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECTING", 1)
    monkeypatch.setattr(cluster, "WORTH", 0)
    with pytest.raises(KgError, match=r"does not answer .*TANTU_CLUSTER"):
        build(Settings(data=tmp_path, cluster=f"tcp://127.0.0.1:{engines.free_port()}"))


def test_a_little_is_read_here(tmp_path):
    assert not cluster.worth(Settings(data=tmp_path, cluster="tcp://127.0.0.1:1"), [])
    assert tiny.REPORT.text
    assert replace(Settings(data=tmp_path), cluster="tcp://h:1").cluster
