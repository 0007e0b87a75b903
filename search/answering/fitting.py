"""How well an enumeration fits a question: what is measured of the two, and the weights that were learned for it.

The weights are those of a choice among the enumerations of one question (a softmax of their sums), learned by
``python -m bench.choosing`` from the questions of ``bench/``; ``fitting.json`` holds them by name.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from math import log
from statistics import median

from search.answering.judging import Wording
from search.answering.members import LONGEST, Enumeration
from search.answering.understanding import Understanding
from search.index import Hit
from search.tokens import tokens

Likeness = Callable[[str, Sequence[str]], Sequence[float]]
NEAR = 24  # characters beside an enumeration that may say what kind of things it lists
AT_ONCE = 60  # texts whose vectors are kept, see search.encoder
END = 10  # characters of the first and the last member that may lead to the list, or say what it lists
_CLAUSE = re.compile("[,;:\uff0c\uff1b\uff1a\u3002\n]")
KINDS = ("text", "item", "title", "line", "clauses", "quoted", "row", "column")
Features = Mapping[str, float]


class Measure:
    """Measures enumerations for one question."""

    def __init__(self, understanding: Understanding, wording: Wording, likeness: Likeness, aligned: Likeness) -> None:
        """Take the question's words, and ways to compare meanings: as wholes, and word by word."""
        self._understanding, self._wording, self._likeness, self._aligned = understanding, wording, likeness, aligned
        self._head = wording.within({token.word for token in tokens(understanding.sought)})
        self._asked = naming(understanding)

    def of(self, found: Sequence[tuple[Hit, Enumeration]], best: float) -> list[Features]:
        """Return what is measured of each enumeration; ``best`` is the score of the best passage."""
        columns = self._alike([one for _, one in found])
        return [
            {name: column[i] for name, column in columns.items()}
            | {"behind": hit.score - best, "first": float(hit.score >= best)}
            | self._worded(one)
            | _form(one, self._understanding.many)
            for i, (hit, one) in enumerate(found)
        ]

    def _alike(self, found: Sequence[Enumeration]) -> dict[str, Sequence[float]]:
        question, sought = self._understanding.question, self._understanding.sought
        members = [" ".join(one.members) for one in found]
        inside = [f"{one.lead} {members[i]} {one.tail}" for i, one in enumerate(found)]
        beside = [f"{one.above} {one.lead} {one.tail}" for one in found]
        before, after = [_before(one) for one in found], [_after(one) for one in found]
        none = [0.0] * len(found)
        kinds = (self._aligned(sought, texts) if sought else none for texts in (before, after))
        return {
            "like": _in_parts(self._likeness, question, inside),
            "like before": _in_parts(self._likeness, question, before),
            "like after": _in_parts(self._likeness, question, after),
            "kind like before": _in_parts(self._likeness, sought, before) if sought else none,
            "kind like after": _in_parts(self._likeness, sought, after) if sought else none,
            "said": self._aligned(self._asked, inside),
            "said around": self._aligned(self._asked, [one.around for one in found]),
            "said beside": self._aligned(self._asked, beside),
            "kind said": [max(pair) for pair in zip(*kinds, strict=True)],
        }

    def _worded(self, one: Enumeration) -> dict[str, float]:
        share, members = self._wording.share, " ".join(one.members)
        return {
            "worded": share(f"{one.lead} {members} {one.tail}"),
            "worded around": share(one.around),
            "worded members": share(members),
            "worded above": share(one.above),
            "worded before": share(_before(one)),
            "kind in members": _ending(one, self._head) if self._head.weight else 0.0,
        }


def naming(understanding: Understanding) -> str:
    """Return a question without what frames it: whose, when, which unit, how it asks."""
    question = understanding.question
    for start, end in understanding.frame:
        question = f"{question[:start]}{' ' * (end - start)}{question[end:]}"
    return question


def _before(one: Enumeration) -> str:
    """Return what stands right before an enumeration: the heading, the clause that leads to it, how it begins."""
    return f"{one.above[-NEAR:]} {_CLAUSE.split(one.lead)[-1][-NEAR:]}{one.members[0][:END]}"


def _after(one: Enumeration) -> str:
    return f"{one.members[-1][-END:]}{_CLAUSE.split(one.tail)[0][:NEAR]}"


def _form(one: Enumeration, many: int | None) -> dict[str, float]:
    """Return what is measured of the members of an enumeration themselves."""
    number, lengths = len(one.members), [len(member) for member in one.members]
    usual = median(lengths)
    return {
        "off by": min(3.0, abs(number - many)) if many is not None else 0.0,
        "marked": float(one.marked),
        "number": log(number),
        "length": min(60.0, usual) / 20,
        "long": sum(length > LONGEST for length in lengths) / number,
        "uneven": min(3.0, max(lengths) / max(1.0, usual) - 1),
        "digits": sum(any(c.isdigit() for c in member) for member in one.members) / number,
        **{f"is {kind}": float(one.kind == kind) for kind in KINDS},
    }


def _ending(one: Enumeration, head: Wording) -> float:
    """Return the share of members that name the kind of thing asked for in their own words: companies, networks."""
    return sum(head.share(member) > 0 for member in one.members) / len(one.members)


def _in_parts(likeness: Likeness, text: str, others: Sequence[str]) -> list[float]:
    found = list[float]()
    for start in range(0, len(others), AT_ONCE):
        found += likeness(text, others[start : start + AT_ONCE])
    return found


@lru_cache(maxsize=1)
def weights() -> Mapping[str, float]:
    """Return the learned weight of each measure, and ``enough``: the sum from which an enumeration answers."""
    found: Mapping[str, float] = json.loads(files("search.answering").joinpath("fitting.json").read_text("utf-8"))
    return found


def fit(features: Features) -> float:
    """Return how well an enumeration fits, as the weighted sum of what was measured."""
    return total(weights(), features)


def total(learned: Mapping[str, float], features: Features) -> float:
    """Return the sum of what was measured, each by its learned weight; what was not learned counts nothing."""
    return sum(learned.get(name, 0.0) * value for name, value in features.items())
