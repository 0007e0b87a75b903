"""The JSON of the interface, as OpenAPI shows it."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

Number = int | float  # in this order, so that whole numbers stay whole


class Place(BaseModel):
    """A stretch of a report's text; offsets count Unicode code points, ``end`` is exclusive."""

    start: int = Field(ge=0)
    end: int = Field(ge=1)


class Why(BaseModel):
    """Why a passage was found."""

    words: list[str] = Field(description="Words of the question as they stand in the report")
    concepts: list[str] = Field(description="IRIs of the concepts that question and passage share")
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
    understanding: dict[str, Any] = Field(description="What was understood of the question")


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
