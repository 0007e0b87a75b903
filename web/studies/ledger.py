"""The ledger of figures that differ, as a page and as rows."""

from collections.abc import Iterator

from markupsafe import Markup

from kg.model import NumberFact
from kg.terms import IRI
from search.studies.alike import single
from search.studies.ledger import AGREEMENT, Entry, entries, pairs
from web import addresses, numbers
from web.parts import Card, Link, Page, Phrase
from web.studies.bars import Bar, pairwise
from web.studies.contexts import Agreed, LedgerContext, LedgerRow
from web.studies.frames import Desk, query, study

SHOWN = 100  # entries of a page; all are in its rows
COLUMNS: tuple[str, ...] = (
    "kind",
    "metric",
    "ratio",
    "company_1",
    "year_1",
    "figure_1",
    "report_1",
    "fact_1",
    "company_2",
    "year_2",
    "figure_2",
    "report_2",
    "fact_2",
)


def _entries(desk: Desk, sparql: str) -> list[Entry]:
    groups = (
        tuple([desk.fact(IRI(iri)) for iri in str(row[side]).split()] for side in ("ones", "others"))
        for row in desk.rows(sparql)
    )
    return entries(pairs(groups), desk.library.vocabulary)


def ledger_context(desk: Desk, page: Page) -> LedgerContext:
    """Return the ledger."""
    sparql = query(desk, "ledger")
    found = _entries(desk, sparql)
    differing = [entry for entry in found if entry.kind != AGREEMENT]
    agreeing = [entry for entry in found if entry.kind == AGREEMENT]
    shown = (*differing[:SHOWN], *agreeing[:SHOWN])
    return LedgerContext(
        page=page,
        study=study(desk, "ledger", [fact for entry in shown for fact in _facts(entry)], sparql),
        rows=tuple(_rows(desk, differing[:SHOWN])),
        more=max(0, len(differing) - SHOWN),
        agreed=tuple(_agreed(desk, entry) for entry in agreeing[:SHOWN]),
        agreements=len(agreeing),
    )


def _facts(entry: Entry) -> tuple[NumberFact, ...]:
    return (entry.first, entry.second, *entry.again)


def _agreed(desk: Desk, entry: Entry) -> Agreed:
    """Return figures that agree, on one line."""
    first = entry.first
    return Agreed(
        metric=Link(desk.names.of(first.metric), addresses.local(first.metric)),
        company=desk.names.of(first.company),
        year=str(first.year or ""),
        places=tuple(_figure(desk, fact) for fact in _facts(entry)),
    )


def _figure(desk: Desk, fact: NumberFact) -> Link:
    report = desk.library.reports[fact.report]
    where = addresses.reader(report.id, fact.quote.start, fact.quote.end)
    return Link(Phrase(numbers.brief(fact), report.language), where)


def _rows(desk: Desk, found: list[Entry]) -> Iterator[LedgerRow]:
    for entry in found:
        cards: tuple[Card, Card] = (desk.evidence.card(0, entry.first), desk.evidence.card(0, entry.second))
        yield LedgerRow(
            kind=entry.kind,
            title=desk.words(f"ledger.{entry.kind}"),
            metric=Link(desk.names.of(entry.first.metric), addresses.local(entry.first.metric)),
            ratio="" if entry.ratio is None else f"\u00d7{numbers.grouped(float(f'{entry.ratio:.3g}'))}",
            cards=cards,
            places=tuple(desk.place(fact.report, fact.quote) for fact in entry.again),
        )


def ledger_drawing(desk: Desk) -> Markup:
    """Return the two figures of each entry as bars on a scale of their own."""
    found = _entries(desk, query(desk, "ledger"))[:SHOWN]
    drawn = [
        (
            f"{desk.names.of(entry.first.metric).text} \u00b7 {desk.words(f'ledger.{entry.kind}')}",
            [_bar(desk, entry.first, 0), _bar(desk, entry.second, 1)],
        )
        for entry in found
    ]
    return pairwise(desk.words("studies.ledger"), drawn)


def _bar(desk: Desk, fact: NumberFact, shade: int) -> Bar:
    name = desk.names.of(fact.company).text
    return Bar(name, str(fact.year or ""), abs(single(fact.value)), numbers.brief(fact), shade)


def ledger_rows(desk: Desk) -> Iterator[tuple[object, ...]]:
    """Yield the entries as rows of ``COLUMNS``."""
    for entry in _entries(desk, query(desk, "ledger")):
        sides: list[object] = []
        for fact in (entry.first, entry.second):
            name = desk.names.of(fact.company).text
            sides += [name, fact.year, fact.as_written, fact.report, fact.iri]
        yield (entry.kind, desk.names.of(entry.first.metric).text, entry.ratio, *sides)
