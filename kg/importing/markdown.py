"""Markdown, by way of the HTML that it stands for."""

import re

from markdown_it import MarkdownIt

from kg.importing.hypertext import read_markup
from kg.importing.sheet import Sheet
from kg.reading.decoding import decode

_FRONT = re.compile(r"\s*---[ \t]*\n(.{0,20000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_TITLE = re.compile(r"^title:[ \t]*[\"']?(.+?)[\"']?[ \t]*$", re.MULTILINE)


def read_markdown(data: bytes, name: str, sheet: Sheet) -> None:
    """Write a Markdown file's text on a sheet; its line breaks are kept.

    :raises ReadingError: if the bytes are no text.
    """
    text = decode(data, name).removeprefix("\ufeff").replace("\r\n", "\n")
    front = _FRONT.match(text)
    if front:
        titles = _TITLE.search(front[1])
        sheet.title = titles[1] if titles else ""
        text = text[front.end() :]
    parser = MarkdownIt("commonmark", {"breaks": True}).enable(["table", "strikethrough"])
    read_markup(parser.render(text), sheet)
