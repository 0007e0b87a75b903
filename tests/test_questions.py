"""Competency questions: the graph of the seeds gives each its rows; rows gained and lost are told apart."""

from __future__ import annotations

import shutil

import pytest

from kg.checks import GRAPH_CHECKS, questions
from kg.checks.built import Built
from kg.checks.sources import Sources
from kg.errors import VocabularyError
from kg.settings import resource

ONTOLOGY = resource("ontology")
QUESTIONS = questions.questions(ONTOLOGY)
CHECKS = {check.name: check.run for check in GRAPH_CHECKS}


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(ONTOLOGY, tmp_path / "ontology")
    return tmp_path / "ontology"


def built(folder, library) -> Built:
    return Built(Sources(folder), library.store, library.reports)


def of_the_first(folder, library) -> list[str]:
    """What is said of the first question."""
    place = f"ontology/cq/{QUESTIONS[0].path.name}"
    return [finding.problem for finding in questions.check(built(folder, library)) if finding.place == place]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.path.stem)
def test_it_gives_its_rows(question, library):
    columns, found = questions.answer(question, library.store)
    assert found
    assert [columns, *found] == questions.read_rows(question.rows)


def test_they_are_asked_in_both_languages():
    assert len(QUESTIONS) >= questions.LEAST
    assert (
        len({question.zh for question in QUESTIONS}) == len({question.en for question in QUESTIONS}) == len(QUESTIONS)
    )


@pytest.mark.parametrize("name", CHECKS)
def test_the_graph_passes(name, library):
    assert [str(finding) for finding in CHECKS[name](built(ONTOLOGY, library)) if finding.is_error] == []


def test_a_row_gained_and_a_row_lost_are_named(copy, library):
    path = copy / "cq" / f"{QUESTIONS[0].path.stem}.csv"
    text = path.read_text("utf-8")
    path.write_text(text.replace("7748000", "7749000"), "utf-8")
    gained, lost = of_the_first(copy, library)
    assert gained == "gained: 774.8 万吨标准煤 | 7748000 | u:tce"
    assert lost == "lost: 774.8 万吨标准煤 | 7749000 | u:tce"


def test_rows_are_written_for_people_to_read_the_difference(copy, library):
    path = copy / "cq" / f"{QUESTIONS[0].path.stem}.csv"
    text = path.read_text("utf-8")
    path.write_text("written,value,unit\n", "utf-8")
    assert f"ontology/cq/{path.name}" in questions.write(built(copy, library))
    assert path.read_text("utf-8") == text
    assert questions.write(built(copy, library)) == []


@pytest.mark.parametrize(
    ("file", "before", "after", "word"),
    [
        (".rq", "SELECT", "SELEKT", "cannot be asked"),
        (".csv", None, None, "has no rows"),
    ],
)
def test_what_cannot_be_asked_is_named(file, before, after, word, copy, library):
    path = copy / "cq" / (QUESTIONS[0].path.stem + file)
    if before is None:
        path.unlink()
    else:
        path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")
    assert [word in problem for problem in of_the_first(copy, library)] == [True]


def test_lost_questions_are_missed(copy, library):
    for question in QUESTIONS[5:]:
        (copy / "cq" / question.path.name).unlink()
    findings = list(questions.check(built(copy, library)))
    assert any("holds 5 questions" in finding.problem for finding in findings)
    assert {"o:Risk", "o:statement"} <= {finding.term for finding in findings if not finding.is_error}


def test_a_question_needs_both_languages(copy):
    path = copy / "cq" / QUESTIONS[0].path.name
    path.write_text(path.read_text("utf-8").replace("# en: ", "# "), "utf-8")
    with pytest.raises(VocabularyError, match="# en:"):
        questions.questions(copy)
