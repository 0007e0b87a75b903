"""The promise tracker as a page and as rows."""

from collections import Counter
from collections.abc import Iterable, Iterator

from markupsafe import Markup

from search.studies.promises import (
    BEHIND,
    MISSED,
    ON_TRACK,
    OPEN,
    REACHED,
    UNDER_WAY,
    WITHIN,
    Promise,
    base_year,
    promises,
)
from web import addresses, numbers
from web.parts import Link, Page, Phrase
from web.studies.contexts import PromiseGroup, PromiseRow, TargetsContext
from web.studies.frames import Desk, query, study
from web.studies.timelines import Promised, timeline

STATUSES = (REACHED, WITHIN, ON_TRACK, UNDER_WAY, BEHIND, MISSED, OPEN)
COLUMNS: tuple[str, ...] = (
    "company",
    "metric",
    "subject",
    "promise",
    "unit",
    "form",
    "base",
    "due",
    "status",
    "share",
    "expected",
    "figures",
    "figure_years",
    "figure_facts",
    "report",
    "start",
    "end",
    "fact",
)


def tracked(desk: Desk, sparql: str) -> list[Promise]:
    """Return the promises of the chosen company or of all."""
    rows = [
        (desk.fact(row["target"]), desk.fact(row["later"]) if "later" in row else None) for row in desk.rows(sparql)
    ]
    return promises(rows, desk.library.vocabulary)


def targets_context(desk: Desk, page: Page) -> TargetsContext:
    """Return the promise tracker."""
    sparql = query(desk, "targets")
    found = tracked(desk, sparql)
    facts = [fact for promise in found for fact in (*promise.said, *promise.figures)]
    counts = Counter(promise.status for promise in found)
    return TargetsContext(
        page=page,
        study=study(desk, "targets", facts, sparql),
        groups=tuple(_groups(desk, found)),
        chart=_timeline(desk, found),
        counts=tuple((name, desk.words(f"promise.{name}"), counts[name]) for name in STATUSES if counts[name]),
    )


def _groups(desk: Desk, found: list[Promise]) -> Iterator[PromiseGroup]:
    for iri in desk.reporting():
        own = _in_order(promise for promise in found if promise.target.company == iri)
        if own:
            yield PromiseGroup(desk.company_link(iri), tuple(_row(desk, promise) for promise in own))


def _in_order(found: Iterable[Promise]) -> list[Promise]:
    """Return promises, those that most is known of first."""
    return sorted(found, key=lambda promise: (STATUSES.index(promise.status), promise.target.year or 9999))


def targets_drawing(desk: Desk) -> Markup:
    """Return all promises with a due year on a line of years."""
    return _timeline(desk, tracked(desk, query(desk, "targets")), every=True)


def _timeline(desk: Desk, found: list[Promise], every: bool = False) -> Markup:
    """Return the promises that a later figure tells of, or ``every`` one, on a line of years."""
    dated = [promise for promise in _in_order(found) if promise.target.year and (every or promise.figures)]
    return timeline(desk.words("studies.targets"), [_promised(desk, promise) for promise in dated])


def _promised(desk: Desk, promise: Promise) -> Promised:
    target = promise.target
    report = desk.library.reports[target.report]
    due = target.year or report.year
    since = base_year(target, desk.library.vocabulary) or report.year
    about = (desk.names.of(target.company), desk.names.fact(target, report.language))
    name = f"{' '.join(part.text for part in about)} {numbers.brief(target)}"
    status = desk.words(f"promise.{promise.status}")
    share = "" if promise.share is None or promise.status == REACHED else f" {round(100 * promise.share)}%"
    return Promised(name, min(since, due), due, promise.status, f"{status}{share}", promise.share)


def _row(desk: Desk, promise: Promise) -> PromiseRow:
    target = promise.target
    figure = desk.evidence.figure(0, target)
    return PromiseRow(
        metric=Link(figure.metric, addresses.local(target.metric)),
        about=tuple(_about(desk, promise)),
        promise=figure,
        base=target.baseline or "",
        due=str(target.year or ""),
        status=promise.status,
        said=desk.words(f"promise.{promise.status}"),
        share=None if promise.share is None else round(100 * promise.share),
        expected=None if promise.expected is None else round(100 * promise.expected),
        figures=tuple(desk.evidence.figure(0, fact) for fact in promise.figures),
        places=tuple(desk.place(fact.report, fact.quote) for fact in promise.said[1:]),
    )


def _about(desk: Desk, promise: Promise) -> Iterator[Phrase]:
    """Yield what the promise is about where that is not the whole company, and how it is counted."""
    target = promise.target
    company = {label.text for label in desk.library.vocabulary.concept(target.company).labels}
    if target.subject not in company:
        yield Phrase(target.subject, desk.library.reports[target.report].language)
    if target.form == "cumulative":
        yield Phrase(desk.words("form.cumulative"), desk.words.language)


def target_rows(desk: Desk) -> Iterator[tuple[object, ...]]:
    """Yield the promises as rows of ``COLUMNS``; shares are fractions, several figures stand in one cell."""
    for promise in tracked(desk, query(desk, "targets")):
        target = promise.target
        years = sorted({fact.year for fact in promise.figures if fact.year})
        yield (
            desk.names.of(target.company).text,
            desk.names.fact(target, desk.library.reports[target.report].language).text,
            target.subject,
            numbers.shown(target.value),
            desk.library.vocabulary.concept(target.unit).notation,
            target.form,
            target.baseline,
            target.year,
            promise.status,
            promise.share,
            promise.expected,
            " ".join(numbers.shown(fact.value) for fact in promise.figures),
            " ".join(map(str, years)),
            " ".join(fact.iri for fact in promise.figures),
            target.report,
            target.quote.start,
            target.quote.end,
            target.iri,
        )
