"""HTML: headings, paragraphs, lists and tables; what does not show on a page is left out.

The standard library's tokenizer keeps no tree, so that no depth of nesting can hurt; browsers' rules for elements that
nobody closed come down to this: a block ends where another begins.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from kg.importing.grids import Cell, plain_rows
from kg.importing.sheet import Sheet, one_line
from kg.reading.decoding import decode_markup

BLOCKS = frozenset(
    ("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl")
)
BLOCKS |= {"dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "html", "main", "p"}
BLOCKS |= {"pre", "section", "summary"}
SCRIPTS = frozenset(("script", "style"))
HIDDEN = SCRIPTS | {"noscript", "template", "svg", "math", "canvas", "iframe", "object", "audio", "video"}
HIDDEN |= {"select", "button", "textarea", "nav"}
VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "wbr"))
HEADINGS = {f"h{level}": level for level in range(1, 7)}
PLACING = 3  # a heading of this level or above in a table's cell: the table only places things on the page
_BREAK = "\x00"  # a line break that the author wants; the file's own NULs are gone by then
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_RAISED = str.maketrans("0123456789+-", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207a\u207b")
_DIGITS = re.compile(r"\s*(\d{1,6})")

Attributes = list[tuple[str, str | None]]


def read_html(data: bytes, name: str, sheet: Sheet) -> None:
    """Write an HTML file's text on a sheet.

    :raises ReadingError: if the bytes are no text.
    """
    read_markup(decode_markup(data, name), sheet)


def read_markup(text: str, sheet: Sheet) -> None:
    """Write the text of HTML on a sheet."""
    reader = Reader(sheet)
    reader.feed(text.replace(_BREAK, ""))
    reader.close()
    reader.finish()


@dataclass(slots=True)
class Table:
    """A table while it is read; ``parts`` are the blocks of the cell that is open, ``cell`` what is known of it."""

    rows: list[list[Cell]] = field(default_factory=list)
    parts: list[str] | None = None
    cell: Cell = field(default_factory=lambda: Cell(""))
    heading: bool = False
    placing: bool = False

    def end_cell(self) -> None:
        """Keep the cell that is open, if any."""
        if self.parts is not None:
            cell = self.cell
            self.rows[-1].append(Cell(" ".join(self.parts), cell.columns, cell.rows, cell.head))
        self.parts = None


class Reader(HTMLParser):
    """Gathers words until a block ends, then writes them."""

    def __init__(self, sheet: Sheet) -> None:
        """Read onto a sheet."""
        super().__init__(convert_charrefs=True)
        self._sheet = sheet
        self._words: list[str] = []
        self._title: list[str] = []
        self._in_title = False
        self._tables: list[Table] = []
        self._lists: list[int | None] = []  # the number of the last item; None where items have none
        self._mark = ""
        self._heading = 0
        self._raised: list[str] | None = None
        self._linked = False
        self._lines = False
        self._skipped, self._depth = "", 0
        self._held: list[tuple[str, tuple[Any, ...]]] = []  # what an element that is skipped would have written

    def finish(self) -> None:
        """Write what is left; an element to be skipped that was never closed is read after all."""
        self._end_block()
        if self._skipped and self._skipped not in SCRIPTS:
            held, self._skipped = self._held, ""
            for method, given in held:
                self._write(method, *given)
        while self._tables:
            self._end_table()
        self._sheet.title = self._sheet.title or "".join(self._title)

    def handle_data(self, data: str) -> None:
        """Gather words."""
        if self._skipped in SCRIPTS:
            return
        if self._in_title:
            self._title.append(data)
        elif self._raised is not None:
            self._raised.append(data)
        else:
            self._words.append(data.replace("\n", _BREAK) if self._lines else data)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        """Read ``<br/>`` as ``<br>``, and ``<td/>`` as a cell that is empty."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """Begin an element."""
        if self._skips(tag, attrs):
            return
        if tag in BLOCKS or tag in HEADINGS:
            self._end_block()
            self._begin_block(tag)
        elif tag in ("ul", "ol", "li"):
            self._end_block()
            self._begin_list(tag, dict(attrs))
        elif tag in ("table", "thead", "tbody", "tfoot", "tr", "td", "th"):
            self._end_block()
            self._begin_table(tag, dict(attrs))
        else:
            self._begin_inline(tag)

    def handle_endtag(self, tag: str) -> None:
        """End an element."""
        if self._skipped == tag:
            self._depth -= 1
            if not self._depth:
                self._end_block()
                self._skipped, self._held = "", []
            return
        if tag in BLOCKS or tag in HEADINGS or tag == "li":
            self._end_block()
            self._heading, self._mark = 0, "" if tag == "li" else self._mark
            self._lines = self._lines and tag != "pre"
        elif tag in ("ul", "ol"):
            self._end_block()
            if self._lists:
                self._lists.pop()
        elif self._tables and tag in ("table", "thead", "tr", "td", "th"):
            self._end_block()
            self._end_part(tag)
        else:
            self._end_inline(tag)

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """Read what only XML knows as a comment; the library raises AssertionError there."""
        return self.parse_bogus_comment(i)

    def _skips(self, tag: str, attrs: Attributes) -> bool:
        """Say whether an element is not shown; remember where that begins."""
        if self._skipped == "p" and tag in BLOCKS:  # nobody closes paragraphs: a block does
            self.handle_endtag("p")
        if self._skipped:
            self._depth += tag == self._skipped
            return self._skipped in SCRIPTS
        unseen = tag in HIDDEN or (tag not in VOID and any(_is_unseen(name, value) for name, value in attrs))
        if unseen and tag not in ("html", "body"):
            self._end_block()
            self._skipped, self._depth, self._held = tag, 1, []
        return self._skipped != ""

    def _begin_block(self, tag: str) -> None:
        self._lines = tag == "pre"
        self._heading = HEADINGS.get(tag, self._heading)
        if 0 < self._heading <= PLACING:
            self._place()

    def _begin_inline(self, tag: str) -> None:
        if tag == "br":
            self._words.append(_BREAK)
        elif tag == "title":
            self._in_title = not self._title
        elif tag == "sup":
            self._end_raised()
            self._raised, self._linked = [], False
        elif tag == "a":
            self._linked = True

    def _end_inline(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        elif tag == "sup":
            self._end_raised()

    def _end_raised(self) -> None:
        """Write raised words: a power as such, and the number of a note in brackets."""
        words = "".join(self._raised or ()).strip()
        self._raised = None
        if words:
            self._words.append(f"[{words.strip('[]')}]" if self._linked else words.translate(_RAISED))

    def _begin_list(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "li":
            count = self._lists[-1] if self._lists else None
            self._mark = "-" if count is None else f"{count + 1}."
            if count is not None:
                self._lists[-1] = count + 1
        else:
            self._lists.append(_number(attributes.get("start"), 1) - 1 if tag == "ol" else None)

    def _begin_table(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "table":
            self._place()
            self._tables.append(Table())
            return
        if not self._tables or self._tables[-1].placing:
            return
        table = self._tables[-1]
        table.end_cell()
        if tag == "tr" or (tag in ("td", "th") and not table.rows):
            table.rows.append([])
        if tag in ("td", "th"):
            columns, rows = _number(attributes.get("colspan"), 1), _number(attributes.get("rowspan"), 1)
            table.parts, table.cell = [], Cell("", columns, rows, tag == "th" or table.heading)
        table.heading = (table.heading or tag == "thead") and tag not in ("tbody", "tfoot")

    def _end_part(self, tag: str) -> None:
        """End a table, or a part of one."""
        if tag == "table":
            self._end_table()
            return
        self._tables[-1].end_cell()
        self._tables[-1].heading = self._tables[-1].heading and tag != "thead"

    def _end_table(self) -> None:
        table = self._tables.pop()
        table.end_cell()
        if not table.placing:
            self._write("table", plain_rows([row for row in table.rows if row]))

    def _place(self) -> None:
        """Take the table around for one that only places things: write what it has so far, and no rows from now on."""
        if not self._tables or self._tables[-1].placing or self._tables[-1].parts is None:
            return
        table = self._tables[-1]
        table.end_cell()
        table.placing = True
        for row in table.rows:
            for cell in row:
                self._write("paragraph", cell.words)

    def _end_block(self) -> None:
        """Write the words gathered so far."""
        self._end_raised()
        words = "".join(self._words).split(_BREAK)
        self._words = []
        lines = [line for line in map(one_line, words) if line]
        if not lines:
            return
        if self._tables and self._tables[-1].parts is not None:
            if not self._skipped:
                self._tables[-1].parts.append(f"{'* ' if self._mark else ''}{' '.join(lines)}")
        elif self._heading:
            self._write("heading", self._heading, " ".join(lines))
        elif self._mark:
            self._write("item", max(0, len(self._lists) - 1), " ".join(lines), self._mark)
            self._mark = ""
        else:
            self._write("paragraph", "\n".join(lines))

    def _write(self, method: str, *given: Any) -> None:
        if self._skipped:
            self._held.append((method, given))
        else:
            getattr(self._sheet, method)(*given)


def _is_unseen(name: str, value: str | None) -> bool:
    if name == "style":
        return bool(value and _UNSEEN.search(value))
    return name == "hidden" or (name == "aria-hidden" and value == "true")


def _number(value: str | None, default: int) -> int:
    found = _DIGITS.match(value or "")
    return int(found[1]) if found else default
