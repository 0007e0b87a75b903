"""Comparators that stand apart from their number: before the noun, or at the end of a figure's caption."""

from functools import lru_cache

from kg.extraction.context import Context
from kg.lexicon import Lexicon
from kg.reading.folding import Folded
from kg.vocabulary import Matcher, Vocabulary


class Qualifiers:
    """Comparators that need not touch their number, gathered from a vocabulary once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather them."""
        comparators = list(vocabulary.of_type("Comparator"))
        self._far = Matcher(c for c in comparators if c.value("position") == "far")
        self._before = Lexicon(c for c in comparators if c.value("position") == "before")

    def comparator(self, context: Context) -> str:
        """Return the comparator of a number: the one beside it, else one that stands apart."""
        if context.quantity.comparator != "=":
            return context.quantity.comparator
        if context.segment.block.kind == "figure":
            text = context.segment.text.rstrip(' *"')
            word = self._before.before(text, len(text))
            if word and word.start >= context.quantity.end:
                return word.concept.notation or "="
        words = context.words(context.before)
        for match in self._far.find_folded(Folded(words, len(words))):
            return match.concept.notation or "="
        return "="


@lru_cache(maxsize=4)
def qualifiers(vocabulary: Vocabulary) -> Qualifiers:
    """Return the qualifiers of a vocabulary, gathered once."""
    return Qualifiers(vocabulary)
