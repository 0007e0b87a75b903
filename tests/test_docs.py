"""Nothing undocumented can be merged: settings, commands, routes, dependencies and ontology terms stand in docs/."""

import argparse
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from kg import ids
from kg.terms import PREFIXES
from tests import tables

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
DOCS = {path.name: path.read_text("utf-8") for path in PAGES if path.is_file()}
LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)|<img[^>]+src=\"([^\"]+)\"")


def blocks(page: str, language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", DOCS.get(page, ""), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("page", "rows"), tables.TABLES, ids=lambda value: getattr(value, "__name__", value))
def test_tables_say_what_the_code_and_the_ontology_say(page, rows):
    assert tables.table(rows()) in DOCS[page], "run make docs"


def test_planted_stale_table():
    made = tables.table(iter([["a", "b"], ["1", "2"]]))
    assert made == "| a | b |\n| --- | --- |\n| 1 | 2 |\n"
    assert tables.renewed("x\n\n| a | b |\n| --- | --- |\n| 0 | 0 |\n| 9 | 9 |\n\ny\n", made) == f"x\n\n{made}\ny\n"


def command_lines() -> dict[str, list[str]]:
    """Return each command with its own options."""
    from web.cli import parser

    actions = parser()._actions
    commands = next(action for action in actions if isinstance(action, argparse._SubParsersAction)).choices
    return {
        name: sorted({option for action in command._actions for option in action.option_strings} - {"-h", "--help"})
        for name, command in commands.items()
    }


def test_every_command_and_option_is_documented():
    page = DOCS["command-line.md"]
    missing = [f"tantu {name}" for name in command_lines() if f"`tantu {name}" not in page]
    missing += [option for options in command_lines().values() for option in options if f"`{option}" not in page]
    assert missing == [], "docs/command-line.md needs these"


def routes() -> set[str]:
    """Return the paths of the routers that the application includes, as OpenAPI writes them."""
    from web import app

    routers = [part.router for part in vars(app).values() if hasattr(part, "router") and hasattr(part, "__file__")]
    paths = {re.sub(r":\w+}", "}", route.path) for router in routers for route in router.routes}
    return {path for path in paths if path == "/" or not path.endswith("/")}


def test_every_route_is_documented():
    assert len(routes()) > 10
    assert [path for path in sorted(routes()) if f"`{path}`" not in DOCS["http.md"]] == [], "docs/http.md needs these"


def test_every_dependency_is_documented():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    names = {re.split(r"[\[<>=!~; ]", line)[0] for line in lines} - {"tantu"}
    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", DOCS["dependencies.md"])] == []


@pytest.mark.parametrize("page", DOCS)
def test_links_lead_somewhere(page):
    folder = next(path.parent for path in PAGES if path.name == page)
    targets = [first or second for first, second in LINK.findall(DOCS[page])]
    assert [target for target in targets if "://" not in target and not (folder / target).exists()] == []


@pytest.mark.parametrize("page", DOCS)
def test_targets_of_make_exist(page):
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = set(re.findall(r"(?:`|^|\n)make ([a-z]+)", DOCS[page]))
    assert {target for target in named if not re.search(rf"^{target}:", makefile, re.MULTILINE)} == set()


QUERIES = [(page, query) for page in DOCS for query in blocks(page, "sparql")]


@pytest.mark.parametrize(("page", "query"), QUERIES, ids=[f"{page}-{n}" for n, (page, _) in enumerate(QUERIES, 1)])
def test_example_queries_find_something(page, query, library):
    declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items() if f"{name}:" in query)
    rows = b"".join(library.query(declared + query, "csv")).splitlines()
    assert len(rows) > 1


def test_the_python_of_the_readme_runs(library, monkeypatch, capsys):
    (example,) = blocks("README.md", "python")
    monkeypatch.setenv("TANTU_DATA", str(library.settings.data))
    names: dict[str, Any] = {}
    exec(compile(example, "README.md", "exec"), names)
    names["library"].close()
    assert re.search(r"774\.8|7,748,000", capsys.readouterr().out)


def test_every_property_of_claims_is_written_by_somebody(library):
    claims = {
        f"{ids.ONTOLOGY}{name}" for name in ("Claim", "NumberFact", "Observation", "Target", "Risk", "Opportunity")
    }
    claims |= {f"{ids.ONTOLOGY}{name}" for name in ("RiskOrOpportunity", "Initiative", "TechnologyMention", "Measure")}
    declared = library.store.select(
        "SELECT ?p ?of { ?p <http://www.w3.org/2000/01/rdf-schema#domain> ?of "
        "FILTER NOT EXISTS { ?p <http://www.w3.org/2002/07/owl#deprecated> true } }"
    )
    used = {str(row["p"]) for row in library.store.select("SELECT DISTINCT ?p { ?s ?p ?o }")}
    unused = {str(row["p"]) for row in declared if str(row["of"]) in claims} - used
    assert unused == {f"{ids.ONTOLOGY}span"}  # the property above those of the roles


def test_the_example_of_the_graph_is_in_the_graph(library):
    (example,) = blocks("data.md", "turtle")
    declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    assert list(library.store.select(f"{declared}SELECT (1 AS ?found) {{ {example} }}"))


def picture(page: str) -> str:
    """Return the drawing of the house."""
    return next(block for block in re.findall(r"^```\n(.*?)^```$", DOCS[page], re.M | re.S) if "what flows" in block)


def test_the_picture_shows_modules_that_exist():
    boxes = " ".join(re.findall(r"\|([^|]*)\|$", picture("README.md"), re.M))
    names = set(boxes.split()) - {"data", "ontology/*.ttl", "seeds/"}
    known = {path.stem if path.stem != "__init__" else path.parent.name for path in ROOT.glob("[ksw]*/**/*.py")}
    assert len(names) > 30
    assert names <= known
    assert picture("README.md") == picture("architecture.md")


def test_there_are_three_example_queries():
    assert len(blocks("README.md", "sparql")) == 3
    assert len(blocks("sparql.md", "sparql")) >= 3
