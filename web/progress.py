"""Progress for people: a bar for each stage of a build with its rate and the time left, and one for each file."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from kg.progress import Step
from kg.settings import Settings
from search.library import Library

STAGES = frozenset({"files", "reports", "graph", "index"})
WIDEST = 24  # characters of a file's name, its end


class Rate(ProgressColumn):
    """How many of a stage are done in a second, once it is long enough under way to tell."""

    def render(self, task: Task) -> Text:
        """Return what is shown."""
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.1f}/s" if speed and (task.total or 0) > 1 else "")


@contextmanager
def bars() -> Iterator[Step]:
    """Give a function that shows how far a build is, from any thread; nothing is shown before its first call.

    A stage stays to be seen when it is done, a file makes room for the next one.
    """
    console = Console(stderr=True)
    told = (TextColumn("{task.description:>8}"), BarColumn(32), MofNCompleteColumn())
    columns = (*told, TimeElapsedColumn(), Rate(), TimeRemainingColumn(elapsed_when_finished=False))
    shown = Progress(*columns, console=console)
    tasks: dict[str, TaskID] = {}
    lock = threading.Lock()

    def step(what: str, done: int, total: int) -> None:
        with lock:
            shown.start()
            if what not in tasks:
                tasks[what] = shown.add_task(escape(what[-WIDEST:]), total=total)
            shown.update(tasks[what], completed=done, total=total)
            if what not in STAGES and done == total:
                shown.remove_task(tasks.pop(what))

    try:
        yield step
    finally:
        if tasks:  # one that was never shown would end an empty line
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
