"""What a reader sets right: the company, year, metric and kind of answer that a question means."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches

from kg.errors import NotFound
from kg.ids import BASE
from kg.reading.folding import compact
from kg.vocabulary import Concept, Vocabulary
from search.answering.understanding import MENTIONS, NUMBER_KINDS, Understanding

ANY = "any"  # gives up what the question names
SHAPES = ("number", "comparison", "list", "text", "topic")


@dataclass(frozen=True, slots=True)
class Given:
    """What to take instead of what a question names; None leaves that as it is, ``any`` gives it up.

    ``company`` and ``metric`` are labels in any script, IRIs or their last parts; ``year`` is written in digits;
    ``kind`` is one of ``SHAPES``.
    """

    company: str | None = None
    year: str | None = None
    metric: str | None = None
    kind: str | None = None


def corrected(
    understanding: Understanding, given: Given, vocabulary: Vocabulary, company: Callable[[str], str]
) -> Understanding:
    """Return an understanding with what a reader gave; ``company`` turns a name into an IRI.

    :raises NotFound: for a metric, company or kind that there is not, with the nearest.
    """
    if given.company is not None:
        chosen = () if given.company == ANY else (vocabulary.concept(company(given.company)),)
        understanding = replace(understanding, companies=chosen, others=(), outsiders=(), industries=())
    if given.year is not None:
        years = (int(given.year),) if given.year.isdigit() else ()
        understanding = replace(understanding, years=years, set_in=())
    if given.metric is not None:
        metrics = () if given.metric == ANY else (metric_of(given.metric, vocabulary),)
        understanding = replace(understanding, metrics=metrics, asked=metrics, sure=bool(metrics), units=frozenset())
    if given.kind is not None:
        understanding = _of_kind(understanding, given.kind)
    return understanding


def _of_kind(understanding: Understanding, kind: str) -> Understanding:
    if kind not in SHAPES:
        raise NotFound("kind of answer", kind, get_close_matches(kind, SHAPES, 3, 0.3) or SHAPES)
    named = understanding.kinds - NUMBER_KINDS - MENTIONS
    numbers = kind in ("number", "comparison")
    return replace(understanding, shape=kind, kinds=NUMBER_KINDS if numbers or not named else named)


def metric_of(name: str, vocabulary: Vocabulary) -> Concept:
    """Return a metric by its IRI, the last part of it, or a label in any script.

    :raises NotFound: with the nearest names.
    """
    short = name.removeprefix(f"{BASE}metric/")
    if f"{BASE}metric/{short}" in vocabulary:
        return vocabulary.concept(f"{BASE}metric/{short}")
    folded = compact(name).text
    for metric in vocabulary.of_type("Metric"):
        if any(compact(label.text).text == folded for label in metric.labels if label.role != "hidden"):
            return metric
    known = [metric.iri.rpartition("/")[2] for metric in vocabulary.of_type("Metric")]
    raise NotFound("metric", name, get_close_matches(short, known, 3, 0.3) or known[:3])
