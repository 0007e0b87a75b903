"""The W3C's SPARQL tests against Tantu's own endpoint, over HTTP.

python -m bench.conformance HARNESS SUITE [--inject] [--only aggregates,bind]

HARNESS is a conformance runner with the commands ``protocol`` and ``eval --engine http``, SUITE a checkout of
github.com/w3c/rdf-tests. Between two tests the runner's load and reset commands put files into a folder; what stands
there when a request comes is what the endpoint holds. Its workers, its protocol and its rewriting are those of
``tantu serve``. ``--inject`` puts a search block that gives one empty row into every query that can take one: rewriting
must not lose a test. What may fail, and why, stands in ``bench/conformance-allowed.txt``.
"""

import argparse
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import uvicorn

from kg.pieces import write_graph
from kg.pool import Dataset, Pool
from kg.settings import Settings
from kg.sparql import prologue, tokens
from kg.store import Store
from search.endpoint import ANSWER, Endpoint
from search.seeking import Found
from web.app import create_app

HERE = Path(__file__).resolve().parent
ALLOWED = HERE / "conformance-allowed.txt"
SETTINGS = Settings(workers=1, query_seconds=8)
HIT = "urn:conformance:hit"
BLOCK = f' SERVICE <https://w3id.org/tantu/search#facts> {{ <{HIT}> <https://w3id.org/tantu/search#query> "x" }} '


class Loaded:
    """What the web layer asks of a library, over whatever lies in a folder."""

    def __init__(self, folder: Path, inject: bool) -> None:
        """Name the folder; nothing is loaded before the first request."""
        self._files, self.inject = folder, inject
        self.folder, self.reports = folder, dict[str, Any]()
        self._lock = threading.Lock()
        self._seen: tuple[Path, ...] = ()
        self._endpoint: Endpoint | None = None
        self._work = Path(tempfile.mkdtemp())

    @property
    def sparql(self) -> "Loaded":
        """The endpoint; a library has one."""
        return self

    def run(self, query: str, accept: Any = ANSWER, dataset: Dataset | None = None, **rest: Any) -> Any:
        """Evaluate a query on what lies in the folder now."""
        endpoint = self._current()
        return endpoint.run(injected(query) if self.inject else query, accept, dataset, **rest)

    @property
    def vocabulary(self) -> dict[str, Any]:
        """The concepts of its ontology: none."""
        return {}

    @property
    def store(self) -> Store:
        """The store that lies in the folder now."""
        self._current()
        return self._store

    def _current(self) -> Endpoint:
        with self._lock:
            files = tuple(sorted(self._files.glob("*.nt.graph")))
            if files != self._seen or self._endpoint is None:
                self._seen = files
                self._load(files)
            return self._endpoint

    def _load(self, files: tuple[Path, ...]) -> None:
        self.close()
        self.folder = Path(tempfile.mkdtemp(dir=self._work))
        place = self.folder / "store"
        with Store.create(place) as store:
            for name in files:
                graph, content = name.read_text().strip(), name.with_suffix("").read_text()
                label = "" if graph == "DEFAULT" else f"<{graph}>"
                if label:
                    store.engine.add_graph(ox.NamedNode(graph))
                lines = [line.rstrip()[:-1] for line in content.split("\n") if line.strip()]
                store.load("".join(f"{line} {label} .\n" for line in lines).encode())
            write_graph(self.folder, store.dump())
        self._store = Store.open(place)
        pool = Pool(place, workers=SETTINGS.workers, seconds=SETTINGS.query_seconds)
        self._endpoint = Endpoint(pool, lambda sought: [Found(HIT, 0.9)])

    def close(self) -> None:
        """Let go of what was loaded."""
        if self._endpoint:
            self._endpoint.close()
            shutil.rmtree(self.folder)


def injected(query: str) -> str:
    """Put a search block at the beginning of a query's outermost group, where the grammar lets one stand."""
    found = tokens(query)
    at = next((n for n in range(prologue(found).length, len(found)) if found[n].text == "{"), None)
    keywords = [token.keyword for token in found]
    if at is None or "CONSTRUCT" in keywords or keywords[at + 1 : at + 2] == ["SELECT"]:
        return query
    end = found[at].end
    return f"{query[:end]}{BLOCK}{query[end:]}"


def main() -> None:
    """Run both halves; the status is that of the worse."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("harness", type=Path)
    parser.add_argument("suite", type=Path)
    parser.add_argument("--inject", action="store_true")
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as taken:
        library: Any = Loaded(Path(folder), given.inject)
        server = uvicorn.Server(uvicorn.Config(create_app(SETTINGS, library), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/sparql"
        load = f"f=$(mktemp -u {folder}/XXXXXXXX).nt; cat {{file}} > $f; echo {{graph}} > $f.new; mv $f.new $f.graph"
        shared = ["--suite", str(given.suite), "--query-url", url, "--load-cmd", load, "--failures"]
        half = [] if given.only or given.inject else [["protocol", *shared, "--slow-timeout", "15"]]
        reset = ["--reset-cmd", f"rm -f {folder}/*", "--engine", "http", "--allow", str(ALLOWED)]
        half.append(["eval", *shared, *reset, *(["--only", given.only] if given.only else [])])
        failed = [subprocess.run([sys.executable, str(given.harness), *one], check=False).returncode for one in half]
        server.should_exit = True
        thread.join()
        library.close()
    sys.exit(max(failed))


if __name__ == "__main__":
    main()
