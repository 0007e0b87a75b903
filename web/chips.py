"""What was understood of a question, to be seen and set right: chips, each with a link that drops it, and a form."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.model import NumberFact, Report
from kg.vocabulary import Concept
from search.answering.answer import Answer
from search.answering.given import ANY, SHAPES
from search.answering.understanding import Understanding
from search.facts import Facts
from web import addresses, numbers
from web.alternatives import left_open
from web.choosing import Choice, Chooser
from web.names import Names
from web.parts import Link, Phrase
from web.words import Words

ROLES = ("companies", "metrics", "technologies", "places", "categories", "levels", "horizons")
DROPPED = {"companies": "company", "metrics": "metric"}  # roles that a parameter can give up
NEAR = 3  # facts whose metrics may be meant as well


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that Tantu understood of a question; ``drop`` leads to the answer without it."""

    role: str
    phrase: Phrase
    href: str | None = None
    drop: str | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood: chips, the form, how the question was read, what to ask next.

    ``open`` is what the question does not say and more than one figure could fill; a choice's value is its address.
    """

    chips: tuple[Chip, ...]
    choosers: tuple[Chooser, ...]
    readback: Phrase
    open: tuple[Chooser, ...]
    suggestions: tuple[Link, ...]

    @property
    def asks(self) -> bool:
        """Whether the question has to be asked back: whose figure, or which metric, it does not say.

        Of a year that is not named the newest figure is meant.
        """
        return any(chooser.name != "year" for chooser in self.open)


@dataclass(frozen=True, slots=True)
class Correction:
    """Turns an answer into what can be set right; ``asked`` are the parameters of the page."""

    names: Names
    words: Words
    asked: Mapping[str, str]

    def of(self, answer: Answer, reports: Mapping[str, Report], facts: Facts) -> Understood:
        """Return what was understood of a question."""
        language = answer.understanding.language
        return Understood(
            chips=tuple(self._chips(answer.understanding)),
            choosers=tuple(self._choosers(answer, reports)),
            readback=Phrase(answer.readback, language),
            open=tuple(self._open(answer, facts)),
            suggestions=tuple(
                Link(Phrase(question, language), addresses.with_query("/", q=question))
                for question in answer.suggestions
            ),
        )

    def _with(self, **changed: str) -> str:
        return addresses.with_query("/", **{**self.asked, **changed})

    def _chips(self, understanding: Understanding) -> Iterator[Chip]:
        """Yield what was understood of the question, concepts with their pages."""
        if self.words.has(f"shape.{understanding.shape}"):
            yield Chip(self.words("chip.shape"), self._word(f"shape.{understanding.shape}"))
        for role in ROLES:
            asked = understanding.asked if role == "metrics" else ()
            for concept in asked or getattr(understanding, role):
                drop = self._with(**{DROPPED[role]: ANY}) if role in DROPPED else None
                yield Chip(self.words(f"chip.{role}"), self.names.concept(concept), addresses.local(concept.iri), drop)
        for year in understanding.years:
            yield Chip(self.words("chip.years"), Phrase(str(year)), None, self._with(year=ANY))
        for unit in sorted(understanding.units):
            yield Chip(self.words("chip.units"), Phrase(numbers.code(unit), "en"))

    def _choosers(self, answer: Answer, reports: Mapping[str, Report]) -> Iterator[Chooser]:
        understanding = answer.understanding
        companies = {report.company for report in reports.values()}
        known = [self._choice(self.names.vocabulary.concept(iri)) for iri in sorted(companies)]
        yield self._chooser("company", known, [self._choice(concept) for concept in understanding.companies])
        metrics = dict.fromkeys((*understanding.asked, *self._metrics(answer)))
        asked = [self._choice(concept) for concept in understanding.asked]
        yield self._chooser("metric", [self._choice(concept) for concept in metrics], asked)
        years = sorted({report.year for report in reports.values()} | set(understanding.years))
        said = [Choice(str(year), Phrase(str(year))) for year in understanding.years]
        yield self._chooser("year", [Choice(str(year), Phrase(str(year))) for year in years], said)
        shapes = [Choice(shape, self._word(f"shape.{shape}")) for shape in SHAPES]
        yield Chooser("kind", self.words("chip.shape"), tuple(shapes), understanding.shape)

    def _chooser(self, name: str, choices: Sequence[Choice], chosen: Sequence[Choice]) -> Chooser:
        """Return a list; of several that are understood together none is chosen."""
        whatever = Choice(ANY, self._word("search.any"))
        together = Choice("", self._word("answer.as-asked"))
        first = (together, whatever) if len(chosen) > 1 else (whatever,)
        value = "" if len(chosen) > 1 else chosen[0].value if chosen else ANY
        return Chooser(name, self.words(f"chip.{_ROLE_OF[name]}"), (*first, *choices), value)

    def _metrics(self, answer: Answer) -> Iterator[Concept]:
        """Yield the metrics of the facts that come first."""
        for fact in answer.facts[:NEAR]:
            if isinstance(fact, NumberFact):
                yield self.names.vocabulary.concept(fact.metric)

    def _open(self, answer: Answer, facts: Facts) -> Iterator[Chooser]:
        """Yield lists to choose what a question leaves open from, each choice with its address."""
        left = left_open(answer, facts, self.names.vocabulary)
        first = next((fact for fact in answer.facts if isinstance(fact, NumberFact)), None)
        metrics = left.metrics or tuple(self._unsure(answer))
        rows: tuple[tuple[str, Iterable[str]], ...] = (
            ("metric", metrics),
            ("company", left.companies),
            ("year", map(str, left.years)),
        )
        for name, values in rows:
            choices = tuple(self._offered(name, value) for value in values)
            chosen = str(getattr(first, name, ""))
            if choices:
                yield Chooser(name, self.words(f"chip.{_ROLE_OF[name]}"), choices, chosen)

    def _offered(self, name: str, value: str) -> Choice:
        short = value.rpartition("/")[2]
        phrase = self.names.of(value) if "/" in value else Phrase(value)
        return Choice(self._with(**{name: short}), phrase, value)

    def _unsure(self, answer: Answer) -> Iterator[str]:
        """Yield the metrics of the first facts, where a question leaves open which."""
        found = tuple(dict.fromkeys(self._metrics(answer)))
        if answer.understanding.shape == "number" and not answer.understanding.sure and len(found) > 1:
            yield from (concept.iri for concept in found)

    def _choice(self, concept: Concept) -> Choice:
        return Choice(concept.iri.rpartition("/")[2], self.names.concept(concept))

    def _word(self, key: str) -> Phrase:
        return Phrase(self.words(key), self.words.language)


_ROLE_OF = {"company": "companies", "metric": "metrics", "year": "years"}
