"""Whether an answer is right: by what it says for numbers and names, by what it cites for texts.

An answer is the JSON object of ``GET /api/ask``, of which ``answered values items citations`` are read.
"""

import re
from collections.abc import Iterable, Mapping
from math import isclose
from typing import Any

from kg.reading.folding import compact
from search.evaluation.questions import Place, Question, place
from search.evaluation.ranks import is_found

Answer = Mapping[str, Any]

CITED = 3  # citations that are looked at
CLOSE = 1e-6  # relative difference of two values that are one
# Units that people use for one another: the unit that each stands for, and how many of those it is.
_TONNES, _WATTS = "tCO2e", "W"
_STANDS_FOR: Mapping[str | None, tuple[str, float]] = {
    "t": (_TONNES, 1),
    "tCO2": (_TONNES, 1),
    "Wp": (_WATTS, 1),
    "kWp": (_WATTS, 1e3),
    "MW": (_WATTS, 1e6),
    "kgce_per_t": ("other", 1),  # annotators had no code for it
}
_BARE = frozenset({"ratio", "count", "other", None})  # numbers of whatever, which people count as one another


def rightness(question: Question, answer: Answer) -> float:
    """Return how right an answer is, from 0 to 1; only lists can be partly right.

    ``lookup_number``: the first value and its unit are the annotated ones. ``compare``: every annotated value is among
    the values. ``list``: the share of the annotated names that are named. ``unanswerable``: nothing is answered. Any
    other kind: one of the first three citations shows a place of the question.
    """
    gold = question.answer
    if question.kind == "unanswerable":
        return float(not answer.get("answered"))
    if question.kind == "lookup_number":
        return float(bool(answer.get("answered")) and any(same_value(v, gold) for v in _first(answer)))
    if question.kind == "compare":
        wanted = [value for value in gold.get("values", ()) if isinstance(value.get("value"), int | float)]
        said = answer.get("values") or []
        return float(bool(wanted) and all(any(same_value(value, one) for value in said) for one in wanted))
    if question.kind == "list":
        return share_named(gold, answer.get("items") or (), bool(answer.get("read_from_text")))
    return float(any(is_found(cited, evidence) for cited in citations(answer) for evidence in question.evidence))


def same_value(said: Mapping[str, Any], meant: Mapping[str, Any]) -> bool:
    """Say whether two values with their units are one.

    >>> same_value({"value": 2, "unit": "MW"}, {"value": 2000, "unit": "kWp"})
    True
    >>> same_value({"value": 35, "unit": "percent"}, {"value": 35, "unit": "count"})
    False
    """
    written = {said.get("unit"), meant.get("unit")}
    units, factors = zip(*(_STANDS_FOR.get(v.get("unit"), (v.get("unit"), 1)) for v in (said, meant)), strict=True)
    if units[0] != units[1] and not written <= _BARE:
        return False
    try:
        one, other = (float(v["value"]) * factor for v, factor in zip((said, meant), factors, strict=True))
    except (TypeError, ValueError, KeyError):  # a range, a word, nothing
        return False
    return isclose(one, other, rel_tol=0, abs_tol=CLOSE * max(1.0, abs(other)))


def citations(answer: Answer) -> list[Place]:
    """Return the first three places that an answer cites."""
    return [place(cited) for cited in (answer.get("citations") or [])[:CITED]]


def _first(answer: Answer) -> list[Mapping[str, Any]]:
    """Return the values that count: the first, but as many as were read where the answer is a text of a few numbers."""
    values = answer.get("values") or []
    return list(values if answer.get("read_from_text") else values[:1])


def share_named(gold: Mapping[str, Any], items: Iterable[Any], within: bool = False) -> float:
    """Return the share of the annotated names that are among some names; ``within`` says that these are whole texts."""
    names = [name for name in map(_plain, items) if name]
    chinese = gold["items_zh"]
    pairs = [(_plain(zh), _plain(en)) for zh, en in zip(chinese, gold.get("items_en") or chinese, strict=False)]
    return sum(any(_names(name, zh, en, within) for name in names) for zh, en in pairs) / max(1, len(pairs))


def _names(name: str, chinese: str, english: str, within: bool) -> bool:
    """Say whether a name is the annotated one; ``within`` that it is a text, which may hold the English name too."""
    return name in chinese or chinese in name or name == english or (within and bool(english) and english in name)


def _plain(words: Any) -> str:
    """Return words without blanks and signs, in one script and case."""
    return re.sub(r"[\W_]+", "", compact(str(words or "")).text)
