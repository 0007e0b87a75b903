"""A block of Turtle for what has no word yet, and the concept that is named most like it."""

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

from kg import ids
from kg.reading.folding import HAN, compact, simplified, traditional
from kg.terms import PREFIXES, Literal
from kg.unplaced import METRIC, TECHNOLOGY, Sighting, Unplaced
from kg.vocabulary import Concept, Vocabulary

_KIND = f"{PREFIXES['qudt']}hasQuantityKind"
_LOCAL_KINDS = f"{ids.BASE}kind/"
LIKE = 0.3  # of the pairs of characters of two names; below it they share a character by chance


def nearest(words: str, lacks: str, vocabulary: Vocabulary) -> tuple[Concept, float] | None:
    """Return the concept of the kind that is missing whose name is most like some words, with the likeness."""
    pairs = _pairs(words)
    best = max(
        ((_likeness(pairs, own), iri) for own, iri in _names(vocabulary, lacks)),
        default=(0.0, ""),
        key=lambda found: (found[0], found[1]),
    )
    return (vocabulary.concept(best[1]), round(best[0], 2)) if best[0] >= LIKE else None


@lru_cache(maxsize=8)
def _names(vocabulary: Vocabulary, lacks: str) -> tuple[tuple[frozenset[str], str], ...]:
    types = {METRIC: ("Metric",), TECHNOLOGY: ("Technology",)}.get(lacks, ("Unit", "Classifier"))
    known = (concept for concept in vocabulary.of_type(*types) if not concept.is_a("CatchAllMetric"))
    return tuple((_pairs(label.text), concept.iri) for concept in known for label in concept.labels)


def _pairs(words: str) -> frozenset[str]:
    text = f" {compact(words).text} "
    return frozenset(a + b for a, b in pairwise(text))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))


def block(found: Unplaced, number: int, vocabulary: Vocabulary) -> str:
    """Return the Turtle that would place something, to be given its English name (``new 1``) and its own IRI."""
    one, labels = found.first, _labels(found.first, number)
    if one.lacks == TECHNOLOGY:
        return _lines(f"t:new-{number} a o:Technology", "skos:inScheme t:", f"skos:prefLabel {labels}")
    if one.lacks == METRIC:
        return _metric(one, number, labels, vocabulary)
    return _lines(
        f"u:new-{number} a o:Classifier",
        "skos:inScheme u:classifiers",
        'skos:notation "count" ; o:base u:count ; o:factor 1',
        "qudt:hasQuantityKind k:count",
        f"skos:prefLabel {labels}",
    )


def _metric(one: Sighting, number: int, labels: str, vocabulary: Vocabulary) -> str:
    unit = vocabulary.concept(one.unit or f"{ids.BASE}unit/ratio")
    kind = next(iter(unit.values(_KIND)), f"{_LOCAL_KINDS}other")
    return _lines(
        f"m:new-{number} a o:Metric",
        "skos:inScheme m:",
        f"o:canonicalUnit {_short(unit.iri)}",
        f"qudt:hasQuantityKind {_short(kind)}",
        "o:better c:increase",
        f"skos:prefLabel {labels}",
        f"o:example {_quoted(one.quote.of(one.report.text), one.report.language)}",
    )


def _lines(*statements: str) -> str:
    return " ;\n  ".join(statements) + " ."


def _labels(one: Sighting, number: int) -> str:
    """Return preferred labels in three languages; where the text has no name in one, a name to be replaced."""
    new = f"new {number}"
    chinese = re.search(f"[{HAN}]", one.words) is not None
    if one.report.language == "en" and not chinese:
        names: Mapping[str, str] = {"zh-Hans": new, "zh-Hant": new, "en": one.words}
    else:
        names = {"zh-Hans": simplified(one.words), "zh-Hant": traditional(one.words), "en": new}
    return " , ".join(_quoted(name, tag) for tag, name in names.items())


def _quoted(words: str, language: str) -> str:
    return Literal(" ".join(words.split()), PREFIXES["rdf"] + "langString", language).n3


def _short(iri: str) -> str:
    bases = {**PREFIXES, "k": _LOCAL_KINDS}
    prefix = next((name for name in ("u", "qk", "k") if iri.startswith(bases[name])), None)
    return f"{prefix}:{iri.removeprefix(bases[prefix])}" if prefix else f"<{iri}>"
