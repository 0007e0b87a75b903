"""The words of the interface: one catalogue, ``words.toml``, for three languages.

A key has a text for each language; ``one-en`` is the English text for a count of one. Texts may hold ``{name}`` slots.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
CATALOGUE = Path(__file__).with_name("words.toml")

Entries = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Words:
    """The interface in one language.

    >>> words = Words("en", {"count.facts": {"en": "{n} facts", "one-en": "{n} fact"}})
    >>> words("count.facts", n=1), words("count.facts", n=1200)
    ('1 fact', '1,200 facts')
    """

    language: str
    entries: Entries

    def __call__(self, key: str, **slots: object) -> str:
        """Return the text of ``key`` with its slots filled; whole numbers get separators.

        :raises KeyError: if the catalogue has no such key or slot.
        """
        texts = self.entries[key]
        text = texts[self.language]
        if slots.get("n") == 1:
            text = texts.get(f"one-{self.language}", text)
        return text.format(**{name: _shown(value) for name, value in slots.items()})

    def has(self, key: str) -> bool:
        """Say whether the catalogue knows ``key``."""
        return key in self.entries

    def under(self, prefix: str) -> dict[str, str]:
        """Return every text whose key starts with ``prefix``, for the scripts of a page."""
        return {key: texts[self.language] for key, texts in self.entries.items() if key.startswith(prefix)}


def _shown(value: object) -> object:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else value


def flatten(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield ``(dotted key, texts by language)`` for each entry of a parsed catalogue.

    >>> list(flatten({"nav": {"reports": {"en": "Reports"}}}))
    [('nav.reports', {'en': 'Reports'})]
    """
    for name, value in table.items():
        if not isinstance(value, Mapping):
            continue
        if all(isinstance(text, str) for text in value.values()):
            yield f"{prefix}{name}", value
        else:
            yield from flatten(value, f"{prefix}{name}.")


@cache
def entries() -> Entries:
    """Read the catalogue once."""
    return dict(flatten(tomllib.loads(CATALOGUE.read_text("utf-8"))))


def words_for(language: str) -> Words:
    """Return the interface's words in one of ``LANGUAGES``."""
    return Words(language, entries())
