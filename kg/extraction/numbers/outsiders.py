"""Outsiders: suppliers that do something, firms with a name of their own, "this customer", "a hospital in Madrid"."""

import re
from functools import lru_cache

from kg.extraction.numbers.context import Context
from kg.lexicon import Lexicon
from kg.reading.folding import HAN
from kg.units import CODE
from kg.vocabulary import Vocabulary

Stretch = tuple[int, int]
_NAME = range(3, 15)  # characters of an organisation's name in Chinese, without the place and the word that ends it
_HAN = re.compile(rf"[{HAN}]+\Z")
_LEAD = 4  # folded characters before a name that still begins its sentence: a bullet, a bracket, "in"
_BRANCH = 3  # folded characters between a place and the word for a branch: "Zhejiang Company"
_STRANGER = 32  # folded characters after "a" in which the word for a customer stands


class Outsiders:
    """The words for those who act for themselves, gathered from a vocabulary once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather them."""

        def cue(*names: str) -> Lexicon:
            return Lexicon([vocabulary.concept(f"{CODE}cue-{name}") for name in names])

        self._supplier, self._organisation, self._this = cue("supplier"), cue("organisation"), cue("this")
        self._narrows, self._generic, self._of = cue("class-modifier"), cue("generic"), cue("of")
        self._common, self._uses = cue("governing", "company", "class-modifier", "of"), cue("uses")
        self._article, self._definite = cue("article"), cue("definite")

    def of(self, context: Context) -> Stretch | None:
        """Return the stretch of an outsider of whom the sentence of a number speaks."""
        found = self._supplying(context) or self._this_one(context) or self._named(context)
        return found or self._introduced(context)

    def _supplying(self, context: Context) -> Stretch | None:
        """Read "of our key suppliers 93 have ...": suppliers that are the subject, not those that are trained."""
        text = context.segment.text
        own = (context.clause[0], context.quantity.start)
        bare = own[1] - own[0] <= _LEAD and not any(context.found("Direction", own))  # "..., making up 21%"
        for start in dict.fromkeys((context.clause[0], context.sentence[0] if bare else context.clause[0])):
            word = next(self._supplier.within(text, start, context.quantity.start), None)
            if word:
                first = self._narrowed(text, start, word.start, self._narrows, self._generic)
                if self._begins(context, start, first) or self._of.before(text, first):
                    return self._narrowed(text, start, word.start, self._narrows), word.end
        return None

    @staticmethod
    def _narrowed(text: str, floor: int, position: int, *narrowing: Lexicon) -> int:
        """Return where the words that narrow a noun begin."""
        while True:
            blank = position - (text[position - 1 : position] == " ")
            word = next((w for lexicon in narrowing if (w := lexicon.before(text, blank))), None)
            if word is None or word.start < floor:
                return position
            position = word.start

    def _begins(self, context: Context, start: int, first: int) -> bool:
        """Say whether nothing but a date or the company's name stands before a noun in its clause."""
        known = [(p.start, p.end) for p in context.segment.periods if start <= p.start < first]
        known += [(m.start, m.end) for kind in ("company", "Company") for m in context.found(kind, (start, first))]
        for begin, end in sorted(known):
            start = end if begin - start <= 1 else start
        return not context.words((start, first)).strip(' -*"')

    def _this_one(self, context: Context) -> Stretch | None:
        """Read "this customer plans to ..."."""
        for start in dict.fromkeys((context.clause[0], context.sentence[0])):
            for party in context.found("outside", (start, context.quantity.start)):
                word = self._this.before(context.segment.text, party.start)
                if word and word.start - start <= 1:
                    return word.start, party.end
        return None

    def _named(self, context: Context) -> Stretch | None:
        """Read a firm, a school or a bank that uses something, and whose own name a sentence begins with."""
        text, start = context.segment.text, context.sentence[0]
        start += len(text[start:]) - len(text[start:].lstrip(' -*"'))
        reach = start + _NAME.start, min(context.quantity.start, start + _NAME.stop)
        word = next(self._organisation.within(text, *reach), None)
        if word and self._uses.at(text, word.end) and self._is_foreign(context, start, word.start):
            return start, word.end
        return None

    def _is_foreign(self, context: Context, start: int, end: int) -> bool:
        """Say whether a stretch is a name, and not the company's or that of one of its branches."""
        text, company = context.segment.text, context.segment.report.company
        if any(company in {c.iri for c in m.concepts} for m in context.found("Company", (start, end + _LEAD))):
            return False
        first = max((m.end for m in context.found("Place", (start, end))), default=start)
        name = text[first:end]
        if first > start and len(name) <= _BRANCH:
            return False
        common = any(w.end <= end and w.end - w.start > 1 for w in self._common.within(text, start, end))
        return len(name) in _NAME and _HAN.match(name) is not None and not common

    def _introduced(self, context: Context) -> Stretch | None:
        """Read "A hospital in Madrid that ...", "One retail customer ...", "The landlord ..."."""
        text, start = context.segment.text, context.sentence[0]
        start += len(text[start:]) - len(text[start:].lstrip(' -*"'))
        article, definite = self._article.at(text, start), self._definite.at(text, start)
        first = article or definite
        if first is None:
            return None
        reach = (first.end, min(context.quantity.start, first.end + _STRANGER))
        for kind in ("outside", "customer"):
            for party in context.found(kind, reach):
                if article or party.start - first.end <= 1:
                    return start, party.end
        return None


@lru_cache(maxsize=4)
def outsiders(vocabulary: Vocabulary) -> Outsiders:
    """Return the words for outsiders of a vocabulary, gathered once."""
    return Outsiders(vocabulary)
