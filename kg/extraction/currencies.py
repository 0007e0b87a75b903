"""Local money: what the bare word for a unit of money means in a report that counts in another currency."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from kg.lexicon import Lexicon
from kg.model import Report
from kg.quantities import Quantity
from kg.reading.folding import compact
from kg.units import UNIT, units
from kg.vocabulary import Concept, Vocabulary


def in_local_money(quantities: Sequence[Quantity], report: Report, vocabulary: Vocabulary) -> tuple[Quantity, ...]:
    """Return quantities with amounts of the bare unit of money in the currency that the report counts in."""
    if not any(_is_bare(quantity) for quantity in quantities):
        return tuple(quantities)
    currency = _currency(report.text, vocabulary)
    if currency is None:
        return tuple(quantities)
    return tuple(_in(quantity, currency, vocabulary) if _is_bare(quantity) else quantity for quantity in quantities)


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
    folded = compact(text).text
    known = [c for c in vocabulary.of_type("Unit") if c.value("localMoney") == "true"]
    renminbi = any(len(word) > 1 and word in folded for word in Lexicon([vocabulary.concept(f"{UNIT}CNY")]).words)
    named = [c for c in known if any(len(word) > 1 and word in folded for word in Lexicon([c]).words)]
    return named[0] if len(named) == 1 and not renminbi else None
