"""Tables with cells that span columns and rows, as plain rows of words."""

from collections.abc import Sequence
from dataclasses import dataclass

SPANNED = 256  # columns or rows that a cell may span; files may claim billions
WIDEST = 512  # columns in which cells may span others; a table that wide is written as running text


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's words, how many columns and rows it spans, and whether it is marked as naming others."""

    words: str
    columns: int = 1
    rows: int = 1
    head: bool = False


def plain_rows(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """Return rows of words, one for each column; a cell's words stand once, where it begins.

    Several header rows become one, whose cells have the words of all, outermost first: a reader of one row with names
    of columns finds there "2023" above "Scope 1".

    >>> head = [Cell("", rows=2, head=True), Cell("2023", columns=2, head=True)], [Cell("PUE", head=True), Cell("t")]
    >>> plain_rows([*head, [Cell("A"), Cell("1.3"), Cell("7")]])
    [['', '2023 PUE', '2023 t'], ['A', '1.3', '7']]
    """
    placed = _placed(rows)
    heads = _header_rows(rows)
    width = max((len(row) for row in placed), default=0)
    body = [[cell.words if first else "" for cell, first in row] for row in placed[heads:]]
    if not heads:
        return body
    return [[_joined(placed[:heads], column) for column in range(width)], *body]


def _header_rows(rows: Sequence[Sequence[Cell]]) -> int:
    """Return how many rows at the top name columns: those that are marked, else as many as the first row spans."""
    marked = 0
    while marked < len(rows) and rows[marked] and all(cell.head for cell in rows[marked]):
        marked += 1
    first = rows[0] if rows else ()
    deep = max((cell.rows for cell in first), default=1) if any(cell.columns > 1 for cell in first) else 1
    found = marked if marked > 1 or deep == 1 else deep
    return found if 1 < found < len(rows) else 0


Place = tuple[Cell, bool]  # the cell that covers a place, and whether it begins there


def _placed(rows: Sequence[Sequence[Cell]]) -> list[list[Place]]:
    placed: list[list[Place]] = []
    hanging: dict[int, tuple[Cell, int]] = {}  # cells from above by column, and how many rows are left to them
    for row in rows:
        line: list[Place] = []
        here = dict(hanging)
        for cell in row:
            _hang(line, hanging)
            for number in range(min(max(cell.columns, 1), SPANNED) if len(line) < WIDEST else 1):
                if len(line) < WIDEST:
                    here[len(line)] = (cell, min(cell.rows, SPANNED))
                line.append((cell, number == 0))
        _hang(line, hanging)
        placed.append(line)
        hanging = {at: (cell, left - 1) for at, (cell, left) in here.items() if left > 1}
    return placed


def _hang(line: list[Place], hanging: dict[int, tuple[Cell, int]]) -> None:
    """Add the cells that hang down from above to the end of a line."""
    while len(line) in hanging and len(line) < WIDEST:
        line.append((hanging[len(line)][0], False))


def _joined(heads: Sequence[Sequence[Place]], column: int) -> str:
    words = [row[column][0].words for row in heads if column < len(row)]
    return " ".join(dict.fromkeys(filter(None, words)))
