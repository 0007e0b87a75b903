"""How well a number fits a question: what is measured of the two, and the weights that were learned for it.

``weighing.json`` holds two sets of weights by name, learned by ``python -m bench.choosing`` from the questions of
``bench/``: those of a choice among the numbers of one question (a softmax of their sums), and those of how likely the
number that is chosen is the one meant (a logistic function of its sum).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import exp

from search.answering.conditions import Conditions, ladder
from search.answering.drafting import Sources
from search.answering.fitting import Features, naming, total
from search.answering.judged import Judged
from search.answering.judging import ABOVE, NAMED, NEAR, OTHER, SAME
from search.answering.understanding import Understanding

RELATIONS = {SAME: "same", NAMED: "named", ABOVE: "above", NEAR: "near", OTHER: "other"}
CHOICE, ANSWER = "choice", "answer"


@dataclass(frozen=True, slots=True)
class Weighed:
    """A number with how well it fits, what was measured of it, and how likely it is the one meant if it fits best."""

    judged: Judged
    fit: float
    features: Features
    likely: float


def weighed(found: Sequence[Judged], best: float, understanding: Understanding, sources: Sources) -> list[Weighed]:
    """Return numbers, those that fit best first; ``best`` is the rank of the first that was found."""
    features = measured(found, best, understanding, sources)
    fits = [total(weights(CHOICE), each) for each in features]
    order = sorted(range(len(found)), key=lambda i: -fits[i])
    second = fits[order[1]] if len(order) > 1 else fits[order[0]]
    return [Weighed(found[i], fits[i], features[i], likelihood(features[i], fits[i], fits[i] - second)) for i in order]


def likelihood(features: Features, fit: float, margin: float) -> float:
    """Return how likely a number is the one meant; ``margin`` says how much better it fits than the second."""
    return 1 / (1 + exp(-total(weights(ANSWER), {**features, "fit": fit, "margin": margin, "bias": 1.0})))


def measured(found: Sequence[Judged], best: float, understanding: Understanding, sources: Sources) -> list[Features]:
    """Return what is measured of numbers."""
    asked = naming(understanding)
    readings = [sources.readings.fact(each.fact) for each in found]
    columns = {
        "said own": sources.aligned(asked, [reading.told for reading in readings]),
        "said clause": sources.aligned(asked, [reading.clause for reading in readings]),
        "said sentence": sources.aligned(asked, [reading.said for reading in readings]),
        "said beside": sources.aligned(asked, [reading.beside for reading in readings]),
        "like own": sources.likeness(asked, [reading.told for reading in readings]),
        "like clause": sources.likeness(asked, [reading.clause for reading in readings]),
    }
    strict = next(ladder(understanding, sources.vocabulary))
    return [
        {name: column[i] for name, column in columns.items()}
        | {"rank": each.rank, "behind": each.rank - best}
        | _of_verdict(each, understanding)
        | _of_unit(each, understanding, strict, sources)
        | _of_time(each, understanding, sources)
        | _of_kind(each, understanding)
        for i, each in enumerate(found)
    ]


def _of_verdict(each: Judged, understanding: Understanding) -> dict[str, float]:
    verdict, sure = each.verdict, understanding.sure
    return {
        "worded own": verdict.own,
        "worded around": verdict.around,
        "placed": float(verdict.placed and bool(understanding.places)),
        "counted": float(verdict.counted),
        "headless": float(not verdict.headed and verdict.relation not in (SAME, NAMED)),
        "fitting": float(verdict.fitting and bool(understanding.asked)),
        "surely same": float(sure and verdict.relation == SAME),
        "surely above": float(sure and verdict.relation == ABOVE),
        "surely other": float(sure and verdict.relation in (NEAR, OTHER)),
        **{f"is {name}": float(verdict.relation == value) for value, name in RELATIONS.items()},
    }


def _of_unit(each: Judged, understanding: Understanding, strict: Conditions, sources: Sources) -> dict[str, float]:
    unit, units = sources.vocabulary.concept(each.fact.unit).notation or "", understanding.units
    counted = each.fact.unit_text in strict.words
    return {
        "unit": float(unit in units),
        "other unit": float(bool(units) and unit not in units),
        "counter": float(bool(strict.words) and counted),
        "other counter": float(bool(strict.words) and not counted),
        "is count": float(unit == "count" and not units),
        "is percent": float(unit == "percent" and not units),
    }


def _of_time(each: Judged, understanding: Understanding, sources: Sources) -> dict[str, float]:
    years, year, report = understanding.years, each.fact.year, sources.reports[each.fact.report].year
    return {
        "year": float(year in years),
        "other year": float(bool(years) and year is not None and year not in years),
        "undated": float(bool(years) and year is None),
        "report": float(report in years),
    }


def _of_kind(each: Judged, understanding: Understanding) -> dict[str, float]:
    fact, promised = each.fact, understanding.kinds == {"target"}
    target, change, total = fact.kind == "target", fact.form == "change", fact.form == "cumulative"
    return {
        "whole": float(fact.scope == "company" and not understanding.places),
        "other's": float(fact.scope == "other"),
        "target": float(target and not promised),
        "target asked": float(target and promised),
        "change": float(change and not understanding.changed),
        "change asked": float(change and understanding.changed),
        "total": float(total and not understanding.cumulative and not understanding.years),
        "total of a year": float(total and not understanding.cumulative and bool(understanding.years)),
        "total asked": float(total and understanding.cumulative),
    }


@lru_cache(maxsize=2)
def weights(name: str) -> Mapping[str, float]:
    """Return learned weights: those of the choice, or those of how likely it is right, with their ``bias``."""
    found: Mapping[str, Mapping[str, float]] = json.loads(
        files("search.answering").joinpath("weighing.json").read_text("utf-8")
    )
    return found[name]
