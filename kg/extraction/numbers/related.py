"""Metrics related to a metric: what a fall, a share, a fraction or a narrower name makes of it.

The law that an avoided, removed or offset tonne is never counted as an emitted one is kept here: an amount by which
a metric was reduced is of another metric (``o:whenReduced``), a percentage saved is a fall of what was used
(``o:whenChange``).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.extraction.numbers.changes import Change, is_strong
from kg.extraction.numbers.context import Context
from kg.lexicon import Lexicon, Word, blank
from kg.model import Span
from kg.units import CODE, Measure, kinds
from kg.vocabulary import SKOS, Concept, Match, Vocabulary, gathered

_PER = 16  # folded characters between "for each" and the amount that is divided ("for each TB of data, power used")


@dataclass(frozen=True, slots=True)
class Choice:
    """A metric, where its words (or, of a catch-all, the number's own words) stand, and how sure it is, from 0 to 1."""

    metric: Concept
    span: Span | None
    named: bool
    certainty: float


class Related:
    """The relations between the metrics of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather metrics by name, and intensity metrics by what they divide."""
        self._vocabulary = vocabulary
        self._names = Lexicon(vocabulary.of_type("Metric"))
        self._reach = Lexicon([vocabulary.concept(f"{CODE}{name}") for name in ("reach", "cue-from")])
        self._and = Lexicon([vocabulary.concept(f"{CODE}cue-and")])
        self._per = Lexicon([vocabulary.concept(f"{CODE}cue-per-unit")])
        self._behind = Lexicon([vocabulary.concept(f"{CODE}cue-per-behind")])
        self._equals = Lexicon([vocabulary.concept(f"{CODE}cue-equivalent")])
        divided = [c for c in vocabulary.of_type("Metric") if c.values("numerator")]
        self._intensities = {(above, kind): c for c in divided for above in c.values("numerator") for kind in kinds(c)}
        self._intensities |= {(c.value("numerator") or "", c.value("canonicalUnit") or ""): c for c in divided}

    def intensity(self, metric: Concept, measure: Measure) -> Concept | None:
        """Return what an amount divided by something is: energy in kilograms of coal a tonne is energy per product."""
        found = (self._intensities.get((metric.iri, key)) for key in (measure.unit.iri, *sorted(kinds(measure.unit))))
        return next((concept for concept in found if concept), None)

    def turned(self, context: Context, choice: Choice, change: Change | None) -> Choice:
        """Return what a metric is here: a share of it, what was saved of it, a fraction of it, or itself."""
        measure = context.quantity.measure
        choice = self._equivalent(context, choice)
        if measure is None or measure.is_times:
            return choice
        if measure.code == "percent":
            choice = self._divided(context, choice) if change else choice
            other = self._as_percentage(context, choice, change)
            return replace(choice, metric=self._vocabulary.concept(other)) if other else choice
        choice = self._divided(context, choice)
        saved = self._as_saved(context, choice)
        intensity = self.intensity(saved.metric, measure)
        return replace(saved, metric=intensity) if intensity else saved

    def _equivalent(self, context: Context, choice: Choice) -> Choice:
        """Turn things counted into what an amount is equivalent to: "equivalent to 1,200 trees"."""
        other = choice.metric.value(f"{SKOS}related") if choice.named else None
        stretch = range(max(context.before[0], context.quantity.start - _PER), context.quantity.start)
        if other is None or not any(self._equals.at(context.segment.text, position) for position in stretch):
            return choice
        return replace(choice, metric=self._vocabulary.concept(other))

    def _divided(self, context: Context, choice: Choice) -> Choice:
        """Turn an amount "for each unit of" something into an intensity; a label that says so itself is one already."""
        intensity, measure = choice.metric.value("whenDivided"), context.quantity.measure
        if not (intensity and choice.named and choice.span and measure):
            return choice
        text, offset = context.segment.text, context.segment.cell.span.start
        start, end = (context.segment.folded.at(p - offset) for p in (choice.span.start, choice.span.end))
        reach = range(max(context.clause[0], start - _PER), start)
        words = [word for position in reach if (word := self._per.at(text, position)) and not _counted(context, word)]
        behind = self._behind.at(text, end + (text[end : end + 1] == " "))
        kept = measure.code != "percent" and measure.unit.iri == choice.metric.value("canonicalUnit")
        if kept or not (behind or any(_unbroken(text[word.end : start]) for word in words)):
            return choice
        first = context.segment.place(words[0].start, end) if words else choice.span
        return replace(choice, metric=self._vocabulary.concept(intensity), span=first)

    def _as_saved(self, context: Context, choice: Choice) -> Choice:
        """Turn an amount that was reduced into one saved or avoided."""
        reduced, saved = choice.metric.value("whenReduced"), choice.metric.value("whenSaved")
        stretch = context.before
        if (
            choice.span
            and context.segment.place(context.quantity.first, context.quantity.last).end <= choice.span.start
        ):
            behind = context.segment.folded.at(choice.span.start - context.segment.cell.span.start)
            stretch = (context.before[0], behind)
        down = [m for m in context.found("Direction", stretch) if m.concept.notation == "down"]
        falls = [m for m in down if is_strong(m) or _said_of(m, context, choice)]
        falls = [m for m in falls if not _opens(context.segment.text[m.end : context.quantity.start])]
        if saved and falls and falls[-1].concept.iri == f"{CODE}save":
            reduced = saved
        if not (reduced and falls) or self._reach.before(
            context.segment.text, blank(context.segment.text, context.quantity.start)
        ):
            return choice
        span = context.segment.place(falls[-1].start, falls[-1].end)
        if choice.named and choice.span:
            span = Span(min(span.start, choice.span.start), max(span.end, choice.span.end))
        return Choice(self._vocabulary.concept(reduced), span, True, choice.certainty - 0.05)

    @staticmethod
    def _as_percentage(context: Context, choice: Choice, change: Change | None) -> str | None:
        """Return the metric that a percentage of another one is: its share, or what fell where it was saved."""
        if change is None:
            return choice.metric.value("whenShare")
        match = change.match
        start = context.segment.place(match.start, match.end).start if match else 0
        said = choice.span is None or start < choice.span.end  # "savings fell by 5 %" is about the savings
        return choice.metric.value("whenChange") if change.direction == "down" and said else None

    # --- lists and pairs

    def listed(self, before: Context, context: Context) -> bool:
        """Say whether nothing but a comma or "and" stands between two numbers."""
        return self._is_and(context.words((before.quantity.end, context.quantity.start)))

    def alike(self, choice: Choice, before: Choice) -> Choice:
        """Turn an amount without a metric of its own into one saved, where the one listed before it was saved."""
        reduced = choice.metric.value("whenReduced")
        saved = not choice.named and before.metric.value("whenChange") is not None
        return replace(choice, metric=self._vocabulary.concept(reduced), named=True) if reduced and saved else choice

    def pair(self, context: Context) -> tuple[Match, Match] | None:
        """Return the last two metrics before a number if "and" joins them."""
        found = list(context.found("Metric", context.before))[-2:]
        between = context.words((found[0].end, found[1].start)) if len(found) == 2 else ","
        return (found[0], found[1]) if between.strip() != "," and self._is_and(between) else None

    def partner(self, context: Context, choice: Choice, change: Change | None) -> Choice | None:
        """Return the first of two metrics that "and" joins before a change ("energy and emissions fell 23%")."""
        pair = self.pair(context) if change and choice.named else None
        if pair is None or context.segment.place(pair[1].start, pair[1].end) != choice.span:
            return None
        return Choice(pair[0].concept, context.segment.place(pair[0].start, pair[0].end), True, choice.certainty)

    def shared(self, first: str, second: str) -> Concept | None:
        """Return the metric of "energy per unit and emissions": the second takes over the start of the first's name."""
        names = (first[:length] + second for length in range(len(first) - 1, 1, -1))
        return next((self._names.words[name] for name in names if name in self._names.words), None)

    def sharpest(self, concepts: Sequence[Concept]) -> Concept:
        """Return the first of some metrics, or one further on that is narrower than it."""
        first = concepts[0]
        for concept in concepts[1:]:
            if any(above.iri == first.iri for above in self._vocabulary.ancestors(concept.iri)):
                first = concept
        return first

    def _is_and(self, between: str) -> bool:
        word = self._and.at(between.strip(), 0)
        return word is not None and word.end == len(between.strip())


def _counted(context: Context, word: Word) -> bool:
    """Say whether a word belongs to a number: the tonne of "2,180 tonnes" divides nothing."""
    return any(q.first < word.end and word.start < q.last for q in context.segment.quantities)


def _said_of(match: Match, context: Context, choice: Choice) -> bool:
    """Say whether a word such as "emission-cutting" runs into the metric: what follows it was cut, not emitted."""
    if choice.span is None or not choice.named:
        return False
    start = context.segment.folded.at(choice.span.start - context.segment.cell.span.start)
    return match.end - match.start > 1 and match.start < start and abs(start - match.end) <= 1


def _opens(text: str) -> bool:
    """Say whether a bracket opens in a stretch: "down by 7% on the year before (23 tonnes)" tells what was emitted."""
    return text.count("(") > text.count(")")


def _unbroken(text: str) -> bool:
    """Say whether a stretch holds words only: "for each terabyte of data, the ..." is two phrases."""
    return not any(c in ",;:.()" or c.isdigit() for c in text)


@gathered
def related(vocabulary: Vocabulary) -> Related:
    """Return the relations of a vocabulary's metrics, gathered once."""
    return Related(vocabulary)
