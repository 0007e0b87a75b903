"""Where the metric of a number is looked for: before it, after it, in its clause, in its sentence."""

from collections.abc import Iterator

from kg.extraction.numbers.changes import Change
from kg.extraction.numbers.context import Context
from kg.lexicon import Lexicon
from kg.units import CODE
from kg.vocabulary import Match, Vocabulary, gathered

BEFORE, AFTER, FAR = 0.95, 0.9, 0.6  # certainty of a metric before its number, after it, in another clause
_LOOSE = ' :*"(\n'  # signs that may stand between a noun and the number that counts it
_NOUN = 14  # folded characters after a number in which the noun that it counts is looked for

Candidate = tuple[float, Match]


class Candidates:
    """The words that say on which side of a number its metric stands."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather words such as "of"."""

        def cue(name: str) -> Lexicon:
            return Lexicon([vocabulary.concept(f"{CODE}cue-{name}")])

        self._of, self._and = cue("of"), cue("and")
        self._linking, self._compound, self._aspect = cue("linking"), cue("compound"), cue("aspect")

    def around(self, context: Context, change: Change | None) -> Iterator[Candidate]:
        """Yield the metrics around a number, the most likely first."""
        measure = context.quantity.measure
        if measure and measure.counts:
            yield from self._counted(context, context.words((measure.start, measure.end)).isascii())
            return
        leads = self.leads(context, change) or self._has_object(context, change)
        stretch = context.after if leads or change is None else self._to_conjunction(context)
        before, after = self._before(context), [(AFTER, m) for m in context.found("Metric", stretch)]
        yield from [*after, *before] if leads else [*before, *after]
        start = max(context.sentence[0], context.left)
        yield from ((FAR, m) for m in reversed(list(context.found("Metric", (start, context.before[0])))))

    def _before(self, context: Context) -> list[Candidate]:
        return [(BEFORE, m) for m in reversed(list(context.found("Metric", context.before)))]

    def _counted(self, context: Context, is_noun: bool) -> list[Candidate]:
        """Return what a counted number is of: the noun behind it, else the one before; English has it in the unit."""
        inside = (context.quantity.first, min(context.after[1], context.quantity.end + _NOUN))
        noun = [(AFTER, m) for m in context.found("Metric", inside) if self._is_head(context, m)]
        if is_noun:
            return noun
        before = [pair for pair in self._before(context) if self.leads_to(context, pair[1].end, context.quantity.start)]
        return [*before, *noun] if self.ends_here(context) else [*noun, *before]

    def _is_head(self, context: Context, match: Match) -> bool:
        """Say whether a noun is what is counted and no part of a longer name that goes on behind it."""
        beside = any(other.start == match.end for other in context.found("Metric", (match.end, match.end + _NOUN)))
        return not beside and self._compound.at(context.segment.text, match.end) is None

    def leads_to(self, context: Context, position: int, end: int) -> bool:
        """Say whether only words such as "amount to" and dates stand between a noun and the number, or its change."""
        text, dates = context.segment.text, {p.start: p.end for p in context.segment.periods}
        while position < end:
            if position in dates:
                position = dates[position]
                continue
            word = self._linking.at(text, position) or self._of.at(text, position)
            if word is None and text[position] not in _LOOSE:
                return False
            position = word.end if word else position + 1
        return True

    def _to_conjunction(self, context: Context) -> tuple[int, int]:
        """Return the stretch behind a number up to a word such as "and", behind which another matter begins."""
        text, (start, end) = context.segment.text, context.after
        for position in range(start, end):
            word = self._and.at(text, position)
            if word and (text[position] == "\u3001" or text[position - 1].isspace()):
                return start, position
        return start, end

    def modifies(self, context: Context, one: Match, other: Match) -> bool:
        """Say whether a metric stands in words that go before another's name ("power use's emissions")."""
        text = context.segment.text
        between = text[one.end : max(one.end, other.start)]
        return bool(between) and "," not in between and self._of.before(text, other.start) is not None

    def ends_here(self, context: Context) -> bool:
        """Say whether the clause ends with the number, so that what it counts stands before it."""
        return not context.words(context.after).strip(' ,;.:()*\u3002\u3001"')

    def _has_object(self, context: Context, change: Change | None) -> bool:
        """Say whether a number stands between a verb and its object: "cut 40% of electricity use"."""
        match = change.match if change else None
        if match is None or not 0 <= context.quantity.start - match.end <= 1:
            return False
        subject = any(0 <= match.start - m.end <= 1 for m in context.found("Metric", context.before))
        near = (context.after[0], min(self._to_conjunction(context)[1], context.after[0] + _NOUN))
        return not subject and any(True for _ in context.found("Metric", near))

    def leads(self, context: Context, change: Change | None = None) -> bool:
        """Say whether the number is followed by a word such as "of": what it is of comes after it."""
        position = context.quantity.end
        if change and change.match:
            return change.match.start >= position  # "a 25% reduction in ..."
        position += context.words((position, position + 1)) == " "
        return context.is_figure or self._of.at(context.segment.text, position) is not None

    def counts_aspects(self, context: Context) -> bool:
        """Say whether a number counts no things but aspects, steps or principles."""
        text, position = context.segment.text, context.quantity.last
        position += text[position : position + 1] == " "
        return self._aspect.at(text, position) is not None

    def has_of(self, context: Context, stretch: tuple[int, int]) -> bool:
        """Say whether a word such as "of" stands in a stretch: "four aspects of data centres" counts aspects."""
        return any(self._of.at(context.segment.text, position) for position in range(*stretch))

    def preceded(self, context: Context) -> bool:
        """Say whether a word such as "of" stands before the number ("3 times that of 2020" in Chinese order)."""
        return self._of.before(context.segment.text, context.quantity.start) is not None


@gathered
def candidates(vocabulary: Vocabulary) -> Candidates:
    """Return the candidates' words of a vocabulary, gathered once."""
    return Candidates(vocabulary)
