"""Which numbers are facts: what a number must have beside it so that it is not a name, a date or a figure of speech."""

from kg.extraction.candidates import candidates
from kg.extraction.changes import Change
from kg.extraction.context import Context
from kg.extraction.related import Choice
from kg.units import kinds
from kg.vocabulary import Vocabulary

_QK = "http://qudt.org/vocab/quantitykind/"
_PHYSICAL = {f"{_QK}{name}" for name in ("Length", "Mass", "Area", "Volume")}

_NOUN = 8  # folded characters between a numeral's measure word and what it counts ("four national industrial parks")


def is_fact(context: Context, choice: Choice, change: Change | None, vocabulary: Vocabulary) -> bool:
    """Say whether a number tells something about the world."""
    quantity, measure = context.quantity, context.quantity.measure
    if measure is None:
        return choice.named
    if context.segment.block.kind == "heading" and (measure.counts or quantity.in_words):
        return False
    if measure.code in ("year", "hour", "C") or measure.written.iri.endswith(("/month", "/day", "/score")):
        return choice.named
    physical = measure.code == "percent" or bool(kinds(measure.unit) & _PHYSICAL)
    certain = measure.counts or physical or choice.named or quantity.comparator != "="
    if quantity.in_words and not certain:
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
    if (quantity.low <= 1 and quantity.comparator == "=") or candidates(vocabulary).counts_aspects(context):
        return False
    english = context.words((measure.start, measure.end)).isascii()
    if not quantity.in_words or (quantity.comparator != "=" and not english):
        return True
    concrete = measure.written.value("concrete") == "true"
    if not choice.named:
        return concrete and english
    if concrete:
        return True
    end = context.segment.folded.at(choice.span.start - context.segment.cell.span.start) if choice.span else 0
    near = quantity.last <= end < quantity.last + _NOUN
    of = candidates(vocabulary).has_of(context, (quantity.last, end))
    return choice.metric.value("concrete") == "true" and near and not of
