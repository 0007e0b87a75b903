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
from kg.reading.blocks import Document
from kg.vocabulary import Concept, Vocabulary
from search.enumerations import Enumeration, enumerations
from search.index import Hit
from search.queries import Query, queries
from search.understanding import NUMBER_KINDS, Understanding, understand

Row = tuple[str, float]  # a fact's IRI and its rank
FACTS = 8  # facts that an answer shows
PASSAGES = 10
CITATIONS = 5
EACH = 3  # facts of a company in a comparison, if they rank at SIMILAR times its best fact or higher
SIMILAR = 0.7
# An answer by facts needs this rank, one by passages this score: of the 80 questions in bench/ the right answers by
# facts rank from 0.43 on, and the questions without an answer score up to 0.28 and 0.16. A topic ("liquid cooling in
# data centres") asks for passages and gets the nearest ones, unless nothing at all comes near.
ENOUGH_RANK = 0.35
ENOUGH_SCORE = 0.17
ENOUGH_FOR_TOPIC = 0.08
SENTENCES = 3  # passages whose sentences are compared
MARKED, MEMBER, MANY = 0.1, 0.03, 10  # as much as a word or two of likeness; nobody lists more than ten by chance
LIST_PASSAGES = 5  # passages whose enumerations may answer a question for a list

_MARKUP = re.compile(r"\*\*|</?[a-z][^<>]{0,200}>")
SHORTEST = 12  # characters of a sentence that can be an answer; shorter ones are headings and captions
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
    document: Callable[[str], Document]
    likeness: Callable[[str, Sequence[str]], Sequence[float]]
    sentence: Callable[[Fact, str], str]

    def phrase(self, name: str, language: str, **filled: object) -> str:
        """Return one of the ontology's phrases, filled in."""
        return self.vocabulary.concept(f"{BASE}code/phrase-{name}").label(language).format(**filled)


def answer(question: str, sources: Sources) -> Answer:
    """Answer a question."""
    understanding = understand(question, sources.vocabulary)
    query, rows = _first_with_rows(understanding, sources)
    hits = sources.passages(question, PASSAGES)
    compose = _by_facts if _asks_for_facts(understanding, rows) else _by_passages
    facts, items, citations, confidence, enough = compose(understanding, rows, hits, sources)
    answered = query.exact and bool(citations) and confidence >= enough
    text = _say(understanding, answered, facts, items, citations, sources)
    return Answer(understanding, answered, text, facts, items, citations, tuple(hits), query.text, min(1.0, confidence))


Draft = tuple[tuple[Fact, ...], tuple[str, ...], tuple[Citation, ...], float, float]


def _first_with_rows(understanding: Understanding, sources: Sources) -> tuple[Query, list[Row]]:
    """Return the first query that finds something, with its rows; the strictest query where none does."""
    tried = list(queries(understanding, sources.vocabulary))
    for query in tried:
        rows = sources.select(query.text)
        if rows:
            return query, rows
    return tried[0], []


def _asks_for_facts(understanding: Understanding, rows: Sequence[Row]) -> bool:
    if not rows:
        return False
    named = not understanding.kinds <= NUMBER_KINDS
    return understanding.shape in ("number", "comparison") or (understanding.shape == "list" and named)


def _by_facts(understanding: Understanding, rows: list[Row], hits: Sequence[Hit], sources: Sources) -> Draft:
    if understanding.shape == "list":
        rows = [row for row in rows if row[1] >= SIMILAR * rows[0][1]]
    chosen = each_company(rows, sources) if understanding.shape == "comparison" else [iri for iri, _ in rows]
    facts = tuple(sources.fact(iri) for iri in chosen[: FACTS if understanding.shape != "list" else None])
    if understanding.shape == "list":  # in the order of the reports, which group their risks and measures
        facts = tuple(sorted(facts, key=lambda fact: (fact.report, fact.quote)))
    items = tuple(dict.fromkeys(getattr(fact, "name", "") for fact in facts)) if understanding.shape == "list" else ()
    quotes = [Citation(fact.report, fact.quote, fact.quote.of(sources.reports[fact.report].text)) for fact in facts]
    # The first quote carries the answer; the best passages stand beside it, should another fact be the one meant.
    first = 1 if understanding.shape == "number" else len(quotes)
    places = [*quotes[:first], *_places(hits[:2]), *quotes[first:]]
    return facts, items, tuple(places[:FACTS]), rows[0][1], ENOUGH_RANK


def _places(hits: Sequence[Hit]) -> list[Citation]:
    return [Citation(hit.entry.report, Span(hit.entry.start, hit.entry.end), hit.entry.body) for hit in hits]


def each_company(rows: Sequence[Row], sources: Sources) -> list[str]:
    """Return for each company the fact to compare, then others that rank about as high.

    What is compared is the metric of the best fact: a company's fact about it goes before a better worded one about
    something else.
    """
    facts = {iri: sources.fact(iri) for iri, _ in rows}
    metric = getattr(facts[rows[0][0]], "metric", None)
    by_company: dict[str, list[Row]] = {}
    for row in rows:
        by_company.setdefault(facts[row[0]].company, []).append(row)
    chosen = []
    for found in by_company.values():
        near = [row for row in found if row[1] >= SIMILAR * found[0][1]]
        alike = [row for row in near if getattr(facts[row[0]], "metric", None) == metric]
        chosen.append(list(dict.fromkeys([*alike, *near]))[:EACH])
    return [*(found[0][0] for found in chosen), *(iri for found in chosen for iri, _ in found[1:])]


def _by_passages(understanding: Understanding, rows: list[Row], hits: Sequence[Hit], sources: Sources) -> Draft:
    facts = tuple(sources.fact(iri) for iri, _ in rows[:FACTS])
    hits = _speaking_of(understanding.companies, hits, sources)
    items = _enumerated(understanding.question, hits, sources) if understanding.shape == "list" else ()
    enough = ENOUGH_FOR_TOPIC if understanding.shape == "topic" else ENOUGH_SCORE
    places = _places(hits[:CITATIONS])
    if understanding.shape == "text":
        places[:SENTENCES] = _by_key_sentence(understanding.question, hits[:SENTENCES], sources)
    return facts, items, tuple(places), hits[0].score if hits else 0.0, enough


def _speaking_of(companies: Sequence[Concept], hits: Sequence[Hit], sources: Sources) -> Sequence[Hit]:
    """Return the passages that may speak of the companies asked about.

    A company with a report of its own is "we" there; any other must be named.
    """
    publishers = {report.company for report in sources.reports.values()}
    named = {company.iri for company in companies}
    if not named or named & publishers:
        return hits
    return [hit for hit in hits if named & set(hit.why.concepts)]


def _by_key_sentence(question: str, hits: Sequence[Hit], sources: Sources) -> list[Citation]:
    """Return the places of the best passages, first the one with the sentence that is most like the question."""
    places = _places(hits)
    best = [sentence_like(question, place.quote, sources)[1] for place in places]
    order = sorted(range(len(places)), key=lambda i: -(hits[i].score + best[i]))
    return [places[i] for i in order]


def _enumerated(question: str, hits: Sequence[Hit], sources: Sources) -> tuple[str, ...]:
    """Return the members of that enumeration of the best passages whose surroundings are most like the question."""
    found = [
        (hit.score, enumeration)
        for hit in hits[:LIST_PASSAGES]
        for enumeration in enumerations(
            sources.document(hit.entry.report), Span(hit.entry.start, hit.entry.end), sources.vocabulary
        )
    ]
    if not found:
        return ()
    like = sources.likeness(question, [enumeration.around for _, enumeration in found])
    best = max(range(len(found)), key=lambda i: found[i][0] + like[i] + _listlike(found[i][1]))
    return found[best][1].members


def _listlike(enumeration: Enumeration) -> float:
    """Return what an enumeration gains by being one: a sentence with three nouns in a row answers no question."""
    return MARKED * enumeration.marked + MEMBER * min(len(enumeration.members), MANY)


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
        nearest = understanding.shape == "number" and facts and sources.sentence(facts[0], language)
        phrase = "nearest" if nearest else "not-found"
        return sources.phrase(phrase, language, reports=len(sources.reports), nearest=nearest)
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
    quote = sentence_like(understanding.question, citations[0].quote, sources)[0]
    return sources.phrase("quote", language, title=title, quote=quote)


def sentence_like(question: str, quote: str, sources: Sources) -> tuple[str, float]:
    """Return the sentence of a passage that is most like the question, and how like it is."""
    found = (match.group().strip() for match in _SENTENCE.finditer(_MARKUP.sub("", quote)))
    sentences = [words for words in found if len(words) >= SHORTEST and not words.startswith("#")] or [quote]
    like = sources.likeness(question, sentences)
    best = max(range(len(sentences)), key=lambda i: like[i])
    return sentences[best], like[best]
