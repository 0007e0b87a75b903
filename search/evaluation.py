"""How well the search finds what people look for: questions with known places, and shares of them found."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import orjson

from kg.model import PASSAGE_LENGTH, Span
from search.index import Hit

LOOKED_AT = 10  # hits
OVERLAP = 10  # characters that a hit shares with the evidence, or the whole of it where that is shorter

Search = Callable[[str, int], Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the places that answer it, as (report, span)."""

    id: str
    language: str
    kind: str
    text: str
    evidence: tuple[tuple[str, Span], ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares of ``count`` questions: found first, among five, among ten; and the mean of 1 / rank among ten."""

    count: int
    first: float
    five: float
    ten: float
    reciprocal: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Quality by language and kind of question and over ``all``, and the seconds that each search took, sorted."""

    quality: Mapping[str, Quality]
    seconds: tuple[float, ...]


def read_questions(path: Path) -> list[Question]:
    """Read questions from JSON lines with the fields ``id lang kind question evidence``.

    :raises OSError: if the file cannot be read.
    """
    return [_question(orjson.loads(line)) for line in path.read_bytes().splitlines() if line.strip()]


def evaluate_search(search: Search, questions: Iterable[Question]) -> Evaluation:
    """Ask each question that has evidence, and say how far down its evidence was found."""
    ranks: dict[str, list[int | None]] = defaultdict(list)
    seconds = []
    for question in questions:
        if question.evidence:
            start = perf_counter()
            hits = search(question.text, LOOKED_AT)
            seconds.append(perf_counter() - start)
            rank = next((i for i, hit in enumerate(hits[:LOOKED_AT], 1) if is_found(hit, question)), None)
            for group in ("all", question.language, question.kind):
                ranks[group].append(rank)
    return Evaluation({group: _quality(found) for group, found in ranks.items()}, tuple(sorted(seconds)))


def is_found(hit: Hit, question: Question) -> bool:
    """Say whether a hit shows enough of one of the places that answer a question."""
    entry = hit.entry
    return entry.end - entry.start <= PASSAGE_LENGTH and any(
        entry.report == report
        and min(entry.end, span.end) - max(entry.start, span.start) >= min(OVERLAP, span.end - span.start)
        for report, span in question.evidence
    )


def as_text(evaluation: Evaluation) -> str:
    """Return an evaluation as a table for people."""
    rows = [f"{'':16}{'n':>5}{'hit@1':>8}{'hit@5':>8}{'hit@10':>8}{'mrr@10':>8}"]
    for group, q in evaluation.quality.items():
        rows.append(f"{group:16}{q.count:5}{q.first:8.3f}{q.five:8.3f}{q.ten:8.3f}{q.reciprocal:8.3f}")
    if evaluation.seconds:
        half, most = (evaluation.seconds[int(share * (len(evaluation.seconds) - 1))] for share in (0.5, 0.95))
        rows.append(f"one search: {1000 * half:.1f} ms (half of them), {1000 * most:.1f} ms (95 of 100)")
    return "\n".join(rows)


def _question(line: Mapping[str, object]) -> Question:
    places: list[Mapping[str, object]] = line["evidence"] or []  # type: ignore[assignment]
    evidence = tuple((str(p["doc"]), Span(int(str(p["start"])), int(str(p["end"])))) for p in places)
    return Question(str(line["id"]), str(line["lang"]), str(line["kind"]), str(line["question"]), evidence)


def _quality(ranks: Sequence[int | None]) -> Quality:
    """Return the shares of some ranks.

    >>> _quality([1, 2, None, 10])
    Quality(count=4, first=0.25, five=0.5, ten=0.75, reciprocal=0.4)
    """

    def share(most: int) -> float:
        return sum(rank is not None and rank <= most for rank in ranks) / len(ranks)

    return Quality(len(ranks), share(1), share(5), share(10), sum(1 / rank for rank in ranks if rank) / len(ranks))
