"""What stands around one number: its sentence, its clause, and the numbers before and after it."""

from collections.abc import Iterator
from dataclasses import dataclass

from kg.extraction.numbers.segments import Segment
from kg.quantities import Quantity
from kg.vocabulary import Match

_FIGURE_LENGTH = 60  # folded characters, twice as many in English; captions of infographics are shorter


@dataclass(frozen=True, slots=True)
class Context:
    """A number of a segment and the stretches in which its words are looked for.

    ``clause`` and ``sentence`` are the stretches that hold it; ``left`` is where the number before it in the sentence
    ends, ``right`` where the next one starts (the ends of the sentence where there is none).
    """

    segment: Segment
    quantity: Quantity
    index: int
    sentence: tuple[int, int]
    clause: tuple[int, int]
    left: int
    right: int

    @property
    def before(self) -> tuple[int, int]:
        """The stretch from the clause's start, or the number before, to this number."""
        return max(self.clause[0], self.left), self.quantity.start

    @property
    def after(self) -> tuple[int, int]:
        """The stretch from this number to the clause's end or the next number."""
        return self.quantity.end, min(self.clause[1], self.right)

    @property
    def is_figure(self) -> bool:
        """Say whether the number stands first or alone in a short block, so that its caption follows."""
        if self.segment.block.kind == "figure":
            return True
        lead, text = self.segment.text[: self.quantity.start].strip(' -*\u00b7\u2022\u25c6"('), self.segment.text
        return not lead and len(text) <= _FIGURE_LENGTH * (2 if text.isascii() else 1)

    def found(self, kind: str, *stretches: tuple[int, int]) -> Iterator[Match]:
        """Yield matches of a type of concept in some stretches."""
        matches = self.segment.marks.kinds.get(kind)
        if not matches:
            return iter(())
        return iter([m for start, end in stretches for m in matches if start <= m[0] < end and m[1] <= end])

    def words(self, stretch: tuple[int, int]) -> str:
        """Return the folded text of a stretch."""
        return self.segment.text[slice(*stretch)]


def contexts(segment: Segment) -> Iterator[Context]:
    """Yield the numbers of a segment in order, each with what stands around it."""
    numbers = segment.quantities
    for i, quantity in enumerate(numbers):
        sentence, clause = segment.sentence(quantity.first), segment.clause(quantity.first)
        if segment.block.kind == "figure":
            sentence = clause = (0, len(segment.text))
        left = max(numbers[i - 1].last if i else 0, sentence[0])
        right = min(numbers[i + 1].start if i + 1 < len(numbers) else sentence[1], sentence[1])
        yield Context(segment, quantity, i, sentence, clause, left, right)
