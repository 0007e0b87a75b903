"""Example queries for the editor, and the ids that come nearest to a mistyped one."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from web.words import LANGUAGES, Words, words_for

FOLDER = Path(__file__).with_name("examples")


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Return up to three ids that look like ``name``, else the first three.

    >>> nearest("mobil-2023", ["mobile-2020", "mobile-2023", "zte-2024"])
    ['mobile-2023', 'mobile-2020']
    """
    ids = sorted(known)
    return get_close_matches(name, ids, 3, 0.6) or ids[:3]


@cache
def _own() -> tuple[tuple[str, str], ...]:
    return tuple((path.stem, path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.rq")))


def queries(library: Any, words: Words) -> list[tuple[Mapping[str, str], str]]:
    """Return titles by language and queries: the library's, else those that come with the pages."""
    given = getattr(library, "examples", ())
    if given:
        return [(example.title, example.query) for example in given]
    return [({tag: words_for(tag)(f"query.{name}") for tag in LANGUAGES}, query) for name, query in _own()]
