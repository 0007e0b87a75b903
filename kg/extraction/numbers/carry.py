"""What a number takes over from the one before it in its sentence: a unit, a change, or the metric it is a share of."""

from dataclasses import replace
from functools import lru_cache

from kg.extraction.numbers.changes import Change, changes
from kg.extraction.numbers.context import Context
from kg.extraction.numbers.related import Choice
from kg.extraction.numbers.sites import sites
from kg.lexicon import Lexicon
from kg.units import CODE
from kg.vocabulary import Vocabulary

Last = tuple[Context, Choice, Change | None]  # a number as it was read
_ALIKE = 5  # two values of one metric differ by no more than this factor where the second leaves its unit out
_CERTAINTY = 0.8


class Carry:
    """The words that lead a number back to the one before it, gathered from a vocabulary once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather them."""

        def cue(name: str) -> Lexicon:
            return Lexicon([vocabulary.concept(f"{CODE}cue-{name}")])

        self._vocabulary = vocabulary
        self._from, self._by, self._and, self._whole = cue("from"), cue("by-amount"), cue("and"), cue("share-of")

    def unit(self, last: Last | None, context: Context) -> Context:
        """Return a number with the unit of the one before, where it tells its earlier value: "from 29.8 in 2022"."""
        quantity, one = context.quantity, last[0].quantity if last else None
        if one is None or one.measure is None or one.measure.counts or one.measure.code == "percent":
            return context
        bare = quantity.measure is None and not quantity.scaled and not quantity.in_words
        if not bare or self._from.before(context.segment.text, _before(context)) is None or not one.low:
            return context
        value = quantity.scaled_by(one.scale)
        dated = any(0 <= p.start - quantity.end <= 1 + len(" in ") for p in context.segment.periods if p.years)
        alike = 1 / _ALIKE < value.low / one.low < _ALIKE
        measure = replace(one.measure, start=quantity.last, end=quantity.last)
        return replace(context, quantity=replace(value, measure=measure)) if dated and alike else context

    def change(self, last: Last | None, context: Context) -> Change | None:
        """Return the change of the number before that holds of this one: "cut A by 90% and B by 50%"."""
        change = last[2] if last else None
        if last is None or change is None or not _both_percent(last[0], context):
            return None
        text, end = context.segment.text, _before(context)
        by, between = self._by.before(text, end), (last[0].quantity.end, end)
        joined = any(self._and.at(text, position) for position in range(*between) if text[position - 1].isspace())
        return change if by and joined and by.start > between[0] else None

    def ratio(self, last: Last | None, context: Context, choice: Choice | None) -> Choice | None:
        """Return the metric of the number before, where only a site's name precedes this one: "A 1.15, B 1.12"."""
        if last is None or choice is not None or context.quantity.measure is not None or last[0].quantity.measure:
            return choice
        start, end = context.before
        named = sites(self._vocabulary).named(context, start, end)
        alone = named is not None and not context.words((start, named[0])).strip(" ,") and end - named[1] <= 1
        return replace(last[1], certainty=_CERTAINTY) if alone else None

    def words(self, last: Last | None, context: Context, choice: Choice | None, change: Change | None) -> Choice | None:
        """Return a catch-all with the words of the number before: "1.2 million devices, up 18%"."""
        if last is None or choice is None or choice.named or last[1].named:
            return choice
        return replace(choice, span=last[1].span) if changes(self._vocabulary).bare(context, change) else choice

    def share(self, last: Last | None, context: Context, change: Change | None) -> Choice | None:
        """Return the share of what the number before counts: "180 GWh, making up 14% of the total" (Chinese order)."""
        measure = context.quantity.measure
        if last is None or change is not None or measure is None or measure.code != "percent":
            return None
        word = self._whole.at(context.segment.text, context.clause[0])
        share = last[1].metric.value("whenShare")
        if word is None or not share or last[0].quantity.end > context.clause[0]:
            return None
        return replace(last[1], metric=self._vocabulary.concept(share), certainty=_CERTAINTY)


def _both_percent(one: Context, other: Context) -> bool:
    return all(c.quantity.measure is not None and c.quantity.measure.code == "percent" for c in (one, other))


def _before(context: Context) -> int:
    """Return where the words before a number end."""
    start = context.quantity.start
    return start - (context.segment.text[start - 1 : start].isspace())


@lru_cache(maxsize=4)
def carry(vocabulary: Vocabulary) -> Carry:
    """Return the words of a vocabulary that lead back, gathered once."""
    return Carry(vocabulary)
