"""Claims and their verdicts: as a page, as JSON, as lines of text."""

from collections.abc import Iterator
from typing import Any

from search.seeking import Sought
from search.studies.claims import Check, Checked, check
from web import numbers
from web.parts import Page, Phrase
from web.studies.contexts import CheckContext, CheckedNumber
from web.studies.frames import Desk

SOUGHT = 60  # facts that a search names as near to a claim


def checked(text: str, library: Any) -> Check:
    """Check a sentence against the numbers of the library."""
    near = {found.iri: found.score for found in library.sought(Sought("facts", text, SOUGHT))}
    newest = max((report.year for report in library.reports.values()), default=0)
    return check(text, library.figures, library.vocabulary, near, newest)


def check_context(desk: Desk, page: Page, text: str) -> CheckContext:
    """Return the page of a claim, or the empty form."""
    found = checked(text, desk.library) if text else None
    numbers_ = tuple(_number(desk, one, found.language) for one in found.numbers) if found else ()
    return CheckContext(page, text, found.verdict if found else "", numbers_)


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
    return {"text": found.text, "verdict": found.verdict, "numbers": [_json(one, library) for one in found.numbers]}


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
    """Yield a check as lines of text: the verdict, then each number with its evidence."""
    yield found.verdict
    for one in found.numbers:
        yield f"  {one.verdict}: {one.claim.as_written}"
        for fact in one.evidence or one.nearest:
            quote = " ".join(fact.quote.of(library.reports[fact.report].text).split())
            yield f"    [{fact.report} {fact.quote.start}-{fact.quote.end}] {quote}"
