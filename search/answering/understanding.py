"""From a question in plain words to what it asks for, by the same labels that extraction reads."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kg.ids import BASE
from kg.mentionable import mention_classes
from kg.reading.folding import HAN, Folded, compact, fold
from kg.vocabulary import Concept, Match, Vocabulary
from search.answering.asked import Asked, asked_metrics, siblings, unit_of
from search.answering.counting import counted_metrics, head_words, is_measured, is_of_metric
from search.answering.cues import NAMED_KINDS, Cues, many, read_cues, years_asked
from search.answering.patterns import pattern
from search.answering.sought import sought

_HAN = re.compile(f"[{HAN}]")

PARTED = 4  # characters of a name that words for "how much" may part; shorter ones arise by chance
DECREASE = f"{BASE}code/decrease"
CUMULATIVE = f"{BASE}code/cumulative"
_MEMBER = "http://www.w3.org/ns/org#hasMember"
NUMBER_KINDS = frozenset({"observation", "target"})
COUNT = frozenset({"count"})
WANTS = frozenset({"when", "by when", "base year", "before", "national", "place"})
MENTIONS = frozenset({"mention"})


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a question asks for.

    ``shape`` is ``number``, ``comparison``, ``list``, ``text`` or, for words that ask nothing, ``topic``; ``kinds`` the
    kinds of fact that could answer it; ``units`` the codes of the units asked for, empty where the question leaves it
    open; concepts are given by type, those that only have mentions as ``things``; ``cumulative`` says whether a total
    over years is asked for. ``asked`` are the metrics of ``metrics``, and those that a verb implies ("saved"), that the
    answer may be of, ``sure`` says whether it can be of no other. ``set_in`` are years in which what is asked was said,
    ``years`` those for which; ``wants`` says what else is wanted (``when``, ``place``, ``base year``); ``counter`` is
    the word that things are counted with, ``many`` how many of them the question speaks of; ``levels`` and ``horizons``
    are those of risks; ``industries`` are IRIs, of whose companies all are meant. ``companies`` come to have reports
    each: :mod:`~search.answering.strangers` puts those without into ``others``, and names that nobody knows into
    ``outsiders``; ``frame`` are the places, in the question, of what names nothing; ``sought`` are the words for what
    is to be named.
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
    asked: tuple[Concept, ...] = ()
    sure: bool = False
    set_in: tuple[int, ...] = ()
    wants: frozenset[str] = frozenset()
    counter: str = ""
    many: int | None = None
    levels: tuple[Concept, ...] = ()
    horizons: tuple[Concept, ...] = ()
    industries: tuple[str, ...] = ()
    others: tuple[Concept, ...] = ()
    outsiders: tuple[str, ...] = ()
    changed: bool = False
    head: frozenset[str] = frozenset()
    sought: str = ""
    frame: tuple[tuple[int, int], ...] = field(default=(), compare=False)

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
    cues = read_cues(folded, vocabulary)
    matches = _matches(folded, cues, vocabulary)
    direct = [concept for match in matches for concept in match.concepts]
    named = direct + [vocabulary.concept(iri) for body in direct for iri in body.values(_MEMBER)]
    things = tuple(concept for concept in dict.fromkeys(named) if mention_classes(concept.iri, vocabulary))
    asked = _asked(folded, matches, named, cues, vocabulary)
    years, set_in = years_asked(folded.text, cues, vocabulary)
    levels = _levels(matches, folded.text)
    shape = _shape_of(folded.text, matches, direct, years, cues, vocabulary)
    return Understanding(
        question=question,
        language=language_of(question),
        shape=shape,
        kinds=_kinds(cues, levels, things, _of(named, "Metric"), shape),
        units=cues.units,
        years=years,
        companies=_of(named, "Company"),
        metrics=_metrics(named, vocabulary),
        technologies=_of(named, "Technology"),
        places=_of(named, "Place"),
        categories=_of(named, "RiskCategory", "OpportunityCategory"),
        cumulative=any(concept.iri == CUMULATIVE for concept in named),
        things=things,
        asked=asked.metrics,
        sure=asked.sure,
        set_in=set_in,
        wants=cues.asks & WANTS,
        counter=cues.counter,
        many=many(folded.text, vocabulary),
        levels=levels,
        horizons=_of(named, "Horizon"),
        industries=cues.industries,
        changed=_changed(named, cues),
        head=head_words(question, folded, cues, language_of(question) == "en", vocabulary),
        frame=_frame(folded, matches, cues),
        sought=sought(folded, language_of(question) == "en", vocabulary),
    )


def _shape_of(
    text: str, matches: Sequence[Match], named: Sequence[Concept], years: Sequence[int], cues: Cues, words: Vocabulary
) -> str:
    shape = _shape(cues, named, years, "?" in text, is_measured(text, words))
    return _said_otherwise(shape, text, matches, cues, words)


def _said_otherwise(shape: str, text: str, matches: Sequence[Match], cues: Cues, vocabulary: Vocabulary) -> str:
    """Return the shape, a number for "What reading accuracy does ...?", a list for a topic of "six paths"."""
    if shape == "text" and is_of_metric(text, matches):
        return "number"
    if shape == "number" and siblings([c for match in matches for c in match.concepts if c.is_a("Metric")], vocabulary):
        return "comparison"
    return "list" if shape == "topic" and "passage" not in cues.asks and many(text, vocabulary) else shape


def _matches(folded: Folded, cues: Cues, vocabulary: Vocabulary) -> list[Match]:
    """Return what a question names, the longest names where names overlap."""
    whose = [match for match in vocabulary.everything.all_folded(folded) if _is_company(match)]
    return vocabulary.everything.find_folded(folded, lambda match: _names(match, cues, whose))


def _parted(folded: Folded, cues: Cues, vocabulary: Vocabulary) -> list[Concept]:
    """Return the metrics whose names "how much" parts, in Chinese: "bought how much green electricity".

    Where a metric is named in one piece, it has to be a part of the name.
    """
    rest, end = "", 0
    for start, stop in sorted(cues.numbers):
        rest, end = rest + folded.text[end : max(start, end)], max(stop, end)
    rest = pattern(vocabulary, "particle").sub("", rest + folded.text[end:])
    found = vocabulary.everything.find(rest) if cues.numbers and _HAN.search(rest) else ()
    named = [match for match in vocabulary.everything.all_folded(folded) if _is_metric(match)]
    whole = [match.label for match in named if not _inside(match, cues.spans)]
    new = [
        match
        for match in found
        if len(match.label) >= PARTED
        and match.label not in folded.text
        and (not whole or any(label in match.label for label in whole if len(label) > 1))
    ]
    return list(_of([concept for match in new for concept in match.concepts], "Metric"))


def _is_metric(match: Match) -> bool:
    return any(concept.is_a("Metric") for concept in match.concepts)


def _asked(
    folded: Folded, matches: Sequence[Match], named: Sequence[Concept], cues: Cues, vocabulary: Vocabulary
) -> Asked:
    weak = [c for match in matches if _inside(match, cues.measures) for c in match.concepts if c.is_a("Metric")]
    parted = _parted(folded, cues, vocabulary)
    strong = parted or [metric for metric in _metrics(named, vocabulary) if metric not in weak]
    if cues.units in (frozenset(), COUNT) and not parted:
        counted = counted_metrics(folded, matches, cues, vocabulary)
        if counted:
            return Asked(tuple(dict.fromkeys(counted)))
        if cues.concrete:  # what stands elsewhere is not what is counted
            strong = [metric for metric in strong if unit_of(metric, vocabulary) != "count"]
    return asked_metrics(strong, cues, _changed(named, cues), vocabulary, weak)


def _changed(named: Iterable[Concept], cues: Cues) -> bool:
    """Say whether a question speaks of a rise, a fall or a target, so that a change may answer it."""
    return "target" in cues.asks or any(concept.is_a("Direction") for concept in named)


def _frame(folded: Folded, matches: Iterable[Match], cues: Cues) -> tuple[tuple[int, int], ...]:
    """Return the places, in the question as given, of what frames it and names nothing: whose, when, in which unit."""
    framing = [(m.start, m.end) for m in matches if any(c.is_a("Company", "Unit", "Period") for c in m.concepts)]
    spans = [folded.span(start, end) for start, end in [*framing, *cues.spans]]
    return tuple((span.start, span.end) for span in spans)


def _is_company(match: Match) -> bool:
    return any(concept.is_a("Company") for concept in match.concepts)


def _names(match: Match, cues: Cues, whose: Iterable[Match]) -> bool:
    """Say whether a match names something.

    A cue names nothing, nor does a company's name in the name of a trade, nor a country's in the name of a company.
    """
    if all(concept.is_a("QuestionCue") for concept in match.concepts):
        return False
    if any(concept.is_a("Place") for concept in match.concepts):
        return not _inside(match, [(company.start, company.end) for company in whose])
    return not (_is_company(match) and _inside(match, cues.crowds))


def _inside(match: Match, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= match.start and match.end <= end for start, end in spans)


def _of(named: Iterable[Concept], *types: str) -> tuple[Concept, ...]:
    return tuple({concept.iri: concept for concept in named if concept.is_a(*types)}.values())


def _levels(matches: Iterable[Match], text: str) -> tuple[Concept, ...]:
    """Return the level of a risk that a question names, the one with the longest name; "how severe" names none."""
    rated = [match for match in matches if any(concept.is_a("RiskLevel") for concept in match.concepts)]
    found = [match for match in rated if len(match.label) > 1 and not text[: match.start].endswith("how ")]
    longest = max(found, key=lambda match: len(match.label), default=None)
    return _of(longest.concepts, "RiskLevel") if longest else ()


def _metrics(named: Sequence[Concept], vocabulary: Vocabulary) -> tuple[Concept, ...]:
    """Return the metrics that a question names; emissions that are cut are the metric of tonnes avoided as well."""
    metrics = [concept for concept in _of(named, "Metric") if not concept.is_a("CatchAllMetric")]
    if any(concept.iri == DECREASE for concept in named):
        metrics += [vocabulary.concept(iri) for metric in tuple(metrics) for iri in metric.values("whenReduced")]
    return tuple(dict.fromkeys(metrics))


def _shape(cues: Cues, named: Sequence[Concept], years: Sequence[int], asked: bool, measured: bool) -> str:
    asks = cues.asks
    if "passage" in asks:
        return "topic"
    if "rivals" in asks:
        return "comparison"
    several = len(_of(named, "Company")) > 1 or bool(cues.industries) or "companies" in asks
    sides = several or len(years) > 1
    names = bool(asks & {"list", "technology", "initiative"}) or ("plural" in asks and "number" not in asks)
    if "comparison" in asks and ("number" in asks or sides) and not (names and not sides):
        return "comparison"
    if "number" in asks:
        return "comparison" if sides else "list" if "list" in asks and not cues.units else "number"
    if "comparison" in asks and not names:
        return "comparison"
    if names:
        return "list"
    if several and _of(named, "Metric"):
        return "comparison"
    if "text" in asks:
        return "text"
    # "PUE Fuzhou 2021": a metric and something to tie it to ask for a number, with no word that asks.
    tied = bool(years) or bool(_of(named, "Company", "Place"))
    if tied and (_of(named, "Metric") or measured):
        return "number"
    return "text" if asked else "topic"


def _kinds(
    cues: Cues, levels: Sequence[Concept], things: Sequence[Concept], metrics: Sequence[Concept], shape: str
) -> frozenset[str]:
    """Return the kinds of fact that could answer; a thing that only has mentions is asked for where no number is."""
    named = cues.kinds if shape == "list" and not levels else cues.asks & NAMED_KINDS
    kinds = cues.asks & {"target"} | (named if shape not in ("number", "comparison") else frozenset())
    if not kinds and things and not metrics and "number" not in cues.asks:
        return MENTIONS
    return frozenset(kinds) if kinds else NUMBER_KINDS
