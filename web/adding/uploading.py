"""Taking what a request brings: refused before it is read where it is too much, and counted while it comes."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

import anyio
from starlette.requests import ClientDisconnect, Request

from kg.settings import Settings
from web.adding.parts import Parts
from web.failures import RequestError

FORM = 64 << 10  # bytes of a form without files
BESIDE = 1 << 20  # bytes that a form may take beside its files


@dataclass(slots=True)
class Upload:
    """Files, as names with paths in a folder that whoever has ``taken`` them removes; and the fields beside them."""

    folder: Path
    files: tuple[tuple[str, str], ...]
    fields: dict[str, str]
    taken: bool = False

    @property
    def names(self) -> list[str]:
        """The names of the files."""
        return [name for name, _ in self.files]

    @contextmanager
    def unless_taken(self) -> Iterator["Upload"]:
        """Give the upload, and remove its files if nobody has taken them by then."""
        try:
            yield self
        finally:
            if not self.taken:
                shutil.rmtree(self.folder, ignore_errors=True)


async def receive(request: Request, settings: Settings) -> Upload:
    """Return the files of a request, kept on the disk.

    :raises RequestError: if it is no form, has too much, or there is no room for it.
    """
    most = (settings.upload_size << 20) + BESIDE
    content_type = request.headers.get("content-type", "")
    if not content_type.lower().startswith("multipart/form-data"):
        raise RequestError(415, "send the files as multipart/form-data, in parts named files")
    _check_length(request, most)
    upload = Upload(Path(tempfile.mkdtemp(prefix="tantu-upload-")), (), {})
    with upload.unless_taken():
        parts = Parts(content_type, upload.folder, settings.upload_files, settings.file_size << 20)
        with closing(parts):
            async with _refusing():
                async for piece in _counted(request, most):
                    await anyio.to_thread.run_sync(parts.take, piece)
            parts.finish()
        upload.taken = True
    return Upload(upload.folder, tuple(parts.files.items()), parts.fields)


async def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a form without files.

    :raises RequestError: if it is no form, or too long.
    """
    if not request.headers.get("content-type", "").lower().startswith("application/x-www-form-urlencoded"):
        raise RequestError(415, "send a form: application/x-www-form-urlencoded")
    return dict(parse_qsl((await body_of(request)).decode("utf-8", "replace"), keep_blank_values=True))


async def body_of(request: Request) -> bytes:
    """Return the body of a request that has to be short.

    :raises RequestError: if it is too long.
    """
    _check_length(request, FORM)
    async with _refusing():
        return b"".join([piece async for piece in _counted(request, FORM)])


def _check_length(request: Request, most: int) -> None:
    said = request.headers.get("content-length", "0")
    if said.isdecimal() and int(said) > most:
        raise RequestError(413, f"the request has {int(said):,} bytes; {most:,} are taken at most (TANTU_UPLOAD_SIZE)")


async def _counted(request: Request, most: int) -> AsyncIterator[bytes]:
    """Yield the pieces of a body while they are not too many: what a header says of its length need not be true."""
    taken = 0
    async for piece in request.stream():
        taken += len(piece)
        if taken > most:
            raise RequestError(413, f"the request has more than {most:,} bytes (TANTU_UPLOAD_SIZE)")
        yield piece


@asynccontextmanager
async def _refusing() -> AsyncIterator[None]:
    """Turn what can go wrong while a body arrives into a refusal.

    :raises RequestError: if the client has gone, or the disk is full.
    """
    try:
        yield
    except ClientDisconnect as error:
        raise RequestError(400, "the request ended before its end") from error
    except OSError as error:
        raise RequestError(503, f"the files cannot be kept ({error.strerror}); there may be too little room") from error
