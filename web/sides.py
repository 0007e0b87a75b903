"""The figures that an answer compares as bars: those that are counted alike, one a company and year."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from kg.model import Fact, NumberFact
from search.studies.alike import single
from web import numbers
from web.names import Names
from web.studies.bars import Bar, bars, written


def compared(facts: Sequence[Fact], names: Names) -> Markup:
    """Return bars of the figures with the metric, unit, form and direction of the first; nothing for a single one."""
    figures = [fact for fact in facts if isinstance(fact, NumberFact)]
    if not figures:
        return Markup()
    alike = sorted(_alike(figures), key=lambda fact: (names.of(fact.company).text, fact.year or 0))
    companies = list(dict.fromkeys(fact.company for fact in alike))
    unit = numbers.unit_of(figures[0].unit, names.vocabulary, names.language)
    drawn = [
        Bar(
            names.of(fact.company).text,
            str(fact.year or ""),
            single(fact.value),
            numbers.SIGNS.get(fact.comparator, "") + written(single(fact.value), unit),
            companies.index(fact.company),
        )
        for fact in alike
    ]
    return bars(names.of(figures[0].metric).text, drawn)


def _alike(figures: Sequence[NumberFact]) -> Iterator[NumberFact]:
    """Yield the best figure of each company and year that is counted as the first one is."""
    seen = set()
    for fact in figures:
        if _kind(fact) == _kind(figures[0]) and (fact.company, fact.year) not in seen:
            seen.add((fact.company, fact.year))
            yield fact


def _kind(fact: NumberFact) -> tuple[str, str, str, str, str | None]:
    return fact.kind, fact.metric, fact.unit, fact.form, fact.direction
