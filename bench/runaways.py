"""What runaway queries cost everybody else: latencies of ordinary queries, alone and beside one runaway a second.

python bench/runaways.py [--seconds 60] [--clients 32] [--pause 1]

Each client has an address of its own and waits between its queries, as people and their programs do. The runaways are
those of ENDLESS: they count, they order, they send without end. The server and its clients share the machine's cores.
Memory is that of the server and its workers, shared pages divided among those who share them.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

HERE = Path(__file__).resolve().parent
TANTU = (sys.executable, "-m", "web")
PREFIXES = (
    "PREFIX o: <https://w3id.org/tantu/o#> PREFIX m: <https://w3id.org/tantu/metric/> "
    "PREFIX search: <https://w3id.org/tantu/search#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
)
QUERIES = (
    "ASK { ?fact a o:Target }",
    "SELECT ?fact ?written { ?fact o:metric m:pue ; o:asWritten ?written } LIMIT 20",
    "SELECT ?company (COUNT(*) AS ?facts) { ?fact a o:Observation ; o:company ?company } GROUP BY ?company",
    'SELECT * { SERVICE search:facts { ?fact search:query "water" ; search:score ?score } ?fact a o:Observation }',
)
VALUES = " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(1000)))} }}" for n in range(4))
ENDLESS = (
    f"SELECT (COUNT(*) AS ?n) {{ {VALUES} }}",
    f"SELECT * {{ {VALUES} }} ORDER BY ?v0",
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    f"SELECT * {{ {VALUES} }}",
)
ENDS: list[str] = []  # what became of the runaways
ERRORS: list[str] = []  # of ordinary queries


def main() -> None:
    """Print p50 and p95 of the ordinary queries in both states, and how they relate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--pause", type=float, default=1.0)
    parser.add_argument(
        "--data", default=None, help="a built data directory; built in a folder of its own unless given"
    )
    parser.add_argument("--run-away", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run_away:
        run_away(given.run_away)
        return
    with tempfile.TemporaryDirectory() as empty:
        data = given.data or empty
        subprocess.run([*TANTU, "build", "--data", data], check=True, cwd=HERE.parent, capture_output=True)
        command = [*TANTU, "serve", "--port", "0", "--data", data]
        with subprocess.Popen(command, stdout=-1, stderr=-3, text=True, cwd=HERE.parent) as process:
            assert process.stdout
            url = process.stdout.readline().split()[2]
            for query in QUERIES * 10:
                ask(url, query)
            before = memory(process.pid)
            try:
                alone = measure(url, given.clients, given.seconds, given.pause)
                with running_away(url):
                    time.sleep(2)
                    beside = measure(url, given.clients, given.seconds, given.pause)
                peak = memory(process.pid)
                time.sleep(10)
                after = memory(process.pid)
            finally:
                process.terminate()
    for name, part in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)):
        figures = [1000 * sorted(taken)[int(part * (len(taken) - 1))] for taken in (alone, beside)]
        show(f"{name} alone, ms", figures[0])
        show(f"{name} beside a runaway a second, ms", figures[1])
        show(f"{name}, times", figures[1] / figures[0])
    show("queries a second alone", len(alone) / given.seconds)
    show("queries a second beside", len(beside) / given.seconds)
    show("mean beside, ms", 1000 * statistics.mean(beside))
    show("errors of ordinary queries", len(ERRORS))
    for said in ERRORS[:5]:
        sys.stdout.write(f"  {said}\n")
    show("runaways sent", len(ENDS))
    for said in sorted(set(ENDS)):
        show(f"  {said}", ENDS.count(said))
    show("memory before, MB", before)
    show("memory when the last runaway has ended, MB", peak)
    show("memory ten seconds later, MB", after)


def memory(parent: int) -> float:
    """Return the megabytes that a process holds, with those that it has started, and those that these have."""
    total = 0.0
    for pid in family(parent):
        with suppress(OSError):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000
    return total


def family(pid: int) -> list[int]:
    """Return a process and all that have come from it."""
    found = [pid]
    with suppress(OSError):  # it has ended since, or one of its threads has
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += family(int(child))
    return found


def show(what: str, figure: float) -> None:
    """Print a figure."""
    sys.stdout.write(f"{what:40} {figure:8.2f}\n")


def measure(url: str, clients: int, seconds: float, pause: float) -> list[float]:
    """Return the seconds that each query of some clients took; what fails is noted."""
    until = time.monotonic() + seconds

    def client(number: int) -> list[float]:
        taken: list[float] = []
        time.sleep(pause * number / clients)
        while time.monotonic() < until:
            query = QUERIES[(number + len(taken)) % len(QUERIES)]
            try:
                taken.append(ask(url, query, f"127.0.1.{1 + number}"))
            except (RuntimeError, HTTPException, OSError) as error:
                ERRORS.append(f"{error!r} to {query[:60]}")
            time.sleep(pause)
        return taken

    with ThreadPoolExecutor(clients) as threads:
        return [second for taken in threads.map(client, range(clients)) for second in taken]


@contextmanager
def running_away(url: str) -> Iterator[None]:
    """Send runaways from a process of their own, so that reading what they send costs the other clients nothing."""
    command = [sys.executable, __file__, "--run-away", url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield
        ENDS.extend(process.communicate()[0].splitlines())


def run_away(url: str) -> None:
    """Send one runaway query a second until the input ends, and print what became of each."""
    stop = threading.Event()
    threading.Thread(target=lambda: sys.stdin.read() or stop.set(), daemon=True).start()
    number = 0
    with ThreadPoolExecutor(64) as threads:
        while not stop.wait(1):
            threads.submit(lose, url, ENDLESS[number % len(ENDLESS)])
            number += 1
    sys.stdout.write("\n".join(ENDS))


def lose(url: str, query: str) -> None:
    """Send a query that cannot be answered, and note what comes."""
    try:
        ask(url, query, "127.0.2.1")
    except RuntimeError as error:
        ENDS.append(str(error)[:10])
    except (HTTPException, OSError) as error:
        ENDS.append(type(error).__name__)
    else:
        ENDS.append("answered")


def ask(url: str, query: str, source: str = "127.0.0.1") -> float:
    """Ask the endpoint and return the seconds that it took.

    :raises RuntimeError: if it does not answer with 200.
    """
    began = time.perf_counter()
    host, _, port = url.removeprefix("http://").partition(":")
    connection = HTTPConnection(host, int(port), timeout=60, source_address=(source, 0))
    body = urllib.parse.urlencode({"query": PREFIXES + query})
    headers = {"Accept": "text/csv", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/sparql", body, headers)
    with connection.getresponse() as answer:
        if answer.status != 200:
            raise RuntimeError(f"status {answer.status}: {answer.read(200)!r}")
        while answer.read(1 << 20):
            pass
    connection.close()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
