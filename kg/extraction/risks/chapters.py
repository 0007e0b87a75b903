"""Where a report speaks of risks at all, and where of the climate's."""

import re
from collections.abc import Iterator, Sequence

from kg.extraction.risks.found import MARKS
from kg.extraction.risks.words import RiskWords
from kg.reading.blocks import Block, Document

CONTEXT = 12  # blocks before a block that may say that climate risks are spoken of
HEAD = 40  # characters at the start of a block that may name a risk
CARD = 1200  # characters of a block that may be the card of one risk, a field a line
_SHORT = re.compile(r"^(?:[^:\uff1a\n]{1,24}[:\uff1a])?[ \t]*([^\s:\uff1a][^:\uff1a\n]{3,40})$", re.MULTILINE)

Chapters = Sequence[tuple[Block, bool | None]]


def chapters(document: Document, words: RiskWords) -> Iterator[tuple[Block, bool | None]]:
    """Yield each block with whether the climate's risks are spoken of, None where no risk is spoken of at all."""
    heads = {span.start: span for block in document.blocks for span in block.headings}
    risky = {start for start, span in heads.items() if words.kinds(document.text(span))}
    climate = {start for start in risky if words.is_climate(document.text(heads[start]))}
    last = spoken = paired = -CONTEXT - 1
    i = 0
    for block in document.blocks:
        text = "" if block.kind == "row" else document.text(block.span)
        i += block.kind != "row"  # a table is one thing, however many rows it has
        above = {span.start for span in block.headings}
        close = not climate.isdisjoint(above) or i - last <= CONTEXT
        kinds = words.kinds(text)
        if kinds:  # without these words there is no climate risk either
            bare = text[marks.end() if (marks := MARKS.match(text)) else 0 :]
            if words.is_climate(text) or words.is_physical(bare):
                last, close = i, True
            elif words.kinds(text[:HEAD]):
                spoken = i
        if _is_sorted(document, words, block):
            last, close = i, True
        headed = not risky.isdisjoint(above)
        close = close or (headed and words.is_about_climate(text))
        if len(text) <= 2 * HEAD and len(kinds) > 1:
            paired = i  # a title with both: the TCFD's pair
        close = close or (i - paired <= CONTEXT and words.is_green(text))
        around = close or headed or i - max(spoken, paired) <= CONTEXT
        yield block, close if around else None


def _is_sorted(document: Document, words: RiskWords, block: Block) -> bool:
    """Say whether a row or a line of a card gives a group with a category: only the climate's risks have such."""
    if block.kind == "row":
        first = block.cells[0] if block.cells else None
        return first is not None and first.end - first.start <= HEAD and words.names_both(document.text(first))
    if block.span.end - block.span.start > CARD:
        return False
    return any(words.names_both(line[1].strip()) for line in _SHORT.finditer(document.text(block.span)))
