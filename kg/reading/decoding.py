"""From the bytes of a file to its text."""

import re
from pathlib import Path

from charset_normalizer import from_bytes

from kg.errors import ReadingError

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)


def decode(data: bytes, name: str = "the text") -> str:
    r"""Decode a report's bytes: UTF-8 where they are UTF-8, else the encoding that fits best.

    Line ends stay as they are, since offsets count them.

    :raises ReadingError: if the bytes are no text.

    >>> decode("碳\r\n".encode())
    '碳\r\n'
    >>> decode("综合能耗下降，数据中心电能利用效率".encode("gb18030"))
    '综合能耗下降，数据中心电能利用效率'
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        best = from_bytes(data).best()
        if best is None:
            raise ReadingError(f"{name}: neither UTF-8 nor another text encoding; save it as UTF-8 text") from None
        text = str(best)
    if "\x00" in text:
        raise ReadingError(f"{name}: holds NUL characters, so it is no plain text; export the report as text first")
    if not text.strip():
        raise ReadingError(f"{name}: is empty; a report needs text")
    return text


def decode_markup(data: bytes, name: str) -> str:
    """Return the text of an HTML file: in the encoding that it names, else in the one that fits best.

    >>> decode_markup('<meta charset="gb2312">碳达峰'.encode("gbk"), "a.html")
    '<meta charset="gb2312">碳达峰'
    """
    said = _CHARSET.search(data[:4096])
    if said and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        named = said[1].decode("ascii").lower()
        try:
            return data.decode("gb18030" if named in ("gb2312", "gbk") else named)
        except (UnicodeDecodeError, LookupError):
            pass
    return decode(data, name)


def read_text(path: Path) -> str:
    """Return the text of a file.

    :raises ReadingError: if the file is missing, unreadable or no text.
    """
    try:
        return decode(path.read_bytes(), str(path))
    except OSError as error:
        raise ReadingError(f"{path}: cannot be read ({error.strerror})") from error
