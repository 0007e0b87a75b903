"""The disclosure matrix as a page and as rows."""

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from markupsafe import Markup

from kg import ids
from kg.model import Observation, Report, Span
from kg.terms import PREFIXES
from search.studies.disclosure import DENIED, GIVEN, NOT_FOUND, Cell, Line, matrix
from web import addresses, numbers
from web.parts import Link, Page, Phrase
from web.studies.contexts import DisclosureCell, DisclosureContext, DisclosureLine
from web.studies.frames import Desk, query, study
from web.studies.grids import GridRow, Point, grid

MARKS = {GIVEN: "full", DENIED: "crossed", NOT_FOUND: "hollow"}
STANDARDS = ("GRI", "HKEX", "IFRS S2", "TCFD", "ESRS")
"""What a code begins with, in the order of the columns; a code of another standard stands in none of them."""

COLUMNS: tuple[str, ...] = (
    "item",
    *(standard.lower().replace(" ", "_") for standard in STANDARDS),
    "company",
    "report",
    "status",
    "figure",
    "year",
    "start",
    "end",
    "fact",
    "searched",
)
_SOURCE = f"{PREFIXES['dcterms']}source"


def by_standard(codes: Iterable[str]) -> tuple[str, ...]:
    """Return the codes of each standard without its name.

    >>> by_standard(["GRI 305-7", "HKEX A1.1", "GRI 305-6"])
    ('305-6, 305-7', 'A1.1', '', '', '')
    """
    return tuple(
        ", ".join(sorted(code.removeprefix(f"{name} ") for code in codes if code.startswith(f"{name} ")))
        for name in STANDARDS
    )


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
        standards=STANDARDS,
        sources=tuple(_sources(desk)),
    )


def _sources(desk: Desk) -> Iterator[Link]:
    """Yield where the codes of the standards were read."""
    for address in desk.library.vocabulary.concept(f"{ids.ONTOLOGY}disclosureRef").values(_SOURCE):
        yield Link(Phrase((urlsplit(address).hostname or "").removeprefix("www."), "en"), address)


def _link(desk: Desk, report: Report) -> Link:
    company = desk.names.of(report.company)
    return Link(Phrase(f"{company.text} {report.year}", company.language), addresses.reader(report.id))


def _line(desk: Desk, line: Line, reports: list[Report]) -> DisclosureLine:
    return DisclosureLine(
        item=Link(desk.names.concept(line.item), addresses.local(line.item.iri)),
        codes=by_standard(line.codes),
        cells=tuple(_cell(desk, line, cell, report) for cell, report in zip(line.cells, reports, strict=True)),
        searched=", ".join(line.names),
    )


def _cell(desk: Desk, line: Line, cell: Cell, report: Report) -> DisclosureCell:
    figure = _figure(report, cell.facts)
    href = figure.href if figure else None
    if cell.status == DENIED and cell.denial:
        href = addresses.reader(report.id, cell.denial.start, cell.denial.end)
    metric, company = (iri.rpartition("/")[2] for iri in (line.item.iri, report.company))
    return DisclosureCell(
        status=cell.status,
        said=desk.words(f"disclosed.{cell.status}"),
        shown=figure.phrase if figure else Phrase(""),
        href=href,
        more=max(0, len(cell.facts) - 1),
        all=addresses.with_query("/compare", metric=metric, company=company),
        part=_figure(report, cell.parts),
    )


def _figure(report: Report, facts: Sequence[Observation]) -> Link | None:
    """Return the first of some figures with the place of its quote."""
    best = next(iter(facts), None)
    if best is None:
        return None
    where = addresses.reader(report.id, best.quote.start, best.quote.end)
    return Link(Phrase(numbers.brief(best), report.language), where)


def disclosure_drawing(desk: Desk) -> Markup:
    """Return the matrix as points, with what each kind of point means."""
    reports = _reports(desk)
    rows = [
        GridRow(
            f"{desk.names.concept(line.item).text} ({', '.join(line.codes)})",
            tuple(Point(MARKS[cell.status]) for cell in line.cells),
        )
        for line in _matrix(desk, query(desk, "disclosure"))
    ]
    columns = [_link(desk, report).phrase.text for report in reports]
    key = [(mark, desk.words(f"disclosed.{status}")) for status, mark in MARKS.items()]
    return grid(desk.words("studies.disclosure"), columns, rows, key)


def disclosure_rows(desk: Desk) -> Iterator[tuple[object, ...]]:
    """Yield a row of ``COLUMNS`` for each item and report."""
    reports = _reports(desk)
    for line in _matrix(desk, query(desk, "disclosure")):
        for cell, report in zip(line.cells, reports, strict=True):
            best = next(iter(cell.facts), None)
            span: Span | None = best.quote if best else cell.denial
            place = (span.start, span.end) if span else (None, None)
            figure = (best.as_written, best.year) if best else (None, None)
            about = (desk.names.concept(line.item).text, *by_standard(line.codes), desk.names.of(report.company).text)
            searched = "; ".join(line.names)
            yield (*about, report.id, cell.status, *figure, *place, best.iri if best else None, searched)
