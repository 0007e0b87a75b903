"""Which metric a number is of: the nearest one that its unit, form and size fit."""

from functools import lru_cache

from kg.extraction.marks import marks_of
from kg.extraction.numbers.candidates import FAR, Candidate, candidates
from kg.extraction.numbers.catching import catch_all
from kg.extraction.numbers.changes import Change, change_of_metric
from kg.extraction.numbers.context import Context
from kg.extraction.numbers.related import Choice, related
from kg.reading.folding import compact
from kg.units import UNIT, Measure, kinds, units
from kg.vocabulary import Concept, Match, Vocabulary

_BESIDE = 2  # folded characters between a metric and a narrower one that is said of the same number
_NEAR = 40  # folded characters: a narrower metric that stands beside another ends within them
_RATIO = "http://qudt.org/vocab/quantitykind/DimensionlessRatio"
_OCCASIONS = (f"{UNIT}occasions",)  # "36 training sessions" are no people
_LONGEST = 60  # characters of a row's or a column's name; longer cells are texts that mention metrics
_IN_TABLE, _UNNAMED = 0.9, 0.7  # certainty of a metric that a row or column names, and of a catch-all there


class Metrics:
    """The metrics of a vocabulary by what their units can be."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather the codes of the metrics' units."""
        self._vocabulary = vocabulary
        self._codes = {
            c.iri: vocabulary.concept(c.value("canonicalUnit") or f"{UNIT}ratio").notation
            for c in vocabulary.of_type("Metric")
        }
        self._units = units(vocabulary)
        self._where, self._related, self._catch_all = candidates(vocabulary), related(vocabulary), catch_all(vocabulary)

    def choose(self, context: Context, change: Change | None) -> Choice | None:
        """Return the metric of a number, a catch-all where none fits, None where the number means nothing."""
        if context.segment.cell.is_number:
            return self._of_cell(context, change)
        for certainty, match in self._in_order(context, change):
            for concept in match.concepts:
                fits = self._fits(concept, context, change, certainty > FAR)
                if fits and self._is_head(concept, match, context, change):
                    return self._related.turned(context, self._named(context, concept, match, certainty), change)
        caught = self._of_names(context, change) or self._catch_all.choose(context, change)
        return caught and self._related.turned(context, caught, change)

    def _is_head(self, metric: Concept, match: Match, context: Context, change: Change | None) -> bool:
        """Say whether a change is of what a noun counts: "product returns fell by 30%" is not of products."""
        if change is None or change.match is None or self._codes[metric.iri] != "count":
            return True
        end = change.match.start if match.end <= change.match.start else context.quantity.start
        return match.end > end or self._where.leads_to(context, match.end, end)

    def suits(self, choice: Choice, context: Context, change: Change | None) -> bool:
        """Say whether the metric of another number can be that of this one too."""
        return choice.named and self._fits(choice.metric, context, change)

    def _in_order(self, context: Context, change: Change | None) -> list[Candidate]:
        """Return the candidates; for a share those that are shares first, then what has one, as the text has them."""
        found = list(self._where.around(context, change))
        measure = context.quantity.measure
        if measure is None or measure.code != "percent" or change is not None:
            return found
        shares = [pair for pair in found if any(self._codes[c.iri] == "percent" for c in pair[1].concepts)]
        others = [pair for pair in found if pair not in shares]
        before = [pair for pair in others if pair[1].end <= context.quantity.start and pair[0] > FAR]
        before = [pair for pair in before if not any(self._where.modifies(context, pair[1], m) for _, m in before)]
        near = [pair for pair in shares if pair[0] > FAR]
        rest = [pair for pair in found if pair not in before and pair not in near]
        return [*near, *sorted(before, key=lambda pair: pair[1].start), *rest]

    def _named(self, context: Context, concept: Concept, match: Match, certainty: float) -> Choice:
        """Return a choice, sharpened by a narrower metric beside it ("emissions (scope 1 and 2)")."""
        start, end = match.start, match.end
        pair = self._related.pair(context)
        shared = self._related.shared(pair[0].label, pair[1].label) if pair and pair[1] is match else None
        if shared and self._codes[shared.iri] != "ratio":
            return Choice(shared, context.segment.place(start, end), True, certainty - 0.05)
        reach = (max(0, start - _NEAR), end + _NEAR)
        for other in context.found("Metric", reach):
            beside = 0 <= other.start - end <= _BESIDE or 0 <= start - other.end <= _BESIDE
            sharper = self._related.sharpest([concept, *other.concepts]) if beside else concept
            if sharper is not concept and not _holds_number(context, other):
                concept, start, end = sharper, min(start, other.start), max(end, other.end)
        return Choice(concept, context.segment.place(start, end), True, certainty)

    def _of_cell(self, context: Context, change: Change | None) -> Choice | None:
        """Return the metric of a bare number in a table; without its row's name it is none."""
        named = self._of_names(context, change)
        caught = self._catch_all.choose(context, change)
        label = context.segment.cell.label
        if named or not (caught and label):
            return named and self._related.turned(context, named, change)
        return Choice(caught.metric, label, False, _UNNAMED)

    def _of_names(self, context: Context, change: Change | None) -> Choice | None:
        """Return the metric that the names of a cell's row and column tell."""
        cell, text = context.segment.cell, context.segment.report.text
        for name in (cell.label, cell.header, *context.segment.block.cells[:1]):
            short = name is not None and name.end - name.start <= _LONGEST
            matches = marks_of(compact(name.of(text)), self._vocabulary).of("Metric") if name and short else ()
            longest = sorted(matches, key=lambda m: m.start - m.end)
            fitting = [c for match in longest for c in match.concepts if self._fits(c, context, change)]
            if fitting:
                return Choice(self._related.sharpest(fitting), name, True, _IN_TABLE)
        return None

    def _fits(self, metric: Concept, context: Context, change: Change | None, near: bool = True) -> bool:
        """Say whether a number can be of a metric: by unit, by form, by size."""
        quantity, measure = context.quantity, context.quantity.measure
        code = self._codes[metric.iri]
        if measure is None:
            if quantity.scaled or context.segment.cell.is_number:
                whole = quantity.low == quantity.low.to_integral_value()
                codes = ("CNY", "count") if quantity.scaled else ("count", "ratio") if whole else ("ratio",)
                return code in codes and _plausible(metric, quantity.low, quantity.high)
            return code == "ratio" and (change is not None or _plausible(metric, quantity.low, quantity.high))
        if measure.code == "percent" or measure.is_times:
            return self._fits_percentage(metric, context, change, near)
        if self._related.intensity(metric, measure) or self._units.as_volume(measure, metric):
            return True
        people = metric.value("people") == "true"
        if (measure.written.value("people") == "true" and not people) or (people and measure.written.iri in _OCCASIONS):
            return False
        shared = kinds(metric) & kinds(measure.unit)
        alike = code != "percent" and bool(shared if code != "ratio" else shared - {_RATIO})
        return alike or (measure.code == code and code != "other")

    def _fits_percentage(self, metric: Concept, context: Context, change: Change | None, near: bool) -> bool:
        """Say whether a percentage or a multiple can be of a metric: any can change, some are shares or have one."""
        measure = context.quantity.measure
        if change is not None or (measure and measure.is_times):
            return change is not None or self._where.preceded(context)
        share = self._codes[metric.iri] == "percent" or change_of_metric(metric) is not None
        return share or (near and metric.value("whenShare") is not None)


def _holds_number(context: Context, match: Match) -> bool:
    return any(match.start < q.last and q.first < match.end for q in context.segment.quantities)


def _plausible(metric: Concept, low: object, high: object) -> bool:
    bounds = float(metric.value("plausibleMinimum") or 0), float(metric.value("plausibleMaximum") or "inf")
    return all(bounds[0] <= float(str(n)) <= bounds[1] for n in (low, high) if n is not None)


@lru_cache(maxsize=4)
def metrics(vocabulary: Vocabulary) -> Metrics:
    """Return the metrics of a vocabulary, gathered once."""
    return Metrics(vocabulary)


def is_gas(measure: Measure | None, metric: Concept) -> bool:
    """Say whether a weight is that of a greenhouse gas."""
    return measure is not None and bool(metric.values("accounting"))
