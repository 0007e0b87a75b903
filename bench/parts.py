"""What each part of the search gives: words, meaning, translations, concepts, the company and year that are named.

python -m bench.parts [--data FOLDER]

Asks the questions of ``bench/`` with some parts of the request left out; prints hit@5 and mrr@10 by language.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from kg.model import Span
from kg.settings import Settings
from search.entries import PASSAGE, Where
from search.evaluation.questions import Place, Question, read_questions
from search.evaluation.ranks import quality, ranks
from search.index import Index
from search.library import Library
from search.retrieval import Request, request

HERE = Path(__file__).resolve().parent
PASSAGES = Where(kinds=frozenset({PASSAGE}))
Part = Callable[[Request], Request]


def bare(asked: Request) -> Request:
    """Leave out the company and the year that are named."""
    return replace(asked, companies=frozenset(), years=frozenset())


def without_concepts(asked: Request) -> Request:
    """Leave out the concepts that the question names."""
    named = {concept.iri for concept in asked.concepts}
    return replace(asked, groups=[group for group in asked.groups if next(iter(group)) not in named])


def without_synonyms(asked: Request) -> Request:
    """Leave out what stands for a word: translations, relatives, the other region's words."""
    return replace(asked, groups=[dict([next(iter(group.items()))]) for group in asked.groups])


def without_meaning(asked: Request) -> Request:
    """Leave out the question's meaning."""
    return replace(asked, vector=np.zeros_like(asked.vector))


def without_words(asked: Request) -> Request:
    """Leave out all words."""
    return replace(asked, groups=[])


PARTS: Mapping[str, Sequence[Part]] = {
    "words alone": (bare, without_concepts, without_synonyms, without_meaning),
    "meaning alone": (bare, without_words),
    "words and what stands for them": (bare, without_concepts, without_meaning),
    "and meaning": (bare, without_concepts),
    "and concepts": (bare,),
    "and the company or year": (),
}


def main() -> None:
    """Print a line for each choice of parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    library = Library.open_or_build(Settings.from_environment(data=parser.parse_args().data))
    questions = read_questions([HERE / "questions-dev.jsonl", HERE / "questions-own.jsonl"])
    asked = [question for question in questions if question.evidence]
    languages = sorted({question.language for question in asked})
    sys.stdout.write(f"{'':32}" + "".join(f"{language:>16}" for language in languages) + "\n")
    for name, parts in PARTS.items():
        cells = (measures(library.index, parts, (q for q in asked if q.language == language)) for language in languages)
        sys.stdout.write(f"{name:32}" + "".join(f"{cell:>16}" for cell in cells) + "\n")
    library.close()


def measures(index: Index, parts: Sequence[Part], questions: Iterable[Question]) -> str:
    """Return hit@5 and mrr@10 of some questions, asked with some parts left out."""
    found = quality([ranks(places(index, parts, question.text), question) for question in questions])
    return f"{found.five:.3f} / {found.reciprocal:.3f}"


def places(index: Index, parts: Sequence[Part], question: str) -> list[Place]:
    """Return the places of the best ten passages."""
    asked = request(question, index._collection)
    for part in parts:
        asked = part(asked)
    best = (index.entries[i] for i, _, _ in index._best(asked, 10, PASSAGES))
    return [Place(entry.report, Span(entry.start, entry.end)) for entry in best]


if __name__ == "__main__":
    main()
