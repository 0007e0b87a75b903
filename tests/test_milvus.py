"""Vectors in Milvus against NumPy: on a file, and on the server at MILVUS where that is set (`make engines`)."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import BuildNeeded, SettingsError, StoreError
from search.milvus import vectors as module
from search.milvus.partitions import Partitions
from search.milvus.places import Place
from search.milvus.vectors import MilvusVectors
from tests.test_vectors import matrix, nearest

COUNTS = {"one": 120, "two": 1, "three-with-more": 179}
ROWS = matrix(sum(COUNTS.values()))
REACHED = [os.environ["MILVUS"]] if "MILVUS" in os.environ else ["file"]


@pytest.fixture(scope="module", params=REACHED)
def home(request, tmp_path_factory):
    """A collection with three keys, written once."""
    where = str(tmp_path_factory.mktemp("milvus") / "v.db") if request.param == "file" else request.param
    made = Partitions(Place.of(f"milvus:{where}"), str(tmp_path_factory.getbasetemp()), ROWS.shape[1])
    starts = np.cumsum([0, *COUNTS.values()])
    for key, start in zip(COUNTS, starts, strict=False):
        made.put(key, ROWS[start : start + COUNTS[key]])
    made.seal(COUNTS)
    yield made
    made.drop()


@pytest.fixture(scope="module")
def vectors(home):
    opened = MilvusVectors(home, COUNTS)
    assert (len(opened), opened.dimension) == ROWS.shape
    opened._settled = 0.0  # on a server each search would wait for the clock
    return opened


@settings(max_examples=25)
@given(st.integers(0, 400), st.integers(0, 1000), st.none() | st.floats(0, 1))
def test_rows_and_similarities_are_those_of_numpy(vectors, k, seed, share):
    question = matrix(1, seed=seed + 1)[0]
    among = None if share is None else np.random.default_rng(seed).random(len(ROWS)) < share
    found, similarities = vectors.search(question, k, among)
    assert found.tolist() == nearest(ROWS, question, k, among).tolist()
    assert np.allclose(similarities, ROWS[found] @ question, atol=1e-5)


def test_many_questions_are_answered_as_each_of_them(vectors):
    asked = matrix(3, seed=3)
    rows, similarities = vectors.search_each(asked, 5)
    assert rows.shape == similarities.shape == (3, 5)
    for question, found in zip(asked, rows, strict=True):
        assert found.tolist() == vectors.search(question, 5)[0].tolist()
    assert vectors.search_each(asked[:0], 5)[0].shape == (0, 5)


def test_similarities_of_chosen_rows(vectors):
    question, chosen = matrix(1, seed=2)[0], np.array([3, 299, 3, 120, 121])
    assert np.allclose(vectors.similarities(question, chosen), ROWS[chosen] @ question, atol=1e-6)
    every = vectors.similarities(question)
    assert np.allclose(every, ROWS @ question, atol=1e-6)
    assert vectors.similarities(question, np.arange(300)[::-1]).tolist() == every[::-1].tolist()
    assert vectors.similarities(question, np.empty(0, np.int64)).size == 0


def test_what_lies_beyond_the_most_is_sifted_from_what_is_nearest(vectors, monkeypatch):
    monkeypatch.setattr(module, "MOST", 100)
    question, among = matrix(1, seed=5)[0], np.arange(300) % 2 == 0
    assert vectors.search(question, 10, among)[0].tolist() == nearest(ROWS, question, 10, among).tolist()
    assert np.allclose(vectors.similarities(question), ROWS @ question, atol=1e-6)


def test_vectors_themselves_come_back(vectors):
    rows = np.array([0, 120, 121, 299])
    assert np.allclose(vectors._fetched(rows), ROWS[rows])
    assert vectors.quality(ROWS).recall == 1.0


def test_a_key_is_written_once_and_an_older_reader_goes_on_until_its_key_is_dropped(home, vectors):
    before = home.count(list(COUNTS))
    home.put("one", ROWS[:120])
    assert home.count(list(COUNTS)) == before
    home.put("newer", ROWS[:7])
    home.seal({"newer": 7})
    newer = MilvusVectors(home, {"three-with-more": 179, "newer": 7})
    question = ROWS[3]
    assert newer.search(question, 1)[0].tolist() == [179 + 3]
    assert vectors.search(question, 1)[0].tolist() == [3]
    home.keep(COUNTS)
    assert vectors.search(ROWS[4], 1)[0].tolist() == [4]
    with pytest.raises((BuildNeeded, StoreError)):
        MilvusVectors(home, {"newer": 7})


def test_what_is_missing_is_said(home):
    with pytest.raises(BuildNeeded, match=r"119.*of 121|120 of 121"):
        MilvusVectors(home, {"one": 121})


@pytest.mark.parametrize("setting", ["faiss:here", "milvus:", "milvus:http://h:1?index=GUESS"])
def test_a_setting_that_names_no_milvus(setting):
    with pytest.raises(SettingsError, match="milvus:http"):
        Place.of(setting)


def test_nothing_answers(tmp_path: Path):
    with pytest.raises(StoreError, match=r"127\.0\.0\.1:1 .*TANTU_VECTORS"):
        Partitions(Place.of("milvus:http://127.0.0.1:1"), str(tmp_path), 8).put("k", matrix(3, 8))
