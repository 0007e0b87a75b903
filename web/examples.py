"""Example queries for the editor, by theme, and the ids that come nearest to a mistyped one."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

from web.contexts import Example, Theme
from web.parts import Phrase
from web.words import Words

FOLDER = Path(__file__).with_name("examples")
THEMES = ("numbers", "promises", "risks", "meaning", "ontology")


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Return up to three ids that look like ``name``, else the first three.

    >>> nearest("mobil-2023", ["mobile-2020", "mobile-2023", "zte-2024"])
    ['mobile-2023', 'mobile-2020']
    """
    ids = sorted(known)
    return get_close_matches(name, ids, 3, 0.6) or ids[:3]


def queries(words: Words) -> Iterator[Theme]:
    """Yield the queries under ``web/examples``; a folder is a theme, and the catalogue names both."""
    for theme in THEMES:
        files = sorted((FOLDER / theme).glob("*.rq"))
        named = [(Phrase(words(f"query.{path.stem}"), words.language), path.read_text("utf-8")) for path in files]
        yield Theme(words(f"query.theme.{theme}"), tuple(Example(title, query) for title, query in named))
