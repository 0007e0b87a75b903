"""The changes that a server has been asked for: one at a time, the others wait, the last ones are remembered."""

import logging
import secrets
import shutil
import subprocess
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from kg.errors import KgError, Locked
from kg.progress import Step
from kg.settings import Settings
from search.errands import Errand, Result, Started, perform_apart
from web.failures import RequestError

AUDIT = logging.getLogger("tantu.audit")
WAITING = 50  # changes that may wait
KEPT = 100  # changes that are remembered when they are done
PATIENCE = 600.0  # seconds to wait for a command that is changing the same data
PAUSE = 1.0  # seconds between two tries
OPENING = 10.0  # seconds in which a server goes over to a new generation (web.switching)
STAGES = ("files", "reports", "graph", "index")
Run = Callable[[Settings, Errand, Step, Started], Result]


@dataclass(slots=True)
class Job:
    """A change: ``kind`` is ``add``, ``correct`` or ``remove``; ``waiting``, ``working``, ``done`` or ``failed``.

    ``names`` are the files or reports; ``folder`` holds the files until they have been read; ``progress`` says for each
    file and stage how much of it is done, of how much. ``problem`` says why a change failed as a whole.
    """

    id: str
    kind: str
    errand: Errand
    names: tuple[str, ...]
    folder: Path | None = None
    state: str = "waiting"
    progress: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    result: Result = field(default_factory=Result)
    problem: str = ""
    ended_at: float = 0.0

    @property
    def ended(self) -> bool:
        """Whether nothing more happens."""
        return self.state in ("done", "failed")

    def seen(self, generation: str) -> bool:
        """Say whether a server that serves a generation shows the change, or has had the time to."""
        opened = self.result.generation in ("", generation) or time.monotonic() > self.ended_at + OPENING
        return self.ended and opened


class Jobs:
    """All changes of one server, made one after the other in a thread."""

    def __init__(self, settings: Settings, run: Run = perform_apart, pause: float = PAUSE) -> None:
        """Begin with none; ``run`` makes a change."""
        self._settings, self._run, self._pause = settings, run, pause
        self._thread = ThreadPoolExecutor(1, "changes")
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._closing = Event()
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, who: str, kind: str, errand: Errand, names: Sequence[str], folder: Path | None = None) -> Job:
        """Put a change behind those that wait; ``who`` is the client's address, for the log.

        :raises RequestError: if too many wait.
        """
        if sum(not job.ended for job in self._jobs.values()) >= WAITING:
            raise RequestError(503, f"{WAITING} changes wait already; ask again when some are done")
        job = Job(secrets.token_hex(6), kind, errand, tuple(names), folder)
        self._jobs[job.id] = job
        while len(self._jobs) > KEPT and next(iter(self._jobs.values())).ended:
            self._jobs.popitem(last=False)
        _note(who, "asked", job)
        self._thread.submit(self._work, job, who)
        return job

    def job(self, id: str) -> Job | None:
        """Return a change, None if there is no such or it has been forgotten."""
        return self._jobs.get(id)

    def latest(self) -> list[Job]:
        """Return the changes that are remembered, the latest first."""
        return list(reversed(self._jobs.values()))

    def close(self) -> None:
        """End the change that is under way, and make none of those that wait; what is there stays as it is."""
        self._closing.set()
        if self._process:
            self._process.kill()
        self._thread.shutdown(wait=True, cancel_futures=True)
        for job in self._jobs.values():
            _clear(job)

    def _work(self, job: Job, who: str) -> None:
        job.state = "working"
        try:
            job.result = self._patiently(job)
            job.state = "done"
        except KgError as error:
            job.problem, job.state = str(error), "failed"
        finally:
            self._process, job.ended_at = None, time.monotonic()
            _clear(job)
            _note(who, job.state, job)

    def _patiently(self, job: Job) -> Result:
        """Make a change, after whoever is changing the same data now.

        :raises KgError: if it cannot be made.
        """

        def step(what: str, done: int, total: int) -> None:
            job.progress = {**job.progress, what: (done, total)}

        until = time.monotonic() + PATIENCE
        while True:
            try:
                return self._run(self._settings, job.errand, step, self._started)
            except Locked:
                if time.monotonic() > until or self._closing.wait(self._pause):
                    raise

    def _started(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        if self._closing.is_set():
            process.kill()


def _clear(job: Job) -> None:
    if job.folder:
        shutil.rmtree(job.folder, ignore_errors=True)


def _note(who: str, state: str, job: Job) -> None:
    """Write who changed what into the log; names of files are safe to write, texts and secrets are not among it."""
    told = {one.name: one.what for one in job.result.told}
    files = {one.name: one.report for one in job.result.told if one.report}
    said: dict[str, object] = {
        "audit": job.kind,
        "state": state,
        "client": who,
        "change": job.id,
        "names": list(job.names),
    }
    said |= {"outcomes": told, "reports": files, "generation": job.result.generation, "problem": job.problem}
    with suppress(ValueError):  # the log's stream is closed while the server ends
        text = ", ".join(f"{name}: {told[name]}" if name in told else name for name in job.names)
        AUDIT.info("%s %s by %s (%s): %s %s", job.kind, state, who, job.id, text, job.problem, extra={"fields": said})
