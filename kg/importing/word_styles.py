"""What a DOCX file says of its paragraph styles and lists."""

import re
from dataclasses import dataclass, field

Attributes = dict[str, str]
LEVELS = 9
_HEADING = re.compile(r"heading (\d)")
_ORDERED = frozenset(("bullet", "none"))


class Styles:
    """Which styles are headings, and of which level; those of lists, with their lists."""

    def __init__(self) -> None:
        """Know no style."""
        self._levels: dict[str, int] = {}
        self._parents: dict[str, str] = {}
        self._lists: dict[str, tuple[str, int]] = {}
        self._style = ""
        self._depth = 0

    def begin(self, name: str, attributes: Attributes) -> None:
        """Read the start of an element."""
        value = attributes.get("val", "")
        if name == "style":
            self._style, self._depth = attributes.get("styleId", ""), 0
        elif name == "name":
            found = _HEADING.fullmatch(value.lower())
            if found or value.lower() == "title":
                self._levels[self._style] = int(found[1]) if found else 1
        elif name == "basedOn":
            self._parents[self._style] = value
        elif name == "outlineLvl" and value.isdecimal() and int(value) < LEVELS:
            self._levels.setdefault(self._style, int(value) + 1)
        elif name == "ilvl" and value.isdecimal():
            self._depth = int(value)
        elif name == "numId":
            self._lists[self._style] = (value, self._depth)

    def end(self, name: str) -> None:
        """Read the end of an element."""

    def words(self, words: str) -> None:
        """Read text; there is none that matters."""

    def level(self, style: str) -> int:
        """Return a style's level as a heading, 1 outermost; 0 if it is none."""
        return next((self._levels[name] for name in self._line(style) if name in self._levels), 0)

    def list_of(self, style: str) -> tuple[str, int] | None:
        """Return a style's list and how deep its items stand."""
        return next((self._lists[name] for name in self._line(style) if name in self._lists), None)

    def _line(self, style: str) -> list[str]:
        """Return a style and those that it is based on; files may claim a circle."""
        line: list[str] = []
        while style and style not in line and len(line) < LEVELS:
            line.append(style)
            style = self._parents.get(style, "")
        return line


@dataclass(slots=True)
class Numbering:
    """The lists of a file and how their items are marked."""

    _ordered: dict[tuple[str, int], bool] = field(default_factory=dict)
    _abstract: dict[str, str] = field(default_factory=dict)
    _counts: dict[tuple[str, int], int] = field(default_factory=dict)
    _definition: str = ""
    _number: str = ""
    _depth: int = 0

    def begin(self, name: str, attributes: Attributes) -> None:
        """Read the start of an element."""
        if name == "abstractNum":
            self._definition = attributes.get("abstractNumId", "")
        elif name == "lvl":
            self._depth = int(attributes.get("ilvl", "0")) if attributes.get("ilvl", "0").isdecimal() else 0
        elif name == "numFmt":
            self._ordered[self._definition, self._depth] = attributes.get("val", "") not in _ORDERED
        elif name == "num":
            self._number = attributes.get("numId", "")
        elif name == "abstractNumId":
            self._abstract[self._number] = attributes.get("val", "")

    def end(self, name: str) -> None:
        """Read the end of an element."""

    def words(self, words: str) -> None:
        """Read text; there is none that matters."""

    def mark(self, number: str, depth: int) -> str:
        """Return the mark of the next item of a list."""
        if not self._ordered.get((self._abstract.get(number, ""), depth)):
            return "-"
        for deeper in range(depth + 1, LEVELS + 1):
            self._counts.pop((number, deeper), None)
        self._counts[number, depth] = self._counts.get((number, depth), 0) + 1
        return f"{self._counts[number, depth]}."
