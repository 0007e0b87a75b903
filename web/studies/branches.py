"""What stands around a thing, drawn as branches: a group for each kind, on the left and on the right of the thing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from web.parts import Link, Phrase
from web.studies.bars import SHADES
from web.svg import cut, drawing, said

WIDTH, ROW, GAP, HEAD = 1080.0, 24.0, 20.0, 24.0  # pixels: of the drawing, a line, between groups, a group's name
HALF, WAY, INDENT, ROOM = 116.0, 64.0, 28.0, 316.0  # half of the box in the middle, to a group, to its words, of those
SMALL, LARGE = 2.5, 7.5  # radius of the point of what one fact names, and of what most of them do


@dataclass(frozen=True, slots=True)
class Leaf:
    """A thing around another: ``facts`` that name both, ``ways`` by which they do, ``walk`` to what is around it."""

    link: Link
    facts: int
    ways: str
    walk: str


@dataclass(frozen=True, slots=True)
class Branch:
    """Things of one kind, ``count`` of them in all; those that are not drawn stand at ``rest``."""

    name: Phrase
    count: int
    leaves: tuple[Leaf, ...]
    rest: Link | None = None


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of the drawing: ``sign`` is 1 on the right, -1 on the left; ``most`` facts make the largest point."""

    sign: int
    height: float
    most: int
    origin: str

    @property
    def spine(self) -> float:
        """Where the line of a group stands."""
        return WIDTH / 2 + self.sign * (HALF + WAY)

    @property
    def anchor(self) -> str:
        """To which end words are set."""
        return "start" if self.sign > 0 else "end"


def branches(title: str, middle: Phrase, drawn: Sequence[Branch], origin: str = "") -> Markup:
    """Return the drawing; ``origin`` stands before its addresses where it is to be a file of its own."""
    right, left = _sides(drawn)
    height = max(_tall(right), _tall(left), 4 * ROW)
    most = max((leaf.facts for branch in drawn for leaf in branch.leaves), default=1)
    body = "".join(
        _branch(branch, top, side, SHADES[drawn.index(branch) % len(SHADES)])
        for sign, own in ((1, right), (-1, left))
        for side in [_Side(sign, height, max(most, 1), origin)]
        for branch, top in _placed(own, height)
    )
    return drawing(title, WIDTH, height, body + _box(middle, height), decorative=True)


def _sides(drawn: Sequence[Branch]) -> tuple[list[Branch], list[Branch]]:
    """Return the groups of each side, each put where there is more room."""
    right: list[Branch] = []
    left: list[Branch] = []
    for branch in drawn:
        min(right, left, key=_tall).append(branch)
    return right, left


def _tall(own: Sequence[Branch]) -> float:
    return GAP + sum(HEAD + ROW * (len(branch.leaves) + bool(branch.rest)) + GAP for branch in own)


def _placed(own: Sequence[Branch], height: float) -> Iterator[tuple[Branch, float]]:
    """Yield the groups of a side with their upper ends, the side as a whole in the middle."""
    top = (height - _tall(own)) / 2 + GAP
    for branch in own:
        yield branch, top
        top += _tall([branch]) - GAP


def _branch(branch: Branch, top: float, side: _Side, shade: str) -> str:
    x, y, middle = side.spine, top + HEAD / 2, side.height / 2
    start, bend = WIDTH / 2 + side.sign * HALF, side.sign * WAY / 2
    way = f'<path d="M{start:g} {middle:g}C{start + bend:g} {middle:g} {x - bend:g} {y:g} {x:g} {y:g}"'
    stroke = f'fill="none" stroke="{shade}" stroke-width="1.5"'
    rows = len(branch.leaves) + bool(branch.rest)
    spine = f'<path d="M{x:g} {y:g}V{top + HEAD + ROW * (rows - 0.5):g}" {stroke} opacity=".5"/>'
    head = said(f"{branch.name.text} {branch.count:,}", x + side.sign * 10, y + 5, side.anchor, font_weight="600")
    leaves = (_leaf(leaf, top + HEAD + ROW * (i + 0.5), side, shade) for i, leaf in enumerate(branch.leaves))
    rest = _linked(branch.rest, "", top + HEAD + ROW * (rows - 0.5), side) if branch.rest else ""
    return f"{way} {stroke}/>{spine}{head}{''.join(leaves)}{rest}"


def _leaf(leaf: Leaf, y: float, side: _Side, shade: str) -> str:
    radius = SMALL + (LARGE - SMALL) * (leaf.facts / side.most) ** 0.5
    point = f'<circle cx="{side.spine + side.sign * 14:g}" cy="{y:g}" r="{radius:.1f}" fill="{shade}"/>'
    counted = f" {leaf.facts:,}" if leaf.facts > 1 else ""
    return point + _linked(Link(leaf.link.phrase, leaf.walk), counted, y, side)


def _linked(link: Link, counted: str, y: float, side: _Side) -> str:
    """Return words that lead somewhere; the list beside the drawing has the same links for the keyboard."""
    text = cut(link.phrase.text, ROOM - 10 * len(counted))
    words = said(text + counted, side.spine + side.sign * INDENT, y + 5, side.anchor)
    whole = f"<title>{escape(link.phrase.text)}</title>"
    return f'<a href="{escape(side.origin + (link.href or ""))}" tabindex="-1">{whole}{words}</a>'


def _box(middle: Phrase, height: float) -> str:
    x, y, tall = WIDTH / 2 - HALF, height / 2 - 24, 48
    box = f'<rect x="{x:g}" y="{y:g}" width="{2 * HALF:g}" height="{tall}" rx="10" fill="{SHADES[0]}"/>'
    text = cut(middle.text, 2 * HALF - 20, 16)
    name = said(text, WIDTH / 2, height / 2 + 6, "middle", 16, fill="#fff", font_weight="600")
    return f"{box}{name}"
