"""What finds the ontology's small words: those that lists and questions are put together with, and numerals."""

import re
from collections.abc import Mapping
from functools import lru_cache

from kg.reading.folding import fold
from kg.vocabulary import Vocabulary


@lru_cache(maxsize=64)
def pattern(vocabulary: Vocabulary, role: str) -> re.Pattern[str]:
    """Return what finds the words of a role in folded text; Latin ones are too common to be cues."""
    cues = (cue for cue in vocabulary.of_type("EnumerationCue") if role in cue.values("asks"))
    words = {fold(label.text).text for cue in cues for label in cue.labels if label.language != "en"}
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))) or "(?!)")


@lru_cache(maxsize=4)
def numerals(vocabulary: Vocabulary) -> Mapping[str, int]:
    """Return what the words for small numbers stand for, in both languages.

    >>> from kg.settings import resource
    >>> found = numerals(Vocabulary.load(resource("ontology")))
    >>> found["八"], found["eight"]
    (8, 8)
    """
    concepts = [concept for concept in vocabulary.of_type("Numeral") if concept.value("factor")]
    values = {fold(label.text).text: float(c.value("factor") or 0) for c in concepts for label in c.labels}
    return {word: int(value) for word, value in values.items() if value.is_integer()}


@lru_cache(maxsize=4)
def totals(vocabulary: Vocabulary) -> re.Pattern[str]:
    """Return what finds a number with a word that sums up a list: "A, B and C, three systems in all"."""
    number = "|".join(map(re.escape, numerals(vocabulary)))
    return re.compile(rf"(?:{number}|\d)+(?:{pattern(vocabulary, 'total').pattern})")


@lru_cache(maxsize=4)
def multipliers(vocabulary: Vocabulary) -> re.Pattern[str]:
    """Return what finds words such as "million" between a number and its unit."""
    words = {fold(label.text).text for concept in vocabulary.of_type("Multiplier") for label in concept.labels}
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))) or "(?!)")
