"""Shards: a search through many gives what a search through one gives, and where a report belongs is for its id to say."""

import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.listings import link
from search.assembling import build_index
from search.entries import Entry, Where
from search.index import Index
from search.pieces import Pieces
from search.shards import LARGEST, split
from search.vectors import Vectors
from tests.doubles import HashEncoder
from tests.test_index import NONE
from tests.test_vectors import matrix

SAID = st.sampled_from(
    ["数据中心使用液冷技术", "节约用水", "energy saving", "PUE 1.25 2023", "2023 emissions", "液冷 PUE"]
)
ENTRIES = st.lists(
    st.tuples(SAID, st.sampled_from(["passage", "target"]), st.integers(0, 6), st.integers(2020, 2023)),
    min_size=1,
    max_size=24,
)


def entries(told):
    return [
        Entry(f"e{n:02}", kind, text, f"r{report}", 0, len(text), f"c{report % 3}", year, "en")
        for n, (text, kind, report, year) in enumerate(told)
    ]


def found(folder, told, shards, asked, where):
    build_index(Path(folder), entries(told), HashEncoder(), NONE, shards=shards)
    index = Index.open(Path(folder), HashEncoder(), NONE)
    hits = [
        (hit.entry, hit.score, hit.highlights) for question in asked for hit in index.search(question, 5, where=where)
    ]
    return hits, index.likenesses(HashEncoder().encode(["x"])[0]).max(), [index.weighed(question) for question in asked]


@settings(max_examples=25)
@given(
    ENTRIES,
    st.integers(2, 9),
    st.lists(SAID, min_size=1, max_size=2),
    st.none() | st.frozensets(st.integers(2020, 2023)),
)
def test_many_shards_find_what_one_finds(told, shards, asked, years):
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as many:
        where = Where(years=years)
        assert found(one, told, 1, asked, where) == found(many, told, shards, asked, where)


def test_where_entries_are_many_only_those_that_words_or_meaning_name_are_scored(tmp_path, monkeypatch):
    monkeypatch.setattr("search.index.ALL", 10)
    monkeypatch.setattr("search.index.POOL", 12)
    told = [(f"液冷 {n} PUE 2023", "passage", n % 7, 2023) for n in range(90)]
    asked, where = ["液冷 7", "PUE", "2023 PUE"], Where(years=frozenset({2023}))
    assert found(tmp_path / "one", told, 1, asked, where) == found(tmp_path / "many", told, 5, asked, where)


@pytest.mark.parametrize("exact_up_to", [1000, 0])
def test_pieces_are_searched_as_one(exact_up_to):
    rows, question, among = matrix(300), matrix(1, seed=5)[0], np.random.default_rng(2).random(300) < 0.5
    one = Vectors.build(rows, exact_up_to)
    pieces = Pieces([Vectors.build(part, exact_up_to) for part in (rows[:90], rows[90:91], rows[91:])])
    for mask in (None, among):
        assert pieces.search(question, 20, mask)[0].tolist() == one.search(question, 20, mask)[0].tolist()
    assert pieces.similarities(question).tolist() == one.similarities(question).tolist()
    chosen = np.array([299, 0, 90, 0])
    assert pieces.similarities(question, chosen).tolist() == one.similarities(question, chosen).tolist()
    assert pieces.search_each(rows[:3], 2)[0].tolist() == one.search_each(rows[:3], 2)[0].tolist()


@given(st.sets(st.integers(0, 2000), max_size=3 * LARGEST))
def test_a_report_more_changes_one_shard(numbers):
    names = [f"r-{number}" for number in sorted(numbers)]
    before = {frozenset(shard) for shard in split(names, str)}
    after = {frozenset(shard) for shard in split([*names, "new"], str)}
    assert all(len(shard) <= LARGEST for shard in after)
    assert frozenset().union(*after) == {*names, "new"}
    gone = before - after
    assert len(gone) <= 1
    assert frozenset().union(*(after - before)) == frozenset({"new"}).union(*gone)


def test_a_shard_that_two_generations_share_is_opened_once_and_outlives_the_first(tmp_path):
    build_index(tmp_path / "one", entries([("液冷 PUE", "passage", 1, 2023)]), HashEncoder(), NONE)
    link(tmp_path / "one", tmp_path / "two")
    link(tmp_path / "two", tmp_path / "three")
    one, two = (Index.open(tmp_path / name, HashEncoder(), NONE) for name in ("one", "two"))
    assert one.shards[0].held is two.shards[0].held
    shutil.rmtree(tmp_path / "one")
    shutil.rmtree(tmp_path / "two")
    three = Index.open(tmp_path / "three", HashEncoder(), NONE)
    assert three.shards[0].held is two.shards[0].held
    assert [hit.entry.iri for index in (two, three) for hit in index.search("液冷")] == ["e00", "e00"]
