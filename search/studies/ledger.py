"""The ledger of figures that differ: two places that speak of one thing, and what may lie behind the difference."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from kg import ids
from kg.lexicon import Lexicon
from kg.model import NumberFact
from kg.reading.folding import compact
from kg.vocabulary import Vocabulary
from search.studies.alike import agree, same_thing, single, subject_key

CONTRADICTION, RESTATEMENT, SLIP, CHANGED = "contradiction", "restatement", "unit-slip", "changed-target"
YEARS, COUNTING, AGREEMENT = "other-year", "other-counting", "agreement"
KINDS = (CONTRADICTION, SLIP, RESTATEMENT, CHANGED, COUNTING, YEARS, AGREEMENT)
_SAME_YEAR = (CONTRADICTION, RESTATEMENT, SLIP, CHANGED)
_NEAR = 0.01  # two figures that differ by a power of ten, to a hundredth, are one figure with a slip of units
_POWERS = (1, 2, 3, 4, 6, 8)  # tens to hundreds of millions, the steps between units and Chinese multipliers


@dataclass(frozen=True, slots=True)
class Entry:
    """Two facts that differ or agree, the older report first; ``ratio`` is the second value divided by the first.

    ``again`` are other places, in reports of the two companies, that say the same.
    """

    kind: str
    first: NumberFact
    second: NumberFact
    ratio: float | None
    again: tuple[NumberFact, ...] = ()


def pairs(groups: Iterable[Sequence[Sequence[NumberFact]]]) -> Iterator[tuple[NumberFact, NumberFact]]:
    """Yield the pairs of facts of different reports from groups (ones, others), each pair once, by their IRIs.

    The groups are what makes it grow with the number of facts and not with its square: facts of one metric, unit,
    company and year, and what companies say together beside what the partner says.
    """
    yield from {
        (min(one, other, key=_iri), max(one, other, key=_iri))
        for ones, others in groups
        for one in ones
        for other in others
        if one.report != other.report
    }


def _iri(fact: NumberFact) -> str:
    return fact.iri


def entries(pairs: Iterable[tuple[NumberFact, NumberFact]], vocabulary: Vocabulary) -> list[Entry]:
    """Return what pairs of facts on one metric have to say to each other, the gravest kinds first."""
    known = list(pairs)
    several = _several(fact for pair in known for fact in pair)
    said: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
    for entry in sorted((entry for one, other in known if (entry := _entry(one, other, vocabulary))), key=_order):
        if entry.kind in _SAME_YEAR and (several & {_thing(entry.first), _thing(entry.second)}):
            continue  # one of several measures, beside which the other report has the whole
        said[entry.kind, _said(entry.first), _said(entry.second)].append(entry)
    return [_merged(same) for same in said.values()]


def _thing(fact: NumberFact) -> tuple[object, ...]:
    """Return what a figure is of, in its report."""
    about = (fact.report, fact.kind, fact.metric, fact.unit, fact.company, fact.scope, fact.subject)
    return (*about, fact.year, fact.form, fact.aggregation, fact.direction, fact.baseline)


def _several(facts: Iterable[NumberFact]) -> set[tuple[object, ...]]:
    """Return the things of which a report gives several figures: they are those of several measures."""
    values: dict[tuple[object, ...], set[object]] = defaultdict(set)
    for fact in facts:
        values[_thing(fact)].add(fact.value)
    return {thing for thing, found in values.items() if len(found) > 1}


def _said(fact: NumberFact) -> tuple[object, ...]:
    """Return what a fact says, wherever and in whichever report its company says it."""
    return fact.company, fact.metric, fact.subject, fact.value, fact.comparator, fact.year, fact.form, fact.direction


def _merged(same: Sequence[Entry]) -> Entry:
    """Return entries that say the same as one, of the places that the extraction is surest of."""
    facts = {fact: None for entry in same for fact in (entry.first, entry.second)}
    best = max(same, key=lambda entry: entry.first.confidence + entry.second.confidence)
    again = tuple(fact for fact in facts if fact not in (best.first, best.second))
    return replace(best, again=again)


def _order(entry: Entry) -> tuple[int, str, str, str]:
    return KINDS.index(entry.kind), entry.first.metric, entry.first.iri, entry.second.iri


def _entry(one: NumberFact, other: NumberFact, vocabulary: Vocabulary) -> Entry | None:
    if not _comparable(one, other, vocabulary):
        return None
    first, second = sorted((one, other), key=lambda fact: (fact.year or 0, fact.report, fact.quote))
    base = single(first.value)
    ratio = single(second.value) / base if base else None
    return Entry(_kind(first, second, ratio, vocabulary), first, second, ratio)


def _comparable(one: NumberFact, other: NumberFact, vocabulary: Vocabulary) -> bool:
    """Say whether two facts speak of one thing: of one company and year, or of what two companies do together.

    Only between reports: one report has the savings of many measures, which are all savings of the company (on the five
    seeds, nine of nine differing pairs within a report were such).
    """
    if one.report == other.report:
        return False
    if one.form == "change" and (one.direction, one.baseline) != (other.direction, other.baseline):
        return False
    if one.company != other.company:
        shared = other.company in one.joint or one.company in other.joint
        whole = not subject_key(one, vocabulary) and not subject_key(other, vocabulary)
        return shared and whole and (one.metric, one.unit, one.kind) == (other.metric, other.unit, other.kind)
    if one.year != other.year or one.year is None or one.kind != other.kind or one.joint != other.joint:
        return False
    return same_thing(one, other, vocabulary)


def _kind(first: NumberFact, second: NumberFact, ratio: float | None, vocabulary: Vocabulary) -> str:
    added = [_is_added(fact, vocabulary) for fact in (first, second)]
    if first.form != second.form or _spread(first) != _spread(second) or added[0] != added[1]:
        return COUNTING
    if first.year != second.year:
        return YEARS
    if agree(first, second):
        return AGREEMENT
    if ratio and _slipped(ratio):
        return SLIP
    if first.kind == "target":
        return CHANGED
    return RESTATEMENT if first.report != second.report and first.company == second.company else CONTRADICTION


def _spread(fact: NumberFact) -> str:
    return "cumulative" if "cumulative" in (fact.form, fact.aggregation) else ""


def _is_added(fact: NumberFact, vocabulary: Vocabulary) -> bool:
    """Say whether a number is of what came new in its year: new stations are not all stations."""
    text = compact(fact.metric_text).text
    return any(_added(vocabulary).within(text, 0, len(text)))


@lru_cache(maxsize=2)
def _added(vocabulary: Vocabulary) -> Lexicon:
    return Lexicon([vocabulary.concept(f"{ids.BASE}code/cue-added")])


def _slipped(ratio: float) -> bool:
    """Say whether a ratio is a power of ten by which units and multipliers differ.

    >>> [_slipped(ratio) for ratio in (10_000.0, 0.0001, 1.2, 20.0)]
    [True, True, False, False]
    """
    power = math.log10(abs(ratio))
    return any(abs(abs(power) - step) < math.log10(1 + _NEAR) for step in _POWERS)
