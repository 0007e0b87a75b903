"""Faults: a full disk, damaged files, a process that dies at any point. Nothing that was there is lost, and it is said."""

import io
import os
import resource
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest

from kg import generations
from kg.catalogue import NAME, read_catalogue
from kg.checks.stored import problems
from kg.draft import Draft
from kg.errors import BuildNeeded, Locked, StoreError
from kg.generations import DataDirectory, Manifest, inputs
from kg.holdings import OWN
from kg.listings import checksum
from kg.model import Report
from kg.settings import Settings
from kg.writer import writing
from search.changing import Given, Source, add
from search.keeping import backup, restore
from search.repairing import repair
from tests import growing
from tests.growing import FIRST, SECOND
from tests.test_changing import content


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    growing.quick(monkeypatch)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory, data_folder: Path) -> Settings:
    """A collection with one report of the team's, to be copied."""
    return growing.with_one_report(tmp_path_factory.mktemp("held"), data_folder)


@pytest.fixture
def copy(held: Settings, tmp_path: Path) -> Settings:
    shutil.copytree(held.data, tmp_path / "data")
    return Settings(data=tmp_path / "data", seeds=held.seeds)


def generation(settings: Settings) -> Path:
    return DataDirectory(settings.data).current(inputs(settings))[0]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


DAMAGES = ["store", "shards", "lexicon", "graph", "manifest.json"]


@pytest.mark.parametrize("part", DAMAGES)
def test_what_is_damaged_is_named_and_never_served(copy: Settings, part: str) -> None:
    assert list(problems(copy)) == []
    place = generation(copy) / part
    cut(max((place.rglob("*") if place.is_dir() else [place]), key=lambda path: path.stat().st_size))
    found = list(problems(copy))
    assert any(one.is_error and part.split(".")[0] in str(one) and "tantu repair" in one.remedy for one in found)
    with pytest.raises(BuildNeeded, match="run `tantu build`"):
        generation(copy)


def test_a_broken_collection_is_repaired_from_what_was_built(copy: Settings) -> None:
    before = content(generation(copy))
    own = copy.data / OWN
    cut(own / NAME)
    (own / "first.txt").unlink()
    cut(next(generation_folder(copy).glob("shards/*/entries.jsonl")))
    assert sum(one.is_error for one in problems(copy)) == 2
    said, built = repair(copy)
    assert [line.rpartition(": ")[2][:8] for line in said] == ["written ", "put back"]
    assert content(built.folder) == before
    assert list(problems(copy)) == []


def generation_folder(settings: Settings) -> Path:
    return settings.data / "generations" / DataDirectory(settings.data).pointer()


def test_a_backup_is_put_back_and_the_same_is_built(copy: Settings, tmp_path: Path) -> None:
    kept = tmp_path / "kept.tar"
    with kept.open("wb") as file:
        assert backup(copy, file) == 1
    elsewhere = Settings(data=tmp_path / "elsewhere", seeds=copy.seeds)
    shutil.copytree(copy.data / "parts", elsewhere.data / "parts")
    built = restore(elsewhere, kept)
    assert built.read == ()
    assert content(built.folder) == content(generation(copy))
    with pytest.raises(StoreError, match="holds 1 reports of its own; say --replace"):
        restore(elsewhere, kept)


@pytest.mark.parametrize(
    "name", ["../outside.txt", "/outside.txt", "reports/../../outside.txt", "reports/a\n.txt", "x.txt"]
)
def test_a_backup_with_names_that_lead_elsewhere_is_refused(copy: Settings, tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "bad.tar", "w") as tar:
        member = tarfile.TarInfo(name)
        member.size = 1
        tar.addfile(member, io.BytesIO(b"x"))
    with pytest.raises(StoreError, match="is no backup of Tantu's: it holds"):
        restore(copy, tmp_path / "bad.tar", instead=True)
    assert not list(tmp_path.glob("**/outside.txt"))
    assert generation(copy)


@contextmanager
def largest(size: int) -> Iterator[None]:
    """Let no file grow beyond a size: what a full disk does, at a place that one can choose."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [100, 20_000])
def test_a_full_disk_is_said_in_one_line_and_what_was_there_stays(copy: Settings, size: int) -> None:
    before = generation(copy)
    with largest(size), pytest.raises(StoreError) as error:
        add(copy, [Source("second.txt", SECOND.encode())], Given(id="second"))
    assert "\n" not in str(error.value)
    assert generation(copy) == before
    assert [report.id for report in read_catalogue(copy.data / OWN)] == ["first"]
    assert list(problems(copy)) == []


def put_second(settings: Settings) -> None:
    add(settings, [Source("second.txt", SECOND.encode())], Given(id="second"))


NOBODY = 65534


class Killed(BaseException):
    """What ends a process in the middle, as far as a test can."""


def report(text: str) -> Report:
    return Report("mine", text, "en", "https://w3id.org/tantu/org/zte", 2024, {}, sha256(text.encode()).hexdigest())


def publish(settings: Settings, text: str, graph: str) -> None:
    """Commit a report and a generation that tells of it, without the work of making one."""
    directory = DataDirectory(settings.data)
    with directory.arriving() as arriving:
        draft = Draft(settings.data / OWN, arriving)
        draft.put(report(text), None, {"ending": ".text"}, text.encode())
        draft.write()
        found = inputs(settings, arriving)
        with directory.building() as aside:
            (aside / "store").mkdir()
            (aside / "graph.nq").write_text(graph)
            directory.publish(aside, Manifest(found, {"graph.nq": checksum(aside / "graph.nq")}, {}), draft.commit)


def test_a_change_that_dies_at_any_step_is_the_old_or_the_new_one(
    tmp_path: Path, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = set()
    monkeypatch.setattr(generations, "tools", lambda settings: {})  # the code does not change meanwhile
    for step in range(40):
        (tmp_path / str(step)).mkdir()
        settings = growing.settings_in(tmp_path / str(step), data_folder)
        publish(settings, FIRST, "old")
        left = step

        def dying(real):
            def call(*arguments, **options):
                nonlocal left
                left -= 1
                if left < 0:
                    raise Killed
                return real(*arguments, **options)

            return call

        with monkeypatch.context() as patch:
            for owner, names in (
                (Path, ("rename", "replace", "unlink", "mkdir", "write_bytes")),
                (shutil, ("rmtree",)),
            ):
                for name in names:
                    patch.setattr(owner, name, dying(getattr(owner, name)))
            try:
                publish(settings, SECOND, "new")
            except Killed:
                pass
            else:
                break
        (found,) = read_catalogue(settings.data / OWN)  # its text is what its checksum says
        try:
            graph = (generation(settings) / "graph.nq").read_text()
        except BuildNeeded:  # committed, not yet built: the next command builds it
            assert found.text == SECOND
            graph = "to be built"
        else:
            assert (graph, found.text) in (("old", FIRST), ("new", SECOND))
        seen.add(graph)
        Draft(settings.data / OWN, tmp_path)
        texts = {path.name: path.read_text() for path in (settings.data / OWN).glob("*.txt")}
        assert list(texts.values()) == [found.text]  # nothing is left of the other one
    assert seen == {"old", "to be built", "new"}
    assert left >= 0


@contextmanager
def nobody() -> Iterator[None]:
    """Be a user without rights."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_of_somebody_else_is_named_with_what_helps(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o555)
    with (
        nobody(),
        pytest.raises(StoreError, match=r"data cannot be written .*; choose another with --data or TANTU_DATA"),
    ):
        put_second(Settings(data=tmp_path / "data"))


def test_the_second_of_two_writers_is_told_who_is_at_it(tmp_path: Path) -> None:
    with writing(tmp_path):
        with pytest.raises(Locked) as error:
            put_second(Settings(data=tmp_path))
        assert f"is being changed by process {os.getpid()} (tantu" in str(error.value)
        assert str(error.value).endswith("try again when it has finished")
    with writing(tmp_path):
        (tmp_path / "lock").write_text("not what anybody wrote")
        with pytest.raises(Locked, match="is being changed by another process"):
            put_second(Settings(data=tmp_path))
