"""The web application: routes, what surrounds them, and the library that they read."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import anyio
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.settings import Settings
from search.library import Library
from web import api, completions, description, dumps, failures, identifiers, metrics, pages, protocol, searching
from web.adding import api as adding_api
from web.adding import pages as adding
from web.adding.jobs import Jobs
from web.adding.tokens import Tries
from web.admission import Admission
from web.guarding import Guarded
from web.metrics import Counted, Metrics
from web.studies import routes as studies
from web.switching import OneGeneration, Pinned, Switching

STATIC = Path(__file__).parent / "static"
UNENCODED = re.compile(rb"[^\x21-\x7e]")
PLACES_PER_WORKER = 8  # requests that hold a thread while they wait for a query worker; the rest wait without one
# Questions that are answered at once; the others wait in order. An answer is mostly Python, of which one thread runs at
# a time: sixteen in turns would all be as late as the last one, and a long one later than that.
ANSWERS = 3
ROUTERS = (
    *(api.router, adding_api.router, adding.router, completions.router, protocol.router, dumps.router),
    *(description.router, identifiers.router, metrics.router, studies.router, searching.router, pages.router),
    studies.api,
)
THEMSELVES = ("/sparql", "/dump.")  # paths whose HEAD has a route of its own, because their body is work
ABOUT = """Corporate sustainability reports as a knowledge graph with the evidence for every fact.

`/api/search` finds passages, `/api/ask` answers questions, `/api/facts` gives the facts, `/sparql` takes any query."""


def create_app(settings: Settings, library: Library | None = None, *, follows: bool = False) -> FastAPI:
    """Return the application; it opens the built library when it starts, unless it is given one.

    One that ``follows`` takes a new generation as soon as it is current.
    """
    app = FastAPI(
        title="Tantu",
        version=installed_version(),
        description=ABOUT,
        docs_url=None,  # their pages come from a CDN; /openapi.json opens in any viewer
        redoc_url=None,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=_lifespan(settings, library, follows),
    )
    app.state = OneGeneration()
    app.add_middleware(Pinned)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=4)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST", "OPTIONS"],
        allow_headers=["*"],
        expose_headers=["Content-Disposition", "ETag", "Retry-After"],
        max_age=86_400,
    )
    app.add_middleware(AnswerHead)
    app.add_middleware(Counted)
    app.add_middleware(Guarded)
    failures.install(app)
    for router in ROUTERS:
        app.include_router(router)
    if STATIC.is_dir():
        app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


class AnswerHead:
    """Answers HEAD as GET; the server leaves out the body. What ``THEMSELVES`` names does so without making one."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] == "http":
            scope["query_string"] = UNENCODED.sub(lambda byte: b"%%%02X" % byte[0][0], scope["query_string"])
        if scope["type"] == "http" and scope["method"] == "HEAD" and not scope["path"].startswith(THEMSELVES):
            scope = {**scope, "method": "GET"}
        await self.app(scope, receive, send)


def installed_version() -> str:
    """Return the installed version; a checkout that is not installed has none."""
    try:
        return version("tantu")
    except PackageNotFoundError:
        return "0"


def _lifespan(
    settings: Settings, library: Library | None, follows: bool
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        opened: Any = library or await anyio.to_thread.run_sync(Library.open, settings)
        app.state.settings, app.state.switching = settings, Switching(app.state, opened, settings.data)
        places = PLACES_PER_WORKER * settings.workers
        app.state.queries = anyio.CapacityLimiter(places)
        app.state.admission = Admission(places, settings.client_queries)
        app.state.metrics = Metrics(app.state)
        app.state.jobs, app.state.tries = Jobs(settings), Tries()
        app.state.answers = anyio.CapacityLimiter(ANSWERS)
        app.state.dumps = anyio.CapacityLimiter(dumps.AT_ONCE)
        async with anyio.create_task_group() as tasks:
            if follows:
                tasks.start_soon(app.state.switching.follow)
            try:
                yield
            finally:
                tasks.cancel_scope.cancel()
                app.state.jobs.close()
                if app.state.switching.library is not library:
                    app.state.switching.library.close()

    return lifespan
