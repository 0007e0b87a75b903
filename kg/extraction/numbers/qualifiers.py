"""Comparators that stand apart from their number: before the noun, or at the end of a figure's caption."""

from kg.extraction.numbers.context import Context
from kg.lexicon import Lexicon, blank
from kg.reading.folding import Folded
from kg.units import CODE
from kg.vocabulary import Matcher, Vocabulary, gathered


class Qualifiers:
    """Comparators that need not touch their number, gathered from a vocabulary once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather them."""
        comparators = list(vocabulary.of_type("Comparator"))
        self._far = Matcher(c for c in comparators if c.value("position") == "far")
        self._of = Lexicon([vocabulary.concept(f"{CODE}cue-of")])
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
        text, start = context.segment.text, blank(context.segment.text, context.quantity.start)
        of = self._of.before(text, start)
        for period in context.segment.periods if of else ():
            word = self._before.before(text, blank(text, period.start)) if of and period.end == of.start else None
            if word:
                return word.concept.notation or "="  # "about 2020's 2.6 times" in Chinese order
        words = context.words(context.before)
        for match in self._far.find_folded(Folded(words, len(words))):
            return match.concept.notation or "="
        return "="


@gathered
def qualifiers(vocabulary: Vocabulary) -> Qualifiers:
    """Return the qualifiers of a vocabulary, gathered once."""
    return Qualifiers(vocabulary)
