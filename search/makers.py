"""Making parts in as many processes as are worth starting: tasks go out as lines of JSON, a line comes back for each.

Plain processes and not ``multiprocessing``: those import the caller's main module again, which a script without a
guard does not survive.
"""

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import cached_property
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from kg import errors
from kg.confinement import follow
from kg.errors import KgError, StoreError
from kg.model import Report
from kg.pipeline import Pipeline
from kg.settings import ROOT, Settings, clean_environment
from kg.turtle import Node, Triple
from search.encoder import Encoder, load_question_encoder
from search.parts import Task, Wanted, make

START = "import sys; sys.path.insert(0, sys.argv[1]); from search.makers import main; main(*sys.argv[2:])"
# Bytes of text that a process should have to do: it takes as long to start as to read so many (2 s of processor
# for imports and the ontology; 175,000 bytes of seeds take 4 s).
WORTH = 80_000
TOGETHER = 8  # reports of a company for one process; more would leave the last one at work alone for longer
Done = Callable[[Task], None]


def make_all(home: Path, tasks: Sequence[Wanted], settings: Settings, tools: "Tools", done: Done) -> None:
    """Make the parts of some reports in a folder of parts; ``done`` is called, in this thread, as each is there.

    :raises KgError: if one cannot be made; those that have been made stay.
    """
    todo: queue.SimpleQueue[Sequence[Wanted]] = queue.SimpleQueue()
    for several in together(tasks):
        todo.put(several)
    worth = sum(wanted.listed.size for wanted in tasks) // WORTH
    others = min(len(tasks), cores_of(settings), worth) - 1
    finished: queue.SimpleQueue[Task | KgError] = queue.SimpleQueue()
    helpers = [Helper(home, settings, todo, finished) for _ in range(others)]
    left = len(tasks)
    try:
        for wanted in _taken(todo):
            task = wanted.task()
            make(home, task, tools.pipeline, tools.encoder)
            finished.put(task)
            while not finished.empty():
                left -= _told(finished.get(), done)
        while left:
            left -= _told(finished.get(), done)
    finally:
        for helper in helpers:
            helper.end()


def cores_of(settings: Settings) -> int:
    """Return how many things a build may do at once."""
    return settings.processes or os.cpu_count() or 1


def together(tasks: Sequence[Wanted]) -> Iterator[Sequence[Wanted]]:
    """Yield tasks that one process should do: a few reports of a company, whose words are gathered for it anew."""
    for companies, several in groupby(sorted(tasks, key=lambda wanted: wanted.companies), lambda w: w.companies):
        of_one = list(several)
        step = TOGETHER if companies else 1
        yield from (of_one[start : start + step] for start in range(0, len(of_one), step))


def _taken(todo: "queue.SimpleQueue[Sequence[Wanted]]") -> Iterator[Wanted]:
    """Yield tasks while nobody else has taken them."""
    while True:
        try:
            yield from todo.get_nowait()
        except queue.Empty:
            return


def _told(found: Task | KgError, done: Done) -> int:
    """Tell of a part that has been made, and count it.

    :raises KgError: if a process could not make it.
    """
    if isinstance(found, KgError):
        raise found
    done(found)
    return 1


class Tools:
    """What making a part needs, loaded when it is first asked for: the embedding model while reports are read."""

    def __init__(self, settings: Settings) -> None:
        """Name what will be loaded."""
        self._settings = settings
        self._background = ThreadPoolExecutor(1)
        self._loading = self._background.submit(load_question_encoder, settings.model)

    def __enter__(self) -> Self:
        """Return the tools themselves."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait until nothing is being loaded."""
        self._background.shutdown()

    @cached_property
    def pipeline(self) -> Pipeline:
        """The ontology with its shapes."""
        return Pipeline(self._settings.ontology)

    @property
    def encoder(self) -> Encoder:
        """The embedding model."""
        return self._loading.result()


class Helper:
    """A process that makes parts, with the thread that feeds it."""

    def __init__(
        self,
        home: Path,
        settings: Settings,
        todo: "queue.SimpleQueue[Sequence[Wanted]]",
        finished: "queue.SimpleQueue[Task | KgError]",
    ) -> None:
        """Start both."""
        command = [sys.executable, "-P", "-c", START, str(ROOT), str(home), str(settings.ontology), settings.model]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=clean_environment()
        )
        self._todo, self._finished = todo, finished
        self._thread = threading.Thread(target=self._feed, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        self._thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def _feed(self) -> None:
        for wanted in _taken(self._todo):
            try:
                self._finished.put(self._made(wanted.task()))
            except KgError as error:
                self._finished.put(error)

    def _made(self, task: Task) -> Task | KgError:
        """Have the process make a part; return what is wrong if it cannot."""
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write(json.dumps(asdict(task)).encode() + b"\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except (OSError, ValueError):
            answer = b""
        if not answer:
            code = self._process.wait()
            return StoreError(f"the process that read {task.report.id} has ended ({code}); is there too little memory?")
        said = json.loads(answer)
        return task if said["error"] is None else error_of(said)


def error_of(said: Mapping[str, Any]) -> KgError:
    """Return an error that was sent by its name and its reason; those that say more than a reason come as another."""
    found = getattr(errors, said["error"], StoreError)
    plain = issubclass(found, KgError) and not issubclass(found, errors.NotFound | errors.QueryError)
    error: KgError = (found if plain else StoreError)(said["reason"])
    return error


def task_of(line: bytes) -> Task:
    """Return a task that was sent."""
    found = json.loads(line)
    report = Report(**{**found["report"], "pages": tuple(found["report"]["pages"])})
    companies = tuple(Triple(subject, predicate, Node(*node)) for subject, predicate, node in found["companies"])
    return Task(found["key"], report, companies)


def main(home: str, ontology: str, model: str) -> None:
    """Make parts for the parent until it closes the pipe."""
    output = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what libraries print is no answer
    follow(0)
    tools = Tools(Settings(ontology=Path(ontology), model=model))
    for line in sys.stdin.buffer:
        error, reason = None, ""
        try:
            make(Path(home), task_of(line), tools.pipeline, tools.encoder)
        except KgError as found:
            error, reason = type(found).__name__, str(found)
        output.write(json.dumps({"error": error, "reason": reason}).encode() + b"\n")
