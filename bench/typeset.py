"""The same report as HTML, Markdown, DOCX and PDF, written from its blocks: what people would have in hand."""

import re
import subprocess
import zipfile
from collections.abc import Iterator, Sequence
from html import escape
from io import BytesIO
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape as xml

from bench.paper import HEIGHT, WIDTH, Sheet, advance, pdf
from kg.model import Report
from kg.reading import tables
from kg.reading.blocks import Block, read_blocks
from kg.reading.sections import headings

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_POINT = re.compile(r"<li|[*•·●◆]")
_MARK = re.compile(r"\s*(?:#+|[-*+•·●◆])\s+")
_BREAKABLE = re.compile(r"[\u2e80-\uffef][，。、；：！？）》”’%,.;:!?)]*|[^\s\u2e80-\uffef]+|\s+")
STYLES = {  # of pages that Chromium prints
    "ruled": "p{color:black}td{border:1px solid;padding:3px}table{border-collapse:collapse;margin:1em 0}",
    "two columns": "p{color:black}body{column-count:2;column-gap:24pt;text-align:justify;font-size:9pt}"
    "td{border:1px solid;padding:3px}"
    "table{border-collapse:collapse;margin:1em 0}",
    "rules below rows": "p{color:black}tr{border-bottom:1px solid}td{padding:4px 6px}"
    "table{border-collapse:collapse;margin:1em 0}",
    "no rules": "p{color:black}td{padding:4px 8px}table{margin:1em 0}",
}
SIZES = (20, 18, 16, 14.5, 13, 11.5)  # of headings, in points
NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

Part = tuple[str, object]  # heading, paragraph or item with its words, or table with its rows


def parts(report: Report) -> Iterator[Part]:
    """Yield what a report consists of, marks and tags aside."""
    document = read_blocks(report)
    levels = {heading.span.start: heading.level for heading in headings(report.text)}
    ranks = {level: min(rank, 6) for rank, level in enumerate(sorted(set(levels.values())), 1)}
    for key, group in groupby(document.blocks, key=lambda block: block.header if block.kind == "row" else None):
        blocks = list(group)
        if key is not None:
            yield "table", [_cells(report.text, block) for block in blocks]
            continue
        for block in blocks:
            words = _TAG.sub(" ", document.text(block.span)).replace("**", "")
            at = next((start for start in range(block.span.start, block.span.end) if start in levels), -1)
            kind = f"heading{ranks[levels[at]]}" if block.kind == "heading" else block.kind
            yield kind, _MARK.sub("", words, count=1) if kind != "paragraph" else words


def _cells(text: str, block: Block) -> list[list[str]]:
    """Return the cells of a row, each as its points; what a cell took over from above is left out."""
    cells = []
    for cell in block.cells:
        inside = cell and block.span.start <= cell.start and cell.end <= block.span.end
        points = tables.points(text, cell) if cell and inside else ()
        words = [_TAG.sub(" ", point.of(text)) for point in points]
        cells.append(words if cell and _POINT.search(cell.of(text)) else [" ".join(words)] if words else [])
    return cells


def html(report: Report) -> bytes:
    """Return a report as a page of HTML."""
    body = []
    for kind, content in parts(report):
        if kind == "table":
            body.append("<table>" + "".join(map(_html_row, content)) + "</table>")  # type: ignore[arg-type]
        else:
            tag = kind.replace("heading", "h") if kind.startswith("heading") else "li" if kind == "item" else "p"
            lines = escape(str(content)).replace("\n", "<br>" if kind == "figure" else "\n")
            body.append(f"<{tag}>{lines}</{tag}>")
    items = re.sub(r"((?:<li>.*?</li>\n?)+)", r"<ul>\1</ul>", "\n".join(body), flags=re.DOTALL)
    head = "<meta charset='utf-8'><title>Report</title><style>p{color:red}</style><script>var a='<p>25%</p>'</script>"
    return f"<!DOCTYPE html><html><head>{head}</head><body><nav>Home 2019</nav>{items}</body></html>".encode()


def printed(report: Report, style: str, chromium: str) -> bytes:
    """Return a report as Chromium prints its page of HTML, in one of ``STYLES``."""
    page = html(report).decode().replace("<nav>Home 2019</nav>", "")
    with TemporaryDirectory() as folder:
        source, target = Path(folder, "page.html"), Path(folder, "page.pdf")
        source.write_text(page.replace("</head>", f"<style>{STYLES[style]}</style></head>"), "utf-8")
        command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={target}", source.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return target.read_bytes()


def _html_row(row: list[list[str]]) -> str:
    cells = ["".join(f"<li>{escape(p)}</li>" for p in cell) if len(cell) > 1 else escape("".join(cell)) for cell in row]
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def markdown(report: Report) -> bytes:
    """Return a report as Markdown."""
    body = []
    for kind, content in parts(report):
        if kind == "table":
            rows = [[" • ".join(cell).replace("\n", " ") for cell in row] for row in content]  # type: ignore[attr-defined]
            width = max(map(len, rows))
            lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
            body.append("\n".join([lines[0], "|" + "---|" * width, *lines[1:]]))
        else:
            mark = f"{'#' * int(kind[7:])} " if kind.startswith("heading") else "- " if kind == "item" else ""
            body.append(mark + re.sub(r"\n\s*", "\n", str(content)).replace("<", "&lt;"))
    return "\n\n".join(body).encode()


def docx(report: Report) -> bytes:
    """Return a report as a DOCX file."""
    body = []
    for kind, content in parts(report):
        if kind == "table":
            rows = (
                "".join(f"<w:tc>{''.join(_p(p) for p in cell) or _p('')}</w:tc>" for cell in row) for row in content
            )  # type: ignore[attr-defined]
            body.append("<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>")
        elif kind == "figure":
            body += [_p(line) for line in str(content).split("\n") if line.strip()]
        else:
            words = re.sub(r"\s*\n\s*", "" if report.language != "en" else " ", str(content))
            style = f'<w:pStyle w:val="{kind}"/>' if kind.startswith("heading") else ""
            body.append(_p(words, '<w:numPr><w:numId w:val="1"/></w:numPr>' if kind == "item" else style))
    return package("".join(body))


def _p(words: str, properties: str = "") -> str:
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{xml(words)}</w:t></w:r></w:p>'


def package(body: str, **parts: str) -> bytes:
    """Return a DOCX file of a body, with other parts of the package by name."""
    names = ((f"heading{level}", f"heading {level}") for level in range(1, 7))
    styles = "".join(f'<w:style w:styleId="{id}"><w:name w:val="{name}"/></w:style>' for id, name in names)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("word/document.xml", f'<w:document xmlns:w="{NS}"><w:body>{body}</w:body></w:document>')
        made.writestr("word/styles.xml", f'<w:styles xmlns:w="{NS}">{styles}</w:styles>')
        for name, content in parts.items():
            made.writestr(f"word/{name}.xml", content)
    return out.getvalue()


class Typesetter:
    """Sets a report in columns on pages with a running header and page numbers."""

    def __init__(self, columns: int) -> None:
        self.gutter, self.margin = 24.0, 60.0
        self.columns = columns
        self.width = (WIDTH - 2 * self.margin - (columns - 1) * self.gutter) / columns
        self.pages: list[Sheet] = []
        self.new_page()

    def new_page(self) -> None:
        self.pages.append(Sheet())
        self.pages[-1].text(self.margin, 36, "年度报告 Annual report", 8)
        self.pages[-1].text(WIDTH / 2, HEIGHT - 30, str(len(self.pages)), 8)
        self.column, self.y = 0, 80.0

    @property
    def left(self) -> float:
        return self.margin + self.column * (self.width + self.gutter)

    def room(self, height: float) -> None:
        """Go to the next column or page where there is no room."""
        if self.y + height > HEIGHT - 60:
            self.column += 1
            self.y = 80.0
            if self.column == self.columns:
                self.new_page()

    def block(self, words: str, size: float = 10.0, bold: bool = False, after: float = 10.0) -> None:
        for line in wrapped(words, self.width, size):
            self.room(size * 1.5)
            self.pages[-1].text(self.left, self.y + size, line, size, bold)
            self.y += size * 1.5
        self.y += after

    def table(self, rows: Sequence[Sequence[Sequence[str]]]) -> None:
        count = max(map(len, rows))
        lengths = [max([4, *(len("".join(row[i])) for row in rows if i < len(row))]) ** 0.5 for i in range(count)]
        widths = [self.width * length / sum(lengths) for length in lengths]
        edges = [sum(widths[:i]) for i in range(count + 1)]
        for row in rows:
            cells = [
                [
                    line
                    for point in (row[i] if i < len(row) else [])
                    for line in wrapped(("• " if len(row[i]) > 1 else "") + point, widths[i] - 8, 9)
                ]
                for i in range(count)
            ]
            height = max(1, *map(len, cells)) * 12.0 + 8
            self.room(height)
            sheet, top = self.pages[-1], self.y
            for i, lines in enumerate(cells):
                for number, line in enumerate(lines):
                    sheet.text(self.left + edges[i] + 4, top + 12 + 12 * number, line, 9)
            for edge in edges:
                sheet.rule(self.left + edge, top, self.left + edge, top + height)
            for y in (top, top + height):
                sheet.rule(self.left, y, self.left + edges[-1], y)
            self.y += height
        self.y += 14


def wrapped(words: str, width: float, size: float) -> list[str]:
    """Break words into lines of a width: between Han characters and at blanks."""
    lines, line = [], ""
    for token in _BREAKABLE.findall(" ".join(words.split())):
        if line and advance(line + token.rstrip(), size) > width:
            lines.append(line.rstrip())
            line = token.lstrip()
        else:
            line += token
    return [*lines, line.rstrip()] if line.strip() else lines


def paper(report: Report, columns: int = 1) -> bytes:
    """Return a report as a PDF of one or two columns."""
    setter = Typesetter(columns)
    for kind, content in parts(report):
        if kind == "table":
            setter.table(content)  # type: ignore[arg-type]
        elif kind == "figure":
            for line in filter(str.strip, str(content).split("\n")):
                setter.block(line, 12, True, 4)
        else:
            words = re.sub(r"\s*\n\s*", "" if report.language != "en" else " ", str(content))
            if kind.startswith("heading"):
                setter.block(words, SIZES[int(kind[7:]) - 1], True)
            else:
                setter.block(("• " if kind == "item" else "") + words)
    return pdf(setter.pages, "Report")
