"""How a collection grows: building it, its size on disk, and adding one report to it while a server runs.

python -m bench.scale FOLDER [--reports 100 300 1000] [--plot]

For each size FOLDER gets a collection of invented reports (bench/synthetic.py) and what is built of it; what is there
already is not built again. Told are the seconds of the build and those of the processor, the memory that its processes
have at once and that is no file's, the bytes on disk (a file with several names counts once), the seconds that
`tantu add` takes, and those from its start until a running server answers with the new report. `--plot` writes
docs/images/scale.csv and scale.svg.
"""

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

from bench.plotting import Panel, plot
from bench.serving import server
from bench.synthetic import collection
from kg.settings import ROOT

IMAGES = ROOT / "docs" / "images"
LOOK = 0.5  # seconds between two looks at the memory
Row = dict[str, float]
TANTU = [sys.executable, "-m", "web"]


def main() -> None:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reports", type=int, nargs="+", default=[100, 300, 1000])
    parser.add_argument("--plot", action="store_true")
    given = parser.parse_args()
    rows = []
    for count in given.reports:
        rows.append({"reports": count, **built(given.folder, count), **added(given.folder, count)})
        sys.stdout.write("  ".join(f"{name} {value:g}" for name, value in rows[-1].items()) + "\n")
        sys.stdout.flush()
    if given.plot:
        draw(rows)


def built(folder: Path, count: int) -> Row:
    """Build a collection where it is not built, and return what that took."""
    seeds, data, kept = (folder / f"{name}-{count}" for name in ("seeds", "data", "built"))
    if not kept.is_file():
        shutil.rmtree(data, ignore_errors=True)
        run = [sys.executable, "-m", "bench.synthetic", str(seeds), "--reports", str(count)]
        subprocess.run(run, cwd=ROOT, check=True, capture_output=True)
        found = watched([*TANTU, "build", *where(folder, count)])
        found["megabytes"] = round(size(data) / 1e6, 1)
        kept.write_text(json.dumps(found))
    row: Row = json.loads(kept.read_text())
    return row


def where(folder: Path, count: int) -> list[str]:
    """Return the options of a command for a collection."""
    return ["--seeds", str(folder / f"seeds-{count}"), "--data", str(folder / f"data-{count}")]


def watched(command: list[str]) -> Row:
    """Run a command; return its seconds, those of the processor, and its largest memory in megabytes."""
    begin, before = time.monotonic(), os.times()
    largest = 0.0
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            largest = max(largest, sum(map(anonymous, [process.pid, *children(process.pid)])))
            time.sleep(LOOK)
    assert process.returncode == 0, command
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    seconds = time.monotonic() - begin
    return {"build_s": round(seconds, 1), "build_cpu_s": round(spent, 1), "memory_mb": round(largest)}


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    try:
        return [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return []


def anonymous(pid: int) -> float:
    """Return the megabytes of a process that are no file's."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")) / 1000


def size(folder: Path) -> int:
    """Return the bytes of the files of a folder, each once."""
    about = [path.stat() for path in folder.rglob("*") if path.is_file()]
    return sum({each.st_ino: each.st_blocks * 512 for each in about}.values())


def added(folder: Path, count: int) -> Row:
    """Add a report while a server runs, and remove it again; the report is of a company that the collection lacks."""
    text = next(collection(1, seed=2)).text
    file = folder / "added.txt"
    file.write_text(text, "utf-8")
    options = where(folder, count)
    with server(*options) as (address, _):
        urllib.request.urlopen(f"{address}/api/search?q=liquid+cooling", timeout=600).read()
        seen: list[float] = []
        before, begin = reports(address), time.monotonic()
        thread = threading.Thread(target=lambda: seen.append(until(address, before + 1)))
        thread.start()
        taken = watched(
            [*TANTU, "add", str(file), "--id", "bench-added", "--company", "ZTE", "--year", "2040", *options]
        )
        thread.join()
    subprocess.run([*TANTU, "remove", "bench-added", *options], cwd=ROOT, check=True, capture_output=True)
    return {"add_s": taken["build_s"], "add_cpu_s": taken["build_cpu_s"], "visible_s": round(seen[0] - begin, 1)}


def until(address: str, count: int) -> float:
    """Return when a server answers that it has so many reports."""
    while reports(address) != count:
        time.sleep(0.05)
    return time.monotonic()


def reports(address: str) -> int:
    """Return how many reports a server has."""
    return int(json.load(urllib.request.urlopen(f"{address}/api/health", timeout=60))["reports"])


def draw(rows: list[Row]) -> None:
    """Write what was measured as a table and as a picture."""
    with (IMAGES / "scale.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    titles = {
        "build_cpu_s": ("Building, processor", "s"),
        "megabytes": ("On disk", "MB"),
        "memory_mb": ("Memory of a build", "MB"),
        "visible_s": ("One report more, seen by a server", "s"),
    }
    panels = [Panel(*told, [(row["reports"], row[name]) for row in rows]) for name, told in titles.items()]
    (IMAGES / "scale.svg").write_text(plot(panels, "reports"), "utf-8")


if __name__ == "__main__":
    main()
