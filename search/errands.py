"""Changes that a server makes while it answers: each in a process of its own, which tells how far it is.

Reading and building take all of a processor and much memory for as long as they run; in the server's own process every
answer would wait for them. What comes back is JSON, line by line.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from kg.confinement import follow
from kg.errors import KgError, StoreError
from kg.progress import Step, silent
from kg.settings import ROOT, Settings, clean_environment
from search.building import Built
from search.changing import Given, Outcome, Source, add, remove
from search.makers import error_of

START = "import sys; sys.path.insert(0, sys.argv[1]); from search.errands import main; main()"
NICE = 10  # answers go first; alone on the machine it is as quick as ever
PATHS = ("data", "seeds", "ontology")


NOTHING = Given()


@dataclass(frozen=True, slots=True)
class Errand:
    """A change to make: files to add, as names with paths, and what is said of them; else reports to remove, by id."""

    sources: tuple[tuple[str, str], ...] = ()
    given: Given = NOTHING
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a file, as ``search.changing.Outcome`` says it, without the text."""

    name: str
    what: str
    report: str = ""
    company: str = ""
    newcomer: bool = False
    year: int = 0
    language: str = ""
    title: str = ""
    pages: int = 0
    characters: int = 0
    warnings: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What an errand did: to each file, and which generation holds it, "" where nothing had to be built."""

    told: tuple[Told, ...] = ()
    generation: str = ""
    reports: int = 0
    facts: int = 0


Started = Callable[["subprocess.Popen[bytes]"], None]


def perform(settings: Settings, errand: Errand, step: Step = silent) -> Result:
    """Make a change in this process.

    :raises KgError: if it cannot be made at all.
    """
    if errand.removed:
        built = remove(settings, errand.removed, step)
        return _result(tuple(Told(name, "removed", name) for name in errand.removed), built)
    sources = [Source(name, Path(path)) for name, path in errand.sources]
    changed = add(settings, sources, errand.given, step)
    return _result(tuple(map(_told, changed.outcomes)), changed.built)


def _result(told: tuple[Told, ...], built: Built | None) -> Result:
    if built is None:
        return Result(told)
    counts = built.manifest.counts
    return Result(told, built.manifest.key, counts["reports"], counts["facts"])


def _told(outcome: Outcome) -> Told:
    report = outcome.report
    if report is None:
        return Told(outcome.name, outcome.what, problem=outcome.problem)
    return Told(
        name=outcome.name,
        what=outcome.what,
        report=report.id,
        company=outcome.company,
        newcomer=outcome.newcomer,
        year=report.year,
        language=report.language,
        title=report.title.get(report.language) or next(iter(report.title.values()), ""),
        pages=len(report.pages),
        characters=len(report.text),
        warnings=outcome.warnings,
    )


def perform_apart(settings: Settings, errand: Errand, step: Step = silent, started: Started = lambda _: None) -> Result:
    """Make a change in a process of its own; ``started`` is given the process, to end it before it is done.

    A process that is ended leaves everything as it was, or all of it changed.

    :raises KgError: if it cannot be made, or the process has ended.
    """
    command = [sys.executable, "-P", "-c", START, str(ROOT)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=clean_environment())
    with process:
        assert process.stdin
        assert process.stdout
        started(process)
        try:
            process.stdin.write(_sent(settings, errand))
            process.stdin.flush()  # and left open: that it closes tells the process that nobody waits for it any more
            for line in process.stdout:
                said = json.loads(line)
                if "step" in said:
                    step(*said["step"])
                else:
                    return _received(said)
        except BrokenPipeError:
            pass
        finally:
            process.kill()
    raise StoreError(f"the process that made the change has ended ({process.returncode}); everything is as it was")


def _sent(settings: Settings, errand: Errand) -> bytes:
    """Return a line that says what to do; no secret is in it."""
    open_to_all = {one.name: getattr(settings, one.name) for one in fields(settings) if not one.metadata["secret"]}
    return json.dumps({"settings": open_to_all, "errand": asdict(errand)}, default=str).encode() + b"\n"


def _received(said: Mapping[str, Any]) -> Result:
    """Return what a process did.

    :raises KgError: if it could not.
    """
    if "error" in said:
        raise error_of(said)
    done = said["done"]
    told = tuple(Told(**{**one, "warnings": tuple(one["warnings"])}) for one in done["told"])
    return Result(**{**done, "told": told})


def main() -> None:
    """Make the change that standard input names; end when nobody waits for it."""
    output, one_by_one = os.fdopen(os.dup(1), "wb"), threading.Lock()
    os.dup2(2, 1)  # what libraries print is no answer
    os.nice(NICE)
    asked = json.loads(sys.stdin.buffer.readline())
    follow(0)

    def say(line: Mapping[str, Any]) -> None:
        with one_by_one:  # files are read by several threads
            output.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            output.flush()

    try:
        result = perform(*_asked(asked), lambda *step: say({"step": step}))
    except KgError as error:
        say({"error": type(error).__name__, "reason": str(error)})
    else:
        say({"done": asdict(result)})


def _asked(asked: Mapping[str, Any]) -> tuple[Settings, Errand]:
    """Return what a line says that is to be done."""
    values: dict[str, Any] = {
        name: Path(value) if name in PATHS else value for name, value in asked["settings"].items()
    }
    errand = asked["errand"]
    sources = tuple((name, path) for name, path in errand["sources"])
    return Settings(**values), Errand(sources, Given(**errand["given"]), tuple(errand["removed"]))
