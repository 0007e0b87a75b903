"""Which metrics an answer may be of: those that a question names or implies, in the unit that it asks for."""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from kg.vocabulary import Concept, Vocabulary
from search.answering.cues import PERCENT, Cues

BESIDE_IT = ("whenReduced", "whenShare", "whenDivided", "whenChange")  # the metric that one becomes in other words

BENEATH = ("whenReduced", "whenShare", "whenDivided")  # those that stand below what they are of


@dataclass(frozen=True, slots=True)
class Asked:
    """The metrics that a question asks for; ``sure`` where it names them and not merely what goes with them."""

    metrics: tuple[Concept, ...] = ()
    sure: bool = False


def asked_metrics(
    metrics: Sequence[Concept], cues: Cues, changed: bool, vocabulary: Vocabulary, weak: Sequence[Concept] = ()
) -> Asked:
    """Return the metrics that a question asks for; none where it leaves that open.

    What is named beside a unit of another kind is the occasion and not the metric ("how many tonnes does saving
    electricity avoid"); a share is a metric of its own, unless something rises or falls by it. Things that are merely
    named ("base stations") are asked for where a count is. ``weak`` are metrics that only the words for their unit
    name ("how much electricity").
    """
    implied = [vocabulary.concept(iri) for iri in cues.metrics]
    units = {metric.iri: unit_of(metric, vocabulary) for metric in [*metrics, *weak, *implied]}
    if "per" in cues.asks and len(metrics) > 1 and not cues.units - PERCENT:
        divided = [vocabulary.concept(iri) for metric in metrics for iri in metric.values("whenDivided")]
        return _asked(divided or metrics, False)
    if not cues.units:
        named = [metric for metric in _saved(metrics, implied, changed) if units[metric.iri] != "count"]
        sure = len({units[metric.iri] for metric in named}) == 1
        return _asked(named, sure)
    named = [metric for metric in metrics if units[metric.iri] in cues.units]
    if cues.units == PERCENT:
        shares = [vocabulary.concept(iri) for metric in metrics for iri in metric.values("whenShare")]
        shares = [metric for metric in shares if unit_of(metric, vocabulary) in PERCENT and not named]
        changing = [metric for metric in metrics if changed and units[metric.iri] not in PERCENT | {"count"}]
        # What is saved by so many percent is what is used.
        changing += [vocabulary.concept(iri) for metric in metrics for iri in metric.values("whenChange")]
        return _asked([*named, *shares, *changing], bool(named) and not changing)
    beside = [vocabulary.concept(iri) for m in metrics for name in BESIDE_IT for iri in m.values(name)]
    becoming = [metric for metric in [*implied, *beside] if unit_of(metric, vocabulary) in cues.units]
    if named:
        verbs = [metric for metric in implied if unit_of(metric, vocabulary) in cues.units]
        return _asked([*named, *verbs], "count" not in cues.units)
    return _asked(becoming or [metric for metric in weak if units[metric.iri] in cues.units], False)


def _saved(metrics: Sequence[Concept], implied: Sequence[Concept], changed: bool) -> Sequence[Concept]:
    """Return the metrics with what is saved of them in their place, where a verb says so: cost that is saved.

    What is cut may as well be given as how much there is less of it.
    """
    verbs = {metric.iri for metric in implied}
    saved = {metric.iri: verbs & set(metric.values("whenReduced")) for metric in metrics}
    becoming = [metric for metric in implied if any(metric.iri in found for found in saved.values())]
    return [*becoming, *(metric for metric in metrics if changed or not saved[metric.iri])]


def _asked(metrics: Iterable[Concept], sure: bool) -> Asked:
    found = tuple(dict.fromkeys(metrics))
    return Asked(found, sure and bool(found))


def unit_of(metric: Concept, vocabulary: Vocabulary) -> str:
    """Return the code of a metric's unit."""
    units = metric.values("canonicalUnit")
    return vocabulary.concept(units[0]).notation or "" if units else ""


def narrower(iris: Set[str], vocabulary: Vocabulary) -> set[str]:
    """Return the metrics below some metrics."""
    return {iri for iri, above in _above(vocabulary) if iris & above}


def kinds_of(asked: Sequence[Concept], vocabulary: Vocabulary) -> set[str]:
    """Return some metrics and those below them; what is saved is no kind of what is used, though it stands below."""
    named = {metric.iri for metric in asked}
    beside = {iri for metric in asked for name in BENEATH for iri in metric.values(name)} - named
    return (named | narrower(named, vocabulary)) - beside - narrower(beside, vocabulary)


def broader(iris: Iterable[str], vocabulary: Vocabulary) -> set[str]:
    """Return the metrics above some metrics."""
    return {above.iri for iri in iris for above in vocabulary.ancestors(iri)}


@lru_cache(maxsize=4)
def _above(vocabulary: Vocabulary) -> Sequence[tuple[str, frozenset[str]]]:
    return tuple(_ancestry(vocabulary))


def _ancestry(vocabulary: Vocabulary) -> Iterator[tuple[str, frozenset[str]]]:
    for metric in vocabulary.of_type("Metric"):
        yield metric.iri, frozenset(above.iri for above in vocabulary.ancestors(metric.iri))


def siblings(metrics: Sequence[Concept], vocabulary: Vocabulary) -> bool:
    """Say whether two of some metrics stand right below the same one, neither below the other: scope 1 and scope 2."""
    above = {metric.iri: {each.iri for each in vocabulary.ancestors(metric.iri)} for metric in metrics}
    return any(
        set(one.broader) & set(other.broader) and one.iri not in above[other.iri] and other.iri not in above[one.iri]
        for one, other in combinations({metric.iri: metric for metric in metrics}.values(), 2)
    )
