"""What can be asked: Tantu as it is, its words alone, its meaning alone, and any other embedding model."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.model import Span
from kg.reading.folding import compact
from search.answers import as_json
from search.encoder import Encoder, load_encoder
from search.entries import PASSAGE, Entry
from search.evaluation.questions import Place
from search.keywords import Keywords
from search.library import Library
from search.tokens import tokens
from search.views import views

TANTU, WORDS, MEANING = "tantu", "bm25", "dense"


@dataclass(frozen=True, slots=True)
class System:
    """Something that finds the ``k`` best places for a question, best first, and perhaps answers it."""

    name: str
    search: Callable[[str, int], Sequence[Place]]
    ask: Callable[[str], Mapping[str, Any]] | None = None


def system(name: str, library: Library) -> System:
    """Return a system by name, over the passages of a library.

    ``tantu`` is the library itself, ``bm25`` words alone without translations, ``dense`` the library's embedding model
    alone; any other name, or a folder, is that of a sentence-transformers model, which then stands alone.

    :raises ModelMissing: if the model cannot be loaded.
    """
    if name == TANTU:
        return tantu(library)
    entries = passages(library)
    if name == WORDS:
        return words(entries)
    return meaning(entries, load_encoder(library.settings.model if name == MEANING else name), name)


def passages(library: Library) -> list[Entry]:
    """Return the passages of a library."""
    entries = library.index.entries
    return [entry for entry in (entries[i] for i in range(len(entries))) if entry.kind == PASSAGE]


def tantu(library: Library) -> System:
    """Return Tantu as it is."""

    def search(question: str, k: int) -> list[Place]:
        return [_place(hit.entry) for hit in library.search(question, k)]

    return System(TANTU, search, lambda question: as_json(library.ask(question), library))


def words(entries: Sequence[Entry]) -> System:
    """Return plain BM25: pairs of Han characters and each alone, English stems and numbers, in one script and case."""
    index = Keywords.build(_bag(entry.text) for entry in entries)
    return ranking(WORDS, entries, lambda question: index.scores({word: 1.0} for word in _bag(question)))


def meaning(entries: Sequence[Entry], encoder: Encoder, name: str) -> System:
    """Return an embedding model alone: a passage is as near as its nearest window, all of them compared."""
    texts = [views(entry) for entry in entries]
    matrix = encoder.encode([text for group in texts for text in group])
    starts = np.cumsum([0, *map(len, texts)])[:-1]

    def scores(question: str) -> NDArray[np.float32]:
        return np.maximum.reduceat(matrix @ encoder.encode([compact(question).text])[0], starts)

    return ranking(name, entries, scores)


def ranking(name: str, entries: Sequence[Entry], scores: Callable[[str], NDArray[np.float32]]) -> System:
    """Return a system that gives every entry a score; equal ones keep the order of the entries, nothing is below 0."""

    def search(question: str, k: int) -> list[Place]:
        found = scores(question)
        return [_place(entries[i]) for i in np.argsort(-found, kind="stable")[:k] if found[i] > 0]

    return System(name, search)


def _bag(text: str) -> dict[str, float]:
    bag: dict[str, float] = {}
    for token in tokens(text):
        bag[token.word] = bag.get(token.word, 0.0) + 1.0
    return bag


def _place(entry: Entry) -> Place:
    return Place(entry.report, Span(entry.start, entry.end))
