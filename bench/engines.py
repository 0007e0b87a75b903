"""Six queries over a million triples on Tantu and on other engines, side by side in one run.

python -m bench.engines FOLDER [--companies 500] [--repeat 7] [--oxigraph PATH] [--virtuoso PATH] [--rdflib-seconds 60]

Engines: pyoxigraph in this process, on the store that Tantu serves and in memory as Tantu keeps it; Tantu over HTTP;
rdflib's own evaluator, in memory; ``oxigraph serve-read-only`` on the same store (``pip install oxigraph``) and
Virtuoso (Debian's virtuoso-opensource-7-bin), both over HTTP. What is not there is left out. The engines take turns
query by query, so that a machine that is busy for a moment is busy for all. Prints a table in Markdown: the median of
the milliseconds that one waits, and in brackets the mean of those that the engine's processes had the processor.
FOLDER keeps the stores for the next run.
"""

import argparse
import http.client
import multiprocessing
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import orjson
import pyoxigraph as ox
import uvicorn

from bench.observations import QUERIES, E, queries, triples
from bench.runaways import family
from kg import memory
from kg.pool import Pool
from kg.settings import Settings
from kg.store import Store, evaluate
from search.endpoint import Endpoint
from web.app import create_app

GRAPH = f"{E}g"
VIRTUOSO = """
[Database]
DatabaseFile = {folder}/v.db
TransactionFile = {folder}/v.trx
LockFile = {folder}/v.lck
ErrorLogFile = {folder}/v.log
xa_persistent_file = {folder}/v.pxa
[TempDatabase]
DatabaseFile = {folder}/t.db
TransactionFile = {folder}/t.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 85000
MaxDirtyBuffers = 65000
DirsAllowed = {data}
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 4
MaxClientConnections = 4
[SPARQL]
ResultSetMaxRows = 100000
MaxQueryCostEstimationTime = 100000
MaxQueryExecutionTime = 300
"""
JSON = "application/sparql-results+json"
Answer = Callable[[str], int]
"""Answers a query in JSON, whole, and returns the number of rows."""


class Engine(NamedTuple):
    """What answers, and in which processes."""

    ask: Answer
    pids: Callable[[], list[int]]


class Taken(NamedTuple):
    """What a query took, in milliseconds; infinite where it was not done in time."""

    wall: float
    processor: float


def main() -> None:
    """Load what is missing, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--companies", type=int, default=500)
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--oxigraph", default=shutil.which("oxigraph"))
    parser.add_argument("--virtuoso", default=shutil.which("virtuoso-t"))
    parser.add_argument("--rdflib-seconds", type=float, default=60)
    parser.add_argument("--best", action="store_true", help="print minima rather than medians, on a busy machine")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    lines = given.folder / f"observations-{given.companies}.nt"
    if not lines.exists():
        lines.write_text("".join(f"{line}\n" for line in triples(given.companies)))
    with ExitStack() as stack:
        store = loaded(given.folder / f"store-{given.companies}", lines)
        engines = {
            "pyoxigraph, disk": Engine(bare(ox.Store.read_only(str(store))), here),
            "pyoxigraph, memory": Engine(bare(in_memory(graph_of(store))), here),
            "Tantu": stack.enter_context(tantu(store)),
        }
        if given.oxigraph:
            engines["oxigraph serve"] = stack.enter_context(oxigraph(given.oxigraph, store))
        if given.virtuoso:
            engines["Virtuoso"] = stack.enter_context(virtuoso(given.virtuoso, lines))
        engines["rdflib"] = stack.enter_context(rdflib(lines, given.rdflib_seconds))
        report(engines, given.companies, given.repeat, min if given.best else statistics.median)


def report(engines: dict[str, Engine], companies: int, repeat: int, middle: Callable[[list[float]], float]) -> None:
    """Measure and print the table, with what Tantu takes beside the engine that it is made of, and beside rdflib."""
    print(f"| query, ms | {' | '.join(engines)} | Tantu - 1.3 pyoxigraph | rdflib / Tantu |")
    print(f"| --- {'| --- ' * (len(engines) + 2)}|")
    for name in QUERIES:
        asked = queries(name, repeat, companies)
        taken: dict[str, list[Taken]] = {engine: [] for engine in engines}
        for query in [asked[0], *asked]:
            rows = {measured(engines[engine], query, taken[engine]) for engine in engines} - {-1}
            assert len(rows) == 1, f"the engines do not agree on {query}: {rows}"
        figures = {
            engine: Taken(middle([one.wall for one in every[1:]]), statistics.mean(one.processor for one in every[1:]))
            for engine, every in taken.items()
        }
        cells = [
            f"{figure.wall:,.1f} ({figure.processor:,.1f})" if figure.wall < float("inf") else "not done"
            for figure in figures.values()
        ]
        over = figures["Tantu"].wall - 1.3 * figures["pyoxigraph, memory"].wall
        times = figures["rdflib"].wall / figures["Tantu"].wall
        print(f"| {name} | {' | '.join(cells)} | {over:+.1f} | {times:,.1f} |", flush=True)


def measured(engine: Engine, query: str, taken: list[Taken]) -> int:
    """Note what a query takes; return its rows, -1 where it was not done in time."""
    never = Taken(float("inf"), float("inf"))
    if taken[-1:] == [never]:
        taken.append(never)
        return -1
    before, began = processor(engine.pids()), time.perf_counter()
    try:
        rows = engine.ask(query)
    except TimeoutError:
        taken.append(never)
        return -1
    wall = 1000 * (time.perf_counter() - began)
    taken.append(Taken(wall, sum(now - before[pid] for pid, now in processor(before).items())))
    return rows


def processor(pids: Iterable[int]) -> dict[int, float]:
    """Return the milliseconds that processes have had the processor until now, of those that are still there."""
    found = {}
    for pid in pids:
        with suppress(OSError):
            found[pid] = 1000 * time.clock_gettime((~pid << 3) | 2)  # as clock_getcpuclockid(3) does
    return found


def here() -> list[int]:
    """Return this process, as a list."""
    return [os.getpid()]


def loaded(folder: Path, lines: Path) -> Path:
    """Return a store with the graph in it, in one named graph as Tantu keeps a report's."""
    if not folder.exists():
        aside = folder.with_suffix(".part")
        shutil.rmtree(aside, ignore_errors=True)
        began = time.perf_counter()
        with Store.create(aside) as store:
            store.engine.bulk_load(path=str(lines), format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(GRAPH))
            store.optimize()
        aside.rename(folder)
        print(f"loaded {lines.name} in {time.perf_counter() - began:.1f} s", file=sys.stderr)
    return folder


def graph_of(store: Path) -> Path:
    """Return the graph of a store as sorted N-Quads, as Tantu keeps it beside one."""
    graph = store.with_suffix(".nq")
    if not graph.exists():
        with Store.open(store) as opened:
            graph.write_bytes(opened.dump())
    return graph


def in_memory(graph: Path) -> ox.Store:
    """Return the graph in memory."""
    found = memory.read(graph.open("rb", buffering=0), 1 << 40)
    assert found is not None
    return found


def bare(store: ox.Store) -> Answer:
    """Return the engine alone, asked as Tantu's workers ask it."""

    def ask(query: str) -> int:
        return rows_of(evaluate(store, query).serialize(format=ox.QueryResultsFormat.JSON))

    return ask


@contextmanager
def tantu(folder: Path) -> Iterator[Engine]:
    """Give Tantu's endpoint over HTTP, in a process of its own as ``tantu serve`` is."""
    port = free_port()
    process = multiprocessing.get_context("spawn").Process(target=serve_tantu, args=(folder, port))
    process.start()
    try:
        yield Engine(over_http(port, "/sparql"), lambda: family(process.pid or 0))
    finally:
        process.terminate()
        process.join()


def serve_tantu(folder: Path, port: int) -> None:
    """Serve Tantu's application over a store, as it stands some seconds after its start."""
    settings = Settings(query_seconds=300)
    with Pool(folder, workers=settings.workers, seconds=300) as pool:
        pool.keep(graph_of(folder), settings.store_memory)
        first, until = pool.pids(), time.monotonic() + 120
        while pool.pids() == first and time.monotonic() < until:
            time.sleep(0.1)
        library: Any = SimpleNamespace(
            sparql=Endpoint(pool, lambda sought: []), store=Store.open(folder), folder=folder
        )
        uvicorn.run(create_app(settings, library), host="127.0.0.1", port=port, log_level="error")


@contextmanager
def oxigraph(binary: str, folder: Path) -> Iterator[Engine]:
    """Give Oxigraph's own server on the same store."""
    port = free_port()
    command = [
        binary,
        "serve-read-only",
        "--location",
        str(folder),
        "--bind",
        f"127.0.0.1:{port}",
        "--union-default-graph",
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield Engine(over_http(port, "/query"), lambda: family(process.pid))
        finally:
            process.terminate()


@contextmanager
def virtuoso(binary: str, lines: Path) -> Iterator[Engine]:
    """Give a Virtuoso with the graph loaded into it; it needs ``isql-vt`` beside it."""
    port, sql = free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "virtuoso.ini").write_text(VIRTUOSO.format(folder=folder, data=lines.parent, port=port, sql=sql))
        command = [binary, "-f", "+configfile", f"{folder}/virtuoso.ini"]
        with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                reach(port)
                statements = f"ld_dir('{lines.parent}', '{lines.name}', '{GRAPH}'); rdf_loader_run(); checkpoint;"
                isql = [str(Path(binary).with_name("isql-vt")), f"127.0.0.1:{sql}", "dba", "dba", f"exec={statements}"]
                subprocess.run(isql, check=True, capture_output=True)
                yield Engine(over_http(port, "/sparql"), lambda: family(process.pid))
            finally:
                process.terminate()


@contextmanager
def rdflib(lines: Path, seconds: float) -> Iterator[Engine]:
    """Give rdflib's evaluator over a graph in memory, in a process that is ended when a query takes too long."""
    process, pipe = start_rdflib(lines)

    def ask(query: str) -> int:
        nonlocal process, pipe
        pipe.send(query)
        if not pipe.poll(seconds):
            process.kill()
            process.join()
            process, pipe = start_rdflib(lines)
            raise TimeoutError
        return int(pipe.recv())

    try:
        yield Engine(ask, lambda: family(process.pid))
    finally:
        process.kill()


def start_rdflib(lines: Path) -> tuple[Any, Any]:
    """Return a process that has read the graph, and the pipe to it."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve_rdflib, args=(lines, theirs), daemon=True)
    process.start()
    ours.recv()
    return process, ours


def serve_rdflib(lines: Path, pipe: Any) -> None:
    """Answer queries on a pipe."""
    from rdflib import Graph

    graph = Graph()
    graph.parse(lines, format="nt")
    pipe.send(0)
    while True:
        pipe.send(rows_of(graph.query(pipe.recv()).serialize(format="json")))


def over_http(port: int, path: str) -> Answer:
    """Return what asks a server by a form, on a connection of its own as curl does."""
    reach(port)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": JSON}

    def ask(query: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        connection.request("POST", path, urllib.parse.urlencode({"query": query}), headers)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        assert response.status == 200, content[:500]
        return rows_of(content)

    return ask


def rows_of(content: bytes) -> int:
    """Return the number of rows of a result in JSON, written in any style."""
    return len(orjson.loads(content)["results"]["bindings"])


def reach(port: int) -> None:
    """Wait until somebody listens on a port."""
    for _ in range(600):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"nobody listens on port {port}")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


if __name__ == "__main__":
    main()
