"""Rows of risk tables; columns are known by their names, or by what stands in them; a table may lie on its side."""

import re
from collections.abc import Iterator, Sequence

from kg.extraction.risks.chapters import Chapters
from kg.extraction.risks.found import SHORTEST, Found, kind_of, measures, statement_of
from kg.extraction.risks.ratings import UNRATED, Rating, RatingWords, rated, rating_of, rating_words
from kg.extraction.risks.words import OPPORTUNITY, RISK, RiskWords
from kg.model import Span
from kg.reading.blocks import Block, Document
from kg.reading.tables import Cells

NAMES = ("category", "subcategory")
SAYS = ("description", "effect", "impact", "response")
TELLING = 16  # Latin characters of a cell that says what a risk is; half as many Han ones
CAPTION = 100  # characters of a line right before a table that can be its title
TICK = 2  # characters of a tick in a column that is a level or a horizon of its own
RATING_LENGTH = 60  # characters of a level or a horizon in a column of its own
_COLON = re.compile("[:\uff1a]")

Parts = dict[str, list[Span]]  # what a row has in each role


def table_rows(document: Document, words: RiskWords, chapters: Chapters) -> Iterator[Found]:
    """Yield the rows of tables whose header has a category or a risk, and what it does or what is done about it."""
    close = {block.span for block, climate in chapters if climate and block.kind == "row"}
    for caption, header, rows in _tables(document):
        table = _Table(document, words, caption, header, rows)
        found = [row for row in (table.on_its_side() if table.lies else table.upright()) if row]
        if any(_is_named(document, words, row) for row in found):
            climate = (
                rows[0].span in close
                or table.is_of_climate()
                or any(_is_of_climate(document, words, row) for row in found)
            )
            yield from (row for row in found if climate or _is_green(document, words, row))


def _tables(document: Document) -> Iterator[tuple[Span | None, Cells, list[Block]]]:
    """Yield tables: what stands right before, the header, the rows; the first is a header if none was seen."""
    rows: list[Block] = []
    before, caption = None, None
    for block in (*document.blocks, None):
        if rows and (block is None or block.kind != "row" or block.header != rows[0].header or block.is_header):
            yield (caption, rows[0].header, rows) if rows[0].header else (caption, rows[0].cells, rows[1:])
            rows = []
        if block is not None and block.kind == "row" and not block.is_header:
            caption = caption if rows else before
            rows.append(block)
        before = block.span if block is not None and block.kind != "row" else before


def _is_named(document: Document, words: RiskWords, row: Found) -> bool:
    names = [document.text(name) for name in row.names]
    return any(words.categories(name, row.kind) or words.groups(name, row.kind) for name in names)


def _is_of_climate(document: Document, words: RiskWords, row: Found) -> bool:
    """Say whether a row names a group of the climate's risks, or a physical one: other tables of risks know neither."""
    names = [document.text(name) for name in row.names]
    return any(words.groups(name, RISK) or words.names_physical(name) for name in names)


def _is_green(document: Document, words: RiskWords, row: Found) -> bool:
    return words.is_green(" ".join(document.text(span) for span in (*row.names, row.statement)))


class _Table:
    """A table and what its columns, or its rows, hold."""

    def __init__(
        self, document: Document, words: RiskWords, caption: Span | None, header: Cells, rows: Sequence[Block]
    ) -> None:
        self.document, self.words, self.rows = document, words, rows
        # Above the names of the rows there may be nothing at all, not even an empty cell.
        shifted = bool(rows) and all(len(block.cells) == len(header) + 1 for block in rows)
        self.header: Cells = (None, *header) if shifted else header
        self.ratings: RatingWords = rating_words(words.vocabulary)
        self.title = " ".join(self._text(cell) for cell in self.header if cell)
        self.caption = self._text(caption) if caption and _length(caption) <= CAPTION else ""
        self.lies = bool(rows) and self._lies()

    def _text(self, cell: Span) -> str:
        return self.document.text(cell)

    def is_of_climate(self) -> bool:
        """Say whether the header or the headings above speak of the climate's risks, or opportunities alone."""
        heads = [self._text(span) for span in self.rows[0].headings] if self.rows else []
        return any(map(self.words.is_climate, (self.title, self.caption, *heads))) or self.words.kinds(self.title) == {
            OPPORTUNITY
        }

    # --- one risk a row

    def upright(self) -> Iterator[Found | None]:
        """Yield what each row tells; a row that is but the name of a group names the rows below it."""
        roles = self._roles() if self.rows and self._may_be_of_risks() else []
        known = set(roles) - {None, "tick"}
        if not {*NAMES, "description"} & known or len(known) < 2:
            return
        group: list[Span] = []
        for block in self.rows:
            alone = [cell for cell in block.cells if cell and block.span.start <= cell.start]
            if len(alone) == 1 and self.words.title_sort(self._text(alone[0])):
                group = alone
            else:
                yield self._found(self._parts(block.cells, roles), group)

    def _may_be_of_risks(self) -> bool:
        """Say whether the header has a name of a column of ours at all: most tables are of numbers."""
        return sum(self.words.role(self._text(cell)) is not None for cell in self.header if cell) > 1

    def _roles(self) -> list[str | None]:
        """Return what each column holds; one without a name beside a column of names holds names too."""
        roles: list[str | None] = []
        for i, cell in enumerate(self.header):
            beside = roles[-1] if roles else None
            unnamed = "subcategory" if beside in NAMES else None
            roles.append(self._role(i, cell) if cell else unnamed)
        if not {"subcategory", "description", "effect"} & set(roles) and "category" in roles:
            told = next((i for i, role in enumerate(roles) if role is None and self._is_telling(i)), None)
            roles = ["description" if i == told else role for i, role in enumerate(roles)]
        return roles

    def _is_telling(self, column: int) -> bool:
        """Say whether most cells of a column are long enough to say what a risk is."""
        held = [self._text(cell) for cell in self._column(column)]
        telling = [cell for cell in held if len(cell) >= (TELLING if cell.isascii() else TELLING // 2)]
        return 2 * len(telling) > len(held) > 0

    def _role(self, column: int, name: Span) -> str | None:
        """Return what a column holds by its name, by its ticks, or by its cells."""
        held = [self._text(cell) for cell in self._column(column)]
        rates = self.ratings.is_term(self._text(name)) or self.ratings.is_level(self._text(name))
        if held and rates and all(len(cell) <= TICK and self.words.is_tick(cell) for cell in held):
            return "tick"
        role = None if rates else self.words.role(self._text(name))
        if role or not held:
            return role
        if 2 * sum(self.words.title_sort(cell) in ("category", "group") for cell in held) >= len(held):
            return "category"
        if all(map(self.ratings.is_level, held)):
            return None if rates else "level"  # of a level for each horizon none is the row's own
        return "horizon" if all(map(self.ratings.is_horizon, held)) else None

    def _column(self, column: int) -> Iterator[Span]:
        cells = (block.cells[column] for block in self.rows if column < len(block.cells))
        return (cell for cell in cells if cell)

    def _parts(self, cells: Cells, roles: Sequence[str | None]) -> Parts:
        """Gather the cells of a row by role; of a tick, the name of its column."""
        parts: Parts = {}
        for role, cell, name in zip(roles, cells, self.header, strict=False):
            if role and cell:
                held = name if role == "tick" and name else cell
                parts.setdefault(self._role_of_cell(role, held), []).append(held)
        return parts

    def _role_of_cell(self, role: str, cell: Span) -> str:
        """Return what a cell holds: its column's name may say "risks" of groups, "impact" of levels."""
        words = self._text(cell)
        if role == "tick":
            return "horizon" if self.ratings.is_term(words) else "level"
        if role == "description" and self.words.is_title(words):
            return "category"
        return "level" if role == "impact" and self.ratings.is_level(words) else role

    # --- one risk a column

    def _lies(self) -> bool:
        sides = [self.words.role(self._text(block.cells[0])) for block in self.rows if block.cells and block.cells[0]]
        if sum(side in SAYS for side in sides) < 2:
            return False
        names = [*self.header[1:], *(cell for row in self._of_role("category") for cell in row)]
        return any(cell and self.words.title_sort(self._text(cell)) for cell in names)

    def _of_role(self, role: str) -> Iterator[Cells]:
        for block in self.rows:
            if block.cells and block.cells[0] and self.words.role(self._text(block.cells[0])) == role:
                yield block.cells[1:]

    def on_its_side(self) -> Iterator[Found | None]:
        """Yield what each column tells, its rows named by their first cells."""
        for column in range(1, len(self.header)):
            name = self.header[column]
            parts: Parts = {"subcategory": [name]} if name else {}
            for block in self.rows:
                first, cell = (*block.cells, None)[0], block.cells[column] if column < len(block.cells) else None
                role = self.words.role(self._text(first)) if first else None
                if role and cell:
                    parts.setdefault(self._role_of_cell(role, cell), []).append(cell)
            yield self._found(parts, [])

    # --- both

    def _found(self, parts: Parts, group: Sequence[Span]) -> Found | None:
        """Take a row apart by the roles of its cells."""
        text = self.document.report.text
        names = [*group, *(name for role in NAMES for name in parts.get(role, []))]
        told = self._told(parts, names)
        statement = statement_of(text, told) if told else None
        if not names or statement is None or self.words.defines(statement.of(text)):
            return None
        statement, aside = rated(text, statement, self.words)
        kept = tuple(name for name in names if name != told or len(names) == 1 or not _has_more(self._text(name)))
        return Found(
            kind_of(self.words, [self._text(name) for name in names], [self.title, self.caption]),
            kept,
            statement,
            tuple(point for cell in parts.get("response", []) for point in measures(text, cell)),
            self._rating(parts, names).over(aside),
            tuple(
                point
                for role in ("effect", "impact")
                for cell in parts.get(role, [])
                if cell != told
                for point in measures(text, cell)
            ),
        )

    def _rating(self, parts: Parts, names: Sequence[Span]) -> Rating:
        """Return the rating of a row: its columns', else what stands in brackets after a name."""
        levels, horizons = parts.get("level", []) or parts.get("likelihood", []), parts.get("horizon", [])
        both = (rating_of(self.document.report.text, cell, self.words) for cell in (*levels, *horizons))
        given = next((rating for rating in both if rating.level and rating.horizon), UNRATED)
        given = given.over(Rating(_first(levels), _whole(horizons)))
        for name in names:
            given = given.over(rated(self.document.report.text, name, self.words)[1])
        return given

    def _told(self, parts: Parts, names: Sequence[Span]) -> Span | None:
        """Return the cell that says what the risk is: a description, a name that is more than a title, an effect."""
        if parts.get("description"):
            return max(parts["description"], key=_length)
        telling = [name for name in names if _has_more(self._text(name)) or not self.words.is_title(self._text(name))]
        effects = [cell for cell in parts.get("effect", []) if self.words.may(self._text(cell)) or not telling]
        longest = max(telling, key=_length, default=None)
        if longest and effects and _length(longest) >= _length(effects[0]):
            return longest
        titles = [name for name in names[::-1] if name not in parts.get("category", ()) or _has_more(self._text(name))]
        return next((cell for cell in (*effects, longest, *parts.get("impact", []), *titles) if cell), None)


def _has_more(name: str) -> bool:
    """Say whether a name goes on after a colon: "Acute: typhoons and floods"."""
    colon = _COLON.search(name)
    return colon is not None and len(name) - colon.end() >= SHORTEST


def _length(span: Span) -> int:
    return span.end - span.start


def _first(cells: Sequence[Span]) -> Span | None:
    return next((cell for cell in cells if _length(cell) <= RATING_LENGTH), None)


def _whole(cells: Sequence[Span]) -> Span | None:
    """Return the stretch from the first of the cells to the last, None where it is too long to be a horizon."""
    if not cells:
        return None
    whole = Span(cells[0].start, cells[-1].end)
    return whole if _length(whole) <= RATING_LENGTH else None
