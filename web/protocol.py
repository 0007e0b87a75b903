"""The SPARQL 1.1 Protocol, read-only: https://www.w3.org/TR/sparql11-protocol/ ."""

import re
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import anyio
from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from kg.errors import KgError, QueryError, QueryRefused
from kg.pool import Dataset, Result
from kg.sparql import UPDATES, form
from web import editor
from web.admission import Place
from web.description import describe
from web.failures import RequestError
from web.negotiation import prefers_html, results
from web.reference import SPARQL_GET, SPARQL_POST

router = APIRouter(tags=["sparql"])

FORM, DIRECT, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
MOST_PARAMETERS = 1000
AT_ONCE = 1 << 16  # bytes; a result that is complete within them goes out in one piece with its length
HEADERS = {"Vary": "Accept, Origin"}
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*")


class Asked(NamedTuple):
    """What a request asks: the query, the dataset if it names one, whether to explain rather than to answer.

    ``format`` is what stands before Accept, for links.
    """

    query: str
    dataset: Dataset | None
    explain: bool = False
    format: str | None = None


@router.get(
    "/sparql", openapi_extra=SPARQL_GET, response_class=Response, summary="Query by GET, or describe the service"
)
@router.get("/sparql/", include_in_schema=False, response_class=Response)
@router.head("/sparql", include_in_schema=False)
@router.head("/sparql/", include_in_schema=False)
async def by_get(request: Request) -> Response:
    """Answer ``?query=``; without one, describe the service. A browser gets the editor, with the result in it."""
    parameters = _decoded(request.url.query)
    browser = prefers_html(request.headers.get("accept"))
    if not any(name in ("query", "update") for name, _ in parameters):
        return await anyio.to_thread.run_sync(editor.editor if browser else describe, request)
    asked = _asked(parameters)
    if browser and not asked.explain and not asked.format:
        return await _shown(request, asked, editor.editor)
    return await _answer(request, asked)


@router.post("/sparql/result", include_in_schema=False, response_class=Response)
async def result(request: Request) -> Response:
    """Answer a form as a piece of the editor's page."""
    return await _shown(request, _asked(_decoded(await _body(request))), editor.result)


@router.get("/sparql/chart.svg", include_in_schema=False, response_class=Response)
async def chart(request: Request) -> Response:
    """Send the chart of a query's result as a drawing."""
    return await _shown(request, _asked(_decoded(request.url.query)), editor.drawing)


Show = Callable[[Request, str, Dataset | None], Response]


async def _shown(request: Request, asked: Asked, show: Show) -> Response:
    """Answer a query as a page; it waits for its place as every query does."""
    _measured(request, asked)
    place = await request.app.state.admission.enter(_asker(request))
    try:
        work = partial(show, request, asked.query, asked.dataset)
        return await anyio.to_thread.run_sync(work, limiter=request.app.state.queries)
    finally:
        place.leave()


@router.post(
    "/sparql", openapi_extra=SPARQL_POST, response_class=Response, summary="Query by POST, as a form or as it stands"
)
@router.post("/sparql/", include_in_schema=False, response_class=Response)
async def by_post(request: Request) -> Response:
    """Answer a query in a form, or one that is the whole body."""
    kind, *options = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    charset = next((part[8:].strip('"') for part in options if part.startswith("charset=")), "utf-8")
    if kind == UPDATE:
        raise RequestError(403, "updates are refused: this endpoint is read-only")
    if kind not in (FORM, DIRECT) or charset not in ("utf-8", "utf8"):
        raise RequestError(415, f"a query cannot be sent as {kind or 'nothing'} in {charset}")
    body = await _body(request)
    parameters = _decoded(request.url.query) + (_decoded(body) if kind == FORM else [("query", body)])
    return await _answer(request, _asked(parameters))


async def _body(request: Request) -> str:
    """Read the body; a percent-encoded query may take nine bytes a character.

    :raises RequestError: if it is too long, or not UTF-8.
    """
    limit = 9 * request.app.state.settings.query_length
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > limit:
            raise RequestError(413, f"the request has more than {limit:,} bytes")
    try:
        return found.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError(400, f"the request is not UTF-8: {error.reason} at byte {error.start}") from error


def _decoded(encoded: str) -> list[tuple[str, str]]:
    """Read a query string or a form.

    :raises RequestError: if it has too many parameters, or bytes that are not UTF-8.
    """
    try:
        return parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except ValueError as error:
        raise RequestError(400, "the parameters are not percent-encoded UTF-8, or there are too many") from error


def _asked(parameters: list[tuple[str, str]]) -> Asked:
    """Return what the parameters ask.

    :raises RequestError: for an update, no query, or more than one.
    """
    queries = [value for name, value in parameters if name == "query"]
    if any(name == "update" for name, _ in parameters):
        raise RequestError(403, "updates are refused: this endpoint is read-only")
    if len(queries) != 1:
        raise RequestError(400, f"one parameter named query is needed, not {len(queries)}")
    default, named = (
        tuple(value for name, value in parameters if name == wanted)
        for wanted in ("default-graph-uri", "named-graph-uri")
    )
    for graph in (*default, *named):
        if not ABSOLUTE.fullmatch(graph):
            raise RequestError(400, f"{graph[:80]!r} is no absolute IRI, which the name of a graph has to be")
    explain = any(name == "explain" and value.lower() not in ("0", "false", "no") for name, value in parameters)
    form = next((value for name, value in parameters if name == "format"), None)
    return Asked(queries[0], Dataset(default, named) if default or named else None, explain, form)


def _asker(request: Request) -> str:
    return request.client.host if request.client else ""


def _measured(request: Request, asked: Asked) -> None:
    """Look at the length of a query.

    :raises RequestError: if it is too long.
    """
    length, most = len(asked.query), request.app.state.settings.query_length
    if length > most:
        raise RequestError(413, f"the query has {length:,} characters; {most:,} may be")


async def _answer(request: Request, asked: Asked) -> Response:
    """Run a query and send its result, in one piece or as it comes."""
    _measured(request, asked)
    place = await request.app.state.admission.enter(_asker(request))
    response: Response | None = None
    try:
        response = await _begin(request, asked)
    finally:
        if not isinstance(response, ResultResponse):
            place.leave()
    if isinstance(response, ResultResponse):
        response.place = place
    return response


async def _begin(request: Request, asked: Asked) -> Response:
    """Run a query until its first bytes are there."""
    state = request.app.state
    accepted = results(request.headers.get("accept"), asked.format)
    base = str(request.url.replace(query="", fragment=""))
    if asked.explain:
        told = partial(state.library.sparql.explain, asked.query, asked.dataset, base)
        return JSONResponse(await anyio.to_thread.run_sync(told, limiter=state.queries), headers={"Vary": "Origin"})
    work = partial(begin, state.library.sparql, asked, accepted, base)
    begun = await anyio.to_thread.run_sync(work, limiter=state.queries)
    headers = {**HEADERS, "Content-Type": begun.content_type}
    if begun.rest is None:
        return Response(begun.first, headers=headers)
    if request.method == "HEAD":
        begun.rest.close()
        return Response(headers=headers)
    return ResultResponse(begun, headers, state.queries)


class Begun(NamedTuple):
    """A result whose first bytes are there; ``rest`` is None where they are all."""

    content_type: str
    first: bytes
    rest: Result | None
    parts: Iterator[bytes]


def begin(endpoint: Any, asked: Asked, accepted: tuple[str, str], base: str) -> Begun:
    """Run a query until its first bytes are there.

    :raises KgError: as ``search.endpoint.Endpoint.run`` does; an update in the place of a query is a 400.
    """
    try:
        content_type, result = endpoint.run(asked.query, accepted, asked.dataset, base=base)
    except QueryRefused as error:
        if form(asked.query) in UPDATES:
            raise QueryError(error.reason, error.line, error.column) from error
        raise
    parts = iter(result)
    first = b""
    while len(first) < AT_ONCE:
        part = next(parts, None)
        if part is None:
            return Begun(content_type, first, None, parts)
        first += part
    return Begun(content_type, first, result, parts)


class ResultResponse(StreamingResponse):
    """A result as it comes; one that cannot be completed breaks the connection, so that nobody takes it for a whole."""

    def __init__(self, begun: Begun, headers: dict[str, str], limiter: anyio.CapacityLimiter) -> None:
        """Go on with a result; it is closed and its place left when it has been sent, or its reader has gone."""
        super().__init__(_parts(begun, limiter), headers=headers)
        self._begun = begun
        self.place: Place | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self.place:
                self.place.leave()
            # ends the worker if somebody has hung up, and with it the thread that waits for it; not on the event loop,
            # because a process with much memory takes long to end
            if self._begun.rest:
                threading.Thread(target=self._begun.rest.close).start()

    async def stream_response(self, send: Send) -> None:
        """Send everything; leave the response unfinished where the query fails."""
        try:
            await super().stream_response(send)
        except KgError:
            return  # the server closes the connection of a response without an end


async def _parts(begun: Begun, limiter: anyio.CapacityLimiter) -> AsyncIterator[bytes]:
    part: bytes | None = begun.first
    while part is not None:
        yield part
        work = partial(next, begun.parts, None)
        part = await anyio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=limiter)
