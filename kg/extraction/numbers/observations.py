"""Numbers: observations and targets, from one reading of each number in a report."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from kg import ids
from kg.extraction.numbers.baselines import baselines
from kg.extraction.numbers.carry import Last, carry
from kg.extraction.numbers.changes import Change, change_of_metric, changes
from kg.extraction.numbers.context import Context, contexts
from kg.extraction.numbers.joint import joint
from kg.extraction.numbers.metrics import is_gas, metrics
from kg.extraction.numbers.plausibility import is_fact
from kg.extraction.numbers.qualifiers import qualifiers
from kg.extraction.numbers.readings import Reading, confidence, defaulted
from kg.extraction.numbers.related import Choice, related
from kg.extraction.numbers.segments import Segment, segments
from kg.extraction.numbers.spread import Spread
from kg.extraction.numbers.subjects import subjects
from kg.extraction.numbers.times import Time, times
from kg.model import Fact, NumberFact, Observation, Span, Target
from kg.quantities import Quantity
from kg.reading.blocks import Document
from kg.units import Measure, units
from kg.vocabulary import Vocabulary

_PAIR = 12  # folded characters between the two numbers of a pair
_OF = 2  # folded characters between a year and a multiple of its value
_QUOTE = 110  # characters: a longer quote is cut back to the number


def extract(document: Document, vocabulary: Vocabulary) -> Iterator[Fact]:
    """Yield the observations and targets of a document in the order of its text."""
    seen: Counter[str] = Counter()
    for segment in segments(document, vocabulary):
        for sentence in _sentences(segment):
            words = unicodedata.normalize("NFC", segment.place(*sentence[0].sentence).of(document.report.text))
            seen[words] += 1
            for reading in _read(sentence, document, vocabulary):
                offset = reading.context.quantity.first - reading.context.sentence[0]
                place = ("number", words, seen[words], offset, reading.ordinal)
                yield _fact(reading, ids.fact_iri(document.report.id, *place))


def _sentences(segment: Segment) -> Iterator[list[Context]]:
    """Yield the numbers of each sentence together."""
    group: list[Context] = []
    for context in contexts(segment):
        if group and group[-1].sentence != context.sentence:
            yield group
            group = []
        group.append(context)
    if group:
        yield group


def _read(sentence: list[Context], document: Document, vocabulary: Vocabulary) -> Iterator[Reading]:
    spread = Spread(sentence[0], vocabulary)
    last: Last | None = None
    for number in sentence:
        context = carry(vocabulary).unit(last, _divided(number, vocabulary))
        change = changes(vocabulary).of(context) or carry(vocabulary).change(last, context)
        context, change = changes(vocabulary).signed(context, change)
        if last and change is None and _same_unit(last[0], context) and changes(vocabulary).joined(last[0], context):
            change = last[2]
        choice = carry(vocabulary).share(last, context, change) or metrics(vocabulary).choose(context, change)
        if last and (choice is None or not choice.named) and _same_metric(last, context, change, vocabulary):
            choice = replace(last[1], certainty=0.85)
        elif last and choice and related(vocabulary).listed(last[0], context):
            choice = related(vocabulary).alike(choice, last[1])
        choice = carry(vocabulary).ratio(last, context, choice)
        choice = carry(vocabulary).words(last, context, choice, change)
        if choice is None or not is_fact(context, choice, change, vocabulary):
            continue
        last = (context, choice, change)
        reading = _reading(context, choice, change, spread, document, vocabulary)
        yield reading
        other = related(vocabulary).partner(context, choice, change)
        if other:
            yield replace(reading, choice=other, ordinal=1)


def _divided(context: Context, vocabulary: Vocabulary) -> Context:
    """Read "for each TB ... 115 kg": the unit below the line stands before the number."""
    quantity, known = context.quantity, units(vocabulary)
    each = known.each(context.segment.text, *context.before) if quantity.measure else None
    if not each or not quantity.measure:
        return context
    divided = known.per(quantity.measure, context.segment.text, each, quantity.first)
    if divided is None or divided.unit.iri.endswith("/composite"):
        return context
    scaled = quantity.scaled_by(divided.factor / quantity.measure.factor)
    return replace(context, quantity=replace(scaled, measure=divided))


def _same_metric(last: Last, context: Context, change: Change | None, vocabulary: Vocabulary) -> bool:
    """Say whether a number without a metric of its own is of the one before: a pair, or "..., down 4.2% on 2022"."""
    before, choice, _ = last
    words = changes(vocabulary)
    pair = _same_unit(before, context) and (words.joined(before, context) or _goes_on(before, context))
    return pair or (words.bare(context, change) and metrics(vocabulary).suits(choice, context, change))


def _goes_on(before: Context, context: Context) -> bool:
    """Say whether a number is the second of a pair such as "from 1.5 to 1.4", or of a list, a year to each."""
    start, end = before.quantity.end, context.quantity.start
    between = context.words((start, end))
    dates = [p for p in context.segment.periods if start <= p.start < end]
    dated = sum(p.end - p.start + 3 for p in dates)
    listed = len(dates) == 1 and between.isascii() and "," in between and not between.count(",") > 1
    return _same_unit(before, context) and len(between) - dated <= _PAIR and ("," not in between or listed)


def _same_unit(before: Context, context: Context) -> bool:
    """Say whether two numbers have one unit; those that count need the same word for it."""
    one, other = before.quantity.measure, context.quantity.measure
    if one is None or other is None:
        return one is other
    words = before.words((one.start, one.end)), context.words((other.start, other.end))
    return one.unit.iri == other.unit.iri and (not one.counts or words[0] == words[1])


def _reading(
    context: Context, choice: Choice, change: Change | None, spread: Spread, document: Document, vocabulary: Vocabulary
) -> Reading:
    measure = _measure(context, choice, vocabulary)
    change = change or _multiplied(context) or _inherent(context, choice, vocabulary)
    subject = subjects(vocabulary).of(context, document, choice)
    left = changes(vocabulary).left(context)  # "from 1.5 to 1.4": the first is the value before, of a year of its own
    promised = not left and times(vocabulary).promised(context, document, subject.scope)
    time = times(vocabulary).of(context, document, promised)
    if left and not times(vocabulary).beside(context, time):
        time = Time(None)
    if time.year is None and subject.scope == "company" and not (promised or left):
        time = Time(context.segment.year)  # in an annual report an undated figure of the company is the year's
    form, aggregation = spread.form(context, choice, measure, change, time, promised)
    return Reading(
        context,
        choice,
        measure,
        change,
        form,
        aggregation,
        time,
        subject,
        promised,
        qualifiers(vocabulary).comparator(context),
        baselines(vocabulary).of(context, document, time.year, form),
        joint(vocabulary).partners(context) if subject.scope == "company" else (),
    )


def _inherent(context: Context, choice: Choice, vocabulary: Vocabulary) -> Change | None:
    measure = context.quantity.measure
    return change_of_metric(choice.metric) if measure and measure.code in ("percent", "ratio") else None


def _multiplied(context: Context) -> Change | None:
    """Read "2.7 times that of 2019" in Chinese order, which is more than it was."""
    measure = context.quantity.measure
    if measure is None or not measure.is_times or float(context.quantity.low) < 1:
        return None
    gap = range(context.quantity.start - _OF, context.quantity.start + 1)
    return Change("up") if any(p.years and p.end in gap for p in context.segment.periods) else None


def _measure(context: Context, choice: Choice, vocabulary: Vocabulary) -> Measure:
    """Return the unit of a number: as read, or what its metric makes of it."""
    quantity, known = context.quantity, units(vocabulary)
    if quantity.measure is None:
        unit = vocabulary.concept(choice.metric.value("canonicalUnit") or known.ratio.unit.iri)
        return known.simple(unit, quantity.last, quantity.last)
    measure = known.as_volume(quantity.measure, choice.metric) or quantity.measure
    return known.as_emissions(measure) if is_gas(measure, choice.metric) else measure


# --- writing down what was read


def _fact(reading: Reading, iri: str) -> NumberFact:
    context, quantity = reading.context, reading.context.quantity
    segment, report = context.segment, context.segment.report
    kind = Target if reading.promised else Observation
    compared, compared_span = reading.baseline
    value_span = segment.place(quantity.start, quantity.end)
    unit_span = _unit_span(segment, quantity)
    return kind(
        iri=iri,
        report=report.id,
        company=report.company,
        quote=_quote(reading, value_span),
        spans=_spans(reading, value_span, compared_span),
        defaulted=defaulted(reading),
        confidence=confidence(reading),
        metric=reading.choice.metric.iri,
        metric_text=_metric_text(reading),
        subject=reading.subject.words,
        scope=reading.subject.scope,
        value=_value(reading),
        unit=reading.measure.unit.iri,
        unit_text=unit_span.of(report.text) if unit_span else "",
        as_written=segment.place(quantity.first, quantity.last).of(report.text),
        comparator=reading.comparator,
        form=reading.form,
        direction=reading.change.direction if reading.change and reading.form == "change" else None,
        year=reading.time.year,
        baseline=compared,
        aggregation=reading.aggregation,
        joint=reading.joint,
    )


def _value(reading: Reading) -> "int | float | tuple[int | float, int | float]":
    """Return the number in the base scale of the unit that the metric gave it."""
    quantity, measure = reading.context.quantity, reading.context.quantity.measure
    if measure is None or measure.factor == reading.measure.factor:
        return quantity.value
    return quantity.scaled_by(reading.measure.factor / measure.factor).value


def _unit_span(segment: Segment, quantity: Quantity) -> Span | None:
    measure = quantity.measure
    return segment.place(measure.start, measure.end) if measure and measure.start < measure.end else None


def _metric_text(reading: Reading) -> str:
    span, report = reading.choice.span, reading.context.segment.report
    return span.of(report.text) if span else reading.choice.metric.label(report.language)


def _quote(reading: Reading, value: Span) -> Span:
    """Return the stretch from the metric's words to the number, or the other way round.

    It is the number alone where the words stand rows away, or where the stretch would hold an equal number too.
    """
    words, segment, quantity = reading.choice.span, reading.context.segment, reading.context.quantity
    if words is None or not segment.block.span.start <= words.start < segment.block.span.end:
        return value
    whole, text = Span(min(words.start, value.start), max(words.end, value.end)), segment.report.text
    number = segment.place(quantity.first, quantity.last).of(text)
    fits = whole.end - whole.start <= _QUOTE and whole.of(text).count(number) == 1
    return whole if fits else value


def _spans(reading: Reading, value: Span, compared: Span | None) -> tuple[tuple[str, Span], ...]:
    segment, choice, change = reading.context.segment, reading.choice, reading.change
    match = change.match if change else None
    roles = (
        ("value", value),
        ("metric", choice.span),
        ("direction", segment.place(match.start, match.end) if match and reading.form == "change" else None),
        ("period", reading.time.span),
        ("baseline", compared),
        ("subject", reading.subject.span),
    )
    return tuple((role, span) for role, span in roles if span)
