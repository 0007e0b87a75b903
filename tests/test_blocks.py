"""Blocks: a report cut as it stands on paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.catalogue import read_catalogue
from kg.model import Report, Span
from kg.reading.blocks import Block, read_blocks
from kg.reading.tables import points
from kg.settings import resource

PIECES = st.sampled_from(
    ["风险类别\t应对措施", "- 节电 ", "**", "\n", "\n\n", " \n", "\t", "15%", "1.64 亿度", "## ", "减少排放。", "，",
     "<ul> * a",
     "🔍", "| a | b |", "|---|", "<tr><td>1</td></tr>", "全年绿色能源发电量", "PUE", " ", "2023 年"]
)  # fmt: skip


def report(text: str, language: str = "zh-Hans") -> Report:
    return Report("r", text, language, "", 2023, {}, "")


def blocks(text: str) -> list[Block]:
    return list(read_blocks(report(text)).blocks)


def cells(block: Block, text: str) -> list[str | None]:
    return [cell.of(text) if cell else None for cell in block.cells]


def assert_tiles(text: str) -> None:
    end = 0
    for block in blocks(text):
        assert not text[end : block.span.start].strip(), "characters between two blocks"
        assert block.span.start >= end, "two blocks overlap"
        end = block.span.end
    assert not text[end:].strip(), "characters after the last block"


@given(st.lists(PIECES, max_size=40).map("".join))
def test_blocks_tile_what_reports_are_made_of(text):
    assert_tiles(text)


@given(st.text(max_size=300))
def test_blocks_tile_any_text(text):
    assert_tiles(text)


@pytest.mark.parametrize("seed", read_catalogue(resource("seeds")), ids=lambda seed: seed.id)
def test_blocks_tile_the_seeds(seed):
    assert_tiles(seed.text)


def test_an_empty_cell_of_a_row_span_takes_the_cell_above():
    text = "类别\t子类\t描述\n过渡风险\t法律\t法规更严\n\t技术\t需要新技术\n"
    header, first, second = blocks(text)
    assert header.is_header
    assert cells(first, text) == ["过渡风险", "法律", "法规更严"]
    assert cells(second, text) == ["过渡风险", "技术", "需要新技术"]
    assert second.cells[0] is not None
    assert second.cells[0].end <= second.span.start, "an inherited cell lies outside its row"


def test_a_missing_cell_of_a_row_span_is_found_by_its_neighbours():
    text = "类别\t子类\t描述\n过渡风险\t法律\t管控措施更加严格\n技术\t需要突破性的新技术\n"
    assert cells(blocks(text)[2], text) == ["过渡风险", "技术", "需要突破性的新技术"]


def test_an_empty_cell_in_the_middle_is_not_filled():
    text = "指标\t2022年\t2023年\nPUE\t\t1.3\n"
    assert cells(blocks(text)[1], text) == ["PUE", None, "1.3"]


def test_a_header_that_is_repeated_is_a_header_again():
    text = "目标\t进展\n节电\t89.9\n目标\t进展\n"
    assert [block.is_header for block in blocks(text)] == [True, False, True]


def test_a_header_with_emoji_loses_the_emoji():
    text = "🔍 风险类别\t🛡️ 应对措施\n技术风险\t研发\n"
    assert cells(blocks(text)[0], text) == ["风险类别", "应对措施"]


def test_a_header_that_stands_as_lines_before_its_table_is_found():
    text = "🔍 机遇类别\n\n📄 机遇描述\n\n🎯 实现策略\n\n资源效率\t提高能效\t设立资金\n"
    header, row = blocks(text)
    assert header.is_header
    assert row.header == header.cells
    assert cells(header, text) == ["机遇类别", "机遇描述", "实现策略"]


def test_markdown_and_html_tables_are_rows():
    assert [block.kind for block in blocks("| Project | Saving |\n|---|---|\n| Solar | 5 GWh |\n")] == ["row"] * 3
    text = "<tr><td>PUE</td><td>1.3</td></tr><tr><td>WUE</td><td>0.9</td></tr>"
    assert [cells(block, text) for block in blocks(text)] == [["PUE", "1.3"], ["WUE", "0.9"]]


def test_hard_wrapped_lines_are_one_paragraph_over_blank_lines():
    text = (
        "中國移動綜合利用物聯網、雲計算等新技術，構建整體解決方案，開發大\n\n氣污染監測系統，支撐建設生態監測系統。\n"
    )
    assert [block.kind for block in blocks(text)] == ["paragraph"]


def test_a_line_with_a_stray_tab_is_running_text():
    text = "創新使用天綫超遠覆蓋，選擇具有低頻優勢、深度和廣度覆蓋能力強的 5G\t700M網絡，\n\n解決覆蓋不足問題。\n"
    assert [block.kind for block in blocks(text)] == ["paragraph"]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("1.64 亿度\n全年绿色能源发电量\n\n9.4 万吨\n折合减少排放\n", 2),  # number above its caption
        ("節約\n運營成本超過\n\n390 億元/年\n\n節電量\n約\n\n200 億度/年\n", 2),  # caption above its number
        ("**PUE < 1.3**\n\n新建数据中心\n\n提升 **20%**\n\n算效\n", 2),  # with Markdown
        ("7 经济适用的清洁能源\n\n\n\n11 可持续城市和社区\n", 0),  # goals of the United Nations, no figures
        ("2020 年\n\n新增綠色包裝應用比例\n", 0),  # a year is no figure
    ],
)
def test_figures_are_a_number_and_its_caption(text, figures):
    assert sum(block.kind == "figure" for block in blocks(text)) == figures


def test_headings_above_a_block_are_the_open_ones():
    text = (
        "# 报告\n\n## 目标\n\n到2025年，大型数据中心平均电能利用效率降至1.3以下，绿色电力占比超过一半。\n\n"
        "## 进展\n\n2023年，大型数据中心平均电能利用效率降至1.32以下，绿色电力占比接近一半。\n"
    )
    paragraphs = [block for block in blocks(text) if block.kind == "paragraph"]
    assert [[heading.of(text) for heading in block.headings] for block in paragraphs] == [
        ["报告", "目标"],
        ["报告", "进展"],
    ]


def test_points_of_a_cell_have_no_marks():
    text = '<ul style="list-style-type: none"> · 到 2025 年节电。 · 排放下降 20%。 '
    assert [point.of(text) for point in points(text, Span(0, len(text)))] == ["到 2025 年节电。", "排放下降 20%。"]


def test_an_html_row_over_several_lines_is_one_row():
    text = "<table>\n<tr>\n<td>指标</td>\n<td>2023年</td>\n</tr>\n<tr>\n<td>PUE</td>\n<td>1.3</td>\n</tr>\n</table>\n"
    rows = [block for block in blocks(text) if block.kind == "row"]
    assert [cells(row, text) for row in rows] == [["指标", "2023年"], ["PUE", "1.3"]]
    assert rows[1].header == rows[0].cells
