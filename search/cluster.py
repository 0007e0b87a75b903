"""Making parts on a cluster of Dask, whose workers need nothing but Tantu: a report goes out, its part comes back.

A worker reads with the ontology, the model and the code that it has itself. What a task brings along are their
checksums: where they are others, the part would be another one, and the worker says so instead of making it.
"""

import io
import json
import tarfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import lru_cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from kg.errors import KgError, StoreError
from kg.generations import tools
from kg.settings import Settings
from search.makers import Done, Tools, error_of, task_of
from search.parts import Task, Wanted, arriving, make

CONNECTING = 20  # seconds in which the scheduler has to answer, and to have a worker
AHEAD = 2  # reports for each thread of the cluster that are under way: one is read while the next is on its way
WORTH = 200_000  # bytes of text below which it is quicker to read them here than to send them

_one_at_a_time = threading.Lock()  # the pipeline of a process serves one thread


class Made(NamedTuple):
    """What a worker answers: the files of a part, or the error for which there are none, by its name and its reason."""

    files: bytes
    error: str = ""
    reason: str = ""


def worth(settings: Settings, wanted: Sequence[Wanted]) -> bool:
    """Say whether there is a cluster, and enough to do for it."""
    return bool(settings.cluster) and sum(each.listed.size for each in wanted) >= WORTH


def spread(home: Path, wanted: Sequence[Wanted], settings: Settings, done: Done) -> None:
    """Make the parts of some reports on the cluster; ``done`` is called, in this thread, as each is there.

    :raises KgError: if one cannot be made, or nobody is there to make it; those that have been made stay.
    """
    with _client(settings) as (client, distributed):
        needed, rest = tools(settings), iter(wanted)
        under_way: dict[str, Task] = {}

        def sent(count: int) -> list[Any]:
            futures = []
            for each in islice(rest, count):
                task = each.task()
                line = json.dumps(asdict(task)).encode()
                futures.append(client.submit(made, line, needed, key=f"tantu-{each.key}", pure=False))
                under_way[futures[-1].key] = task
            return futures

        threads = sum(client.nthreads().values())
        running = distributed.as_completed(sent(AHEAD * threads), loop=client.loop)
        for future in running:
            task = under_way.pop(future.key)
            _keep(home, task, _result(future, task, settings))
            future.release()
            done(task)
            running.update(sent(1))


@contextmanager
def _client(settings: Settings) -> Iterator[tuple[Any, Any]]:
    """Give a connection to the scheduler, and the library.

    :raises StoreError: if it does not answer, has no workers, or the library is not installed.
    """
    try:
        import distributed
    except ImportError as error:
        raise StoreError("a cluster needs the library of Dask: pip install 'tantu[dask]'") from error
    said = f"the cluster {settings.cluster}"
    try:
        client: Any = distributed.Client(settings.cluster, timeout=CONNECTING, set_as_default=False)
    except (OSError, ValueError) as error:
        advice = "start `dask scheduler`, or correct TANTU_CLUSTER"
        raise StoreError(f"{said} does not answer ({error}); {advice}") from error
    try:
        _await_workers(client, said)
        yield client, distributed
    finally:
        client.close()


def _await_workers(client: Any, said: str) -> None:
    try:
        client.wait_for_workers(1, timeout=CONNECTING)
    except TimeoutError as error:
        raise StoreError(f"{said} has no workers; start some with `dask worker`") from error


def _result(future: Any, task: Task, settings: Settings) -> bytes:
    """Return the files that a worker has made.

    :raises KgError: if it could not.
    """
    if future.status != "finished":
        said = f"the cluster {settings.cluster} could not read {task.report.id} ({future.exception()!r})"
        raise StoreError(f"{said}; is there too little memory on its workers?")
    found: Made = future.result()
    if found.error:
        raise error_of({"error": found.error, "reason": found.reason})
    return found.files


def _keep(home: Path, task: Task, files: bytes) -> None:
    """Put a part that has come into its place, unless somebody has made it by then."""
    with arriving(home, task.key) as aside, tarfile.open(fileobj=io.BytesIO(files)) as packed:
        packed.extractall(aside, filter="data")


def made(line: bytes, needed: Mapping[str, str]) -> Made:
    """Make a part on a worker, if it has what is ``needed`` for that: checksums by name."""
    try:
        with _one_at_a_time, TemporaryDirectory(prefix="tantu-") as folder:
            has, means = _here()
            others = sorted(name for name in needed if has.get(name) != needed[name])
            if others:
                said = f"a worker has another {', '.join(others)} than this machine"
                raise StoreError(f"{said}; install the same Tantu there, with the same TANTU_ONTOLOGY and TANTU_MODEL")
            task = task_of(line)
            make(Path(folder), task, means.pipeline, means.encoder)
            packed = io.BytesIO()
            with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as target:
                for path in sorted((Path(folder) / task.key).iterdir()):
                    target.add(path, path.name)
            return Made(packed.getvalue())
    except KgError as error:
        return Made(b"", type(error).__name__, str(error))


@lru_cache(maxsize=1)
def _here() -> tuple[dict[str, str], Tools]:
    """Return the checksums of what this worker reads with, and that itself; both stay as long as it does."""
    settings = Settings.from_environment()
    return tools(settings), Tools(settings)
