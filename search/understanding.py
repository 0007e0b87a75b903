"""From a question in plain words to what it asks for, by the same labels that extraction reads."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.ids import BASE
from kg.mentionable import mention_classes
from kg.reading.folding import HAN, compact, fold
from kg.vocabulary import Concept, Match, Vocabulary

_HAN = re.compile(f"[{HAN}]")
_YEAR = re.compile(r"(?<!\d)(20[0-6]\d)(?!\d)")

DECREASE = f"{BASE}code/decrease"
CUMULATIVE = f"{BASE}code/cumulative"
NUMBER_KINDS = frozenset({"observation", "target"})
MENTIONS = frozenset({"mention"})


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a question asks for.

    ``shape`` is ``number``, ``comparison``, ``list``, ``text`` or, for words that ask nothing, ``topic``; ``kinds`` the
    kinds of fact that could answer it; ``units`` the codes of the units asked for, empty where the question leaves it
    open; concepts are given by type, those that only have mentions as ``things``; ``cumulative`` says whether a total
    over years is asked for.
    """

    question: str
    language: str
    shape: str
    kinds: frozenset[str]
    units: frozenset[str]
    years: tuple[int, ...]
    companies: tuple[Concept, ...]
    metrics: tuple[Concept, ...]
    technologies: tuple[Concept, ...]
    places: tuple[Concept, ...]
    categories: tuple[Concept, ...]
    cumulative: bool = False
    things: tuple[Concept, ...] = ()

    @property
    def concepts(self) -> tuple[Concept, ...]:
        """All concepts that the question names."""
        return self.companies + self.metrics + self.technologies + self.places + self.categories + self.things


def language_of(text: str) -> str:
    """Return ``en``, ``zh-Hant`` where a character has a Simplified form, else ``zh-Hans``.

    >>> [language_of(text) for text in ("How much?", "多少吨碳?", "多少噸碳?")]
    ['en', 'zh-Hans', 'zh-Hant']
    """
    han = _HAN.findall(text)
    if len(han) * 3 < len(re.findall(r"[A-Za-z]{2,}", text)):
        return "en"
    if not han:
        return "en"
    return "zh-Hant" if any(fold(character).text != character for character in han) else "zh-Hans"


def understand(question: str, vocabulary: Vocabulary) -> Understanding:
    """Read a question.

    >>> from kg.settings import resource
    >>> seen = understand("中國移動 2023 年節電多少度?", Vocabulary.load(resource("ontology")))
    >>> seen.shape, sorted(seen.units), seen.years, [c.label("en") for c in seen.companies]
    ('number', ['kWh'], (2023,), ['China Mobile'])
    """
    folded = compact(question)
    cues = _concepts(vocabulary.cues.all_folded(folded))
    asks = {value for cue in cues for value in cue.values("asks")}
    named = [concept for match in vocabulary.everything.find_folded(folded, _not_a_cue) for concept in match.concepts]
    things = tuple(concept for concept in dict.fromkeys(named) if mention_classes(concept.iri, vocabulary))
    years = _years(folded.text)
    return Understanding(
        question=question,
        language=language_of(question),
        shape=_shape(asks, named, years, "?" in folded.text),
        kinds=_kinds(asks, things, _of(named, "Metric")),
        units=frozenset(unit for cue in cues for unit in cue.values("asksUnit")),
        years=years,
        companies=_of(named, "Company"),
        metrics=_metrics(named, vocabulary),
        technologies=_of(named, "Technology"),
        places=_of(named, "Place"),
        categories=_of(named, "RiskCategory", "OpportunityCategory"),
        cumulative=any(concept.iri == CUMULATIVE for concept in named),
        things=things,
    )


def _not_a_cue(match: Match) -> bool:
    return not all(concept.is_a("QuestionCue") for concept in match.concepts)


def _concepts(matches: Iterable[Match]) -> list[Concept]:
    return list({concept.iri: concept for match in matches for concept in match.concepts}.values())


def _of(named: Iterable[Concept], *types: str) -> tuple[Concept, ...]:
    return tuple({concept.iri: concept for concept in named if concept.is_a(*types)}.values())


def _metrics(named: Sequence[Concept], vocabulary: Vocabulary) -> tuple[Concept, ...]:
    """Return the metrics that a question names; emissions that are cut are the metric of tonnes avoided as well."""
    metrics = [concept for concept in _of(named, "Metric") if not concept.is_a("CatchAllMetric")]
    if any(concept.iri == DECREASE for concept in named):
        metrics += [vocabulary.concept(iri) for metric in tuple(metrics) for iri in metric.values("whenReduced")]
    return tuple(dict.fromkeys(metrics))


def _shape(asks: set[str], named: Sequence[Concept], years: Sequence[int], asked: bool) -> str:
    several = len(_of(named, "Company")) > 1
    if "comparison" in asks and ("number" in asks or several):
        return "comparison"
    if "number" in asks:
        return "comparison" if several else "number"
    if "comparison" in asks:
        return "comparison"
    if asks & {"list", "technology", "initiative"}:
        return "list"
    if several and _of(named, "Metric"):
        return "comparison"
    if "text" in asks:
        return "text"
    # "PUE Fuzhou 2021": a metric and something to tie it to ask for a number, with no word that asks.
    tied = bool(years) or bool(_of(named, "Company", "Place"))
    if tied and _of(named, "Metric"):
        return "number"
    return "text" if asked else "topic"


def _kinds(asks: set[str], things: Sequence[Concept], metrics: Sequence[Concept]) -> frozenset[str]:
    """Return the kinds of fact that could answer; a thing that only has mentions is asked for where no number is."""
    kinds = asks & {"target", "risk", "opportunity", "technology", "initiative"}
    if not kinds and things and not metrics and "number" not in asks:
        return MENTIONS
    return frozenset(kinds) if kinds else NUMBER_KINDS


def _years(text: str) -> tuple[int, ...]:
    years = [int(year) for year in _YEAR.findall(text)]
    return tuple(dict.fromkeys(years))
