"""How far down a ranking stands what answers a question, and the usual measures over many questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

from kg.model import PASSAGE_LENGTH
from search.evaluation.questions import Place, Question

LOOKED_AT = 10  # hits
OVERLAP = 10  # characters that a hit shares with the evidence, or the whole of it where that is shorter

Ranks = tuple[int | None, ...]  # for each place of a question the rank of the first hit that shows it, from 1


@dataclass(frozen=True, slots=True)
class Quality:
    """Means over ``count`` questions, each from 0 to 1.

    ``first``, ``five`` and ``ten`` are the shares with a place among so many hits (hit@k), ``reciprocal`` the mean of
    1 / rank of the first (mrr@10), ``gain`` the mean discounted gain, of what all places on top would give (ndcg@10).
    """

    count: int
    first: float
    five: float
    ten: float
    reciprocal: float
    gain: float


def is_found(hit: Place, evidence: Place) -> bool:
    """Say whether a hit shows enough of a place; a hit too long to be a citation shows nothing.

    >>> from kg.model import Span
    >>> is_found(Place("r", Span(0, 110)), Place("r", Span(100, 130)))
    True
    """
    length = evidence.span.end - evidence.span.start
    return hit.span.end - hit.span.start <= PASSAGE_LENGTH and hit.shares(evidence) >= min(OVERLAP, length)


def ranks(hits: Sequence[Place], question: Question) -> Ranks:
    """Return the ranks of a question's places among the first ten hits."""
    looked_at = hits[:LOOKED_AT]
    return tuple(
        next((rank for rank, hit in enumerate(looked_at, 1) if is_found(hit, evidence)), None)
        for evidence in question.evidence
    )


def quality(found: Sequence[Ranks]) -> Quality:
    """Return the measures of some questions.

    >>> quality([(1,), (None, 2), (None,), (10,)])
    Quality(count=4, first=0.25, five=0.5, ten=0.75, reciprocal=0.4, gain=0.418...)
    """
    firsts = [min((rank for rank in one if rank), default=None) for one in found]
    number = len(found) or 1

    def share(most: int) -> float:
        return sum(rank is not None and rank <= most for rank in firsts) / number

    reciprocal = sum(1 / rank for rank in firsts if rank) / number
    return Quality(len(found), share(1), share(5), share(10), reciprocal, sum(map(_gain, found)) / number)


def _gain(found: Ranks) -> float:
    """Return the discounted gain of one question, of what is possible.

    Each place counts once, at the first hit that shows it; one hit that shows several gives at most the whole.

    >>> _gain((1, 2)), _gain((1, 1)), round(_gain((1, None)), 3), _gain((3,))
    (1.0, 1.0, 0.613, 0.5)
    """
    got = sum(1 / log2(rank + 1) for rank in found if rank)
    best = sum(1 / log2(rank + 1) for rank in range(1, min(len(found), LOOKED_AT) + 1))
    return min(1.0, got / best) if best else 0.0
