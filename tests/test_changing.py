"""Reports come and go: what is left is what a build from nothing would give, and nothing of what went."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.catalogue import read_catalogue
from kg.checks.stored import problems
from kg.draft import JOURNAL, Draft
from kg.errors import CatalogueError, NotFound
from kg.holdings import OWN
from kg.settings import Settings
from kg.store import Store
from search import changing
from search.building import build
from search.changing import Given, Source, add, remove
from search.library import Library
from tests import growing
from tests.growing import FIRST, NEWER, SECOND, SHIPPED


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    growing.quick(monkeypatch)


@pytest.fixture
def settings(tmp_path: Path, data_folder: Path) -> Settings:
    return growing.settings_in(tmp_path, data_folder)


def put(settings: Settings, *texts: str, **given: object) -> list[changing.Outcome]:
    sources = [Source(f"file {n}.txt", text.encode()) for n, text in enumerate(texts)]
    return list(add(settings, sources, Given(**given)).outcomes)


def content(folder: Path) -> dict[str, bytes]:
    """Return the bytes of a generation but its store, whose files no two builds share, and the store's checksum."""
    files = (path for path in folder.rglob("*") if path.is_file() and "store" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if path.name != "manifest.json"}


def traces(folder: Path, *words: bytes) -> Iterator[str]:
    """Yield the files of a data directory that hold a word, or have it in their names."""
    for path in folder.rglob("*"):
        found = path.read_bytes() if path.is_file() else b""
        if any(word in found or word.decode() in str(path.relative_to(folder)) for word in words):
            yield str(path.relative_to(folder))


def test_what_came_and_went_leaves_what_a_build_from_nothing_gives(settings: Settings, tmp_path: Path) -> None:
    sources = [Source("a.txt", b"\x89PNG\r\n"), Source("b.txt", FIRST.encode()), Source("c.txt", Path("nowhere.txt"))]
    sources += [Source("d.txt", SECOND.encode()), Source("e.txt", FIRST.encode()), Source("f.txt", SHIPPED.encode())]
    added = add(settings, sources, Given()).outcomes
    assert [one.what for one in added] == ["refused", "added", "refused", "added", "known", "known"]
    assert [one.newcomer for one in added if one.what == "added"] == [True, False]
    assert "c.txt: there is no such file" in added[2].problem
    put(settings, NEWER, id="b-2024", replaces="zte-2020")
    assert list(traces(settings.data, b"512 GWh")) == []  # of the text that was replaced
    graph = next(settings.data.glob("generations/*/graph/catalogue.nq")).read_text("utf-8")
    assert "/doc/b-2024> <http://purl.org/dc/terms/replaces> <https://w3id.org/tantu/doc/zte-2020>" in graph
    assert list(traces(settings.data, b"Quokka", b"b-2024"))
    built = remove(settings, ["b-2024"])
    assert built.read == ()  # nothing was read anew
    assert list(traces(settings.data, b"Quokka", b"quokka", b"b-2024")) == []  # no triple, vector, word or file
    fresh = Settings(data=tmp_path / "fresh", seeds=settings.seeds)
    shutil.copytree(settings.data / OWN, fresh.data / OWN)
    (fresh.data / "parts").mkdir()
    for ontology in settings.data.glob("parts/*.nq"):  # two seconds of work that are the same for all
        shutil.copy(ontology, fresh.data / "parts")
    assert content(build(fresh).folder) == content(built.folder)
    library = Library.open(settings)
    assert {"zte-2020", "zte-2023"} == set(library.reports)
    assert library.search("emissions 2023")[0].entry.report == "zte-2023"
    library.close()


def test_of_many_shards_one_changes_and_the_store_is_the_one_before_changed(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.shards.LARGEST", 1)
    monkeypatch.setattr("kg.loading.LITTLE", 100.0)  # the store is never loaded anew
    put(settings, FIRST, id="first")
    (before,) = (path for path in (settings.data / "generations").iterdir())
    numbers = {path.parent.name: path.stat().st_ino for path in before.glob("shards/*/vectors.faiss")}
    put(settings, SECOND, id="second")
    built = remove(settings, ["first"])
    after = {path.parent.name: path.stat().st_ino for path in built.folder.glob("shards/*/vectors.faiss")}
    assert len(numbers) == len(after) == 2
    assert len(numbers.items() & after.items()) == 1  # that of the report that stayed
    fresh = Settings(data=tmp_path / "fresh", seeds=settings.seeds)
    shutil.copytree(settings.data / OWN, fresh.data / OWN)
    shutil.copytree(settings.data / "parts", fresh.data / "parts")
    monkeypatch.setattr("kg.loading.LITTLE", 0.0)
    other = build(fresh)
    assert content(other.folder) == content(built.folder)
    with Store.open(other.folder / "store") as one, Store.open(built.folder / "store") as changed:
        assert one.dump() == changed.dump()
    assert list(problems(settings)) == []


def test_what_was_read_wrong_is_set_right(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changing, "renew", lambda settings, step, aside, commit: commit())
    (first,) = put(settings, FIRST, company="ZTE")
    assert (first.what, first.company, first.newcomer) == ("added", "ZTE", False)
    assert [one.what for one in put(settings, FIRST)] == ["known"]
    assert [one.what for one in put(settings, FIRST, year=2022)] == ["corrected"]
    (report,) = read_catalogue(settings.data / OWN)
    assert (report.id, report.year, report.company.rsplit("/", 1)[-1]) == ("zte-2024", 2022, "zte")


def test_reports_that_are_not_the_teams_stay(settings: Settings) -> None:
    with pytest.raises(CatalogueError, match="zte-2020 was not added"):
        remove(settings, ["zte-2020"])
    with pytest.raises(NotFound, match="no report 'nothing'"):
        remove(settings, ["nothing"])
    with pytest.raises(CatalogueError, match="'zte-2020' is taken"):
        put(settings, FIRST, id="zte-2020")
    assert not (settings.data / "generations").exists()
    assert not (settings.data / OWN).exists()


def test_a_change_that_broke_off_is_cleared_up(tmp_path: Path) -> None:
    own = tmp_path / OWN
    own.mkdir()
    for name in ("half.txt", "half.json", "notes.txt"):
        (own / name).write_text("x")
    (own / JOURNAL).write_text('["half.txt", "half.json"]')
    Draft(own, tmp_path)
    assert [path.name for path in own.iterdir()] == ["notes.txt"]  # what nobody listed is not ours
