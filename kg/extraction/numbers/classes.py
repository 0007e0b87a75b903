"""Classes: the base stations or suppliers of a company, and its programmes; what is theirs is the company's."""

from collections.abc import Iterable
from functools import lru_cache

from kg.extraction.marks import marks_of
from kg.extraction.numbers.context import Context
from kg.extraction.numbers.related import Choice
from kg.lexicon import Lexicon
from kg.model import Span
from kg.reading.folding import compact
from kg.units import CODE
from kg.vocabulary import Match, Vocabulary

Stretch = tuple[int, int]
_GAP = 8  # folded characters between a class and its metric ("data centres ran at an average PUE" has twice as many)
_NOUN = 24  # folded characters after "90% of the" in which the class ends
_TURN = 2  # folded characters of a clause in which a word of change stands that says it goes on with the same thing
_COUNT = 3  # folded characters between a class and the number of its members
_TOPIC = 14  # folded characters before a class that still opens a clause: a date, "the company's"
_LEAD = 3  # folded characters before a class that opens a sentence: a bullet, one more word of its name
_NAME = 24  # folded characters of a programme's name in quotation marks
_BEHIND = 8  # folded characters between a name in quotation marks and the word for a programme


class Classes:
    """The words for classes of things and of people, gathered from a vocabulary once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather them."""

        def cue(*names: str) -> Lexicon:
            return Lexicon([vocabulary.concept(f"{CODE}cue-{name}") for name in names])

        self._vocabulary = vocabulary
        self._narrows, self._gap, self._of = cue("class-modifier"), cue("class-gap"), cue("class-of")
        self._nouns, self._and, self._activity = cue("class", "agent"), cue("and"), cue("activity")
        self._for, self._carries, self._share = cue("as-for"), cue("carries-out"), cue("share-of")

    def of(self, context: Context, choice: Choice) -> Stretch | None:
        """Return the stretch that names the class or the programme that a number of the company is about."""
        if _counts(context, choice):
            return self._agents(context) or self._programme(context, choice)
        programme = self._programme(context, choice)
        if programme:
            return programme
        words = _words(context, choice)
        found = self._beside(context, *words) if words else None
        return found or self._behind(context) or self._topic(context)

    def of_label(self, context: Context, choice: Choice) -> Span | None:
        """Return the class that a row's name speaks of: "PUE of data centres", but not what a share is taken of."""
        label = context.segment.cell.label
        if label is None or _counts(context, choice):
            return None
        text = label.of(context.segment.report.text)
        found = _in_label(self._vocabulary, text)
        folded = compact(text)
        if found and self._share.before(folded.text, folded.at(found[0])):
            return None
        return Span(label.start + found[0], label.start + found[1]) if found else None

    # --- where a class stands

    def _beside(self, context: Context, first: int, last: int) -> Stretch | None:
        """Read a class in the words of the metric, right before them, or behind them after "of"."""
        for match in _longest(context.found("class", context.clause)):
            inside = first < match.end <= last
            if inside or (match.end <= first and self._bridged(context, match.end, first, self._gap)):
                return self._whole(context, match)
            if match.start >= last and self._bridged(context, last, self._whole(context, match)[0], self._of):
                return self._whole(context, match)
        return None

    def _behind(self, context: Context) -> Stretch | None:
        """Read "90% of our suppliers", "40% of cities", and a figure whose caption is the class."""
        measure = context.quantity.measure
        if context.segment.block.kind == "figure":
            match = next(iter(_longest(context.found("class", (0, len(context.segment.text))))), None)
            return self._whole(context, match) if match else None
        if measure is None or measure.code != "percent":
            return None
        end = context.quantity.end
        for kind in ("class", "agent"):
            for match in _longest(context.found(kind, (end, min(context.clause[1], end + _NOUN)))):
                start, last = self._whole(context, match)
                if start <= end + 1 or self._bridged(context, end, start, self._of):
                    return start, last
        return None

    def _topic(self, context: Context) -> Stretch | None:
        """Read the class with which a clause before begins, where the number's own begins with a change."""
        start, end = context.clause[0], context.quantity.start
        begun = min(end, start + _TURN)
        turns = any(m.start < begun for m in context.found("Direction", (start, end)))
        turns = turns or any(p.is_baseline and start <= p.start < begun for p in context.segment.periods)
        if start == context.sentence[0]:
            return None
        wholes = [self._whole(context, m) for m in _longest(context.found("class", (context.sentence[0], start)))]
        whole = next((w for w in reversed(wholes) if w[0] == wholes[0][0]), None)
        if whole and whole[0] - context.sentence[0] <= _LEAD and not self._counted(context, whole):
            return whole
        if not turns:
            return self._as_for(context)
        for whole in reversed(wholes):
            opens = whole[0] - context.segment.clause(whole[0])[0] <= _TOPIC
            if opens and self._measured(context, whole):
                return whole
        return None

    def _measured(self, context: Context, whole: Stretch) -> bool:
        """Say whether a metric follows a class closely: something was said of the class and it was not counted."""
        near = context.found("Metric", (whole[0], min(context.quantity.start, whole[1] + _NOUN)))
        return not self._counted(context, whole) and any(m.end > whole[1] and m.start - whole[1] <= _GAP for m in near)

    def _counted(self, context: Context, whole: Stretch) -> bool:
        """Say whether a number counts a class: "46 exchanges", "base stations: 400,000"."""
        numbers = context.segment.quantities
        return any(q.last <= whole[0] <= q.last + 1 or 0 <= q.start - whole[1] <= _COUNT for q in numbers)

    def _as_for(self, context: Context) -> Stretch | None:
        """Read "as for our offices, ..." before the clause of a number."""
        start = context.clause[0]
        for match in context.found("class", (context.sentence[0], start)):
            whole = self._whole(context, match)
            word = self._for.before(context.segment.text, whole[0]) if match.end == start - 1 else None
            if word:
                return whole
        return None

    def _agents(self, context: Context) -> Stretch | None:
        """Read the people or firms that a number counts."""
        measure = context.quantity.measure
        first = measure.start if measure else context.quantity.end
        near = (min(first, context.quantity.end), min(context.after[1], context.quantity.end + _NOUN))
        for match in _longest(context.found("agent", near)):
            whole = self._whole(context, match)
            if whole[0] <= context.quantity.end + 1:
                return whole
        start = context.before[0]
        ends = list(context.found("agent", (start, context.quantity.start)))
        close = [m for m in ends if context.quantity.start - m.end <= _GAP]
        return self._whole(context, close[-1]) if close and measure and measure.written.value("people") else None

    def _programme(self, context: Context, choice: Choice) -> Stretch | None:
        """Read a programme named in quotation marks that is carried out; how long it has run stands before its name."""
        text, start = context.segment.text, context.sentence[0]
        lasts = choice.metric.iri.endswith("/program-duration")
        end = context.clause[1] if lasts else context.quantity.start
        first = text.find('"', start, end)
        while first >= 0:
            last = text.find('"', first + 1, min(end, first + 2 + _NAME))
            if last < 0:
                return None
            stops = range(last + 1, min(end, last + 1 + _BEHIND))
            word = next((w for i in stops if text[i] not in ',"' and (w := self._activity.at(text, i))), None)
            led = first - start <= 1 or self._carries.before(text, first)
            if word and led and "," not in text[last : word.start]:
                return first, word.end
            first = text.find('"', last + 1, end)
        return None

    # --- how far it reaches

    def _whole(self, context: Context, match: Match) -> Stretch:
        """Return a class with the words before it that narrow it: "newly built large and very large data centres"."""
        text, start, floor = context.segment.text, match.start, context.segment.clause(match.start)[0]
        position = start
        while position > floor:
            position -= text[position - 1] == " "
            word = self._narrows.before(text, position) or self._nouns.before(text, position)
            joint = None if word else self._and.before(text, position)
            if word is None and joint is None:
                break
            position = (word or joint).start  # type: ignore[union-attr]  # one of them is there
            start = max(floor, position) if word else start
        return start, match.end

    def _bridged(self, context: Context, start: int, end: int, words: Lexicon) -> bool:
        """Say whether nothing but words of a lexicon stand in a short stretch."""
        text, reach = context.segment.text, _GAP * (2 if context.words((start, end)).isascii() else 1)
        if end - start > reach:
            return False
        while start < end:
            word = words.at(text, start)
            if word is None and text[start] not in ' "(*':
                return False
            start = word.end if word else start + 1
        return True


def _counts(context: Context, choice: Choice) -> bool:
    """Say whether a number counts things."""
    measure = context.quantity.measure
    return measure.counts if measure else (choice.metric.value("canonicalUnit") or "").endswith("/count")


def _words(context: Context, choice: Choice) -> Stretch | None:
    """Return where the words of a metric stand in the folded text of its number, None where they stand elsewhere."""
    cell, span = context.segment.cell.span, choice.span
    if span is None or not cell.start <= span.start < cell.end:
        return None
    folded = context.segment.folded
    return folded.at(span.start - cell.start), folded.at(span.end - cell.start)


def _longest(matches: Iterable[Match]) -> list[Match]:
    """Return matches that lie in no longer one."""
    found = list(matches)
    return [m for m in found if not any(o is not m and o.start <= m.start and m.end <= o.end for o in found)]


@lru_cache(maxsize=4096)
def _in_label(vocabulary: Vocabulary, label: str) -> Stretch | None:
    folded = compact(label)
    found = _longest(marks_of(folded, vocabulary).of("class"))
    span = folded.span(found[0].start, found[0].end) if found else None
    return (span.start, span.end) if span else None


@lru_cache(maxsize=4)
def classes(vocabulary: Vocabulary) -> Classes:
    """Return the words for classes of a vocabulary, gathered once."""
    return Classes(vocabulary)
