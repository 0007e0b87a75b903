"""Cards: a risk a block, a field a line, the name of a field on the line of its value or alone on the line above."""

import re
from collections.abc import Sequence

from kg.extraction.risks.chapters import CARD
from kg.extraction.risks.pieces import Opening, Piece, opening, pieces
from kg.extraction.risks.words import RiskWords
from kg.model import Span
from kg.reading.blocks import Block

NAME = 80  # characters of a risk's name on a line of its own
LABEL = 40  # characters of a field's name on a line of its own
PROFILE = frozenset({"category", "level", "likelihood", "horizon", "description"})  # fields that follow a risk's name
_HELD = PROFILE | {"subcategory", "effect"}  # fields whose value may stand on the line below
_COLON = re.compile("[:\uff1a]")
_LABEL = re.compile("([^:\uff1a\n]{1,40})[:\uff1a]\\s*(?=\\S)|([^:\uff1a\n]{1,40})\n\\s*")
_FULL = (".", "\u3002")
_STOPS = (".", "\u3002", ":", "\uff1a", ";", "\uff1b")


def can_be_name(text: str, words: RiskWords, span: Span) -> bool:
    """Say whether a stretch is short and no sentence, so that it can be the name of a risk."""
    said = span.of(text)
    return len(said) <= NAME and not said.endswith(_STOPS) and not _COLON.search(said) and not words.may(said)


def label_alone(text: str, words: RiskWords, piece: Piece) -> str | None:
    """Return the role of a field whose name is all that a piece is, None of any other piece."""
    said = piece.span.of(text).rstrip(" :\uff1a*")
    if len(said) > LABEL or not words.is_column(said):
        return None
    role = words.role(said)
    return role if role in _HELD and words.title_sort(said) != "root" else None


def with_values(text: str, words: RiskWords, found: Sequence[Piece]) -> list[Piece]:
    """Join each name of a field that stands alone with the piece below it, unless that is a field or an item."""
    joined: list[Piece] = []
    held: Piece | None = None
    for piece in found:
        if held and not piece.style and not is_field(text, words, piece):
            piece = Piece(Span(held.span.start, piece.span.end), held.style)
            held = None
        else:
            joined += [held] if held else []
            held = piece if label_alone(text, words, piece) else None
            if held:
                continue
        joined.append(piece)
    return [*joined, held] if held else joined


def is_field(text: str, words: RiskWords, piece: Piece) -> bool:
    """Say whether a piece begins with the name of a field."""
    found = opening(text, words, piece.span)
    return label_alone(text, words, piece) is not None or (found is not None and found.what == "field")


def below(text: str, words: RiskWords, above: Sequence[Piece], block: Block | None) -> Opening | None:
    """Return what the block below begins with: it may say that a line at the end of the one above names a risk."""
    names = any(can_be_name(text, words, piece.span) for piece in above[-2:])  # a name, or a name and a sentence
    if block is None or not names or block.kind == "row" or block.span.end - block.span.start > CARD:
        return None
    found = with_values(text, words, [*pieces(text, words, block.span)])
    return opening(text, words, found[0].span) if found else None


def row_fields(text: str, words: RiskWords, cells: Sequence[Span]) -> list[tuple[Piece, Opening]]:
    """Return the fields of a row such as "Category: acute | Level: high", none of any other row."""
    if len(cells) < 2 or not all(_COLON.search(text, cell.start, cell.end) for cell in cells):
        return []
    found = [(Piece(cell), one) for cell in cells if (one := opening(text, words, cell))]
    fields = [(piece, one) for piece, one in found if one.what == "field" and one.rest]
    return fields if len(fields) == len(cells) else []


def names_at(
    text: str, words: RiskWords, i: int, found: Sequence[Piece], begun: Sequence[Opening | None], climate: bool
) -> tuple[Span, ...]:
    """Return the names in the piece at ``i``, none where it is no line above the fields of a risk.

    ``begun`` says what each piece begins with, and at its end what the block below does; ``climate`` whether the
    climate's risks are spoken of.
    """
    first = i == 0 or (i == 1 and _stands_alone(begun[0]))
    above = _name_above(text, words, found[i:], begun[i:]) if first and climate else None
    return (above,) if above else _name_before(text, words, found[i], begun[i], begun[i + 1])


def _stands_alone(found: Opening | None) -> bool:
    """Say whether a line is nothing but the name of a group, or of risks at all."""
    return found is not None and found.what in ("root", "group") and found.rest is None


def _name_before(
    text: str, words: RiskWords, piece: Piece, found: Opening | None, after: Opening | None
) -> tuple[Span, ...]:
    """Return the names in a short line before a field such as "Risk type: ...": of a risk, and of its kind.

    ``found`` is what the line begins with, ``after`` what the one below does.
    """
    if after is None or after.what != "field" or after.role not in PROFILE:
        return ()
    if found is None:
        named = None if words.is_climate(piece.span.of(text)) else _named(text, words, piece.span)
        return (named,) if named else ()  # what names the climate's risks is the title of a chapter
    if found.what == "root" and found.rest and can_be_name(text, words, found.rest):
        plain = after.role == "category" or not opening(text, words, found.rest)
        return (found.name, found.rest) if plain else ()
    # "Heat stress" and then "Type: Physical (chronic)": a name that could have been a category
    bare = found.what == "category" and not found.rest and not found.rating and after.role == "category"
    return (piece.span,) if bare and can_be_name(text, words, piece.span) else ()


def _name_above(text: str, words: RiskWords, found: Sequence[Piece], begun: Sequence[Opening | None]) -> Span | None:
    """Return the name in the first line of a block whose next line is a sentence and whose third is a field."""
    if len(found) < 2 or begun[0] or begun[1] or not (third := begun[2]) or third.role not in PROFILE:
        return None
    sentence, name = found[1].span.of(text), found[0].span
    told = sentence.endswith(_FULL) and not found[0].style and not found[1].style
    return name if told and can_be_name(text, words, name) and not words.is_climate(name.of(text)) else None


def _named(text: str, words: RiskWords, span: Span) -> Span | None:
    """Return what a line names: all of it, or the value of "Name: ..."."""
    label = _LABEL.match(text, span.start, span.end)
    if label and words.role(said := (label[1] or label[2]).strip()) == "subcategory" and words.is_column(said):
        span = Span(label.end(), span.end)
    return span if can_be_name(text, words, span) else None
