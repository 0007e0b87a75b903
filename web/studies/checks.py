"""Claims and their verdicts: as a page, as JSON, as lines of text."""

from collections.abc import Iterable, Iterator
from typing import Any

from kg.model import NumberFact
from search.facts import Facts, Wanted
from search.seeking import Sought
from search.studies.claims import Check, Checked, check
from web import addresses, numbers
from web.parts import Link, Page, Phrase
from web.studies.contexts import CheckContext, CheckedNumber
from web.studies.frames import Desk
from web.words import Words, words_for

ALL = 2000  # figures that a claim is held against in 50 ms; a metric of a large collection has a hundred thousand
SOUGHT = 60  # facts that a search names as near to a claim


def checked(text: str, library: Any) -> Check:
    """Check a sentence against the numbers of the library."""
    near = {found.iri: found.score for found in library.sought(Sought("facts", text, SOUGHT))}
    newest = max((report.year for report in library.reports.values()), default=0)
    return check(text, lambda claim: held_against(claim, near, library), library.vocabulary, near, newest)


def held_against(claim: NumberFact, near: Iterable[str], library: Any) -> Iterator[NumberFact]:
    """Yield the figures that can speak for or against a claim: those of its metric and unit, and what a search names.

    Of more than ``ALL`` these are those of the claim's company.
    """
    told: Facts = library.told
    places = told.where(metric={claim.metric}, unit={claim.unit})
    if len(places) > ALL:
        places = told.within(places, company={claim.company})[:ALL]
    found = {fact.iri: fact for fact in (*told.at(places), *map(library.fact, near))}
    return (fact for fact in found.values() if isinstance(fact, NumberFact))


def check_context(desk: Desk, page: Page, text: str) -> CheckContext:
    """Return the page of a claim, or the empty form."""
    found = checked(text, desk.library) if text else None
    numbers_ = tuple(_number(desk, one, found.language) for one in found.numbers) if found else ()
    hints = tuple(said(found, desk.words)) if found else ()
    example = _example(desk) if hints or not found else None
    return CheckContext(page, text, found.verdict if found else "", numbers_, hints, example)


def said(found: Check, words: Words) -> Iterator[str]:
    """Yield what would help where the reports could not tell, in the language of the words."""
    for name in found.hints:
        yield words(f"hint.{name}")


def _example(desk: Desk) -> Link | None:
    """Return a sentence that can be checked, made of a number of a company in a year; none where there is none."""
    plain = (
        fact
        for fact in desk.library.told.figures(Wanted())
        if fact.year
        and not fact.baseline
        and fact.scope == "company"
        and (fact.form, fact.kind) == ("level", "observation")
    )
    first = next((fact for fact in plain if _adds_up(desk, fact)), None)
    if first is None:
        return None
    sentence = desk.library.sentence(first, desk.words.language)
    return Link(Phrase(sentence, desk.words.language), addresses.with_query("/check", text=sentence))


def _adds_up(desk: Desk, fact: NumberFact) -> bool:
    """Say whether a number adds up over a year and has a unit (energy, tonnes): such ones read well in a sentence."""
    metric = desk.library.vocabulary.concept(fact.metric)
    plain = metric.value("flow") == "true" and not metric.is_a("CatchAllMetric")
    return plain and not fact.unit.endswith("/count")


def _number(desk: Desk, one: Checked, language: str) -> CheckedNumber:
    claim = one.claim
    shown = one.evidence or one.nearest
    return CheckedNumber(
        written=Phrase(numbers.brief(claim), language),
        about=desk.names.fact(claim, language),
        verdict=one.verdict,
        differs=tuple(desk.words(f"differs.{name}") for name in one.differs),
        cards=tuple(desk.evidence.card(i, fact) for i, fact in enumerate(shown, 1)),
    )


def check_json(found: Check, library: Any) -> dict[str, Any]:
    """Return a check as the JSON of ``POST /api/check``."""
    numbers_ = [_json(one, library) for one in found.numbers]
    return {"text": found.text, "verdict": found.verdict, "numbers": numbers_, "hints": [*found.hints]}


def _json(one: Checked, library: Any) -> dict[str, Any]:
    claim = one.claim
    unit = library.vocabulary.concept(claim.unit).notation
    return {
        "start": claim.quote.start,
        "end": claim.quote.end,
        "written": claim.as_written,
        "value": claim.value,
        "unit": unit,
        "metric": claim.metric,
        "verdict": one.verdict,
        "evidence": [library.fact_line(fact) for fact in one.evidence],
        "nearest": [library.fact_line(fact) for fact in one.nearest],
        "differs": list(one.differs),
    }


def lines(found: Check, library: Any) -> Iterator[str]:
    """Yield a check as lines of text, in the language of the sentence: the verdict, then each number with its evidence.

    The verdict's name, for programs, stands first.
    """
    words = words_for(found.language)
    yield f"{found.verdict}: {words(f'verdict.{found.verdict}')}"
    for one in found.numbers:
        differs = ", ".join(words(f"differs.{name}") for name in one.differs)
        yield f"  {one.claim.as_written}: {words(f'verdict.{one.verdict}')}"
        if differs:
            yield f"    {words('studies.differs')} {differs}"
        for fact in one.evidence or one.nearest:
            quote = " ".join(fact.quote.of(library.reports[fact.report].text).split())
            yield f"    [{fact.report} {fact.quote.start}-{fact.quote.end}] {quote}"
    yield from said(found, words)
