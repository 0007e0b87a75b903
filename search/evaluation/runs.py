"""What a system made of questions, in memory and as a file of JSON lines that ``bench/README.md`` describes."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import orjson

from kg.errors import SettingsError
from kg.quantities import Grammar
from kg.reading.folding import fold
from search.evaluation.questions import Place, Question, lines, place
from search.evaluation.ranks import LOOKED_AT
from search.evaluation.rightness import CITED, Answer, citations
from search.evaluation.systems import System

REMEDY = "bench/README.md describes the format of runs"
YEARS = range(1900, 2101)  # numbers without a unit that a text of an answer names as years


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a system gave for one question: places, best first, and an answer; None for what it does not do.

    ``seconds`` has what ``search`` and ``answer`` took by the clock, and as ``search_processor`` and
    ``answer_processor`` of the processor, where that is known.
    """

    hits: tuple[Place, ...] | None
    answer: Answer | None
    seconds: Mapping[str, float]


Run = Mapping[str, Outcome]  # by the id of the question
NOTHING = Outcome((), {}, {})  # what a system made of a question that its run leaves out


def run(system: System, questions: Sequence[Question], search: bool = True, answers: bool = True) -> dict[str, Outcome]:
    """Ask a system: ``search`` the questions that have evidence, ``answers`` all of them."""
    if questions and search:
        system.search(questions[0].text, 1)  # opens the index and loads the model, which is no part of a search
    return {question.id: _asked(system, question, search, answers) for question in questions}


def _asked(system: System, question: Question, search: bool, answers: bool) -> Outcome:
    seconds: dict[str, float] = {}
    hits: tuple[Place, ...] | None = None
    answer: Answer | None = None
    if search and question.evidence:
        with _timed("search", seconds):
            hits = tuple(system.search(question.text, LOOKED_AT))
    if answers and system.ask:
        with _timed("answer", seconds):
            answer = system.ask(question.text)
    return Outcome(hits, answer, seconds)


@contextmanager
def _timed(what: str, seconds: dict[str, float]) -> Iterator[None]:
    begin, spent = perf_counter(), process_time()
    yield
    seconds[what], seconds[f"{what}_processor"] = perf_counter() - begin, process_time() - spent


def read_run(path: Path, grammar: Grammar) -> dict[str, Outcome]:
    """Read a run from a file; ``grammar`` finds the numbers of answers that are plain text.

    :raises SettingsError: if the file or a line of it cannot be read.
    """
    outcomes = {}
    for number, line in enumerate(lines(path, REMEDY), 1):
        try:
            outcomes[str(line["id"])] = _outcome(line, grammar)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            what = f"lacks {error}" if isinstance(error, KeyError) else f"cannot be read ({error})"
            raise SettingsError(f"{path}, line {number}: {what}; {REMEDY}") from error
    return outcomes


def write_run(run: Run, path: Path) -> None:
    """Write a run to a file, so that it can be scored again or compared.

    :raises SettingsError: if the file cannot be written.
    """
    try:
        path.write_bytes(b"".join(orjson.dumps(_line(*one), option=orjson.OPT_APPEND_NEWLINE) for one in run.items()))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be written ({error.strerror}); name another file") from error


def _outcome(line: Mapping[str, Any], grammar: Grammar) -> Outcome:
    hits = None if line.get("hits") is None else tuple(place(hit) for hit in line["hits"])
    answer = line.get("answer")
    if isinstance(answer, str):
        answer = answer_of_text(answer, hits or (), grammar)
    elif answer is not None:
        citations(answer)  # raises where one is no place
    return Outcome(hits, answer, {name: float(ms) / 1000 for name, ms in (line.get("ms") or {}).items()})


def answer_of_text(text: str, hits: Sequence[Place], grammar: Grammar) -> Answer:
    """Return an answer in words as one that can be measured.

    An empty text answers nothing; its values are its first three numbers that are no years; it names what stands in
    it; it cites the first three hits.
    """
    return {
        "answered": bool(text.strip()),
        "values": [*_values(text, grammar)][:CITED],
        "items": [text],
        "citations": [_as_json(hit) for hit in hits[:CITED]],
        "read_from_text": True,
    }


def _values(text: str, grammar: Grammar) -> Iterator[dict[str, Any]]:
    for quantity in grammar.find(fold(text).text):
        unit = quantity.measure.code if quantity.measure else None
        if unit not in (None, "year") or quantity.value not in YEARS:
            yield {"value": quantity.value, "unit": unit}


def _line(id: str, outcome: Outcome) -> dict[str, Any]:
    line: dict[str, Any] = {"id": id}
    if outcome.hits is not None:
        line["hits"] = [_as_json(hit) for hit in outcome.hits]
    if outcome.answer is not None:
        kept = ("answered", "text", "values", "items", "citations", "read_from_text")
        line["answer"] = {name: outcome.answer[name] for name in kept if name in outcome.answer}
    line["ms"] = {name: round(1000 * seconds, 2) for name, seconds in outcome.seconds.items()}
    return line


def _as_json(hit: Place) -> dict[str, Any]:
    return {"report": hit.report, "start": hit.span.start, "end": hit.span.end}
