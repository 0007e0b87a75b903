"""Answers: facts first, passages in support; absence is said, not hidden.

::

    question --understand--> Understanding --queries--> SPARQL --select--> rows --judge--+
             --search--> passages -------------------------------------------------------+--draft--say--> Answer
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.model import Fact
from search.answering.comparing import by_sides
from search.answering.drafting import Citation, Draft, Sources
from search.answering.figures import by_numbers
from search.answering.given import Given, corrected
from search.answering.judging import Wording
from search.answering.listing import by_names
from search.answering.quoting import by_passages, nearest_query
from search.answering.reading_back import read_back
from search.answering.saying import say
from search.answering.strangers import whose
from search.answering.suggesting import suggestions
from search.answering.understanding import NUMBER_KINDS, Understanding, understand
from search.index import Hit

__all__ = ["Answer", "Citation", "Given", "Sources", "answer"]

PASSAGES = 10
NARROW = 6.0  # the rarity of about two words, without which a question asks for all technologies of a company
AS_ASKED = Given()
ENOUGH_FOR_NAMES = (
    6.0  # of the fit of an enumeration, to go before the names that the graph has: right every other time
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What Tantu answers.

    ``facts`` come best first; ``items`` are the names that a question for a list asks for; ``sparql`` is the query
    that found the facts; ``confidence`` lies between 0 and 1; ``relaxed`` names the conditions of the question that
    the facts do not meet; ``readback`` says how the question was read; ``suggestions`` are questions to go on with.
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
    relaxed: tuple[str, ...] = ()
    readback: str = ""
    suggestions: tuple[str, ...] = ()


def answer(question: str, sources: Sources, given: Given = AS_ASKED) -> Answer:
    """Answer a question; what is given goes before what it names.

    :raises NotFound: if there is no such company, metric or kind of answer.
    """
    understanding = whose(understand(question, sources.vocabulary), sources)
    understanding = corrected(understanding, given, sources.vocabulary, sources.company)
    hits = sources.passages(question, PASSAGES)
    draft = _draft(understanding, hits, sources)
    if not draft.answered and understanding.others and not understanding.companies:
        draft = replace(draft, reason="no-report")
    text = say(understanding, draft, sources)
    return Answer(
        understanding,
        draft.answered,
        text,
        draft.facts,
        draft.items,
        draft.citations,
        tuple(hits),
        draft.query,
        min(1.0, draft.confidence),
        draft.relaxed,
        read_back(understanding, draft, sources.vocabulary),
        suggestions(understanding, draft, sources),
    )


def _draft(understanding: Understanding, hits: Sequence[Hit], sources: Sources) -> Draft:
    if understanding.outsiders:
        return Draft(nearest_query(understanding, sources), False, reason="no-report")
    if understanding.shape == "comparison":
        return by_sides(understanding, hits, sources)
    if understanding.shape == "number":
        return by_numbers(understanding, hits, sources)
    if understanding.shape != "list" or understanding.kinds <= NUMBER_KINDS or "place" in understanding.wants:
        return by_passages(understanding, hits, sources)
    return by_either(understanding, hits, sources)


def by_either(understanding: Understanding, hits: Sequence[Hit], sources: Sources) -> Draft:
    """Draft names from the graph; where a passage lists just what is asked for, from that passage.

    Risks and opportunities are whole in the graph; of technologies and measures a question mostly wants those of a
    place or a project, which a passage knows.
    """
    named = by_names(understanding, hits, sources)
    narrow = Wording(understanding, sources.words(understanding.question)).weight >= NARROW
    if named.answered and (_of_kind_sought(understanding, sources) or not narrow):
        return named
    listed = by_passages(understanding, hits, sources)
    if not named.answered or (listed.items and listed.fit >= ENOUGH_FOR_NAMES):
        return listed
    return named


def _of_kind_sought(understanding: Understanding, sources: Sources) -> bool:
    """Say whether risks or opportunities are what is to be named, and not the steps by which they are found."""
    kinds = understanding.kinds & {"risk", "opportunity"}
    named = {
        value
        for match in sources.vocabulary.cues.find(understanding.sought)
        for concept in match.concepts
        for value in concept.values("asks")
    }
    return bool(kinds) and (not understanding.sought or bool(kinds & named))
