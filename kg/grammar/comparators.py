"""Comparators: "more than", "at least", "about" on either side of a number."""

from kg.lexicon import Lexicon, Word
from kg.units import CODE
from kg.vocabulary import Vocabulary


class Comparators:
    """The comparators of a vocabulary by the side on which they stand."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather them."""
        known = list(vocabulary.of_type("Comparator"))
        after = {c.iri for c in known if c.value("position") == "after"}
        far = {c.iri for c in known if c.value("position") == "far"}
        self._before = Lexicon(c for c in known if c.iri not in after | far)
        self._other_words = Lexicon([vocabulary.concept(f"{CODE}cue-no-comparator")])
        self._after = Lexicon(c for c in known if c.iri in after)
        self._more = Lexicon([vocabulary.concept(f"{CODE}gt-after")])

    def before(self, text: str, position: int) -> Word | None:
        """Return the comparator that ends at a position."""
        return self._before.before(text, position)

    def more(self, text: str, position: int) -> Word | None:
        """Return a word such as "and more", or a plus sign, at a position."""
        return self._more.at(text, position)

    def around(self, text: str, first: int, last: int, inner: str | None) -> tuple[int, int | None, str]:
        """Return where the comparators before ``text[first:last]`` start, where those after it end, what all say.

        ``inner`` is the comparator that was read between the number and its unit.
        """
        start, before = self._leading(text, first)
        after = self._after.at(text, last + (text[last : last + 1] == " "))
        behind = inner or (after.concept.notation if after else None)
        weak = ("=", None) if not inner else ("=", None, ">", ">=", "<", "<=")
        sign = behind or before if before in weak or (after and before in ("~", "<=")) else before
        return start, after.end if after else None, sign or "="

    def _leading(self, text: str, position: int) -> tuple[int, str | None]:
        """Return where the comparators before a position start, and what they say; "reaching" gives way to "about"."""
        start, sign = position, None
        for _ in range(2):
            end = start - (text[start - 1 : start] == " ")
            word = self._before.before(text, end)
            other = self._other_words.before(text, end)
            if word is None or sign not in (None, "=") or (other and other.start < word.start):
                break
            start, sign = word.start, word.concept.notation if sign is None or word.concept.notation != "=" else sign
        return start, sign
