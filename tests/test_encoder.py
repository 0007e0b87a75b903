"""The shipped model: both scripts alike, translations near, and clear words where a model is missing."""

import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ModelMissing
from kg.settings import resource
from search.encoder import SHIPPED, Remembering, StaticEncoder, is_static, load_encoder, load_question_encoder

SENTENCES = {
    "hans": "2023年公司温室气体排放总量同比下降，基站和数据中心的单位能耗持续降低。",
    "hant": "2023年公司溫室氣體排放總量同比下降，基站和數據中心的單位能耗持續降低。",
    "en": "In 2023 the company's total greenhouse gas emissions fell, and base stations used less energy.",
    "other": "Employees take part in training on occupational health and safety every year.",
}


@pytest.fixture(scope="module")
def encoder():
    return load_encoder()


@pytest.fixture(scope="module")
def vectors(encoder):
    return dict(zip(SENTENCES, encoder.encode(list(SENTENCES.values())), strict=True))


def test_vectors_are_single_precision_rows_of_length_1(encoder):
    rows = encoder.encode(list(SENTENCES.values()))
    assert rows.shape == (len(SENTENCES), encoder.dimension)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


@pytest.fixture(scope="module")
def quick():
    return load_question_encoder()


def test_the_quick_reader_is_taken_for_static_models_only(quick, tmp_path):
    assert isinstance(quick, StaticEncoder)
    assert not is_static(tmp_path)
    modules = [{"type": "sentence_transformers.models.Transformer"}, {"type": "sentence_transformers.models.Pooling"}]
    (tmp_path / "modules.json").write_text(json.dumps(modules), "utf-8")
    assert not is_static(tmp_path)


def test_the_quick_reader_gives_the_vectors_of_sentence_transformers_for_every_line_of_the_seeds(encoder, quick):
    lines = [line for path in sorted(resource("seeds").glob("*.txt")) for line in path.read_text("utf-8").split("\n")]
    assert len(lines) > 1000
    assert np.abs(encoder.encode(lines) - quick.encode(lines)).max() < 1e-6


@given(st.lists(st.text(max_size=60), max_size=5))
def test_the_quick_reader_gives_the_vectors_of_sentence_transformers_for_any_text(encoder, quick, texts):
    expected, found = encoder.encode(texts), quick.encode(texts)
    assert expected.shape == found.shape
    assert found.dtype == np.float32
    assert not texts or np.abs(expected - found).max() < 1e-6


def test_both_scripts_and_widths_give_the_same_vector(encoder, vectors):
    assert np.array_equal(vectors["hans"], vectors["hant"])
    wide, narrow = encoder.encode(["ＰＵＥ 優於 １．２５", "pue 优于 1.25"])
    assert np.array_equal(wide, narrow)


def test_a_translation_is_nearer_than_another_sentence(vectors):
    same, other = vectors["hans"] @ vectors["en"], vectors["hans"] @ vectors["other"]
    assert same > other + 0.3


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ("Who sits on the board of directors?", "董事会由九名董事组成。", "公司持续推进节能减排。"),
        ("renewable energy", "可再生能源", "不可抗力"),
        ("liquid cooling in data centres", "資料中心採用液冷技術", "員工帶薪休假制度"),
        ("范围二排放是多少", "Scope 2 emissions", "waste water"),
        ("生物多样性保护", "保護生物多樣性", "保护个人信息"),
    ],
)
def test_meaning_wins_across_languages_and_scripts(encoder, question, right, wrong):
    asked, near, far = encoder.encode([question, right, wrong])
    assert asked @ near > asked @ far


def test_a_text_without_words_is_near_nothing(encoder):
    assert not encoder.encode(["", "……", "\N{SNOWMAN}"]).any()


@given(st.lists(st.lists(st.sampled_from(sorted(SENTENCES.values())) | st.text(max_size=20), max_size=6), max_size=4))
def test_what_is_remembered_is_what_the_encoder_gives(quick, lists):
    remembering = Remembering(quick)
    for texts in [*lists, *lists]:
        assert np.array_equal(remembering.encode(texts), quick.encode(texts))


def test_no_texts_give_no_rows(encoder):
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_a_text_has_the_same_vector_alone_and_among_others(encoder):
    texts = list(SENTENCES.values()) * 100
    assert np.array_equal(encoder.encode(texts)[:4], encoder.encode(texts[:4]))


def test_the_shipped_model_is_small_and_names_its_texts():
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*")) <= 45_000_000
    card = (SHIPPED / "README.md").read_text("utf-8")
    assert "taiwan-laws" in card
    assert "CC-BY-SA-4.0" in card


def test_the_card_is_the_one_that_the_figures_give():
    card = pytest.importorskip("search.training.card", reason="needs the training extra")
    settings, figures = (json.loads((SHIPPED / name).read_text("utf-8")) for name in ("training.json", "figures.json"))
    assert card.render_card(settings, figures) == (SHIPPED / "README.md").read_text("utf-8")


STATIC = '[{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"}]'
HEADER = '{"a": {"dtype": "F16", "shape": [2, 2], "data_offsets": [0, 8]}}'
CUT = len(HEADER).to_bytes(8, "little").decode() + HEADER + "1234"


@pytest.mark.parametrize(
    "contents",
    [
        {},
        {"modules.json": "{"},
        {"modules.json": "[]", "config.json": "{}"},
        {"modules.json": STATIC, "tokenizer.json": "{"},
        {"modules.json": STATIC, "model.safetensors": "x"},
        {"modules.json": STATIC, "model.safetensors": CUT},
        {"modules.json": STATIC, "model.safetensors": "version https://git-lfs.github.com/spec/v1"},
    ],
    ids=["empty", "no JSON", "no modules", "damaged tokenizer", "no weights", "half the weights", "LFS pointer"],
)
def test_a_folder_without_a_model_says_what_to_do(tmp_path, contents):
    for name, text in contents.items():
        (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(ModelMissing, match="the model that Tantu ships"):
        load_encoder(tmp_path)


def test_a_missing_folder_or_name_says_what_to_do(tmp_path):
    with pytest.raises(ModelMissing, match="no embedding model at"):
        load_encoder(tmp_path / "nowhere")
    with pytest.raises(ModelMissing, match="nobody/no-such-model"):
        load_encoder("nobody/no-such-model")


def test_importing_the_encoder_does_not_import_torch():
    code = "import sys, search.encoder; sys.exit('torch' in sys.modules or 'sentence_transformers' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
