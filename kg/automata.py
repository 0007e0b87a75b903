"""Automata over labels: built once for the same concepts, since each takes up to a fifth of a second.

A collection adds companies, so what finds companies is built for each of them; all else is shared.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import ahocorasick

from kg.concepts import Concept
from kg.reading.folding import compact

Word = tuple[str, tuple[Concept, ...], bool]  # folded, with what carries it, and whether it ends in a Latin letter
Carriers = Mapping[str, Mapping[str, Concept]]  # folded words, each with the concepts that carry it, by IRI
KEPT = 64  # sets of concepts; an ontology has some forty


class Automaton(NamedTuple):
    """The words of some concepts: ``words`` finds them all, none has fewer characters than ``shortest``."""

    words: Any
    shortest: int


class _Same:
    """Concepts that are equal to the very same ones only: to compare labels would take as long as to build."""

    def __init__(self, concepts: Sequence[Concept]) -> None:
        self.concepts = concepts
        self._key = tuple(map(id, concepts))

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self._key == other._key


def automata(concepts: Iterable[Concept], roles: frozenset[str]) -> list[Automaton]:
    """Return automata that together find the labels of some concepts: one of companies, one of all others.

    A word that two concepts carry is one match, so what shares a word with companies goes with them.
    """
    given = list(concepts)
    companies = [concept for concept in given if concept.is_a("Company")]
    others = _Same([concept for concept in given if not concept.is_a("Company")])
    with_them = _kin(companies, _carriers(others, roles), roles) if companies else set[str]()
    chosen = _Same([concept for concept in given if concept.iri in with_them])
    left_out = frozenset(concept.iri for concept in chosen.concepts if not concept.is_a("Company"))
    built = [_of_companies(chosen, roles), _of_others(others, left_out, roles)]
    return [automaton for automaton in built if automaton.shortest < sys.maxsize]


def _kin(companies: Iterable[Concept], carriers: Carriers, roles: frozenset[str]) -> set[str]:
    """Return the IRIs of companies, of what shares a word with them, of what shares a word with that, and so on."""
    found, queue = set[str](), list(companies)
    while queue:
        concept = queue.pop()
        if concept.iri not in found:
            found.add(concept.iri)
            for word in _words([concept], roles):
                queue.extend(carriers.get(word, {}).values())
    return found


def _words(concepts: Iterable[Concept], roles: frozenset[str]) -> dict[str, dict[str, Concept]]:
    """Return the folded labels of some concepts, each with those that carry it."""
    words: dict[str, dict[str, Concept]] = defaultdict(dict)
    for concept in concepts:
        for label in concept.labels:
            word = compact(label.text).text.strip()
            if label.role in roles and word:
                words[word][concept.iri] = concept
    return words


@lru_cache(maxsize=KEPT)
def _carriers(concepts: _Same, roles: frozenset[str]) -> Carriers:
    return _words(concepts.concepts, roles)


@lru_cache(maxsize=KEPT)
def _of_companies(concepts: _Same, roles: frozenset[str]) -> Automaton:
    return _built(_words(concepts.concepts, roles))


@lru_cache(maxsize=KEPT)
def _of_others(concepts: _Same, left_out: frozenset[str], roles: frozenset[str]) -> Automaton:
    carriers = _carriers(concepts, roles)
    return _built({word: found for word, found in carriers.items() if left_out.isdisjoint(found)})


def _built(words: Carriers) -> Automaton:
    automaton = ahocorasick.Automaton()
    for word, carriers in words.items():
        bounded = word[0].isascii() or word[-1].isascii()
        automaton.add_word(word, (word, tuple(carriers.values()), bounded))
    if words:
        automaton.make_automaton()
    return Automaton(automaton, min(map(len, words), default=sys.maxsize))
