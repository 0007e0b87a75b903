"""DOCX: paragraphs with their styles, lists, tables and notes, read from the parts of the package as they stream by.

A package is a zip file of XML. Nothing is unpacked to disk, names in it are only looked up, no DTD is accepted, and no
tree is kept.
"""

import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from xml.parsers import expat

from kg.errors import FileTooLarge, KgError, ReadingError
from kg.importing.forms import DAMAGED
from kg.importing.imported import Limits
from kg.importing.sheet import Sheet
from kg.importing.word_paragraphs import Body
from kg.importing.word_styles import Numbering, Styles

DOCUMENT = "word/document.xml"
NOTES = ("word/footnotes.xml", "word/endnotes.xml")
UNPACKED = 8  # times the size that a file may have: XML shrinks to a tenth, a bomb to a thousandth
MEMBERS = 10_000
DEEPEST = 400  # elements in elements; Word's own files have about 40
CHUNK = 1 << 16

Attributes = dict[str, str]
Begin = Callable[[str, Attributes], None]


def read_docx(data: bytes, sheet: Sheet, limits: Limits) -> None:
    """Write a DOCX file's text on a sheet.

    :raises ReadingError: if it is no such file, or damaged.
    :raises FileTooLarge: if it unpacks to more than is allowed.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            _Package(package, limits).read(sheet)
    except KgError:
        raise  # it is a ValueError too
    except DAMAGED as error:
        raise ReadingError(f"is a damaged or protected package ({error}); save it again as .docx") from error


class _Package:
    """The parts of one file."""

    def __init__(self, package: zipfile.ZipFile, limits: Limits) -> None:
        self._package = package
        self._left = UNPACKED * limits.size
        if len(package.namelist()) > MEMBERS:
            raise FileTooLarge(f"it is a package of more than {MEMBERS:,} files; save it again as .docx")

    def read(self, sheet: Sheet) -> None:
        """Write the text of the document and its notes."""
        styles, numbering = Styles(), Numbering()
        self._parse("word/styles.xml", styles)
        self._parse("word/numbering.xml", numbering)
        core = _Core()
        self._parse("docProps/core.xml", core)
        sheet.title = "".join(core.title).strip()
        self._parse(DOCUMENT, Body(sheet, styles, numbering))
        for part in NOTES:
            self._parse(part, Body(sheet, styles, numbering, notes=True))

    def _parse(self, part: str, reader: "Body | Styles | Numbering | _Core") -> None:
        if part not in self._package.namelist():
            if part == DOCUMENT:
                raise ReadingError(f"has no {DOCUMENT}, so it is no Word document; save it again as .docx")
            return
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        depth = 0

        def begin(name: str, attributes: Attributes) -> None:
            nonlocal depth
            depth += 1
            if depth > DEEPEST:
                raise FileTooLarge(f"{part} nests elements more than {DEEPEST} deep; save it again as .docx")
            reader.begin(_local(name), {_local(key): value for key, value in attributes.items()})

        def end(name: str) -> None:
            nonlocal depth
            depth -= 1
            reader.end(_local(name))

        parser.StartElementHandler, parser.EndElementHandler = begin, end
        parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = reader.words, _refuse_doctype
        try:
            for chunk in self._chunks(part):
                parser.Parse(chunk)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise ReadingError(f"has a broken {part} ({error}); save it again as .docx") from error

    def _chunks(self, part: str) -> Iterator[bytes]:
        with self._package.open(part) as stream:
            while chunk := stream.read(CHUNK):
                self._left -= len(chunk)
                if self._left < 0:
                    most = f"{UNPACKED} times TANTU_FILE_SIZE"
                    raise FileTooLarge(
                        f"{part} unpacks to more than {most}; it may be a bomb, else raise TANTU_FILE_SIZE"
                    )
                yield chunk


class _Core:
    """The properties of a document: its title."""

    def __init__(self) -> None:
        self.title: list[str] = []
        self._inside = False

    def begin(self, name: str, attributes: Attributes) -> None:
        self._inside = name == "title"

    def end(self, name: str) -> None:
        self._inside = False

    def words(self, words: str) -> None:
        if self._inside:
            self.title.append(words)


def _local(name: str) -> str:
    """Return a name without its namespace: there are two for each, of the transitional and of the strict form."""
    return name.rpartition(" ")[2]


def _refuse_doctype(*given: object) -> None:
    raise ReadingError("has a DTD, which no Word document needs and bombs are made with; save it again as .docx")
