"""Units that the words alone do not settle: the local money of a report, and units that differ by their capitals."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from kg.lexicon import Lexicon
from kg.model import Report
from kg.quantities import Quantity
from kg.reading.folding import Folded, fold
from kg.units import UNIT, units
from kg.vocabulary import Concept, Vocabulary

_LAST_MARK = 20  # the largest number that has a circle of its own
_RINGS = ((0x2070, 0x2079), (0x2460, 0x249B), (0x2776, 0x2793))  # raised, in circles and brackets, in black circles
_MARKS = frozenset("\u00b9\u00b2\u00b3") | {chr(code) for first, last in _RINGS for code in range(first, last + 1)}


def in_local_money(quantities: Sequence[Quantity], report: Report, vocabulary: Vocabulary) -> tuple[Quantity, ...]:
    """Return quantities with amounts of the bare unit of money in the currency that the report counts in."""
    if not any(_is_bare(quantity) for quantity in quantities):
        return tuple(quantities)
    currency = _currency(report.text, vocabulary)
    if currency is None:
        return tuple(quantities)
    return tuple(_in(quantity, currency, vocabulary) if _is_bare(quantity) else quantity for quantity in quantities)


def in_capitals(
    quantities: Sequence[Quantity], folded: Folded, original: str, vocabulary: Vocabulary
) -> tuple[Quantity, ...]:
    """Return quantities with units whose letters mean something else in capitals: "MT" is no megatonne."""
    kept = (quantity for quantity in quantities if not _is_mark(quantity, folded, original))
    return tuple(_as_written(quantity, folded, original, vocabulary) for quantity in kept)


def _is_mark(quantity: Quantity, folded: Folded, original: str) -> bool:
    """Say whether a number is a digit in a circle or raised above the line: the mark of a footnote or of a point."""
    if quantity.low > _LAST_MARK or quantity.measure is not None:
        return False
    return original[folded.span(quantity.first, quantity.last).start] in _MARKS


def _as_written(quantity: Quantity, folded: Folded, original: str, vocabulary: Vocabulary) -> Quantity:
    measure = quantity.measure
    if measure is None or measure.start == measure.end or measure.written.value("capitals") is None:
        return quantity
    written = units(vocabulary).in_capitals(measure, folded.span(measure.start, measure.end).of(original))
    scaled = quantity.scaled_by(written.factor / measure.factor)
    return replace(scaled, measure=written, scale=quantity.scale * written.factor / measure.factor)


def _is_bare(quantity: Quantity) -> bool:
    """Say whether an amount is in the renminbi's unit and does not name the renminbi."""
    measure = quantity.measure
    return measure is not None and measure.written.iri == f"{UNIT}CNY" and measure.end - measure.start == 1


def _in(quantity: Quantity, currency: Concept, vocabulary: Vocabulary) -> Quantity:
    measure = quantity.measure
    assert measure is not None
    local = units(vocabulary).simple(currency, measure.start, measure.end)
    return replace(quantity, measure=replace(local, annual=measure.annual))


@lru_cache(maxsize=8)
def _currency(text: str, vocabulary: Vocabulary) -> Concept | None:
    """Return the one currency that a report names where it does not name the renminbi."""
    folded, (renminbi, others) = fold(text).text, _names(vocabulary)
    if any(word in folded for word in renminbi):
        return None
    named = [currency for currency, words in others if any(word in folded for word in words)]
    return named[0] if len(named) == 1 else None


@lru_cache(maxsize=4)
def _names(vocabulary: Vocabulary) -> tuple[tuple[str, ...], tuple[tuple[Concept, tuple[str, ...]], ...]]:
    """Return the words for the renminbi, and those for each currency that may be a report's own."""

    def words(concept: Concept) -> tuple[str, ...]:
        return tuple(word for word in Lexicon([concept]).words if len(word) > 1)

    local = (unit for unit in vocabulary.of_type("Unit") if unit.value("localMoney") == "true")
    return words(vocabulary.concept(f"{UNIT}CNY")), tuple((unit, words(unit)) for unit in local)
