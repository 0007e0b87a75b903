"""The characters on a page of a PDF: where each stands, how large, and how it is turned."""

import ctypes
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from kg.importing.paper import Box, Glyph

ASCENT, DESCENT = 0.88, 0.12  # of the size, above and below the line that characters stand on, in most Chinese fonts
BOLD = 600  # weight of a font; regular ones have 400, and 0 stands for one that does not say
HEAVY = ("bold", "black", "heavy", "semibold", "demi")
NAME = 128  # bytes of a font's name that are looked at
BLANKS = frozenset((0x20, 0x09, 0x0A, 0x0D, 0xA0, 0x3000))
HYPHENS = frozenset((0x02, 0xFFFE, 0xAD))  # what PDFium makes of a hyphen at the end of a line


class Type(NamedTuple):
    """How a piece of text is set: in quarter turns, points, and weight."""

    turn: int
    size: float
    bold: bool


def glyphs_of(layer: Any, count: int) -> Iterator[tuple[int, Glyph]]:
    """Yield each character of a page with the quarter turns that it is written at; it is turned back."""
    types = _Types(layer)
    place = _Place(layer)
    space, pair = False, 0
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(layer, index)
        if code in BLANKS:
            space = space or pdfium.FPDFText_IsGenerated(layer, index) != 1
            continue
        if 0xD800 <= code < 0xDC00:
            pair = code
            continue
        if 0xDC00 <= code < 0xE000 and pair:
            code = 0x10000 + ((pair - 0xD800) << 10) + code - 0xDC00
        pair = 0
        unknown = code == 0 or pdfium.FPDFText_HasUnicodeMapError(layer, index) == 1
        character = "\ufffd" if unknown else "-" if code in HYPHENS else chr(code)
        kind = types.of(index)
        yield kind.turn, Glyph(character, place.of(index, kind), kind.size, kind.bold, space)
        space = False


def turned(box: Box, turn: int) -> Box:
    """Return a box with y growing downwards; its ``top`` is the lower edge in the file, whose y grows upwards."""
    left, low, right, high = box
    if turn == 0:
        return Box(left, -high, right, -low)
    if turn == 1:
        return Box(low, left, high, right)
    if turn == 2:
        return Box(-right, low, -left, high)
    return Box(-high, -right, -low, -left)


class _Place:
    """Where characters stand: as high as their type, on the line that they share, however small their drawing is."""

    def __init__(self, layer: Any) -> None:
        self._layer, self._box = layer, pdfium.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._given = ctypes.byref(self._box), ctypes.byref(self._x), ctypes.byref(self._y)

    def of(self, index: int, kind: Type) -> Box:
        box, x, y = self._given
        pdfium.FPDFText_GetLooseCharBox(self._layer, index, box)
        pdfium.FPDFText_GetCharOrigin(self._layer, index, x, y)
        if not kind.turn:  # nearly always
            left, line = min(self._box.left, self._x.value), -self._y.value
            right = max(self._box.right, left)
            return Box(left, line - ASCENT * kind.size, right, line + DESCENT * kind.size)
        drawn = turned(Box(self._box.left, self._box.bottom, self._box.right, self._box.top), kind.turn)
        origin = turned(Box(self._x.value, self._y.value, self._x.value, self._y.value), kind.turn)
        left, line = min(drawn.left, origin.left), origin.top
        return Box(left, line - ASCENT * kind.size, max(drawn.right, left), line + DESCENT * kind.size)


class _Types:
    """How the text objects of a page are set; characters of one object follow each other."""

    def __init__(self, layer: Any) -> None:
        self._layer = layer
        self._last: int | None = None
        self._kind = Type(0, 0.0, False)
        self._fonts: dict[int | None, bool] = {}

    def of(self, index: int) -> Type:
        item = pdfium.FPDFText_GetTextObject(self._layer, index)
        address = _address(item)
        if address != self._last or address is None:
            self._last, self._kind = address, self._read(index, item)
        return self._kind

    def _read(self, index: int, item: Any) -> Type:
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(self._layer, index, ctypes.byref(matrix))
        size = pdfium.FPDFText_GetFontSize(self._layer, index) * math.hypot(matrix.c, matrix.d)
        turn = round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4
        return Type(turn, size if 0 < size < 1e4 else 1.0, self._is_bold(item))

    def _is_bold(self, item: Any) -> bool:
        if not item:
            return False
        font = pdfium.FPDFTextObj_GetFont(item)
        address = _address(font)
        if address not in self._fonts:
            name = ctypes.create_string_buffer(NAME)
            pdfium.FPDFFont_GetBaseFontName(font, name, NAME)
            called = name.value.decode("latin-1").lower()
            heavy = pdfium.FPDFFont_GetWeight(font) >= BOLD or any(word in called for word in HEAVY)
            self._fonts[address] = heavy
        return self._fonts[address]


def _address(pointer: Any) -> int | None:
    return ctypes.cast(pointer, ctypes.c_void_p).value
