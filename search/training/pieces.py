"""The pieces that texts are cut into, with their scores, and the features that pieces share."""

import logging
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator

import jieba

from search.training.configuration import Configuration

HAN = "[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fa1f]+"
WORD = "[0-9]g(?![a-z])|[a-z][a-z0-9]*|[0-9]+|%"
TOKEN = f"{WORD}|{HAN}"
UNKNOWN = "[UNK]"
NUMBERS = [*map(str, range(1_000)), *(f"{number:02}" for number in range(10)), *map(str, range(1_900, 2_060))]
"""Numbers that are pieces of their own; a longer one is cut into them, so that each has few rare parts."""
HAN_RUN, LATIN_WORD = re.compile(HAN), re.compile(WORD)


def count_words(texts: Iterable[str], glossary: Iterable[str], longest: int) -> tuple[Counter[str], Counter[str]]:
    """Return counts of Chinese words and of Latin words in folded texts; glossary entries count as known words."""
    jieba.setLogLevel(logging.WARNING)
    segment = jieba.Tokenizer()
    segment.initialize()
    for entry in glossary:
        if 1 < len(entry) <= longest and HAN_RUN.fullmatch(entry):
            segment.add_word(entry)
    han: Counter[str] = Counter()
    latin: Counter[str] = Counter()
    for text in texts:
        latin.update(LATIN_WORD.findall(text))
        for run in HAN_RUN.findall(text):
            han.update(segment.cut(run, HMM=False))
    return han, latin


def fragments(latin: Counter[str], wanted: int) -> list[tuple[str, int]]:
    """Return the parts of 2 to 6 letters that occur in most Latin words, with the number of words."""
    counts: Counter[str] = Counter()
    for word in sorted(latin):
        if latin[word] > 1 and not word.isdigit():
            counts.update({word[i : i + n] for n in range(2, 7) for i in range(len(word) - n + 1)})
    return ordered(counts)[:wanted]


def ordered(counts: Counter[str]) -> list[tuple[str, int]]:
    """Return the counts, highest first, equal ones by code points.

    >>> ordered(Counter(["b", "a", "c", "c"]))
    [('c', 2), ('a', 1), ('b', 1)]
    """
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def count_characters(words: Counter[str]) -> Counter[str]:
    """Return how often each character occurs in counted words."""
    characters: Counter[str] = Counter()
    for word, count in words.items():
        for character in word:
            characters[character] += count
    return characters


def choose_pieces(han: Counter[str], latin: Counter[str], settings: Configuration) -> dict[str, int]:
    """Return the pieces with their counts: all characters, the most frequent words and fragments, the numbers."""
    han_words = Counter({word: count for word, count in han.items() if 1 < len(word) <= settings.piece_length})
    latin_words = Counter({word: count for word, count in latin.items() if not word.isdigit()})
    chosen = (
        *ordered(count_characters(han + latin)),
        *ordered(han_words)[: settings.han_pieces],
        *ordered(latin_words)[: settings.latin_pieces],
    )
    pieces: dict[str, int] = {}
    for piece, count in chosen:
        if count >= settings.least_count:
            pieces.setdefault(piece, count)
    for piece, count in fragments(latin, settings.fragment_pieces):
        pieces.setdefault(piece, count)
    return pieces | {number: max(1, latin[number]) for number in NUMBERS}


def score_pieces(pieces: dict[str, int], cost: float) -> list[tuple[str, float]]:
    """Return the pieces with the scores of a Unigram model, the unknown piece first.

    >>> score_pieces({"a": 1, "b": 1}, 2.0)[1]
    ('a', -2.6931)
    """
    total = math.log(sum(pieces.values()))
    scored = [(piece, round(math.log(count) - total - cost, 4)) for piece, count in pieces.items()]
    return [(UNKNOWN, min(score for _, score in scored) - cost), *scored]


def features_of(piece: str, known: dict[str, int]) -> Iterator[str]:
    """Yield what a piece is made of: itself, then for Chinese its inner words and characters, for Latin its ends.

    Every number has the same second feature.

    >>> list(features_of("renewable", {}))
    ['renewable', 'rene-', 'renewa-', '-able']
    >>> list(features_of("2030", {}))
    ['2030', '#']
    """
    yield piece
    if HAN_RUN.match(piece):
        spans = [(i, i + n) for n in range(1, len(piece)) for i in range(len(piece) - n + 1)]
        yield from (piece[i:j] for i, j in spans if piece[i:j] in known)
    elif piece.isdigit():
        yield "#"
    elif piece.isalpha():
        yield from (f"{piece[:n]}-" for n in (4, 6) if len(piece) > n)
        if len(piece) > 6:
            yield f"-{piece[-4:]}"
