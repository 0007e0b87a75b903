"""Files that want to do harm, read in a confined process: each is refused or read within the limits.

python -m bench.hostile [--files 1000] [--seed 7]

Says how many of each kind were read, refused and stopped at a limit, and the longest time and most memory that
one took.
The limits are small ones (3 s, 512 MiB), so that a file that runs away shows.
"""

import argparse
import gzip
import random
import resource
import sys
import time
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from io import BytesIO

from bench.paper import Sheet, pdf
from bench.typeset import NS, package
from kg.errors import FileTooLarge, KgError
from kg.importing import Imported, Limits
from kg.importing.characters import clean
from kg.importing.confined import read_file_confined

LIMITS = Limits(size=16 << 20, seconds=3.0, memory=512 << 20, pages=500, characters=2_000_000)
GRACE = 5.0  # seconds above the limit in which the process has to be gone
SEED_TEXT = "2023 年，公司综合能耗 774.8 万吨标准煤，同比下降 3.2%。Power use fell by 4%. "

File = tuple[str, bytes]  # a name, which may be hostile too, and the content
KINDS: dict[str, Callable[[random.Random], File]] = {}


def kind(make: Callable[[random.Random], File]) -> Callable[[random.Random], File]:
    KINDS[make.__name__] = make
    return make


def name(dice: random.Random, ending: str) -> str:
    """A name that tries to be a path, a command or something else than it is."""
    stems = (
        "report",
        "../../../etc/passwd",
        "..\\..\\boot",
        "a\x00b",
        "a\nb",
        "\u202egnp.",
        "-rf",
        "$(id)",
        "'; DROP",
        "报告" * 60,
    )
    return f"{dice.choice(stems)}.{ending}"


def html_of(body: str) -> bytes:
    return f"<html><head><meta charset=utf-8></head><body><p>{SEED_TEXT}</p>{body}</body></html>".encode()


# --- plain text and encodings


@kind
def random_bytes(dice: random.Random) -> File:
    return name(dice, dice.choice(("txt", "pdf", "docx", "html", "md", "bin"))), dice.randbytes(
        dice.randint(0, 200_000)
    )


@kind
def wrong_signature(dice: random.Random) -> File:
    head = dice.choice(
        (
            b"%PDF-1.7\n",
            b"PK\x03\x04",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            b"\x89PNG",
            b"{\\rtf1",
            b"\x1f\x8b",
            b"\xff\xfe",
        )
    )
    return name(dice, "txt"), head + dice.randbytes(dice.randint(0, 50_000))


@kind
def nul_and_surrogates(dice: random.Random) -> File:
    parts = [
        SEED_TEXT.encode(),
        b"\x00" * dice.randint(1, 99),
        b"\xed\xa0\x80",
        b"\xff\xfe",
        b"\xf4\x90\x80\x80",
        b"\xc0\x80",
    ]
    dice.shuffle(parts)
    return name(dice, dice.choice(("txt", "html", "md"))), b"".join(parts) * dice.randint(1, 200)


@kind
def direction_tricks(dice: random.Random) -> File:
    marks = "\u202e\u202d\u2066\u2069\u200b\u200d\ufeff\u00ad\u061c\U000e0041\u2028"
    text = "".join(c + dice.choice(marks) * dice.randint(0, 3) for c in SEED_TEXT * dice.randint(1, 100))
    return name(dice, dice.choice(("txt", "html", "md"))), text.encode()


@kind
def combining_flood(dice: random.Random) -> File:
    return name(dice, "txt"), ("a" + "\u0301" * dice.randint(1_000, 300_000) + SEED_TEXT).encode()


@kind
def one_long_line(dice: random.Random) -> File:
    filler = dice.choice(("a", "碳", " ", "\t", "|", "#", "-", "1", "<", "&", "*", "_", "`", "["))
    return name(dice, dice.choice(("txt", "html", "md"))), (
        SEED_TEXT + filler * dice.randint(10_000, 1_500_000)
    ).encode()


@kind
def too_large(dice: random.Random) -> File:
    return name(dice, dice.choice(("txt", "pdf", "html"))), b"%PDF-1.4 " * (LIMITS.size // 9 + dice.randint(1, 1000))


@kind
def too_many_characters(dice: random.Random) -> File:
    return name(dice, dice.choice(("txt", "md", "html"))), (SEED_TEXT * 40_000).encode()[: LIMITS.size - 1]


# --- HTML and Markdown


@kind
def deep_html(dice: random.Random) -> File:
    tag = dice.choice(("div", "b", "ul><li", "table><tr><td", "blockquote", "span", "nav", "p hidden", "sup", "h1"))
    closed = dice.random() < 0.5
    count = dice.randint(1_000, 200_000)
    body = f"<{tag}>" * count + "deep" + (f"</{tag.split('>')[0].split()[0]}>" * count if closed else "")
    return name(dice, "html"), html_of(body)


@kind
def scripts(dice: random.Random) -> File:
    evil = (
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "<iframe src='file:///etc/passwd'>",
    )
    evil += (
        "<a href='javascript:alert(1)'>x</a>",
        "<style>@import 'http://x'</style>",
        "<![CDATA[<script>]]>",
        "<!--",
        "<!DOCTYPE",
        "<?php",
        "</",
        "<![x[",
    )
    body = "".join(dice.choice(evil) + SEED_TEXT for _ in range(dice.randint(1, 500)))
    return name(dice, dice.choice(("html", "md"))), html_of(body)


@kind
def spans(dice: random.Random) -> File:
    number = dice.choice(("10000", "99999999999999999999", "-1", "1e9", "65535"))
    rows = f"<tr><td colspan={number} rowspan={number}>1<td>2</tr>" * dice.randint(1, 3_000)
    return name(dice, "html"), html_of(f"<table>{rows}</table>")


@kind
def wide_table(dice: random.Random) -> File:
    columns = dice.randint(5_000, 20_000)
    if dice.random() < 0.5:
        return name(dice, "html"), html_of(f"<table>{('<tr>' + '<td>1' * columns) * dice.randint(1, 20)}</table>")
    row = "|" + "1|" * columns + "\n"
    return name(dice, "md"), (row + "|" + "-|" * columns + "\n" + row * dice.randint(1, 3)).encode()


@kind
def entities(dice: random.Random) -> File:
    body = dice.choice(
        ("&amp;", "&#x202e;", "&#0;", "&#xD800;", "&#99999999999;", "&", "&nbsp", "&CounterClockwiseContourIntegral;")
    )
    return name(dice, "html"), html_of(body * dice.randint(1_000, 300_000))


@kind
def long_attributes(dice: random.Random) -> File:
    quote = dice.choice(("'", '"', ""))
    return name(dice, "html"), html_of(f"<p title={quote}{'a ' * dice.randint(10_000, 400_000)}>x" * dice.randint(1, 4))


@kind
def deep_markdown(dice: random.Random) -> File:
    mark = dice.choice(
        (
            "> ",
            "- ",
            "  - ",
            "[",
            "![",
            "*",
            "**",
            "`",
            "<",
            "(",
            "_a ",
            "1. ",
            "#",
            "~~",
            "\\",
            "[a](",
            "*a_ ",
            "a**b",
            "[^1]: ",
        )
    )
    return name(dice, "md"), (mark * dice.randint(500, 60_000) + SEED_TEXT).encode()


@kind
def markdown_references(dice: random.Random) -> File:
    count = dice.randint(100, 20_000)
    return name(dice, "md"), ("".join(f"[a{i}]: /x 'y'\n" for i in range(count)) + "[a1][a2]" * count).encode()


# --- XML and packages


@kind
def billion_laughs(dice: random.Random) -> File:
    levels = dice.randint(5, 30)
    entity = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, levels))
    head = dice.choice(
        (
            f'<!DOCTYPE x [<!ENTITY e0 "lol">{entity}]>',
            '<!DOCTYPE x [<!ENTITY e0 SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">',
        )
    )
    text = f'<?xml version="1.0"?>{head}'.encode() + document("<w:p><w:r><w:t>&e0;</w:t></w:r></w:p>")
    return name(dice, "docx"), zipped({"word/document.xml": text})


@kind
def zip_bomb(dice: random.Random) -> File:
    inner = b"<w:p><w:r><w:t>" + b"0" * 1_000_000 + b"</w:t></w:r></w:p>"
    filler = dice.choice((inner, b" " * 1_000_000, b"<w:p/>" * 100_000))
    content = (
        f'<w:document xmlns:w="{NS}"><w:body>'.encode() + filler * dice.randint(20, 400) + b"</w:body></w:document>"
    )
    return name(dice, "docx"), zipped({"word/document.xml": content})


@kind
def nested_zip(dice: random.Random) -> File:
    data = b"x" * 1_000_000
    for level in range(dice.randint(1, 8)):
        data = zipped({f"{level}.zip": data})
    return name(dice, dice.choice(("docx", "zip", "txt"))), data


@kind
def many_members(dice: random.Random) -> File:
    paths = ("../../../tmp/x{}", "/etc/cron.d/{}", "word/{}.xml", "..\\x{}", "con{}")
    pattern = dice.choice(paths)
    files = {pattern.format(i): b"x" for i in range(dice.randint(100, 20_000))}
    return name(dice, "docx"), zipped({**files, "word/document.xml": document("x")})


@kind
def deep_xml(dice: random.Random) -> File:
    tag = dice.choice(("w:sdt", "w:tbl><w:tr><w:tc", "w:p><w:r", "w:x"))
    count = dice.randint(300, 100_000)
    closing = "".join(f"</{part}>" for part in reversed(tag.split("><")))
    return name(dice, "docx"), zipped({"word/document.xml": document(f"<{tag}>" * count + closing * count)})


@kind
def broken_package(dice: random.Random) -> File:
    data = bytearray(package(f"<w:p><w:r><w:t>{SEED_TEXT * 50}</w:t></w:r></w:p>"))
    for _ in range(dice.randint(1, 60)):
        data[dice.randrange(len(data))] = dice.randrange(256)
    return name(dice, "docx"), bytes(data[: dice.randint(len(data) // 2, len(data))] if dice.random() < 0.3 else data)


@kind
def word_spans(dice: random.Random) -> File:
    span = f'<w:gridSpan w:val="{dice.choice(("99999999", "-5", "x", "256"))}"/>'
    cell = f"<w:tc><w:tcPr>{span}</w:tcPr><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>"
    rows = f"<w:tr>{cell * dice.randint(1, 300)}</w:tr>" * dice.randint(1, 40)
    return name(dice, "docx"), zipped({"word/document.xml": document(f"<w:tbl>{rows}</w:tbl>")})


# --- PDF


@kind
def page_bomb(dice: random.Random) -> File:
    count = dice.choice((501, 10_000, 2_000_000_000))
    data = pdf([paper_sheet(dice)])
    return name(dice, "pdf"), data.replace(b"/Count 1", b"/Count %d" % count)


@kind
def page_circle(dice: random.Random) -> File:
    kids = dice.choice(("2 0 R", "2 0 R 2 0 R", "3 0 R", "1 0 R 2 0 R"))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count 5 /Parent 2 0 R >>".encode(),
        b"<< /Type /Pages /Kids [2 0 R] /Count 3 /Parent 2 0 R >>",
    ]
    return name(dice, "pdf"), raw_pdf(objects)


@kind
def stream_bomb(dice: random.Random) -> File:
    operators = dice.choice((b"q ", b"0 0 m 9 9 l S ", b"BT /F 9 Tf (x) Tj ET ", b" ", b"/X Do ", b"[[[["))
    packed = zlib.compress(operators * (dice.randint(1, 8) << 20), 1)
    if dice.random() < 0.4:
        packed = zlib.compress(zlib.compress(operators * (4 << 20), 1), 9)
        filters = "[/FlateDecode /FlateDecode]"
    else:
        filters = "/FlateDecode"
    return name(dice, "pdf"), one_page(packed, filters)


@kind
def form_circle(dice: random.Random) -> File:
    drawings = b"<< /XObject << /X 5 0 R /Y 6 0 R >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources " + drawings + b" >>",
        b"<< /Length 12 >>\nstream\n/X Do /Y Do \nendstream",
    ]
    for _ in range(2):
        body = b"/X Do /Y Do " * dice.randint(1, 200)
        objects.append(
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources "
            + drawings
            + b" /Length %d >>\nstream\n" % len(body)
            + body
            + b"\nendstream"
        )
    return name(dice, "pdf"), raw_pdf(objects)


@kind
def deep_pdf(dice: random.Random) -> File:
    count = dice.randint(1_000, 300_000)
    opening, closing = dice.choice(((b"[", b"]"), (b"<<//A ", b">>"), (b"<< /A ", b" >>"), (b"(", b")")))
    return name(dice, "pdf"), raw_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R /X " + opening * count + closing * count + b" >>",
            b"<< /Type /Pages /Kids [] /Count 0 >>",
        ]
    )


@kind
def broken_pdf(dice: random.Random) -> File:
    data = bytearray(pdf([paper_sheet(dice) for _ in range(dice.randint(1, 4))]))
    for _ in range(dice.randint(1, 80)):
        data[dice.randrange(len(data))] = dice.randrange(256)
    return name(dice, "pdf"), bytes(data[: dice.randint(100, len(data))] if dice.random() < 0.3 else data)


@kind
def scan(dice: random.Random) -> File:
    return name(dice, "pdf"), pdf([Sheet() for _ in range(dice.randint(1, 30))])


@kind
def nameless_fonts(dice: random.Random) -> File:
    return name(dice, "pdf"), pdf([paper_sheet(dice)], named=False)


@kind
def encrypted(dice: random.Random) -> File:
    key = dice.randbytes(32).hex()
    rule = f"/V {dice.randint(1, 6)} /R {dice.randint(2, 7)} /O <{key}> /U <{key}> /P -4 /Length 128"
    trailer = f"/Encrypt << /Filter /Standard {rule} >> /ID [<{key}> <{key}>]"
    return name(dice, "pdf"), pdf([paper_sheet(dice)], trailer=trailer)


@kind
def crowded_page(dice: random.Random) -> File:
    sheet = Sheet()
    for _ in range(dice.randint(1_000, 20_000)):
        x, y = dice.uniform(-50, 650), dice.uniform(-50, 900)
        if dice.random() < 0.5:
            sheet.text(x, y, dice.choice(("1.3", "碳", "x")), dice.choice((0.01, 1, 9, 4000)))
        else:
            sheet.rule(x, y, *((x, y + 300) if dice.random() < 0.5 else (x + 300, y)))
    return name(dice, "pdf"), pdf([sheet])


@kind
def lattice_bomb(dice: random.Random) -> File:
    sheet, count = Sheet(), dice.randint(50, 390)
    for i in range(count):
        sheet.rule(0, 2 * i, 595, 2 * i)
        sheet.rule(1.5 * i, 0, 1.5 * i, 842)
        sheet.text(1.5 * i, 2 * i, "1", 1)
    return name(dice, "pdf"), pdf([sheet])


@kind
def odd_pages(dice: random.Random) -> File:
    sheet = paper_sheet(dice)
    sheet.width, sheet.height = dice.choice(((0, 0), (1e9, 1e9), (-5, 10), (1e-6, 1e-6), (595, 842)))
    sheet.rotate = dice.choice((0, 90, 180, 270, 45, 99999))
    return name(dice, "pdf"), pdf([sheet])


def paper_sheet(dice: random.Random) -> Sheet:
    sheet = Sheet()
    for line in range(dice.randint(1, 30)):
        sheet.text(60, 80 + 15 * line, SEED_TEXT[: dice.randint(5, 45)], dice.choice((9, 10, 18)))
    return sheet


def one_page(content: bytes, filters: str) -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >> >>"
    stream = f"<< /Filter {filters} /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"
    return raw_pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, stream])


def raw_pdf(objects: list[bytes]) -> bytes:
    """A PDF without a table of its objects: readers look for them, which is where they may go astray."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, content) for number, content in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer << /Root 1 0 R /Size %d >>\n%%%%EOF\n" % (len(objects) + 1)


def document(body: str) -> bytes:
    return f'<w:document xmlns:w="{NS}"><w:body>{body}</w:body></w:document>'.encode()


def zipped(files: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for path, content in files.items():
            made.writestr(path, content)
    return out.getvalue()


@kind
def packed(dice: random.Random) -> File:
    return name(dice, dice.choice(("html", "txt", "pdf"))), gzip.compress(b"0" * dice.randint(1, 5_000_000))


def files(count: int, seed: int) -> Iterator[tuple[str, File]]:
    """Yield files, the kinds in turn."""
    dice = random.Random(seed)
    kinds = list(KINDS)
    for number in range(count):
        chosen = kinds[number % len(kinds)]
        yield chosen, KINDS[chosen](dice)


def outcome(file: File, limits: Limits = LIMITS, read: Callable[..., Imported] = read_file_confined) -> str:
    """Read one file, in a process of its own if not said otherwise, and return what came of it.

    :raises AssertionError: if it was read, and its text is not fit to be stored.
    """
    given, data = file
    try:
        imported = read(data, given, limits)
    except KgError as error:
        return named(error)
    check(imported, limits)
    return "read"


def named(error: KgError) -> str:
    """Return what an error says that came of a file: one line, and no failure of the reader itself."""
    said = str(error)
    assert "\n" not in said, said
    assert "its reader failed" not in said, said
    if "broke off" in said:
        return "broke off"
    return "over a limit" if isinstance(error, FileTooLarge) else "refused"


def check(imported: Imported, limits: Limits) -> None:
    """Hold what was read against what is promised of it."""
    text = imported.text
    assert text.strip(), "empty"
    assert len(text) <= limits.characters, len(text)
    assert len(imported.pages) <= limits.pages, imported.pages
    assert clean(text) == text, "holds characters that nobody can see"
    assert all(0 <= page <= len(text) for page in imported.pages), imported.pages
    assert list(imported.pages) == sorted(imported.pages), imported.pages
    text.encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--kind", choices=KINDS, help="only files of this kind")
    given = parser.parse_args()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    slowest: dict[str, float] = defaultdict(float)
    for number, (chosen, file) in enumerate(files(given.files, given.seed)):
        if number % 100 == 0:
            print(f"{number} files", file=sys.stderr, flush=True)
        if given.kind not in (None, chosen):
            continue
        start = time.monotonic()
        counts[chosen][outcome(file)] += 1
        slowest[chosen] = max(slowest[chosen], time.monotonic() - start)
        assert slowest[chosen] < LIMITS.seconds + GRACE, (chosen, file[0], slowest[chosen])
    for chosen, found in counts.items():
        shown = ", ".join(f"{count} {what}" for what, count in sorted(found.items()))
        print(f"{chosen:22} {shown:48} slowest {slowest[chosen]:5.2f} s")
    total = sum(counts.values(), Counter())
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    shown = ", ".join(f"{count} {what}" for what, count in sorted(total.items()))
    print(f"{sum(total.values())} files: {shown}; slowest {max(slowest.values()):.2f} s, most memory {most:.0f} MiB")


if __name__ == "__main__":
    main()
