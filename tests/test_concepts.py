"""Concepts by words and meaning, with the ontology and the model that are shipped."""

import pytest

from search.concepts import Concepts
from search.encoder import load_question_encoder
from search.seeking import Sought

BASE = "https://w3id.org/tantu/"


@pytest.fixture(scope="module")
def concepts(vocabulary):
    return Concepts(vocabulary, load_question_encoder())


def first(concepts, text, **options):
    found = concepts.search(Sought("concepts", text, options.pop("limit", 5), **options))
    return [hit.iri.removeprefix(BASE) for hit in found]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("power usage effectiveness", "metric/pue"),  # an English name in full
        ("电能利用效率", "metric/pue"),  # a Chinese one
        ("碳排放", "metric/ghg-emissions"),
        ("how much water is used", "metric/water-consumption"),  # as people ask
        ("liquid cooling of servers", "technology/liquid-cooled-server"),
        ("China Mobile", "org/china-mobile"),
        ("extreme weather", "code/acute-physical"),  # by its risk, not by the cue words for weather
    ],
)
def test_what_people_say_finds_the_concept(concepts, text, wanted):
    assert first(concepts, text)[0] == wanted


def test_either_script_finds_the_same(concepts):
    assert first(concepts, "數據中心能效") == first(concepts, "数据中心能效")


def test_each_concept_comes_once_with_the_label_that_suits_best(concepts):
    hits = concepts.search(Sought("concepts", "PUE", 20))
    assert len({hit.iri for hit in hits}) == len(hits)
    assert hits[0].score == pytest.approx(1, abs=1e-5)
    assert hits[0].text == "PUE"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_language_bounds_the_labels(concepts):
    (hit,) = concepts.search(Sought("concepts", "water usage effectiveness", 1, language="zh"))
    assert hit.language.startswith("zh")
    assert concepts.search(Sought("concepts", "water", 1, language="fr")) == []


def test_candidates_and_least_score(concepts):
    some = frozenset({f"{BASE}metric/wue", f"{BASE}metric/pue", f"{BASE}metric/none"})
    assert set(first(concepts, "how efficiently energy is used", candidates=some)) <= {"metric/wue", "metric/pue"}
    assert first(concepts, "power usage effectiveness", candidates=some, least=0.9) == ["metric/pue"]


def test_cues_are_no_concepts(concepts):
    found = concepts.search(Sought("concepts", "how many", 1000))
    assert not [hit.iri for hit in found if "/code/cue-" in hit.iri or "/code/ask-" in hit.iri]


def test_likeness_is_that_of_the_nearest_label(concepts):
    vector = load_question_encoder().encode(["power usage effectiveness"])[0]
    assert concepts.likeness(vector, f"{BASE}metric/pue") == pytest.approx(1, abs=1e-5)
    assert concepts.likeness(vector, f"{BASE}metric/none") is None
    every = dict(zip(concepts.iris, concepts.likenesses(vector), strict=True))
    for name in ("metric/pue", "metric/wue", "place/china"):
        assert every[f"{BASE}{name}"] == pytest.approx(concepts.likeness(vector, f"{BASE}{name}"), abs=1e-6)
