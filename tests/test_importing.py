"""Reading files: each form becomes text that the pipeline reads, and nothing that cannot be seen gets into it."""

import os
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import hostile
from bench.forms import through
from bench.paper import Sheet, pdf
from bench.typeset import NS, package, wrapped
from kg.annotations import annotated
from kg.errors import FileTooLarge, ReadingError
from kg.importing import Imported, Limits, read_file
from kg.importing.characters import clean, harmless
from kg.importing.confined import read_file_confined
from kg.importing.proposals import propose
from kg.model import Report
from kg.reading.blocks import read_blocks
from kg.settings import resource

HAN = "气候变化是人类共同面临的危机，公司以扎实行动践行生态文明理念，不断完善环境管理体制，积极与利益相关方合作，推动形成绿色生产方式。"


def rows(text):
    """The rows of a text's tables as the pipeline reads them, header included."""
    document = read_blocks(Report("r", text, "zh-Hans", "", 2023, {}, ""))
    return [[cell and document.text(cell) for cell in block.cells] for block in document.blocks if block.kind == "row"]


def set_lines(sheet, x, y, width, words, size=10.0):
    """Set running text in a column; return where it ends."""
    for line in wrapped(words, width, size):
        sheet.text(x, y, line, size)
        y += 1.6 * size
    return y


def ruled(sheet, x, y, widths, table, height=20.0):
    for number, row in enumerate(table):
        for column, words in enumerate(row):
            sheet.text(x + sum(widths[:column]) + 4, y + height * number + 13, words)
    for number in range(len(table) + 1):
        sheet.rule(x, y + height * number, x + sum(widths), y + height * number)
    for column in range(len(widths) + 1):
        left = x + sum(widths[:column])
        sheet.rule(left, y, left, y + height * len(table))


# --- plain text


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_what_is_stored_can_be_seen(text):
    stored = clean(text)
    assert clean(stored) == stored
    assert not set(stored) & set("\x00\r\x0b\u202e\u2066\u200b\ufeff\u2028")
    stored.encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_simplified_text_in_its_encodings(encoding):
    assert read_file((HAN + "\r\n").encode(encoding), "a.txt").text == HAN + "\n"


def test_traditional_text_in_big5():
    text = "積極應對氣候變化，減少碳排放約一千一百五十萬噸，推廣應用高效節能技術。\n" * 3
    assert read_file(text.encode("big5"), "a.txt").text == text


@pytest.mark.parametrize("path", sorted(resource("seeds").glob("*.txt")), ids=lambda path: path.stem)
def test_a_clean_text_is_stored_as_it_stands(path):
    assert read_file(path).text == path.read_text("utf-8")


def test_form_feeds_begin_pages():
    imported = read_file("一\f二\f三".encode(), "a.txt")
    assert [imported.text[start] for start in imported.pages] == ["一", "二", "三"]
    assert [imported.page_of(offset) for offset in range(5)] == [1, 1, 2, 2, 3]


def test_invisible_characters_are_left_out_and_counted():
    imported = read_file("abc\u202e123\u202c\u200b".encode(), "a.txt")
    assert (imported.text, imported.warnings) == ("abc123", ("3 invisible characters were left out",))


# --- HTML and Markdown


PAGE = """<!DOCTYPE html><title>绿色报告</title><script>var p = "<p>2019</p>"</script><nav><li>Home</nav>
<h1>能源</h1><p>综合能耗
下降 <b>25.1</b>%<br>C<sup>2</sup> plan<sup><a href=#n>1</a></sup>
<ul><li>节电<ul><li>用绿电</ul></ul><ol start=3><li><p>third</ol>
<table><caption>表 1</caption><thead><tr><th rowspan=2>指标<th colspan=2>2023<tr><th>能耗<th>排放</thead>
<tr><td>甲<td>1.3<td>7<tr><td rowspan=2>乙<td>1<td>2<tr><td>3<td><ul><li>a<li>b</ul></table>
<div hidden>secret<div>too</div></div><p style="display: none">unseen<p>end"""
READ = """# 能源\n\n综合能耗下降 25.1%\nC² plan[1]\n\n- 节电\n  - 用绿电\n3. third\n\n表 1\n
指标\t2023 能耗\t2023 排放\n甲\t1.3\t7\n乙\t1\t2\n\t3\t* a * b\n"""


def test_html_keeps_what_a_page_shows():
    imported = read_file(PAGE.encode(), "a.html")
    assert (imported.title, imported.text) == ("绿色报告", READ + "\nend\n")
    assert rows(imported.text)[-1] == ["乙", "3", "* a * b"]  # a cell that spans rows is taken over from above


def test_a_table_that_only_places_things_is_running_text():
    placed = "<table><tr><td>side<td><h2>Title</h2>main<table><tr><td>a<td>b</table></table>"
    assert read_file(placed.encode(), "a.html").text == "side\n\n## Title\n\nmain\n\na\tb\n"


@pytest.mark.parametrize("open_element", ["<nav>", "<div hidden>", "<svg>", "<noscript>"])
def test_what_is_hidden_and_never_closed_is_read_after_all(open_element):
    assert "after" in read_file(f"<p>before</p>{open_element}<p>after".encode(), "a.html").text


def test_html_says_its_encoding():
    page = '<meta charset="gb2312"><p>碳达峰碳中和'
    assert read_file(page.encode("gb18030"), "a.html").text == "碳达峰碳中和\n"


@given(st.text("<>/!-[]&#;='\"phtdrablesciv \n25碳", max_size=300))
@settings(max_examples=60)
def test_any_markup_is_read(text):
    hostile.check(read_file(f"<p>x</p>{text}y".encode(), "a.html"), Limits())


def test_markdown_is_read_as_what_it_stands_for():
    text = "---\ntitle: 报告\n---\n题\n==\n\n第一行\n**25%** [a](http://x)<script>x</script>\n\n- a\n  - b\n\n|a|b|\n|-|-|\n|1|2|\n"
    imported = read_file(text.encode(), "a.md")
    assert (imported.title, imported.text) == ("报告", "# 题\n\n第一行\n25% a\n\n- a\n  - b\n\na\tb\n1\t2\n")


# --- DOCX


def paragraph(words, properties=""):
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:p>'


def cell(words, properties=""):
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(words)}</w:tc>"


def test_docx_keeps_headings_lists_tables_and_notes():
    listed = '<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="1"/></w:numPr>'
    table = f"<w:tr>{cell('指标')}{cell('2023')}{cell('2022')}</w:tr>"
    begins, spans = '<w:vMerge w:val="restart"/>', '<w:gridSpan w:val="2"/>'
    table += f"<w:tr>{cell('能耗', begins)}{cell('1.3')}{cell('1.4')}</w:tr>"
    table += f"<w:tr>{cell('', '<w:vMerge/>')}{cell('合计', spans)}</w:tr>"
    run = '<w:r><w:t>km</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r>'
    body = (
        paragraph("能源", '<w:pStyle w:val="heading2"/>')
        + f'<w:p>{run}<w:del><w:r><w:t>gone</w:t></w:r></w:del><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
        + paragraph("first", listed.format(0))
        + paragraph("second", listed.format(1))
        + f"<w:tbl>{table}</w:tbl>"
    )
    notes = f'<w:footnotes xmlns:w="{NS}"><w:footnote w:id="2">{paragraph("see below")}</w:footnote></w:footnotes>'
    imported = read_file(package(body, footnotes=notes), "a.docx")
    assert imported.text == (
        "## 能源\n\nkm²[2]\n\n- first\n  - second\n\n指标\t2023\t2022\n能耗\t1.3\t1.4\n\t合计\t\n\n[2] see below\n"
    )


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (b'<!DOCTYPE x [<!ENTITY a "lol">]><w:document/>', "has a DTD"),
        (b"<w:document><w:body>", r"broken word/document\.xml"),
        (b"<a>" * 500, "more than 400 deep"),
        (b"", r"broken word/document\.xml"),
    ],
)
def test_docx_that_is_no_document(part, reason):
    with pytest.raises(ReadingError, match=reason):
        read_file(hostile.zipped({"word/document.xml": part}), "a.docx")


@pytest.mark.parametrize("at", [b"PK\x01\x02", b"PK\x05\x06"])
def test_a_damaged_package_is_refused(at):
    whole = package(paragraph("words"))
    start = whole.index(at) + len(at)
    for place in range(start, start + 40):
        for byte in (0x00, 0xAA, 0xFF):
            with suppress(ReadingError):
                assert read_file(whole[:place] + bytes((byte,)) + whole[place + 1 :], "a.docx").text


def test_a_package_that_unpacks_to_too_much():
    bomb = hostile.zipped({"word/document.xml": hostile.document(" " * 3_000_000)})
    with pytest.raises(FileTooLarge, match=r"unpacks to more than 8 times TANTU_FILE_SIZE"):
        read_file(bomb, "a.docx", Limits(size=len(bomb)))


# --- PDF


def test_two_columns_are_read_one_after_the_other():
    sheet = Sheet()
    sheet.text(60, 80, "绿色运营", 18, bold=True)
    left, right = HAN * 3, "右栏" + HAN[::-1] * 3
    set_lines(sheet, 60, 120, 220, left)
    set_lines(sheet, 315, 123, 220, right)  # their lines stand at different heights
    assert read_file(pdf([sheet]), "a.pdf").text == f"# 绿色运营\n\n{left}\n\n{right}\n"


def test_ruled_tables_keep_cells_that_run_over_lines_and_span_columns():
    sheet = Sheet()
    set_lines(sheet, 60, 60, 400, HAN)
    table = [("指标", "2022", "2023"), ("综合能耗", "774.8", "790.1"), ("PUE", "1.3", "1.25")]
    ruled(sheet, 60, 150, (140, 80, 80), table, 40)
    sheet.text(64, 216, "(万吨标准煤)")  # a second line in a cell
    assert rows(read_file(pdf([sheet]), "a.pdf").text) == [
        ["指标", "2022", "2023"],
        ["综合能耗(万吨标准煤)", "774.8", "790.1"],
        ["PUE", "1.3", "1.25"],
    ]


def test_tables_without_rules_are_told_from_columns_of_text():
    sheet = Sheet()
    table = [["指标", "单位", "2023年"], ["用电量", "亿度", "400"], ["用水量", "万吨", "12"], ["人数", "人", "3,000"]]
    for number, row in enumerate(table):
        for x, words in zip((60, 240, 400), row, strict=True):
            sheet.text(x, 100 + 18 * number, words)
    assert rows(read_file(pdf([sheet]), "a.pdf").text) == table


def test_rules_below_rows_part_cells_that_run_over_lines():
    sheet, table = Sheet(), [("类别", "描述"), ("市场", HAN[:30]), ("政策", HAN[5:55]), ("技术", HAN[20:50])]
    for number, (label, words) in enumerate(table):
        y = 100 + 60 * number
        below = y + (30 if number else 10)
        sheet.text(60, y, label)  # in the middle of its row's height
        set_lines(sheet, 90, y - (10 if number else 0), 200, words)
        sheet.rule(60, below, 300, below)
    assert rows(read_file(pdf([sheet]), "a.pdf").text) == [list(row) for row in table]


def long_report(pages):
    """Pages with running headers, numbers, a paragraph and a table that go on over each break."""
    for number in range(pages):
        sheet = Sheet()
        sheet.text(60, 36, "示例公司 2023 年可持续发展报告", 8)
        sheet.text(290, 815, f"- {number + 1} -", 8)
        ruled(sheet, 60, 70, (100, 100), [("指标", "数值"), (f"甲{number}", str(number))])
        set_lines(sheet, 60, 140, 400, ("续" if number else "") + HAN + "而")
        yield sheet


def test_running_headers_and_page_numbers_are_left_out():
    text = read_file(pdf(long_report(4)), "a.pdf").text
    assert "示例公司" not in text
    assert "- 1 -" not in text


def test_pages_begin_where_their_first_words_stand():
    sheets = []
    for number in range(3):
        sheet = Sheet()
        set_lines(sheet, 60, 100, 400, f"第{number}页{HAN}")
        sheets.append(sheet)
    imported = read_file(pdf(sheets), "a.pdf")
    assert [imported.text[start : start + 3] for start in imported.pages] == ["第0页", "第1页", "第2页"]
    assert all(before < after for before, after in pairwise(imported.pages))


def test_a_paragraph_that_runs_over_a_page_is_one():
    first, second = Sheet(), Sheet()
    whole = HAN.replace("。", "，") * 2
    lines = wrapped(whole, 400, 10)
    for number, line in enumerate(lines[:2]):
        first.text(60, 700 + 16 * number, line)
    for number, line in enumerate(lines[2:]):
        second.text(60, 80 + 16 * number, line)
    imported = read_file(pdf([first, second]), "a.pdf")
    assert imported.text == whole + "\n"
    assert imported.pages == (0, len("".join(lines[:2])))


def test_hyphens_go_where_a_line_broke_a_word_and_stay_in_compounds():
    sheet = Sheet()
    for number, line in enumerate(
        ("Low carbon power: the low-", "carbon plan is about sustain-", "able use of energy in all of it.")
    ):
        sheet.text(60, 100 + 15 * number, line)
    assert read_file(pdf([sheet]), "a.pdf").text == (
        "Low carbon power: the low-carbon plan is about sustainable use of energy in all of it.\n"
    )


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_may_be_turned(turn):
    sheet = Sheet(rotate=turn)
    set_lines(sheet, 60, 80, 400, HAN)
    assert read_file(pdf([sheet]), "a.pdf").text == HAN + "\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (pdf([Sheet(), Sheet()]), "2 of its 2 pages have no text layer: it was scanned; .*OCR"),
        (b"%PDF-1.7 and nothing else", "no PDF that can be opened"),
        (hostile.encrypted(hostile.random.Random(3))[1], "protected by a password|no PDF that can be opened"),
        (hostile.nameless_fonts(hostile.random.Random(3))[1], "fonts that do not name"),
    ],
)
def test_pdf_that_cannot_be_read_says_why(data, reason):
    with pytest.raises(ReadingError, match=rf"^a\.pdf: .*(?:{reason})"):
        read_file(data, "a.pdf")


def test_more_pages_than_allowed():
    with pytest.raises(FileTooLarge, match=r"has 3 pages; split it, or raise TANTU_FILE_PAGES"):
        read_file(pdf(long_report(3)), "a.pdf", Limits(pages=2))


# --- what a file may be


@pytest.mark.parametrize(
    ("text", "name", "companies", "years"),
    [
        ("中国移动 2023 年可持续发展报告", "a.pdf", ["中国移动"], (2023,)),
        ("本报告由绿源能源股份有限公司编制，绿源能源股份有限公司2021", "b.txt", ["绿源能源股份有限公司"], (2021,)),
        (
            "Report 2022\nGreen Source Energy Holdings Limited\n",
            "c.txt",
            ["Green Source Energy Holdings Limited"],
            (2022,),
        ),
        ("nothing is named", "../wind-2019.pdf", ["wind-2019"], (2019,)),
    ],
)
def test_company_and_year_are_proposed(text, name, companies, years, vocabulary):
    proposal = propose(Imported(text, "text/plain"), name, vocabulary)
    labels = [company.label(proposal.language if proposal.language != "en" else "en") for company in proposal.companies]
    assert (labels, proposal.years) == (companies, years)


@given(st.text())
def test_a_name_in_a_message_is_one_harmless_line(name):
    shown = harmless(name)
    assert shown
    assert not set(shown) & set("/\\\n\x1b\u202e")


# --- twins


@pytest.fixture(scope="module")
def twin(vocabulary):
    """The shortest of the annotated reports, and the scores of its own text."""
    found = annotated([Path("bench/gold")], resource("seeds"), vocabulary)
    one = next(one for one in found if one.report.id == "mobile-2020")
    return one, through(one, "text")


@pytest.mark.parametrize(
    "form", ["HTML", "DOCX", "PDF, two columns"]
)  # python -m bench.forms has all forms and reports
def test_a_report_gives_nearly_the_same_facts_in_every_form(form, twin):
    one, plain = twin
    read = through(one, form)
    assert read["numbers"].f1 >= plain["numbers"].f1 - 0.02
    assert read["exact"].f1 >= plain["exact"].f1 - 0.06


# --- confinement


def test_a_process_of_its_own_reads_the_same():
    data = pdf(long_report(2), "题")
    assert read_file_confined(data, "a.pdf") == read_file(data, "a.pdf")


def test_a_process_that_takes_too_long_is_ended():
    slow = f"<table>{'<tr><td colspan=256 rowspan=256>1' * 4_000}</table>".encode()
    with pytest.raises(FileTooLarge, match=r"^a\.html: takes longer than 0\.6 s to read; .* TANTU_FILE_SECONDS$"):
        read_file_confined(slow, "a.html", Limits(seconds=0.6))


def test_a_process_that_takes_too_much_memory_is_ended():
    wide = f"<table>{'<tr><td colspan=256 rowspan=256>1' * 4_000}</table>".encode()
    with pytest.raises(FileTooLarge, match="memory"):
        read_file_confined(wide, "a.html", Limits(memory=64 << 20))


def test_what_is_no_file_is_said(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    for name, reason in (("none.pdf", "cannot be read"), ("pipe.txt", "is no file"), ("", "is no file")):
        with pytest.raises(ReadingError, match=reason):
            read_file_confined(tmp_path / name)


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    path = tmp_path / "large.pdf"
    with path.open("wb") as stream:
        stream.truncate(1 << 30)  # takes no room on disk
    with pytest.raises(FileTooLarge, match=r"^large\.pdf: is larger than 64 MiB; split it, or raise TANTU_FILE_SIZE$"):
        read_file_confined(path)


# --- hostile files: `python -m bench.hostile` reads a thousand of all kinds, each in a process of its own

SLOW = frozenset(("too_many_characters", "deep_html", "spans", "wide_table", "deep_markdown", "zip_bomb"))
SLOW |= {
    "one_long_line",
    "markdown_references",
    "long_attributes",
    "stream_bomb",
    "form_circle",
    "deep_pdf",
    "crowded_page",
    "lattice_bomb",
    "packed",
    "many_members",
}
LIMITED = ("form_circle",)  # only a process of its own stops these in time


@pytest.mark.parametrize("kind", sorted(hostile.KINDS.keys() - SLOW))
def test_hostile_files_are_read_or_refused(kind):
    file = hostile.KINDS[kind](hostile.random.Random(kind))
    assert hostile.outcome(file, hostile.LIMITS, read_file) in {"read", "refused", "over a limit"}


@pytest.mark.parametrize("kind", LIMITED)
def test_hostile_files_that_take_for_ever_are_stopped(kind):
    file = hostile.KINDS[kind](hostile.random.Random(kind))
    assert hostile.outcome(file, Limits(seconds=0.8)) == "over a limit"
