"""Classes of mentions: what the ontology alone declares to be looked for by its labels.

A class below ``o:Mention`` names by ``o:mentionOf`` a class of concepts; where a report names such a concept, that is a
fact of the class. No code knows of any such class.
"""

from collections.abc import Mapping
from functools import lru_cache

from kg import ids
from kg.vocabulary import Concept, Vocabulary

MENTION_OF = f"{ids.ONTOLOGY}mentionOf"


@lru_cache(maxsize=4)
def _classes(vocabulary: Vocabulary) -> Mapping[str, tuple[str, ...]]:
    """Return the classes of mentions of each class of concepts."""
    found: dict[str, list[str]] = {}
    for concept in vocabulary.concepts.values():
        for named in concept.values(MENTION_OF):
            found.setdefault(named, []).append(concept.iri)
    return {named: tuple(sorted(classes)) for named, classes in found.items()}


def mention_classes(iri: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the IRIs of the classes that a mention of a concept is of; none for a concept that is not looked for."""
    if iri not in vocabulary:
        return ()
    types, classes = vocabulary.concept(iri).types, _classes(vocabulary)
    return tuple(sorted({one for type_ in types for one in classes.get(type_, ())}))


@lru_cache(maxsize=4)
def mentionable(vocabulary: Vocabulary) -> tuple[Concept, ...]:
    """Return the concepts that are looked for."""
    classes = _classes(vocabulary)
    return tuple(concept for concept in vocabulary.concepts.values() if classes.keys() & concept.types)
