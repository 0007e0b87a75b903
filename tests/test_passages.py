"""Passages tile the text, stay short, keep together what belongs together, and never change a character."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.catalogue import read_catalogue
from kg.model import PASSAGE_LENGTH, Report
from kg.reading.passages import LONG, SHORT, passages, sentences
from kg.reading.sections import headings
from kg.settings import resource

ALPHABET = "碳排放目標。，！ \n\n\t#*-|1.5%（）“”a\u200b\r\f🌍👩‍🔬é<ul>※一、"
TEXTS = st.one_of(st.text(max_size=400), st.text(alphabet=ALPHABET, max_size=3000))


def report(text):
    return Report("r", text, "zh-Hans", "", 2023, {}, "")


def cut(text):
    return [passage.text for passage in passages(report(text))]


@pytest.fixture(scope="module")
def reports():
    return list(read_catalogue(resource("seeds")))


@given(TEXTS)
@example("🌍" * 2000)
@example("一" * 1700 + "。" + "a b " * 500)
@example("\t".join(["cell"] * 400))
def test_every_character_that_is_not_blank_lies_in_exactly_one_passage(text):
    covered = [0] * len(text)
    end = 0
    for passage in passages(report(text)):
        assert end <= passage.start < passage.end
        assert passage.text == text[passage.start : passage.end]
        end = passage.end
        for i in range(passage.start, passage.end):
            covered[i] += 1
    assert all(count == 1 or character.isspace() for count, character in zip(covered, text, strict=True))


@given(TEXTS)
@example("x" * 5000)
def test_no_passage_is_longer_than_a_citation_may_be(text):
    for passage in passages(report(text)):
        assert 0 < passage.end - passage.start <= PASSAGE_LENGTH
        assert passage.text == passage.text.strip()


@given(TEXTS)
def test_headings_stand_before_the_passage_in_the_text(text):
    for passage in passages(report(text)):
        assert all(span.end <= passage.start and span.of(text).strip() for span in passage.headings)
        assert list(passage.headings) == sorted(passage.headings)


@given(TEXTS)
def test_headings_are_stretches_of_single_lines(text):
    for heading in headings(text):
        words = heading.span.of(text)
        assert "\n" not in words
        assert words == words.strip()


@given(TEXTS)
def test_sentences_keep_every_character_that_is_not_blank(text):
    spans = list(sentences(text))
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())


def test_the_seeds_give_passages_of_a_usual_length(reports):
    lengths = sorted(p.end - p.start for r in reports for p in passages(r))
    assert SHORT <= lengths[len(lengths) // 2] <= LONG
    assert sum(SHORT / 2 <= length <= LONG for length in lengths) > 0.85 * len(lengths)


def test_a_number_stays_with_its_caption(reports):
    mobile = next(r for r in reports if r.id == "mobile-2023")
    assert any("1.64 亿度\n全年绿色能源发电量" in passage.text for passage in passages(mobile))


def test_lines_wrapped_over_blank_lines_stay_together(reports):
    mobile = next(r for r in reports if r.id == "mobile-2020")
    assert any("預\n\n計減少 30%的人象衝突事件" in passage.text for passage in passages(mobile))


def test_a_case_study_stays_whole_with_its_heading(reports):
    mobile = next(r for r in reports if r.id == "mobile-2023")
    case = next(p for p in passages(mobile) if "SmoothWind 产品完成试点验证" in p.text)
    assert case.text.startswith("在山西，研发节能风墙产品")


def test_a_table_row_stays_whole_and_a_cut_table_keeps_its_header_row():
    header = "风险类别\t风险描述\t应对措施"
    rows = [f"风险{i}\t{'描述' * 60}\t{'措施' * 30}" for i in range(6)]
    text = "\n".join([header, *rows])
    found = passages(report(text))
    assert all(any(row in passage.text for passage in found) for row in rows)
    assert len(found) > 1
    assert [span.of(text) for span in found[1].headings] == [header]


ROW = st.lists(st.sampled_from(["风险", "0.5%", "评估气候影响。", "x y", "持续，跟进"]), min_size=2, max_size=40).map(
    "\t".join
)
ITEM = st.lists(st.sampled_from(["建设光伏电站。", "PUE 1.25，", "saves 5 kWh. ", "试点"]), min_size=1, max_size=120)
LINES = st.lists(ROW | ITEM.map(lambda words: f"- {''.join(words).strip()}"), min_size=1, max_size=12)


@given(LINES)
def test_a_row_or_an_item_that_fits_a_passage_lies_whole_in_one(written):
    found = cut("\n".join(written))
    assert all(any(line in passage for passage in found) for line in written if len(line) <= PASSAGE_LENGTH)


def test_a_row_that_is_longer_than_a_passage_keeps_the_header_row_as_context():
    header = "类别\t措施"
    text = f"{header}\n急性风险\t{'每季度评估一次台风的影响。' * 90}"
    found = passages(report(text))
    assert len(found) > 1
    assert [[span.of(text) for span in passage.headings] for passage in found[1:]] == [[header]] * (len(found) - 1)


def test_a_heading_is_never_the_last_line_of_a_passage():
    body = "到2025年，新建大型数据中心的平均电能利用效率低于1.3，绿色电力占比超过一半。" * 5
    text = f"# 甲\n\n{body}\n\n# 乙\n\n{body}\n\n## 丙\n\n{body}"
    assert [passage.splitlines()[0] for passage in cut(text)] == ["# 甲", "# 乙", "## 丙"]
    assert [[span.of(text) for span in p.headings] for p in passages(report(text))] == [[], [], ["乙"]]


def test_long_text_is_cut_at_sentence_ends():
    text = "中国移动持续推进节能降碳工作，提升能源利用效率。" * 60
    assert all(passage.endswith("。") for passage in cut(text))


def test_an_empty_text_has_no_passages():
    assert cut("") == cut(" \n\t\n") == []
