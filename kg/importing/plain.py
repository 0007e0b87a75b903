"""Plain text in any encoding, stored as it stands."""

from kg.importing.sheet import Sheet
from kg.reading.decoding import decode


def read_plain(data: bytes, name: str, sheet: Sheet) -> None:
    """Write a text on a sheet, character by character; form feeds begin pages.

    :raises ReadingError: if the bytes are no text.
    """
    sheet.verbatim(decode(data, name))
