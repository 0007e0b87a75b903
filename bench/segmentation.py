"""How to cut Chinese into words for the keyword index, measured on the questions of DRCD.

python -m bench.segmentation FOLDER

FOLDER holds ``dev.corpus.jsonl`` (``id``, ``text``) and ``dev.queries.jsonl`` (``text``, ``positive``). Prints hit@1
and hit@5 of the keyword index alone, how many words and postings it has, and the processor's time for a question.
jieba, which only training needs, is left out where it is not installed.
"""

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from kg.reading.folding import HAN, compact
from search.keywords import Keywords
from search.retrieval import SINGLE
from search.segmenter import chance_pairs, segments
from search.tokens import is_han, other_words

_RUN = re.compile(f"[{HAN}]+")
Cut = Callable[[str], Iterator[str]]


def unigram(text: str) -> Iterator[str]:
    """Yield the words of the shipped model's segmenter."""
    yield from (text[start:end] for start, end in segments(text))


def jieba(text: str) -> Iterator[str]:
    """Yield the words of jieba."""
    from jieba import lcut

    yield from (word for run in _RUN.findall(text) for word in lcut(run, HMM=False))


def pairs(text: str) -> Iterator[str]:
    """Yield each character and each pair of neighbours."""
    for run in _RUN.findall(text):
        yield from run
        yield from (run[i : i + 2] for i in range(len(run) - 1))


def both(text: str) -> Iterator[str]:
    """Yield pairs, characters and the segmenter's longer words."""
    yield from pairs(text)
    yield from (word for word in unigram(text) if len(word) > 2)


def asked(text: str) -> Iterator[str]:
    """Yield pairs and characters but for the pairs by chance; a search leaves out those that no entry holds."""
    by_chance = chance_pairs(text)
    yield from (word for word in pairs(text) if word not in by_chance)


WAYS: Mapping[str, tuple[Cut, Cut]] = {
    "pairs and characters": (pairs, pairs),
    "these, without pairs by chance in questions": (pairs, asked),
    "words of the model's segmenter": (unigram, unigram),
    "these, with pairs and characters": (both, both),
    **({"words of jieba": (jieba, jieba)} if find_spec("jieba") else {}),
}


def main(folder: Path) -> None:
    """Print a line for each way."""
    corpus, queries = (
        [json.loads(line) for line in (folder / f"dev.{name}.jsonl").read_text("utf-8").splitlines()]
        for name in ("corpus", "queries")
    )
    texts = [compact(row["text"]).text for row in corpus]
    questions = [compact(row["text"]).text for row in queries]
    rows = {row["id"]: i for i, row in enumerate(corpus)}
    right = [rows[row["positive"]] for row in queries]
    for name, (indexing, asking) in WAYS.items():
        index = Keywords.build(dict(_bag(text, indexing)) for text in texts)
        began = time.process_time()
        scores = (index.scores([{word: weight(word, asking)} for word in _bag(text, asking)]) for text in questions)
        ranks = np.array([int((found > found[row]).sum()) for found, row in zip(scores, right, strict=True)])
        passed = 1000 * (time.process_time() - began) / len(questions)
        held = len({word for text in texts for word in _bag(text, indexing)})
        postings = sum(len(_bag(text, indexing)) for text in texts)
        shares = f"{np.mean(ranks < 1):8.3f}{np.mean(ranks < 5):8.3f}"
        sys.stdout.write(f"{name:44}{shares}{held:10,}{postings:10,}{passed:8.2f} ms\n")


def _bag(text: str, cut: Cut) -> Counter[str]:
    found = Counter(cut(text))
    found.update(word for word, _, _ in other_words(text))
    return found


def weight(word: str, cut: Cut) -> float:
    """Return what a word of a question weighs: a character beside pairs less than one that is a word."""
    return SINGLE if cut not in (unigram, jieba) and len(word) == 1 and is_han(word) else 1.0


if __name__ == "__main__":
    main(Path(sys.argv[1]))
