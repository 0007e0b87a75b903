"""``tantu evaluate``: how well questions and reports of known answers are found, answered and read."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import SettingsError
from kg.settings import ROOT, Settings
from web import progress

if TYPE_CHECKING:
    from search.evaluation.measures import Gap
    from search.evaluation.questions import Question
    from search.evaluation.runs import Run
    from search.evaluation.systems import System
    from search.evaluation.tables import Evaluation

PUBLIC = ROOT / "bench"
QUESTIONS = tuple(f"questions-{name}.jsonl" for name in ("dev", "own", "work", "blind", "held", "unread"))
GOLD = ("gold", "invented/gold")
TANTU = "tantu"
TIMES = ("search", "search_processor", "answer", "answer_processor")
Command = Callable[[str, Callable[[Settings, argparse.Namespace], int], str], argparse.ArgumentParser]


def add_command(command: Command) -> None:
    """Add ``evaluate`` to a parser."""
    evaluate = command("evaluate", run, "say how well the search finds, extraction reads and answers are right")
    evaluate.add_argument("files", nargs="*", type=Path, metavar="QUESTIONS", help="the same as --questions")
    evaluate.add_argument(
        "--questions", nargs="+", type=Path, default=[], metavar="FILE", help="JSON lines (those of bench/)"
    )
    evaluate.add_argument(
        "--gold", nargs="+", type=Path, default=[], metavar="FOLDER", help="annotated facts (those of bench/)"
    )
    for table, what in (("search", "searches"), ("extraction", "extraction"), ("answers", "answers")):
        evaluate.add_argument(f"--{table}", action="store_true", help=f"only {what}; may stand beside the others")
    evaluate.add_argument("--json", action="store_true", help="print JSON")
    evaluate.add_argument(
        "--system",
        default=TANTU,
        metavar="NAME",
        help="what searches: tantu, bm25 (words alone), dense (our model alone), or a sentence-transformers model",
    )
    evaluate.add_argument("--run", type=Path, dest="run_file", metavar="FILE", help="score this run of another system")
    evaluate.add_argument("--facts", type=Path, metavar="FILE", help="score these facts of another system")
    evaluate.add_argument("--write", type=Path, metavar="FILE", help="write what was found and answered, as a run")


def run(settings: Settings, given: argparse.Namespace) -> int:
    """Print the tables and return the exit code."""
    from search.evaluation.tables import as_json, as_text

    found = evaluated(settings, given)
    text = json.dumps(as_json(found), ensure_ascii=False, indent=1) if given.json else as_text(found)
    sys.stdout.write(f"{text}\n")
    return 0


def evaluated(settings: Settings, given: argparse.Namespace) -> "Evaluation":
    """Measure what was asked for.

    :raises SettingsError: if questions, annotations or a run are missing or cannot be read.
    """
    from search.evaluation.tables import Evaluation

    wanted = wanted_tables(given)
    name = given.run_file.name if given.run_file else given.system
    found = Evaluation(name)
    if wanted & {"search", "answers"}:
        found = _questions(settings, given, wanted, name)
    if "extraction" in wanted:
        found = _with_extraction(found, settings, given)
    return found


def wanted_tables(given: argparse.Namespace) -> set[str]:
    """Return which tables are asked for: all that the system has, where none is named.

    :raises SettingsError: if one is named that the system cannot have.
    """
    possible = {"search", "extraction", "answers"}
    if given.run_file:
        possible -= set() if given.facts else {"extraction"}
    elif given.system != TANTU:
        possible = {"search"}
    named = {table for table in ("search", "extraction", "answers") if getattr(given, table)}
    if given.facts and not given.run_file and not named:
        named = {"extraction"}
    if impossible := sorted(named - possible):
        what = f"--run {given.run_file} without --facts" if given.run_file else f"--system {given.system}"
        raise SettingsError(f"--{impossible[0]} cannot be measured with {what}; leave one of them out")
    return named or possible


def _questions(settings: Settings, given: argparse.Namespace, wanted: set[str], name: str) -> "Evaluation":
    from kg.catalogue import read_catalogue
    from search.evaluation import measures, questions, runs
    from search.evaluation.tables import Evaluation

    asked = questions.read_questions(given.questions + given.files or _public(QUESTIONS, "--questions FILE"))
    with _outcomes(settings, given, asked, wanted) as (outcomes, ask_again):
        if given.write:
            runs.write_run(outcomes, given.write)
        searched = "search" in wanted and any(one.hits is not None for one in outcomes.values())
        answers = "answers" in wanted and any(one.answer is not None for one in outcomes.values())
        gaps = _gaps(outcomes, asked, ask_again) if searched else ()
    languages = {report.id: report.language for report in read_catalogue(settings.seeds)}
    return Evaluation(
        name,
        search=measures.measured(outcomes, asked, languages) if searched else {},
        gaps=gaps,
        answers=measures.answered(outcomes, asked) if answers else {},
        milliseconds={what: ms for what in TIMES if (ms := measures.milliseconds(outcomes, what))},
        left_out=[question.id for question in asked if question.id not in outcomes],
    )


Again = Callable[[Sequence["Question"]], "Run"]


@contextmanager
def _outcomes(
    settings: Settings, given: argparse.Namespace, asked: Sequence["Question"], wanted: set[str]
) -> Iterator[tuple["Run", Again | None]]:
    """Give what the system made of the questions, and what searches with others as long as it is open."""
    from search.evaluation import runs

    if given.run_file:
        from kg.quantities import grammar
        from kg.vocabulary import Vocabulary

        yield runs.read_run(given.run_file, grammar(Vocabulary.load(settings.ontology))), None
        return
    with _system(settings, given.system) as system:
        outcomes = runs.run(system, asked, "search" in wanted, "answers" in wanted)
        yield outcomes, lambda others: runs.run(system, others, answers=False)


@contextmanager
def _system(settings: Settings, name: str) -> Iterator["System"]:
    from search.evaluation import systems

    with progress.library(settings) as library:
        yield systems.system(name, library)


def _gaps(outcomes: "Run", asked: Sequence["Question"], again: Again | None) -> list["Gap"]:
    """Return the gaps between scripts: of questions that people wrote in both, and of ones that OpenCC converted."""
    from search.evaluation.measures import converted_questions, gap, same_questions
    from search.evaluation.questions import converted

    pairs = {"written by people": same_questions(outcomes, asked)}
    if again:
        others = [question for question in converted(asked) if question.evidence]
        pairs["converted by OpenCC"] = converted_questions(outcomes, asked, again(others), others)
    return [gap(name, found) for name, found in pairs.items() if found]


def _with_extraction(found: "Evaluation", settings: Settings, given: argparse.Namespace) -> "Evaluation":
    from kg.annotations import annotated, by_report, read_rows
    from kg.vocabulary import Vocabulary

    folders: Sequence[Path] = given.gold or _public(GOLD, "--gold FOLDER")
    reports = annotated(folders, settings.seeds, Vocabulary.load(settings.ontology))
    return replace(found, extraction=by_report(reports, read_rows(given.facts) if given.facts else None))


def _public(names: Sequence[str], option: str) -> list[Path]:
    """Return what of the public benchmark is there.

    :raises SettingsError: if nothing is, as in an installed Tantu.
    """
    found = [PUBLIC / name for name in names if (PUBLIC / name).exists()]
    if not found:
        raise SettingsError(
            f"{PUBLIC / names[0]}: the public benchmark is not here; it lies in bench/ of Tantu's source: "
            f"run this in a checkout, or name your own with {option}"
        )
    return found
