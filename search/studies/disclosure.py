"""The disclosure matrix: what standards ask for is given in a report, said not to be given, or was not found.

Not found is not the same as not disclosed: a figure may stand in a picture, or under words that the ontology lacks.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg import ids
from kg.model import Observation, Report, Span
from kg.vocabulary import Concept, Matcher, Vocabulary
from search.studies.alike import single

GIVEN, DENIED, NOT_FOUND = "given", "denied", "not-found"
_CUE = f"{ids.BASE}code/cue-empty-cell"
_SHORTEST = 3  # characters of a cue in running text; shorter ones ("none") say so in the cells of tables only
_SENTENCE = re.compile(r"[^\n\u3002\uff1b;]+")


@dataclass(frozen=True, slots=True)
class Cell:
    """What a report has on an item: facts, the best first, or the sentence that says there is none, or neither.

    ``parts`` are figures of a part of the company, where there is none of the whole.
    """

    status: str
    facts: tuple[Observation, ...] = ()
    denial: Span | None = None
    parts: tuple[Observation, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """An item with the codes of the standards that ask for it, a cell a report, and the names that were looked for."""

    item: Concept
    codes: tuple[str, ...]
    cells: tuple[Cell, ...]
    names: tuple[str, ...]


def matrix(
    rows: Iterable[tuple[str, str, Observation | None]], reports: Sequence[Report], vocabulary: Vocabulary
) -> list[Line]:
    """Return a line for each item of (item, code, fact) rows; an item below another of the same codes is left out."""
    codes: dict[str, set[str]] = defaultdict(set)
    facts: dict[str, dict[str, set[Observation]]] = defaultdict(lambda: defaultdict(set))
    for item, code, fact in rows:
        codes[item].add(code)
        if fact is not None:
            facts[item][fact.report].add(fact)
    for item, found in facts.items():
        for own in found.values():
            own.intersection_update([fact for fact in own if _answers(fact, item, codes, vocabulary)])
    chosen = [item for item in codes if not _is_covered(item, codes, vocabulary)]
    chosen.sort(key=lambda item: (min(codes[item]), item))
    return [_line(vocabulary.concept(item), codes[item], facts[item], reports, vocabulary) for item in chosen]


def _answers(fact: Observation, item: str, codes: Mapping[str, set[str]], vocabulary: Vocabulary) -> bool:
    """Say whether a fact gives an item, of the company or of a part: an amount of a year, of a metric that it covers.

    A fall by 22 percent gives no tonnes; standards ask for a reporting period, and a number without a year is of a
    product (on the five seeds two of two such cells were).
    """
    share = vocabulary.concept(fact.unit).notation == "percent"
    wanted = "percent" in {
        vocabulary.concept(unit).notation for unit in vocabulary.concept(item).values("canonicalUnit")
    }
    amount = fact.form != "change" and fact.scope in ("company", "part") and fact.year is not None
    return amount and share == wanted and _covers(item, fact.metric, codes, vocabulary)


def _covers(item: str, metric: str, codes: Mapping[str, set[str]], vocabulary: Vocabulary) -> bool:
    """Say whether an item is answered by a metric below it: one that no other code asks for, or a scope of its sum.

    Electricity saved, though filed below energy, is none that was used; scopes 1 and 2 are parts of all emissions.
    """
    if codes.get(metric, set()) <= codes[item]:
        return True
    whole, part = vocabulary.concept(item), vocabulary.concept(metric)
    alike = whole.values("accounting") == part.values("accounting")
    return alike and bool(part.values("emissionScope")) and not whole.values("emissionScope")


def _is_covered(item: str, codes: Mapping[str, set[str]], vocabulary: Vocabulary) -> bool:
    """Say whether a broader item answers to all the codes of an item: the parts of scope 3 are told by scope 3."""
    return any(codes[item] <= codes.get(above.iri, set()) for above in vocabulary.ancestors(item))


def _line(
    item: Concept,
    codes: Iterable[str],
    facts: Mapping[str, Iterable[Observation]],
    reports: Sequence[Report],
    vocabulary: Vocabulary,
) -> Line:
    cells = tuple(_cell(item, facts.get(report.id, ()), report, vocabulary) for report in reports)
    names = tuple(dict.fromkeys(label.text for label in item.labels if label.role != "hidden"))
    return Line(item, tuple(sorted(codes)), cells, names)


def _cell(item: Concept, facts: Iterable[Observation], report: Report, vocabulary: Vocabulary) -> Cell:
    found = sorted(facts, key=lambda fact: (fact.metric != item.iri, *_order(fact)))
    best = tuple(fact for fact in found if fact.scope == "company")
    if best:
        return Cell(GIVEN, best)
    parts = tuple(fact for fact in found if fact.scope == "part")
    denial = denials(report, vocabulary).get(item.iri)
    return Cell(DENIED, (), denial, parts) if denial else Cell(NOT_FOUND, parts=parts)


def _order(fact: Observation) -> tuple[bool, int, float, float, str]:
    """Put levels before sums, later years before earlier ones; of a year the largest, which is nearest to the whole."""
    return fact.form != "level", -(fact.year or 0), -single(fact.value, upper=True), -fact.confidence, fact.iri


@lru_cache(maxsize=256)
def _denials(text: str, vocabulary: Vocabulary) -> Mapping[str, Span]:
    found: dict[str, Span] = {}
    for sentence, metrics in _denied(text, vocabulary):
        for metric in metrics:
            found.setdefault(metric, sentence)
    return found


def denials(report: Report, vocabulary: Vocabulary) -> Mapping[str, Span]:
    """Return, by metric, the first sentence in which a report says that it does not give it.

    >>> from kg.settings import resource
    >>> words = Vocabulary.load(resource("ontology"))
    >>> said = denials(Report("r", "公司尚未核算范围三排放量。", "zh-Hans", "c", 2023, {}, ""), words)
    >>> [iri.rpartition("/")[2] for iri in said]
    ['ghg-scope-3']
    """
    return _denials(report.text, vocabulary)


def _denied(text: str, vocabulary: Vocabulary) -> Iterator[tuple[Span, list[str]]]:
    cues = [match for match in _cues(vocabulary).find(text) if len(match.label) >= _SHORTEST]
    for sentence in _SENTENCE.finditer(text) if cues else ():
        if any(sentence.start() <= cue.start < sentence.end() for cue in cues):
            metrics = [concept.iri for match in _metrics(vocabulary).find(sentence[0]) for concept in match.concepts]
            if metrics:
                yield Span(*sentence.span()), metrics


@lru_cache(maxsize=4)
def _cues(vocabulary: Vocabulary) -> Matcher:
    """Return a matcher for the words that say that there is no figure."""
    return Matcher([vocabulary.concept(_CUE)])


@lru_cache(maxsize=4)
def _metrics(vocabulary: Vocabulary) -> Matcher:
    return vocabulary.matcher("Metric")
