"""When two numbers speak of the same thing, and when they say the same."""

import re
from dataclasses import replace
from decimal import Decimal

from kg import ids
from kg.model import NumberFact, Value
from kg.reading.folding import compact
from kg.vocabulary import Vocabulary

# 200 and 200.4 are one figure where one of them was written with three digits: half a unit of its last digit.
_HALF = Decimal("0.5")
_MOST = 0.05  # of a number; "about 20 billion" stands for 19 to 21 billion, not for 15 to 25
_BOUNDS = (">", ">=", "<", "<=")
_WATTS = {f"{ids.BASE}unit/W": 1.0, f"{ids.BASE}unit/kWp": 1000.0}
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def subject_key(fact: NumberFact, vocabulary: Vocabulary) -> str:
    """Return what a number is about as a word to compare, empty for the company as a whole.

    The company's own names, and a subject that was filled by rule, are the company.
    """
    if fact.scope == "company" and "subject" in fact.defaulted:
        return ""
    subject = compact(fact.subject).text.strip()
    companies = (fact.company, *fact.joint)
    names = {compact(label.text).text.strip() for iri in companies for label in vocabulary.concept(iri).labels}
    return "" if fact.scope == "company" and subject in names else subject


def same_thing(one: NumberFact, other: NumberFact, vocabulary: Vocabulary) -> bool:
    """Say whether two numbers have one metric, one unit, one scope and one subject; years and companies may differ."""
    if (one.metric, one.unit, one.scope) != (other.metric, other.unit, other.scope):
        return False
    return subject_key(one, vocabulary) == subject_key(other, vocabulary)


def in_unit_of(one: NumberFact, other: NumberFact) -> NumberFact:
    """Return another number in the unit of one where both are powers: a plant is rated in watts or in peak watts."""
    if one.unit == other.unit or isinstance(other.value, tuple) or not {one.unit, other.unit} <= _WATTS.keys():
        return other
    return replace(other, unit=one.unit, value=other.value * _WATTS[other.unit] / _WATTS[one.unit])


def single(value: Value, upper: bool = False) -> float:
    """Return a value, of a range its lower or upper end.

    >>> single(3), single((2, 9)), single((2, 9), upper=True)
    (3.0, 2.0, 9.0)
    """
    return float(value[upper]) if isinstance(value, tuple) else float(value)


def rounding(fact: NumberFact) -> float:
    """Return half of a unit of the last digit that a number is written with, in the unit of its value.

    A number with no digits (three, in words) is exact.
    """
    found = _NUMBER.search(compact(fact.as_written).text)
    number = Decimal(found[0].replace(",", "")) if found else Decimal(0)
    if isinstance(fact.value, tuple) or not number or not fact.value:
        return 0.0
    last = Decimal(1).scaleb(int(number.as_tuple().exponent))
    half = abs(float(_HALF * last * Decimal(repr(fact.value)) / number))
    if fact.comparator == "~" and number == number.to_integral_value():  # about 9,950 may have been 9,949
        rough = half * float(Decimal(1).scaleb(int(number.normalize().as_tuple().exponent)))
        return max(half, min(rough, _MOST * abs(float(fact.value))))
    return half


def agree(one: NumberFact, other: NumberFact) -> bool:
    """Say whether two numbers can both be true of one thing: equal as far as they are written, or within bounds."""
    slack = max(rounding(one), rounding(other)) * (1 + 1e-9)
    return any(_within(a, b, slack) for a, b in ((one, other), (other, one)))


def supports(fact: NumberFact, claim: NumberFact) -> bool:
    """Say whether a fact bears a claim out: what a report bounds bears out that bound and no other.

    More than 8 billion is borne out by 8.99 billion, but "more than 100 billion" not by "more than 10 billion".
    """
    if fact.comparator in _BOUNDS and claim.comparator in ("=", "~", *_BOUNDS):
        slack = max(rounding(fact), rounding(claim)) * (1 + 1e-9)
        return _ends_meet(fact, claim, slack) and _side(fact) * _side(claim) >= 0
    if claim.comparator in ("<", ">") and fact.comparator == "=" and single(claim.value) == single(fact.value):
        return False
    return agree(claim, fact) and _same_size(claim, fact)


def _side(fact: NumberFact) -> int:
    return {">": 1, ">=": 1, "<": -1, "<=": -1}.get(fact.comparator, 0)


def _ends_meet(one: NumberFact, other: NumberFact, slack: float) -> bool:
    return all(abs(single(one.value, upper) - single(other.value, upper)) <= slack for upper in (False, True))


def _same_size(one: NumberFact, other: NumberFact) -> bool:
    """Say whether neither number is twice the other: nobody calls 8.99 billion more than 1 billion."""
    low, high = sorted((abs(single(one.value)), abs(single(other.value))))
    return high <= 2 * low


def _within(bound: NumberFact, fact: NumberFact, slack: float) -> bool:
    low, high = single(bound.value), single(bound.value, upper=True)
    value, most = single(fact.value), single(fact.value, upper=True)
    if bound.comparator in (">", ">="):
        return most >= low - slack and fact.comparator not in ("<", "<=")
    if bound.comparator in ("<", "<="):
        return value <= high + slack and fact.comparator not in (">", ">=")
    return value <= high + slack and most >= low - slack
