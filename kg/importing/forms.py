"""Telling the form of a file from its first bytes, and where they leave it open from its name."""

import re
import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import PurePosixPath

from kg.errors import ReadingError

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML = "text/html"
MARKDOWN = "text/markdown"
PLAIN = "text/plain"

# What the standard library raises on packages that are damaged or of a kind that it does not know.
DAMAGED: tuple[type[Exception], ...] = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, OverflowError)
DAMAGED += (NotImplementedError, RuntimeError, LookupError, ValueError)

_BY_NAME = {"htm": HTML, "html": HTML, "xhtml": HTML, "md": MARKDOWN, "markdown": MARKDOWN, "mdown": MARKDOWN}
_MARKUP = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.DOTALL)
# What other files begin with, and what their owner can do.
_REFUSED = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "is an old or protected Office file; save it as .docx without a password",
    b"{\\rtf": "is RTF; save it as .docx or PDF",
    b"\x89PNG": "is an image; make a PDF with a text layer of it by recognition (OCR)",
    b"\xff\xd8\xff": "is an image; make a PDF with a text layer of it by recognition (OCR)",
    b"GIF8": "is an image; make a PDF with a text layer of it by recognition (OCR)",
    b"II*\x00": "is an image; make a PDF with a text layer of it by recognition (OCR)",
    b"MM\x00*": "is an image; make a PDF with a text layer of it by recognition (OCR)",
    b"\x1f\x8b": "is packed; unpack it and add what is in it",
    b"BZh": "is packed; unpack it and add what is in it",
    b"\xfd7zXZ": "is packed; unpack it and add what is in it",
    b"7z\xbc\xaf": "is packed; unpack it and add what is in it",
    b"Rar!": "is packed; unpack it and add what is in it",
    b"\x7fELF": "is a program and no report",
    b"MZ\x90": "is a program and no report",
}
_PACKAGES = {
    "xl/workbook.xml": "is a spreadsheet; save it as PDF or HTML",
    "ppt/presentation.xml": "is a presentation; save it as PDF",
    "content.xml": "is an OpenDocument file; save it as .docx or PDF",
}
_HEAD = 1024  # bytes before a PDF's signature, which readers allow


def form_of(data: bytes, name: str) -> str:
    """Return the media type of a file.

    :raises ReadingError: if it is of a form that is not read.

    >>> form_of(b"%PDF-1.7", "report.txt"), form_of(b"# Energy", "report.md"), form_of(b"<html><p>", "page")
    ('application/pdf', 'text/markdown', 'text/html')
    """
    if b"%PDF-" in data[:_HEAD]:
        return PDF
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _package(data)
    for signature, reason in _REFUSED.items():
        if data.startswith(signature):
            raise ReadingError(reason)
    ending = PurePosixPath(name.lower()).suffix.removeprefix(".")
    return _BY_NAME.get(ending) or (HTML if ending != "txt" and _MARKUP.match(data[:4096]) else PLAIN)


def _package(data: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            names = set(package.namelist())
    except DAMAGED as error:
        raise ReadingError(f"is a damaged package ({error}); save it again as .docx") from error
    if "word/document.xml" in names:
        return DOCX
    reason = next(
        (why for part, why in _PACKAGES.items() if part in names), "is packed; unpack it and add what is in it"
    )
    raise ReadingError(reason)
