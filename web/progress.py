"""Progress for people: a bar for each stage of a build, on a terminal or as plain lines."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from kg.progress import Step
from kg.settings import Settings
from search.library import Library


@contextmanager
def bars() -> Iterator[Step]:
    """Give a function that shows how far a build is; nothing is shown before its first call."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:>8}"), BarColumn(32), MofNCompleteColumn(), TimeElapsedColumn())
    shown = Progress(*columns, console=console)
    tasks: dict[str, TaskID] = {}

    def step(what: str, done: int, total: int) -> None:
        shown.start()
        if what not in tasks:
            tasks[what] = shown.add_task(what, total=total)
        shown.update(tasks[what], completed=done, total=total)

    try:
        yield step
    finally:
        if tasks:
            shown.stop()


@contextmanager
def library(settings: Settings) -> Iterator[Library]:
    """Give the library, built first where that is needed."""
    with bars() as step:
        opened = Library.open_or_build(settings, step)
    try:
        yield opened
    finally:
        opened.close()
