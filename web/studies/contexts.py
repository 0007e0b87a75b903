"""What the templates of the research pages get."""

from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from web.choosing import Chooser
from web.parts import Card, Figure, Link, Page, Phrase
from web.studies.branches import Branch


@dataclass(frozen=True, slots=True)
class Reference:
    """How to cite a report: GB/T 7714 and BibTeX."""

    report: Link
    gbt: str
    bibtex: str


@dataclass(frozen=True, slots=True)
class Download:
    """A form in which a page is taken along; one that is ``painted`` is made from its SVG in the browser."""

    form: str
    href: str
    painted: bool = False


@dataclass(frozen=True, slots=True)
class Study:
    """What all research pages have: words about it, what can be chosen, its query, and ways to take it along."""

    name: str
    title: str
    about: str
    choosers: tuple[Chooser, ...]
    sparql: str
    downloads: tuple[Download, ...]
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise with what became of it; ``share`` and ``expected`` are whole percents or None."""

    metric: Link
    about: tuple[Phrase, ...]
    promise: Figure
    base: str
    due: str
    status: str
    said: str
    share: int | None
    expected: int | None
    figures: tuple[Figure, ...]
    places: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class PromiseGroup:
    """The promises of a company."""

    company: Link
    rows: tuple[PromiseRow, ...]


@dataclass(frozen=True, slots=True)
class TargetsContext:
    """The promise tracker."""

    template: ClassVar[str] = "studies/targets.html"
    page: Page
    study: Study
    groups: tuple[PromiseGroup, ...]
    chart: Markup
    counts: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """Two figures that differ or agree, and what may lie behind it."""

    kind: str
    title: str
    metric: Link
    ratio: str
    cards: tuple[Card, Card]
    places: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Agreed:
    """A figure that several reports give alike, with its places."""

    metric: Link
    company: Phrase
    year: str
    places: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class LedgerContext:
    """The ledger: figures that differ, ``more`` of which are not shown, and those that agree, on a line each."""

    template: ClassVar[str] = "studies/ledger.html"
    page: Page
    study: Study
    rows: tuple[LedgerRow, ...]
    more: int
    agreed: tuple[Agreed, ...]
    agreements: int


@dataclass(frozen=True, slots=True)
class RiskCell:
    """A risk or opportunity in a matrix: its words, rating, horizon and measures, each with its place."""

    statement: Link
    level: str
    horizon: str
    responses: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class RiskLine:
    """A category with the risks of each company; ``depth`` is 0 for a heading."""

    category: Link
    depth: int
    cells: tuple[tuple[RiskCell, ...], ...]


@dataclass(frozen=True, slots=True)
class RisksContext:
    """The matrix of climate risks."""

    template: ClassVar[str] = "studies/risks.html"
    page: Page
    study: Study
    companies: tuple[Link, ...]
    lines: tuple[RiskLine, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Something that a report says, short enough for a cell, with its place."""

    phrase: Phrase
    href: str
    company: Phrase


@dataclass(frozen=True, slots=True)
class TechnologyRow:
    """A technology: who names it, in which initiatives, with which results."""

    technology: Link
    depth: int
    mentions: tuple[Told, ...]
    initiatives: tuple[Told, ...]
    results: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class TechnologiesContext:
    """Who uses which technology, where, with what result."""

    template: ClassVar[str] = "studies/technologies.html"
    page: Page
    study: Study
    rows: tuple[TechnologyRow, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """The figures of one company by year; a cell may hold several that differ."""

    company: Link
    cells: tuple[tuple[Figure, ...], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A metric by company and year; ``chart`` is an SVG, empty where there is nothing to set side by side."""

    metric: Link
    unit: str
    years: tuple[str, ...]
    series: tuple[Series, ...]
    chart: Markup
    downloads: tuple[Download, ...]


@dataclass(frozen=True, slots=True)
class CompareContext:
    """Metrics by company and year."""

    template: ClassVar[str] = "studies/compare.html"
    page: Page
    study: Study
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class GraphContext:
    """What stands around a thing; ``kind`` names the one kind that is shown, ``chart`` says what ``branches`` list."""

    template: ClassVar[str] = "studies/graph.html"
    page: Page
    study: Study
    middle: Link
    kind: Phrase
    chart: Markup
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class CheckedNumber:
    """A number of a claim with its verdict; ``cards`` are the evidence, or the nearest facts where these differ."""

    written: Phrase
    about: Phrase
    verdict: str
    differs: tuple[str, ...]
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class CheckContext:
    """A claim and what the reports say of it, with hints where they cannot tell; without a claim the form alone.

    ``example`` is a sentence that can be checked, with its address.
    """

    template: ClassVar[str] = "studies/check.html"
    page: Page
    text: str
    verdict: str
    numbers: tuple[CheckedNumber, ...]
    hints: tuple[str, ...]
    example: Link | None


@dataclass(frozen=True, slots=True)
class DisclosureCell:
    """What a report has on an item: its best figure or its denial.

    ``more`` counts the other figures, which stand at ``all``; ``part`` is a figure of a part of the
    company, where there is none of the whole.
    """

    status: str
    said: str
    shown: Phrase
    href: str | None
    more: int
    all: str
    part: Link | None


@dataclass(frozen=True, slots=True)
class DisclosureLine:
    """An item that standards ask for, its codes by standard, with the names under which it was searched."""

    item: Link
    codes: tuple[str, ...]
    cells: tuple[DisclosureCell, ...]
    searched: str


@dataclass(frozen=True, slots=True)
class DisclosureContext:
    """The disclosure matrix."""

    template: ClassVar[str] = "studies/disclosure.html"
    page: Page
    study: Study
    reports: tuple[Link, ...]
    lines: tuple[DisclosureLine, ...]
    standards: tuple[str, ...]
    sources: tuple[Link, ...]
