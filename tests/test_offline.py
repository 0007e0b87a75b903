"""The ontology as pages without a server: all links resolve, every term is there, counts are those of SPARQL."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest
from starlette.testclient import TestClient

from kg import ids
from kg.errors import SettingsError
from kg.fields import CLASSES
from kg.settings import Settings
from kg.terms import PREFIXES
from web.app import create_app
from web.offline import Site, _files, write_pages
from web.rendering import FOLDER
from web.uses import DEFAULTED, uses
from web.words import LANGUAGES

LINK = re.compile(r'(?:href|src)="([^"]*)"')
NAME = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
ANCHOR = re.compile(r'\sid="([^"]+)"')
BUILT = (FOLDER / "static" / "dist" / "app.css").is_file()
pytestmark = pytest.mark.skipif(not BUILT, reason="the style sheet is not built")


@pytest.fixture(scope="module")
def folder(library, tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("pages")
    assert write_pages(library, made) == len(list(made.rglob("*.html")))
    return made


@pytest.fixture(scope="module")
def texts(folder) -> dict[Path, str]:
    return {path: path.read_text("utf-8") for path in sorted(folder.rglob("*.html"))}


def terms(library) -> list[str]:
    known = library.vocabulary.concepts
    return [iri for iri in known if iri.startswith(ids.BASE) and iri != ids.ONTOLOGY.rstrip("#")]


def test_every_link_leads_to_a_page_of_the_folder_or_to_another_site(texts, folder):
    named = {path.relative_to(folder).as_posix(): text for path, text in texts.items()}
    anchors = {name: set(ANCHOR.findall(text)) for name, text in named.items()}
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    wrong = []
    for name, text in named.items():
        for link in set(LINK.findall(text)):
            target, _, anchor = link.partition("#")
            to = normpath(join(dirname(name), target)) if target else name
            if target.startswith(("http://", "https://")):
                wrong += [link] if target.startswith(ids.BASE) else []
            elif to not in files or (anchor and to in anchors and anchor not in anchors[to]):
                wrong.append(link)
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_has_a_page_in_every_language_with_its_name(language, library, folder, texts):
    files = dict(_files(library))
    pages = [path for path in texts if path.is_relative_to(folder / language)]
    assert len({str(path).casefold() for path in pages}) == len(pages)
    nameless = []
    for iri in terms(library):
        path = folder / language / files[_address(iri)]
        text = texts[path]
        assert f'<html lang="{language}">' in text
        name = re.sub(r"<[^>]+>", "", NAME.findall(text)[0]).strip()
        if not name or re.fullmatch(r"\w+:[\w-]*", name):
            nameless.append(iri)
    assert nameless == []


def _address(iri: str) -> str:
    from web import addresses

    return addresses.local(iri) or ""


def test_counts_are_those_of_sparql(library, folder, texts):
    found = uses(library)
    kinds = " ".join(iri.n3 for iri in CLASSES.values())
    query = f"""SELECT ?term (COUNT(DISTINCT ?fact) AS ?n) {{
        VALUES ?kind {{ {kinds} }} ?fact a ?kind ; ?p ?term .
        FILTER(isIRI(?term) && ?p != <{DEFAULTED}>) }} GROUP BY ?term"""
    counted = {str(row["term"]): int(str(row["n"])) for row in library.store.select(query)}
    wanted = {iri: counted.get(iri, 0) for iri in terms(library) if "/o#" not in iri}
    assert {iri: found.count(iri) for iri in wanted} == wanted
    assert sum(wanted.values()) > 1000
    query = f"""SELECT ?p (COUNT(DISTINCT ?fact) AS ?n) {{
        VALUES ?kind {{ {kinds} }} ?fact a ?kind ; ?p ?o }} GROUP BY ?p"""
    for row in library.store.select(query):
        if str(row["p"]).startswith(ids.ONTOLOGY):
            assert found.count(str(row["p"])) == int(str(row["n"]))
    query = f"""SELECT ?class (COUNT(DISTINCT ?fact) AS ?n) {{
        VALUES ?kind {{ {kinds} }} ?fact a ?kind ; a/<{PREFIXES["rdfs"]}subClassOf>* ?class }} GROUP BY ?class"""
    for row in library.store.select(query):
        assert found.count(str(row["class"])) == int(str(row["n"]))


def test_a_page_shows_its_count_and_its_facts_with_their_quotes(library, folder, texts):
    found = uses(library)
    pue = f"{ids.BASE}metric/pue"
    text = texts[folder / "en" / "metric" / "pue.html"]
    assert f'Facts <span class="count">{found.count(pue)}</span>' in text
    assert text.count('<p class="quote"') == min(100, found.count(pue))
    assert 'href="../report/' in text
    fact = next(iter(found.facts(pue))).rsplit("/", 1)[-1]
    assert f"#{fact}" in text
    assert f'id="{fact}"' in texts[folder / "en" / "report" / f"{fact.rsplit('-', 1)[0]}.html"]


def test_the_served_page_shows_the_same_facts(library, data_folder):
    found = uses(library)
    with TestClient(create_app(Settings(data=data_folder), library), headers={"Accept": "text/html"}) as client:
        for path, iri in (("/metric/pue", f"{ids.BASE}metric/pue"), ("/ontology/Risk", f"{ids.ONTOLOGY}Risk")):
            page = client.get(path, params={"ui": "en"})
            assert page.status_code == 200
            assert f'Facts <span class="count">{found.count(iri):,}</span>' in page.text
            assert page.text.count('<p class="quote"') == min(100, found.count(iri))
        assert client.get("/ontology/Nonsense").status_code == 404


def test_pages_need_no_script_and_load_nothing_from_elsewhere(texts):
    for text in texts.values():
        assert "<script" not in text
        assert not re.search(r'(?:src|rel="stylesheet" href)="https?:', text)


def test_equal_inputs_give_equal_pages(library, folder):
    """Rendered again, with uses counted anew: 300 of the pages, those of front, reports and classes among them."""
    again = islice(Site(library, "en", LANGUAGES, dict(_files(library)), uses(library)).pages(), 300)
    assert [name for name, text in again if (folder / "en" / name).read_text("utf-8") != text] == []


def test_a_folder_that_cannot_be_written_is_refused(library, tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(SettingsError, match="file"):
        write_pages(library, tmp_path / "file", ["en"])
