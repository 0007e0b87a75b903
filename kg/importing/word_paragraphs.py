"""The text of a DOCX file: its paragraphs and tables as their elements begin and end."""

from dataclasses import dataclass, field

from kg.importing.grids import Cell, plain_rows
from kg.importing.sheet import Sheet
from kg.importing.word_styles import Numbering, Styles

Attributes = dict[str, str]
OFF = frozenset(("0", "false", "off", "none"))
LEVELS = 9
_RAISED = str.maketrans("0123456789+-", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207a\u207b")
# What a page does not show: what was deleted, moved away or typed as the instruction of a field, a second form of what
# stands before it, old properties.
_UNSEEN = frozenset(("del", "moveFrom", "Fallback", "instrText", "pPrChange", "rPrChange", "tblPrChange", "sdtPr"))
_NOTES = frozenset(("footnote", "endnote"))


@dataclass(slots=True)
class Paragraph:
    """A paragraph while it is read."""

    words: list[str] = field(default_factory=list)
    style: str = ""
    level: int = 0
    list: str | None = None
    depth: int = 0


@dataclass(slots=True)
class Table:
    """A table while it is read; cells that go on from the row above have no words of their own."""

    rows: list[list[Cell]] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    columns: int = 1
    goes_on: bool = False
    head: bool = False


class Body:
    """Reads a document's body, or its notes."""

    def __init__(self, sheet: Sheet, styles: Styles, numbering: Numbering, notes: bool = False) -> None:
        """Read onto a sheet."""
        self._sheet, self._styles, self._numbering, self._notes = sheet, styles, numbering, notes
        self._paragraphs: list[Paragraph] = []
        self._tables: list[Table] = []
        self._unseen = 0
        self._in_text = self._raised = self._hidden = False
        self._note = ""

    def words(self, words: str) -> None:
        """Gather text."""
        if self._in_text and not self._unseen and not self._hidden and self._paragraphs:
            self._paragraphs[-1].words.append(words.translate(_RAISED) if self._raised else words)

    def begin(self, name: str, attributes: Attributes) -> None:
        """Read the start of an element."""
        if self._unseen or name in _UNSEEN:
            self._unseen += 1
        elif name == "p":
            self._paragraphs.append(Paragraph())
        elif name in ("tbl", "tr", "tc", "gridSpan", "vMerge", "tblHeader"):
            self._begin_table(name, attributes)
        elif name in _NOTES:
            self._note = attributes.get("id", "") if attributes.get("type", "normal") == "normal" else ""
        elif self._paragraphs:
            self._begin_run(name, attributes)

    def end(self, name: str) -> None:
        """Read the end of an element."""
        if self._unseen:
            self._unseen -= 1
        elif name == "p" and self._paragraphs:
            self._end_paragraph(self._paragraphs.pop())
        elif name == "t":
            self._in_text = False
        elif name == "tc" and self._tables:
            table = self._tables[-1]
            words = "" if table.goes_on else " ".join(table.parts)
            if table.rows:
                table.rows[-1].append(Cell(words, table.columns, 1, table.head))
            table.parts = []
        elif name == "tbl" and self._tables:
            self._end_table(self._tables.pop())

    def _begin_run(self, name: str, attributes: Attributes) -> None:
        value = attributes.get("val", "")
        paragraph = self._paragraphs[-1]
        if name == "t":
            self._in_text = True
        elif name == "r":
            self._raised = self._hidden = False
        elif name in ("br", "cr"):
            paragraph.words.append("\n")
        elif name == "tab":
            paragraph.words.append(" ")
        elif name == "noBreakHyphen":
            paragraph.words.append("-")
        elif name in ("footnoteReference", "endnoteReference"):
            paragraph.words.append(f"[{attributes.get('id', '')}]")
        elif name == "vertAlign":
            self._raised = value == "superscript"
        elif name == "vanish":
            self._hidden = value not in OFF
        else:
            self._describe(paragraph, name, value)

    def _describe(self, paragraph: Paragraph, name: str, value: str) -> None:
        """Keep what a paragraph's properties say."""
        if name == "pStyle":
            paragraph.style = value
        elif name == "outlineLvl" and value.isdecimal() and int(value) < LEVELS:
            paragraph.level = int(value) + 1
        elif name == "ilvl" and value.isdecimal():
            paragraph.depth = int(value)
        elif name == "numId":
            paragraph.list = value

    def _begin_table(self, name: str, attributes: Attributes) -> None:
        value = attributes.get("val", "")
        if name == "tbl":
            self._tables.append(Table())
        elif not self._tables:
            return
        elif name == "tr":
            self._tables[-1].rows.append([])
            self._tables[-1].head = False
        elif name == "tc":
            self._tables[-1].columns, self._tables[-1].goes_on = 1, False
        elif name == "gridSpan":
            self._tables[-1].columns = int(value) if value.isdecimal() and len(value) < LEVELS else 1
        elif name == "vMerge":
            self._tables[-1].goes_on = value != "restart"
        elif name == "tblHeader":
            self._tables[-1].head = value not in OFF

    def _end_paragraph(self, paragraph: Paragraph) -> None:
        words = "".join(paragraph.words)
        if not words.strip():
            return
        level = paragraph.level or self._styles.level(paragraph.style)
        number, depth = paragraph.list, paragraph.depth
        if number is None and (styled := self._styles.list_of(paragraph.style)):
            number, depth = styled
        item = number not in (None, "0") and not level
        if self._tables:
            self._tables[-1].parts.append(f"{'* ' if item else ''}{words}")
        elif self._notes:
            if self._note:
                self._sheet.paragraph(f"[{self._note}] {words.strip()}")
        elif level:
            self._sheet.heading(level, words)
        elif item:
            self._sheet.item(depth, words, self._numbering.mark(str(number), depth))
        else:
            self._sheet.paragraph(words)

    def _end_table(self, table: Table) -> None:
        """Write a table; one inside a cell becomes words of the cell."""
        rows = plain_rows([row for row in table.rows if row])
        if self._tables:
            self._tables[-1].parts += [" ".join(filter(None, row)) for row in rows]
        else:
            self._sheet.table(rows)
