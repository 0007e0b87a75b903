"""What runaway queries cost everybody else: latencies of ordinary queries, alone and beside one runaway a second.

python bench/runaways.py [--seconds 30] [--clients 4] [--pause 0.05]

Each client waits a moment between its queries, as people and their programs do. The runaways are those of ENDLESS: they
count, they order, they send without end. The server and its clients share the machine's cores.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
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


def main() -> None:
    """Print p50 and p95 of the ordinary queries in both states, and how they relate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--pause", type=float, default=0.05)
    parser.add_argument(
        "--data", default=None, help="a built data directory; built in a folder of its own unless given"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as empty:
        data = given.data or empty
        subprocess.run([*TANTU, "build", "--data", data], check=True, cwd=HERE.parent, capture_output=True)
        command = [*TANTU, "serve", "--port", "0", "--data", data]
        with subprocess.Popen(command, stdout=-1, stderr=-3, text=True, cwd=HERE.parent) as process:
            assert process.stdout
            url = process.stdout.readline().split()[2]
            for query in QUERIES * 10:
                ask(url, query)
            alone = measure(url, given.clients, given.seconds, given.pause)
            stop = threading.Event()
            runaways = threading.Thread(target=run_away, args=(url, stop))
            runaways.start()
            time.sleep(2)
            beside = measure(url, given.clients, given.seconds, given.pause)
            stop.set()
            runaways.join()
            process.terminate()
    for name, part in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)):
        figures = [1000 * sorted(taken)[int(part * (len(taken) - 1))] for taken in (alone, beside)]
        show(f"{name} alone, ms", figures[0])
        show(f"{name} beside a runaway a second, ms", figures[1])
        show(f"{name}, times", figures[1] / figures[0])
    show("queries a second alone", len(alone) / given.seconds)
    show("queries a second beside", len(beside) / given.seconds)
    show("mean beside, ms", 1000 * statistics.mean(beside))


def show(what: str, figure: float) -> None:
    """Print a figure."""
    sys.stdout.write(f"{what:40} {figure:8.2f}\n")


def measure(url: str, clients: int, seconds: float, pause: float) -> list[float]:
    """Return the seconds that each query of some clients took; one that fails ends the measurement."""
    until = time.monotonic() + seconds

    def client(number: int) -> list[float]:
        taken = []
        while time.monotonic() < until:
            taken.append(ask(url, QUERIES[(number + len(taken)) % len(QUERIES)]))
            time.sleep(pause)
        return taken

    with ThreadPoolExecutor(clients) as threads:
        return [second for taken in threads.map(client, range(clients)) for second in taken]


def run_away(url: str, stop: threading.Event) -> None:
    """Send one runaway query a second."""
    number = 0
    with ThreadPoolExecutor(64) as threads:
        while not stop.wait(1):
            threads.submit(lose, url, ENDLESS[number % len(ENDLESS)])
            number += 1


def lose(url: str, query: str) -> None:
    """Send a query that cannot be answered, and take whatever comes."""
    try:
        ask(url, query)
    except (urllib.error.URLError, HTTPException, OSError):
        return


def ask(url: str, query: str) -> float:
    """Ask the endpoint and return the seconds that it took."""
    began = time.perf_counter()
    body = urllib.parse.urlencode({"query": PREFIXES + query}).encode()
    request = urllib.request.Request(f"{url}/sparql", body, {"Accept": "text/csv"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        while answer.read(1 << 20):
            pass
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
