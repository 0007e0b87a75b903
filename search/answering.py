"""Answers: facts first, passages in support; absence is said, not hidden.

::

    question --understand--> Understanding --queries--> SPARQL --select--> rows --+
             --search--> passages ------------------------------------------------+--compose--> Answer
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kg.ids import BASE
from kg.model import Fact, Report, Span
from kg.vocabulary import Vocabulary
from search.enumerations import enumerations
from search.index import Hit
from search.queries import queries
from search.understanding import NUMBER_KINDS, Understanding, understand

Row = tuple[str, float]  # a fact's IRI and its rank
FACTS = 8  # facts that an answer shows
PASSAGES = 10
CITATIONS = 5
# An answer by facts needs this rank, one by passages this score. Below them answers on bench/questions are more often
# wrong than right; docs/search.md has the table.
ENOUGH_RANK = 0.3
ENOUGH_SCORE = 0.2

_BOLD = re.compile(r"\*\*")
_SENTENCE = re.compile(r"[^\u3002\uff01\uff1f!?\n]+[\u3002\uff01\uff1f!?]?")


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a report that an answer rests on."""

    report: str
    span: Span
    quote: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What Tantu answers.

    ``facts`` come best first; ``items`` are the names that a question for a list asks for; ``sparql`` is the query
    that found the facts; ``confidence`` lies between 0 and 1.
    """

    understanding: Understanding
    answered: bool
    text: str
    facts: tuple[Fact, ...]
    items: tuple[str, ...]
    citations: tuple[Citation, ...]
    passages: tuple[Hit, ...]
    sparql: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Sources:
    """What answers are made from: the vocabulary, the reports, and ways to look things up and to say them."""

    vocabulary: Vocabulary
    reports: Mapping[str, Report]
    select: Callable[[str], list[Row]]
    fact: Callable[[str], Fact]
    passages: Callable[[str, int], list[Hit]]
    sentence: Callable[[Fact, str], str]

    def phrase(self, name: str, language: str, **filled: object) -> str:
        """Return one of the ontology's phrases, filled in."""
        return self.vocabulary.concept(f"{BASE}code/phrase-{name}").label(language).format(**filled)


def answer(question: str, sources: Sources) -> Answer:
    """Answer a question."""
    understanding = understand(question, sources.vocabulary)
    sparql, rows = _first_with_rows(understanding, sources)
    hits = sources.passages(question, PASSAGES)
    draft = (_by_facts if _asks_for_facts(understanding, rows) else _by_passages)(understanding, rows, hits, sources)
    facts, items, citations, confidence, enough = draft
    answered = confidence >= enough and bool(citations)
    text = _say(understanding, answered, facts, items, citations, sources)
    return Answer(understanding, answered, text, facts, items, citations, tuple(hits), sparql, min(1.0, confidence))


Draft = tuple[tuple[Fact, ...], tuple[str, ...], tuple[Citation, ...], float, float]


def _first_with_rows(understanding: Understanding, sources: Sources) -> tuple[str, list[Row]]:
    """Return the first query that finds something, with its rows; the last query where none does."""
    sparql, rows = "", list[Row]()
    for sparql in queries(understanding, sources.vocabulary):
        rows = sources.select(sparql)
        if rows:
            break
    return sparql, rows


def _asks_for_facts(understanding: Understanding, rows: Sequence[Row]) -> bool:
    if not rows:
        return False
    named = not understanding.kinds <= NUMBER_KINDS
    return understanding.shape in ("number", "comparison") or (understanding.shape == "list" and named)


def _by_facts(understanding: Understanding, rows: list[Row], hits: Sequence[Hit], sources: Sources) -> Draft:
    chosen = each_company(rows, sources) if understanding.shape == "comparison" else [iri for iri, _ in rows]
    facts = tuple(sources.fact(iri) for iri in chosen[: FACTS if understanding.shape != "list" else None])
    items = tuple(dict.fromkeys(getattr(fact, "name", "") for fact in facts)) if understanding.shape == "list" else ()
    places = [Citation(fact.report, fact.quote, fact.quote.of(sources.reports[fact.report].text)) for fact in facts]
    return facts, items, tuple(places[:FACTS]), rows[0][1], ENOUGH_RANK


def each_company(rows: Sequence[Row], sources: Sources) -> list[str]:
    """Return each company's best fact, then others within a tenth of their company's best rank, two a company."""
    by_company: dict[str, list[Row]] = {}
    for row in rows:
        by_company.setdefault(sources.fact(row[0]).company, []).append(row)
    firsts = sorted((found[0] for found in by_company.values()), key=lambda row: -row[1])
    more = [row for found in by_company.values() for row in found[1:3] if row[1] >= 0.9 * found[0][1]]
    return [iri for iri, _ in [*firsts, *more]]


def _by_passages(understanding: Understanding, rows: list[Row], hits: Sequence[Hit], sources: Sources) -> Draft:
    facts = tuple(sources.fact(iri) for iri, _ in rows[:FACTS])
    items = _enumerated(hits, sources) if understanding.shape == "list" else ()
    places = [Citation(hit.entry.report, Span(hit.entry.start, hit.entry.end), hit.entry.body) for hit in hits]
    return facts, items, tuple(places[:CITATIONS]), hits[0].score if hits else 0.0, ENOUGH_SCORE


def _enumerated(hits: Sequence[Hit], sources: Sources) -> tuple[str, ...]:
    """Return the members of the enumeration that stands nearest to the words that matched, of the best passages."""
    found = [
        (hit.score * (1 + len(members) ** 0.5) / (1 + _distance(span, hit) / 100), members)
        for hit in hits[:3]
        for span, members in enumerations(hit.entry.body, sources.vocabulary)
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else ()


def _distance(span: Span, hit: Hit) -> int:
    """Return how many characters lie between a stretch of a passage and the nearest highlight."""
    start, end = span.start + hit.entry.start, span.end + hit.entry.start
    return min((max(0, light.start - end, start - light.end) for light in hit.highlights), default=200)


def _say(
    understanding: Understanding,
    answered: bool,
    facts: Sequence[Fact],
    items: Sequence[str],
    citations: Sequence[Citation],
    sources: Sources,
) -> str:
    language = understanding.language
    if not answered:
        return sources.phrase("not-found", language, reports=len(sources.reports))
    if items:
        return sources.phrase("list", language, items=sources.phrase("comma", language).join(items))
    if understanding.shape == "comparison" and facts:
        companies = {fact.company: fact for fact in reversed(facts)}
        shown = [fact for fact in facts if companies[fact.company] is fact]
        return sources.phrase("stop", language).join(sources.sentence(fact, language) for fact in shown)
    if understanding.shape == "number" and facts:
        return sources.sentence(facts[0], language)
    report = sources.reports[citations[0].report]
    title = report.title.get(language) or next(iter(report.title.values()), report.id)
    return sources.phrase("quote", language, title=title, quote=_key_sentence(understanding.question, citations[0].quote))


def _key_sentence(question: str, quote: str) -> str:
    """Return the sentence of a passage that shares most character pairs with the question, else the first."""
    pairs = {question[i : i + 2] for i in range(len(question) - 1)}
    sentences = [found.group().strip() for found in _SENTENCE.finditer(quote) if found.group().strip()]

    def shared(sentence: str) -> float:
        return len(pairs & {sentence[i : i + 2] for i in range(len(sentence) - 1)})

    return _BOLD.sub("", max(sentences, key=shared, default=quote))
