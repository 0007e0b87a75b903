"""The words by which a question says what it wants: a number, a list, a date, a unit, a year, whose figures."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.reading.folding import Folded
from kg.vocabulary import Concept, Match, Vocabulary
from search.answering.patterns import multipliers, numerals, pattern

_YEAR = re.compile(r"(?<!\d)(20[0-6]\d)(?!\d)")
# "Which climate risks does ...": a plural after "which" or "what" asks for names. A word in -ss, -us or -is is none.
_PLURAL = re.compile(
    r"\b(?:which|what) (?!(?:was|is|are|were|did|does|do|has|had|have|will|would|can|share)\b|happen|propor|percent)"
    r"(?:[\w-]+ ){0,2}?(?!(?:this|was|is|does|has)\b)[\w-]*[^\Wsui]s\b(?! (?:the|a|an|its|their)\b)"
)
_TELL = re.compile(r"(?:please )?(?:name|list|enumerate|mention|identify|give) (?!the (?:passage|section|paragraph))")
# "Does it ...?", and "What ties the pay ...?": no figure is asked for.
_YES_OR_NO = re.compile(r"(?:does|do|did|is|are|was|were|has|have|can|will|what [a-z]+s (?:the|a|an|its|their)) ")
# "Which saves more, A or B?", "..., and how many B?"
_RIVALS = re.compile(
    r"\bwhich\b.*?\b(?:more|less|fewer|higher|lower|larger|bigger|smaller|greater|better)\b.*(?:, | or )"
    r"|\bwhich\b.*, [^,?]+ or [^,?]+\?$|\bhow do they compare\b|\bcompared[?.]?$"
)
_BETWEEN = r"\b(?:between 20\d\d and|from 20\d\d to|20\d\d to) 20\d\d"
_TWICE = re.compile(r"\bhow (?:many|much)\b.*\band how (?:many|much)\b")
_NO_ADJECTIVE = "per in by for on to than did do does has have had is are was were will".replace(" ", r"\b|")
_ADJECTIVE = rf" (?!{_NO_ADJECTIVE}\b)[a-z][\w'-]*"
_DESCRIBED, _DESCRIBED_TWICE = re.compile(f"{_ADJECTIVE} "), re.compile(f"{_ADJECTIVE}{_ADJECTIVE} ")
RIVAL, EACH = 10, 8  # characters between "which" and "more" in Chinese, and between "each" and "how much"
MOST = 20  # things that a question speaks of
PERCENT = frozenset({"percent"})
NAMED_KINDS = frozenset({"risk", "opportunity", "technology", "initiative"})
BEFORE, AFTER = 3, 8  # characters from the word for a kind of fact to the word that asks for a list, and from it on
SHAPES = frozenset({"number", "list", "comparison", "text"})  # of these a question asks for what its longest cue does


@dataclass(frozen=True, slots=True)
class Cues:
    """What the cue words of a question say.

    ``asks`` are the values of ``o:asks``, ``metrics`` the IRIs of those of ``o:asksMetric``; ``units`` are codes;
    ``counter`` is the word that a number of things is asked with; ``industries`` are IRIs; ``spans`` are the places of
    the cues in the folded question.
    """

    asks: frozenset[str]
    units: frozenset[str]
    metrics: tuple[str, ...]
    industries: tuple[str, ...]
    counter: str
    spans: tuple[tuple[int, int], ...]
    concrete: bool = False  # that word says what kind of thing is counted
    measures: tuple[tuple[int, int], ...] = ()  # of cues that name a unit ("how much electricity")
    kinds: frozenset[str] = frozenset()  # what of ``asks`` is a kind of fact, and stands where the names are asked for
    numbers: tuple[tuple[int, int], ...] = ()  # of words that ask for a number
    crowds: tuple[tuple[int, int], ...] = ()  # of words that hold the name of a company and mean none


def read_cues(folded: Folded, vocabulary: Vocabulary) -> Cues:
    """Read the cues of a folded question; one inside another one that asks for something else says nothing."""
    found = list(_outer(vocabulary.cues.all_folded(folded)))
    concepts = _concepts(found)
    asks = {value for cue in concepts for value in cue.values("asks")}
    if _PLURAL.search(folded.text):
        asks.add("plural")
    if _YES_OR_NO.match(folded.text):
        asks.add("text")
    if _TELL.match(folded.text):
        asks.add("list")
    asks |= _compared(folded.text, found, vocabulary)
    units, counter, spans, precise = _measured(folded, found, vocabulary)
    named = frozenset() if precise else frozenset(unit for cue in concepts for unit in cue.values("asksUnit"))
    units = units or (frozenset() if named else _named_units(folded, found, vocabulary))
    return Cues(
        asks=frozenset(asks),
        units=units if precise else named | _family(units - named, vocabulary),
        metrics=tuple(dict.fromkeys(metric for cue in concepts for metric in cue.values("asksMetric"))),
        industries=tuple(industry for cue in concepts for industry in cue.values("asksIndustry")),
        counter=counter,
        concrete=any(concept.values("concrete") for concept in _counters(counter, vocabulary)),
        spans=tuple([(match.start, match.end) for match in found] + spans),
        measures=tuple((m.start, m.end) for m in found if any(c.values("asksUnit") for c in m.concepts)),
        kinds=_kinds_asked(folded.text, found, vocabulary),
        numbers=tuple((match.start, match.end) for match in found if "number" in _asks(match)),
        crowds=tuple((match.start, match.end) for match in found if _asks(match) & {"companies", "anybody"}),
    )


def _compared(text: str, found: Sequence[Match], vocabulary: Vocabulary) -> set[str]:
    """Return what a question asks for by "which is more, A or B" and by "how much each": a comparison."""
    which, more = (pattern(vocabulary, role).pattern for role in ("rival", "degree"))
    if _RIVALS.search(text) or re.search(rf"(?:{which})[^,?]{{0,{RIVAL}}}?(?:{more})(?=[?,]|$)", text):
        return {"comparison", "rivals"}
    numbers = [match.start for match in found if "number" in _asks(match)]
    every = pattern(vocabulary, "every")
    each = (m.end() for m in pattern(vocabulary, "each").finditer(text) if not every.match(text, m.start()))
    if _TWICE.search(text) or any(0 <= number - end <= EACH for end in each for number in numbers):
        return {"comparison"}
    return set()


def _kinds_asked(text: str, found: Sequence[Match], vocabulary: Vocabulary) -> frozenset[str]:
    """Return the kinds of fact that a question for names asks for: those whose words stand beside "which" or "list".

    Where nothing says which, the question is but the name of a kind.
    """
    lists = [(match.start, match.end) for match in found if "list" in _asks(match)]
    lists += [match.span() for match in _PLURAL.finditer(text)]
    owner = pattern(vocabulary, "owner")
    kinds = {
        kind
        for match in found
        for kind in _asks(match) & NAMED_KINDS
        if not owner.match(text, match.end)  # of the steps of finding risks it is the steps that are asked for
        if not lists or any(start - BEFORE <= match.end and match.start <= end + AFTER for start, end in lists)
    }
    return frozenset(kinds)


def years_in(text: str) -> tuple[int, ...]:
    """Return the years that a text names, each once.

    >>> years_in("2020 and 2023, not 2,023 or 2099")
    (2020, 2023)
    """
    return tuple(dict.fromkeys(int(year) for year in _YEAR.findall(text)))


def years_asked(text: str, cues: Cues, vocabulary: Vocabulary) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the years that are asked about, and those in which it was said: "in 2020 for the following year".

    What was done between two years is told of the later one.
    """
    years = years_in(text)
    if len(years) == 2 and re.search(rf"{_BETWEEN}|20\d\d(?:{pattern(vocabulary, 'range').pattern})20\d\d", text):
        return years[1:], ()
    if "next year" in cues.asks and len(years) == 1:
        return (years[0] + 1,), years
    return years, ()


def many(text: str, vocabulary: Vocabulary) -> int | None:
    """Return how many things a folded question speaks of, None where it does not say: "eight green actions"."""
    numbers = numerals(vocabulary)
    words = "|".join(map(re.escape, sorted(numbers, key=len, reverse=True)))
    latin = rf"\b({words}|\d\d?) (?:[\w-]+ ){{0,2}}?[\w-]+s\b"
    match = re.search(rf"{latin}|({words}|\d\d?)(?:{pattern(vocabulary, 'counted').pattern})", text)
    word = match and (match.group(1) or match.group(2))
    number = numbers.get(word, int(word) if word.isdigit() else 0) if word else 0
    return number if MOST >= number > 1 else None


def _outer(matches: Sequence[Match]) -> Iterator[Match]:
    """Yield the matches that no longer one holds that asks for another shape of answer."""
    for match in matches:
        longer = (
            m for m in matches if m.start <= match.start and match.end <= m.end and len(m.label) > len(match.label)
        )
        shapes = _asks(match) & SHAPES
        if not shapes or all(_asks(other) & SHAPES in (shapes, set()) for other in longer):
            yield match


def _asks(match: Match) -> set[str]:
    return {value for concept in match.concepts for value in concept.values("asks") if concept.is_a("QuestionCue")}


Measured = tuple[frozenset[str], str, list[tuple[int, int]], bool]


def _measured(folded: Folded, cues: Sequence[Match], vocabulary: Vocabulary) -> Measured:
    """Return the units and the counter that follow a cue for a number, where, and whether they say more than it."""
    text, found, counter, spans, precise = folded.text, set[str](), "", [], False
    measures = {match.start: match for match in sorted(_measures(folded, vocabulary), key=lambda match: match.end)}
    for cue in cues:
        if "number" not in _asks(cue) or any(concept.values("asksUnit") == ("percent",) for concept in cue.concepts):
            continue
        starts = (cue.end + skipped for skipped in _skippable(text[cue.end :], vocabulary))
        unit = next((measures[start] for start in starts if start in measures), None)
        if unit is not None:
            found |= {concept.notation or "" for concept in unit.concepts}
            spans.append((unit.start, unit.end))
            precise |= any(cue.end < unit.end and other.start < unit.start for other in cues if _within(other, unit))
            counter = unit.label if any(concept.is_a("Classifier") for concept in unit.concepts) else counter
    return frozenset(found - {""}), counter, spans, precise


def _named_units(folded: Folded, cues: Sequence[Match], vocabulary: Vocabulary) -> frozenset[str]:
    """Return the units that a question names at its end, apart; "how many" of no unit asks for a count."""
    text = folded.text.rstrip(" ?.)")
    found = [
        concept.notation or ""
        for match in _measures(folded, vocabulary)
        if match.end == len(text) and text[: match.start].endswith((" ", "("))
        for concept in match.concepts
        if concept.is_a("Unit") and not concept.is_a("Classifier") and concept.notation != "year"
    ]
    many = any(cue.label == "how many" for cue in cues)
    return frozenset(found) or (frozenset({"count"}) if many else frozenset())


def _counters(word: str, vocabulary: Vocabulary) -> list[Concept]:
    found = vocabulary.everything.find(word) if word else ()
    return [concept for match in found for concept in match.concepts if concept.is_a("Classifier")]


def _within(cue: Match, unit: Match) -> bool:
    """Say whether a cue with a unit of its own ("how many tonnes") ends inside a unit ("tonnes of coal")."""
    return unit.start < cue.end < unit.end and any(concept.values("asksUnit") for concept in cue.concepts)


def _skippable(text: str, vocabulary: Vocabulary) -> tuple[int, ...]:
    """Return how many characters may stand between "how many" and its unit: a blank, a multiplier, adjectives."""
    blank = len(text) - len(text.lstrip(" "))
    match = multipliers(vocabulary).match(text, blank)
    after = match.end() if match else blank
    described = [word.end() for word in [_DESCRIBED.match(text), _DESCRIBED_TWICE.match(text)] if word]
    return tuple(dict.fromkeys((0, blank, after, after + text[after:].startswith(" "), *described)))


def _measures(folded: Folded, vocabulary: Vocabulary) -> Iterable[Match]:
    found = vocabulary.everything.all_folded(folded)
    return [match for match in found if any(concept.is_a("Unit", "Classifier") for concept in match.concepts)]


def _family(units: Iterable[str], vocabulary: Vocabulary) -> frozenset[str]:
    """Return units with those that are asked for together with them: tonnes of what is burnt and of what is emitted."""
    asked = [frozenset(cue.values("asksUnit")) for cue in vocabulary.of_type("QuestionCue")]
    return frozenset().union(*(next((group for group in asked if unit in group), frozenset({unit})) for unit in units))


def _concepts(matches: Iterable[Match]) -> list[Concept]:
    found: Mapping[str, Concept] = {concept.iri: concept for match in matches for concept in match.concepts}
    return [concept for concept in found.values() if concept.is_a("QuestionCue")]
