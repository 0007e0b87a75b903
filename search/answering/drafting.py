"""Drafts of answers: which facts, quotes and names a question gets, and how sure that is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.model import Fact, NumberFact, Report, Span
from kg.vocabulary import Vocabulary
from search.answering.judging import Weighed
from search.answering.phrases import phrase
from search.answering.readings import Readings
from search.facts import Wanted
from search.index import Hit

Row = tuple[str, float]  # a fact's IRI and its rank


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a report that an answer rests on."""

    report: str
    span: Span
    quote: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What is found for a question, before it is said.

    ``query`` is the SPARQL that found the facts; ``relaxed`` the conditions of the question that it gave up;
    ``reason`` names why nothing answers, by the phrase that says so;
    ``fit`` how well an enumeration fits; ``sides`` how many facts stand for a side of a comparison each, first of all.
    """

    query: str
    answered: bool
    facts: tuple[Fact, ...] = ()
    items: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    confidence: float = 0.0
    relaxed: tuple[str, ...] = ()
    reason: str = ""
    fit: float = 0.0
    sides: int = 0


@dataclass(frozen=True, slots=True)
class Sources:
    """What answers are made from: the vocabulary, the reports, and ways to look things up and to say them.

    ``candidates`` gives the IRIs of the facts that a search for a question's words finds, ``readings`` what facts and
    passages say, ``figures`` those numbers that fit, ``likeness`` the cosines of a text and others, ``aligned`` the
    shares of its words that others have something like, ``words`` the words of a question with their synonyms and
    rarities, ``known`` says whether some entry holds a word, ``company`` gives the IRI of a company with a report by
    its name.
    """

    vocabulary: Vocabulary
    reports: Mapping[str, Report]
    select: Callable[[str], list[Row]]
    fact: Callable[[str], Fact]
    passages: Callable[[str, int], list[Hit]]
    readings: Readings
    likeness: Callable[[str, Sequence[str]], Sequence[float]]
    aligned: Callable[[str, Sequence[str]], Sequence[float]]
    sentence: Callable[[Fact, str], str]
    candidates: Callable[[str], Sequence[str]]
    words: Callable[[str], Sequence[Weighed]]
    known: Callable[[str], bool]
    figures: Callable[[Wanted], Iterable[NumberFact]]
    company: Callable[[str], str]

    def phrase(self, name: str, language: str, **filled: object) -> str:
        """Return one of the ontology's phrases, filled in."""
        return phrase(self.vocabulary, name, language, **filled)

    def numbers(self, question: str) -> Iterable[NumberFact]:
        """Return the numbers among the candidates for a question."""
        found = (self.fact(iri) for iri in self.candidates(question))
        return [fact for fact in found if isinstance(fact, NumberFact)]

    def quote(self, fact: Fact) -> Citation:
        """Return the quote of a fact."""
        return Citation(fact.report, fact.quote, fact.quote.of(self.reports[fact.report].text))


def places(hits: Sequence[Hit]) -> list[Citation]:
    """Return the places of passages."""
    return [Citation(hit.entry.report, Span(hit.entry.start, hit.entry.end), hit.entry.body) for hit in hits]


def unanswered(draft: Draft, reason: str) -> Draft:
    """Return a draft that answers nothing."""
    return replace(draft, answered=False, reason=reason)
