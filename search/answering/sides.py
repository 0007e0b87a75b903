"""The sides of a comparison: what a question names on each side of "and", "versus" or "or"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from kg.reading.folding import compact
from kg.vocabulary import Concept, Vocabulary
from search.answering.cues import years_in
from search.answering.patterns import pattern
from search.answering.understanding import Understanding
from search.tokens import tokens

# Words that stand between sides. "Versus" and "or" always do; "and" may as well join two words of one name.
_STRONG = r"\b(?:versus|vs\.?|or|than|as against|(?:as )?compared (?:with|to)|with that of|with those of)\b"
_WEAK = r"\b(?:and|with)\b|\u3001"
_CLAUSE = re.compile(r"[,;:?!\u3002]")
MOST = 5  # sides; who names more lists things
COMPANY, YEAR, PLACE, SURE = 4, 2, 2, 3  # what tells parts of a question apart as sides


@dataclass(frozen=True, slots=True)
class Side:
    """A side: the words that only it has, and what of the ontology is named there."""

    words: frozenset[str]
    companies: frozenset[str] = frozenset()
    years: tuple[int, ...] = ()
    places: tuple[Concept, ...] = ()
    metrics: frozenset[str] = frozenset()


def sides_of(understanding: Understanding, vocabulary: Vocabulary) -> tuple[Side, ...]:
    """Return the sides that a question compares, none where it names no two.

    >>> from kg.settings import resource
    >>> from search.answering.understanding import understand
    >>> words = Vocabulary.load(resource("ontology"))
    >>> seen = understand("Compare the PUE of Fuzhou in 2021 with that of Taiyuan in 2023", words)
    >>> [(side.years, [place.label("en") for place in side.places]) for side in sides_of(seen, words)]
    [((2021,), ['Fuzhou']), ((2023,), ['Taiyuan'])]
    """
    split = max(_splits(understanding, vocabulary), key=_apart, default=())
    companies = [company.iri for company in understanding.companies]
    if len(companies) > 1 and {iri for side in split for iri in side.companies} != set(companies):
        return tuple(Side(frozenset(), frozenset({iri})) for iri in companies)
    if len(companies) > 1 and any(len(side.companies) > 1 for side in split):
        return tuple(Side(frozenset(), frozenset({iri})) for iri in companies)
    if not split and len(understanding.years) > 1:
        return tuple(Side(frozenset(), years=(year,)) for year in understanding.years)
    return tuple(split)


def of_side(understanding: Understanding, side: Side) -> Understanding:
    """Return what a question asks of one side."""
    named = tuple(metric for metric in understanding.asked if metric.iri in side.metrics)
    companies = tuple(company for company in understanding.companies if company.iri in side.companies)
    return replace(
        understanding,
        asked=named or understanding.asked,
        companies=companies or understanding.companies,
        places=side.places or understanding.places,
        years=side.years or understanding.years,
    )


def _apart(split: Sequence[Side]) -> float:
    """Say how well the parts of a question stand for sides."""
    several = [
        weight
        for weight, named in (
            (COMPANY, [side.companies for side in split]),
            (YEAR, [frozenset(side.years) for side in split]),
            (PLACE, [frozenset(place.iri for place in side.places) for side in split]),
        )
        if len({each for each in named if each}) > 1
    ]
    return sum(several) + len(split) / 10


def _splits(understanding: Understanding, vocabulary: Vocabulary) -> Iterator[tuple[Side, ...]]:
    text = compact(understanding.question).text
    for joins in _joins(vocabulary):
        parts = list(_parts(text, [match.span() for match in joins.finditer(text)]))
        if 1 < len(parts) <= MOST:
            yield _sides(parts, understanding, vocabulary)


def _parts(text: str, joins: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Yield the parts of a text between joins, none of them going on beyond its clause but where a join follows."""
    ends = [*(start for start, _ in joins), len(text)]
    starts = [0, *(end for _, end in joins)]
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        part = text[start:end].strip(" ,;:")
        clauses = [clause for clause in _CLAUSE.split(part) if clause.strip()]
        if clauses and joins:
            yield clauses[-1] if i == 0 else clauses[0]


def _sides(parts: Sequence[str], understanding: Understanding, vocabulary: Vocabulary) -> tuple[Side, ...]:
    words = [{token.word for token in tokens(part)} for part in parts]
    found = []
    for i, part in enumerate(parts):
        others = set().union(*(words[j] for j in range(len(parts)) if j != i))
        named = {c.iri: c for match in vocabulary.everything.find(part) for c in match.concepts}
        found.append(
            Side(
                frozenset(words[i] - others),
                frozenset(company.iri for company in understanding.companies if company.iri in named),
                years_in(part),
                tuple(place for place in understanding.places if place.iri in named),
                frozenset(metric.iri for metric in understanding.asked if metric.iri in named),
            )
        )
    return tuple(side for side in found if side.words)


@lru_cache(maxsize=4)
def _joins(vocabulary: Vocabulary) -> tuple[re.Pattern[str], ...]:
    strong, weak = pattern(vocabulary, "rivalry").pattern, pattern(vocabulary, "conjunction").pattern
    return re.compile(f"{_STRONG}|{strong}"), re.compile(f"{_WEAK}|{weak}")
