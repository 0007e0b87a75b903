"""What the contexts of templates are made of: texts with their language, pieces of reports, cards, tables."""

from collections.abc import Callable
from dataclasses import dataclass

from web.words import Words


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text with its language tag; ``""`` where the text belongs to none."""

    text: str
    language: str = ""

    def __bool__(self) -> bool:
        """Say whether there is anything to show."""
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class Link:
    """A phrase that leads somewhere; ``href`` is None where there is nothing to open."""

    phrase: Phrase
    href: str | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a report's characters under the same marks.

    ``marks`` are CSS classes (``quote``, ``found``, ``fact``, ``markup``, ...); ``facts`` the numbers of the margin
    notes that quote it, ``ends`` those whose quote ends here; ``anchor`` its id or None; ``page`` a page that begins.
    """

    text: str
    start: int
    marks: tuple[str, ...] = ()
    facts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    anchor: str | None = None
    page: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What the frame around every page needs.

    ``frame`` is the template around it; ``resolve`` turns an address on this site into one that this page can use, and
    ``served`` says whether a server stands behind it, ``adding`` whether reports can be added to it.
    """

    words: Words
    title: str
    section: str
    question: str
    theme: str
    languages: tuple[Link, ...]
    version: str
    origin: str
    script: str = "app"
    frame: str = "base.html"
    resolve: Callable[[str], str] = str
    served: bool = True
    adding: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as written and as normalised, with whose, when and where it stands."""

    sign: str
    written: str
    unit: Phrase
    normalised: str
    metric: Phrase
    company: Phrase
    year: str
    details: tuple[Phrase, ...]
    card: int
    href: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a piece of text stands, with the addresses that open and cite it; ``styles`` are names with citations."""

    title: Phrase
    sections: tuple[Phrase, ...]
    language: str
    href: str
    citation: str
    iri: str
    page: str = ""
    styles: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """Evidence: a quote among its neighbours, what was read from it, and its source; ``cited`` by the answer or not."""

    number: int
    kind: str
    reading: Phrase
    pieces: tuple[Piece, ...]
    source: Source
    fact: str | None
    rdf: str | None
    figure: Figure | None = None
    cited: bool = False


@dataclass(frozen=True, slots=True)
class PassageCard:
    """A passage that was found, and why: words, with the question's where that is another, concepts, and the cosine."""

    number: int
    pieces: tuple[Piece, ...]
    source: Source
    words: tuple[tuple[Phrase, Phrase | None], ...] = ()
    concepts: tuple[Phrase, ...] = ()
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact as a line of a list; ``value`` is empty for facts without a number, ``place`` leads to the quote."""

    value: Phrase
    name: Phrase
    about: tuple[Phrase, ...]
    year: str
    href: str
    report: str = ""
    quote: Phrase = Phrase("")
    place: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A name in a list that answers; ``card`` is its evidence or 0, ``year`` that of the report."""

    phrase: Phrase
    card: int = 0
    year: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a result table; ``code`` is how SPARQL writes an IRI, ``place`` leads to where a fact stands."""

    phrase: Phrase
    href: str | None = None
    number: bool = False
    code: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class ResultTable:
    """The rows that a query gave; ``more`` follow, or None where there are so many that nobody counted."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: int | None = 0


@dataclass(frozen=True, slots=True)
class QueryProblem:
    """Why a query did not run, in the engine's English; ``line`` and ``column`` start at 1.

    ``said`` and ``remedy`` are what went wrong and what to do, in the language of the page.
    """

    reason: str
    line: int | None = None
    column: int | None = None
    said: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class QueryPanel:
    """The SPARQL beside an answer; ``edited`` says that it is no longer the query that found the facts."""

    sparql: str
    question: str
    edited: bool
    result: ResultTable | None = None
    problem: QueryProblem | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a report shown as one: ``kind`` is ``paragraph``, ``heading``, ``item``, ``table`` or ``gap``.

    ``rows`` hold the cells of a table, each a tuple of pieces; other blocks have ``pieces``. ``notes`` are the margin
    notes whose quotes begin here. ``anchor`` is where the words of a heading begin, after its marks: the outline names
    headings so.
    """

    kind: str
    start: int
    level: int = 0
    anchor: int = 0
    pieces: tuple[Piece, ...] = ()
    rows: tuple[tuple[tuple[Piece, ...], ...], ...] = ()
    notes: tuple["Note", ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A fact in the margin, level with its quote."""

    number: int
    kind: str
    name: Phrase
    value: Phrase
    year: str
    start: int
    end: int
    href: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of a report's outline."""

    text: str
    level: int
    start: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A property of a resource with its values."""

    predicate: Link
    values: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A concept in a list: its names in every language, and how many facts speak of it."""

    anchor: str
    names: tuple[Phrase, ...]
    code: str
    href: str
    count: int
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """A list of concepts under a heading."""

    key: str
    title: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Labels:
    """The names of a concept in one language: the one that is shown, others, and those that are only read."""

    language: str
    title: str
    preferred: str
    others: tuple[str, ...]
    hidden: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many facts of a report speak of something."""

    report: Link
    count: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the ontology says of one of its terms, in the order in which people ask for it.

    ``above`` are broader terms, the broadest first, ``below`` the tree of narrower ones, ``members`` what belongs to a
    class or a scheme; ``questions`` are the competency questions that use the term.
    """

    definitions: tuple[Phrase, ...]
    above: tuple[Link, ...]
    below: tuple[Term, ...]
    members: tuple[Term, ...]
    labels: tuple[Labels, ...]
    examples: tuple[Phrase, ...]
    counter_examples: tuple[Phrase, ...]
    questions: tuple[Phrase, ...]
    tallies: tuple[Tally, ...]
