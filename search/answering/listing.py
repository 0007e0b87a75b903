"""Answers that are names: of facts where the graph knows what is asked for, else of an enumeration in a passage."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kg.model import Fact, RiskFact, Span
from kg.reading.folding import compact
from kg.vocabulary import Match
from search.answering.drafting import Citation, Draft, Sources, places
from search.answering.fitting import Features, Measure, fit
from search.answering.judging import Wording
from search.answering.members import FEWEST, Enumeration
from search.answering.queries import named_query
from search.answering.understanding import Understanding
from search.index import Hit

SIMILAR = 0.7
ENOUGH_RANK = 0.35
CITED = 8
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
    """Return that enumeration of the best passages that fits the question best, by what stands in and around it."""
    found, features = candidates(understanding, hits, sources)
    if not found:
        return None
    scores = [fit(each) for each in features]
    best = max(range(len(found)), key=lambda i: scores[i])
    hit, enumeration = found[best]
    quote = enumeration.place.of(sources.reports[hit.entry.report].text)
    members = _places_of(enumeration.members, understanding, sources) or enumeration.members
    return Listed(members, Citation(hit.entry.report, enumeration.place, quote), scores[best])


def candidates(
    understanding: Understanding, hits: Sequence[Hit], sources: Sources
) -> tuple[Sequence[tuple[Hit, Enumeration]], Sequence[Features]]:
    """Return the enumerations of the best passages, each with the best passage that has it, and what they measure."""
    once = dict[tuple[str, Span, tuple[str, ...]], tuple[Hit, Enumeration]]()
    for hit in hits[:LIST_PASSAGES]:
        for one in sources.readings.enumerations(hit.entry.report, Span(hit.entry.start, hit.entry.end)):
            for each in _as_many(one, understanding.many):
                once.setdefault((hit.entry.report, each.place, each.members), (hit, each))
    found = list(once.values())
    if not found:
        return (), ()
    wording = Wording(understanding, sources.words(understanding.question))
    measure = Measure(understanding, wording, sources.likeness, sources.aligned)
    return found, measure.of(found, hits[0].score)


def _as_many(one: Enumeration, many: int | None) -> Iterator[Enumeration]:
    """Yield an enumeration, and where titles go on after those that a question speaks of, the first of them alone."""
    yield one
    if many is not None and FEWEST <= many < len(one.members) and one.kind in ("title", "heading", "line"):
        yield replace(one, members=one.members[:many])


def _places_of(members: Sequence[str], understanding: Understanding, sources: Sources) -> tuple[str, ...]:
    """Return the places that members name, as they name them, where a question asks for places."""
    if "place" not in understanding.wants:
        return ()
    found = [[m for m in sources.vocabulary.everything.find(member) if _is_place(m)] for member in members]
    named = [matches[0].span.of(member) for matches, member in zip(found, members, strict=True) if matches]
    return tuple(dict.fromkeys(named)) if len(named) > len(members) / 2 else ()


def _is_place(match: Match) -> bool:
    return any(concept.is_a("Place") for concept in match.concepts)
