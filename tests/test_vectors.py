"""FAISS against NumPy: the same rows, filters inside the search, the same bytes, and codes that miss little."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.vectors import CANDIDATES, FEWEST, Quality, Vectors

KINDS = pytest.mark.parametrize("kind", ["exact", "codes"])


def matrix(count, dimension=16, seed=0):
    rows = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def built(rows, kind):
    return Vectors.build(rows, exact_up_to=len(rows) if kind == "exact" else 0)


def nearest(rows, question, k, among=None):
    similarities = rows @ question
    allowed = np.arange(len(rows)) if among is None else np.flatnonzero(among)
    return allowed[np.argsort(-similarities[allowed], kind="stable")[:k]]


@KINDS
@settings(max_examples=30)
@given(st.integers(1, 200), st.integers(0, 70), st.integers(0, 1000), st.none() | st.floats(0, 1))
def test_rows_and_similarities_are_those_of_numpy(kind, count, k, seed, share):
    rows, question = matrix(count, seed=seed), matrix(1, seed=seed + 1)[0]
    among = None if share is None else np.random.default_rng(seed).random(count) < share
    found, similarities = built(rows, kind).search(question, k, among)
    assert found.tolist() == nearest(rows, question, k, among).tolist()
    assert np.allclose(similarities, rows[found] @ question, atol=1e-5)


@KINDS
@settings(max_examples=20)
@given(st.integers(1, 100), st.integers(0, 5), st.integers(0, 12))
def test_many_questions_are_answered_as_each_of_them(kind, count, questions, k):
    vectors, asked = built(matrix(count), kind), matrix(questions, seed=3)
    rows, similarities = vectors.search_each(asked, k)
    assert rows.shape == similarities.shape == (questions, min(k, count))
    for question, found in zip(asked, rows, strict=True):
        assert found.tolist() == vectors.search(question, k)[0].tolist()


@KINDS
def test_similarities_of_chosen_rows(kind):
    rows, question = matrix(30), matrix(1, seed=2)[0]
    vectors, chosen = built(rows, kind), np.array([3, 29, 3])
    assert np.allclose(vectors.similarities(question, chosen), rows[chosen] @ question, atol=1e-6)
    every = vectors.similarities(question)
    assert np.allclose(every, rows @ question, atol=1e-6)
    assert vectors.similarities(question, np.arange(30)[::-1]).tolist() == every[::-1].tolist()
    assert vectors.similarities(question, np.empty(0, np.int64)).size == 0


@pytest.fixture(scope="module")
def many():
    """More vectors than a search looks at closely, with neighbourhoods as texts have them: 60 with 100 around each."""
    centres = np.repeat(matrix(60, 32), 100, axis=0)
    rows = centres + 0.5 * matrix(6000, 32, seed=1)
    assert len(rows) > CANDIDATES
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("share", [1.0, 0.5, 0.02])
def test_codes_find_nearly_what_an_exact_search_finds(many, share):
    vectors = built(many, "codes")
    among = None if share == 1 else np.random.default_rng(3).random(len(many)) < share
    questions = matrix(40, 32, seed=4)
    found = [vectors.search(question, 10, among)[0] for question in questions]
    assert among is None or all(among[rows].all() for rows in found)
    true = [nearest(many, question, 10, among) for question in questions]
    assert np.mean([np.isin(t, rows).mean() for t, rows in zip(true, found, strict=True)]) >= 0.98


@KINDS
def test_the_quality_that_is_kept_is_that_of_a_search(many, kind):
    quality = built(many, kind).quality()
    assert (quality.kind, quality.count) == (kind, len(many))
    assert 0.98 <= quality.recall <= 1
    assert kind != "exact" or quality == Quality("exact", len(many), 1.0)


@KINDS
@pytest.mark.parametrize("dimension", [32, 31])
def test_saved_vectors_are_found_again_and_bytes_repeat(many, tmp_path, kind, dimension):
    rows = np.ascontiguousarray(many[:, :dimension])
    for name in ("one", "two"):
        built(rows, kind).save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    opened, question = Vectors.open(tmp_path / "one"), rows[17]
    assert (len(opened), opened.dimension) == rows.shape
    assert opened.search(question, 5)[0].tolist() == built(rows, kind).search(question, 5)[0].tolist()
    for vectors in (opened, built(rows, kind)):
        assert np.allclose(vectors.similarities(question, np.array([17])), question @ question, atol=1e-5)


def test_vectors_stay_on_disk(many, tmp_path):
    built(many, "exact").save(tmp_path / "vectors")
    opened = Vectors.open(tmp_path / "vectors")
    before = opened.search(many[5], 1)
    with (tmp_path / "vectors").open("r+b") as file:  # what is mapped shows what the file holds now
        file.seek(-many[5].nbytes * (len(many) - 5), 2)
        file.write(many[6].tobytes())
    assert opened.search(many[5], 1)[1] < before[1] - 0.01


@pytest.mark.parametrize("count", [FEWEST - 1, FEWEST, FEWEST + 1])
def test_too_few_for_codes_are_compared_exactly(count):
    assert built(matrix(count), "codes").quality().kind == ("codes" if count > FEWEST else "exact")


def test_no_vectors_at_all():
    found, _ = Vectors.build(np.zeros((0, 8), np.float32)).search(np.ones(8, np.float32), 3)
    assert found.size == 0
