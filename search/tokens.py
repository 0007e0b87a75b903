"""Words for the keyword index: the same word whatever the script, width, case, number format or English ending.

Han characters have no blanks between words: each pair of neighbours is a token, and each character alone is one too.
docs/search.md measures this beside the words of two segmenters; :mod:`search.segmenter` says what a segmenter is for.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from Stemmer import Stemmer

from kg.reading.folding import HAN, compact

_HAN = re.compile(f"[{HAN}]+")
_OTHER = re.compile(
    r"(?P<name>(?<![\d.,])\d{1,2}[a-z](?![a-z0-9]))"  # 5g, 3d
    r"|(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)"
    rf"|(?P<word>[^\W_{HAN}]+(?:'[^\W_{HAN}]+)?)"
)
# English words that say nothing of a subject; Chinese reports hardly hold them, so rarity would make them weigh most.
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        """
        a about after all also an and any anyone anything are as at be been before being between both but by can could
        did do does doing each else every find for from get getting give given giving had has have having he her his
        how i if in into is it its just like look looking made make making many may me might more most much my no nor
        not of on one only or other our out over per s said same see she should so some someone something such t tell
        than that the their them then there these they thing things this those through to too under up us use used
        using very want was way we were what when where which while who whom whose why will with would you your
        """,
    )
)


Word = tuple[str, str]  # as the index holds it (a stem, a plain number), and as it is written (folded)


@dataclass(frozen=True, slots=True)
class Token:
    """A word as the index holds it, the same with its ending, and where it stands in the text as given."""

    word: str
    folded: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text in reading order; those of Han characters overlap.

    >>> [token.word for token in tokens("數據中心 PUE 降至1.30")]
    ['数', '数据', '据', '据中', '中', '中心', '心', 'pue', '降', '降至', '至', '1.3']
    >>> [token.word for token in tokens("The reports say 1,343 emissions")]
    ['report', 'say', '1343', 'emiss']
    >>> tokens("數據中心 PUE 降至1.30")[-1]
    Token(word='1.3', folded='1.30', start=11, end=15)
    """
    folded = compact(text)
    found = [(start, start + len(word), word) for start, word in _han_words(folded.text)]
    found += [(start, end, word) for word, start, end in other_words(folded.text)]
    return [
        Token(word, folded.text[start:end], span.start, span.end)
        for start, end, word in sorted(found)
        for span in [folded.span(start, end)]
    ]


def counted(text: str) -> Counter[Word]:
    """Return how often each word stands in a text, the same words as :func:`tokens` finds but many times faster.

    >>> counted("能耗、能耗 PUEs")[("能耗", "能耗")], counted("PUEs")
    (2, Counter({('pue', 'pues'): 1}))
    """
    folded = compact(text).text
    runs = _HAN.findall(folded)
    han = Counter(character for run in runs for character in run)
    han.update(run[i : i + 2] for run in runs for i in range(len(run) - 1))
    counts = Counter({(word, word): number for word, number in han.items()})
    counts.update((word, folded[start:end]) for word, start, end in other_words(folded))
    return counts


def distinct(text: str) -> frozenset[str]:
    """Return the words of a text, each once, as the index holds them.

    >>> sorted(distinct("能耗、能耗 PUEs"))
    ['pue', '耗', '能', '能耗']
    """
    folded = compact(text).text
    runs = _HAN.findall(folded)
    others = (word for word, _, _ in other_words(folded))
    pairs = (first + second for run in runs for first, second in pairwise(run))
    return frozenset("".join(runs)).union(pairs, others)


def _han_words(folded: str) -> Iterator[tuple[int, str]]:
    for run in _HAN.finditer(folded):
        start, end = run.span()
        for i in range(start, end):
            yield i, folded[i]
            if i + 1 < end:
                yield i, folded[i : i + 2]


def other_words(folded: str) -> Iterator[tuple[str, int, int]]:
    """Yield the numbers and the words that are not Han of a folded text, and where each starts and ends in it."""
    for run in _OTHER.finditer(folded):
        start, end = run.span()
        if run.lastgroup == "number":
            yield _number(run.group()), start, end
        elif run.group() not in _EMPTY:
            yield _stem(run.group()), start, end


def is_han(word: str) -> bool:
    """Say whether a token is made of Han characters."""
    return bool(_HAN.match(word))


def has_han(text: str) -> bool:
    """Say whether a text holds Han characters, so that a question counts as Chinese.

    >>> has_han("PUE 目標"), has_han("PUE target")
    (True, False)
    """
    return bool(_HAN.search(text))


def _number(written: str) -> str:
    """Return one spelling for a number.

    >>> _number("1,343"), _number("1.30"), _number("007")
    ('1343', '1.3', '7')
    """
    whole, _, part = written.replace(",", "").partition(".")
    whole, part = whole.lstrip("0") or "0", part.rstrip("0")
    return f"{whole}.{part}" if part else whole


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer:
    return Stemmer("english")


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word)) if word.isascii() and word.isalpha() else word
