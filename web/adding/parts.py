"""The parts of a form with files, written to the disk as they arrive: nothing large is ever in memory."""

from contextlib import suppress
from io import BufferedWriter
from pathlib import Path

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from kg.importing.characters import harmless
from web.failures import RequestError

FIELDS = 20  # fields beside the files
FIELD = 64 << 10  # bytes of a field


class Parts:
    """A form that arrives piece by piece: ``files`` are names with paths in a folder, ``fields`` what stands beside.

    A file of more than ``size`` bytes is cut after one byte more, so that whoever reads it sees that it is too large.
    """

    def __init__(self, content_type: str, folder: Path, most: int, size: int) -> None:
        """Begin a form with at most so many files.

        :raises RequestError: if the content type names no boundary.
        """
        _, options = parse_options_header(content_type)
        if not options.get(b"boundary"):
            raise RequestError(400, "the content type of the form names no boundary")
        self.files: dict[str, str] = {}
        self.fields: dict[str, str] = {}
        self._folder, self._most, self._size = folder, most, size
        self._whole = False
        self._begin()
        self._parser = MultipartParser(
            options[b"boundary"],
            {
                "on_part_begin": self._begin,
                "on_header_field": self._on_header_name,
                "on_header_value": self._on_header_value,
                "on_header_end": self._on_header,
                "on_headers_finished": self._on_headers,
                "on_part_data": self._on_data,
                "on_part_end": self._on_end_of_part,
                "on_end": self._on_end,
            },
        )

    def take(self, piece: bytes) -> None:
        """Take the next bytes.

        :raises RequestError: if they are no form, or it has too many parts.
        :raises OSError: if there is no room for them.
        """
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise RequestError(400, f"the form cannot be read: {error}") from error

    def finish(self) -> None:
        """Take notice that nothing more comes.

        :raises RequestError: if something is missing.
        """
        self.close()
        if not self._whole:
            raise RequestError(400, "the form ends before its end")

    def close(self) -> None:
        """Let go of the file that is being written."""
        if self._file:
            with suppress(OSError):  # a full disk, of which the writing has told
                self._file.close()

    def _begin(self) -> None:
        self._header, self._value, self._disposition = b"", b"", b""
        self._field, self._data = "", bytearray()
        self._file: BufferedWriter | None = None
        self._written = 0

    def _on_header_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header, self._value = b"", b""

    def _on_headers(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._field = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            if len(self.fields) >= FIELDS:
                raise RequestError(413, f"the form has more than {FIELDS} fields")
        elif name := _name(options[b"filename"]):  # none where no file was chosen
            if len(self.files) >= self._most:
                raise RequestError(413, f"there are more than {self._most} files; send them in parts")
            path = self._folder / str(len(self.files))  # the name is only shown
            self.files[unlike(harmless(name), self.files)] = str(path)
            self._file = path.open("wb")

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._file:
            room = self._size + 1 - self._written
            self._written += self._file.write(data[start : min(end, start + room)]) if room > 0 else 0
        elif len(self._data) + end - start > FIELD:
            raise RequestError(413, f"the field {self._field[:40]!r} is longer than {FIELD} bytes")
        else:
            self._data += data[start:end]

    def _on_end_of_part(self) -> None:
        if self._file:
            self._file.close()
            self._file = None
        else:
            self.fields[self._field] = self._data.decode("utf-8", "replace")

    def _on_end(self) -> None:
        self._whole = True


def _name(written: bytes) -> str:
    """Return a file's name as browsers write it: quotes and line ends are escaped, nothing else is."""
    return written.replace(b"%22", b'"').replace(b"%0D", b"").replace(b"%0A", b" ").decode("utf-8", "replace")


def unlike(name: str, names: dict[str, str]) -> str:
    """Return a name that none of the others has.

    >>> unlike("a.pdf", {"a.pdf": "", "a (2).pdf": ""})
    'a (3).pdf'
    """
    if name not in names:
        return name
    path = Path(name)
    return next(new for n in range(2, len(names) + 3) if (new := f"{path.stem} ({n}){path.suffix}") not in names)
