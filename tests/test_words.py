"""The interface speaks three languages: no word is missing, none is unused, none is in the wrong script."""

import re
from pathlib import Path
from string import Formatter

import pytest

from kg.reading.folding import HAN, fold
from web.words import LANGUAGES, entries

WEB = Path(__file__).resolve().parent.parent / "web"
TEMPLATES = "\n".join(path.read_text("utf-8") for path in (WEB / "templates").rglob("*.html"))
PYTHON = "\n".join(path.read_text("utf-8") for path in WEB.rglob("*.py") if "node_modules" not in path.parts)
SCRIPTS = "\n".join(path.read_text("utf-8") for path in (WEB / "frontend" / "src").glob("*.ts"))
KEY = r"[a-z]+(?:\.[A-Za-z0-9\-]+)+"


def asked() -> set[str]:
    """Return the keys that templates, code and scripts ask for by their full names."""
    found = set(re.findall(rf"\b(?:words|own)\(\s*[\"']({KEY})[\"']", TEMPLATES + PYTHON))
    return found | {f"js.{name}" for name in re.findall(r'\bword\(\s*"([a-z\-]+)"', SCRIPTS)}


def mentioned() -> set[str]:
    """Return every string that could be a key."""
    found = set(re.findall(rf'"({KEY})"', TEMPLATES + PYTHON)) | asked()
    return found | {f"js.{name}" for name in re.findall(r'"(theme-[a-z]+)"', SCRIPTS)}


def beginnings() -> set[str]:
    """Return the beginnings of keys whose last part is filled in when a page is made: ``kind.``."""
    return set(re.findall(r'"([a-z.\-]+\.)" ~', TEMPLATES)) | set(re.findall(r'f"([a-z.]+\.)\{', PYTHON))


@pytest.mark.parametrize("key", entries())
def test_every_word_is_there_in_three_languages(key):
    texts = entries()[key]
    assert set(texts) - {"one-en"} == set(LANGUAGES)
    assert all(text.strip() for text in texts.values())


@pytest.mark.parametrize("key", entries())
def test_every_language_has_the_same_slots(key):
    slots = {
        language: {name for _, name, _, _ in Formatter().parse(text) if name}
        for language, text in entries()[key].items()
    }
    assert len({frozenset(names) for language, names in slots.items() if language != "one-en"}) == 1


def test_every_word_is_used():
    whole, open_ended = mentioned(), tuple(beginnings())
    assert [key for key in entries() if key not in whole and not key.startswith(open_ended)] == []


def test_every_use_has_its_word():
    assert sorted(asked() - entries().keys()) == []
    assert [start for start in beginnings() if not any(key.startswith(start) for key in entries())] == []


@pytest.mark.parametrize("key", entries())
def test_simplified_words_are_simplified(key):
    text = "".join(re.findall(f"[{HAN}]", entries()[key]["zh-Hans"]))
    assert fold(text).text == text


def test_traditional_words_are_traditional():
    """A simplified character slips in easily; these are the commonest ones of the catalogue."""
    simplified = set("报击类们这个问题还证据图谱简体页说话选择读写运编辑务实现业标风险术应条显错误处语义复内检释览链")
    assert [key for key, texts in entries().items() if simplified & set(texts["zh-Hant"])] == []


def test_no_chinese_stands_in_templates_or_scripts():
    assert re.findall(f"[{HAN}]", TEMPLATES + SCRIPTS) == []
