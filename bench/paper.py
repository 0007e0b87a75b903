"""A small writer of PDF files for tests and benchmarks: text at places, rules, pages; any character of the BMP."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field

WIDTH, HEIGHT = 595.0, 842.0  # A4 in points
TO_UNICODE = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
{ranges}
endcmap CMapName currentdict /CMap defineresource pop end end"""


def advance(words: str, size: float) -> float:
    """How wide words are: Latin characters take half of the size, others all of it."""
    return sum(size / 2 if character < "\u2e80" else size for character in words)


@dataclass
class Sheet:
    """One page: drawing operators in order; y counts from the top."""

    width: float = WIDTH
    height: float = HEIGHT
    operators: list[str] = field(default_factory=list)
    rotate: int = 0

    def text(self, x: float, y: float, words: str, size: float = 10.0, bold: bool = False) -> None:
        """Write words whose baseline is y."""
        padded = words + " " * (
            len(words) == 1
        )  # PDFium leaves out a text that has no width, as of a font without glyphs
        code = padded.encode("utf-16-be").hex()
        font = "B" if bold else "F"
        self.operators.append(f"BT /{font} {size:g} Tf {x:.2f} {self.height - y:.2f} Td <{code}> Tj ET")

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a line."""
        self.operators.append(f"0.5 w {x0:.2f} {self.height - y0:.2f} m {x1:.2f} {self.height - y1:.2f} l S")


def pdf(pages: Iterable[Sheet], title: str = "", named: bool = True, trailer: str = "") -> bytes:
    """Return a file; ``named`` says whether its fonts tell which characters they draw."""
    sheets = list(pages)
    objects: list[bytes] = []

    def add(content: str | bytes, stream: bytes | None = None) -> int:
        body = content.encode() if isinstance(content, str) else content
        if stream is not None:
            packed = zlib.compress(stream)
            body = (
                b"<< " + body + b" /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed) + packed + b"\nendstream"
            )
        objects.append(body)
        return len(objects)

    ranges = "\n".join(
        f"{min(100, 256 - first)} beginbfrange\n"
        + "\n".join(f"<{high:02x}00> <{high:02x}ff> <{high:02x}00>" for high in range(first, min(first + 100, 256)))
        + "\nendbfrange"
        for first in range(0, 256, 100)
    )
    catalogue, tree = add(""), add("")
    told = add("", TO_UNICODE.format(ranges=ranges).encode()) if named else 0
    fonts = [_font(add, told, name, weight) for name, weight in (("Plain", 400), ("Heavy-Bold", 700))]
    numbers = []
    for sheet in sheets:
        content = add("", "\n".join(sheet.operators).encode())
        numbers.append(
            add(
                f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {sheet.width:g} {sheet.height:g}]"
                f" /Rotate {sheet.rotate} /Contents {content} 0 R"
                f" /Resources << /Font << /F {fonts[0]} 0 R /B {fonts[1]} 0 R >> >> >>"
            )
        )
    info = add(b"<< /Title <feff" + title.encode("utf-16-be").hex().encode() + b"> >>")
    objects[catalogue - 1] = f"<< /Type /Catalog /Pages {tree} 0 R >>".encode()
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects[tree - 1] = f"<< /Type /Pages /Kids [{kids}] /Count {len(numbers)} >>".encode()
    return _file(objects, catalogue, info, trailer)


def _font(add, told: int, name: str, weight: int) -> int:
    flags, stem = (4, 80) if weight < 600 else (262148, 200)
    descriptor = add(
        f"<< /Type /FontDescriptor /FontName /{name} /Flags {flags} /FontBBox [0 -200 1000 900] /ItalicAngle 0"
        f" /Ascent 880 /Descent -120 /CapHeight 700 /StemV {stem} /FontWeight {weight} >>"
    )
    wide = "0 11903 500"
    child = add(
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDSystemInfo << /Registry (Adobe)"
        f" /Ordering (Identity) /Supplement 0 >> /FontDescriptor {descriptor} 0 R /DW 1000 /W [{wide}] >>"
    )
    unicode = f"/ToUnicode {told} 0 R" if told else ""
    return add(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H"
        f" /DescendantFonts [{child} 0 R] {unicode} >>"
    )


def _file(objects: list[bytes], catalogue: int, info: int, trailer: str) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R %s >>\n" % (
        len(objects) + 1,
        catalogue,
        info,
        trailer.encode(),
    )
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)
