"""The sheet that every form is written on: text in the layout that ``kg.reading`` reads.

Headings carry Markdown's ``#``, items a mark, rows have tabs between their cells; a blank line stands between blocks.
"""

import re
from collections.abc import Sequence

from kg.errors import FileTooLarge
from kg.importing.characters import INVISIBLE, clean
from kg.importing.imported import Imported, Limits
from kg.reading.folding import HAN

HEADING_LEVELS = 6
INDENT = 2  # blanks for each list that a list stands in
DEEPEST = 8  # lists in lists; no reader follows further
WIDEST = 256  # columns; a wider table was not made to be read, and its cells follow each other as running text
_BLANKS = re.compile(r"[ \t\n\f\u00a0\u2000-\u200a\u202f\u205f]+")
# Han characters and the signs that stand between them: a line break between two of them is no blank.
_WIDE = rf"{HAN}\u3000-\u303f\uff00-\uff60"
_BROKEN = re.compile(rf"(?<=[{_WIDE}])[ \t]*\n[ \t\n]*(?=[{_WIDE}])")


def one_line(words: str) -> str:
    r"""Return words on one line: blanks joined, and none where a line of Chinese was broken.

    >>> one_line(" carbon\n  neutral ")
    'carbon neutral'
    """
    return _BLANKS.sub(" ", _BROKEN.sub("", words)).strip()


class Sheet:
    """Takes the blocks of a file in reading order."""

    def __init__(self, limits: Limits) -> None:
        """Start an empty sheet.

        Every method that takes words raises FileTooLarge once the text has more characters than allowed.
        """
        self._limits = limits
        self._parts: list[str] = []
        self._length = 0
        self.last = ""
        self._invisible = 0
        self.pages: list[int] = []
        self.title = ""
        self.warnings: list[str] = []

    def heading(self, level: int, words: str) -> None:
        """Write a heading; level 1 is outermost."""
        if words := self._cleaned(words, lines=False):
            self._put("heading", f"{'#' * min(level, HEADING_LEVELS)} {words}")

    def paragraph(self, words: str) -> None:
        """Write a paragraph; its line breaks are kept."""
        if words := self._cleaned(words):
            self._put("paragraph", words)

    def item(self, depth: int, words: str, mark: str = "-") -> None:
        """Write an item of a list; depth 0 is outermost."""
        if words := self._cleaned(words):
            self._put("item", f"{' ' * INDENT * min(depth, DEEPEST)}{mark} {words}")

    def table(self, rows: Sequence[Sequence[str]], goes_on: bool = False) -> None:
        """Write a table, its header first; one column is running text. It may go on from the table before."""
        found = [[self._cleaned(cell, lines=False) for cell in row] for row in rows]
        width = max((len(row) for row in found), default=0)
        if width > WIDEST:
            self.warn(f"a table of {width:,} columns was read as running text")
        if width < 2 or width > WIDEST:
            for row in found:
                self.paragraph(" ".join(filter(None, row)))
            return
        self.last = "row" if goes_on else ""
        while not goes_on and len(found) > 1 and found[0] and found[0][0] and not any(found[0][1:]):
            self.paragraph(found.pop(0)[0])  # a caption: the reader takes the first row for the header
        for row in found:
            if any(row):
                self._put("row", "\t".join([*row, *[""] * (width - len(row))]))

    def verbatim(self, text: str) -> None:
        """Write a text as it stands, its pages parted by form feeds."""
        text = self._seen(text)
        if "\f" in text:
            self.pages = [0, *(match.end() for match in re.finditer("\f", text))]
        self._count(len(text))
        self._parts.append(text)

    def page(self) -> None:
        """Note that a page begins with the next character.

        :raises FileTooLarge: if there are more pages than allowed.
        """
        self.pages.append(self._length)
        if len(self.pages) > self._limits.pages:
            raise FileTooLarge(f"it has more than {self._limits.pages:,} pages; split it, or raise TANTU_FILE_PAGES")

    def more(self, between: str, words: str) -> None:
        """Write more words of the block before."""
        if words := self._cleaned(words):
            self._append(between, words)

    def warn(self, what: str) -> None:
        """Keep a line about what could not be read, once."""
        if what not in self.warnings:
            self.warnings.append(what)

    def finish(self, media_type: str) -> Imported:
        """Return what has been written."""
        text = "".join(self._parts) + ("\n" if self.last else "")
        if self._invisible:
            self.warn(f"{self._invisible:,} invisible characters were left out")
        pages = tuple(min(start, len(text)) for start in self.pages)
        return Imported(text, media_type, pages, one_line(clean(self.title))[:300], tuple(self.warnings))

    def _seen(self, words: str) -> str:
        self._invisible += len(INVISIBLE.findall(words))
        return clean(words)

    def _cleaned(self, words: str, lines: bool = True) -> str:
        words = self._seen(words)
        if lines:
            return "\n".join(filter(None, (one_line(line) for line in words.split("\n"))))
        return one_line(words)

    def _put(self, kind: str, words: str) -> None:
        between = "" if not self._parts else "\n" if kind == self.last and kind in ("item", "row") else "\n\n"
        self._append(between, words)
        self.last = kind

    def _append(self, between: str, words: str) -> None:
        """Add words; pages that were to begin here begin after what stands between."""
        for number in range(len(self.pages) - 1, -1, -1):
            if self.pages[number] != self._length:
                break
            self.pages[number] += len(between)
        self._count(len(between) + len(words))
        self._parts += (between, words)

    def _count(self, characters: int) -> None:
        self._length += characters
        if self._length > self._limits.characters:
            most = f"{self._limits.characters:,}"
            raise FileTooLarge(f"its text has more than {most} characters; split it, or raise TANTU_FILE_CHARACTERS")
