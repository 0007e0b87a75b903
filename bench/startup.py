"""Where the time goes from the start of a process to the first search answered.

python -m bench.startup [--data DIR] [--times 5]

Each start is a process of its own; the quickest one is shown, wall clock and processor seconds, with its stages in the
order in which they end. The mark is 6 s. What is missing is built first. Where the processor's seconds are far below
those of the clock, others were at work on the machine.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.serving import HERE, server

QUESTION = "How much electricity did liquid cooling save?"
MARK = 6.0  # seconds


def main() -> None:
    """Print the stages of a library, then the whole of the command and of the server."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder of the built graph and index (TANTU_DATA)")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--child", type=float, help=argparse.SUPPRESS)
    given = parser.parse_args()
    data = ["--data", str(given.data)] if given.data else []
    if given.child is not None:
        child(given.child, given.data)
        return
    command = [sys.executable, "-m", "web", "search", QUESTION, *data]
    subprocess.run(command, cwd=HERE.parent, check=True, capture_output=True)  # builds, and fills the system's cache
    starts = [stages(data) for _ in range(given.times)]
    best = min(starts, key=lambda found: found["wall"])
    for name, wall, processor in best["stages"]:
        show(name, wall, processor)
    show("process start to the first search answered", best["wall"], best["processor"])
    show("the same search again", *best["again"])
    show("tantu search QUESTION, the whole process", *min(timed(command) for _ in range(given.times)))
    show("tantu serve to the first /api/search", *min(served(data) for _ in range(given.times)))
    kept = " and ".join(name for name in ("wall", "processor") if best[name] <= MARK)
    sys.stdout.write(f"mark of {MARK:.0f} s: {f'kept by {kept} time' if kept else 'missed'}\n")


def show(what: str, wall: float, processor: float) -> None:
    """Print seconds."""
    sys.stdout.write(f"{what:46} {wall:7.3f} s {processor:7.3f} s of processor\n")


def stages(data: list[str]) -> dict[str, Any]:
    """Start a process and return what it says of itself."""
    command = [sys.executable, "-m", "bench.startup", *data, "--child", str(time.monotonic())]
    done = subprocess.run(command, cwd=HERE.parent, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def child(began: float, data: Path | None) -> None:
    """Answer one search and print how long each stage took; ``began`` is when the parent started this process."""
    taken = [("start of Python", time.monotonic() - began, time.process_time())]
    begin = now()
    from kg.settings import Settings
    from search import library

    taken.append(("imports", *since(begin)))
    watch(library, "inputs", "checksums of seeds, ontology, model, code", taken)
    watch(library, "Pool", "SPARQL workers", taken)
    watch(library.Store, "open", "graph", taken)
    watch(library.Vocabulary, "load", "ontology", taken)
    watch(library, "Shelves", "reports", taken)
    watch(library, "load_question_encoder", "model", taken)
    watch(library.Index, "open", "index", taken)
    opened = library.Library.open(Settings.from_environment(data=data))
    begin, stages_before = now(), len(taken)
    opened.search(QUESTION)
    wall, processor = since(begin)
    inside = taken[stages_before:]
    rest = wall - sum(stage[1] for stage in inside), processor - sum(stage[2] for stage in inside)
    taken.append(("first search itself", *rest))
    wall, processor = time.monotonic() - began, time.process_time()
    begin = now()
    opened.search(QUESTION)
    again = since(begin)
    opened.close()
    json.dump({"wall": wall, "processor": processor, "again": again, "stages": taken}, sys.stdout)


def watch(owner: Any, name: str, label: str, taken: list[tuple[str, float, float]]) -> None:
    """Have every call of a function add what it took."""
    function: Callable[..., Any] = getattr(owner, name)

    def watched(*arguments: Any, **options: Any) -> Any:
        begin = now()
        result = function(*arguments, **options)
        taken.append((label, *since(begin)))
        return result

    setattr(owner, name, watched)


def now() -> tuple[float, float]:
    """Return the time, and that of the processor, in seconds."""
    return time.monotonic(), time.process_time()


def since(begin: tuple[float, float]) -> tuple[float, float]:
    """Return the seconds since a time, and those of the processor."""
    return time.monotonic() - begin[0], time.process_time() - begin[1]


def timed(command: list[str]) -> tuple[float, float]:
    """Run a command; return its seconds and those of the processor."""
    begin, before = time.monotonic(), os.times()
    subprocess.run(command, cwd=HERE.parent, check=True, capture_output=True)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - begin, spent


def served(data: list[str]) -> tuple[float, float]:
    """Start a server and return the seconds until its first search was answered, and those of the processor."""
    begin, before = time.monotonic(), os.times()
    with server(*data) as (address, _):
        urllib.request.urlopen(f"{address}/api/search?q=liquid+cooling", timeout=60).read()
        wall = time.monotonic() - begin
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, spent


if __name__ == "__main__":
    main()
