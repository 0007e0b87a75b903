"""A plugin of pytest that runs tests, unchanged, on engines elsewhere: `pytest -p tests.elsewhere`, as `make engines` does.

ENGINE names them: ``oxigraph`` or ``virtuoso`` for graphs, ``milvus-lite`` or ``milvus`` (a server at MILVUS) for vectors.
The collection of the seeds is built for them as the settings say. The small graphs that tests write for themselves are
served by an engine of their own each: whoever makes a ``Pool`` on a folder, or opens a ``Store``, gets that.
"""

from __future__ import annotations

import inspect
import os
import re
import tempfile
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kg import stores
from kg.pool import Pool
from kg.pushing import Piece, Target
from kg.remote import Remote
from kg.settings import ROOT, Settings
from kg.store import Store
from tests import conftest, engines

ENDLESS = re.compile(r"tiny\.(RUNAWAY|GREEDY|ENDLESS|LONG)\b")
STACK = ExitStack()
ENGINE = os.environ.get("ENGINE", "oxigraph")
GRAPHS = {"oxigraph": lambda: engines.oxigraph(), "virtuoso": lambda: engines.virtuoso(folder())}
_open, _pool = Store.open, Pool.__init__


def folder() -> Path:
    """Return an empty folder that goes with the tests."""
    return Path(STACK.enter_context(tempfile.TemporaryDirectory(prefix="engine-")))


@cache
def served(store: Path) -> dict[str, str]:
    """Serve what a store in a folder holds; return the settings."""
    if ENGINE == "oxigraph":
        return STACK.enter_context(engines.oxigraph_of(store))
    found: dict[str, str] = STACK.enter_context(GRAPHS[ENGINE]())
    aside = folder()
    with _open(store) as opened:
        (aside / "graph.nq").write_bytes(opened.dump())
        pieces = [Piece(graph, "key", (aside / "graph.nq",)) for graph in opened.graphs()]
    Target(Settings(**found)).push("generation", pieces)  # type: ignore[arg-type]
    return found


def elsewhere(store: Path) -> bool:
    """Say whether a folder holds a store, which then is served; what cannot be opened shall fail as it does."""
    return (store / "CURRENT").is_file()


def pytest_configure() -> None:
    """Start what the collection of the seeds is built for, and put it into the place of our own engines."""
    given: dict[str, Any] = {}
    if ENGINE in GRAPHS:
        given = STACK.enter_context(GRAPHS[ENGINE]())

        def pool(self: Pool, store: Path | str, **options: Any) -> None:
            there = isinstance(store, Path) and elsewhere(store)
            _pool(self, served(store)["store"] if there else store, **options)  # type: ignore[arg-type]

        def opened(cls: type[Store], store: Path) -> Store:
            return stores.RemoteStore(Remote(served(store)["store"]), store) if elsewhere(store) else _open(store)

        Pool.__init__ = pool  # type: ignore[method-assign]
        Store.open = classmethod(opened)  # type: ignore[assignment,method-assign]
    else:
        given = {"vectors": f"milvus:{os.environ['MILVUS'] if ENGINE == 'milvus' else folder() / 'vectors.db'}"}
    Settings.__init__.__kwdefaults__.update(given)
    conftest.DATA = ROOT / "build" / f"test-data-{ENGINE}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what sees a process of ours end a query that never ends: at a store elsewhere it would go on for ever."""
    for item in items:
        source = inspect.getsource(item.function) if isinstance(item, pytest.Function) else ""  # type: ignore[attr-defined]
        if ENGINE in GRAPHS and ENDLESS.search(source):
            item.add_marker(pytest.mark.skip(reason="a query without end is for the store elsewhere to stop"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what was served, so that nobody takes our own engines for others."""
    terminalreporter.write_line(f"on {ENGINE}: {served.cache_info().currsize} graphs of tests, and {conftest.DATA}")


def pytest_unconfigure() -> None:
    """Stop what was started."""
    STACK.close()
