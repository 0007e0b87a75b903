"""What a fact has to be of to answer a question for a number, strictest first, one condition relaxed at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg.model import NumberFact, Report
from kg.vocabulary import Vocabulary
from search.answering.asked import broader, kinds_of
from search.answering.understanding import Understanding


@dataclass(frozen=True, slots=True)
class Conditions:
    """What is asked of a fact; an empty set asks nothing.

    ``metrics`` are IRIs, ``units`` codes, ``words`` the units in the text's own words (those for people), ``set_in``
    years of the report. ``relaxed`` names the conditions of the question that were given up; ``exact`` says whether a
    fact that fits can answer: what fits only without its year is no more than the nearest there is.
    """

    companies: frozenset[str] = frozenset()
    metrics: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    years: tuple[int, ...] = ()
    set_in: tuple[int, ...] = ()
    relaxed: tuple[str, ...] = ()
    exact: bool = True

    def met_by(self, fact: NumberFact, report: Report, vocabulary: Vocabulary) -> bool:
        """Say whether a fact meets the conditions, just as the SPARQL of :mod:`search.answering.queries` does."""
        return (
            (not self.companies or fact.company in self.companies)
            and (not self.metrics or fact.metric in self.metrics)
            and (not self.units or vocabulary.concept(fact.unit).notation in self.units)
            and (not self.words or fact.unit_text in self.words)
            and (not self.set_in or report.year in self.set_in)
            and (not self.years or self._in_years(fact, report))
        )

    def _in_years(self, fact: NumberFact, report: Report) -> bool:
        if fact.year is not None:
            return fact.year in self.years
        return report.year in self.years or report.year - 1 in self.years


def ladder(understanding: Understanding, vocabulary: Vocabulary) -> Iterator[Conditions]:
    """Yield the conditions of a question, all of them first, then fewer; the years are given up last."""
    strict = _all(understanding, vocabulary)
    seen = [strict]
    yield strict
    for metrics, units, years in (
        ("", "unit", ""),
        ("broader", "", ""),
        ("metric", "", ""),
        ("metric", "unit", ""),
        ("", "", "year"),
        ("", "unit", "year"),
        ("metric", "", "year"),
        ("metric", "unit", "year"),
    ):
        wider = _wider(strict, metrics, units, years, vocabulary)
        if not any(replace(wider, relaxed=(), exact=True) == replace(each, relaxed=(), exact=True) for each in seen):
            seen.append(wider)
            yield wider


def _all(understanding: Understanding, vocabulary: Vocabulary) -> Conditions:
    asked = understanding.asked if understanding.sure else ()
    compared = understanding.shape == "comparison"  # may name a year for one side only
    return Conditions(
        companies=frozenset(company.iri for company in understanding.companies),
        metrics=frozenset(kinds_of(asked, vocabulary)),
        units=understanding.units,
        words=_people(understanding.counter, vocabulary),
        years=() if compared else understanding.years,
        set_in=understanding.set_in,
    )


def _people(counter: str, vocabulary: Vocabulary) -> frozenset[str]:
    """Return the words for people that a number may stand with, where the question counts people."""
    for concept in vocabulary.of_type("Classifier"):
        if counter and concept.values("people") and any(label.text == counter for label in concept.labels):
            return frozenset(label.text for label in concept.labels)
    return frozenset()


def _wider(strict: Conditions, metrics: str, units: str, years: str, vocabulary: Vocabulary) -> Conditions:
    above = strict.metrics | broader(strict.metrics, vocabulary)
    wider = replace(
        strict,
        metrics={"": strict.metrics, "broader": frozenset(above), "metric": frozenset()}[metrics],
        units=frozenset() if units else strict.units,
        words=frozenset() if units else strict.words,
        years=() if years else strict.years,
        set_in=() if years else strict.set_in,
        exact=not years,
    )
    given_up = (
        ("metric", not wider.metrics and bool(strict.metrics)),
        ("broader", bool(wider.metrics) and wider.metrics != strict.metrics),
        ("unit", (wider.units, wider.words) != (strict.units, strict.words)),
        ("year", (wider.years, wider.set_in) != (strict.years, strict.set_in)),
    )
    return replace(wider, relaxed=tuple(name for name, gone in given_up if gone))
