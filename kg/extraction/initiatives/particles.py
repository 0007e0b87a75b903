"""Small words around names (with, of, each, numerals, measure words) as groups of regular expressions."""

from kg import ids
from kg.lexicon import alternatives
from kg.vocabulary import Vocabulary

NUMERALS = (*(f"numeral-{n}" for n in range(1, 10)), "ten-to-1")


def any_of(vocabulary: Vocabulary, *names: str) -> str:
    """Return the Chinese labels of some concepts, named by the ends of their IRIs, as one group; folded.

    A concept that a vocabulary lacks has no labels; a group of none matches nothing.
    """
    iris = [f"{ids.BASE}code/{name}" for name in names]
    words = alternatives((vocabulary.concept(iri) for iri in iris if iri in vocabulary), ascii=False)
    return f"(?:{words or '(?!)'})"
