"""Which numbers are facts: what a number must have beside it so that it is not a name, a date or a figure of speech."""

from functools import lru_cache

from kg.extraction.numbers.candidates import candidates
from kg.extraction.numbers.changes import Change, changes
from kg.extraction.numbers.context import Context
from kg.extraction.numbers.related import Choice
from kg.lexicon import Lexicon, blank
from kg.units import CODE, kinds
from kg.vocabulary import Vocabulary

_QK = "http://qudt.org/vocab/quantitykind/"
_PHYSICAL = {f"{_QK}{name}" for name in ("Length", "Mass", "Area", "Volume")}

_FEW = 10
_LONG = 100  # hours: so many are worked, taught or given; "24 hours" are the time that something takes
_NOUN = 8  # folded characters between a numeral's measure word and what it counts ("four national industrial parks")


def is_fact(context: Context, choice: Choice, change: Change | None, vocabulary: Vocabulary) -> bool:
    """Say whether a number tells something about the world."""
    quantity, measure = context.quantity, context.quantity.measure
    if measure is None:
        return choice.named
    if _each(vocabulary).before(context.segment.text, blank(context.segment.text, quantity.start)):
        return False  # "0.12 per 200,000 hours worked"
    if context.segment.block.kind == "heading" and (measure.counts or quantity.in_words):
        return False
    if measure.code in ("year", "hour", "C") or measure.written.iri.endswith(("/month", "/day", "/score")):
        long = measure.code == "hour" and quantity.low >= _LONG
        exact = measure.code != "C" and _is_exact(context, vocabulary)
        return choice.named or context.segment.cell.is_number or long or exact
    if change and change.match and quantity.first <= change.match.start < quantity.last:
        return choice.named and _is_dated(context)  # "doubled" in a slogan tells nothing
    physical = measure.code == "percent" or bool(kinds(measure.unit) & _PHYSICAL)
    certain = measure.counts or physical or choice.named or quantity.comparator != "="
    alone = quantity.low < _FEW and measure.end - measure.start == 1 and not (choice.named or measure.counts)
    if quantity.in_words and (not certain or (alone and quantity.comparator == "=")):
        return False  # a numeral and a one-character unit such as "litre" may be a word
    if measure.counts:
        return _counts_things(context, choice, vocabulary)
    if measure.is_times:
        return change is not None or choice.named or candidates(vocabulary).preceded(context)
    return True


def _is_exact(context: Context, vocabulary: Vocabulary) -> bool:
    """Say whether a time is no mere figure of speech: "3.2 years", "from 16 hours to less than 2 hours"."""
    quantity, measure = context.quantity, context.quantity.measure
    bounded = quantity.comparator not in ("=", "~") and measure is not None and measure.code == "hour"
    return quantity.low % 1 != 0 or bounded or changes(vocabulary).in_pair(context)


def _is_dated(context: Context) -> bool:
    """Say whether the sentence names a period, or the number a comparator."""
    start, end = context.sentence
    dated = any(start <= period.start < end for period in context.segment.periods)
    return dated or context.quantity.comparator != "="


def _counts_things(context: Context, choice: Choice, vocabulary: Vocabulary) -> bool:
    """Say whether a counted number is of things and not of aspects ("three dimensions", "one table")."""
    quantity, measure = context.quantity, context.quantity.measure
    assert measure is not None
    if context.segment.cell.is_number:
        return True
    single = quantity.low <= 1 and (quantity.low or quantity.in_words) and quantity.comparator == "="
    if single or candidates(vocabulary).counts_aspects(context):
        return False
    english = context.words((measure.start, measure.end)).isascii()
    if not quantity.in_words or quantity.scaled or (quantity.comparator != "=" and not english):
        return True
    concrete = measure.written.value("concrete") == "true"
    if not choice.named:
        return concrete
    if concrete:
        return True
    end = context.segment.folded.at(choice.span.start - context.segment.cell.span.start) if choice.span else 0
    near = quantity.last <= end < quantity.last + _NOUN
    of = candidates(vocabulary).has_of(context, (quantity.last, end))
    return choice.metric.value("concrete") == "true" and near and not of


@lru_cache(maxsize=4)
def _each(vocabulary: Vocabulary) -> Lexicon:
    return Lexicon([vocabulary.concept(f"{CODE}cue-each")])
