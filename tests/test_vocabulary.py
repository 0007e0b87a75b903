"""Labels are found in three scripts, whole words only, the longest winning."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

from kg import ids
from kg.concepts import Concept, Label
from kg.errors import NotFound, VocabularyError
from kg.reading.folding import compact
from kg.turtle import read_turtle, turtle_files
from kg.vocabulary import Vocabulary
from search.library import Library

TINY = """
@prefix o: <https://w3id.org/tantu/o#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix e: <http://e/> .
e:energy a o:Metric ; skos:prefLabel "能耗"@zh-Hans , "energy use"@en .
e:intensity a o:Metric ; skos:broader e:energy ; skos:prefLabel "单位能耗"@zh-Hans , "energy intensity"@en .
e:unicom a o:Company ; skos:prefLabel "中国联通"@zh-Hans , "China Unicom"@en ; skos:altLabel "联通"@zh-Hans .
e:kwh a o:Unit ; skos:notation "kWh" ; skos:prefLabel "千瓦时"@zh-Hans , "kWh"@en .
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Vocabulary:
    (tmp_path / "tiny.ttl").write_text(TINY, "utf-8")
    return Vocabulary.load(tmp_path)


def found(vocabulary: Vocabulary, text: str) -> list[tuple[str, str]]:
    return [(match.span.of(text), match.concept.iri[9:]) for match in vocabulary.everything.find(text)]


def test_the_longest_label_wins_in_any_script(tiny: Vocabulary) -> None:
    assert found(tiny, "中國聯通單位能耗，能 耗") == [
        ("中國聯通", "unicom"),
        ("單位能耗", "intensity"),
        ("能 耗", "energy"),
    ]


def test_latin_labels_are_whole_words_but_units_follow_digits(tiny: Vocabulary) -> None:
    assert found(tiny, "100kWh of energy uses; Energy Use") == [("kWh", "kwh"), ("Energy Use", "energy")]


def test_all_labels_are_found_by_all_who_carry_them(vocabulary: Vocabulary, library: Library) -> None:
    """Companies are found by an automaton of their own, with what shares a word with them: a plain loop sees no seam."""
    folded = compact(library.report("mobile-2023").text)
    shared = vocabulary.matcher("Metric").find_folded(folded)[0].label
    company = Concept("http://e/it", frozenset({f"{ids.ONTOLOGY}Company"}), (Label(shared, "en", "alt"),), {})
    larger = vocabulary.plus(company)
    carriers: dict[str, set[str]] = defaultdict(set)
    for concept in larger.concepts.values():
        for label in concept.labels:
            carriers[compact(label.text).text.strip()].add(concept.iri)
    expected = [
        (found.start() + len(word), -len(word), iris)
        for word, iris in carriers.items()
        if word in folded.text
        for found in re.finditer(f"(?={re.escape(word)})", folded.text)
        if not runs_on(folded.text, found.start(), found.start() + len(word))
    ]
    matches = larger.everything.all_folded(folded)
    told = [(match.end, match.start - match.end, {concept.iri for concept in match.concepts}) for match in matches]
    assert told == sorted(expected, key=lambda place: place[:2])
    assert any("http://e/it" in iris and len(iris) > 1 for *_, iris in told)


def runs_on(text: str, start: int, end: int) -> bool:
    """Say whether a Latin word or a number goes on over an edge of a stretch."""
    pairs = [text[start - 1 : start + 1] if start else "", text[end - 1 : end + 1]]
    return any(re.fullmatch("[a-zA-Z]{2}|[0-9]{2}", pair) for pair in pairs)


def test_types_and_ancestors(tiny: Vocabulary) -> None:
    assert [c.iri for c in tiny.of_type("Metric")] == ["http://e/energy", "http://e/intensity"]
    assert [c.iri for c in tiny.ancestors("http://e/intensity")] == ["http://e/energy"]
    assert tiny.concept("http://e/kwh").notation == "kWh"
    assert tiny.concept("http://e/unicom").label("zh-Hant") == "中国联通"


def test_unknown_concepts_are_named(tiny: Vocabulary) -> None:
    with pytest.raises(NotFound, match="http://e/nothing"):
        tiny.concept("http://e/nothing")


def test_broken_turtle_is_named_with_its_place(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("@prefix e: <http://e/> .\ne:a e:b .", "utf-8")
    with pytest.raises(VocabularyError, match=r"broken\.ttl: not Turtle"):
        list(read_turtle(broken))


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match="holds no Turtle file"):
        turtle_files(tmp_path)
