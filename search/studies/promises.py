"""The promise tracker: each target with what later figures say of it, and only the arithmetic that they allow."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.model import NumberFact, Observation, Target
from kg.periods import periods
from kg.reading.folding import fold
from kg.vocabulary import Vocabulary
from search.studies.alike import same_thing, single, subject_key

REACHED, ON_TRACK, BEHIND, MISSED = "reached", "on-track", "behind", "missed"
WITHIN, UNDER_WAY, OPEN = "within", "under-way", "open"
_UPPER = ("<", "<=")
_BESIDE = 60  # characters between the quotes of a promise and of the figure that it starts from: two clauses


@dataclass(frozen=True, slots=True)
class Promise:
    """A target and what became of it.

    ``said`` are all the places that make the same promise, the first of them the one to quote. ``status`` is

    - ``reached`` or ``missed``: a figure of the due year or earlier fulfils it, one of the due year does not;
    - ``within``: a limit that the latest figure keeps, before the due year;
    - ``on-track`` or ``behind``: ``share`` of the way against ``expected``, the share of the time that has passed;
    - ``under-way``: a figure, but no base year to measure the pace from;
    - ``open``: no later figure of the same thing.

    ``figures`` are the facts that say so: several where a change was computed from two levels, or a sum from its parts.
    """

    said: tuple[Target, ...]
    status: str
    figures: tuple[NumberFact, ...] = ()
    share: float | None = None
    expected: float | None = None

    @property
    def target(self) -> Target:
        """The place to quote."""
        return self.said[0]


def promises(rows: Iterable[tuple[Target, Observation | None]], vocabulary: Vocabulary) -> list[Promise]:
    """Return the promises among targets and the observations of the same company and metric, in the order given.

    What a report says that others ask for, a ministry or a customer, is no promise of the company.
    """
    grouped: dict[tuple[object, ...], list[Target]] = defaultdict(list)
    later: dict[str, list[Observation]] = defaultdict(list)
    for target, observation in rows:
        if target.scope == "other":
            continue
        said = grouped[_promise(target, vocabulary)]
        if target not in said:
            said.append(target)
        if observation is not None:
            later[target.iri].append(observation)
    return [_promised(tuple(said), later, vocabulary) for said in grouped.values()]


def _promise(target: Target, vocabulary: Vocabulary) -> tuple[object, ...]:
    about = (target.company, target.metric, target.unit, target.scope, subject_key(target, vocabulary))
    return (*about, target.form, target.direction, target.value, target.year)


def _promised(said: tuple[Target, ...], later: Mapping[str, Sequence[Observation]], vocabulary: Vocabulary) -> Promise:
    best = max(said, key=lambda target: (target.baseline is not None, -said.index(target)))
    found = list(dict.fromkeys(fact for target in said for fact in later[target.iri]))
    alike = [fact for fact in found if fact.year is not None and same_thing(best, fact, vocabulary)]
    said = (best, *(target for target in said if target is not best))
    if best.form == "change":
        return _of_change(said, [*alike, *_changes(best, found, vocabulary)], base_year(best, vocabulary))
    if best.form == "cumulative":
        sums = [fact for fact in alike if fact.form == "cumulative"]
        return _of_sum(said, sums, base_year(best, vocabulary))
    limit = _is_limit(best, vocabulary)
    if vocabulary.concept(best.metric).value("flow") != "true":  # of a state the sum so far is the state
        states = _the_one(best, [one for one in alike if one.form != "change"])
        return _of_level(said, [(fact,) for fact in states], limit)
    levels = [fact for fact in alike if fact.form not in ("change", "cumulative")]
    whole = [(fact,) for fact in _of_the_year(best, levels, limit)]
    return _of_level(said, whole or _of_parts(best, found, limit, vocabulary), limit)


def _is_limit(target: Target, vocabulary: Vocabulary) -> bool:
    """Say whether a promised level is one not to pass: it is written so, or it is of what is better the less it is.

    Who promises emissions of 223,000 tonnes has kept it with 213,000.
    """
    less = any(value.endswith("decrease") for value in vocabulary.concept(target.metric).values("better"))
    return target.comparator in _UPPER or (less and target.comparator in ("=", "~"))


def _at_due(target: Target, found: Sequence[Observation]) -> list[Observation]:
    """Return the figures that tell of a promise: of its due year, else of the first year after it, else the newest."""
    years = {fact.year or 0 for fact in found}
    after = [year for year in years if target.year is not None and year >= target.year]
    chosen = min(after, default=max(years, default=0))
    return [fact for fact in found if fact.year == chosen]


def _of_parts(
    target: Target, found: Iterable[Observation], limit: bool, vocabulary: Vocabulary
) -> list[tuple[Observation, ...]]:
    """Return the parts that make up the whole of a promise about several scopes: one figure for each scope of a year.

    Only tonnes that are accounted alike are added up.
    """
    scopes = set(vocabulary.concept(target.metric).values("emissionScope"))
    parts: dict[int, dict[str, set[Observation]]] = defaultdict(lambda: defaultdict(set))
    for fact in found:
        own = vocabulary.concept(fact.metric).values("emissionScope")
        if len(own) == 1 and own[0] in scopes and _is_part(fact, target, vocabulary):
            parts[fact.year or 0][own[0]].add(fact)
    years = [year for year in sorted(parts) if limit or year == target.year]
    whole = [parts[year] for year in years if len(scopes) > 1 and parts[year].keys() == scopes]
    return [
        tuple(max(same, key=_order) for same in one.values()) for one in whole if all(map(_one_value, one.values()))
    ]


def _is_part(fact: Observation, target: Target, vocabulary: Vocabulary) -> bool:
    """Say whether a yearly amount counts the same as a promise: unit, accounting and subject agree."""
    if fact.form != "level" or not fact.year or (fact.unit, fact.scope) != (target.unit, target.scope):
        return False
    accounted = {vocabulary.concept(one.metric).values("accounting") for one in (fact, target)}
    return len(accounted) == 1 and subject_key(fact, vocabulary) == subject_key(target, vocabulary)


def _order(fact: Observation) -> tuple[float, str]:
    return fact.confidence, fact.iri


def _one_value(facts: Iterable[Observation]) -> bool:
    return len({fact.value for fact in facts}) == 1


def _the_one(target: Target, states: Sequence[Observation]) -> list[Observation]:
    """Return the state that tells of a promise; where figures of a year differ, the one that stands beside it.

    Two figures of one thing and one year are of two things: what a company has built and what it has sold. Only the
    text can tell them apart, and one that stands within a sentence of the promise does.
    """
    newest = _at_due(target, states)
    if _one_value(newest):
        return newest
    beside = [fact for fact in newest if fact.report == target.report and _apart(fact, target) <= _BESIDE]
    return beside if _one_value(beside) else []


def _apart(one: NumberFact, other: NumberFact) -> int:
    """Return the characters between two quotes."""
    return max(one.quote.start, other.quote.start) - min(one.quote.end, other.quote.end)


def _of_the_year(target: Target, levels: Sequence[Observation], limit: bool) -> list[Observation]:
    """Return what tells of a promise about what adds up over a year: the one figure of its due year.

    A limit is kept or broken by the figure of any year. Several figures of a year are those of several measures, and
    none of them is the whole.
    """
    found = [fact for fact in levels if limit or fact.year == target.year]
    newest = _at_due(target, found)
    return newest if _one_value(newest) else []


@dataclass(frozen=True, slots=True)
class _Change:
    """A change since the base year of a promise, in percent and in the promised direction, with its facts."""

    year: int
    percent: float
    facts: tuple[NumberFact, ...]


def _changes(target: Target, found: Iterable[Observation], vocabulary: Vocabulary) -> list[_Change]:
    """Return the changes that levels of the base year and of later years make."""
    levels = [fact for fact in found if fact.form == "level" and fact.year and fact.scope == target.scope]
    levels = [fact for fact in levels if subject_key(fact, vocabulary) == subject_key(target, vocabulary)]
    base = base_year(target, vocabulary)
    bases = [fact for fact in levels if fact.year == base and single(fact.value) > 0]
    sign = -1 if target.direction == "down" else 1
    return [
        _Change(fact.year or 0, sign * 100 * (single(fact.value) / single(before.value) - 1), (fact, before))
        for before in bases
        for fact in levels
        if fact.unit == before.unit and (fact.year or 0) > (before.year or 0)
    ]


def _of_change(said: tuple[Target, ...], found: Iterable[Observation | _Change], base: int | None) -> Promise:
    target = said[0]
    changes = [one if isinstance(one, _Change) else _told(one, target) for one in found]
    known = [change for change in changes if change is not None]
    if not known:
        return Promise(said, OPEN)
    due = target.year if target.year in {change.year for change in known} else None
    latest = max(known, key=lambda change: (change.year == due, change.year, -len(change.facts)))
    share = latest.percent / single(target.value)
    return _paced(said, latest.facts, share, latest.year, base)


def _told(fact: Observation, target: Target) -> _Change | None:
    """Return a change that a report states itself, if it is counted from the base of the promise."""
    same = fact.form == "change" and fact.direction == target.direction and fact.baseline == target.baseline
    if not same or target.baseline is None:
        return None
    return _Change(fact.year or 0, single(fact.value), (fact,))


def _of_sum(said: tuple[Target, ...], sums: Sequence[Observation], base: int | None) -> Promise:
    if not sums:
        return Promise(said, OPEN)
    latest = max(sums, key=lambda fact: (fact.year or 0, single(fact.value)))
    return _paced(said, (latest,), single(latest.value) / single(said[0].value), latest.year or 0, base)


def base_year(target: Target, vocabulary: Vocabulary) -> int | None:
    """Return the year that a promise counts from: its base year, or the year that "the end of the 13th plan" names."""
    found = periods(vocabulary).find(fold(target.baseline or ""))
    years = {year for period in found for year in period.years}
    return years.pop() if len(years) == 1 else None


def _paced(
    said: tuple[Target, ...], facts: tuple[NumberFact, ...], share: float, year: int, base: int | None
) -> Promise:
    """Return a promise of which a share is done, with the share of its time where the base year is known."""
    target = said[0]
    if share >= 1:
        return Promise(said, REACHED, facts, share)
    if target.year is not None and year >= target.year:
        return Promise(said, MISSED, facts, share)
    if base is None or target.year is None or not base < year:
        return Promise(said, UNDER_WAY, facts, share)
    expected = (year - base) / (target.year - base)
    return Promise(said, ON_TRACK if share >= expected else BEHIND, facts, share, expected)


def _of_level(said: tuple[Target, ...], levels: Sequence[tuple[Observation, ...]], limit: bool) -> Promise:
    """Return what the latest figure says of a promised level; several facts of one figure are its parts."""
    if not levels:
        return Promise(said, OPEN)
    target = said[0]
    latest = max(levels, key=lambda facts: (facts[0].year or 0, facts[0].confidence))
    low = sum(single(fact.value) for fact in latest)
    high = sum(single(fact.value, upper=True) for fact in latest)
    due = target.year is not None and (latest[0].year or 0) >= target.year
    if limit:
        kept = high <= single(target.value, upper=True)
        return Promise(said, (REACHED if due else WITHIN) if kept else (MISSED if due else UNDER_WAY), latest)
    share = low / single(target.value) if single(target.value) else None
    reached = high >= single(target.value)
    return Promise(said, REACHED if reached else MISSED if due else UNDER_WAY, latest, share)
