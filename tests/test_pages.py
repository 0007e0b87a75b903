"""The pages as HTML, without a browser: what they say, and that a report's characters survive the way into a page."""

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from kg.model import NumberFact, Report
from kg.settings import Settings
from web import contexts, numbers, reader
from web.adding import contexts as adding
from web.app import create_app
from web.evidence import Evidence
from web.marks import Mark, cut, plain
from web.names import Names
from web.rendering import environment
from web.results import in_order
from web.studies import contexts as studies
from web.words import LANGUAGES, words_for

WEB = Path(__file__).resolve().parent.parent / "web"
HTML = {"Accept": "text/html"}
ENGLISH = {**HTML, "Accept-Language": "en"}
REPORTS = ("mobile-2020", "mobile-2023", "telecom-2023", "unicom-2023", "zte-2024")


@pytest.fixture(scope="module")
def pages(library, data_folder):
    """A client of the application over the seeds."""
    with TestClient(create_app(Settings(data=data_folder), library), headers=HTML) as client:
        yield client


class Text(HTMLParser):
    """Gathers the characters inside elements of a class."""

    VOID = frozenset({"meta", "link", "input", "br", "use", "path", "circle"})

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name, self.depth, self.found = name, 0, []

    def handle_starttag(self, tag, attributes):
        if self.depth:
            self.depth += tag not in self.VOID
        elif self.name in (dict(attributes).get("class") or "").split():
            self.depth = 1
            self.found.append("")

    def handle_endtag(self, tag):
        self.depth -= bool(self.depth) and tag not in self.VOID

    def handle_data(self, text):
        if self.depth:
            self.found[-1] += text


def texts(html: str, name: str) -> list[str]:
    """Return the text of each element with a class."""
    parser = Text(name)
    parser.feed(html)
    return parser.found


def of_blocks(report: Report, marks=()) -> str:
    """Return the characters of all blocks in order."""
    pieces = (
        piece
        for block in reader.blocks(report, (), marks)
        for row in (block.pieces, *sum(block.rows, ()))
        for piece in row
    )
    return "".join(piece.text for piece in pieces)


@pytest.mark.parametrize("id", REPORTS)
def test_the_reader_holds_every_character_of_a_report(pages, library, id):
    html = pages.get(f"/reports/{id}").text
    assert "".join(texts(html, "block")) == library.reports[id].text


@pytest.mark.parametrize("id", REPORTS)
def test_every_line_of_the_outline_leads_to_its_heading(pages, id):
    html = pages.get(f"/reports/{id}").text
    links, targets = re.findall(r'href="#(at-\d+)"', html), re.findall(r'id="(at-\d+)"', html)
    assert links
    assert links == targets
    assert len(set(targets)) == len(targets)


@given(st.text(alphabet="ab 中碳。■1. \t\n#*", max_size=200))
def test_the_outline_of_any_text_has_its_targets(text):
    report = Report("r", text, "zh-Hans", "c", 2023, {}, "")
    anchors = [block.anchor for block in reader.blocks(report, ()) if block.kind == "heading"]
    assert [heading.start for heading in reader.outline(report)] == anchors


@given(st.text(alphabet="ab 中碳。,\t\n\r#*<>&|-1🌍\u00a0", max_size=200))
def test_blocks_hold_every_character_of_any_text(text):
    assert of_blocks(Report("r", text, "zh-Hans", "c", 2023, {}, "")) == text


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=6))
def test_cutting_loses_nothing(text, places):
    marks = [Mark(start, start + length, "quote") for start, length in places]
    pieces = cut(text, 0, len(text), marks)
    assert "".join(piece.text for piece in pieces) == text
    for i in range(len(text)):
        piece = next(piece for piece in reversed(pieces) if piece.start <= i)
        assert ("quote" in piece.marks) == any(mark.start <= i < mark.end for mark in marks)


@pytest.mark.parametrize("id", REPORTS)
def test_the_quote_of_a_fact_is_marked_without_scripts(pages, library, id):
    report = library.reports[id]
    for fact in list(library.facts(report=id))[::25]:
        span = fact.quote
        html = pages.get(f"/reports/{id}", params={"start": span.start, "end": span.end}).text
        assert "".join(texts(html, "quote")) == span.of(report.text)
        assert html.count('id="quote"') == 1


@pytest.mark.parametrize("query", ["start=abc", "start=-5&end=9", "start=1&end=1e99"])
def test_a_wrong_place_is_said_with_its_remedy(pages, query):
    answer = pages.get(f"/reports/zte-2024?{query}", headers=ENGLISH)
    assert answer.status_code == 422
    (message,), (remedy,) = texts(answer.text, "message"), texts(answer.text, "remedy")
    name, value = next(pair.split("=") for pair in query.split("&") if not pair.split("=")[1].isdigit())
    assert name in message
    assert value in message
    assert "report" in remedy
    assert "question" not in message + remedy
    assert '<a href="/reports/zte-2024"' in answer.text


def test_a_long_question_is_told_the_limit(pages):
    limit = Settings().question_length
    (message,) = texts(pages.get("/", params={"q": "a" * (limit + 1)}, headers=ENGLISH).text, "message")
    assert f"{limit:,}" in message
    assert f"{limit + 1:,}" in message


@pytest.mark.parametrize("id", REPORTS)
def test_notes_are_no_landmarks(pages, id):
    html = pages.get(f"/reports/{id}").text
    notes = re.findall(r'<(\w+) class="notes"([^>]*)>', html)
    assert notes
    assert {tag for tag, _ in notes} == {"div"}
    assert all('role="note"' in attributes and "aria-label" in attributes for _, attributes in notes)
    assert "<aside" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_citation_is_plain_words_with_one_year(library, language):
    evidence = Evidence(library.reports, Names(library.vocabulary, language), words_for(language))
    for fact in library.facts():
        report = library.reports[fact.report]
        source = evidence.source(report, fact.quote.start, fact.quote.end, fact.iri)
        assert not re.search(r"\*\*|<\w|\n", source.citation)
        assert source.citation.count(str(report.year)) >= 1
        assert f"({report.year}) ({report.year})" not in source.citation
        if str(report.year) in source.title.text:
            assert f"({report.year}), " not in source.citation.replace(source.title.text, "")


@given(st.lists(st.sampled_from(["碳", "PUE", "1.25", "**", "\n", " ", "## ", "<ul>", "</b>", "<", ">"]), max_size=20))
def test_plain_words_lose_only_markup(parts):
    text = "".join(parts)
    said = plain(text, 0, len(text))
    assert "*" not in said
    left = iter(text)
    assert all(character in left for character in said if not character.isspace())
    if not set(text) & set("*<#"):
        assert said == " ".join(text.split())


def test_offsets_beyond_the_text_mark_nothing(pages):
    html = pages.get("/reports/mobile-2020", params={"start": 10, "end": 10_000_000}).text
    assert texts(html, "quote") == []


def test_find_does_not_mind_the_script(pages, library):
    report = library.reports["unicom-2023"]
    for word in ("绿色", "綠色"):
        places = pages.get("/reports/unicom-2023/find", params={"q": word}).json()["places"]
        assert {report.text[start:end] for start, end in places} == {"綠色"}
    html = pages.get("/reports/unicom-2023", params={"find": "绿色"}).text
    assert "".join(texts(html, "found")) == "綠色" * len(places)


def test_find_crosses_line_wraps(library):
    report = library.reports["unicom-2023"]
    (place,) = reader.find(report, "节约投资超过3,400亿元")
    assert place.of(report.text) == "節約投資超過\n\n3,400 億元"


def test_a_comparison_is_drawn_and_its_bars_are_its_figures(pages, library):
    question = "比较中国移动、中国电信和中国联通的节电量"
    html = pages.get("/", params={"q": question}, headers=ENGLISH).text
    (drawn,) = texts(html, "chart")
    assert all(name in drawn for name in ("China Mobile 2023", "China Telecom 2020", "China Unicom 2023"))
    assert "8,990,000,000" in drawn
    (table,) = texts(html, "compared")
    assert all(name in table for name in ("China Mobile", "China Telecom", "China Unicom", "89.9", "8,990,000,000"))
    assert texts(pages.get("/", params={"q": "2023年中国移动一共节电多少度？"}).text, "chart") == []


def test_what_a_question_leaves_open_is_offered_and_not_guessed_away(pages):
    html = pages.get("/", params={"q": "移动的排放量是多少？"}).text
    (offer,) = texts(html, "left-open")
    assert "范围一温室气体排放量" in offer
    assert "中国电信" not in offer, "the company was named"
    assert texts(html, "single") == [], "which is meant is asked back, and no figure is given as the answer"
    link = re.search(r'<a href="([^"]*metric=ghg-scope-1)"', html)[1]
    chosen = pages.get(unescape(link)).text
    assert "范围一" in texts(chosen, "sentence")[0]
    (offer,) = texts(pages.get("/", params={"q": "节电量是多少度？"}).text, "left-open")
    assert "中国联通" in offer
    assert "中国电信" in offer
    assert texts(pages.get("/", params={"q": "2023年中国移动一共节电多少度？"}).text, "left-open") == []


def test_what_is_not_found_says_what_was_searched(pages):
    (said,) = texts(pages.get("/", params={"q": "What are China Mobile's scope 3 emissions?"}).text, "searched")
    assert "范围三排放" in said
    assert "2020" in said
    assert "联通" not in said, "the company was named"


def test_an_answer_stands_on_its_evidence(pages, library):
    question = "2023年中国移动一共节电多少度？"
    html = pages.get("/", params={"q": question}).text
    answer = library.ask(question)
    assert texts(html, "sentence") == [answer.text]
    assert len(texts(html, "passage")) == len(answer.passages)
    for fact in answer.facts[:6]:
        assert fact.quote.of(library.reports[fact.report].text).strip()[:10] in "".join(texts(html, "quote"))
    assert answer.sparql in "".join(texts(html, "code"))


@pytest.mark.parametrize("name", ["number", "target", "list"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_questions_have_answers(library, language, name):
    answer = library.ask(words_for(language)(f"examples.{name}"))
    assert answer.answered
    assert answer.facts


def test_an_answer_of_passages_shows_its_three_places_first_and_marks_what_is_said(pages, library):
    question = "中兴通讯什么时候实现碳中和？"
    said = library.ask(question)
    page = pages.get("/", params={"q": question}).text
    places = page[page.index('class="passages answering"') : page.index('class="passages">')]
    shown = re.findall(r'data-address="[^"]*#char=(\d+),(\d+)"', places)
    assert [(int(start), int(end)) for start, end in shown] == [
        (place.span.start, place.span.end) for place in said.citations[:3]
    ]
    marked = " ".join(re.findall(r'<mark class="[^"]*quote[^"]*">([^<]*)</mark>', places))
    assert "2040年实现碳中和" in unescape(marked).replace(" ", "")


def test_an_edited_query_runs_without_scripts(pages):
    query = 'SELECT ?a ?b { VALUES (?a ?b) { (1 "碳"@zh-Hant) (<https://w3id.org/tantu/metric/pue> UNDEF) } }'
    html = pages.get("/", params={"q": "PUE?", "sparql": query}).text
    assert 'href="/metric/pue"' in html
    assert '<span lang="zh-Hant">碳</span>' in html


def test_columns_stand_as_the_query_names_them(pages):
    query = "SELECT DISTINCT * { ?s ?p ?o . OPTIONAL { ?o ?a ?b } } LIMIT 1"
    html = pages.get("/panel", params={"q": "PUE?", "sparql": query}).text
    assert re.findall(r'<th scope="col" lang="en">(\w+)</th>', html) == ["s", "p", "o", "a", "b"]
    html = pages.get("/panel", params={"q": "PUE?", "sparql": "SELECT ?p ?o ?s { ?s ?p ?o } LIMIT 1"}).text
    assert re.findall(r'<th scope="col" lang="en">(\w+)</th>', html) == ["p", "o", "s"]


@given(st.permutations(["a", "b", "c", "d"]), st.booleans())
def test_no_column_is_lost_or_invented(named, starred):
    wanted = "*" if starred else " ".join(f"?{name}" for name in named)
    query = (
        f"PREFIX a: <http://a/> select {wanted} {{ {' '.join(f'?{name} a:a {i} .' for i, name in enumerate(named))} }}"
    )
    columns = sorted(named) if starred else named
    assert in_order(columns, query) == tuple(named)
    assert sorted(in_order([*columns, "unseen"], query)) == sorted([*columns, "unseen"])


def test_an_answer_leads_to_its_query_and_prints_its_addresses(pages):
    html = pages.get("/", params={"q": "2023年中国移动一共节电多少度？"}).text
    assert '<a class="to-query" href="#query"' in html
    assert html.count('id="query"') == 1
    titles = re.findall(r'<a class="title" href="([^"]*)" data-address="([^"]*)"', html)
    assert titles
    assert all(address == f"http://testserver{href}" for href, address in titles)


def test_a_broken_query_says_where(pages):
    answer = pages.get("/panel", params={"q": "PUE?", "sparql": "SELECT *\n{ ?a ?b }"})
    assert answer.status_code == 400
    assert 'data-line="2"' in answer.text
    assert texts(answer.text, "problem")


@pytest.mark.parametrize(
    ("path", "status"),
    [("/reports/mobil-2023", 404), ("/nowhere", 404), ("/?q=", 422), (f"/?q={'a' * 10_000}", 422), ("/fact/x-1", 404)],
)
def test_failures_are_pages_in_the_language_of_the_reader(pages, path, status):
    answer = pages.get(path, headers={**HTML, "Accept-Language": "zh-TW"})
    assert answer.status_code == status
    assert '<html lang="zh-Hant"' in answer.text
    assert texts(answer.text, "remedy")


def test_what_is_mistyped_gets_its_neighbours(pages, library):
    name = next(library.facts()).iri.rsplit("/", 1)[-1]
    for path in ("/reports/mobil-2023", f"/fact/{name[:-1]}x", "/metric/pu"):
        html = pages.get(path).text
        near = re.findall(r'<li><a href="(/[^"]+)" data-item', html)
        assert near, path
        assert [link for link in near if pages.get(link).status_code != 200] == []


@pytest.mark.parametrize(
    ("query", "headers", "language"),
    [
        ("", {"Accept-Language": "en-GB,zh;q=0.5"}, "en"),
        ("", {"Accept-Language": "zh-HK"}, "zh-Hant"),
        ("", {"Accept-Language": "fr"}, "zh-Hans"),
        ("?ui=en", {"Accept-Language": "zh-CN"}, "en"),
        ("?ui=tlh", {"Accept-Language": "en"}, "en"),
        ("", {"Accept-Language": "en", "Cookie": "ui=zh-Hant"}, "zh-Hant"),
    ],
)
def test_the_interface_speaks_the_readers_language(pages, query, headers, language):
    answer = pages.get(f"/{query}", headers={**HTML, **headers})
    assert f'<html lang="{language}"' in answer.text
    assert answer.headers["content-language"] == language


def test_a_chosen_language_and_theme_are_kept(pages):
    assert "ui=zh-Hant" in pages.get("/?ui=zh-Hant").headers["set-cookie"]
    pages.cookies.clear()
    assert 'data-theme="dark"' in pages.get("/", headers={**HTML, "Cookie": "theme=dark"}).text
    assert "data-theme=" not in pages.get("/", headers={**HTML, "Cookie": 'theme="><script>'}).text


def test_the_first_page_counts_what_there_is(pages, library):
    html = pages.get("/", headers={**HTML, "Accept-Language": "en"}).text
    (counts,) = texts(html, "counts")
    assert counts.split()[:2] == ["5reports", f"{sum(1 for _ in library.facts()):,}facts"]


def test_every_link_of_the_pages_leads_somewhere(pages, library):
    fact = next(library.facts())
    start = ["/", "/reports", "/reports/mobile-2020", "/ontology", f"/fact/{fact.iri.rsplit('/', 1)[-1]}", "/sparql"]
    found = {link for path in start for link in re.findall(r'href="(/[^"#]*)', pages.get(path).text)}
    kinds = {}
    for link in sorted(found):
        kinds.setdefault((link.split("?")[0].rsplit("/", 1)[0], "?" in link), []).append(link)
    sample = [link.replace("&amp;", "&") for links in kinds.values() for link in links[:3]]
    assert [link for link in sample if pages.get(link).status_code != 200] == []


def test_every_template_has_its_context():
    kinds = [*vars(contexts).values(), *vars(studies).values(), *vars(adding).values()]
    made = {kind.template for kind in kinds if isinstance(getattr(kind, "template", None), str)}
    extending = {
        name for name in environment().list_templates() if "{% extends" in (WEB / "templates" / name).read_text("utf-8")
    }
    assert made == extending - {"studies/study.html"}  # the frame of the others


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb`` (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_colours_have_contrast(scheme):
    css = (WEB / "frontend" / "src" / "styles" / "base.css").read_text("utf-8")
    colours = {name: pair[scheme] for name, *pair in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", css)}
    grounds = ["paper", "sheet", "wash"]
    pairs = [(text, ground) for text in ("ink", "soft", "faint", "accent", "problem") for ground in grounds]
    pairs += [("ink", ground) for ground in ("mark", "match", "found")]
    pairs += [("paper", "found-edge")]
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: round(value, 2) for pair, value in weak.items() if value < 4.5} == {}
    assert contrast("#ffffff", colours["accent-ground"]) >= 4.5
    assert contrast(colours["edge"], colours["paper"]) >= 3


@given(
    st.decimals(0, 10**6, places=3, allow_nan=False).map(lambda number: f"{number.normalize():f}"), st.integers(0, 3)
)
def test_last_zeros_make_no_other_number(number, zeros):
    longer = (number if "." in number else f"{number}.") + "0" * zeros
    assert numbers.digits(longer.rstrip(".")) == numbers.digits(number) == number


def test_what_is_written_is_not_said_twice(library, vocabulary):
    facts = [fact for fact in library.facts() if isinstance(fact, NumberFact)]
    zeros = [fact for fact in facts if re.fullmatch(r"\d\.\d*0", fact.as_written) and fact.unit.endswith("/ratio")]
    assert zeros
    assert {numbers.normalised(fact, vocabulary, "en") for fact in zeros} == {""}
