"""The nouns of the house: one frozen type for each arrow of the picture in README.md.

Offsets count Unicode code points of the report's text as it stands in ``seeds/``; ends are exclusive.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from kg import ids

Number = int | float
Value = Number | tuple[Number, Number]

PASSAGE_LENGTH = 800  # characters at most; longer spans are no use as a citation (eval/score_questions.py ignores them)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of a text.

    :raises ValueError: if the span is empty, reversed or starts before the text.

    >>> Span(4, 8).of("PUE 1.25")
    '1.25'
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse spans that point at nothing."""
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span needs 0 <= start < end, not {self.start}..{self.end}")

    def of(self, text: str) -> str:
        """Return the characters of ``text`` under this span."""
        return text[self.start : self.end]

    def overlaps(self, other: "Span") -> bool:
        """Say whether the two spans share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Report:
    """A report's text, never changed, with what the catalogue says of it.

    ``language`` is ``zh-Hans``, ``zh-Hant`` or ``en``; ``company`` the IRI of the reporting company; ``year`` the
    year that the report speaks of; ``title`` its titles by language tag; ``sha256`` of the file's bytes; ``pages`` the
    offsets at which the pages of the original begin, none where it had no pages.
    """

    id: str
    text: str
    language: str
    company: str
    year: int
    title: Mapping[str, str]
    sha256: str
    pages: tuple[int, ...] = ()

    @property
    def iri(self) -> str:
        """The IRI of this text."""
        return ids.document_iri(self.id)

    @property
    def characters(self) -> int:
        """The length of the text in code points."""
        return len(self.text)

    def page_of(self, offset: int) -> int | None:
        """Return the page of the original on which a character stands, counted from 1; None where there are none.

        >>> report = Report("r", "one two", "en", "", 2023, {}, "", (0, 4))
        >>> report.page_of(3), report.page_of(4)
        (1, 2)
        """
        return max(1, bisect_right(self.pages, offset)) if self.pages else None


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a report cut for search, at most 800 characters, with the headings above it, outermost first."""

    report: Report
    start: int
    end: int
    headings: tuple[Span, ...] = ()

    @property
    def text(self) -> str:
        """The passage's characters, exactly as in the report."""
        return self.report.text[self.start : self.end]

    @property
    def iri(self) -> str:
        """The IRI of this passage."""
        return ids.passage_iri(self.report.id, self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that a report says, with the characters that say it.

    ``quote`` is the shortest stretch that carries the fact; ``spans`` names further stretches by role (``value``,
    ``metric``, ``period``, ``subject``, ...); ``defaulted`` lists the fields that were filled by rule and not read;
    ``confidence`` is a probability from 0 to 1.
    """

    kind: ClassVar[str] = ""

    iri: str
    report: str
    company: str
    quote: Span
    spans: tuple[tuple[str, Span], ...] = ()
    defaulted: tuple[str, ...] = ()
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFact(Fact):
    """A number about something, read from the text.

    ``value`` is in the base scale of ``unit`` (774.8 times ten thousand tonnes of coal equivalent is 7748000 with the
    IRI ``unit/tce``), a pair for a range; ``as_written`` keeps the number as it stands. ``metric`` is the IRI of what
    is measured, one of the catch-all metrics where the ontology has no closer one, and ``metric_text`` the text's own
    words for it. ``scope`` is ``company``, ``part`` or ``other``; ``comparator`` one of ``= > >= < <= ~``; ``form`` is
    ``level``, ``change`` or ``cumulative``; ``direction`` ``up``, ``down`` or None; ``aggregation`` ``annual``,
    ``cumulative``, ``average``, ``single`` or None; ``baseline`` the year or period compared with, as a year or the
    text's words. ``joint`` has the IRIs of the companies that share the claim with the reporting one, and ``result_of``
    those of the technologies (concepts) and initiatives (facts of the same report) whose effect the number is.
    """

    metric: str
    metric_text: str
    subject: str
    scope: str
    value: Value
    unit: str
    unit_text: str
    as_written: str
    comparator: str
    form: str
    direction: str | None
    year: int | None
    baseline: str | None
    aggregation: str | None = None
    joint: tuple[str, ...] = ()
    result_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation(NumberFact):
    """A reported number."""

    kind: ClassVar[str] = "observation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(NumberFact):
    """A number promised for the future; ``year`` is the year it is due."""

    kind: ClassVar[str] = "target"


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFact(Fact):
    """A row or sentence about a climate risk or opportunity.

    ``categories`` are IRIs of TCFD categories (a row may carry two); ``level`` and ``horizon`` the text's own words or
    None; ``responses`` the stretches that give the measures taken. What the risk leads to are its spans of the role
    ``impact``.
    """

    categories: tuple[str, ...]
    name: str
    level: str | None = None
    horizon: str | None = None
    responses: tuple[Span, ...] = ()

    @property
    def impacts(self) -> tuple[Span, ...]:
        """The stretches that say what the risk or opportunity leads to."""
        return tuple(span for role, span in self.spans if role == "impact")


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk(RiskFact):
    """A climate risk."""

    kind: ClassVar[str] = "risk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunity(RiskFact):
    """A climate opportunity."""

    kind: ClassVar[str] = "opportunity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Initiative(Fact):
    """A named plan, project, pilot, case or programme.

    ``place`` is in the text's words; ``technologies`` are IRIs of concepts; ``leaders`` the names of those who carry it
    out where the text gives them (a provincial branch, a partner), else it is the reporting company itself;
    ``part_of`` the IRI of the initiative of the same report that it belongs to.
    """

    kind: ClassVar[str] = "initiative"

    name: str
    place: str | None = None
    technologies: tuple[str, ...] = field(default=())
    leaders: tuple[str, ...] = ()
    part_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Technology(Fact):
    """The first mention of a technology or practice in a report.

    ``technology`` is the concept's IRI, or None where the text names one that the ontology does not know yet.
    """

    kind: ClassVar[str] = "technology"

    name: str
    technology: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention(Fact):
    """The first mention, in a report, of a thing that the ontology has a class of mentions for.

    Such a class needs no code: it says by ``o:mentionOf`` of which class of concepts its mentions are. ``concept`` is
    the IRI of the thing that is named.
    """

    kind: ClassVar[str] = "mention"

    name: str
    concept: str


FACT_KINDS: tuple[type[Fact], ...] = (Observation, Target, Risk, Opportunity, Initiative, Technology, Mention)
