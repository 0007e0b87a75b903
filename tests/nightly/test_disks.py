"""Real disks, of memory: one that is full, one that may not be written; and a clock that goes back. ``make nightly``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kg.catalogue import read_catalogue
from kg.checks.stored import problems
from kg.errors import StoreError
from kg.holdings import OWN
from kg.settings import Settings
from search.changing import Given, Source, add
from search.library import Library
from tests import growing
from tests.growing import SECOND
from tests.test_changing import content
from tests.test_faults import generation


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    growing.quick(monkeypatch)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A collection with one report of the team's."""
    return growing.with_one_report(tmp_path_factory.mktemp("held"), tmp_path_factory.mktemp("nothing"))


def mount(*arguments: str | Path) -> None:
    """Mount a disk, or skip the test where that is not allowed."""
    if shutil.which("mount") is None or os.geteuid() != 0 or sys.platform != "linux":
        pytest.skip("only root of a Linux system can mount a disk")
    done = subprocess.run(["mount", *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")


@pytest.fixture
def disk(held: Settings, tmp_path: Path) -> Iterator[Settings]:
    """The collection on a disk of its own, with much room."""
    place = tmp_path / "disk"
    place.mkdir()
    mount("-t", "tmpfs", "-o", "size=64m", "tmpfs", place)
    try:
        shutil.copytree(held.data, place / "data")
        yield Settings(data=place / "data", seeds=held.seeds)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)  # a worker may take a moment to end


def put_second(settings: Settings) -> None:
    add(settings, [Source("second.txt", SECOND.encode())], Given(id="second"))


def test_on_a_full_disk_everything_stays_and_with_room_it_goes_on(disk: Settings) -> None:
    before, place = generation(disk), disk.data.parent
    used = shutil.disk_usage(place).used
    for room in (0, 12 << 10, 64 << 10, 256 << 10):
        mount("-o", f"remount,size={used + room}", place)
        with pytest.raises(StoreError) as error:
            put_second(disk)
        assert "\n" not in str(error.value)
        assert generation(disk) == before
        assert [report.id for report in read_catalogue(disk.data / OWN)] == ["first"]
    mount("-o", "remount,size=64m", place)
    assert list(problems(disk)) == []
    put_second(disk)
    with closing(Library.open(disk)) as library:
        assert {"first", "second"} <= set(library.reports)


def test_a_disk_that_may_not_be_written_is_served_and_not_changed(disk: Settings) -> None:
    mount("-o", "remount,ro", disk.data.parent)
    try:
        with pytest.raises(StoreError, match=r"cannot be written \(.*\); choose another with --data"):
            put_second(disk)
        assert list(problems(disk)) == []
        with closing(Library.open(disk)) as library:
            assert library.search("electricity 2024")[0].entry.report == "first"
            assert b"/graph/first" in b"".join(library.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", "csv"))
    finally:
        mount("-o", "remount,rw", disk.data.parent)


def test_a_clock_that_goes_back_changes_nothing(
    held: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(held.data, tmp_path / "data")
    copy = Settings(data=tmp_path / "data", seeds=held.seeds)
    before = generation(copy)
    for path in [*copy.data.rglob("*"), copy.data]:
        os.utime(path, (4e9, 4e9))  # written in the year 2096, as the clock said then
    monkeypatch.setattr(time, "time", lambda: 1.0)
    assert (generation(copy), list(problems(copy))) == (before, [])
    put_second(copy)
    assert generation(copy) != before
    fresh = Settings(data=tmp_path / "fresh", seeds=held.seeds)
    shutil.copytree(copy.data / OWN, fresh.data / OWN)
    add(fresh, [Source("second.txt", SECOND.encode())], Given(id="second", year=2023))
    assert content(generation(fresh)) == content(generation(copy))
