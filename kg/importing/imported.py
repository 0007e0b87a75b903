"""What a file gives when it is read, and how much it may take."""

from bisect import bisect_right
from dataclasses import dataclass

from kg.settings import Settings

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take: bytes of the file, seconds, bytes of memory, pages, characters of its text."""

    size: int = 64 * MIB
    seconds: float = 60.0
    memory: int = 1024 * MIB
    pages: int = 3_000
    characters: int = 5_000_000

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """Return the limits that are set.

        >>> Limits.of(Settings()) == Limits()
        True
        """
        return cls(
            settings.file_size * MIB,
            settings.file_seconds,
            settings.file_memory * MIB,
            settings.file_pages,
            settings.file_characters,
        )


@dataclass(frozen=True, slots=True)
class Imported:
    """A file's text as it will be stored and cited.

    ``pages`` are the offsets at which page 1, 2, ... begin, none where the form knows no pages; ``title`` is what the
    file calls itself, or ""; each of ``warnings`` is one line about what could not be read or was left out.
    """

    text: str
    media_type: str
    pages: tuple[int, ...] = ()
    title: str = ""
    warnings: tuple[str, ...] = ()

    def page_of(self, offset: int) -> int | None:
        """Return the page on which a character stands, counted from 1; None where there are no pages.

        >>> imported = Imported("one two", "application/pdf", (0, 4))
        >>> imported.page_of(3), imported.page_of(4)
        (1, 2)
        """
        return max(1, bisect_right(self.pages, offset)) if self.pages else None
