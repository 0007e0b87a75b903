"""Learn how to choose: which enumeration answers a question for a list, which number one for a number, and if any does.

python -m bench.choosing [--write] [QUESTIONS ...]

Every candidate for a question is measured (``search/answering/fitting.py``, ``weighing.py``); the weights are those of
a softmax over the candidates of a question, and of a logistic function over the numbers that were chosen. Printed is
the share of right choices on each file with weights learned from the others, then with weights learned from all.
``--write`` stores those beside the modules that use them. The same questions give the same weights.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.descending import Choice, chances, descend
from kg.facts import as_json
from kg.model import NumberFact
from kg.settings import Settings
from search.answering.answer import Sources
from search.answering.conditions import ladder
from search.answering.figures import found_for
from search.answering.listing import candidates
from search.answering.quoting import speaking_of
from search.answering.strangers import whose
from search.answering.understanding import Understanding, understand
from search.answering.weighing import measured
from search.evaluation.questions import Question, read_questions
from search.evaluation.rightness import same_value, share_named
from search.library import Library

FILES = ("dev", "own", "work", "blind", "drill", "fresh")
LIST_WEIGHT, NUMBER_WEIGHT, ANSWER_WEIGHT = 0.4, 0.05, 0.05  # of the squared weights, by what leaves most right
MANY_SCRIPTS = 0.5  # of a question that questions-own asks three times
ABSENT = 3.0  # of a question that nothing answers: there are few
NAMED = 0.75  # of the share of names that are given, the rest of the share of what is given that is a name
HERE = Path(__file__).parent
ANSWERING = HERE.parent / "search" / "answering"


@dataclass(frozen=True, slots=True)
class Case:
    """A question's candidates: what is measured of each, and how right each is."""

    question: Question
    features: Sequence[Mapping[str, float]]
    right: Sequence[float]


def lists(questions: Sequence[Question], sources: Sources) -> Iterator[Case]:
    """Yield the enumerations that may answer each question for a list."""
    for question in questions:
        if question.kind == "list":
            understanding = _understood(question, sources)
            hits = speaking_of(understanding, sources.passages(question.text, 10))
            found, features = candidates(understanding, hits, sources)
            yield Case(question, features, [_named(question, one.members) for _, one in found])


def _named(question: Question, members: Sequence[str]) -> float:
    """Return how right names are: the share of those wanted, and a little for giving no others."""
    wanted = share_named(question.answer, members)
    turned = share_named({"items_zh": members}, question.answer["items_zh"])
    return NAMED * wanted + (1 - NAMED) * turned


def numbers(questions: Sequence[Question], sources: Sources) -> Iterator[Case]:
    """Yield the numbers that may answer each question for a number; none of them is right where nothing answers."""
    for question in questions:
        understanding = _understood(question, sources)
        if question.kind in ("lookup_number", "unanswerable") and understanding.shape == "number":
            found, fitting = found_for(understanding, list(ladder(understanding, sources.vocabulary)), sources)
            features = measured(fitting, found[0].rank, understanding, sources) if fitting else []
            yield Case(question, features, [_right(question, each.fact, sources) for each in fitting])


def _right(question: Question, fact: NumberFact, sources: Sources) -> float:
    """Return 1 for a number of the right value, 2 where it stands in a place of the question too, 0 for any other."""
    said = as_json(fact, sources.reports[fact.report], sources.vocabulary)
    if question.kind != "lookup_number" or not same_value(said, question.answer):
        return 0.0
    return 1.0 + any(place.report == fact.report and place.span.overlaps(fact.quote) for place in question.evidence)


def _understood(question: Question, sources: Sources) -> Understanding:
    return whose(understand(question.text, sources.vocabulary), sources)


def choices(cases: Sequence[Case], sharpness: float) -> tuple[list[str], list[Choice]]:
    """Return the names of what is measured, and each question as a choice: which candidates are best."""
    names = sorted({name for case in cases for each in case.features for name in each})
    found = []
    for case in cases:
        right = np.array(case.right)
        if len(right) and right.max() > 0.4:
            wanted = np.exp(sharpness * (right - right.max()))
            found.append(Choice(_matrix(case.features, names), wanted / wanted.sum(), _weight(case)))
    return names, found


def _matrix(features: Sequence[Mapping[str, float]], names: Sequence[str]) -> NDArray[np.float64]:
    return np.array([[each.get(name, 0.0) for name in names] for each in features])


def _weight(case: Case) -> float:
    return MANY_SCRIPTS if case.question.source.endswith("own") else 1.0


Learned = Mapping[str, float]


def learn(cases: Sequence[Case], sharpness: float, square: float) -> Learned:
    """Return the weights by which the right candidates of each question are chosen."""
    names, found = choices(cases, sharpness)
    return {name: round(float(weight), 4) for name, weight in zip(names, descend(found, square), strict=True)}


def chosen(case: Case, learned: Learned) -> tuple[int, NDArray[np.float64]]:
    """Return which candidate the weights choose, and how well each fits."""
    names = sorted(learned)
    fits = _matrix(case.features, names) @ np.array([learned[name] for name in names])
    return int(np.argmax(fits)), fits


def apart(cases: Sequence[Case], learn_from: Callable[[Sequence[Case]], Learned]) -> Iterator[tuple[Case, Learned]]:
    """Yield each question with weights learned from the other files."""
    for source in sorted({case.question.source for case in cases}):
        learned = learn_from([case for case in cases if case.question.source != source])
        yield from ((case, learned) for case in cases if case.question.source == source)


def likely(cases: Sequence[Case], learn_from: Callable[[Sequence[Case]], Learned]) -> Learned:
    """Return the weights of how likely a number is right, from those chosen with weights of the other files."""
    rows, right, weights = list[dict[str, float]](), list[float](), list[float]()
    for case, learned in apart([case for case in cases if case.features], learn_from):
        best, fits = chosen(case, learned)
        absent = case.question.kind == "unanswerable"
        if absent or case.right[best] > 0:
            second = sorted(fits)[-2:][0]
            rows.append({**case.features[best], "fit": float(fits[best]), "margin": float(fits[best] - second)})
            right.append(float(not absent))
            weights.append(ABSENT if absent else 1.0)
    names = sorted({name for row in rows for name in row})
    found, bias = chances(_matrix(rows, names), np.array(right), np.array(weights), ANSWER_WEIGHT)
    return {name: round(float(weight), 4) for name, weight in zip(names, found, strict=True)} | {"bias": round(bias, 4)}


def shown(name: str, cases: Sequence[Case], learn_from: Callable[[Sequence[Case]], Learned]) -> None:
    """Print the share of right choices by file, learned from the others, and on all, learned from all."""
    wanted = [case for case in cases if case.features and case.question.kind != "unanswerable"]
    by_file: dict[str, list[float]] = {}
    for case, learned in apart(wanted, learn_from):
        by_file.setdefault(case.question.source, []).append(min(1.0, case.right[chosen(case, learned)[0]]))
    everything = learn_from(wanted)
    seen = [min(1.0, case.right[chosen(case, everything)[0]]) for case in wanted]
    for source, shares in by_file.items():
        sys.stdout.write(f"{name:8} {source:16} {np.mean(shares):.3f} of {len(shares)}\n")
    sys.stdout.write(f"{name:8} {'all, seen':16} {np.mean(seen):.3f} of {len(seen)}\n")


def main() -> None:
    """Measure, learn, print; write where that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.choosing", description=__doc__)
    parser.add_argument("--write", action="store_true", help="store the weights beside the modules that use them")
    parser.add_argument("questions", nargs="*", type=Path, default=[HERE / f"questions-{name}.jsonl" for name in FILES])
    options = parser.parse_args()
    library = Library.open_or_build(Settings())
    try:
        questions, sources = read_questions(options.questions), library.sources
        listed, counted = list(lists(questions, sources)), list(numbers(questions, sources))
    finally:
        library.close()
    by_list = lambda cases: learn(cases, 12.0, LIST_WEIGHT)  # noqa: E731
    by_number = lambda cases: learn(cases, 50.0, NUMBER_WEIGHT)  # noqa: E731
    shown("lists", listed, by_list)
    shown("numbers", counted, by_number)
    if options.write:
        _write("fitting.json", by_list(listed))
        _write("weighing.json", {"answer": likely(counted, by_number), "choice": by_number(counted)})


def _write(name: str, learned: object) -> None:
    (ANSWERING / name).write_text(json.dumps(learned, indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
