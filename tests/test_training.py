"""A training run in small: it learns, it is repeatable, it says what is missing."""

import gzip
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional

from kg.errors import ReadingError
from kg.vocabulary import Vocabulary

pytest.importorskip("sentencepiece", reason="needs the training extra")

from search.encoder import load_encoder
from search.training.__main__ import main
from search.training.batches import Bags, cropped, surrounding, whole
from search.training.configuration import Configuration
from search.training.contrast import contrast
from search.training.descent import Descent
from search.training.hybrid import hybrid_hits
from search.training.network import PieceVectors
from search.training.pieces import NUMBERS
from search.training.run import run
from search.training.sources import SOURCES
from search.training.texts import Side

WORDS = {
    "wind": "風", "water": "水", "fire": "火", "forest": "林", "mountain": "山", "rice": "米", "tea": "茶", "fish": "魚",
    "horse": "馬", "cattle": "牛", "sheep": "羊", "bird": "鳥", "gold": "金", "wood": "木", "earth": "土", "rain": "雨",
}  # fmt: skip
SMALL = replace(
    Configuration(), dimension=16, steps=30, batch=64, least_count=1, latin_pieces=100, fragment_pieces=50, threads=1
)


def sentences(count):
    """Yield pairs of four words each."""
    random = np.random.default_rng(1)
    for _ in range(count):
        chosen = random.choice(sorted(WORDS), 4, replace=False)
        yield " ".join(chosen), "，".join(WORDS[word] for word in chosen)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    for source in SOURCES:
        with gzip.open(folder / f"parallel-{source.name}.tsv.gz", "wt", encoding="utf-8") as file:
            file.writelines(f"{english}\t{chinese}\ttest\n" for english, chinese in sentences(40))
    return folder


@pytest.fixture(scope="module")
def model(corpus, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    run(corpus, folder, SMALL)
    return folder


def test_a_small_run_learns_the_words_in_both_scripts(model):
    encoder = load_encoder(model)
    english, hant, hans = (encoder.encode(words) for words in (list(WORDS), list(WORDS.values()), ["马", "鱼", "鸟"]))
    assert (np.argmax(english @ hant.T, axis=1) == np.arange(len(WORDS))).mean() > 0.8
    assert np.array_equal(hans, encoder.encode(["馬", "魚", "鳥"]))


def test_two_runs_give_the_same_bytes(model, corpus, tmp_path):
    run(corpus, tmp_path, SMALL)
    files = sorted(path.relative_to(model) for path in model.rglob("*") if path.is_file())
    assert files
    assert all((model / file).read_bytes() == (tmp_path / file).read_bytes() for file in files)


def test_too_little_text_is_said(corpus, tmp_path):
    with pytest.raises(ReadingError, match="smaller batch"):
        run(corpus, tmp_path, replace(SMALL, batch=100_000))


def test_a_missing_corpus_is_one_line(tmp_path, capsys):
    assert main(["--corpus", str(tmp_path), "--out", str(tmp_path / "model")]) == 1
    assert "--corpus" in capsys.readouterr().err


SIDE = Side(np.arange(10, dtype=np.int32), np.array([0, 3, 5, 10]))  # three texts: 0-2, 3-4, 5-9


def test_bags_hold_the_texts_of_their_rows():
    bags = whole(SIDE, np.array([2, 0]), 4)
    assert bags.pieces.tolist() == [5, 6, 7, 8, 0, 1, 2]
    assert bags.offsets.tolist() == [0, 4]


def test_a_window_holds_the_neighbours_and_may_leave_out_the_middle():
    rows, reach = np.array([1, 1]), (np.array([1, 0]), np.array([1, 1]))
    bags = surrounding(SIDE, rows, reach, np.array([True, False]), 100)
    assert bags.pieces.tolist() == [0, 1, 2, 5, 6, 7, 8, 9, 3, 4, 5, 6, 7, 8, 9]
    assert bags.offsets.tolist() == [0, 8]


def test_a_crop_lies_within_its_text():
    bags = cropped(SIDE, np.array([2] * 50), 100, np.random.default_rng(0))
    assert set(bags.pieces.tolist()) == {5, 6, 7, 8, 9}
    assert bags.offsets[0] == 0
    assert (np.diff(bags.offsets) >= 2).all()


def test_numbers_are_told_apart_and_cut_into_few_pieces(model):
    encoder = load_encoder(model)
    assert {"0", "07", "999", "2030"} <= set(NUMBERS)
    years = encoder.encode(["2023", "2024", "1,234,567", "1234567"])
    assert not np.allclose(years[0], years[1])
    assert np.array_equal(years[2], years[3])


def rows_of_length_one(number):
    return functional.normalize(torch.randn(number, 8, generator=torch.Generator().manual_seed(number)), dim=1)


@pytest.mark.parametrize("scale", [1.0, 20.0, 50.0])
def test_the_loss_and_its_gradient_are_those_of_two_cross_entropies(scale):
    left, right = rows_of_length_one(30).requires_grad_(), rows_of_length_one(31)[:30].requires_grad_()
    loss, partners = contrast(left, right, scale), torch.arange(30)
    cosines = left @ right.T * scale
    plain = (functional.cross_entropy(cosines, partners) + functional.cross_entropy(cosines.T, partners)) / 2
    assert loss.item() == pytest.approx(plain.item(), rel=1e-5)
    found, wanted = torch.autograd.grad(loss, [left, right]), torch.autograd.grad(plain, [left, right])
    for gradient, other in zip(found, wanted, strict=True):  # bfloat16 has three digits
        assert (gradient - other).abs().max() <= 0.01 * other.abs().max()


def test_the_descent_is_adams():
    tables = [torch.nn.Embedding(6, 3, sparse=sparse) for sparse in (True, False)]
    tables[1].load_state_dict(tables[0].state_dict())
    descent, adam = Descent(tables[0].parameters(), 0.1, 5), torch.optim.Adam(tables[1].parameters(), lr=0.1)
    decay = torch.optim.lr_scheduler.LinearLR(adam, 1.0, 0.005, 5)
    for rows in ([0, 2], [2, 5], [1, 3]):
        descent.step(tables[0](torch.tensor(rows)).square().sum())
        adam.zero_grad()
        tables[1](torch.tensor(rows)).square().sum().backward()
        adam.step()
        decay.step()
    assert torch.allclose(tables[0].weight, tables[1].weight, atol=1e-6)


def test_the_vectors_of_texts_are_the_means_of_the_table():
    network = PieceVectors(["[UNK]", "\u98ce", "\u98ce\u7535", "wind", "power", "2030"], SMALL)
    left, _ = network(
        Bags(np.array([1, 3, 4], dtype=np.int32), np.array([0, 1])), Bags(np.array([2], dtype=np.int32), np.array([0]))
    )
    table = network.table()
    mean = table[[3, 4]].mean(axis=0)
    assert np.allclose(left[1].detach(), mean / np.linalg.norm(mean), atol=1e-6)


def test_the_hybrid_finds_a_paragraph_by_its_words(model):
    paragraphs = [{"id": word, "text": f"{chinese}{chinese}\u3002{word} {word}"} for word, chinese in WORDS.items()]
    questions = [{"text": word, "positive": word} for word in WORDS]
    assert hybrid_hits(load_encoder(model), Vocabulary([]), paragraphs, questions, k=1) == 1.0
