"""Drawings as SVG: words with the width that they will have, the frame, and the form in which a file is sent."""

from unicodedata import east_asian_width

from markupsafe import Markup, escape

SIZE = 14  # pixels of a letter
EDGE = 16  # pixels of paper around a drawing that is a file
# Measured in Chromium: Han letters are as wide as high, Latin ones and digits 0.46 to 0.54 of that in Noto Sans.
_WIDE, _NARROW = 1.0, 0.5
_FAMILY = "Noto Sans, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, Helvetica, Arial, sans-serif"
_PAPER = "background:#fff;color:#24211c"


def length(text: str, size: float = SIZE) -> float:
    """Return about how wide a text will be, in pixels.

    >>> length("PUE", 10) < length("\uff30\uff35\uff25", 10)
    True
    """
    return sum(size * (_WIDE if east_asian_width(letter) in "WF" else _NARROW) for letter in text)


def cut(text: str, room: float, size: float = SIZE) -> str:
    """Return a text on one line that fits into so many pixels, an ellipsis where it was cut.

    >>> cut("carbon neutral", 200), cut("carbon neutral", 60)
    ('carbon neutral', 'carbon\u2026')
    """
    line = " ".join(text.split())
    if length(line, size) <= room:
        return line
    while line and length(line, size) > room - size:
        line = line[:-1]
    return f"{line.rstrip()}\u2026"


def said(text: str, x: float, y: float, anchor: str = "start", size: float = SIZE, **attributes: str) -> str:
    """Return words at a place, in the colour of the page's text where ``fill`` names no other."""
    wanted = {"fill": "currentColor", **{name.replace("_", "-"): value for name, value in attributes.items()}}
    written = "".join(f' {name}="{escape(value)}"' for name, value in wanted.items())
    large = "" if size == SIZE else f' font-size="{size}"'
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{large}{written}>{escape(text)}</text>'


def drawing(title: str, width: float, height: float, body: str, decorative: bool = False) -> Markup:
    """Return a drawing; one that is ``decorative`` has a list beside it that says the same."""
    name = escape(title)
    role = 'aria-hidden="true"' if decorative else f'role="img" aria-label="{name}"'
    frame = f'viewBox="0 0 {width:g} {height:g}" xmlns="http://www.w3.org/2000/svg"'
    return Markup(f'<svg {frame} {role} font-family="{_FAMILY}" font-size="{SIZE}"><title>{name}</title>{body}</svg>')


def standalone(svg: Markup) -> str:
    """Return a drawing as a file of its own: with its size, on white paper that has an edge.

    >>> standalone(drawing("a", 40, 30, ""))[:107]
    '<svg width="72" height="62" style="background:#fff;color:#24211c" viewBox="-16 -16 72 62" xmlns="http://www'
    """
    before, _, rest = str(svg).partition('viewBox="0 0 ')
    box, _, after = rest.partition('"')
    width, height = (float(side) + 2 * EDGE for side in box.split())
    size = f'width="{width:g}" height="{height:g}" style="{_PAPER}"'
    return f'{before}{size} viewBox="-{EDGE} -{EDGE} {width:g} {height:g}"{after}'
