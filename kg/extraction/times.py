"""The year that a number is for, what it is compared with, and whether it is promised."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from kg.extraction.context import Context
from kg.lexicon import Lexicon
from kg.model import Span
from kg.periods import Period, periods
from kg.reading.blocks import Document
from kg.reading.folding import compact
from kg.units import CODE
from kg.vocabulary import Match, Matcher, Vocabulary

_QUOTES = re.compile('"')
_ADJOINS = 2  # folded characters between "from 2020" and the number that it is the year of
_PROMISE = 6  # folded characters before a clause in which a word such as "aim" still belongs to its number


@dataclass(frozen=True, slots=True)
class Time:
    """What a number's year was read from: ``span`` is None where it was filled by rule."""

    year: int | None
    span: Span | None = None
    due: bool = False
    read: bool = False


class Times:
    """The words of promises, gathered from a vocabulary once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather the words that announce a target."""
        self._periods = periods(vocabulary)
        self._to = Lexicon([vocabulary.concept(f"{CODE}range-mark")], keep=str.isalpha)
        self._target = Matcher([vocabulary.concept(f"{CODE}target")], ("pref", "alt"))

    def of(self, context: Context, document: Document, promised: bool) -> Time:
        """Return the year of a number, read from its sentence, its table's header, its paragraph or its headings."""
        year = self._in_sentence(context) or self._in_header(context, document) or self._in_paragraph(context)
        year = year or self._this_year(context)
        if year is None:
            year = self._in_headings(context, document) if promised else self._in_heading(context, document)
        return year or Time(None)

    def _in_heading(self, context: Context, document: Document) -> Time | None:
        """Read a past year from the heading right above: "Measures taken in 2023"."""
        found = self._in_headings(context, document, innermost=True)
        past = found is not None and found.year is not None and found.year <= context.segment.report.year
        return replace(found, due=False) if found and past else None

    def _in_sentence(self, context: Context) -> Time | None:
        here = [p for p in _within(context.segment.periods, context.sentence) if _is_of_number(p, context)]
        named = [p for p in here if p.years and not _is_multiplied(p, context)]
        led = self._to.before(context.segment.text, context.quantity.start - 1) is not None
        before = [p for p in named if p.end <= context.quantity.start and not (led and p.start >= context.left)]
        near = [p for p in before if p.start >= context.clause[0]]
        after = [p for p in named if p.start >= context.quantity.end and p.end <= min(context.clause[1], context.right)]
        after = [p for p in after if context.right - p.end > _ADJOINS or context.right == context.sentence[1]]
        chosen = next(iter(near[-1:] or after[:1] or before[-1:]), None)
        if chosen is None:
            chosen = self._in_list(context)
        if chosen is not None:
            return Time(_distributed(chosen, context), _place(context, chosen), chosen.role == "due", True)
        return None

    def _in_list(self, context: Context) -> Period | None:
        """Read the due date that the items of a list share, which semicolons keep apart."""
        start = context.sentence[0]
        while start and context.segment.text[start - 1] == ";":
            first = context.segment.sentence(start - 1)[0]
            found = [p for p in _within(context.segment.periods, (first, start)) if p.years and not p.is_baseline]
            if found:
                return found[-1] if found[-1].role == "due" and not _finished(context) else None
            start = first
        return None

    def _this_year(self, context: Context) -> Time | None:
        """Read "in the year under review"; such a report's year is the one that its catalogue gives."""
        here = _within(context.segment.periods, context.sentence)
        this = [p for p in here if p.role == "this" and p.end <= context.quantity.end]
        year = context.segment.year
        return Time(year, _place(context, this[-1]), False, True) if this and year else None

    def _in_header(self, context: Context, document: Document) -> Time | None:
        """Read the names of a number's column and row."""
        cell = context.segment.cell
        for name in (cell.header, cell.label):
            found = [p for p in self._periods.find(compact(document.text(name))) if p.years] if name else []
            if found:
                return Time(found[-1].last, name, found[-1].role == "due", True)
        return None

    def _in_paragraph(self, context: Context) -> Time | None:
        """Read a named span of years ("during the 13th five-year plan") from the sentences before."""
        earlier = [p for p in context.segment.periods if p.end <= context.sentence[0] and not p.is_baseline]
        before = [p for p in earlier if p.named]
        if not before and self._forecast(context):
            now = context.segment.report.year
            before = [p for p in earlier[-1:] if p.role != "scenario" and (p.last or 0) > now]
        return Time(_distributed(before[-1], context), _place(context, before[-1]), False, True) if before else None

    def _in_headings(self, context: Context, document: Document, innermost: bool = False) -> Time | None:
        headings = context.segment.block.headings
        for heading in reversed(headings[-1:] if innermost else headings):
            found = [p for p in self._periods.find(compact(document.text(heading))) if p.years]
            if found and not (innermost and found[-1].named):
                return Time(found[-1].last, heading, True, True)
        return None

    # --- promises

    def promised(self, context: Context, document: Document, scope: str) -> bool:
        """Say whether a number is a target: due in a year to come, or announced as an aim."""
        report = context.segment.report
        time = self._in_sentence(context) or self._in_title(context, document)
        time = time or (self._in_paragraph(context) if self._forecast(context) else None)
        if time and time.year is not None and time.read:
            if time.year > report.year:
                return scope != "other" or not self._forecast(context)
            if self._forecast(context) and time.year == report.year and not _finished(context):
                return True
        return self._announced(context, document) and not (time and time.year and time.year < report.year)

    def _in_title(self, context: Context, document: Document) -> Time | None:
        """Read a year to come from the heading right above: "SBTi 2030"."""
        found = self._in_headings(context, document, innermost=True)
        return found if found and found.year and found.year > context.segment.report.year else None

    def _forecast(self, context: Context) -> bool:
        stretch = (context.sentence[0], context.quantity.start)
        return any(m.concept.notation == "projection" for m in context.found("Modality", stretch))

    def _announced(self, context: Context, document: Document) -> bool:
        """Say whether a word such as "target" stands shortly before, in the column's header or in the heading above."""
        stretch = (max(context.sentence[0], context.clause[0] - _PROMISE), context.quantity.start)
        near = any(
            m.concept.notation == "target" and not _is_cut(m, context) for m in context.found("Modality", stretch)
        )
        sentence = context.found("Modality", (context.sentence[0], context.quantity.start))
        near = near or any(m.concept.value("position") == "sentence" and not _is_cut(m, context) for m in sentence)
        if near and not _finished(context):
            return True
        header = context.segment.cell.header
        titles = [header] if header else []
        listed = context.segment.block.kind == "item" and not _dated(context) and not _finished(context)
        if context.is_figure or context.segment.block.kind in ("figure", "row") or listed:
            titles += context.segment.block.headings[-2:]
        return any(self._target.find_folded(compact(document.text(title))) for title in titles)


def _finished(context: Context) -> bool:
    """Say whether the sentence speaks of what is done: as of a date, already."""
    start = context.sentence[0]
    done = any(
        m.concept.notation == "reported" and not m.label.isascii()
        for m in context.found("Modality", (start, context.quantity.start))
    )
    return done or any(p.role == "as-of" for p in _within(context.segment.periods, context.sentence))


def _dated(context: Context) -> bool:
    """Say whether a sentence names a time of its own."""
    return any(not p.is_baseline for p in _within(context.segment.periods, context.sentence))


def _is_cut(match: Match, context: Context) -> bool:
    """Say whether a metric starts inside a word: "will build", of which "build" belongs to "building time"."""
    metrics = context.found("Metric", (match.start, context.quantity.start))
    return any(match.start < m.start < match.end < m.end for m in metrics)


def _is_of_number(period: Period, context: Context) -> bool:
    """Say whether a period can be that of a number: no baseline, no scenario, no start but one that is yet to come."""
    future = (period.last or 0) > context.segment.report.year
    if period.role in ("since", "baseline"):
        return future or (period.role == "since" and _adjoins(period, context))
    return not period.is_baseline and period.role != "scenario"


def _adjoins(period: Period, context: Context) -> bool:
    """Say whether a period stands right before a number ("from 20% in 2020" in Chinese order)."""
    return 0 <= context.quantity.start - period.end <= _ADJOINS


def _is_multiplied(period: Period, context: Context) -> bool:
    """Say whether a period is what a multiple compares with ("2.5 times that of 2020" in Chinese order)."""
    near = [q for q in context.segment.quantities if 0 <= q.start - period.end <= _ADJOINS]
    return any(q.measure is not None and q.measure.is_times for q in near)


def _within(found: Sequence[Period], stretch: tuple[int, int]) -> list[Period]:
    return [p for p in found if stretch[0] <= p.start < stretch[1]]


def _distributed(period: Period, context: Context) -> int | None:
    """Return the year of a number among several ("2022 and 2023: 6.3% and 4.2%"), else the last year."""
    if period.named and len(period.years) > 1 and period.role != "due":
        now = context.segment.report.year
        return now if period.years[0] <= now <= period.years[-1] else period.last
    numbers = [q for q in context.segment.quantities if period.end <= q.start < context.sentence[1]]
    codes = [q.measure.code if q.measure else "" for q in numbers]
    n = len(period.years)
    consecutive = period.years == tuple(range(period.years[0], period.years[-1] + 1)) and "-" in context.words(
        (period.start, period.end)
    )
    respectively = any(True for _ in context.found("respectively", (period.end, context.sentence[1])))
    if 1 < n <= len(numbers) and len(set(codes[:n])) == 1 and (respectively or not consecutive) and not period.named:
        i = numbers.index(context.quantity) if context.quantity in numbers else n
        return period.years[i] if i < n else period.last
    return period.last


def _place(context: Context, period: Period) -> Span:
    return context.segment.place(period.start, period.end)


def baseline(context: Context, year: int | None) -> tuple[str | None, Span | None]:
    """Return what a number is compared with, as a year or in the text's words, and where that stands."""
    now = context.segment.report.year
    found = [p for p in _within(context.segment.periods, context.sentence) if p.is_baseline and (p.last or 0) <= now]
    before = [p for p in found if p.start < context.quantity.end]
    chosen = next(iter(before[-1:] or found[:1]), None)
    if chosen is None:
        return None, None
    span = _place(context, chosen)
    if chosen.role == "previous":
        return (str(year - 1) if year else None), span
    return (_name(context, chosen) if chosen.named else str(chosen.last)), span


def _name(context: Context, period: Period) -> str:
    """Return a period's name in the text's words, without quotation marks and cues."""
    segment = context.segment
    stretches = _QUOTES.split(segment.text[period.core : period.end])
    position, words = period.core, []
    for stretch in stretches:
        if stretch:
            words.append(segment.place(position, position + len(stretch)).of(segment.report.text))
        position += len(stretch) + 1
    return "".join(words).strip()


@lru_cache(maxsize=4)
def times(vocabulary: Vocabulary) -> Times:
    """Return the words of time of a vocabulary, gathered once."""
    return Times(vocabulary)
