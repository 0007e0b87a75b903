"""Names completed by their words in any language, the likeliest first."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from kg.settings import Settings
from web.app import create_app


@pytest.fixture(scope="module")
def client(library, data_folder):
    with TestClient(create_app(Settings(data=data_folder), library)) as client:
        yield client


def names(client, q: str, **more: str) -> list[str]:
    answer = client.get("/api/terms", params={"q": q, **more})
    assert answer.status_code == 200, answer.text
    return [term["name"] for term in answer.json()["terms"]]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("能耗", "m:energy-consumption"),
        ("綜合能耗", "m:energy-consumption"),  # in the other script
        ("energy consumption", "m:energy-consumption"),
        ("m:energy-cons", "m:energy-consumption"),
        ("目标值", "o:Target"),
        ("光伏", "t:solar-pv"),
        ("中興", "org_:zte"),
        ("引文", "o:quoteSpan"),
        ("numeric value", "qudt:numericValue"),  # of another vocabulary, and without a label of ours
        ("数值", "qudt:numericValue"),  # by the label of the deprecated name that it has replaced
        ("千瓦时", "u:kWh"),
    ],
)
def test_a_name_is_found(client, typed, name):
    assert name in names(client, typed)[:3]


def test_the_value_of_a_property_comes_first(client):
    assert names(client, "能耗", after="o:metric")[0] == "m:energy-consumption"
    assert names(client, "能耗", after="o:technology")[0].startswith("t:")
    assert {name[:2] for name in names(client, "target", kind="class")} == {"o:"}


def test_labels_are_in_the_language_of_the_page(client):
    found = {ui: client.get("/api/terms", params={"q": "m:pue", "ui": ui}).json()["terms"] for ui in ("en", "zh-Hant")}
    energy = client.get("/api/terms", params={"q": "m:energy-consumption", "ui": "zh-Hant"}).json()["terms"][0]
    assert found["en"][0]["uses"] > 5
    assert (energy["label"], energy["language"]) == ("綜合能耗", "zh-Hant")


def test_deprecated_names_and_cue_words_are_not_offered(client):
    assert "o:value" not in names(client, "o:value")
    assert not [name for name in names(client, "c:cue") if name.startswith("c:cue")]


@pytest.mark.parametrize("typed", ["", "\x00", "?x", "<", "'", "x" * 101])
def test_nonsense_is_answered(client, typed):
    assert client.get("/api/terms", params={"q": typed}).status_code in (200, 422)
