"""Lists with a member a block: items, short lines, headings under one heading, what leads its paragraph, rows."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from kg.model import Span
from kg.reading.blocks import Block, Document
from search.answering.members import FEWEST, LONGEST, Enumeration, clean

BEFORE = 120  # characters before a list that say what it lists
REACH = 30  # blocks before and after a passage that may belong to its list
LEAD = 24  # characters of the words that lead a paragraph
_ENDED = re.compile("[\u3002\uff0c,;\uff1b]|[\uff1a:]$")
_LEAD = re.compile(rf"^[^\u3002\uff1a:\uff0c,;\uff1b\n]{{2,{LEAD}}}(?=[\u3002\uff1a:])")
_BOLD = re.compile(rf"^\W{{0,3}}\*\*([^*\n]{{2,{LEAD}}})\*\*")
_NUMBER = re.compile(r"0?(\d{1,2})[ .\u3001](?=\D)")
_SPACES = re.compile(r"\s*\n\s*")
_MARK = re.compile(r"^[^\w\u201c\u300c\u300a\"(\uff08]*")  # of a heading that looks otherwise than a plain line


class Members:
    """What the blocks of a document are as members of lists; each is looked at once, however many lists are read.

    A passage's lists may reach thirty blocks to either side, so each block is asked for some twenty times.
    """

    def __init__(self, document: Document) -> None:
        """Take a document."""
        self.document = document
        self._found: dict[tuple[int, str], str | None] = {}

    def at(self, i: int, kind: str) -> str | None:
        """Return what a block is as a member of a list of a kind, None where it is none."""
        if (i, kind) not in self._found:
            self._found[i, kind] = _member(self.document, self.document.blocks[i], kind)
        return self._found[i, kind]


def of_blocks(members: Members, within: Span) -> Iterator[Enumeration]:
    """Yield the lists that have a member a block and touch a span."""
    document, blocks = members.document, members.document.blocks
    touched = [i for i, block in enumerate(blocks) if block.span.overlaps(within)]
    if not touched:
        return
    first, last = max(0, touched[0] - REACH), min(len(blocks), touched[-1] + REACH)
    for kind in ("item", "bold", "heading", "line"):
        for run in _runs(members, kind, range(first, last)):
            for over, part in (("", run), *_numbered(run), *_under_members(run)):
                if len(part) >= FEWEST and any(i in touched for i, _ in part):
                    names = [member for _, member in part]
                    yield _enumeration(document, kind, [blocks[i] for i, _ in part], names, over)
    for part in _titles(members, range(first, last)):
        if len(part) >= FEWEST and any(i in touched or i + 1 in touched for i, _ in part):
            yield _enumeration(document, "title", [blocks[i] for i, _ in part], [member for _, member in part])
    for part in _alike(members, range(first, last)):
        if any(i in touched for i, _ in part):
            yield _enumeration(document, "line", [blocks[i] for i, _ in part], [member for _, member in part])
    for i in touched:
        spaced = _spaced(document, blocks[i])
        if len(spaced) >= FEWEST:
            yield _enumeration(document, "spaced", [blocks[i]], spaced)
    yield from _columns(document, [blocks[i] for i in touched])


def _runs(members: Members, kind: str, within: range) -> Iterator[list[tuple[int, str]]]:
    """Yield members of a kind that stand under the same headings and as far from each other: none or one between."""
    run: list[tuple[int, str]] = []
    for i in within:
        member = members.at(i, kind)
        if member is None:
            continue
        if run and not _goes_on(members.document, run, i):
            yield run
            run = run[-1:] if _follows(members.document, run[-1][0], i) else []
        run.append((i, member))
    yield run


def _titles(members: Members, within: range) -> Iterator[list[tuple[int, str]]]:
    """Yield short lines and headings that take turns with paragraphs, whatever stands above them.

    Where such titles follow a heading of another look, it is no longer sure which of them are headings.
    """
    document, run = members.document, list[tuple[int, str]]()
    for i in within:
        title = members.at(i, "heading") or members.at(i, "line")
        marks = _MARK.match(document.text(document.blocks[i].span))
        if title is None or (marks and marks.group().strip()):
            continue
        if run and i - run[-1][0] != 2:
            yield run
            run = []
        run.append((i, title))
    yield run


def _alike(members: Members, within: range) -> Iterator[list[tuple[int, str]]]:
    """Yield the lines under the same headings that begin with the same character, whatever stands between."""
    found: dict[tuple[tuple[Span, ...], str], list[tuple[int, str]]] = defaultdict(list)
    for i in within:
        member = members.at(i, "heading") or members.at(i, "line")
        if member:
            found[_above(members.document.blocks[i]), member[:1]].append((i, member))
    yield from (part for part in found.values() if len(part) >= FEWEST)


def _spaced(document: Document, block: Block) -> list[str]:
    """Return the words of a line of a figure that stand apart and have no punctuation between them."""
    text = document.text(block.span)
    if block.kind not in ("paragraph", "figure") or re.search("[\u3002\uff0c,;:\uff1a\n]", text):
        return []
    words = text.split()
    return words if all(2 <= len(word) <= 12 and not word.isascii() for word in words) else []


def _numbered(run: Sequence[tuple[int, str]]) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Yield what of a run is numbered from one on ("01 Operation", "02 Supply chain"), without the numbers."""
    part: list[tuple[int, str]] = []
    for i, member in run:
        number = _NUMBER.match(member)
        if number and int(number.group(1)) == len(part) + 1:
            part.append((i, member[number.end() :]))
        elif part:
            break
    yield "", part


def _under_members(run: Sequence[tuple[int, str]]) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Yield members that begin alike ("in Hebei ...", "in Guangxi ..."), then what stands under each, with its name."""
    begun = Counter(member[0] for _, member in run)
    first, times = begun.most_common(1)[0] if begun else ("", 0)
    if times < FEWEST - 1:
        return
    tops = [at for at, (_, member) in enumerate(run) if member[0] == first]
    yield "", [run[at] for at in tops]
    for here, there in pairwise([*tops, len(run)]):
        yield run[here][1], list(run[here + 1 : there])


def _goes_on(document: Document, run: Sequence[tuple[int, str]], i: int) -> bool:
    gaps = {later - earlier for (earlier, _), (later, _) in pairwise(run)}
    return _follows(document, run[-1][0], i) and (not gaps or gaps == {i - run[-1][0]})


def _follows(document: Document, earlier: int, later: int) -> bool:
    """Say whether two blocks are near, and stand under the same headings."""
    blocks = document.blocks
    return later - earlier <= 2 and _above(blocks[earlier]) == _above(blocks[later])


def _above(block: Block) -> tuple[Span, ...]:
    """Return the headings above a block, itself left out."""
    return tuple(heading for heading in block.headings if heading != block.span)


def _enumeration(
    document: Document, kind: str, blocks: Sequence[Block], members: Sequence[str], over: str = ""
) -> Enumeration:
    above = " ".join([*(document.text(heading) for heading in _above(blocks[0])[-2:]), over])
    start = blocks[0].span.start
    before = document.report.text[max(0, start - BEFORE) : start]
    place = Span(start, max(start + 1, min(blocks[-1].span.end, start + 800)))
    whole = tuple(dict.fromkeys(members))
    around = f"{above} {before} {' '.join(members)}"
    return Enumeration(whole, around, kind in ("item", "bold"), place, before, "", above, kind)


def _member(document: Document, block: Block, kind: str) -> str | None:
    """Return what a block is as a member of a list of a kind, None where it is none."""
    text = document.text(block.span)
    words = clean(_SPACES.sub(" ", text))
    if kind == "bold":
        bold = _BOLD.match(text)
        return clean(bold.group(1).rstrip("\uff1a: ")) if bold and len(words) > len(bold.group(1)) + 2 else None
    if kind == "item":
        lead = _LEAD.match(words)
        return (lead.group() if lead and len(words) > LONGEST else words or None) if block.kind == "item" else None
    if kind == "heading":
        return words if block.kind == "heading" and 2 < len(words) <= LONGEST else None
    short = 3 < len(words) <= LEAD and not _ENDED.search(words)
    return words if block.kind == "paragraph" and short else None


def _columns(document: Document, blocks: Sequence[Block]) -> Iterator[Enumeration]:
    """Yield the columns of a table that hold names, and its rows, each after the cell that says what they are."""
    rows = [block for block in blocks if block.kind == "row" and block.cells]
    for row in rows:
        named, *cells = [document.text(cell) if cell else "" for cell in row.cells]
        yield from _cells(document, [row], named, cells, "row")
    rows = [row for row in rows if not row.is_header]
    if len(rows) < FEWEST:
        return
    for column in range(min(len(row.cells) for row in rows)):
        cells = [document.text(cell) for row in rows if (cell := row.cells[column])]
        head = rows[0].header[column] if len(rows[0].header) > column else None
        yield from _cells(document, rows, document.text(head) if head else "", cells, "column")


def _cells(
    document: Document, rows: Sequence[Block], named: str, cells: Sequence[str], kind: str
) -> Iterator[Enumeration]:
    """Yield cells that hold names, below or beside the one that names them all."""
    members = tuple(dict.fromkeys(member for cell in cells if 1 < len(member := clean(cell)) <= LONGEST))
    if len(members) >= FEWEST:
        above = " ".join(document.text(heading) for heading in rows[0].headings[-2:])
        place = Span(rows[0].span.start, rows[0].span.end)
        yield Enumeration(members, f"{above} {named} {' '.join(members)}", False, place, named, "", above, kind)
