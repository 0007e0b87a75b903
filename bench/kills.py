"""Killing writers: `tantu add`, `remove` and `build` are ended by SIGKILL at random moments, again and again.

python -m bench.kills [200] [--seed 1]

After each kill the collection has to be what it was before or what it was going to be, complete to the byte, and the
next command has to work. The collection is a report of two lines, to which two more come and from which they go.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from kg.errors import BuildNeeded
from kg.generations import DataDirectory, inputs
from kg.holdings import OWN, read_holdings
from kg.settings import ROOT, Settings
from search.building import build

CATALOGUE = """
@prefix o: <https://w3id.org/tantu/o#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
<https://w3id.org/tantu/doc/{id}> a o:Document ; dcterms:identifier "{id}" ; dcterms:title "A report"@en ;
  dcterms:publisher <https://w3id.org/tantu/org/zte> ; o:reportYear "2020" ; dcterms:language "en" ; o:sha256 "{sha}" .
"""
SHIPPED = "ZTE report 2020\n\nZTE used 7 GWh of electricity in 2020.\n"
TEXTS = {
    "one": "ZTE report 2024\n\nZTE used 512 GWh of electricity in 2024.\n",
    "two": "ZTE report 2023\n\nZTE emitted 77 tCO2e in 2023.\n",
}
State = frozenset[str]


def main() -> None:
    """Kill, look, and count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("times", type=int, nargs="?", default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        found = run(Path(folder), given.times, given.seed)
    sys.stdout.write(f"{found.pop('killed')} kills survived: {dict(found)}\n")


def run(folder: Path, times: int, seed: int = 1, parts: Path | None = None) -> Counter[str]:
    """Kill so many times; return how often what was found.

    ``parts`` is a folder that has the ontology's quads, which then are not made again.

    :raises AssertionError: if anything is neither the old nor the new collection, whole.
    """
    chance, found = random.Random(seed), Counter[str]()
    settings = collection(folder, parts)
    expected = {state: fresh(settings, folder / f"fresh-{'-'.join(sorted(state))}", state) for state in states()}
    longest = longest_of(settings, folder)
    while found["killed"] < times:  # a command that was done before the signal came does not count
        before = held(settings)
        command, after = choose(chance, before, folder)
        killed = kill(settings, command, chance.uniform(0, longest))
        seen = look(settings, before, after, expected)
        found["killed"] += killed
        found[f"{command[0]}, {'killed' if killed else 'done before'}, {seen}"] += 1
    return found


def collection(folder: Path, parts: Path | None) -> Settings:
    """Write the collection and the files that will be added."""
    seeds = folder / "seeds"
    seeds.mkdir()
    (seeds / "zte-2020.txt").write_text(SHIPPED, "utf-8")
    text = CATALOGUE.format(id="zte-2020", sha=sha256(SHIPPED.encode()).hexdigest())
    (seeds / "catalogue.ttl").write_text(text, "utf-8")
    for name, text in TEXTS.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    settings = Settings(data=folder / "data", seeds=seeds, processes=1)
    share(parts, settings)
    build(settings)
    return settings


def share(parts: Path | None, settings: Settings) -> None:
    """Link the ontology's quads into a collection."""
    home = settings.data / "parts"
    home.mkdir(parents=True, exist_ok=True)
    for path in parts.glob("*.nq") if parts else ():
        os.link(path, home / path.name)


def states() -> list[State]:
    """Return what can be held beside the first report."""
    return [frozenset(), frozenset({"one"}), frozenset({"two"}), frozenset({"one", "two"})]


def fresh(settings: Settings, data: Path, state: State) -> str:
    """Return the digest of a collection that is built from nothing."""
    other = Settings(data=data, seeds=settings.seeds, processes=1)
    share(settings.data / "parts", other)
    for name in sorted(state):
        assert command_ends(other, ["add", str(data.parent / f"{name}.txt"), "--id", name]) == 0
    return digest(build(other).folder)


def digest(generation: Path) -> str:
    """Return a hash of all of a generation but the store, whose files no two builds share, and its checksum."""
    files = sorted(path for path in generation.rglob("*") if path.is_file() and "store" not in path.parts)
    files = [path for path in files if path.name != "manifest.json"]
    whole = sha256()
    for path in files:
        whole.update(f"{path.relative_to(generation)}:".encode() + path.read_bytes())
    return whole.hexdigest()


def held(settings: Settings) -> State:
    """Return what is held beside the first report."""
    return read_holdings(settings.seeds, settings.data / OWN).own


def choose(chance: random.Random, before: State, folder: Path) -> tuple[list[str], State]:
    """Return a command and what is held after it."""
    name = chance.choice(sorted(TEXTS))
    if chance.random() < 0.15:
        return ["build"], before
    if name in before:
        return ["remove", name], before - {name}
    return ["add", str(folder / f"{name}.txt"), "--id", name], before | {name}


def longest_of(settings: Settings, folder: Path) -> float:
    """Return how long a command takes, when nobody kills it."""
    begin = time.monotonic()
    assert command_ends(settings, ["add", str(folder / "one.txt"), "--id", "one"]) == 0
    return 1.1 * (time.monotonic() - begin)


def command_ends(settings: Settings, command: list[str]) -> int:
    """Run a command and return its exit code."""
    return start(settings, command).wait()


def start(settings: Settings, command: list[str]) -> subprocess.Popen[bytes]:
    """Run a command in a process of its own."""
    folders = ["--data", str(settings.data), "--seeds", str(settings.seeds)]
    return subprocess.Popen(
        [sys.executable, "-m", "web", *command, *folders],
        cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def kill(settings: Settings, command: list[str], seconds: float) -> bool:
    """Kill a command after some seconds; say whether it was still at work."""
    process = start(settings, command)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    return process.wait() == -signal.SIGKILL


def look(settings: Settings, before: State, after: State, expected: dict[State, str]) -> str:
    """Say what is there; what has been decided but not built is built, as the next command would.

    :raises AssertionError: if it is neither the old nor the new collection, whole.
    """
    now = held(settings)
    assert now in (before, after), (now, before, after)
    try:
        folder, _ = DataDirectory(settings.data).current(inputs(settings))
        what = "old" if now == before else "new"
    except BuildNeeded:
        assert now == after, "what was there cannot be opened any more"
        folder, what = build(settings).folder, "new, to be built"
    assert digest(folder) == expected[now], f"{folder} is not what a build from nothing gives"
    return what


if __name__ == "__main__":
    main()
