"""What a search block looks for and what it finds: the words between SPARQL and the index."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: the ``limit`` best of a kind for a text.

    ``kind`` is "facts", "passages" or "concepts"; ``least`` is the least score of a hit; ``language`` is a range as for
    ``langMatches`` ("zh" means both scripts); ``candidates`` are the IRIs that may be found, None for any. ``snippets``
    says whether somebody wants to read the place that suits best, which takes longer to find than the hit.
    ``technology`` and ``risk`` name a concept, itself or one below it a hit has to speak of.
    """

    kind: str
    text: str
    limit: int
    least: float = 0.0
    language: str | None = None
    candidates: frozenset[str] | None = None
    snippets: bool = False
    technology: str | None = None
    risk: str | None = None


class Found(NamedTuple):
    """A hit: ``language`` is that of ``text``, which is a passage's or fact's snippet, a concept's label, or empty."""

    iri: str
    score: float
    language: str = ""
    text: str = ""


Search = Callable[[Sought], list[Found]]
"""Finds, best first; equal scores in the order of IRIs."""


class Made(NamedTuple):
    """A search that a query made: what for, at which place, how many hits; candidates and search in milliseconds."""

    sought: Sought
    line: int
    column: int
    hits: int
    choosing: float
    searching: float


def speaks(language: str, wanted: str) -> bool:
    """Say whether a language tag lies in a range, as SPARQL's langMatches does.

    >>> speaks("zh-Hans", "ZH"), speaks("en", "zh"), speaks("en", "*")
    (True, False, True)
    """
    tag, asked = language.lower(), wanted.lower()
    return asked in ("*", tag) or tag.startswith(f"{asked}-")
