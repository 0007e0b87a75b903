"""``tantu diff``: what an edit of the ontology does to the facts, exactly."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kg.catalogue import read_catalogue
from kg.differences import CHANGED, GAINED, LOST, differences
from kg.errors import SettingsError, VocabularyError
from kg.settings import resource
from kg.versions import Version, extracted, version
from web.cli import main
from web.comparing import as_lines, as_markdown, as_text

ONTOLOGY = resource("ontology")
REPORTS = read_catalogue(resource("seeds"))
LABEL = "Test coverage rate"
METRIC = f"""
<https://w3id.org/tantu/metric/test> a <https://w3id.org/tantu/o#Metric> ;
    <https://w3id.org/tantu/o#canonicalUnit> <https://w3id.org/tantu/unit/percent> ;
    <http://qudt.org/schema/qudt/hasQuantityKind> <http://qudt.org/vocab/quantitykind/DimensionlessRatio> ;
    <http://www.w3.org/2004/02/skos/core#prefLabel> "数量占比"@zh-Hans , "{LABEL}"@en .
"""


@pytest.fixture(scope="module")
def now() -> Version:
    return extracted("now", ONTOLOGY, REPORTS)


def edited(folder: Path, name: str, change) -> Path:
    """Copy the ontology and change one of its files."""
    shutil.copytree(ONTOLOGY, folder / "ontology")
    path = folder / "ontology" / name
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    return folder / "ontology"


def without(term: str):
    """Take the block of a term out of a file."""

    def change(text: str) -> str:
        found = re.sub(rf"^{term} a .*?\s\.\n(?=^\S|\Z|\n)", "", text, count=1, flags=re.M | re.S)
        assert found != text
        return found

    return change


def test_nothing_differs_from_itself(now):
    found = differences(now, extracted("again", ONTOLOGY, REPORTS))
    assert found.found == ()
    assert sum(found.totals.values()) == len(now.lines)
    assert list(as_text(found, None))[1].endswith("no difference")


def test_a_new_metric_takes_numbers_from_the_catch_all(now, tmp_path):
    new = extracted("new", edited(tmp_path, "schemes/metrics.ttl", lambda text: text + METRIC), REPORTS)
    found = differences(now, new)
    assert {one.sign for one in found.found} == {CHANGED}
    assert all(one.fact["metric"].endswith("metric/test") for one in found.found)
    fields = found.found[0].fields["metric"]
    assert fields[0] != fields[1] == "https://w3id.org/tantu/metric/test"
    text = "\n".join(as_text(found, new.vocabulary))
    assert f"-> m:test ({LABEL})" in text
    assert "\x1b[" not in text
    assert "\x1b[33m~ " in "\n".join(as_text(found, new.vocabulary, colours=True))


def test_a_unit_that_is_gone_loses_its_facts(now, tmp_path):
    new = extracted("new", edited(tmp_path, "schemes/units.ttl", without("u:people")), REPORTS)
    found = differences(now, new)
    lost = {one.fact["iri"] for one in found.found if one.sign == LOST}
    assert lost
    assert lost == now.lines.keys() - new.lines.keys()
    assert all(now.lines[iri]["kind"] in ("observation", "target") for iri in lost)
    back = differences(new, now)
    assert {one.fact["iri"] for one in back.found if one.sign == GAINED} == lost
    assert back.counts()[CHANGED] == found.counts()[CHANGED]


def test_every_fact_is_counted_once(now, tmp_path):
    new = extracted("new", edited(tmp_path, "schemes/units.ttl", without("u:people")), REPORTS)
    found = differences(now, new)
    counts = found.counts()
    assert sum(found.totals.values()) == len(now.lines) + counts[GAINED] - counts[LOST]
    assert sum((found.counts(report) for report in found.totals), start=type(counts)()) == counts
    lines = [json.loads(line) for line in as_lines(found)]
    assert len(lines) == len(found.found)
    assert {line["change"] for line in lines} <= {GAINED, LOST, CHANGED}
    markdown = "\n".join(as_markdown(found, new.vocabulary))
    assert (
        markdown.count("<details>") == markdown.count("</details>") == len({one.fact["report"] for one in found.found})
    )
    assert len(markdown) < 65_536


def test_facts_that_new_shapes_refuse_are_lost_and_named(now, tmp_path):
    def strict(text: str) -> str:
        return (
            text
            + """
shape:test a sh:PropertyShape ; sh:targetClass o:Target ;
    sh:path o:year ; sh:minCount 1 ;
    sh:message "a target is due in a year"@en .
"""
        )

    new = extracted("new", edited(tmp_path, "shapes.ttl", strict), REPORTS)
    found = differences(now, new)
    undated = {iri for iri, line in now.lines.items() if line["kind"] == "target" and line["year"] is None}
    assert undated
    assert found.refused.keys() == undated == {one.fact["iri"] for one in found.found}
    assert {one.sign for one in found.found} == {LOST}


def test_facts_written_to_a_file_are_a_version(now, tmp_path):
    path = tmp_path / "facts.jsonl"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in now.lines.values()), "utf-8")
    with version(str(path), ONTOLOGY, REPORTS) as old:
        assert differences(old, now).found == ()
    with version(str(path), ONTOLOGY, REPORTS[:1]) as old:
        assert {line["report"] for line in old.lines.values()} == {REPORTS[0].id}


def test_a_file_that_holds_no_facts_is_named_with_its_line(tmp_path):
    path = tmp_path / "facts.jsonl"
    path.write_text("{}\n", "utf-8")
    with pytest.raises(SettingsError, match=r"facts.jsonl, line 1"), version(str(path), ONTOLOGY, REPORTS):
        pass


@pytest.fixture
def repository(tmp_path) -> Path:
    """A git repository whose ontology changed after its first commit."""
    ontology = edited(tmp_path, "schemes/metrics.ttl", lambda text: text)
    git = ["git", "-C", str(tmp_path), "-c", "user.name=Test", "-c", "user.email=test@example.org"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        subprocess.run([*git, *arguments], check=True)
    path = ontology / "schemes" / "metrics.ttl"
    path.write_text(path.read_text("utf-8") + METRIC, "utf-8")
    return ontology


def test_a_revision_is_compared_with_the_folder(repository, capsys):
    common = ["--ontology", str(repository), "--report", "telecom-2023"]
    assert main(["diff", *common]) == 0
    assert capsys.readouterr().out.startswith(f"HEAD -> {repository}\n")
    assert main(["diff", "HEAD", *common, "--exit-code", "--format", "jsonl"]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["report"] for line in lines} == {"telecom-2023"}
    assert main(["diff", "HEAD", "HEAD", *common, "--exit-code"]) == 0


def test_what_is_no_version_is_refused_in_one_line(repository, capsys):
    assert main(["diff", "nonsense", "--ontology", str(repository)]) == 1
    assert "'nonsense' is no folder, no file and no revision" in capsys.readouterr().err


def test_an_ontology_too_old_for_the_code_says_what_it_lacks(tmp_path):
    old = edited(tmp_path, "schemes/operators.ttl", without("c:cue-of"))
    with pytest.raises(VocabularyError, match=r"lacks .*cue-of.*tantu facts"):
        extracted("old", old, REPORTS[:1])
