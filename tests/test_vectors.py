"""FAISS against NumPy: the same rows, filters inside the search, the same bytes, and a graph that misses little."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.vectors import Vectors


def matrix(count, dimension=16, seed=0):
    rows = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def nearest(rows, question, k, among=None):
    similarities = rows @ question
    allowed = np.arange(len(rows)) if among is None else np.flatnonzero(among)
    return allowed[np.argsort(-similarities[allowed], kind="stable")[:k]]


@given(st.integers(1, 60), st.integers(0, 70), st.integers(0, 1000))
def test_rows_and_similarities_are_those_of_numpy(count, k, seed):
    rows = matrix(count, seed=seed)
    question = matrix(1, seed=seed + 1)[0]
    found, similarities = Vectors.build(rows).search(question, k)
    assert found.tolist() == nearest(rows, question, k).tolist()
    assert np.allclose(similarities, rows[found] @ question, atol=1e-5)


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(1, 20))
def test_a_filter_is_part_of_the_search(among, k):
    among = np.array(among)
    rows, question = matrix(len(among)), matrix(1, seed=9)[0]
    found, _ = Vectors.build(rows).search(question, k, among)
    assert found.tolist() == nearest(rows, question, k, among).tolist()
    assert len(found) == min(k, among.sum())


def test_similarities_of_chosen_rows():
    rows, question = matrix(30), matrix(1, seed=2)[0]
    chosen = np.array([3, 29, 3])
    assert np.allclose(Vectors.build(rows).similarities(question, chosen), rows[chosen] @ question, atol=1e-6)
    assert Vectors.build(rows).similarities(question, np.empty(0, np.int64)).size == 0


@pytest.fixture(scope="module")
def many():
    """Vectors with neighbourhoods, as texts have them: 60 centres with 50 vectors around each."""
    centres = np.repeat(matrix(60, 32), 50, axis=0)
    rows = centres + 0.5 * matrix(3000, 32, seed=1)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("share", [1.0, 0.5, 0.02])
def test_a_graph_finds_nearly_what_an_exact_search_finds(many, share):
    graph = Vectors.build(many, exact_up_to=100)
    among = None if share == 1 else np.random.default_rng(3).random(len(many)) < share
    questions = matrix(40, 32, seed=4)
    recalls = [np.isin(nearest(many, q, 10, among), graph.search(q, 10, among)[0]).mean() for q in questions]
    assert np.mean(recalls) >= 0.98


@pytest.mark.parametrize("exact_up_to", [10_000, 100])
def test_saved_vectors_are_found_again_and_bytes_repeat(many, tmp_path, exact_up_to):
    for name in ("one", "two"):
        Vectors.build(many, exact_up_to).save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    opened, question = Vectors.open(tmp_path / "one"), many[17]
    assert len(opened) == len(many)
    assert opened.dimension == 32
    assert opened.search(question, 5)[0].tolist() == Vectors.build(many, exact_up_to).search(question, 5)[0].tolist()
    for vectors in (opened, Vectors.build(many, exact_up_to)):
        assert np.allclose(vectors.similarities(question, np.array([17])), 1, atol=1e-5)


def test_no_vectors_at_all():
    found, _ = Vectors.build(np.zeros((0, 8), np.float32)).search(np.ones(8, np.float32), 3)
    assert found.size == 0
