"""Any bytes: a text that keeps every character, or one line that says why not."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import ReadingError
from kg.reading.decoding import decode, read_text

PARAGRAPH = "综合能耗下降率不低于 20%，数据中心电能利用效率达到 1.25，绿色电力占比持续提升。" * 3


@given(st.text(min_size=1).filter(lambda text: text.strip() and "\x00" not in text))
def test_utf8_comes_back_character_by_character(text):
    assert decode(text.encode()) == text


@settings(max_examples=25)  # guessing an encoding takes milliseconds
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    with suppress(ReadingError):
        assert decode(data, "some.txt").strip()


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_simplified_chinese_in_its_encodings(encoding):
    assert decode(PARAGRAPH.encode(encoding)) == PARAGRAPH


def test_traditional_chinese_in_big5():
    text = "積極應對氣候變化，減少碳排放約一千一百五十萬噸，推廣應用高效節能技術。" * 3
    assert decode(text.encode("big5")) == text


def test_line_ends_and_marks_stay_as_they_are():
    assert decode("碳\r\n达峰\r".encode()) == "碳\r\n达峰\r"


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "is empty"), (b" \n\t", "is empty"), (b"a\x00b", "NUL"), (b"%PDF-1.7\x00\x01", "NUL")],
)
def test_what_is_no_report(data, reason):
    with pytest.raises(ReadingError, match=reason):
        decode(data, "report.txt")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ReadingError, match=r"missing\.txt: cannot be read \(No such file or directory\)"):
        read_text(tmp_path / "missing.txt")
