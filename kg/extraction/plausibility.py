"""Which numbers are facts: what a number must have beside it so that it is not a name, a date or a figure of speech."""

from kg.extraction.candidates import candidates
from kg.extraction.changes import Change
from kg.extraction.context import Context
from kg.extraction.related import Choice
from kg.vocabulary import Vocabulary

_NOUN = 4  # characters between a numeral's measure word and what it counts; "four aspects of data centres" is further


def is_fact(context: Context, choice: Choice, change: Change | None, vocabulary: Vocabulary) -> bool:
    """Say whether a number tells something about the world."""
    quantity, measure = context.quantity, context.quantity.measure
    if measure is None:
        return choice.named
    if context.segment.block.kind == "heading" and (measure.counts or quantity.in_words):
        return False
    if measure.code in ("year", "hour", "C") or measure.written.iri.endswith(("/month", "/day", "/score")):
        return choice.named
    if quantity.in_words and not (measure.counts or choice.named or quantity.comparator != "="):
        return False
    if measure.counts:
        return _counts_things(context, choice, vocabulary)
    if measure.is_times:
        return change is not None or choice.named or candidates(vocabulary).preceded(context)
    return True


def _counts_things(context: Context, choice: Choice, vocabulary: Vocabulary) -> bool:
    """Say whether a counted number is of things and not of aspects ("three dimensions", "one table")."""
    quantity, measure = context.quantity, context.quantity.measure
    assert measure is not None
    if quantity.low <= 1 and quantity.comparator == "=":
        return False
    if not quantity.in_words or quantity.comparator != "=":
        return True
    if not choice.named:
        return False
    if measure.written.value("concrete") == "true":
        return True
    noun = choice.span.start - context.segment.place(quantity.first, quantity.last).end if choice.span else _NOUN
    return choice.metric.value("concrete") == "true" and noun < _NOUN
