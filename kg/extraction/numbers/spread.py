"""What one word says about several numbers of a sentence: cumulative amounts, amounts of a year."""

from functools import lru_cache

from kg.extraction.numbers.changes import Change, is_strong
from kg.extraction.numbers.context import Context
from kg.extraction.numbers.related import Choice
from kg.extraction.numbers.times import Time
from kg.lexicon import Lexicon
from kg.periods import Period
from kg.units import CODE, Measure, kinds
from kg.vocabulary import Concept, Vocabulary

_ADJOINS = 2  # folded characters between "from 2020" and the number that it is the year of
_NEAR = 6  # folded characters between "in total" and an amount
_SPREADS = ("annual", "cumulative", "year")  # what settles whether the numbers after it are sums
_YEARS_OFF = 2  # a saving due next year is that year's


@lru_cache(maxsize=16)
def _words(vocabulary: Vocabulary, *names: str) -> Lexicon:
    return Lexicon([vocabulary.concept(f"{CODE}{name}") for name in names])


class Spread:
    """Goes along with the reading of a sentence and keeps whether its numbers are cumulative."""

    def __init__(self, first: Context, vocabulary: Vocabulary) -> None:
        """Start before the first number of a sentence."""
        self._stock = _words(vocabulary, "cue-stock")
        self._from = _words(vocabulary, "cue-from")
        self._reach = _words(vocabulary, "reach", "cue-from")
        self._year = _words(vocabulary, "calendar-year")
        self._cumulative = False
        self._position = first.sentence[0]

    def form(
        self, context: Context, choice: Choice, measure: Measure, change: Change | None, time: Time, promised: bool
    ) -> tuple[str, str | None]:
        """Return the form of a number and how it is aggregated."""
        said = self._said(context, choice)
        metric = choice.metric
        if change is not None:
            return "change", said if said != "cumulative" else None
        if not (_adds_up(metric, measure) or _is_reduced(context) or self._worded(context, measure)):
            return "level", said if said != "cumulative" else None
        saves = promised and _saves_up(metric, time, context.segment.report.year)
        summed = self._cumulative and said not in ("single", "average")  # what one station saves is no sum
        if (summed or saves or _since_behind(context)) and not measure.annual:
            return "cumulative", "cumulative"
        return "level", "annual" if measure.annual else said

    def _said(self, context: Context, choice: Choice) -> str | None:
        """Read the words between the number before and this one, periods that run to a date among them."""
        stretch = (max(self._position, context.sentence[0]), context.quantity.start)
        events = [(m.start, m.concept.notation or "") for m in context.found("Aggregation", stretch)]
        events += [
            (p.start, "cumulative")
            for p in context.segment.periods
            if stretch[0] <= p.start < stretch[1] and self._sums_up(p, context)
        ]
        if context.segment.block.kind == "figure":
            events += [(m.start, m.concept.notation or "") for m in context.found("Aggregation", context.after)]
        events += [
            (p.start, "year") for p in context.segment.periods if stretch[0] < p.start < stretch[1] and p.role == "year"
        ]
        said = None
        start = context.segment.folded.at(choice.span.start - context.segment.cell.span.start) if choice.span else -1
        if start >= stretch[0] and self._is_yearly(context.segment.text, start):
            events.append((start, "annual"))
        for _, event in sorted(events):
            if event in _SPREADS:
                self._cumulative = event == "cumulative"
            said = said if event == "year" else event or said
        self._position = context.quantity.end
        return said

    def _worded(self, context: Context, measure: Measure) -> bool:
        """Say whether the words right before an amount of any unit call it a sum."""
        near = (max(context.before[0], context.quantity.start - _NEAR), context.quantity.start)
        sums = any(m.concept.notation == "cumulative" for m in context.found("Aggregation", near))
        return sums and measure.code not in ("percent", "ratio")

    def _sums_up(self, period: Period, context: Context) -> bool:
        """Say whether a number is a sum up to a date or since one; "from 1.7 in 2022" is the value of that year."""
        if period.role == "since":
            return context.quantity.start - period.end > _ADJOINS
        return period.role == "as-of" and not self._is_stock(context)

    def _is_stock(self, context: Context) -> bool:
        """Say whether a number is a stock at a date and no sum up to it: "has a total of", "from 1.7 to 1.8"."""
        text, (start, end) = context.segment.text, (context.clause[0], context.quantity.start)
        pair = self._reach.before(text, end - (text[end - 1 : end] == " "))
        led = pair is not None and any(self._from.at(text, position) for position in range(start, end))
        return led or any(self._stock.at(text, position) for position in range(start, end))

    def _is_yearly(self, text: str, start: int) -> bool:
        """Say whether a metric's words begin with "year", or follow that word where no number stands before it."""
        word = self._year.at(text, start) or self._year.before(text, start)
        return word is not None and not text[max(0, word.start - 1) : word.start].isdigit()


def _since_behind(context: Context) -> bool:
    """Say whether an English amount is followed by the time since which it adds up: "640 sites since 2019"."""
    start, end = context.after
    since = any(p.role == "since" and start <= p.start < end for p in context.segment.periods)
    return since and context.words((start, end)).isascii()


def _saves_up(metric: Concept, time: Time, now: int) -> bool:
    """Say whether an amount of energy is to be saved by a year that is some years off: it is saved up until then."""
    energy = "http://qudt.org/vocab/quantitykind/Energy" in kinds(metric)
    saved = (metric.value("better") or "").endswith("increase") and metric.value("flow") == "true"
    return energy and saved and time.due and (time.year or 0) >= now + _YEARS_OFF


def _is_reduced(context: Context) -> bool:
    """Say whether a number is an amount by which something was reduced, which adds up whatever it measures."""
    measure = context.quantity.measure
    if measure is None or measure.code in ("percent", "ratio"):
        return False
    return any(m.concept.notation == "down" and is_strong(m) for m in context.found("Direction", context.before))


def _adds_up(metric: Concept, measure: Measure) -> bool:
    """Say whether amounts of a metric can be summed over time."""
    flow = metric.value("flow")
    if flow is not None:
        return flow == "true"
    return measure.code in ("count", "CNY", "USD", "kWh", "t", "tCO2e", "tce")
