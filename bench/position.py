"""Whether an answer is found as well at the end of a passage as at its start.

python -m bench.position

Takes passages of the seeds with a fact in one of their sentences, writes each anew with that sentence first, in the
middle and last, and asks for the fact by what stands before the colon when it is said (company, metric, year) in either
language. The index holds passages alone, so that nothing but the passage's own words and meaning can lead to it.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from kg.catalogue import read_catalogue
from kg.model import Fact, NumberFact, Report
from kg.pipeline import Pipeline
from kg.reading.passages import passages, sentences
from kg.settings import Settings
from kg.verbalise import sentence
from search.assembling import build_index
from search.encoder import load_question_encoder
from search.entries import Entry, passage_entry
from search.index import Index

LEAST = 300  # characters of a passage and
SENTENCES = 4  # sentences, so that there is a start, a middle and an end
PLACES = ("start", "middle", "end")


def main() -> None:
    """Print the share of questions whose passage is found first and among five, and mrr@10, for each place."""
    settings = Settings.from_environment()
    pipeline = Pipeline(settings.ontology)
    others: list[Entry] = []
    chosen: dict[str, tuple[Entry, tuple[int, int], list[str]]] = {}
    for report in read_catalogue(settings.seeds):
        facts = [fact for fact in pipeline.extract(report).facts if isinstance(fact, NumberFact)]
        for entry in map(passage_entry, passages(report)):
            answer = next(_answers(entry, facts), None)
            if answer is None:
                others.append(entry)
            else:
                fact, place = answer
                chosen[entry.iri] = entry, place, _questions(fact, report, pipeline)
    encoder = load_question_encoder(settings.model)
    sys.stdout.write(f"{len(chosen)} passages, {len(chosen) + len(others)} in all\n")
    sys.stdout.write(f"{'':8}{'first':>8}{'five':>8}{'mrr':>8}\n")
    for at, name in enumerate(PLACES):
        moved = [_moved(entry, place, at) for entry, place, _ in chosen.values()]
        with TemporaryDirectory() as folder:
            build_index(Path(folder), [*others, *moved], encoder, pipeline.vocabulary)
            index = Index.open(Path(folder), encoder, pipeline.vocabulary)
            ranks = [_rank(index, question, iri) for iri, (_, _, asked) in chosen.items() for question in asked]
        shares = (sum(rank <= most for rank in ranks) / len(ranks) for most in (1, 5))
        reciprocal = sum(1 / rank for rank in ranks if rank <= 10) / len(ranks)
        sys.stdout.write(f"{name:8}" + "".join(f"{share:8.3f}" for share in (*shares, reciprocal)) + "\n")


def _answers(entry: Entry, facts: list[NumberFact]) -> Iterator[tuple[NumberFact, tuple[int, int]]]:
    """Yield the facts of a passage that stand in one of its sentences, with the place of that sentence in it."""
    found = list(sentences(entry.body))
    if len(entry.body) >= LEAST and len(found) >= SENTENCES:
        for fact in facts:
            start, end = fact.quote.start - entry.start, fact.quote.end - entry.start
            yield from ((fact, (a, b)) for a, b in found if a <= start and end <= b)


def _questions(fact: Fact, report: Report, pipeline: Pipeline) -> list[str]:
    said = (sentence(fact, report, pipeline.vocabulary, language) for language in ("zh-Hans", "en"))
    return [line.replace("\uff1a", ":").split(":")[0] for line in said]


def _moved(entry: Entry, place: tuple[int, int], at: int) -> Entry:
    """Return a passage with one sentence moved: to the start, the middle or the end."""
    others = [entry.body[a:b] for a, b in sentences(entry.body) if (a, b) != place]
    where = (0, len(others) // 2, len(others))[at]
    body = " ".join([*others[:where], entry.body[slice(*place)], *others[where:]])
    return replace(entry, text=entry.headings + body, end=entry.start + len(body))


def _rank(index: Index, question: str, iri: str) -> float:
    hits = (hit.entry.iri for hit in index.search(question, 10))
    return next((rank for rank, found in enumerate(hits, 1) if found == iri), float("inf"))


if __name__ == "__main__":
    main()
