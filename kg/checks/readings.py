"""What is read from the text of an example: for each type of concept the code that reads it in reports."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kg import ids
from kg.extraction import technologies
from kg.extraction.numbers import observations
from kg.extraction.risks import facts as risks
from kg.extraction.risks.ratings import rating_words
from kg.model import Number, NumberFact, Report, RiskFact, Target, Technology
from kg.periods import periods
from kg.quantities import grammar, plain
from kg.reading.blocks import read_blocks
from kg.reading.folding import compact
from kg.terms import plain as digits
from kg.triples import horizons
from kg.vocabulary import Concept, Matcher, Vocabulary

YEAR = 2023  # the year that the examples' report speaks of
_WORDS = ("Numeral", "Multiplier", "Denominator", "QuantityWord")


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing read from a text: ``signs`` are what was recognised, ``shown`` the number as an example states it."""

    signs: frozenset[str]
    shown: str = ""


Reader = Callable[[Report, Vocabulary], Iterator[Reading]]


def example_report(text: str, language: str) -> Report:
    """Return a report of China Mobile that consists of an example."""
    return Report("example", text, language, f"{ids.BASE}org/china-mobile", YEAR, {}, "")


def numbers(report: Report, vocabulary: Vocabulary) -> Iterator[Reading]:
    """Yield the number facts of a text."""
    for fact in observations.extract(read_blocks(report), vocabulary):
        if isinstance(fact, NumberFact):
            metric = vocabulary.concept(fact.metric)
            signs = {metric.iri, fact.unit, fact.scope, fact.form, fact.comparator, *metric.values("accounting")}
            signs |= {*metric.values("emissionScope"), "target" if isinstance(fact, Target) else "reported"}
            signs |= {sign for sign in (fact.direction or "to", fact.aggregation) if sign}
            low, high = fact.value if isinstance(fact.value, tuple) else (fact.value, None)
            yield Reading(frozenset(signs), shown(fact.comparator, low, high, fact.unit))


def quantities(report: Report, vocabulary: Vocabulary) -> Iterator[Reading]:
    """Yield the quantities of a text, whatever they are of."""
    folded = compact(report.text)
    words = list(_words(vocabulary).all_folded(folded))
    for quantity in grammar(vocabulary).find(folded.text):
        measure = quantity.measure
        signs = {quantity.comparator} | ({"range"} if quantity.high is not None else set())
        if measure:
            signs |= {measure.unit.iri, measure.written.iri}
        inside = (word for word in words if quantity.start <= word.start and word.end <= quantity.end)
        signs |= {concept.iri for word in inside for concept in word.concepts}
        high = None if quantity.high is None else plain(quantity.high)
        unit = measure.unit.iri if measure else ""
        yield Reading(frozenset(signs), shown(quantity.comparator, plain(quantity.low), high, unit))


def shown(comparator: str, low: Number, high: Number | None, unit: str) -> str:
    """Return a number as examples state it.

    >>> shown("=", 7748000, None, "https://w3id.org/tantu/unit/tce"), shown(">=", 2, 9.5, "")
    ('7748000 tce', '>= 2..9.5')
    """
    ends = [end if isinstance(end, int) else digits(end) for end in (low, high) if end is not None]
    number = "..".join(map(str, ends))
    sign = "" if comparator == "=" else comparator
    return " ".join(part for part in (sign, number, unit.rsplit("/", 1)[-1]) if part)


def spans_of_years(report: Report, vocabulary: Vocabulary) -> Iterator[Reading]:
    """Yield the periods of a text."""
    for period in periods(vocabulary).find(compact(report.text)):
        years = f"{period.years[0]}..{period.years[-1]}" if period.years else ""
        yield Reading(frozenset({period.named} if period.named else ()), years)


def categories(report: Report, vocabulary: Vocabulary) -> Iterator[Reading]:
    """Yield the risks and opportunities of a text."""
    for fact in risks.extract(read_blocks(report), vocabulary):
        if isinstance(fact, RiskFact):
            yield Reading(frozenset(fact.categories))


def levels(report: Report, vocabulary: Vocabulary) -> Iterator[Reading]:
    """Yield the level that a cell names."""
    if level := rating_words(vocabulary).level_of(report.text):
        yield Reading(frozenset({level}))


def horizons_of(report: Report, vocabulary: Vocabulary) -> Iterator[Reading]:
    """Yield the horizons that a cell names."""
    found = horizons(report.text, vocabulary)
    if found:
        yield Reading(frozenset(found))


def mentions(report: Report, vocabulary: Vocabulary) -> Iterator[Reading]:
    """Yield the technologies of a text."""
    for fact in technologies.extract(read_blocks(report), vocabulary):
        if isinstance(fact, Technology) and fact.technology:
            yield Reading(frozenset({fact.technology}))


@lru_cache(maxsize=4)
def _words(vocabulary: Vocabulary) -> Matcher:
    return vocabulary.matcher(*_WORDS)


def _iri(concept: Concept) -> str:
    return concept.iri


def _notation(concept: Concept) -> str:
    return concept.notation or ""


def _modality(concept: Concept) -> str:
    """Return the sign of a modality: a number that is only expected, for no year to come, is not promised."""
    return "target" if concept.notation == "target" else "reported"


def _range(concept: Concept) -> str:
    return "range"


READERS: Mapping[str, tuple[Reader, Callable[[Concept], str]]] = {
    "Metric": (numbers, _iri),
    "Unit": (quantities, _iri),
    "Classifier": (quantities, _iri),
    "Numeral": (quantities, _iri),
    "Multiplier": (quantities, _iri),
    "Denominator": (quantities, _iri),
    "QuantityWord": (quantities, _iri),
    "Comparator": (numbers, _notation),
    "RangeMark": (quantities, _range),
    "Direction": (numbers, _notation),
    "Form": (numbers, _notation),
    "Aggregation": (numbers, _notation),
    "Modality": (numbers, _modality),
    "Scope": (numbers, _notation),
    "Accounting": (numbers, _iri),
    "EmissionScope": (numbers, _iri),
    "PeriodName": (spans_of_years, _iri),
    "RiskCategory": (categories, _iri),
    "OpportunityCategory": (categories, _iri),
    "RiskLevel": (levels, _iri),
    "Horizon": (horizons_of, _iri),
    "Technology": (mentions, _iri),
}
"""What reads the examples of each type, and the sign by which a concept of the type is recognised in a reading."""
