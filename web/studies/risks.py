"""The matrix of climate risks and opportunities by category and company."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from markupsafe import Markup

from kg.model import RiskFact
from kg.vocabulary import Concept
from web import addresses
from web.parts import Link, Page, Phrase
from web.studies.contexts import RiskCell, RiskLine, RisksContext
from web.studies.frames import Desk, nested, query, study
from web.studies.grids import GridRow, Point, grid

COLUMNS = ("category", "company", "risk", "level", "horizon", "responses", "report", "start", "end", "fact")
Found = Mapping[tuple[str, str], list[RiskFact]]


def _found(desk: Desk, sparql: str) -> Found:
    """Return the risks by category and company."""
    found: dict[tuple[str, str], list[RiskFact]] = defaultdict(list)
    for row in desk.rows(sparql):
        found[str(row["category"]), str(row["company"])].append(desk.fact(row["fact"]))
    return found


def risks_context(desk: Desk, page: Page) -> RisksContext:
    """Return the matrix; a company without risks has an empty column."""
    sparql = query(desk, "risks")
    found, companies = _found(desk, sparql), desk.chosen()
    facts = [fact for own in found.values() for fact in own]
    return RisksContext(
        page=page,
        study=study(desk, "risks", facts, sparql),
        companies=tuple(map(desk.company_link, companies)),
        lines=tuple(_lines(desk, found, companies)),
    )


def _categories(desk: Desk, found: Found, companies: list[str]) -> Iterator[tuple[Concept, int]]:
    """Yield the categories that have risks, and those above them, with their depth."""
    concepts = list(desk.library.vocabulary.of_type("RiskCategory", "OpportunityCategory"))
    for concept, depth in nested(concepts):
        heads = any(concept.iri in other.broader for other in concepts)
        if heads or any((concept.iri, iri) in found for iri in companies):
            yield concept, depth


def _lines(desk: Desk, found: Found, companies: list[str]) -> Iterator[RiskLine]:
    for concept, depth in _categories(desk, found, companies):
        cells = tuple(tuple(_cell(desk, fact) for fact in found.get((concept.iri, iri), ())) for iri in companies)
        yield RiskLine(Link(desk.names.concept(concept), addresses.local(concept.iri)), depth, cells)


def risks_drawing(desk: Desk) -> Markup:
    """Return how many risks and opportunities of each category a company has, as a matrix of points."""
    found, companies = _found(desk, query(desk, "risks")), desk.chosen()
    rows = []
    for concept, depth in _categories(desk, found, companies):
        counts = (len(found.get((concept.iri, iri), ())) for iri in companies)
        points = tuple(Point("full", count) if count else None for count in counts)
        rows.append(GridRow(desk.names.concept(concept).text, points, depth))
    return grid(desk.words("studies.risks"), [desk.names.of(iri).text for iri in companies], rows)


def _cell(desk: Desk, fact: RiskFact) -> RiskCell:
    report = desk.library.reports[fact.report]
    statement = Phrase(fact.name, report.language)
    return RiskCell(
        statement=Link(statement, addresses.reader(report.id, fact.quote.start, fact.quote.end)),
        level=fact.level or "",
        horizon=fact.horizon or "",
        responses=tuple(
            Link(Phrase(span.of(report.text), report.language), addresses.reader(report.id, span.start, span.end))
            for span in fact.responses
        ),
    )


def risk_rows(desk: Desk) -> Iterator[tuple[object, ...]]:
    """Yield the risks as rows of ``COLUMNS``."""
    for (category, company), facts in _found(desk, query(desk, "risks")).items():
        for fact in facts:
            text = desk.library.reports[fact.report].text
            responses = " | ".join(span.of(text) for span in fact.responses)
            names = (desk.names.of(category).text, desk.names.of(company).text)
            place = (fact.report, fact.quote.start, fact.quote.end, fact.iri)
            yield (*names, fact.name, fact.level, fact.horizon, responses, *place)
