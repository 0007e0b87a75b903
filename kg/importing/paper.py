"""What lies on a page: glyphs, runs of words, rules. Lengths are points, and y grows downwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from kg.reading.sections import width


class Box(NamedTuple):
    """A rectangle on a page; a tuple, because each of a page's thousands of characters has one."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """How wide it is."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """How high it is."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        """The middle between its sides."""
        return (self.left + self.right) / 2

    def holds(self, other: "Box") -> bool:
        """Say whether the middle of another box lies in this one."""
        return self.left <= other.centre <= self.right and self.top <= other.middle <= self.bottom


class Glyph(NamedTuple):
    """A character as drawn; ``space`` says whether a blank stands before it."""

    character: str
    box: Box
    size: float
    bold: bool
    space: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Words on one line with no wide gap between them."""

    words: str
    box: Box
    size: float
    bold: bool

    @property
    def columns(self) -> int:
        """The columns of its words: two for each character outside Latin scripts."""
        return width(self.words)


@dataclass(frozen=True, slots=True)
class Page:
    """A page's runs, and its horizontal and vertical rules as thin boxes."""

    number: int
    box: Box
    runs: tuple[Run, ...]
    across: tuple[Box, ...] = ()
    down: tuple[Box, ...] = ()


def around(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around some, one at least.

    >>> around([Box(0, 0, 1, 1), Box(2, 1, 3, 4)])
    Box(left=0, top=0, right=3, bottom=4)
    """
    found = list(boxes)
    return Box(
        min(box.left for box in found),
        min(box.top for box in found),
        max(box.right for box in found),
        max(box.bottom for box in found),
    )
