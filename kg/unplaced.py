"""What extraction saw and could not place, for want of a word in the ontology.

Three things may be missing: the metric of a number (it stands under a catch-all, or was dropped), the unit of a number
(what stands behind it is no label), and the concept of a technology that a list names.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kg.extraction import facts_of
from kg.extraction.numbers.context import Context, contexts
from kg.extraction.numbers.segments import segments
from kg.lexicon import Lexicon
from kg.model import Fact, NumberFact, Report, Span, Technology
from kg.reading.blocks import read_blocks
from kg.reading.folding import HAN, compact
from kg.units import CODE, UNIT
from kg.vocabulary import Vocabulary

ORDER = METRIC, UNIT_WORD, TECHNOLOGY = "metric", "unit", "technology"
_ROLES = ("Company", "OrganisationPart", "PeriodName", "Direction", "Comparator", "Aggregation")
_CUES = ("small-word", "linking", "from", "of", "and", "each", "by-amount", "since", "until", "this-year")
_LEADING = ("previous-year", "for", "company", "technology-verb", "initiative-verb", "initiative-act")
_BREAK = re.compile(r"[,;:.!?()\[\]{}\"*|\u3001\u3002\u3008-\u3011\u00b7\u2022\n]+")
_YEAR, _LAST_YEAR = re.compile(r"20\d\d"), re.compile(r"20\d\d$")
_LETTER = re.compile(r"[^\W\d_]")
_HAN = re.compile(f"[{HAN}]")
_LINKING = f"{CODE}cue-linking"
_EDGE = " -/~+&"
_CLASSIFIER = 2  # Han characters behind a number: most words that count have one, with the first of the noun two
_TELLING = 4  # digits of a bare number that is no number of a chapter, a page or a list
_QUOTE = 40  # folded characters on each side of a dropped number that its quote shows


@dataclass(frozen=True, slots=True)
class Sighting:
    """One thing that was seen and not placed.

    ``lacks`` is ``metric``, ``unit`` or ``technology``; ``words`` what would have to become a label, in the text's own
    characters; ``unit`` the IRI of the number's unit, or None; ``kept`` says that there is a fact all the same, under a
    catch-all or without a concept: the others were dropped.
    """

    lacks: str
    words: str
    unit: str | None
    report: Report
    quote: Span
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Sightings of one kind with the same words and the same unit."""

    sightings: tuple[Sighting, ...]

    @property
    def first(self) -> Sighting:
        """The sighting with the shortest quote, which serves as example."""
        return min(self.sightings, key=lambda one: (one.quote.end - one.quote.start, one.report.id, one.quote))

    @property
    def reports(self) -> Mapping[str, int]:
        """How often it was seen in each report."""
        return Counter(one.report.id for one in self.sightings)


def unplaced(reports: Iterable[Report], vocabulary: Vocabulary) -> list[Unplaced]:
    """Return what some reports say and the ontology has no word for: first what facts hold, the most frequent first."""
    groups: dict[tuple[str, str, str | None], list[Sighting]] = defaultdict(list)
    for report in reports:
        for one in sightings(report, vocabulary):
            groups[one.lacks, compact(one.words).text, one.unit].append(one)
    found = [Unplaced(tuple(group)) for _, group in sorted(groups.items(), key=lambda group: group[0][:2])]
    return sorted(found, key=lambda one: (not one.first.kept, -len(one.sightings), ORDER.index(one.first.lacks)))


def sightings(report: Report, vocabulary: Vocabulary) -> Iterator[Sighting]:
    """Yield what one report says and the ontology has no word for."""
    facts = facts_of(report, vocabulary)
    for fact in facts:
        if isinstance(fact, NumberFact) and vocabulary.concept(fact.metric).is_a("CatchAllMetric"):
            words = _of_fact(fact, report, vocabulary)
            yield Sighting(METRIC, words, _base(fact.unit, vocabulary), report, fact.quote, True)
        elif isinstance(fact, Technology) and fact.technology is None:
            yield Sighting(TECHNOLOGY, fact.name, None, report, fact.quote, True)
    yield from _dropped(report, facts, vocabulary)


def _of_fact(fact: NumberFact, report: Report, vocabulary: Vocabulary) -> str:
    """Return the noun nearest the number of a fact under a catch-all."""
    spans = dict(fact.spans)
    ahead = "metric" not in spans or spans["metric"].start < spans["value"].start
    quote, number = fact.quote.of(report.text), fact.as_written
    return noun(fact.metric_text, ahead, vocabulary) or noun(quote.replace(number, " "), ahead, vocabulary) or number


def _base(unit: str, vocabulary: Vocabulary) -> str:
    return vocabulary.concept(unit).value("base") or unit


# --- numbers that gave no fact


def _dropped(report: Report, facts: Iterable[Fact], vocabulary: Vocabulary) -> Iterator[Sighting]:
    """Yield the numbers that no fact holds and that are no numbering and no figure of speech."""
    taken = [span for fact in facts if isinstance(fact, NumberFact) for role, span in fact.spans if role == "value"]
    for segment in segments(read_blocks(report), vocabulary):
        if segment.block.kind == "heading":
            continue
        for context in contexts(segment):
            place = segment.place(context.quantity.start, context.quantity.end)
            if not any(place.overlaps(span) for span in taken):
                yield from _sighting(context, report, vocabulary)


def _sighting(context: Context, report: Report, vocabulary: Vocabulary) -> Iterator[Sighting]:
    quantity, text = context.quantity, context.segment.text
    measure = quantity.measure
    if quantity.in_words or (measure and (measure.counts or measure.is_times)):
        return  # "the three dimensions", "twice": written out, or too small to be of things
    if measure is None and _counts(context, vocabulary):
        words = _own(context, (quantity.last, quantity.last + _CLASSIFIER))
        yield Sighting(UNIT_WORD, words, None, report, _around(context))
    if measure is None and not _tells(text[quantity.first : quantity.last]):
        return
    words = next(filter(None, (_words(context, *side, vocabulary) for side in _sides(context))), "")
    if words:
        unit = _base(measure.unit.iri, vocabulary) if measure else f"{UNIT}ratio"
        yield Sighting(METRIC, words, unit, report, _around(context))


def _counts(context: Context, vocabulary: Vocabulary) -> bool:
    """Say whether a bare number stands inside a Chinese sentence, before a word that may count things."""
    text, first, last = context.segment.text, context.quantity.first, context.quantity.last
    beside = text[max(0, first - 1) : first] + text[last : last + _CLASSIFIER]
    sentence = bool(context.segment.stops or context.segment.commas)  # and not a line of a table of contents
    han = len(beside) == 1 + _CLASSIFIER and all(map(_HAN.match, beside))
    return sentence and han and text[first:last].isdigit() and _calendar(vocabulary).at(text, last) is None


def _tells(digits: str) -> bool:
    """Say whether a bare number is more than the number of a chapter, a page or a year."""
    whole = digits.removesuffix(".0")  # "version 2.0"
    return "." in whole or "," in whole or (len(whole) > _TELLING and whole.isdigit())


def _sides(context: Context) -> tuple[tuple[tuple[int, int], bool], ...]:
    return (context.before, True), (context.after, False)


def _words(context: Context, stretch: tuple[int, int], ahead: bool, vocabulary: Vocabulary) -> str:
    return noun(_own(context, stretch), ahead, vocabulary) if stretch[0] < stretch[1] else ""


def _own(context: Context, stretch: tuple[int, int]) -> str:
    """Return the text's own characters under a stretch of the folded segment."""
    return context.segment.place(*stretch).of(context.segment.report.text)


def _around(context: Context) -> Span:
    """Return the clause of a number, cut to what stands near it."""
    quantity = context.quantity
    start, end = max(context.clause[0], quantity.first - _QUOTE), min(context.clause[1], quantity.last + _QUOTE)
    return context.segment.place(min(start, quantity.first), max(end, quantity.last))


# --- the noun in a stretch of words


def noun(words: str, ahead: bool, vocabulary: Vocabulary) -> str:
    """Return the noun phrase of some words that stands nearest their number, which comes behind them if ``ahead``.

    It is empty where nothing is left but small words and signs.

    >>> from kg.settings import resource
    >>> noun("renewable share (own sites)", True, Vocabulary.load(resource("ontology")))
    'own sites'
    """
    folded = compact(words)
    text = folded.text
    pieces = [piece for piece in _pieces(text) if piece[1] - piece[0] > 1] or [(0, len(text))]
    start, end = pieces[-1] if ahead else pieces[0]
    start, end = _bare(text, start, end, vocabulary)
    if ahead and (head := _after_of(text, start, end, vocabulary)):
        start = head
    own = folded.span(start, end).of(words) if start < end else ""
    return " ".join(own.split()) if _LETTER.search(own) else ""


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for stop in _BREAK.finditer(text):
        yield start, stop.start()
        start = stop.end()
    yield start, len(text)


def _bare(text: str, start: int, end: int, vocabulary: Vocabulary) -> tuple[int, int]:
    """Cut companies, periods, words of change and small words from both ends of a stretch, verbs from its start."""
    heads, tails = _leading(vocabulary), _trailing(vocabulary)
    whole = end  # "number of" is one character in Chinese and may end a noun; only right before the number it is cut
    while start < end:
        head, tail, year = heads.at(text, start), tails.before(text, end), _YEAR.match(text, start, end)
        if text[start] in _EDGE or head or year:
            start = head.end if head else year.end() if year else start + 1
        elif text[end - 1] in _EDGE:
            end -= 1
        elif _LAST_YEAR.search(text, start, end):
            end -= 4
        elif tail and (end == whole or tail.end - tail.start > 1 or tail.concept.iri != _LINKING):
            end = tail.start
        else:
            break
    return start, max(start, end)


def _after_of(text: str, start: int, end: int, vocabulary: Vocabulary) -> int | None:
    """Return where the noun begins behind the last Chinese word for "of", if something is left there."""
    of = Lexicon([vocabulary.concept(f"{CODE}cue-of")], keep=lambda word: not word.isascii())
    ends = [word.end for position in range(start, end) if (word := of.at(text, position)) and end - word.end > 1]
    return ends[-1] if ends else None


@lru_cache(maxsize=4)
def _calendar(vocabulary: Vocabulary) -> Lexicon:
    return Lexicon(vocabulary.concept(f"{CODE}calendar-{name}") for name in ("year", "month", "day"))


@lru_cache(maxsize=4)
def _leading(vocabulary: Vocabulary) -> Lexicon:
    """Return the words that begin a stretch and are no part of a noun."""
    return _words_of(vocabulary, (*_CUES, *_LEADING))


@lru_cache(maxsize=4)
def _trailing(vocabulary: Vocabulary) -> Lexicon:
    """Return the words that end a stretch and are no part of a noun."""
    return _words_of(vocabulary, _CUES)


def _words_of(vocabulary: Vocabulary, cues: Iterable[str]) -> Lexicon:
    named = (f"{CODE}calendar-year", *(f"{CODE}cue-{name}" for name in cues))
    return Lexicon([*vocabulary.of_type(*_ROLES), *(vocabulary.concept(iri) for iri in named if iri in vocabulary)])
