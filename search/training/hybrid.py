"""The product's own search, words and meaning together, measured over the paragraphs of a test set."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kg.vocabulary import Vocabulary
from search.assembling import build_index
from search.encoder import Encoder
from search.entries import PASSAGE, Entry
from search.index import Index


def entries_of(paragraphs: Sequence[Mapping[str, Any]]) -> Iterator[Entry]:
    """Yield paragraphs as passages, each a report of its own."""
    for paragraph in paragraphs:
        name, text = str(paragraph["id"]), str(paragraph["text"])
        yield Entry(name, PASSAGE, text, name, 0, len(text), "", None, "zh-Hant")


def hybrid_hits(
    encoder: Encoder,
    vocabulary: Vocabulary,
    paragraphs: Sequence[Mapping[str, Any]],
    questions: Sequence[Mapping[str, Any]],
    k: int = 5,
) -> float:
    """Return the share of questions whose paragraph is among the first k that :mod:`search.index` finds."""
    with tempfile.TemporaryDirectory() as folder:
        build_index(Path(folder), list(entries_of(paragraphs)), encoder, vocabulary)
        index = Index.open(Path(folder), encoder, vocabulary)
        found = [[hit.entry.iri for hit in index.search(str(question["text"]), k)] for question in questions]
    right = [str(question["positive"]) in names for question, names in zip(questions, found, strict=True)]
    return sum(right) / len(right)
