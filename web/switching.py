"""Serving while the collection changes: a new generation is opened beside the old one, and takes its place at once.

Each request sees the generation that was current when it came, to its last byte; the old one is closed when nobody uses
it any more.
"""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import anyio
from starlette.datastructures import State
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.errors import KgError, StoreError
from kg.generations import DataDirectory
from kg.writer import writing

LOOK = 0.3  # seconds between two looks at which generation is current: one small file is read, in 0.1 ms
LOG = logging.getLogger("tantu")


class Open:
    """A library with those who use it."""

    def __init__(self, library: Any) -> None:
        """Keep a library that is open."""
        self.library = library
        self.users = 0
        self.unused = asyncio.Event()

    def leave(self) -> None:
        """Count a user less."""
        self.users -= 1
        if self.users == 0:
            self.unused.set()


_mine: ContextVar[Open | None] = ContextVar("generation", default=None)


class OneGeneration(State):
    """The state of an application whose ``library`` is, within a request, the one that the request began with."""

    def __getattr__(self, key: str) -> Any:
        """Return what is kept under a name."""
        mine = _mine.get() if key == "library" else None
        return super().__getattr__(key) if mine is None else mine.library


class Switching:
    """The library that is served, and the change to the next one."""

    def __init__(self, state: State, library: Any, data: Path) -> None:
        """Serve a library of a data directory."""
        self._state, self._current, self._directory = state, Open(library), DataDirectory(data)
        state.library = library

    @property
    def library(self) -> Any:
        """The library that new requests get."""
        return self._current.library

    @asynccontextmanager
    async def used(self) -> AsyncIterator[None]:
        """Keep the current library for the time of a request."""
        mine = self._current
        mine.users += 1
        mine.unused.clear()
        token = _mine.set(mine)
        try:
            yield
        finally:
            _mine.reset(token)
            mine.leave()

    async def switch(self, library: Any) -> None:
        """Give new requests another library, and close the old one when those that use it are done."""
        old, self._current = self._current, Open(library)
        self._state.library = library
        if old.users:
            await old.unused.wait()
        await anyio.to_thread.run_sync(old.library.close)
        await anyio.to_thread.run_sync(tidy, self._directory)

    async def _replace(self, library: Any) -> None:
        """Switch, and let go of the memory of the old one."""
        await self.switch(library)
        await anyio.to_thread.run_sync(settle)

    async def follow(self) -> None:
        """Watch the data directory and switch whenever another generation is current; goes on until cancelled."""
        refused = ""
        closing: set[asyncio.Task[None]] = set()
        while True:
            await asyncio.sleep(LOOK)
            name = await anyio.to_thread.run_sync(self._directory.pointer)
            if name in ("", refused, self.library.folder.name):
                continue
            try:
                library = await anyio.to_thread.run_sync(self.library.successor)
            except KgError as error:
                refused = name
                LOG.warning("generation %s is not served: %s", name, error)
                continue
            LOG.info("generation %s is served from now on", name)
            task = asyncio.create_task(self._replace(library))
            closing.add(task)
            task.add_done_callback(closing.discard)


def settle() -> None:
    """Leave what has been loaded, and stays until the end, out of the search for garbage.

    It would be looked through again and again, for a tenth of a second each time, in which nothing is answered.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def tidy(directory: DataDirectory) -> None:
    """Remove what has been replaced, unless somebody is writing, who will."""
    with suppress(StoreError), writing(directory.folder):
        directory.forget()


class Pinned:
    """Gives each request the generation that is current when it comes."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        async with scope["app"].state.switching.used():
            await self.app(scope, receive, send)
