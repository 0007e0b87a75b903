"""``search:similarity``: what has a likeness, what has none, one by one or all at once."""

import json

import numpy as np
import pytest

from kg.terms import IRI, number, text
from kg.vocabulary import Concept, Label, Vocabulary
from search import similarity
from search.assembling import build_index
from search.concepts import Concepts
from search.entries import Entry
from search.index import Index
from search.similarity import LONGEST, Similarity
from tests.doubles import HashEncoder

WATER = "http://e/metric/water"
NONE = Vocabulary([])


def entry(n, body, kind="passage"):
    return Entry(f"http://e/{n}", kind, body, "r", 0, len(body), "http://e/c", 2023, "zh-Hans")


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("similarity")
    entries = [entry(n, f"数据中心节水第{n}期") for n in range(4)] + [entry(9, "water use fell", "risk")]
    build_index(folder, entries, HashEncoder(), NONE)
    named = Vocabulary([])
    named.concepts[WATER] = Concept(WATER, frozenset(), (Label("water use", "en", "pref"),), {})
    return Index.open(folder, HashEncoder(), NONE), Concepts(named, HashEncoder())


def ask(asked, first, second="water use"):
    return json.loads(asked(json.dumps({"function": "f", "terms": [first, text(second).n3]}).encode()))


def test_everything_that_has_a_meaning_has_a_likeness(parts):
    asked = Similarity(*parts)
    vectors = HashEncoder().encode(["water use", "water use fell"])
    near = float(vectors[0] @ vectors[1])
    assert ask(asked, text("Water USE").n3)["value"] == pytest.approx(1)
    assert ask(asked, text("water use fell", "en").n3)["value"] == pytest.approx(near)
    assert ask(asked, IRI("http://e/9").n3)["value"] == pytest.approx(near)
    assert ask(asked, IRI(WATER).n3)["value"] == pytest.approx(1)
    assert 0 <= ask(asked, IRI("http://e/1").n3)["value"] < near


@pytest.mark.parametrize("first", [number(5).n3, IRI("http://e/none").n3, "_:b", '""', text("x" * (LONGEST + 1)).n3])
def test_nothing_else_has_one(parts, first):
    assert ask(Similarity(*parts), first) == {"value": None, "all": None}


def test_the_second_term_is_a_text(parts):
    asked = Similarity(*parts)
    for second in (number(1).n3, IRI(WATER).n3, '""'):
        question = {"function": "f", "terms": [text("a").n3, second]}
        assert json.loads(asked(json.dumps(question).encode()))["value"] is None


def test_all_at_once_is_the_same_as_one_by_one(parts, monkeypatch):
    monkeypatch.setattr(similarity, "MOST_SINGLE", 2)
    index, concepts = parts
    asked = Similarity(index, concepts)
    assert ask(asked, IRI(WATER).n3)["all"] is None
    every = ask(asked, IRI("http://e/1").n3)["all"]
    monkeypatch.setattr(similarity, "MOST_SINGLE", 99)
    one = Similarity(index, concepts)
    assert every.keys() == {IRI(iri).n3 for iri in (WATER, *index.entries.iris)}
    for iri, value in every.items():
        assert ask(one, iri)["value"] == pytest.approx(value, abs=1e-6)


def test_a_text_is_encoded_once(parts, monkeypatch):
    encoded = []
    plain = HashEncoder.encode
    monkeypatch.setattr(HashEncoder, "encode", lambda self, texts: encoded.extend(texts) or plain(self, texts))
    asked = Similarity(*parts)
    for _ in range(3):
        ask(asked, text("a").n3)
    assert sorted(encoded) == ["a", "water use"]
    assert np.isfinite(ask(asked, text("a").n3)["value"])
