"""The search page: a form that works without scripts, and what it finds."""

import re

import pytest
from starlette.testclient import TestClient

from kg.settings import Settings
from web.app import create_app
from web.words import LANGUAGES, words_for

HTML = {"Accept": "text/html"}
FIELDS = ("company", "year", "type", "report", "technology", "risk")


@pytest.fixture(scope="module")
def pages(library, data_folder):
    with TestClient(create_app(Settings(data=data_folder), library), headers=HTML) as client:
        yield client


def chosen(html: str, field: str) -> str:
    """Return the text of the option that is selected."""
    select = re.search(rf'<select id="by-{field}".*?</select>', html, re.DOTALL)[0]
    return re.search(r"<option[^>]* selected>([^<]*)<", select)[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_has_a_labelled_list_for_each_filter(pages, language):
    html = pages.get(f"/search?ui={language}").text
    assert '<form class="narrow" action="/search" method="get"' in html
    for field in FIELDS:
        assert f'<label for="by-{field}">{words_for(language)(f"search.by.{field}")}</label>' in html
    assert chosen(html, "type") == words_for(language)("kind.passage")
    assert chosen(html, "technology") == words_for(language)("search.any")
    name = {"zh-Hans": "液冷", "zh-Hant": "液冷", "en": "liquid cooling"}[language]
    assert f'<option value="liquid-cooling" lang="{language}">{name}</option>' in html


def test_every_choice_finds_something(pages, library):
    for field, values in library.choices().items():
        for value in values[:: max(1, len(values) // 5)]:
            where = {"type": library.filters.where({str(value)})} if field == "type" else {}
            where = where.get("type") or library.filters.where(None, **{field: value})
            assert library.search("碳 carbon energy", 1, where=where), (field, value)


def test_hits_speak_of_what_was_chosen_and_the_form_keeps_it(pages, library):
    html = pages.get("/search", params={"q": "data centres", "technology": "液冷", "company": "china-mobile"}).text
    places = re.findall(r'cite="[^"]*doc/([\w-]+)#passage_(\d+)_(\d+)"', html)
    assert places
    allowed = library.filters.concepts("technology", "liquid cooling")
    entries = {
        (e.report, str(e.start), str(e.end)): e
        for e in (library.index.entries[i] for i in range(len(library.index.entries)))
        if e.kind == "passage"
    }
    assert all(allowed & set(entries[place].technologies) for place in places)
    assert {report.partition("-")[0] for report, _, _ in places} == {"mobile"}
    assert chosen(html, "technology") in ("液冷", "liquid cooling")


def test_facts_are_found_as_cards(pages):
    html = pages.get("/search", params={"q": "洪水", "type": "risk", "risk": "物理风险", "ui": "en"}).text
    assert 'data-fact="' in html
    assert chosen(html, "risk") == "physical risk" or chosen(html, "risk") == "物理风险"


@pytest.mark.parametrize("parameters", [{"technology": "liqiud-cooling"}, {"type": "rumour"}, {"report": "zte-2042"}])
def test_what_there_is_not_is_said_with_links_to_what_is_near(pages, parameters):
    response = pages.get("/search", params={"q": "PUE", **parameters})
    assert response.status_code == 400
    field, value = next(iter(parameters.items()))
    assert value in response.text
    (listed,) = re.findall(r'<ul class="nearest">.*?</ul>', response.text, re.DOTALL)
    near = re.findall(rf'href="(/search\?q=PUE&amp;{field}=[^"]+)"', listed)
    assert near
    assert pages.get(near[0].replace("&amp;", "&")).status_code == 200


def test_nothing_found_says_what_to_do(pages):
    response = pages.get("/search", params={"q": "PUE", "year": "1999", "ui": "en"})
    assert response.status_code == 200
    assert words_for("en")("search.nothing") in response.text
    assert chosen(response.text, "year") == "1999"
    assert pages.get("/search", params={"q": "PUE", "year": "soon"}).status_code == 422
