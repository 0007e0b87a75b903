"""PDF with a text layer, by PDFium: which characters stand where, and the rules between them."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from kg.errors import FileTooLarge, ReadingError
from kg.importing.imported import Limits
from kg.importing.margins import without_margins
from kg.importing.paper import Box, Page
from kg.importing.pdf_glyphs import glyphs_of, turned
from kg.importing.pdf_rules import rules_of
from kg.importing.runs import runs_of
from kg.importing.setting import write
from kg.importing.sheet import Sheet
from kg.importing.zones import zones

SPARSE = 30  # characters that a page of a report has at least; where most have fewer, the text is a picture
UNKNOWN = 0.3  # share of characters without a name; above, a font does not say what its glyphs are
PAGE_GLYPHS = 200_000  # a page of small print has 10,000
_NAMED = 5  # pages that a warning names


def read_pdf(data: bytes, sheet: Sheet, limits: Limits) -> None:
    """Write the text of a PDF on a sheet.

    :raises ReadingError: if it is damaged, protected, or has no text layer.
    :raises FileTooLarge: if it has more pages or characters than allowed.
    """
    document = _opened(data)
    try:
        if len(document) > limits.pages:
            raise FileTooLarge(f"has {len(document):,} pages; split it, or raise TANTU_FILE_PAGES")
        sheet.title = document.get_metadata_value("Title") or ""
        pages = list(_pages(document, limits))
    finally:
        document.close()
    _check_layer(pages, sheet)
    write([zones(page) for page in without_margins(pages)], sheet)


def _opened(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise ReadingError("is protected by a password; save a copy without one") from error
        raise ReadingError(f"is no PDF that can be opened ({error}); print or save it again as PDF") from error


def _pages(document: pypdfium2.PdfDocument, limits: Limits) -> Iterator[Page]:
    characters = 0
    for number in range(len(document)):
        try:
            page = document[number]
        except pypdfium2.PdfiumError:
            yield Page(number + 1, Box(0, 0, 1, 1), ())
            continue
        layer = page.get_textpage()
        count = layer.count_chars()
        characters += count
        if characters > 2 * limits.characters or count > PAGE_GLYPHS:
            most = f"{limits.characters:,}"
            raise FileTooLarge(f"its text has more than {most} characters; split it, or raise TANTU_FILE_CHARACTERS")
        yield _page(number + 1, page, layer, count)
        layer.close()
        page.close()


def _page(number: int, page: Any, layer: Any, count: int) -> Page:
    """Return a page turned the way in which most of its characters are written."""
    found = list(glyphs_of(layer.raw, count))
    turns = Counter(turn for turn, _ in found).most_common(1)
    turn = turns[0][0] if turns else 0
    left, bottom, right, top = page.get_bbox()
    paper = turned(Box(left, bottom, right, top), turn)
    glyphs = [glyph for at, glyph in found if at == turn and paper.holds(glyph.box)]
    rules = [turned(rule, turn) for rule in rules_of(page.raw)]
    across = tuple(rule for rule in rules if rule.width > rule.height)
    down = tuple(rule for rule in rules if rule.width <= rule.height)
    return Page(number, paper, tuple(runs_of(glyphs, down)), across, down)


def _check_layer(pages: list[Page], sheet: Sheet) -> None:
    """Refuse pictures of text and texts that no font can name; say which pages are such.

    :raises ReadingError: with the reason.
    """
    texts = ["".join(run.words for run in page.runs) for page in pages]
    empty = [page.number for page, text in zip(pages, texts, strict=True) if not text.strip()]
    total = sum(map(len, texts))
    if not total or (len(empty) > len(pages) / 2 and total < SPARSE * len(pages)):
        scanned = f"{len(empty)} of its {len(pages)} pages have no text layer: it was scanned"
        raise ReadingError(f"{scanned}; make one by recognition (OCR, ocrmypdf for example) and add the result")
    if sum(text.count("\ufffd") for text in texts) > UNKNOWN * total:
        raise ReadingError(
            "has fonts that do not name the characters they draw; print it again from its source, or recognise it (OCR)"
        )
    if empty:
        named = ", ".join(map(str, empty[:_NAMED])) + (", ..." if len(empty) > _NAMED else "")
        sheet.warn(f"{len(empty)} pages have no text: {named}")
