"""The ontology keeps what ``tantu check`` asks of it, check by check, and each check catches a planted violation."""

from __future__ import annotations

import shutil
from decimal import Decimal

import pytest

from kg.checks import ONTOLOGY_CHECKS
from kg.checks.layout import canonical, first_difference, write
from kg.checks.notation import statements
from kg.checks.release import content
from kg.checks.release import write as write_released
from kg.checks.sources import Sources
from kg.errors import VocabularyError
from kg.settings import resource
from kg.turtle import alike, mistake

CHECKS = {check.name: check.run for check in ONTOLOGY_CHECKS}
SHIPPED = Sources(resource("ontology"))


@pytest.mark.parametrize("name", CHECKS)
def test_the_ontology_passes(name):
    assert [str(finding) for finding in CHECKS[name](SHIPPED) if finding.is_error] == []


FACTORS = {"MWh": 1000, "TWh": 10**9, "kgce": "0.001", "kg": "0.001", "MtCO2e": 10**6, "Wp": "0.001", "MW": 10**6}


@pytest.mark.parametrize(("name", "factor"), FACTORS.items())
def test_factors(name, factor):
    unit = SHIPPED.vocabulary.concept(f"https://w3id.org/tantu/unit/{name}")
    assert Decimal(unit.value("factor")) == Decimal(factor)


# --- planted violations


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """The ontology as if it had just been released, with a changelog that tells of nothing since."""
    folder = tmp_path_factory.mktemp("released")
    shutil.copytree(SHIPPED.folder, folder / "ontology")
    text = "# Changes\n\n## 0.1.0 - 2026-11-20\n\n- ontology: the first.\n"
    (folder / "CHANGELOG.md").write_text(text, "utf-8")
    sources = Sources(folder / "ontology")
    (sources.folder / "released.txt").unlink()
    write_released(sources, "0.1.0")
    return folder


@pytest.fixture
def copy(released, tmp_path):
    shutil.copytree(released, tmp_path, dirs_exist_ok=True)
    return tmp_path / "ontology"


UNITS, SHAPES, METRICS, CORE = "schemes/units.ttl", "shapes.ttl", "schemes/metrics.ttl", "core.ttl"
KWH, PUE = "u:kWh a o:Unit ;", "m:pue a o:Metric ;"
PLANTED = [
    ("parse", UNITS, KWH, "u:kWh a o:Unit ; ;; , ", "units.ttl"),
    ("languages", UNITS, '"千瓦时"@zh-Hans', '"千瓦时"@zh', "@zh"),
    ("subjects", UNITS, KWH, f"u:kWh o:factor 1 .\n{KWH}", "second block"),
    ("subjects", METRICS, PUE, f"u:kWh a <{'https://w3id.org/tantu/o#'}Unit> .\n{PUE}", "is declared in"),
    ("format", UNITS, KWH, f"\t{KWH}", "layout"),
    ("format", UNITS, KWH, f"{KWH} # why\n   ", "comment"),
    ("namespaces", UNITS, "qk:Energy", "qk:Enregy", "is no name of"),
    ("namespaces", CORE, "o:Company a owl:Class ;", "o:Company a owl:Klass ;", "is no name of"),
    (
        "namespaces",
        CORE,
        "<http://purl.org/dc/terms/>",
        "<http://purl.org/dc/terms#>",
        "is <http://purl.org/dc/terms#>",
    ),
    ("namespaces", "align.ttl", "schema:Report", "<http://schema.org/Report>", "https://schema.org/"),
    ("namespaces", "align.ttl", "schema:Report", "<http://example.org/Report>", "does not list"),
    ("namespaces", "hygiene/metric-kind.rq", "qudt:hasQuantityKind", "qudt:hasQuantityKnd", "is no name of"),
    ("namespaces", "hygiene/metric-kind.rq", "a o:Metric", "a o:Metrik", "has no block"),
    ("labels", UNITS, '"瓦时"@zh-Hans', '"千瓦時"@zh-Hans', "too"),
    ("hygiene", UNITS, 'skos:notation "kWh"', "", "skos:notation"),
    ("meta-shacl", SHAPES, "sh:minCount 1", 'sh:minCount "one"', "integer"),
    ("examples", METRICS, "综合能耗下降 5.6%", "用水量下降 5.6%", "something else is read"),
    ("queries", "examples/energy.ttl", "ORDER BY ?pue\n", "ORDER BY\n", "cannot be parsed"),
    ("released", METRICS, "m:pue a", "m:power-usage-effectiveness a", "was released and is gone"),
    ("changelog", METRICS, "综合能耗下降 5.6%", "综合能耗下降 5.7%", "0.1.0"),
]


@pytest.mark.parametrize(("name", "file", "before", "after", "word"), PLANTED)
def test_a_planted_violation_is_caught(name, file, before, after, word, copy):
    path = copy / file
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")
    errors = [str(finding) for finding in CHECKS[name](Sources(copy)) if finding.is_error]
    assert any(word in error for error in errors), errors[:5]


def test_the_layout_is_written(copy):
    path = copy / UNITS
    text = path.read_text("utf-8")
    path.write_text(text.replace(" ; ", ";"), "utf-8")
    assert f"ontology/{UNITS}" in write(Sources(copy))
    assert path.read_text("utf-8") == canonical(text)
    assert write(Sources(copy)) == []


def test_every_check_is_tried():
    assert {name for name, *_ in PLANTED} == CHECKS.keys()


def test_all_mistakes_of_a_file_are_listed(copy):
    path = copy / UNITS
    text = path.read_text("utf-8")
    path.write_text(text.replace("u:kWh a o:Unit", "u:kWh a nowhere:Unit").replace("u:t a o:Unit", "u:t a o:Unit ]"))
    places = [finding.place for finding in CHECKS["parse"](Sources(copy))]
    lines = [
        i for i, line in enumerate(path.read_text("utf-8").splitlines(), 1) if line.startswith(("u:kWh a", "u:t a"))
    ]
    assert places == [f"ontology/{UNITS}:{line}" for line in lines]


def test_a_list_of_names_needs_its_source(copy):
    path = copy / "namespaces" / "skos.txt"
    path.write_text(path.read_text("utf-8").replace("# source", "# whence"), "utf-8")
    with pytest.raises(VocabularyError, match="source"):
        list(CHECKS["namespaces"](Sources(copy)))


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(VocabularyError, match="Turtle"):
        list(CHECKS["parse"](Sources(tmp_path)))


# --- layout


@pytest.mark.parametrize("path", SHIPPED.texts, ids=lambda path: path.name)
def test_writing_twice_is_writing_once_and_changes_no_triple(path):
    written = canonical(SHIPPED.texts[path])
    assert canonical(written) == written
    assert alike(SHIPPED.texts[path], written)
    assert not alike(SHIPPED.texts[path], f"{written}<e:x> <e:x> <e:x> .\n")
    assert [line for line in SHIPPED.texts[path].splitlines() if line.startswith("#") and line not in written] == []


@pytest.mark.parametrize("before", ["PREFIX ", "@prefix broken"])
def test_what_cannot_be_laid_out_stays_as_it_is(before, copy):
    path = copy / UNITS
    text = path.read_text("utf-8").replace("@prefix ", before, 1)
    path.write_text(text, "utf-8")
    with pytest.raises(VocabularyError, match="plain Turtle"):
        write(Sources(copy))
    assert path.read_text("utf-8") == text


def test_layout_keeps_comments_and_orders_parts():
    text = (
        "# head\n@prefix skos: <http://www.w3.org/2004/02/skos/core#>.\n@prefix o: <https://w3id.org/tantu/o#>.\n"
        '@prefix unused: <http://example.org/>.\n\n\n\n# --- part\n# why\no:x skos:prefLabel "x"@en,"甲"@zh-Hans;o:n 1 ; a o:Y.\n'
        "o:z a o:Y .\n# the end\n"
    )
    assert canonical(text).splitlines() == [
        "# head",
        "@prefix o: <https://w3id.org/tantu/o#> .",
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
        "",
        "# --- part",
        "# why",
        "o:x a o:Y ; o:n 1 ;",
        '    skos:prefLabel "甲"@zh-Hans , "x"@en .',
        "o:z a o:Y .",
        "# the end",
    ]


def test_what_is_said_twice_is_written_once():
    assert canonical("o:x o:a 1 , 2 , 1 ; o:b 3 ; o:a 2 , 4 .") == "o:x o:a 1 , 2 , 4 ; o:b 3 .\n"


def test_signs_in_strings_are_no_signs():
    (one,) = statements('o:x o:says "a ; b , c . # d"@en , """e\n"f" """ ; o:list ( 1 "x"@en ) .')
    assert [clause.objects for clause in one.clauses] == [('"a ; b , c . # d"@en', '"""e\n"f" """'), ('( 1 "x"@en )',)]


def test_the_first_difference_is_named():
    assert first_difference("a\nb\n", "a\nb\n") is None
    assert first_difference("a\nb\nc", "a\nb") == 2


def test_a_mistake_has_its_line():
    assert mistake("@prefix o: <http://example.org/> .\no:a o:b o:c .") is None
    assert mistake("@prefix o: <http://example.org/> .\no:a x:b o:c .")[0] == 2


# --- releases


def test_a_changelog_line_is_enough(copy):
    path = copy / METRICS
    path.write_text(path.read_text("utf-8").replace("5.6%", "5.7%"), "utf-8")
    changelog = copy.parent / "CHANGELOG.md"
    changelog.write_text(
        changelog.read_text("utf-8").replace("## 0.1.0", "## Unreleased\n\n- ontology: more.\n\n## 0.1.0")
    )
    assert list(CHECKS["changelog"](Sources(copy))) == []


def test_layout_and_comments_are_no_change(copy):
    before = content(Sources(copy))
    path = copy / METRICS
    path.write_text("# a new comment\n" + path.read_text("utf-8").replace(" ; ", ";"), "utf-8")
    assert content(Sources(copy)) == before


def test_released_names_stay_on_their_list(copy):
    path = copy / METRICS
    path.write_text(path.read_text("utf-8").replace("m:pue ", "m:power-usage-effectiveness "), "utf-8")
    write_released(Sources(copy), "0.2.0")
    (finding,) = CHECKS["released"](Sources(copy))
    assert finding.term == "m:pue"
