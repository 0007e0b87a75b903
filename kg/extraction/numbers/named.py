"""Things with a name: a company's own tower or app, "this system", a product that opens its paragraph."""

import re
from functools import lru_cache

from kg.extraction.numbers.context import Context
from kg.extraction.numbers.joint import ORG
from kg.lexicon import Lexicon
from kg.reading.folding import HAN
from kg.units import CODE
from kg.vocabulary import Match, Vocabulary

Stretch = tuple[int, int]
_NAMING = re.compile(rf"[{HAN}\w()+-]")  # signs of which a name in Chinese is made
_NAMED = re.compile(rf"[{HAN}]+| [a-z][\w' -]*")  # the name of a subsidiary
_VERBS = ("Metric", "Aggregation", "Direction")  # words that a name does not hold
_NAME = 24  # folded characters of a name in quotation marks
_LEAD = 3  # folded characters before a name that still begins its sentence: a bullet, a quotation mark
_TITLE = 30  # folded characters of a first sentence that does no more than name a product
_OPENING = 12  # folded characters before a thing that still open a paragraph: a verb
_OWN = 3  # characters of a name before "system" or "platform" that make it one system's own
_SHORTEST = 2  # characters of a name
_NOUN = 8  # folded characters between a name in quotation marks and the word for a programme


class Named:
    """The words for things with names, gathered from a vocabulary once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather them."""

        def cue(name: str) -> Lexicon:
            return Lexicon([vocabulary.concept(f"{CODE}cue-{name}")])

        self._this, self._thing, self._product = cue("this"), cue("own-thing"), cue("product")
        self._develops, self._idea, self._activity = cue("develops"), cue("no-thing"), cue("activity")
        self._daughter, self._all = cue("subsidiary"), cue("whole-group")
        self._governing, self._of = cue("governing"), cue("of")

    def of(self, context: Context) -> Stretch | None:
        """Return the stretch that names a thing of the company in the sentence before a number."""
        found = self._owned(context, context.sentence[0]) or self._this_one(context) or self._quoted(context)
        return found or _unit_of(context) or self._subsidiary(context) or self._begun(context)

    def opening(self, context: Context) -> Stretch | None:
        """Return the thing with which the first sentence of a paragraph begins: the next ones are about it too."""
        first = context.segment.sentence(0)
        if context.sentence == first:
            return None
        owned = self._owned(context, first[0], min(first[1], first[0] + _OPENING + _NAME))
        return owned or self._product_of(context, first)

    def _owned(self, context: Context, start: int, end: int | None = None) -> Stretch | None:
        """Read a tower or an app that bears the company's name."""
        text, company = context.segment.text, context.segment.report.company
        for match in context.found("Company", (start, context.quantity.start if end is None else end)):
            if any(concept.iri == company for concept in match.concepts):
                word = self._thing.at(text, match.end + (text[match.end : match.end + 1] == " "))
                if word:
                    return match.start, word.end
                for place in context.found("Place", (match.end, context.quantity.start)):
                    if text[match.end : place.start] == " ":
                        return match.start, place.end
        return None

    def _subsidiary(self, context: Context) -> Stretch | None:
        """Read "the subsidiary Green Power generated ...", but not "the company and its subsidiaries"."""
        text, (start, end) = context.segment.text, (context.clause[0], context.quantity.start)
        for word in self._daughter.within(text, start, end):
            position = word.start
            if not self._all.before(text, position - (text[position - 1 : position] == " ")):
                marks = (m for kind in _VERBS for m in context.found(kind, (word.end, end)))
                last = min((m.start for m in marks if m.start > word.end + 1), default=end)
                last = next((i for i in range(word.end + 1, last) if self._governing.at(text, i)), last)
                name = text[word.end : last]
                if _SHORTEST <= len(name.strip()) <= _NAME and _NAMED.fullmatch(name):
                    return position, word.end + len(name.rstrip())
        return None

    def _begun(self, context: Context) -> Stretch | None:
        """Read a system or platform with a name of its own with which the sentence or the clause begins."""
        text = context.segment.text
        for start in dict.fromkeys((context.sentence[0], context.clause[0])):
            dated = (p.end for p in context.segment.periods if p.start - start <= _LEAD and p.end > start)
            first = next(dated, start)
            first += text[first : first + 1] in " -*,"
            for noun in self._product.ending(text, first + _OWN, min(context.quantity.start, first + _NAME)):
                if noun.start - first >= _OWN:
                    return (first, noun.end) if self._is_name(context, first, noun.start) else None
        return None

    def _is_name(self, context: Context, start: int, end: int) -> bool:
        """Say whether a stretch is a name in Chinese: no verb, mark or company in it."""
        text = context.segment.text
        whole = all(_NAMING.match(char) for char in text[start:end]) and not text[start:end].isascii()
        verbs = any((word := self._governing.at(text, i)) and word.end - word.start > 1 for i in range(start, end))
        ours = any(True for kind in ("company", "Company", "agent") for _ in context.found(kind, (start, end)))
        return whole and not verbs and not ours

    def _this_one(self, context: Context) -> Stretch | None:
        """Read "this system" at the start of a clause, and what it was called before."""
        text = context.segment.text
        for match in context.found("project", (context.sentence[0], context.quantity.start)):
            word = self._this.at(text, match.start)
            if word and word.end < match.end and match.start - context.segment.clause(match.start)[0] <= _LEAD:
                return self._antecedent(context, match, text[word.end : match.end].strip()) or (match.start, match.end)
        return None

    def _antecedent(self, context: Context, match: Match, noun: str) -> Stretch | None:
        """Return the name before that ends with the noun of "this system"."""
        text, position = context.segment.text, match.start
        while (position := text.rfind(noun, 0, position)) >= 0:
            start, floor = position, context.segment.sentence(position)[0]
            while start > floor and _NAMING.match(text[start - 1]) and not self._ends(text, start):
                start -= 1
            described = self._of.before(text, start) is not None  # "is | a very large data centre" of the name before
            if noun and not described and position - start >= _SHORTEST:
                return start, position + len(noun)
        return None

    def _ends(self, text: str, position: int) -> bool:
        """Say whether a word ends at a position that is no part of a name."""
        return self._governing.before(text, position) is not None or self._of.before(text, position) is not None

    def _quoted(self, context: Context) -> Stretch | None:
        """Read a name in quotation marks with which a sentence begins, where it names no goal, period or campaign."""
        text, start = context.segment.text, context.sentence[0]
        first = text.find('"', start, start + _LEAD)
        last = text.find('"', first + 1, min(context.quantity.start, first + 2 + _NAME)) if first >= 0 else -1
        if (
            last < 0
            or text[last + 1] == '"'
            or any(p.start <= last and first <= p.end for p in context.segment.periods)
        ):
            return None
        near = range(last + 1, min(context.quantity.start, last + 1 + _NOUN))
        other = next((w for i in near if (w := self._activity.at(text, i))), None)
        bears = any(True for _ in context.found("Company", (first, last)))
        if not bears and not any(True for _ in context.found("item", (last, last + 1 + _NOUN))):
            return None
        inside = self._activity.before(text, last) or any(True for _ in context.found("Goal", (first, last)))
        return None if other or inside or "," in text[first:last] else (first, last + 1)

    def _product_of(self, context: Context, first: Stretch) -> Stretch | None:
        """Read "Developed an energy-saving robot." as what a paragraph is about."""
        text, end = context.segment.text, first[1]
        while end > first[0] and not text[end - 1].isalnum():
            end -= 1
        noun = self._product.before(text, end)
        if noun is None or first[1] - first[0] > _TITLE:
            return None
        for position in range(first[0], min(noun.start, first[0] + _LEAD + 1)):
            verb = self._develops.at(text, position)
            if verb and verb.end < noun.start:
                return verb.end + (text[verb.end] == " "), end
        return None


def _unit_of(context: Context) -> Stretch | None:
    """Read a research institute, a cloud company and the like that the ontology knows as a part of the company."""
    for match in context.found("OrganisationPart", (context.sentence[0], context.quantity.start)):
        if context.segment.report.company in match.concept.values(f"{ORG}unitOf"):
            return match.start, match.end
    return None


@lru_cache(maxsize=4)
def named(vocabulary: Vocabulary) -> Named:
    """Return the words for things with names of a vocabulary, gathered once."""
    return Named(vocabulary)
