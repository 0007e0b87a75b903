"""Telling how far a long piece of work is."""

from collections.abc import Callable

Step = Callable[[str, int, int], None]  # called with what is done, how much of it, and how much there is


def silent(what: str, done: int, total: int) -> None:
    """Report no progress."""
