"""The whole graph as a file: ``/dump.nq.gz``, ``/dump.trig``, ``/dump.ttl``."""

from collections.abc import AsyncIterator, Generator
from contextlib import closing
from datetime import UTC, datetime
from difflib import get_close_matches
from email.utils import format_datetime
from pathlib import Path
from typing import Annotated, Any

import anyio
from fastapi import APIRouter
from fastapi import Path as InPath
from fastapi.responses import Response, StreamingResponse
from starlette.requests import Request

from kg.dumps import FORMS, Form, dump
from kg.errors import NotFound, StoreError
from kg.pieces import GRAPH
from web.schemas import Failure

router = APIRouter(tags=["dumps"])

AT_ONCE = 1  # pieces that are made at one time, for all clients together: a dump may take one core, queries the rest
COMPRESSED = "application/gzip"
ANY_DUMP: dict[int | str, dict[str, Any]] = {
    200: {"content": {COMPRESSED: {}, "application/trig": {}, "text/turtle": {}}, "description": "The whole graph"},
    304: {"description": "The graph is the one that If-None-Match names"},
    404: {"model": Failure, "description": "No such form; nearest holds those that there are"},
}
NAME = "dump."  # of a dump, before its form
Ending = Annotated[str, InPath(description=f"One of {', '.join(FORMS)}")]


@router.get("/dump.{form}", responses=ANY_DUMP, response_class=StreamingResponse, summary="The whole graph as a file")
@router.head("/dump.{form}", include_in_schema=False)
async def download(request: Request, form: Ending) -> Response:
    """Return all that the graph holds; the same graph has the same ``ETag``."""
    if form not in FORMS:
        near = get_close_matches(form, FORMS, 3, 0)
        raise NotFound("dump", NAME + form, [NAME + name for name in near])
    library, state = request.app.state.library, request.app.state
    headers = {
        "ETag": tag(library),
        "Last-Modified": format_datetime(modified(library.folder), usegmt=True),
        "Cache-Control": "no-cache",
    }
    if matches(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    headers |= {
        "Content-Type": content_type(FORMS[form]),
        "Content-Disposition": f'attachment; filename="tantu.{form}"',
    }
    if request.method == "HEAD":
        return Response(headers=headers)
    return StreamingResponse(_sent(dump(library.folder, form), state.dumps), headers=headers)


def content_type(form: Form) -> str:
    """Return the Content-Type of a form: a compressed one is a file of its own, which no client may unpack unasked."""
    if form.compressed:
        return COMPRESSED
    return f"{form.media}; charset=utf-8" if form.media.startswith("text/") else form.media


def tag(library: Any) -> str:
    """Return the tag of a library's graph, a weak one: a dump may be compressed again on its way."""
    return f'W/"{library.manifest.parts[GRAPH][:32]}"'


def modified(folder: Path) -> datetime:
    """Return when a generation was built.

    :raises StoreError: if its graph is gone.
    """
    try:
        return datetime.fromtimestamp(int((folder / GRAPH).stat().st_mtime), UTC)
    except OSError as error:
        raise StoreError(f"{folder / GRAPH} cannot be read ({error.strerror}); run `tantu build`") from error


def matches(wanted: str, tag: str) -> bool:
    """Say whether an If-None-Match header names a tag, by the weak comparison of RFC 9110 (8.8.3.2).

    >>> matches('"a", W/"b"', 'W/"a"'), matches("*", 'W/"a"'), matches("", 'W/"a"'), matches('"ab"', 'W/"a"')
    (True, True, False, False)
    """
    named = {part.strip().removeprefix("W/") for part in wanted.split(",")}
    return "*" in named or tag.removeprefix("W/") in named


async def _sent(parts: Generator[bytes, None, None], limiter: anyio.CapacityLimiter) -> AsyncIterator[bytes]:
    """Yield pieces, each made in a thread when the one before has been taken."""
    with closing(parts):
        while (part := await anyio.to_thread.run_sync(next, parts, None, limiter=limiter)) is not None:
            yield part
