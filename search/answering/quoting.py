"""Answers that are passages: the best ones, first the one with the sentence that is most like the question."""

import re
from collections.abc import Sequence

from kg.vocabulary import Concept
from search.answering.conditions import ladder
from search.answering.drafting import Citation, Draft, Sources, places
from search.answering.judging import Wording
from search.answering.listing import listed
from search.answering.members import MARKUP
from search.answering.patterns import pattern
from search.answering.queries import named_query, number_query
from search.answering.understanding import NUMBER_KINDS, Understanding
from search.index import Hit

CITATIONS = 5
# A question that names nothing that the ontology knows may be about anything. Of 22 about ducks, football and Plato
# the best passages have a meaning like theirs (cosine) up to 0.26, one of 0.33; of 57 of bench/ that passages answer
# and that score low, all but four have more than 0.27. One that names a metric or a technology is about what reports
# tell of, and its own words may be others than the report's. A topic ("liquid cooling") gets the nearest passages,
# unless nothing at all comes near.
ENOUGH_LIKE = 0.27
ENOUGH_FOR_NAMED = 0.05
ENOUGH_FOR_TOPIC = 0.06
ENOUGH_LISTED = 7.0  # of the fit of an enumeration, where no passage is near: right four times of five
ENOUGH_BESIDE = 7.0  # of it, to stand beside the sentence that answers "what is ...?"
SENTENCES = 3  # passages whose sentences are compared
SHORTEST = 12  # characters of a sentence that can be an answer; shorter ones are headings and captions
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_CLAUSE = re.compile("[,;\uff0c\uff1b]")
LEAST_DATED = 0.27  # of the question's words in the sentence with the date
# What is no sentence: a heading, a line of a table of contents, what leads to something else.
_NO_SENTENCE = re.compile(r"^#|^[-\s\d]*\||[:\uff1a]$")
_SENTENCE = re.compile(r"[^\u3002\uff01\uff1f!?\n]+[\u3002\uff01\uff1f!?]?")


def by_passages(understanding: Understanding, hits: Sequence[Hit], sources: Sources) -> Draft:
    """Draft an answer from passages."""
    hits = speaking_of(understanding, hits)
    names = listed(understanding, hits, sources) if understanding.shape in ("list", "text") else None
    if names and understanding.shape == "text" and (names.score < ENOUGH_BESIDE or "when" in understanding.wants):
        names = None
    cited = places(hits[:CITATIONS])
    if "when" in understanding.wants and understanding.shape == "text":
        cited = _dated(understanding, hits[:CITATIONS], sources)
    elif understanding.shape == "text":
        cited[:SENTENCES] = _by_key_sentence(understanding.question, hits[:SENTENCES], sources)
    if names:
        cited = [names.citation, *cited][:CITATIONS]
    score = hits[0].score if hits else 0.0
    query = nearest_query(understanding, sources)
    facts = tuple(sources.fact(iri) for iri, _ in sources.select(query)[:CITATIONS])
    answered = bool(cited) and (_is_near(understanding, hits) or (names is not None and names.score >= ENOUGH_LISTED))
    items, fit = (names.members, names.score) if names else ((), 0.0)
    return Draft(query, answered, facts, items, tuple(cited), score, (), "" if answered else "not-found", fit)


def _is_near(understanding: Understanding, hits: Sequence[Hit]) -> bool:
    """Say whether the best passages can be about what is asked."""
    if not hits:
        return False
    if any(hit.why.similarity >= ENOUGH_LIKE for hit in hits[:SENTENCES]):
        return True
    named = bool(_named(understanding)) and hits[0].score >= ENOUGH_FOR_NAMED
    return named or (understanding.shape == "topic" and hits[0].score >= ENOUGH_FOR_TOPIC)


def _named(understanding: Understanding) -> set[Concept]:
    """Return what a question names beside places."""
    return set(understanding.concepts) - set(understanding.places)


def nearest_query(understanding: Understanding, sources: Sources) -> str:
    """Return the query for the facts that come nearest to a question."""
    if not understanding.kinds <= NUMBER_KINDS:
        return named_query(understanding, sources.vocabulary, narrowed=False)
    return number_query(understanding, list(ladder(understanding, sources.vocabulary))[-1], sources.vocabulary)


def speaking_of(understanding: Understanding, hits: Sequence[Hit]) -> Sequence[Hit]:
    """Return the passages that may speak of the companies asked about.

    A company with a report of its own is "we" there, and no other report speaks for it; any other must be named.
    """
    own, others = ({company.iri for company in found} for found in (understanding.companies, understanding.others))
    spoken = [hit for hit in hits if not others or others & set(hit.why.concepts)]
    return [hit for hit in spoken if not own or hit.entry.company in own]


def _dated(understanding: Understanding, hits: Sequence[Hit], sources: Sources) -> list[Citation]:
    """Return the places of the passages, first the one with a date for what is asked; none where there is none."""
    wording = Wording(understanding, sources.words(understanding.question))
    shares = [
        (wording.share(match.group()), -i)
        for i, hit in enumerate(hits)
        for match in _SENTENCE.finditer(hit.entry.body)
        if _says_when(match.group(), understanding, hit.entry.year or 0, sources)
    ]
    share, first = max(shares, default=(0.0, 0))
    cited = places(hits)
    return [cited[-first], *(place for place in cited if place is not cited[-first])] if share >= LEAST_DATED else []


def _says_when(sentence: str, understanding: Understanding, year: int, sources: Sources) -> bool:
    """Say whether a sentence has a date, after the report's year where a promise is asked for, and of no country."""
    clauses = _CLAUSE.split(sentence)
    month = re.compile(rf"\d ?(?:{pattern(sources.vocabulary, 'month').pattern})")
    for clause, following in zip(clauses, [*clauses[1:], ""], strict=True):
        found = [int(match.group()) for match in _YEAR.finditer(clause)]
        found += [0] * bool(month.search(clause))
        if "by when" in understanding.wants and not any(date > year for date in found):
            continue
        if found and (
            "national" in understanding.wants or not _is_national(sentence, f"{clause},{following}", sources)
        ):
            return True
    return False


def _is_national(sentence: str, clauses: str, sources: Sources) -> bool:
    """Say whether a date is the country's: where its clauses name the state, or the sentence does and no company."""

    def names(text: str) -> bool:
        found = sources.vocabulary.cues.find(text)
        return any("national" in concept.values("asks") for match in found for concept in match.concepts)

    ours = pattern(sources.vocabulary, "firm").search(sentence) or any(
        concept.is_a("Company") for match in sources.vocabulary.everything.find(sentence) for concept in match.concepts
    )
    return names(clauses) or (names(sentence) and not ours)


def _by_key_sentence(question: str, hits: Sequence[Hit], sources: Sources) -> list[Citation]:
    """Return the places of the best passages, first the one with the sentence that is most like the question."""
    cited = places(hits)
    best = [sentence_like(question, place.quote, sources)[1] for place in cited]
    order = sorted(range(len(cited)), key=lambda i: -(hits[i].score + best[i]))
    return [cited[i] for i in order]


def sentence_like(question: str, quote: str, sources: Sources) -> tuple[str, float]:
    """Return the sentence of a passage that is most like the question, and how like it is."""
    found = (match.group().strip() for match in _SENTENCE.finditer(MARKUP.sub("", quote)))
    sentences = [words for words in found if len(words) >= SHORTEST and not _NO_SENTENCE.search(words)] or [quote]
    like = sources.likeness(question, sentences)
    best = max(range(len(sentences)), key=lambda i: like[i])
    return sentences[best], like[best]
