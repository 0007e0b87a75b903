"""Promises: whether a number is aimed at, expected or already reached, by the words around it."""

import re
from bisect import bisect_left

from kg.extraction.numbers.columns import columns
from kg.extraction.numbers.context import Context
from kg.lexicon import Lexicon
from kg.model import Span
from kg.reading.blocks import Document
from kg.reading.folding import compact
from kg.units import CODE
from kg.vocabulary import Match, Matcher, Vocabulary, gathered

_PROMISE = 6  # folded characters before a clause in which a word such as "aim" still belongs to its number
_CHAPTER = re.compile(r"\s*\d+(?=[. ])")
_NOUN = 14  # folded characters of a noun behind "target"
_ADJOINS = 4  # folded characters between a past year in brackets and its number
_INTRODUCTION = 80  # characters before a list that may say that targets follow


class Promises:
    """The words of promises, gathered from a vocabulary once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather the words that announce a target, and those that say it was reached."""

        def cue(*names: str) -> Lexicon:
            return Lexicon([vocabulary.concept(f"{CODE}{name}") for name in names])

        self._target = Matcher([vocabulary.concept(f"{CODE}target")], ("pref", "alt"))
        self._of, self._year, self._done = cue("cue-of", "cue-of-target"), cue("calendar-year"), cue("cue-so-far")
        self._columns, self._purpose = columns(vocabulary), cue("cue-purpose")

    def forecast(self, context: Context) -> bool:
        """Say whether a number is expected rather than promised."""
        stretch = (context.sentence[0], context.quantity.start)
        return any(m.concept.notation == "projection" for m in context.found("Modality", stretch))

    def reached(self, context: Context, document: Document) -> bool:
        """Say whether a number is what has been reached of a target: progress in a column, "so far", a share."""
        return self._columns.is_progress(context, document) or self.of_target(context) or self._so_far(context)

    def of_target(self, context: Context) -> bool:
        """Say whether a share is how much of a target has been reached: "93% of the target" in Chinese order."""
        text, start = context.segment.text, context.quantity.start
        start -= text[start - 1 : start] == " "
        word = self._of.before(text, start)
        return word is not None and any(
            m.end == word.start and m.concept.notation == "target"
            for m in context.found("Modality", (context.clause[0], start))
        )

    def _so_far(self, context: Context) -> bool:
        """Read "78.6 million tonnes so far"."""
        text, (start, end) = context.segment.text, context.after
        return any(self._done.at(text, position) for position in range(start, end) if text[position - 1] == " ")

    @staticmethod
    def reported_in_brackets(context: Context) -> bool:
        """Say whether a number stands beside a past year in brackets: "60% by 2025 (2023: 48%)"."""
        before = [p for p in context.segment.periods if p.end <= context.quantity.start <= p.end + _ADJOINS]
        past = any(p.years and (p.last or 0) <= context.segment.report.year for p in before)
        return past and context.words((context.sentence[0], before[-1].start)).rstrip(" ").endswith("(")

    def yearly(self, context: Context) -> bool:
        """Say whether an effect is expected year by year, of something that is in place: no target."""
        cues = [m for m in context.found("Modality", context.before) if m.concept.notation == "projection"]
        each = (cues[-1].end if cues else context.before[0], context.quantity.start)
        yearly = any(m.concept.notation == "annual" for m in context.found("Aggregation", each))
        return bool(cues) and (yearly or self._year.at(context.segment.text, cues[-1].end) is not None)

    def announced(self, context: Context, document: Document) -> bool:
        """Say whether a word such as "target" stands shortly before, in the column's header or in the heading above."""
        stretch = (max(context.sentence[0], context.clause[0] - _PROMISE), context.quantity.start)
        near = any(_is_target(m) and self._aims(m, context) for m in context.found("Modality", stretch))
        sentence = context.found("Modality", (context.sentence[0], context.quantity.start))
        near = near or any(m.concept.value("position") == "sentence" and self._aims(m, context) for m in sentence)
        if near and not finished(context):
            return True
        return self._introduced(context, document) or any(
            self._target.find_folded(compact(document.text(title))) for title in self._titles(context)
        )

    def _aims(self, match: Match, context: Context) -> bool:
        """Say whether "target" is said of a number: not "target customers", not "to reach our goal, ..."."""
        text, (start, end) = context.segment.text, (match.end, match.end + _NOUN)
        named = any(m.start - start <= 1 for kind in ("outside", "agent") for m in context.found(kind, (start, end)))
        first = context.segment.clause(match.start)[0]
        opens = text[start : start + 1] == "," and any(self._purpose.at(text, i) for i in range(first, match.start))
        return not named and not opens and not _is_cut(match, context)

    def _introduced(self, context: Context, document: Document) -> bool:
        """Say whether the list that a number stands in is introduced as one of targets: "we set these targets:"."""
        if context.segment.block.kind != "item" or finished(context) or _dated(context):
            return False
        blocks = document.blocks
        i = bisect_left(blocks, context.segment.block.span.start, key=lambda block: block.span.start)
        while i and blocks[i].kind == "item":
            i -= 1
        span = blocks[i].span
        words = compact(document.text(Span(max(span.start, span.end - _INTRODUCTION), span.end)))
        return words.text.rstrip(' -*"').endswith(":") and bool(self._target.find_folded(words))

    def _titles(self, context: Context) -> list[Span]:
        header, block = context.segment.cell.header, context.segment.block
        titles = [header] if header else []
        listed = block.kind == "item" and not _dated(context) and not finished(context)
        if header and block.kind == "row" and self._columns.is_past(context, header):
            return titles
        if context.is_figure or block.kind in ("figure", "row") or listed:
            titles += _nested(block.headings[-2:], context)
        return titles


def _nested(headings: tuple[Span, ...], context: Context) -> list[Span]:
    """Return the last heading, and the one above it unless their numbers say that it is of another chapter."""
    text = context.segment.report.text
    numbers = [match.group() if (match := _CHAPTER.match(heading.of(text))) else "" for heading in headings]
    apart = len(numbers) == 2 and all(numbers) and not numbers[1].startswith(numbers[0])
    return list(headings[-1:] if apart else headings)


def finished(context: Context) -> bool:
    """Say whether the sentence speaks of what is done: as of a date, already."""
    start, end = context.sentence
    done = any(
        m.concept.notation == "reported" and not m.label.isascii()
        for m in context.found("Modality", (start, context.quantity.start))
    )
    return done or any(p.role == "as-of" for p in context.segment.periods if start <= p.start < end)


def _dated(context: Context) -> bool:
    """Say whether a sentence names a time of its own."""
    start, end = context.sentence
    return any(not p.is_baseline for p in context.segment.periods if start <= p.start < end)


def _is_target(match: Match) -> bool:
    return match.concept.notation == "target"


def _is_cut(match: Match, context: Context) -> bool:
    """Say whether a metric starts inside a word: "will build", of which "build" belongs to "building time"."""
    metrics = context.found("Metric", (match.start, context.quantity.start))
    return any(match.start < m.start < match.end < m.end for m in metrics)


@gathered
def promises(vocabulary: Vocabulary) -> Promises:
    """Return the words of promises of a vocabulary, gathered once."""
    return Promises(vocabulary)
