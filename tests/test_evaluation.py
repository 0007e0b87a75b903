"""The measure itself: what counts as found, and what the shares say."""

import orjson
import pytest

from kg.model import Span
from search.entries import Entry
from search.evaluation import Question, as_text, evaluate_search, is_found, read_questions
from search.index import Hit, Why

QUESTION = Question("q", "en", "passage", "How?", (("r", Span(100, 130)), ("s", Span(5, 9))))


def hit(report, start, end):
    return Hit(Entry("i", "passage", "", report, start, end, "c", 2023, "en"), 0.5, Why((), (), 0.5), ())


@pytest.mark.parametrize(
    ("report", "start", "end", "found"),
    [
        ("r", 0, 110, True),
        ("r", 0, 109, False),
        ("r", 120, 200, True),
        ("s", 0, 9, True),  # shorter than ten characters, but whole
        ("s", 6, 200, False),
        ("t", 0, 200, False),
        ("r", 0, 801, False),  # too long to be a citation
    ],
)
def test_what_counts_as_found(report, start, end, found):
    assert is_found(hit(report, start, end), QUESTION) is found


def test_questions_without_evidence_are_not_asked(tmp_path):
    path = tmp_path / "questions.jsonl"
    asked = {"id": "a", "lang": "zh-Hant", "kind": "passage", "question": "在哪?"}
    lines = [asked | {"evidence": [{"doc": "r", "start": 0, "end": 20, "quote": ""}]}, asked | {"evidence": []}]
    path.write_bytes(b"\n".join(map(orjson.dumps, lines)) + b"\n")
    evaluation = evaluate_search(lambda text, k: [hit("s", 0, 50), hit("r", 0, 50)], read_questions(path))
    assert set(evaluation.quality) == {"all", "zh-Hant", "passage"}
    quality = evaluation.quality["all"]
    assert (quality.count, quality.first, quality.five, quality.reciprocal) == (1, 0, 1, 0.5)
    assert "zh-Hant" in as_text(evaluation)
