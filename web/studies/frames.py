"""What the research pages share: choosing, fetching the facts of a query, citing, and sending rows as CSV."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from starlette.requests import Request

from kg.model import Fact, Report, Span
from kg.terms import Term
from kg.vocabulary import Concept
from search.studies.templates import filled
from web import addresses
from web.choosing import Choice, Chooser
from web.citations import bibtex, gbt7714
from web.evidence import Evidence
from web.names import Names
from web.parts import Link, Phrase
from web.rendering import words_of
from web.studies.contexts import Download, Reference, Study
from web.words import Words

MANY = 12  # companies; of more a page shows one, for all of 53 reports of five companies are 490 kB of promises already
Row = Mapping[str, Term]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a research page is made with: the library, the words of the page, and the company that was chosen."""

    library: Any
    words: Words
    names: Names
    evidence: Evidence
    company: str | None

    @property
    def companies(self) -> tuple[str, ...]:
        """The chosen company, none for all."""
        return (self.company,) if self.company else ()

    def rows(self, sparql: str) -> list[Row]:
        """Return the rows of one of our own queries."""
        found: list[Row] = self.library.store.select(sparql)
        return found

    def fact(self, term: Term) -> Any:
        """Return the fact that a row names."""
        return self.library.fact(str(term))

    def company_link(self, iri: str) -> Link:
        """Return a company with its page."""
        return Link(self.names.of(iri), addresses.local(iri))

    def place(self, report: str, quote: Span) -> Link:
        """Return a quote of a report with its place in the reader."""
        found = self.library.reports[report]
        return Link(Phrase(quote.of(found.text), found.language), addresses.reader(report, quote.start, quote.end))

    def chosen(self) -> list[str]:
        """Return the companies that a matrix has columns for: the chosen one, or all that have a report."""
        return [iri for iri in self.reporting() if self.company in (None, iri)]

    def is_large(self) -> bool:
        """Say whether there are too many companies for one page."""
        return len({report.company for report in self.library.reports.values()}) > MANY

    def reporting(self) -> list[str]:
        """Return the companies that have a report, by name."""
        return sorted({report.company for report in self.library.reports.values()}, key=lambda i: self.names.of(i).text)


def desk(request: Request, company: str | None, whole: bool = True) -> Desk:
    """Return what a research page is made with; where there are ``MANY`` companies and not ``whole``, for the first.

    :raises UnknownFilter: if there is no report of such a company.
    """
    library, words = request.app.state.library, words_of(request)
    names = Names(library.vocabulary, words.language)
    chosen = library.filters.company(company) if company else None
    made = Desk(library, words, names, Evidence(library.reports, names, words), chosen)
    return made if chosen or whole or not made.is_large() else replace(made, company=made.reporting()[0])


def study(
    desk: Desk,
    name: str,
    facts: Iterable[Fact],
    sparql: str,
    *choosers: Chooser,
    asked: Mapping[str, str] = MappingProxyType({}),
    drawn: bool = True,
) -> Study:
    """Return the frame of a research page: ``asked`` is what its downloads repeat, ``drawn`` says it has a drawing."""
    short = (desk.company or "").rpartition("/")[2]
    return Study(
        name=name,
        title=desk.words(f"studies.{name}"),
        about=desk.words(f"studies.{name}-about"),
        choosers=(_companies(desk, name, short), *choosers),
        sparql=sparql,
        downloads=tuple(_downloads(name, drawn, {"company": short, **asked}, desk.words.language)),
        references=tuple(_reference(desk, desk.library.reports[id]) for id in sorted({fact.report for fact in facts})),
    )


def _downloads(name: str, drawn: bool, asked: Mapping[str, str], language: str) -> Iterator[Download]:
    """Yield the forms in which a page is taken along; a PNG is painted from the SVG by a script of ours."""
    yield Download("CSV", addresses.with_query(f"/{name}.csv", **asked))
    if drawn:
        yield from drawings(addresses.with_query(f"/{name}.svg", **asked, ui=language))
    yield Download("BibTeX", addresses.with_query(f"/{name}.bib", **asked))
    yield Download("GB/T 7714", addresses.with_query(f"/{name}.txt", **asked))


def drawings(svg: str) -> Iterator[Download]:
    """Yield a drawing as SVG and as PNG."""
    yield Download("SVG", svg)
    yield Download("PNG", svg, painted=True)


def query(desk: Desk, name: str, **iris: Iterable[str]) -> str:
    """Return the query of a study for the chosen company."""
    return filled(name, companies=desk.companies, **iris)


def nested(concepts: Sequence[Concept]) -> Iterator[tuple[Concept, int]]:
    """Yield concepts with their depth, each right behind the one above it, in the order in which they are given."""
    known = {concept.iri for concept in concepts}
    below: defaultdict[str, list[Concept]] = defaultdict(list)
    for concept in concepts:
        below[next((iri for iri in concept.broader if iri in known), "")].append(concept)

    def under(top: str, depth: int) -> Iterator[tuple[Concept, int]]:
        for concept in below[top]:
            yield concept, depth
            yield from under(concept.iri, depth + 1)

    return under("", 0)


def _companies(desk: Desk, name: str, chosen: str) -> Chooser:
    """Return the companies to choose from; the graph has one thing in its middle, never all of them."""
    every = Choice("", Phrase(desk.words("studies.other" if name == "graph" else "studies.all"), desk.words.language))
    first = () if desk.is_large() and name not in ("graph", "compare") else (every,)
    choices = [Choice(iri.rpartition("/")[2], desk.names.of(iri), iri) for iri in desk.reporting()]
    return Chooser("company", desk.words("chip.companies"), (*first, *choices), chosen)


def _reference(desk: Desk, report: Report) -> Reference:
    title = desk.names.pick(report.title) or Phrase(report.id, "en")
    publisher = desk.library.vocabulary.concept(report.company).label(report.language)
    return Reference(Link(title, addresses.reader(report.id)), gbt7714(report, publisher), bibtex(report, publisher))
