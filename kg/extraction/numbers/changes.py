"""Whether a number is a level, a change or a cumulative amount, and whether it goes up or down."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from kg.extraction.marks import Marks, marks_of
from kg.extraction.numbers.context import Context
from kg.lexicon import Lexicon, blank
from kg.reading.folding import compact
from kg.units import CODE
from kg.vocabulary import Concept, Match, Matcher, Vocabulary

_ADJACENT = 2  # folded characters: "saving 5%" is a change, "saving technology covers 99%" is none

_PAIR = 24  # folded characters between the value left and the value reached
_DATE = 5  # folded characters between "47% below" and the year that it is compared with
_POSSESSIVE = 4  # folded characters after "to halve" that another label takes in: "halve our"
_SMALL = 2  # folded characters left beside words of change that name no metric of their own
_MINUS = "-(\u2193\u25bc"  # minus, an accountant's bracket, arrows down
_ONE_WORD = re.compile(r" ?(?:[a-z-]+ )?")  # "a 42% absolute reduction"


@dataclass(frozen=True, slots=True)
class Change:
    """A direction, ``up`` or ``down``, and the word that says it."""

    direction: str
    match: Match | None = None


class Changes:
    """The words of change, gathered from a vocabulary once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather the words that lead to a level ("fell to") or from one."""
        self._vocabulary = vocabulary
        self._reach = Lexicon([vocabulary.concept(f"{CODE}reach")])
        self._column = Matcher([vocabulary.concept(f"{CODE}cue-change-column")])
        self._small = Lexicon([vocabulary.concept(f"{CODE}cue-small-word")])
        self._than = Lexicon([vocabulary.concept(f"{CODE}cue-{name}") for name in ("baseline", "base-year", "linking")])
        self._and = Lexicon([vocabulary.concept(f"{CODE}cue-and")])
        self._from = Lexicon([vocabulary.concept(f"{CODE}cue-from")])
        self._of = Lexicon([vocabulary.concept(f"{CODE}cue-of")])
        self._beside = Lexicon([vocabulary.concept(f"{CODE}gt"), vocabulary.concept(f"{CODE}lt")])

    def of(self, context: Context) -> Change | None:
        """Return the change that a share or a multiple tells, None where it is a level."""
        quantity = context.quantity
        if quantity.measure is None:
            return self._of_bare(context)
        if quantity.measure.code not in ("percent", "ratio"):
            return None
        signed = Change("up") if _has_plus(context) else None
        if context.segment.cell.is_number:
            return self._named(context) or signed
        behind = self._behind(context)
        if behind and not context.is_figure:
            return behind  # "and a 25% reduction": what stands before is said of another number
        compared = self._compared(context) or signed
        if compared:
            return compared
        inside = context.found("Direction", (quantity.first, quantity.last + _POSSESSIVE))
        own = [match for match in inside if is_strong(match) and match.start < quantity.last]
        if own:
            return _change(own[-1])  # "doubled" is a number and a direction at once
        near = [m for m in context.found("Direction", context.before) if self._counts(m, context)]
        rate = [m for m in near if m.concept.value("form")]
        if rate:
            return _change(rate[-1])
        if self._to_a_level(context):
            return None
        return _change(near[-1]) if near else behind

    def _compared(self, context: Context) -> Change | None:
        """Read "2.6 times that of 2020" in Chinese order and in English, and "47% below 2019"."""
        text, quantity, measure = context.segment.text, context.quantity, context.quantity.measure
        assert measure is not None
        dates = [p for p in context.segment.periods if p.years]
        if measure.is_times:
            of = self._of.before(text, blank(text, quantity.start))
            led = of is not None and any(p.end == of.start for p in dates)
            up = "up" if quantity.low > 1 else "down"
            return Change(up) if led or _dated_behind(context, quantity.end) else None
        word = self._beside.at(text, quantity.last + 1) if text[quantity.last : quantity.last + 1] == " " else None
        if word is None or not text[word.start].isascii() or not _dated_behind(context, word.end):
            return None
        match = Match(word.start, word.end, text[word.start : word.end], (word.concept,))
        return Change("up" if word.concept.notation == ">" else "down", match)

    def signed(self, context: Context, change: Change | None) -> tuple[Context, Change | None]:
        """Return a share or a multiple below zero as the fall that it is: "-3.2%" is down by 3.2 %."""
        quantity = context.quantity
        if quantity.low >= 0 or quantity.measure is None or quantity.measure.code not in ("percent", "ratio"):
            return context, change
        fall = Change("down", change.match if change and change.direction == "down" else None)
        return replace(context, quantity=quantity.scaled_by(Decimal(-1))), fall

    def _of_bare(self, context: Context) -> Change | None:
        """Read a change of a number without a unit: "PUE fell by 0.08"."""
        quantity = context.quantity
        bare = not (quantity.scaled or quantity.in_words or context.segment.cell.is_number)
        near = [m for m in context.found("Direction", context.before) if quantity.start - m.end <= 1]
        counts = near and bare and self._counts(near[-1], context) and not self._to_a_level(context)
        return _change(near[-1]) if counts else None

    def _named(self, context: Context) -> Change | None:
        """Read the names of a table's row and column: "fall in energy use"."""
        cell, text = context.segment.cell, context.segment.report.text
        for name in (cell.label, cell.header):
            marks = marks_of(compact(name.of(text)), self._vocabulary) if name else Marks({})
            strong = [match for match in marks.of("Direction") if is_strong(match)]
            if strong:
                return Change(strong[-1].concept.notation or "")
        compared = cell.header is not None and self._column.find_folded(compact(cell.header.of(text)))
        return Change("down" if _is_negative(context) else "up") if compared else None

    def bare(self, context: Context, change: Change | None) -> bool:
        """Say whether only words of change, periods and small words stand in the clause before a number."""
        start, end = context.before
        taken = [(m.start, m.end) for m in context.found("Direction", (start, context.quantity.first))]
        if not taken and not (change and change.match and change.match.start >= end):
            return False
        taken += [(p.start, p.end) for p in context.segment.periods]
        text = context.segment.text
        taken += [(word.start, word.end) for i in range(start, end) if (word := self._than.at(text, i))]
        rest = "".join(
            c for i, c in enumerate(context.segment.text[start:end], start) if not any(a <= i < b for a, b in taken)
        )
        words = (word for word in re.split(r"[^\w]+", rest) if word and word not in self._small.words)
        return len("".join(words)) <= _SMALL

    def joined(self, before: Context, context: Context) -> bool:
        """Say whether a word such as "and" joins two numbers, so that what is said of one holds of the other."""
        stretch = (before.quantity.end, context.quantity.start)
        between = context.words(stretch).strip()
        for period in context.segment.periods:  # "9% year on year, and 34% ..."
            if stretch[0] <= period.start and period.end <= stretch[1]:
                between = context.words((period.end, stretch[1])).strip(" ,")
        word = self._and.at(between, 0)
        listed = before.quantity.measure is context.quantity.measure  # a list with one unit for all of it
        return word is not None and word.end == len(between) and (between != "," or listed)

    def left(self, context: Context) -> bool:
        """Say whether a number is the first of "from 1.5 to 1.4", the value that was left."""
        text, quantity = context.segment.text, context.quantity
        if self._from.before(text, blank(text, quantity.start)) is None:
            return False
        behind = (q for q in context.segment.quantities if quantity.end <= q.start < context.sentence[1])
        to = next(behind, None)
        near = to is not None and to.start - quantity.end <= _PAIR
        return to is not None and near and self._reach.before(text, blank(text, to.start)) is not None

    def in_pair(self, context: Context) -> bool:
        """Say whether a number is one of "from 16 hours to 2 hours"."""
        text, start = context.segment.text, blank(context.segment.text, context.quantity.start)
        left = (q.start for q in context.segment.quantities if context.sentence[0] <= q.start < context.quantity.start)
        led = any(self._from.before(text, blank(text, position)) for position in left)
        return self.left(context) or (led and self._reach.before(text, start) is not None)

    def _counts(self, match: Match, context: Context) -> bool:
        """Say whether a word tells of a change; words such as "energy-saving" only right before the number."""
        if match.concept.notation not in ("up", "down"):
            return False
        return match.concept.value("position") != "adjacent" or context.quantity.start - match.end <= _ADJACENT

    def _to_a_level(self, context: Context) -> bool:
        """Say whether a word right before the number makes it a level reached or left: "fell to", "from"."""
        text, start = context.segment.text, context.quantity.start
        position = start - (text[start - 1 : start] == " ")
        word = self._reach.before(text, position) or self._from.before(text, position)
        return word is not None

    def _behind(self, context: Context) -> Change | None:
        """Read "20% reduction" and the caption of a figure."""
        reach = context.after[1] if context.is_figure else min(context.after[1], context.after[0] + 24)
        for match in context.found("Direction", (context.after[0], reach)):
            between = context.words((context.quantity.end, match.start))
            beside = match.label.isascii() and _ONE_WORD.fullmatch(between) is not None
            if is_strong(match) and (context.is_figure or beside):
                return _change(match)
        return None


def _has_plus(context: Context) -> bool:
    """Say whether a plus stands before a share: "+2.1%"."""
    measure, first, text = context.quantity.measure, context.quantity.first, context.segment.text
    leads = first > 0 and text[first - 1] == "+" and not text[max(0, first - 2) : first - 1].isalnum()
    return leads and measure is not None and measure.code == "percent"


def _dated_behind(context: Context, position: int) -> bool:
    """Say whether a year follows a place at once, "the" and "in" left out."""
    return any(p.years and p.start <= position + _DATE and p.end > position for p in context.segment.periods)


def _is_negative(context: Context) -> bool:
    """Say whether a sign before a number of a table makes it a fall."""
    before = context.segment.text[: context.quantity.first]
    return context.quantity.low < 0 or any(sign in before for sign in _MINUS)


def is_strong(match: Match) -> bool:
    """Say whether a word tells of a change wherever it stands in its clause."""
    return match.concept.notation in ("up", "down") and match.concept.value("position") != "adjacent"


def _change(match: Match) -> Change:
    return Change(match.concept.notation or "", match)


def change_of_metric(metric: Concept) -> Change | None:
    """Return the change that a metric itself is ("energy-saving rate"), if it is one."""
    if not (metric.value("form") or "").endswith("/change"):
        return None
    return Change("up" if (metric.value("direction") or "").endswith("increase") else "down")


@lru_cache(maxsize=4)
def changes(vocabulary: Vocabulary) -> Changes:
    """Return the words of change of a vocabulary, gathered once."""
    return Changes(vocabulary)
