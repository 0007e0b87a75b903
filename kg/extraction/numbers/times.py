"""The year that a number is for, what it is compared with, and whether it is promised."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from kg.extraction.numbers.columns import columns
from kg.extraction.numbers.context import Context
from kg.extraction.numbers.promises import finished, promises
from kg.lexicon import Lexicon
from kg.model import Span
from kg.periods import Period, Periods, periods
from kg.reading.blocks import Document
from kg.reading.folding import compact
from kg.units import CODE
from kg.vocabulary import Vocabulary, gathered

_ADJOINS = 2  # folded characters between "from 2020" and the number that it is the year of
_CAPTION = 40  # characters of the line above a table
_BESIDE = 8  # folded characters between a number and the year in " in 2021"


@dataclass(frozen=True, slots=True)
class Time:
    """What a number's year was read from: ``span`` is None where it was filled by rule."""

    year: int | None
    span: Span | None = None
    due: bool = False
    read: bool = False


class Times:
    """The words that tie a year to its number, gathered from a vocabulary once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather them."""
        self._periods = periods(vocabulary)
        self._to = Lexicon([vocabulary.concept(f"{CODE}range-mark")], keep=str.isalpha)
        self._in = {word for word in Lexicon([vocabulary.concept(f"{CODE}cue-in-place")]).words if word.isascii()}
        self._from = Lexicon([vocabulary.concept(f"{CODE}cue-from")])
        self._columns, self._promises = columns(vocabulary), promises(vocabulary)

    @staticmethod
    def beside(context: Context, time: Time) -> bool:
        """Say whether a year was read right before a number ("from 2020's 1.5") or right behind it ("1.5 in 2020")."""
        if time.span is None:
            return False
        value = context.segment.place(context.quantity.start, context.quantity.end)
        return 0 <= value.start - time.span.end <= _BESIDE or 0 <= time.span.start - value.end <= _BESIDE

    def of(self, context: Context, document: Document, promised: bool) -> Time:
        """Return the year of a number, read from its sentence, its table's header, its paragraph or its headings."""
        if self._promises.of_target(context):
            return Time(None)
        due = self._columns.due(context, document) if promised else None
        if due:
            return Time(_of_cell(due[0], context), due[1], True, True)
        year = self._in_sentence(context, promised) or self._in_header(context, document) or self._in_paragraph(context)
        year = year or self._this_year(context) or self._next_year(context)
        if year is None and context.segment.block.kind == "row":
            year = self._in_caption(context, document)
        if year is None:
            year = self._in_headings(context, document) if promised else self._in_heading(context, document)
        ahead = year is not None and year.year is not None and year.year > context.segment.report.year
        behind = ahead and (self._promises.reached(context, document) or self._starts_from(context))
        return Time(None) if year is None or behind else year

    def _in_heading(self, context: Context, document: Document) -> Time | None:
        """Read a past year from the heading right above: "Measures taken in 2023"."""
        found = self._in_headings(context, document, innermost=True)
        past = found is not None and found.year is not None and found.year <= context.segment.report.year
        return replace(found, due=False) if found and past else None

    def _in_sentence(self, context: Context, promised: bool = False) -> Time | None:
        here = [p for p in _within(context.segment.periods, context.sentence) if _is_of_number(p, context)]
        named = [p for p in here if p.years and not _is_multiplied(p, context)]
        led = self._to.before(context.segment.text, context.quantity.start - 1) is not None
        led = led and context.left > context.sentence[0]  # "from 1.7 in 2022 to 1.5": that year is the first one's
        before = [p for p in named if p.end <= context.quantity.start and not (led and p.start >= context.left)]
        near = [p for p in before if p.start >= context.clause[0]]
        after = [p for p in named if context.quantity.end <= p.start and p.end <= context.right]
        after = [p for p in after if self._follows(p, context)]
        beside = [p for p in named if self._dates(p, context)]
        if self._was(context):
            return Time(context.segment.report.year - 1, read=True)
        chosen = next(iter(beside[:1] or near[-1:] or after[:1] or before[-1:]), None)
        if chosen is None:
            chosen = self._in_list(context)
        if chosen is not None:
            year = chosen.last if promised and chosen.named else _distributed(chosen, context)
            due = chosen.role == "due" or (promised and chosen.named is not None)
            return Time(year, _place(context, chosen), due, True)
        return None

    @staticmethod
    def _follows(period: Period, context: Context) -> bool:
        """Say whether a period behind a number is its own, not the next one's; "by 2030" ends an English sentence."""
        between = context.words((context.quantity.end, period.start))
        ended = context.words((period.end, period.end + 1)) in (":", ";", ".") and not between.endswith("(")
        due = (period.role == "due" or ended) and between.isascii()
        apart = context.right - period.end > _ADJOINS or context.right == context.sentence[1]
        return due or (apart and period.end <= context.clause[1])

    def _was(self, context: Context) -> bool:
        """Say whether a number is the value of the year before: "up from 24% the year before"."""
        behind = range(context.quantity.end, context.quantity.end + _ADJOINS)
        previous = any(p.role == "previous" and p.start in behind for p in context.segment.periods)
        return previous and self._from.before(context.segment.text, context.quantity.start - 1) is not None

    def _dates(self, period: Period, context: Context) -> bool:
        """Say whether a year stands right behind a number: "500 tonnes in 2021", "81,700 kg (2022)"."""
        between = context.words((context.quantity.end, max(context.quantity.end, period.start)))
        behind = 0 < period.start - context.quantity.end <= _BESIDE and between.isascii()
        word = between.strip(" (")
        closed = "(" in between and context.words((period.end, period.end + 1)) in (")", ",")
        return behind and (closed if word == "" else word in self._in)

    def _in_list(self, context: Context) -> Period | None:
        """Read the due date that the items of a list share, which semicolons keep apart."""
        start = context.sentence[0]
        while start and context.segment.text[start - 1] == ";":
            first = context.segment.sentence(start - 1)[0]
            found = [p for p in _within(context.segment.periods, (first, start)) if p.years and not p.is_baseline]
            if found:
                return found[-1] if found[-1].role == "due" and not finished(context) else None
            start = first
        return None

    def _in_caption(self, context: Context, document: Document) -> Time | None:
        """Read the past year of the line above a table that ends with a colon."""
        blocks, now = document.blocks, context.segment.report.year
        i = bisect_left(blocks, context.segment.block.span.start, key=lambda block: block.span.start)
        while i and blocks[i].kind == "row":
            i -= 1
        span = blocks[i].span
        span = Span(max(span.start, span.end - _CAPTION), span.end)
        words = document.text(span)
        if not compact(words).text.rstrip(' -*"').endswith(":"):
            return None
        found = [p for p in _of_words(self._periods, words, context.segment.republic) if p.years]
        return Time(found[-1].last, span, False, True) if found and (found[-1].last or 0) <= now else None

    def _this_year(self, context: Context) -> Time | None:
        """Read "in the year under review"; such a report's year is the one that its catalogue gives."""
        here = _within(context.segment.periods, context.sentence)
        this = [p for p in here if p.role == "this" and p.end <= context.quantity.end]
        year = context.segment.year
        return Time(year, _place(context, this[-1]), False, True) if this and year else None

    def _next_year(self, context: Context) -> Time | None:
        """Read "next year we will ..."."""
        here = _within(context.segment.periods, (context.sentence[0], context.quantity.start))
        next_one = [p for p in here if p.role == "next"]
        return Time(context.segment.report.year + 1, _place(context, next_one[-1]), True, True) if next_one else None

    def _in_header(self, context: Context, document: Document) -> Time | None:
        """Read the names of a number's column and row."""
        cell = context.segment.cell
        given = [found[1] for read in (self._columns.due, self._columns.base) if (found := read(context, document))]
        for name in (cell.header, cell.label if cell.label not in given else None):
            named = [p for p in self._of(name, context) if p.years] if name else []
            if named:
                return Time(named[-1].last, name, named[-1].role == "due", True)
        return None

    def _of(self, span: Span, context: Context) -> tuple[Period, ...]:
        """Return the periods that a heading or a column's name holds."""
        return _of_words(self._periods, span.of(context.segment.report.text), context.segment.republic)

    def _in_paragraph(self, context: Context) -> Time | None:
        """Read a named span of years ("during the 13th five-year plan") from the sentences before."""
        earlier = [p for p in context.segment.periods if p.end <= context.sentence[0] and not p.is_baseline]
        before = [p for p in earlier if p.named]
        if not before and self._promises.forecast(context):
            now = context.segment.report.year
            before = [p for p in earlier[-1:] if p.role != "scenario" and (p.last or 0) > now]
        return Time(_distributed(before[-1], context), _place(context, before[-1]), False, True) if before else None

    def _in_headings(self, context: Context, document: Document, innermost: bool = False) -> Time | None:
        headings = context.segment.block.headings
        for heading in reversed(headings[-1:] if innermost else headings):
            found = [p for p in self._of(heading, context) if p.years]
            if found and not (innermost and found[-1].named):
                return Time(found[-1].last, heading, True, True)
        return None

    # --- promises

    def promised(self, context: Context, document: Document, scope: str) -> bool:
        """Say whether a number is a target: due in a year to come, or announced as an aim."""
        report, said = context.segment.report, self._promises
        if said.reached(context, document) or self._starts_from(context):
            return False
        time, forecast = self._in_sentence(context) or self._in_title(context, document), said.forecast(context)
        time = time or self._next_year(context) or (self._in_paragraph(context) if forecast else None)
        if time and time.year is not None and time.read:
            if time.year > report.year:
                return scope != "other" or not forecast
            if forecast and time.year == report.year and not finished(context):
                return not said.yearly(context)
        if time and said.reported_in_brackets(context):
            return False
        return said.announced(context, document) and not (time and time.year and time.year < report.year)

    def _starts_from(self, context: Context) -> bool:
        """Read "50% by 2025, up from 31%": the second is the value before."""
        word = self._from.before(context.segment.text, context.quantity.start - 1)
        return word is not None and word.start > context.left > context.sentence[0]

    def _in_title(self, context: Context, document: Document) -> Time | None:
        """Read a year to come from the heading right above: "SBTi 2030"."""
        found = self._in_headings(context, document, innermost=True)
        return found if found and found.year and found.year > context.segment.report.year else None


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


def _of_cell(period: Period, context: Context) -> int | None:
    """Return the year of a number whose row gives as many due years as its cell holds numbers: "2025/2030: 25%/55%"."""
    numbers = context.segment.quantities
    return period.years[context.index] if len(numbers) == len(period.years) else period.last


def _place(context: Context, period: Period) -> Span:
    return context.segment.place(period.start, period.end)


@lru_cache(maxsize=1024)
def _of_words(known: Periods, words: str, republic: bool) -> tuple[Period, ...]:
    """Return the periods that a heading or a column's name holds; it stands above many numbers."""
    return tuple(known.find(compact(words), republic))


@gathered
def times(vocabulary: Vocabulary) -> Times:
    """Return the words of time of a vocabulary, gathered once."""
    return Times(vocabulary)
