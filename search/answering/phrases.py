"""The ontology's phrases, of which sentences are made."""

from kg.ids import BASE
from kg.vocabulary import Vocabulary


def phrase(vocabulary: Vocabulary, name: str, language: str, **filled: object) -> str:
    """Return a phrase, filled in.

    >>> from kg.settings import resource
    >>> phrase(Vocabulary.load(resource("ontology")), "read-years", "en", years=2023)
    'for 2023'
    """
    return vocabulary.concept(f"{BASE}code/phrase-{name}").label(language).format(**filled)
