"""The facts of a report as notes in the margin of the reader."""

from collections.abc import Iterable

from kg.model import Fact, NumberFact, Report, RiskFact
from web import addresses, numbers
from web.names import Names
from web.parts import Note, Phrase
from web.words import Words


def notes(facts: Iterable[Fact], names: Names, words: Words, report: Report) -> tuple[Note, ...]:
    """Return the notes of a report in the order of their quotes, numbered from 1."""
    ordered = sorted(facts, key=lambda fact: (fact.quote.start, fact.quote.end, fact.iri))
    return tuple(_note(i, fact, names, words, report) for i, fact in enumerate(ordered, 1))


def _note(number: int, fact: Fact, names: Names, words: Words, report: Report) -> Note:
    year = getattr(fact, "year", None)
    return Note(
        number=number,
        kind=words(f"kind.{fact.kind}"),
        name=names.fact(fact, report.language),
        value=_value(fact, names, report.language),
        year=str(year) if year else "",
        start=fact.quote.start,
        end=fact.quote.end,
        href=addresses.local(fact.iri) or "",
    )


def _value(fact: Fact, names: Names, language: str) -> Phrase:
    if isinstance(fact, NumberFact):
        return Phrase(numbers.brief(fact), language)
    if isinstance(fact, RiskFact) and fact.level:
        return Phrase(fact.level, language)
    return next(iter(names.details(fact)), Phrase(""))
