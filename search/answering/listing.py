"""Answers that are names: of facts where the graph knows what is asked for, else of an enumeration in a passage."""

from collections.abc import Sequence
from dataclasses import dataclass

from kg.model import Fact, RiskFact, Span
from kg.reading.folding import compact
from kg.vocabulary import Match
from search.answering.drafting import Citation, Draft, Sources, places
from search.answering.judging import Wording
from search.answering.members import LONGEST, Enumeration
from search.answering.queries import named_query
from search.answering.understanding import Understanding
from search.index import Hit

SIMILAR = 0.7
ENOUGH_RANK = 0.35
CITED = 8
MARKED, MEMBER, MANY = 0.1, 0.03, 8  # as much as a word or two of likeness; nobody lists more than eight by chance
# A half of the likeness of meanings: on 55 questions for a list that were looked at it puts 0.78 of the names first,
# the whole of it 0.74. Beside it, the share of the question's words around an enumeration, as many members as the
# question speaks of or other, members that are places where places are asked for, the place that the question names.
LIKE, WORDED, COUNTED, MISCOUNTED, PLACED, LOCATED = 0.5, 0.5, 0.35, 0.15, 0.3, 0.2
TOLD = 0.15  # whole sentences are no names
LIST_PASSAGES = 10  # passages whose enumerations may answer a question for a list


@dataclass(frozen=True, slots=True)
class Listed:
    """The enumeration that answers, where it stands, and how well it fits."""

    members: tuple[str, ...]
    citation: Citation
    score: float


def by_names(understanding: Understanding, hits: Sequence[Hit], sources: Sources) -> Draft:
    """Draft an answer from facts that have names."""
    query = named_query(understanding, sources.vocabulary)
    rows = sources.select(query)
    if not rows:
        query = named_query(understanding, sources.vocabulary, narrowed=False)
        rows = sources.select(query)
    rows = [row for row in rows if row[1] >= SIMILAR * rows[0][1]]
    # in the order of the reports, which group their risks and measures
    facts = tuple(sorted((sources.fact(iri) for iri, _ in rows), key=lambda fact: (fact.report, fact.quote)))
    facts = tuple(fact for fact in facts if _is_named(fact, sources))
    items = tuple(dict.fromkeys(str(getattr(fact, "name", "")) for fact in facts))
    quotes = [sources.quote(fact) for fact in facts]
    rank = rows[0][1] if rows else 0.0
    answered = rank >= ENOUGH_RANK and bool(items) and not understanding.others
    return Draft(query, answered, facts, items, tuple([*quotes, *places(hits[:2])][:CITED]), rank)


def _is_named(fact: Fact, sources: Sources) -> bool:
    """Say whether a fact has a name of its own: a cell that says "opportunity" names none."""
    if not isinstance(fact, RiskFact):
        return True
    name = compact(fact.name).text
    named = sources.vocabulary.cues.find(fact.name)
    return not any(compact(match.label).text == name for match in named)


def listed(understanding: Understanding, hits: Sequence[Hit], sources: Sources) -> Listed | None:
    """Return that enumeration of the best passages that fits the question best, by what stands around it."""
    found = [
        (hit, enumeration)
        for hit in hits[:LIST_PASSAGES]
        for enumeration in sources.readings.enumerations(hit.entry.report, Span(hit.entry.start, hit.entry.end))
    ]
    if not found:
        return None
    like = sources.likeness(understanding.question, [enumeration.around for _, enumeration in found])
    wording = Wording(understanding, sources.words(understanding.question))
    scores = [
        hit.score
        + LIKE * like[i]
        + WORDED * wording.share(enumeration.around)
        + _fit(enumeration, understanding, sources)
        for i, (hit, enumeration) in enumerate(found)
    ]
    best = max(range(len(found)), key=lambda i: scores[i])
    hit, enumeration = found[best]
    quote = enumeration.place.of(sources.reports[hit.entry.report].text)
    members = _places_of(enumeration.members, understanding, sources) or enumeration.members
    return Listed(members, Citation(hit.entry.report, enumeration.place, quote), scores[best])


def _places_of(members: Sequence[str], understanding: Understanding, sources: Sources) -> tuple[str, ...]:
    """Return the places that members name, as they name them, where a question asks for places."""
    if "place" not in understanding.wants:
        return ()
    found = [[m for m in sources.vocabulary.everything.find(member) if _is_place(m)] for member in members]
    named = [matches[0].span.of(member) for matches, member in zip(found, members, strict=True) if matches]
    return tuple(dict.fromkeys(named)) if len(named) > len(members) / 2 else ()


def _is_place(match: Match) -> bool:
    return any(concept.is_a("Place") for concept in match.concepts)


def _fit(enumeration: Enumeration, understanding: Understanding, sources: Sources) -> float:
    """Return what an enumeration gains by being marked as one, by its length, and by naming what is asked for."""
    number = len(enumeration.members)
    fit = MARKED * enumeration.marked + MEMBER * min(number, MANY)
    fit -= TOLD * (sum(len(member) > LONGEST for member in enumeration.members) > number / 2)
    if understanding.many is not None:
        fit += COUNTED if number == understanding.many else -MISCOUNTED
    if understanding.places:
        near = {c.iri for match in sources.vocabulary.everything.find(enumeration.around) for c in match.concepts}
        fit += LOCATED * any(place.iri in near for place in understanding.places)
    if "place" in understanding.wants:
        named = [sources.vocabulary.everything.find(member) for member in enumeration.members]
        fit += PLACED * sum(any(map(_is_place, found)) for found in named) / number
    return fit
