"""Pages of the original: where each begins stands in the reader's margin, and every citation names its page."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from kg.model import Report
from web import reader
from web.evidence import Evidence
from web.names import Names
from web.rendering import environment
from web.words import words_for

TEXT = "第一页\n\n2023年综合能耗为512万吨\n\n标准煤。 \n第三页"
PAGES = (
    0,
    TEXT.index("吨"),
    TEXT.index(" \n"),
    len(TEXT),
)  # one begins within a paragraph, one with blanks, one is empty
REPORT = Report("a-2023", TEXT, "zh-Hans", "https://w3id.org/tantu/org/zte", 2023, {"zh-Hans": "年报"}, "9f", PAGES)


def drawn(report: Report) -> str:
    """Return a report as the reader shows it."""
    pieces = environment().get_template("macros.html").module.pieces
    found = reader.blocks(report, (), list(reader.leaves(report, "Page {}".format)))
    return "".join(pieces(block.pieces) for block in found)


def test_each_page_begins_at_its_first_character_and_no_character_is_added():
    html = drawn(REPORT)
    assert re.sub(r"<[^>]+>", "", html) == TEXT
    assert re.findall(r'id="page-(\d)"[^>]*aria-label="Page \1"[^>]*></a><span class="page-start">(.)', html) == [
        ("1", "第"), ("2", "吨"), ("3", "第"),
    ]  # fmt: skip
    assert drawn(replace(REPORT, pages=())) == TEXT


@pytest.mark.parametrize(("language", "said"), [("zh-Hans", "第 2 页"), ("zh-Hant", "第 2 頁"), ("en", "p. 2")])
def test_a_citation_names_the_page_in_every_form(vocabulary, language, said):
    words = words_for(language)
    evidence = Evidence({REPORT.id: REPORT}, Names(vocabulary, language), words)
    source = evidence.source(REPORT, PAGES[1], PAGES[1] + 3, "iri")
    assert source.page == said
    assert f", {said}, " in source.citation
    styles = dict(source.styles)
    assert ", 2023: 2. https://" in styles["GB/T 7714"]
    assert "pages = {2}" in styles["BibTeX"]
    unpaged = evidence.source(replace(REPORT, pages=()), PAGES[1], PAGES[1] + 3, "iri")
    assert (unpaged.page, "pages" in dict(unpaged.styles)["BibTeX"]) == ("", False)
