"""The keyword index against a plain loop over the same BM25, on disk and in memory."""

from itertools import pairwise
from math import log1p

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.keywords import K1, B, Bags, Keywords, Postings

WORDS = st.sampled_from(["碳", "碳排", "pue", "1.3", "energi", "https://w3id.org/tantu/metric/pue"])
BAGS = st.lists(st.dictionaries(WORDS, st.sampled_from([0.5, 1.0, 2.0, 7.0]), max_size=5), min_size=1, max_size=8)
GROUPS = st.lists(st.dictionaries(WORDS, st.sampled_from([0.3, 0.5, 1.0]), min_size=1, max_size=3), max_size=4)


def plain(bags, question):
    """BM25 with synonym groups, as a loop."""
    lengths = [sum(bag.values()) for bag in bags]
    mean = sum(lengths) / len(bags) or 1.0
    scores = [0.0] * len(bags)
    for group in question:
        holders = [bag for bag in bags if any(word in bag for word in group)]
        rarity = log1p((len(bags) - len(holders) + 0.5) / (len(holders) + 0.5))
        for i, bag in enumerate(bags):
            parts = [
                weight * bag[word] * (K1 + 1) / (bag[word] + K1 * (1 - B + B * lengths[i] / mean))
                for word, weight in group.items()
                if word in bag
            ]
            scores[i] += rarity * max(parts, default=0.0)
    return scores


@given(BAGS, GROUPS)
def test_scores_are_those_of_a_plain_loop(bags, question):
    assert np.allclose(Keywords.build(bags).scores(question), plain(bags, question), atol=1e-5)


@given(BAGS, st.lists(st.booleans(), min_size=8, max_size=8), st.lists(st.integers(0, 8), max_size=3), GROUPS)
def test_many_shards_give_what_one_gives(bags, usual, cuts, question):
    usual = usual[: len(bags)]
    bounds = [0, *sorted(min(cut, len(bags)) for cut in cuts), len(bags)]
    pieces = [slice(*pair) for pair in pairwise(bounds) if pair[0] < pair[1]]
    several = Keywords([Postings.of(Bags.of(bags[piece]), usual[piece]) for piece in pieces])
    one = Keywords.build(bags, usual)
    assert several.scores(question).tolist() == one.scores(question).tolist()
    assert several.ceiling(question) == one.ceiling(question)


@given(BAGS, st.lists(st.dictionaries(WORDS, st.just(1.0), min_size=1, max_size=1), max_size=4))
def test_no_entry_scores_above_the_ceiling(bags, question):
    index = Keywords.build(bags)
    assert index.scores(question).max(initial=0) <= index.ceiling(question) + 1e-5


@pytest.fixture
def bags():
    rng = np.random.default_rng(0)
    names = [f"w{i}" for i in range(50)]
    return [{names[i]: float(rng.integers(1, 4)) for i in rng.choice(50, 8, replace=False)} for _ in range(40)]


def test_what_was_saved_is_what_is_opened(bags, tmp_path):
    postings = Postings.of(Bags.of(bags))
    postings.save(tmp_path)
    built = Keywords([postings])
    question = [{"w1": 1.0}, {"w2": 1.0, "w3": 0.5}, {"nowhere": 1.0}]
    opened = Keywords([Postings.open(tmp_path)])
    assert np.array_equal(opened.scores(question), built.scores(question))
    assert opened.ceiling(question) == built.ceiling(question)
    assert "w1" in opened
    assert "nowhere" not in opened


def test_the_same_bags_give_the_same_bytes(bags, tmp_path):
    for name in ("one", "two"):
        turned = [dict(reversed(bag.items())) for bag in bags] if name == "two" else bags
        Postings.of(Bags.of(turned)).save(tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_an_unknown_word_lowers_the_share_of_all():
    index = Keywords.build([{"pue": 1.0}, {"water": 1.0}])
    known, mixed = [{"pue": 1.0}], [{"pue": 1.0}, {"elephant": 1.0}]
    assert np.array_equal(index.scores(known), index.scores(mixed))
    assert index.ceiling(mixed) > 2 * index.ceiling(known)
