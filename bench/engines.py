"""Six queries over a million triples on Tantu and on other engines, side by side in one run.

python -m bench.engines FOLDER [--companies 500] [--repeat 7] [--oxigraph PATH] [--virtuoso PATH] [--rdflib-seconds 60]

Engines: pyoxigraph in this process on the store that Tantu serves; Tantu over HTTP; rdflib's own evaluator, in memory;
``oxigraph serve-read-only`` on the same store (``pip install oxigraph``) and Virtuoso (Debian's
virtuoso-opensource-7-bin), both over HTTP. What is not there is left out. The engines take turns query by query, so
that a machine that is busy for a moment is busy for all. Prints a table in Markdown: medians in milliseconds.
FOLDER keeps the stores for the next run.
"""

import argparse
import http.client
import multiprocessing
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pyoxigraph as ox
import uvicorn

from bench.observations import QUERIES, E, queries, triples
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
Engine = Callable[[str], int]
"""Answers a query in JSON, whole, and returns the number of rows."""


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
        engines: dict[str, Engine] = {"pyoxigraph": bare(store), "Tantu": stack.enter_context(tantu(store))}
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
        taken: dict[str, list[float]] = {engine: [] for engine in engines}
        for query in [asked[0], *asked]:
            rows = {measured(engines[engine], query, taken[engine]) for engine in engines} - {-1}
            assert len(rows) == 1, f"the engines do not agree on {query}: {rows}"
        figures = {engine: middle(every[1:]) for engine, every in taken.items()}
        cells = [f"{figure:,.1f}" if figure < float("inf") else "not done" for figure in figures.values()]
        over, times = figures["Tantu"] - 1.3 * figures["pyoxigraph"], figures["rdflib"] / figures["Tantu"]
        print(f"| {name} | {' | '.join(cells)} | {over:+.1f} | {times:,.1f} |", flush=True)


def measured(engine: Engine, query: str, taken: list[float]) -> int:
    """Note the milliseconds of a query; return its rows, -1 where it was not done in time."""
    if taken[-1:] == [float("inf")]:
        taken.append(float("inf"))
        return -1
    began = time.perf_counter()
    try:
        rows = engine(query)
    except TimeoutError:
        taken.append(float("inf"))
        return -1
    taken.append(1000 * (time.perf_counter() - began))
    return rows


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


def bare(folder: Path) -> Engine:
    """Return the engine alone, asked as Tantu's workers ask it."""
    store = ox.Store.read_only(str(folder))

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
        yield over_http(port, "/sparql")
    finally:
        process.terminate()
        process.join()


def serve_tantu(folder: Path, port: int) -> None:
    """Serve Tantu's application over a store."""
    settings = Settings(query_seconds=300)
    with Pool(folder, workers=settings.workers, seconds=300) as pool:
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
            yield over_http(port, "/query")
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
                yield over_http(port, "/sparql")
            finally:
                process.terminate()


@contextmanager
def rdflib(lines: Path, seconds: float) -> Iterator[Engine]:
    """Give rdflib's evaluator over a graph in memory, in a process that is ended when a query takes too long."""
    process, pipe = start_rdflib(lines)

    def ask(query: str) -> int:
        nonlocal process, pipe
        if not process.is_alive():
            process, pipe = start_rdflib(lines)
        pipe.send(query)
        if not pipe.poll(seconds):
            process.kill()
            process.join()
            raise TimeoutError
        return int(pipe.recv())

    try:
        yield ask
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


def over_http(port: int, path: str) -> Engine:
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
