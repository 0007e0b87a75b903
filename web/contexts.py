"""What each template gets: one frozen dataclass a template, and nothing else.

What several of them hold stands in :mod:`web.parts`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from web.charts import Chart
from web.chips import Understood
from web.choosing import Chooser
from web.parts import (
    Block,
    Card,
    FactRow,
    Figure,
    Heading,
    Item,
    Link,
    Page,
    PassageCard,
    Phrase,
    QueryPanel,
    QueryProblem,
    ResultTable,
    Sheet,
    Statement,
    Terms,
)


@dataclass(frozen=True, slots=True)
class Count:
    """A number with what it counts."""

    number: str
    label: str


@dataclass(frozen=True, slots=True)
class Examples:
    """Example questions of one language."""

    language: str
    name: str
    questions: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A line of the list of reports."""

    title: Phrase
    other: Phrase
    company: Phrase
    year: str
    language: str
    length: str
    facts: str
    href: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What the reader's find box was asked and how many places it found."""

    query: str
    places: int
    first: int | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """An example query of the editor."""

    iri: str
    title: Phrase
    query: str


@dataclass(frozen=True, slots=True)
class Theme:
    """Example queries about one thing; ``name`` is its name in addresses."""

    name: str
    title: Phrase
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class HomeContext:
    """The first page."""

    template: ClassVar[str] = "home.html"
    page: Page
    examples: tuple[Examples, ...]
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Searched:
    """What was searched where nothing was found: the names of the metric, and the reports."""

    names: str
    reports: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class AnswerContext:
    """The answer page.

    ``lead`` is the number that answers, ``figures`` those that are compared, with a ``chart`` of them; ``by_facts``
    says that facts carry the answer, so that they stand before the passages; else ``places`` are the passages that do.
    """

    template: ClassVar[str] = "answer.html"
    page: Page
    answered: bool
    by_facts: bool
    sentence: Phrase
    understood: Understood
    lead: Figure | None
    figures: tuple[Figure, ...]
    chart: Markup
    items: tuple[Item, ...]
    cards: tuple[Card, ...]
    places: tuple[PassageCard, ...]
    passages: tuple[PassageCard, ...]
    panel: QueryPanel
    searched: Searched | None


@dataclass(frozen=True, slots=True)
class SearchContext:
    """The search page; ``searched`` says whether something was asked for."""

    template: ClassVar[str] = "search.html"
    page: Page
    choosers: tuple[Chooser, ...]
    searched: bool
    passages: tuple[PassageCard, ...]
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class ReportsContext:
    """The list of reports, or of those with a word that is ``sought``; ``more`` fit and are not shown."""

    template: ClassVar[str] = "reports.html"
    page: Page
    rows: tuple[ReportRow, ...]
    sought: str = ""
    more: int = 0


@dataclass(frozen=True, slots=True)
class ReaderContext:
    """The reader."""

    template: ClassVar[str] = "reader.html"
    page: Page
    report: str
    title: Phrase
    company: Phrase
    year: str
    language: str
    outline: tuple[Heading, ...]
    blocks: tuple[Block, ...]
    notes: int
    pages: int
    finding: Finding | None
    rdf: str


@dataclass(frozen=True, slots=True)
class QueryResult:
    """What a query gave: a table, the answer of an ASK, the text of a graph, or why there is nothing.

    ``address`` is the query as a link, ``downloads`` are links to the whole of the result, each named by its format;
    ``drawings`` lead to the chart as a file, the first of them as it is sent, the others painted in the browser.
    """

    address: str
    table: ResultTable | None = None
    truth: bool | None = None
    graph: str = ""
    whole: bool = True
    chart: Chart | None = None
    drawings: tuple[Link, ...] = ()
    problem: QueryProblem | None = None
    downloads: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class EditorContext:
    """The SPARQL editor; ``title`` is that of the example that it shows, ``result`` what the query gave if it ran."""

    template: ClassVar[str] = "editor.html"
    page: Page
    endpoint: str
    query: str
    title: Phrase
    prefixes: Mapping[str, str]
    themes: tuple[Theme, ...]
    result: QueryResult | None


@dataclass(frozen=True, slots=True)
class ResourceContext:
    """Any IRI as a page; ``facts`` are the first of those that speak of it, ``total`` says how many there are."""

    template: ClassVar[str] = "resource.html"
    page: Page
    iri: str
    path: str
    graph: str
    name: Phrase
    kind: Phrase
    card: Card | None
    figure: Figure | None
    sheet: Sheet | None
    facts: tuple[FactRow, ...]
    total: int
    statements: tuple[Statement, ...]
    incoming: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class OntologyContext:
    """The ontology as a list; ``labels`` is the address of the index of labels or empty."""

    template: ClassVar[str] = "ontology.html"
    page: Page
    groups: tuple[Terms, ...]
    labels: str = ""


@dataclass(frozen=True, slots=True)
class NamedTerm:
    """A label with the term that it names; ``hint`` tells terms of the same label apart."""

    label: Link
    hint: str


@dataclass(frozen=True, slots=True)
class LabelGroup:
    """Labels of one script, in runs of those that begin alike."""

    key: str
    title: str
    count: int
    runs: tuple[tuple[str, tuple[NamedTerm, ...]], ...]


@dataclass(frozen=True, slots=True)
class LabelsContext:
    """Every label of the ontology in the order of its characters."""

    template: ClassVar[str] = "labels.html"
    page: Page
    groups: tuple[LabelGroup, ...]


@dataclass(frozen=True, slots=True)
class ToldFact:
    """A fact with the address of the term that it is about."""

    fact: FactRow
    term: str


@dataclass(frozen=True, slots=True)
class FactsContext:
    """The facts of a report in the order of its text."""

    template: ClassVar[str] = "facts.html"
    page: Page
    title: Phrase
    company: Phrase
    year: str
    rows: tuple[ToldFact, ...]


@dataclass(frozen=True, slots=True)
class FailureContext:
    """A page that says what went wrong, where, and what to do."""

    template: ClassVar[str] = "failure.html"
    page: Page
    status: int
    heading: str
    message: Phrase
    remedy: str
    nearest: tuple[Link, ...]
