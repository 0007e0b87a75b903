"""Fusion: scores stay between 0 and 1, and more of either never ranks lower."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.fusion import fuse, prefer

PARTS = st.lists(st.tuples(st.floats(0, 1, width=32), st.floats(-1, 1, width=32)), min_size=1, max_size=20)


@given(PARTS)
def test_scores_lie_between_0_and_1(parts):
    share, similarity = np.array(parts, np.float32).T
    for scores in (fuse(share, similarity), prefer(fuse(share, similarity), np.ones_like(share))):
        assert scores.dtype == np.float32
        assert ((scores >= 0) & (scores <= 1)).all()


@given(PARTS, st.floats(0, 1, width=32))
def test_more_of_either_never_ranks_lower(parts, more):
    share, similarity = np.array(parts, np.float32).T
    scores = fuse(share, similarity)
    assert (fuse(np.minimum(share + more, 1), similarity) >= scores - 1e-6).all()
    assert (fuse(share, similarity + more) >= scores - 1e-6).all()


def test_where_words_say_nothing_meaning_decides():
    scores = fuse(np.zeros(3, np.float32), np.array([0.2, 0.6, 0.4], np.float32))
    assert np.argsort(-scores).tolist() == [1, 2, 0]


def test_a_preference_moves_but_does_not_decide():
    scores = prefer(np.array([0.5, 0.48, 0.2], np.float32), np.array([0, 1, 1], np.float32))
    assert np.argsort(-scores).tolist() == [1, 0, 2]
