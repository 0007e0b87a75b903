"""docs/extend.md does what it says: each of its steps is taken on a copy of the ontology, and checked, read and asked."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from kg import ids
from kg.catalogue import read_catalogue
from kg.checks import ONTOLOGY_CHECKS
from kg.checks.layout import canonical
from kg.checks.sources import Sources
from kg.differences import differences
from kg.errors import CatalogueError
from kg.model import Report
from kg.pipeline import Pipeline
from kg.settings import ROOT, resource
from kg.shapes import Shapes
from kg.terms import IRI, PREFIXES, Literal, Quad
from kg.turtle import read_turtle
from kg.versions import Version, extracted
from kg.vocabulary import Vocabulary
from search.answering.understanding import understand
from web.comparing import as_text
from web.names import short

PAGE = (ROOT / "docs" / "extend.md").read_text("utf-8")
SECTION = re.compile(r"^## (.*?)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(\w+) ([^\n]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OPTION = re.compile(r"(\w+)(?:=(\"[^\"]*\"|\S+))?")
SEEDS = read_catalogue(resource("seeds"))[::3]  # two of five: a step that changes them is caught, in half the time


@dataclass(frozen=True)
class Block:
    """A fenced block: the words behind its language as options, and what it holds."""

    language: str
    options: dict[str, str]
    text: str


def blocks(section: str) -> list[Block]:
    return [
        Block(language, {name: value.strip('"') for name, value in OPTION.findall(info)}, text)
        for language, info, text in BLOCK.findall(section)
    ]


STEPS = {title: found for title, body in SECTION.findall(PAGE) if (found := blocks(body))}


def one(step: list[Block], option: str) -> Block | None:
    found = [block for block in step if option in block.options]
    assert len(found) <= 1
    return found[0] if found else None


def apply(block: Block, folder: Path) -> None:
    """Make a change: append a block, add a part to the block of a term, or a member to the list of a shape."""
    path = folder.parent / block.options["file"]
    text = path.read_text("utf-8") if path.exists() else ""
    if term := block.options.get("into"):
        text = re.sub(rf"^({term} a .*?) \.$", rf"\1 ;\n    {block.text.strip()} .", text, count=1, flags=re.M | re.S)
        assert block.text.strip() in text, f"{term} has no block in {path}"
    elif shape := block.options.get("list"):
        text = re.sub(rf"^({shape} .*?sh:in \([^)]*)\)", rf"\1{block.text.strip()} )", text, count=1, flags=re.M | re.S)
        assert block.text.strip() in text, f"{shape} has no list in {path}"
    else:
        text += block.text
    path.write_text(canonical(text), "utf-8")  # as `tantu check --write format` would


def findings(folder: Path) -> set[tuple[str, str, str]]:
    """Return what is wrong with an ontology, without the lines in which it is."""
    sources = Sources(folder)
    found = (finding for check in ONTOLOGY_CHECKS for finding in check.run(sources))
    return {(finding.check, finding.term, finding.problem) for finding in found if finding.is_error}


@pytest.fixture(scope="module")
def taught(tmp_path_factory) -> dict[str, Path]:
    """A copy of the ontology for each step, changed as the step says and laid out by the house."""
    made = {}
    for number, (title, step) in enumerate(STEPS.items()):
        folder = tmp_path_factory.mktemp(f"step{number}") / "ontology"
        shutil.copytree(resource("ontology"), folder)
        for block in step:
            if "file" in block.options:
                apply(block, folder)
        made[title] = folder
    return made


@pytest.fixture(scope="module")
def untaught() -> Version:
    """The facts of all the sentences and of the seeds with the ontology as it stands."""
    return extracted("before", resource("ontology"), [*SEEDS, *SENTENCES.values()])


def sentence(title: str, block: Block) -> Report:
    publisher = block.options.get("publisher", "org_:china-mobile").partition(":")[2]
    name = "step-" + re.sub(r"\W+", "-", title.lower())
    text = block.text.strip() + "\n"
    return Report(name, text, block.options["sentence"], f"{ids.BASE}org/{publisher}", 2023, {"en": name}, "0" * 64)


SENTENCES = {title: sentence(title, block) for title, step in STEPS.items() if (block := one(step, "sentence"))}


def test_the_page_walks_through_every_kind_of_change():
    wanted = (
        "metric in 8 lines",
        "class with its shape",
        "company",
        "unit",
        "technology",
        "risk",
        "comparator",
        "period",
    )
    assert all(any(words in title for title in STEPS) for words in wanted)
    assert SENTENCES.keys() == STEPS.keys()
    metric = next(step for title, step in STEPS.items() if "8 lines" in title)
    assert len(metric[0].text.splitlines()) == 8


def test_all_the_steps_together_pass_the_checks(tmp_path):
    folder = tmp_path / "ontology"
    shutil.copytree(resource("ontology"), folder)
    for step in STEPS.values():
        for block in step:
            if "file" in block.options:
                apply(block, folder)
    assert sorted(findings(folder) - findings(resource("ontology"))) == []


@pytest.mark.parametrize("title", STEPS)
def test_the_difference_is_what_the_page_says_and_nothing_else(title, taught, untaught):
    report = SENTENCES[title]
    new = extracted("after", taught[title], [*SEEDS, report])
    old = Version(
        "before",
        {iri: line for iri, line in untaught.lines.items() if line["report"] in new.reports},
        untaught.vocabulary,
        untaught.facts,
        new.reports,
        untaught.folder,
        untaught.shapes,
    )
    found = differences(old, new)
    told = {line.strip() for line in as_text(found, new.vocabulary)}
    said = one(STEPS[title], "diff")
    assert said
    assert [line for line in said.text.splitlines() if line not in told] == [], "\n".join(sorted(told))
    assert {difference.fact["report"] for difference in found.found} == {report.id}
    assert found.refused == {}


ASKED = {title: step for title, step in STEPS.items() if one(step, "question")}


@pytest.mark.parametrize("title", ASKED)
def test_questions_know_the_word_at_the_same_moment(title, taught):
    question, wanted = one(ASKED[title], "question"), one(ASKED[title], "understood")
    assert question
    assert wanted
    understood = understand(question.text.strip(), Vocabulary.load(taught[title]))
    for name, values in json.loads(wanted.text).items():
        found = getattr(understood, name)
        if name == "shape":
            assert found == values
        else:
            assert [short(one.iri) if hasattr(one, "iri") else one for one in sorted(found, key=str)] == values


def test_a_report_of_a_company_needs_the_company(taught):
    title = next(title for title in STEPS if "company" in title)
    with pytest.raises(CatalogueError, match="acme"):
        Pipeline(resource("ontology")).extract(SENTENCES[title])
    assert Pipeline(taught[title]).extract(SENTENCES[title]).rejections == ()


REFUSED = {title: block for title, step in STEPS.items() if (block := one(step, "violates"))}


@pytest.mark.parametrize("title", REFUSED)
def test_the_shape_refuses_what_the_page_says(title, taught, tmp_path):
    declared = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    path = tmp_path / "wrong.ttl"
    path.write_text(declared + REFUSED[title].text, "utf-8")
    graph = IRI(ids.graph_iri("wrong"))
    quads = [
        Quad(IRI(s), IRI(p), IRI(o.value) if o.datatype is None else Literal(o.value, o.datatype, o.language), graph)
        for s, p, o in read_turtle(path)
    ]
    message = REFUSED[title].options["violates"]
    by_fact = {quads[0].subject.value: quads}
    (rejection,) = Shapes.load(taught[title]).check(by_fact, SENTENCES[title])
    assert message in rejection.problem
    (rejection,) = Shapes.load(resource("ontology")).check(by_fact, SENTENCES[title])
    assert message not in rejection.problem
