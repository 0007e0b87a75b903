"""What was read about one number: how sure it is, and which of its fields were filled by rule and not read."""

from collections.abc import Iterator
from dataclasses import dataclass

from kg.extraction.numbers.baselines import Baseline
from kg.extraction.numbers.changes import Change
from kg.extraction.numbers.context import Context
from kg.extraction.numbers.parts import Subject
from kg.extraction.numbers.related import Choice
from kg.extraction.numbers.times import Time
from kg.units import Measure

FAR = 0.8  # certainty of a metric that stands in another clause, or of the catch-all that stands for none
# Of 885 numbers of eleven annotated reports 559 leave nothing open, 200 one thing, 126 more: these shares are right in
# kind, year, comparator, form, direction and scope (bench/calibration.py).
RIGHT = (0.93, 0.88, 0.72)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read about one number; ``ordinal`` counts the metrics that it is of."""

    context: Context
    choice: Choice
    measure: Measure
    change: Change | None
    form: str
    aggregation: str | None
    time: Time
    subject: Subject
    promised: bool
    comparator: str
    baseline: Baseline = (None, None)
    joint: tuple[str, ...] = ()
    ordinal: int = 0


def defaulted(reading: Reading) -> tuple[str, ...]:
    """Return the names of the fields that no word of the text gives: the catalogue or a rule filled them."""
    return tuple(name for name, read in _fields(reading) if not read)


def _fields(reading: Reading) -> Iterator[tuple[str, bool]]:
    """Yield the fields that can be filled by rule, each with whether the text gives it."""
    said = reading.subject.span is not None
    yield "company", _names_company(reading.context)
    yield "subject", said
    yield "scope", said
    yield "metric", reading.choice.named
    yield "unit", reading.context.quantity.measure is not None
    yield "year", reading.time.span is not None or reading.time.year is None
    yield "aggregation", reading.aggregation != "cumulative" or _sums_up(reading.context)
    yield "direction", reading.form != "change" or (reading.change is not None and reading.change.match is not None)


def _names_company(context: Context) -> bool:
    """Say whether the sentence of a number names the reporting company."""
    company = context.segment.report.company
    return any(m.concept.iri == company for m in context.found("Company", context.sentence))


def _sums_up(context: Context) -> bool:
    """Say whether a word or a period before a number makes it a sum; a saving due in some years is one by rule."""
    start, end = context.sentence
    words = any(m.concept.notation == "cumulative" for m in context.found("Aggregation", (start, end)))
    return words or any(p.role in ("since", "as-of") for p in context.segment.periods if start <= p.start < end)


def confidence(reading: Reading) -> float:
    """Return the share of the numbers with as much left open that were read right in every attribute."""
    return RIGHT[min(sum(_open(reading)), len(RIGHT) - 1)]


def _open(reading: Reading) -> Iterator[int]:
    """Yield how much of a number the text leaves open: its metric, and its year, most of all that of the company's."""
    yield not reading.choice.named or reading.choice.certainty < FAR
    yield reading.time.span is None and reading.time.year is not None
    yield 2 * (reading.time.year is None and reading.subject.scope == "company")
