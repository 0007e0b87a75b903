"""The disclosure matrix as a page and as rows."""

from collections.abc import Iterator

from kg.model import Report, Span
from search.studies.disclosure import DENIED, GIVEN, Cell, Line, matrix
from web import addresses, numbers
from web.parts import Link, Page, Phrase
from web.studies.contexts import DisclosureCell, DisclosureContext, DisclosureLine
from web.studies.frames import Desk, query, study

COLUMNS = ("item", "codes", "company", "report", "status", "figure", "year", "start", "end", "fact", "searched")


def _reports(desk: Desk) -> list[Report]:
    chosen = (report for report in desk.library.reports.values() if desk.company in (None, report.company))
    return sorted(chosen, key=lambda report: (desk.names.of(report.company).text, report.year, report.id))


def _matrix(desk: Desk, sparql: str) -> list[Line]:
    rows = (
        (str(row["item"]), str(row["code"]), desk.fact(row["fact"]) if "fact" in row else None)
        for row in desk.rows(sparql)
    )
    return matrix(rows, _reports(desk), desk.library.vocabulary)


def disclosure_context(desk: Desk, page: Page) -> DisclosureContext:
    """Return the matrix."""
    sparql = query(desk, "disclosure")
    found, reports = _matrix(desk, sparql), _reports(desk)
    facts = [fact for line in found for cell in line.cells for fact in cell.facts]
    return DisclosureContext(
        page=page,
        study=study(desk, "disclosure", facts, sparql),
        reports=tuple(_link(desk, report) for report in reports),
        lines=tuple(_line(desk, line, reports) for line in found),
    )


def _link(desk: Desk, report: Report) -> Link:
    company = desk.names.of(report.company)
    return Link(Phrase(f"{company.text} {report.year}", company.language), addresses.reader(report.id))


def _line(desk: Desk, line: Line, reports: list[Report]) -> DisclosureLine:
    return DisclosureLine(
        item=Link(desk.names.concept(line.item), addresses.local(line.item.iri)),
        codes=line.codes,
        cells=tuple(_cell(desk, cell, report) for cell, report in zip(line.cells, reports, strict=True)),
        searched=", ".join(line.names),
    )


def _cell(desk: Desk, cell: Cell, report: Report) -> DisclosureCell:
    href, shown = None, Phrase("")
    if cell.status == GIVEN:
        best = cell.facts[0]
        href = addresses.reader(report.id, best.quote.start, best.quote.end)
        shown = Phrase(numbers.brief(best), report.language)
    elif cell.status == DENIED and cell.denial:
        href = addresses.reader(report.id, cell.denial.start, cell.denial.end)
    return DisclosureCell(cell.status, desk.words(f"disclosed.{cell.status}"), shown, href, max(0, len(cell.facts) - 1))


def disclosure_rows(desk: Desk) -> Iterator[tuple[object, ...]]:
    """Yield a row of ``COLUMNS`` for each item and report."""
    reports = _reports(desk)
    for line in _matrix(desk, query(desk, "disclosure")):
        for cell, report in zip(line.cells, reports, strict=True):
            best = next(iter(cell.facts), None)
            span: Span | None = best.quote if best else cell.denial
            place = (span.start, span.end) if span else (None, None)
            figure = (best.as_written, best.year) if best else (None, None)
            about = (desk.names.concept(line.item).text, " ".join(line.codes), desk.names.of(report.company).text)
            searched = "; ".join(line.names)
            yield (*about, report.id, cell.status, *figure, *place, best.iri if best else None, searched)
