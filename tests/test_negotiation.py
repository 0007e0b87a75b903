import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.media import CONTENT_TYPES, GRAPHS, ROWS, accepting, first
from web.negotiation import choose, prefers_html, ranges, weight

CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("text/*", "text/csv"),
        ("application/*;q=0.5, text/tab-separated-values", "text/tab-separated-values"),
        (f"{XML};q=0.2, {JSON};q=0.9, */*;q=0.1", JSON),
        (f"{JSON};q=0.3, {XML}", XML),
        (f"{JSON};q=0, */*", XML),
        ("application/sparql-results+json,application/json,text/javascript,application/javascript", JSON),
        ("application/sparql-results+xml, application/rdf+xml", XML),
        ("application/json", "application/json"),
        ("TEXT/CSV ; charset=utf-8 ; q=1.0", "text/csv"),
        ("image/png", JSON),
        ("text/csv;q=oops", JSON),
        (",,;q=1,/", JSON),
        (CHROME, "application/xml"),
    ],
)
def test_solutions(accept, chosen):
    assert choose(accept, ROWS) == chosen


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "text/turtle"),
        (JSON, "text/turtle"),
        ("application/ld+json, text/turtle;q=0.9", "application/ld+json"),
        ("text/turtle;q=0.1, application/n-triples;q=0.2", "application/n-triples"),
        ("text/plain", "text/plain"),
        ("application/rdf+xml", "application/rdf+xml"),
    ],
)
def test_graphs(accept, chosen):
    assert choose(accept, GRAPHS) == chosen


@pytest.mark.parametrize(
    ("accept", "html"),
    [(CHROME, True), ("text/html", True), ("*/*", False), (None, False), ("text/html;q=0", False),
     ("text/turtle, text/html;q=0.5", False), ("text/html;q=0.9, */*;q=0.1", True), ("application/json", False)],
)  # fmt: skip
def test_a_browser_is_known_by_its_wish(accept, html):
    assert prefers_html(accept) is html


def test_the_closest_range_counts():
    wanted = ranges("text/*;q=0.3, text/csv;q=0.7, */*;q=0.5")
    assert [weight(media, wanted) for media in ("text/csv", "text/turtle", "application/json")] == [0.7, 0.3, 0.5]


@given(
    st.text()
    | st.lists(st.sampled_from(["*/*", "text/*", "text/csv", ";", ",", "q=", "0.5", "q=0", "q=nan", "q=9", " "])).map(
        "".join
    )
)
def test_any_header_gets_something(accept):
    assert choose(accept, ROWS) in ROWS
    assert choose(accept, GRAPHS) in GRAPHS
    assert all(0 <= item.weight <= 1 for item in ranges(accept))


def test_every_form_has_a_content_type():
    assert {*ROWS.values(), *GRAPHS.values()} == set(CONTENT_TYPES)
    assert all(first(accepting(form), {**ROWS, **GRAPHS}) in (form, "jsonld", "rdf") for form in CONTENT_TYPES)
