"""Products by their names: a brand or a model in Latin letters in a Chinese sentence, or the name of a table's row."""

import re
from functools import lru_cache

from kg.extraction.marks import marks_of
from kg.extraction.numbers.context import Context
from kg.lexicon import Lexicon
from kg.model import Span
from kg.reading.blocks import Document
from kg.reading.folding import HAN, compact
from kg.units import CODE
from kg.vocabulary import Vocabulary

# A brand with a capital inside, or a word or an abbreviation with a model's number behind it.
_NAME = re.compile(
    r"(?<![A-Za-z0-9-])(?:[A-Za-z][a-z]+[A-Z][A-Za-z]*|[A-Z]{2,}-\d{2,}\w*|[A-Z][a-z]{3,} (?!(?:19|20)\d\d)\d{3,})"
    r"(?![A-Za-z0-9.-])"
)
_HAN = re.compile(rf"[{HAN}]")
_CELL = 40  # characters of a cell that names what its row is about


class Products:
    """The words that make a name an object, gathered from a vocabulary once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather them."""
        self._vocabulary = vocabulary
        self._verbs = Lexicon([vocabulary.concept(f"{CODE}cue-{name}") for name in ("governing", "thing-by")])

    def named(self, context: Context) -> tuple[int, int] | None:
        """Return the stretch of a product's name before a number of a Chinese sentence."""
        segment = context.segment
        first, last = (segment.place(i, i + 1).start for i in (context.sentence[0], context.quantity.first))
        text = segment.report.text
        if not _HAN.search(text, first, last):
            return None
        for match in _NAME.finditer(text, first, last):
            start, end = (segment.folded.at(i - segment.cell.span.start) for i in match.span())
            if not self._verbs.before(segment.text, start) and not any(context.found("Company", (start, end))):
                return start, end
        return None

    def of_row(self, context: Context, document: Document) -> Span | None:
        """Return the cell that names the product of a number's row, where the column is headed "product"."""
        block, cell = context.segment.block, context.segment.cell
        name, header = (next(iter(row), None) for row in (block.cells, block.header))
        if name is None or header is None or name.end > cell.span.start or name.end - name.start > _CELL:
            return None
        return name if marks_of(compact(document.text(header)), self._vocabulary).of("item") else None


@lru_cache(maxsize=4)
def products(vocabulary: Vocabulary) -> Products:
    """Return the words around products of a vocabulary, gathered once."""
    return Products(vocabulary)
