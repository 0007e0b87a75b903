"""Scores of facts against annotations: what counts as found, and what as right."""

import pytest

from kg.scoring import Score, disagreements, finds_initiative, finds_number, finds_technology, matched, scores

NUMBER = {"kind": "observation", "report": "r", "start": 10, "end": 20, "value": 5, "unit": "tCO2e", "year": 2023}
NUMBER |= {"comparator": "=", "form": "level", "direction": None, "scope": "company"}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, True),
        ({"value": 5.0000001}, True),
        ({"value": 50000}, False),
        ({"value": [5, 6]}, False),
        ({"start": 20, "end": 30}, False),
        ({"unit": "t"}, True),
        ({"unit": "kWh"}, False),
    ],
)
def test_a_number_is_found_at_its_place_with_its_value_and_unit(change, found):
    assert finds_number(NUMBER | change, NUMBER) is found


def test_watts_of_peak_power_are_kilowatts():
    assert finds_number(NUMBER | {"value": 5000, "unit": "W"}, NUMBER | {"value": 5, "unit": "kWp"})
    assert not finds_number(NUMBER | {"value": 5, "unit": "W"}, NUMBER | {"value": 5, "unit": "kWp"})


def test_a_year_left_open_is_the_reports():
    open_year = NUMBER | {"year": None}
    assert disagreements((open_year, NUMBER), {"r": (2023,)}) == []
    assert disagreements((open_year, NUMBER), {"r": (2021, 2022)}) == ["year"]
    assert disagreements((NUMBER | {"form": "change", "scope": "part"}, NUMBER), {}) == ["form", "scope"]


def test_a_fact_finds_one_annotation_the_nearest():
    far, near = NUMBER | {"start": 19, "end": 30}, NUMBER | {"start": 11, "end": 21}
    assert matched([NUMBER], [far, near], finds_number) == [(NUMBER, near)]


def test_names_are_compared_across_scripts():
    one = {"report": "r", "start": 0, "end": 2, "name_zh": "液冷", "name_en": "liquid cooling"}
    far = {"start": 90, "end": 95, "name_en": "x"}
    assert finds_technology(one | far | {"name_zh": "液冷技術"}, one)
    assert finds_technology(one | {"name_zh": "x", "name_en": "Liquid Cooling"}, one)
    assert not finds_technology(one | far | {"name_zh": "風冷"}, one)
    assert finds_initiative(one | far | {"name_zh": "“液冷”"}, one)
    assert not finds_initiative(one | far | {"name_zh": ""}, one | {"name_zh": ""})


def test_scores_count_what_was_found_of_what_was_said():
    found = scores([NUMBER, NUMBER | {"start": 50, "end": 60}], [NUMBER | {"year": 2020}], {"r": (2023,)})
    assert found["numbers"] == Score(1, 2, 1)
    assert found["exact"] == Score(0, 2, 1)
    assert found["risks"].f1 == 0


def test_responses_are_looked_for_in_the_risks_that_were_found():
    risk = {"kind": "risk", "report": "r", "start": 0, "end": 9, "category": "market"}
    gold = risk | {"responses": ["購買綠電", "節能改造", "種樹"]}
    missed = risk | {"start": 50, "end": 60, "responses": ["其他"]}
    said = risk | {"responses": ["购买绿电并披露", "节能"]}  # one holds the other, whatever the script
    assert scores([said], [gold, missed], {})["responses"] == Score(2, 0, 3)
    assert scores([risk], [gold], {})["responses"].recall == 0


def test_facts_of_another_system_may_lack_fields():
    bare = {"kind": "observation", "report": "r", "start": 10, "end": 20}
    assert scores([bare, bare | {"kind": "risk"}, bare | {"kind": "technology"}], [NUMBER], {})["numbers"].found == 0
