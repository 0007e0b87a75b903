"""What a question leaves open: the metrics, companies and years that its number could be of, to be chosen from.

A question is answered with the likeliest of them at once, and what else it could have meant stands beside the answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from kg.model import NumberFact, Observation, Target
from kg.vocabulary import Vocabulary
from search.answering.answer import Answer
from search.answering.asked import narrower
from search.facts import Facts, Places

MOST = 6  # of each that are offered; more is a list to search, and the form beside it has all
CATCH_ALL = "CatchAllMetric"


@dataclass(frozen=True, slots=True)
class Open:
    """The IRIs of metrics and companies, and the years; empty where the question leaves nothing open."""

    metrics: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    years: tuple[int, ...] = ()


def left_open(answer: Answer, facts: Facts, vocabulary: Vocabulary) -> Open:
    """Return what a question for a number does not say and more than one figure could fill."""
    asked = answer.understanding
    if asked.shape != "number" or not (asked.asked or asked.units):
        return Open()
    fitting = _fitting(answer, facts, vocabulary)
    first = next((fact for fact in answer.facts if isinstance(fact, NumberFact)), None)
    metric = first.metric if first else ""
    own = facts.within(fitting, metric={metric})
    exact = any(concept.iri == metric for concept in asked.asked)
    company = asked.companies[0].iri if asked.companies else first.company if first else ""
    named = facts.tally("metric", facts.within(fitting, unit={first.unit if first else ""}))
    return Open(
        metrics=() if exact else _several(iri for iri, _ in named if not vocabulary.concept(iri).is_a(CATCH_ALL)),
        companies=() if asked.companies else _several(iri for iri, _ in facts.tally("company", own)),
        years=() if asked.years else _latest(facts.years(facts.within(own, company={company}))),
    )


def _fitting(answer: Answer, facts: Facts, vocabulary: Vocabulary) -> Places:
    """Return the figures of what the question says: its companies, years, metrics or those below, its units."""
    asked = answer.understanding
    metrics, units = None, None
    if asked.asked:
        wanted = {concept.iri for concept in asked.asked}
        metrics = narrower(wanted, vocabulary) | wanted
    else:
        units = {unit.iri for unit in vocabulary.of_type("Unit", "CompositeUnit") if unit.notation in asked.units}
    return facts.where(
        years=asked.years or None,
        kind=asked.kinds & {Observation.kind, Target.kind},
        company={concept.iri for concept in asked.companies} or None,
        metric=metrics,
        unit=units,
    )


def _several(found: Iterable[str]) -> tuple[str, ...]:
    """Return the first of things, none where there is but one."""
    counted = tuple(islice(found, MOST))
    return counted if len(counted) > 1 else ()


def _latest(found: Iterable[int]) -> tuple[int, ...]:
    years = sorted(set(found), reverse=True)[:MOST]
    return tuple(years) if len(years) > 1 else ()
