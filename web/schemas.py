"""The JSON of the interface, as OpenAPI shows it."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Number = int | float  # in this order, so that whole numbers stay whole


class Place(BaseModel):
    """A stretch of a report's text; offsets count Unicode code points, ``end`` is exclusive."""

    start: int = Field(ge=0)
    end: int = Field(ge=1)


class MatchedWord(Place):
    """A word of the report that the question led to."""

    text: str = Field(description="The report's own characters at start to end")
    via: str = Field(description="The question's own characters that led to it")
    how: str = Field(description="same (in any script or ending), regional (Taiwan, mainland), translation, related")
    likeness: float = Field(description="Cosine of the two words' meanings; 1 for the same word")


class NamedConcept(Place):
    """A concept that question and report both name."""

    iri: str
    label: str = Field(description="Its name in the question's language")
    text: str = Field(description="Its name in the report, at start to end")


class NearestSentence(Place):
    """The sentence whose meaning is nearest to the question's; short sentences in a row count as one."""

    similarity: float = Field(description="Cosine of its meaning and the question's")


class Why(BaseModel):
    """Why a passage was found; offsets are those of the report."""

    words: list[MatchedWord]
    concepts: list[NamedConcept]
    meaning: NearestSentence | None
    similarity: float = Field(description="Cosine of the meanings of question and passage")


class Result(BaseModel):
    """A passage of at most 800 characters, or a fact's quote where ``type`` asks for facts."""

    model_config = ConfigDict(extra="allow")

    report: str
    start: int
    end: int
    text: str
    score: float = Field(ge=0, le=1)
    why: Why
    highlights: list[Place] = Field(default=[], description="What matched, in offsets of the report")
    iri: str = ""


class Results(BaseModel):
    """What a search found, best first."""

    results: list[Result]


class Choice(BaseModel):
    """A value that a filter takes: a year, a kind, the id of a report, or an IRI, with its labels by language."""

    value: str | int
    labels: dict[str, str] = {}


class Choices(BaseModel):
    """What a search can be narrowed by in this collection."""

    company: list[Choice]
    year: list[Choice]
    type: list[Choice]
    report: list[Choice]
    technology: list[Choice]
    risk: list[Choice]


class FactLine(BaseModel):
    """A fact; which fields beyond these it has depends on its kind."""

    model_config = ConfigDict(extra="allow")

    id: str
    iri: str
    kind: str = Field(description="observation, target, risk, opportunity, initiative or technology")
    report: str
    company: str = Field(description="IRI of the reporting company")
    quote: str = Field(description="The characters of the report that say it: text[start:end]")
    start: int
    end: int
    confidence: float = Field(ge=0, le=1)
    metric: str | None = Field(default=None, description="IRI of what is measured")
    value: Number | tuple[Number, Number] | None = Field(default=None, description="A pair for a range")
    unit: str | None = None
    year: int | None = None


class Value(BaseModel):
    """A number that answers a question."""

    model_config = ConfigDict(extra="allow")

    value: Number | tuple[Number, Number]
    unit: str
    year: int | None
    company: str
    fact: str = Field(description="IRI of the fact")


class Citation(BaseModel):
    """The place in a report that an answer rests on."""

    report: str
    start: int
    end: int
    quote: str
    page: int | None = Field(default=None, description="Page of the original file, counted from 1, where it has pages")


class AnswerBody(BaseModel):
    """An answer with its evidence."""

    model_config = ConfigDict(extra="allow")

    answered: bool = Field(description="False where the reports do not say; text then says so")
    text: str
    values: list[Value]
    items: list[str]
    facts: list[FactLine]
    citations: list[Citation]
    sparql: str = Field(description="The query that found the facts; it runs as it stands at /sparql")
    understanding: dict[str, Any] = Field(description="What was understood of the question, and how it was read")
    relaxed: list[str] = Field(default=[], description="Conditions of the question that the facts do not meet")
    suggestions: list[str] = Field(default=[], description="Questions to go on with, all answered by the graph")


class ReportLine(BaseModel):
    """A report of the collection."""

    id: str
    iri: str
    title: dict[str, str] = Field(description="By language tag")
    company: str = Field(description="IRI of the reporting company")
    year: int
    language: str = Field(description="BCP 47: zh-Hans, zh-Hant or en")
    characters: int
    fact_count: int
    sha256: str = Field(description="Of the file in seeds/")


class Reports(BaseModel):
    """The reports of the collection."""

    reports: list[ReportLine]


class ReportBody(ReportLine):
    """A report with its text and its facts."""

    text: str = Field(description="Exactly as in the file; offsets of facts and passages count its code points")
    facts: list[FactLine]


class TermLine(BaseModel):
    """A name that can stand in a query."""

    iri: str
    name: str = Field(description="With its prefix, as a query writes it")
    kind: Literal["class", "property", "concept"]
    label: str = Field(description="In the language of the interface; empty for a name of another vocabulary")
    language: str
    uses: int = Field(description="How many facts speak of it")


class Terms(BaseModel):
    """The names that fit what was typed, best first."""

    terms: list[TermLine]


class Health(BaseModel):
    """Whether the server can answer."""

    model_config = ConfigDict(extra="allow")

    status: str = Field(description="ok, or failing")


class Problem(BaseModel):
    """What went wrong."""

    kind: str
    message: str
    line: int | None = None
    column: int | None = None
    nearest: list[str] = []
    remedy: str


class Failure(BaseModel):
    """The body of every answer with a status of 400 or more."""

    error: Problem
