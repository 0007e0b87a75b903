"""The JSON interface to adding, correcting and removing reports; each request has to bring the token."""

from typing import Annotated, Any

from fastapi import APIRouter
from fastapi import Path as InPath
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.requests import Request

from search.errands import Errand, Told
from web.adding.entry import check_header, client_of, token_of
from web.adding.jobs import Job, Jobs
from web.adding.said import Correction, Said, correcting, read, removing
from web.adding.uploading import body_of, receive
from web.failures import RequestError
from web.schemas import Failure

FAILING: dict[int | str, dict[str, Any]] = {
    401: {"model": Failure, "description": "Without the token"},
    404: {"model": Failure, "description": "Switched off, or there is no such report or change"},
    422: {"model": Failure, "description": "Something that cannot be"},
    429: {"model": Failure, "description": "Too many wrong tokens"},
    503: {"model": Failure, "description": "Too many changes wait, or there is no room"},
}
LARGE: dict[int | str, dict[str, Any]] = {
    400: {"model": Failure, "description": "A body that cannot be read"},
    413: {"model": Failure, "description": "More than the settings allow"},
    415: {"model": Failure, "description": "Not of the type that is asked for"},
}
SHIPPED: dict[int | str, dict[str, Any]] = {
    409: {"model": Failure, "description": "A report that Tantu ships, or whose file is not kept"}
}
router = APIRouter(prefix="/api", tags=["changes"], responses=FAILING)
ReportId = Annotated[str, InPath(max_length=100, description="The id of a report that was added")]
FILES = {"type": "array", "items": {"type": "string", "contentMediaType": "application/octet-stream"}, "minItems": 1}
_SAID = Said.model_json_schema()
FORM = {**_SAID, "properties": {"files": FILES, **_SAID["properties"]}, "required": ["files"]}


class Change(BaseModel):
    """A change that was asked for, and how far it is."""

    id: str
    kind: str
    state: str
    names: list[str]
    progress: dict[str, tuple[int, int]]
    files: list[Told]
    generation: str
    problem: str


class Changes(BaseModel):
    """The changes that the server remembers, the latest first."""

    changes: list[Change]


def change(job: Job) -> Change:
    """Return a change as JSON shows it."""
    told = list(job.result.told)
    progress = dict(job.progress)
    return Change(
        id=job.id,
        kind=job.kind,
        state=job.state,
        names=list(job.names),
        progress=progress,
        files=told,
        generation=job.result.generation,
        problem=job.problem,
    )


@router.get("/changes", response_model=Changes, summary="What was asked for, and how far it is")
def changes(request: Request) -> Changes:
    """Return the latest changes."""
    return Changes(changes=[change(job) for job in _jobs(request).latest()])


@router.get("/changes/{id}", response_model=Change, summary="How far a change is")
def one_change(request: Request, id: str) -> Change:
    """Return a change, with what became of each file."""
    job = _jobs(request).job(id)
    if job is None:
        raise RequestError(404, f"there is no change {id[:40]!r}, or it has been forgotten")
    return change(job)


@router.post(
    "/reports",
    status_code=202,
    response_model=Change,
    responses=LARGE,
    summary="Add reports",
    openapi_extra={"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FORM}}}},
)
async def add(request: Request) -> JSONResponse:
    """Take files, and add them as reports in the background; the answer names the change to ask for."""
    jobs = _jobs(request)
    with (await receive(request, request.app.state.settings)).unless_taken() as upload:
        said: Said = read(Said, upload.fields)
        errand = Errand(upload.files, said.given(len(upload.files)))
        job = jobs.ask(client_of(request), "add", errand, upload.names, upload.folder)
        upload.taken = True
    return _asked(job)


@router.patch(
    "/reports/{id}",
    status_code=202,
    response_model=Change,
    responses={**LARGE, **SHIPPED},
    summary="Set right what was read of a report",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": Correction.model_json_schema()}},
        }
    },
)
async def correct(request: Request, id: ReportId) -> JSONResponse:
    """Set company, year, language or title of a report that was added, in the background."""
    jobs = _jobs(request)
    if not request.headers.get("content-type", "").lower().startswith("application/json"):
        raise RequestError(415, "send JSON: application/json")
    correction = read(Correction, await body_of(request))
    errand = correcting(request.app.state.settings, request.app.state.library.report(id), correction)
    return _asked(jobs.ask(client_of(request), "correct", errand, [id]))


@router.delete("/reports/{id}", status_code=202, response_model=Change, responses=SHIPPED, summary="Remove a report")
def remove(request: Request, id: ReportId) -> JSONResponse:
    """Remove a report that was added, with all that was found in it, in the background."""
    jobs = _jobs(request)
    errand = removing(request.app.state.settings, request.app.state.library.report(id))
    return _asked(jobs.ask(client_of(request), "remove", errand, [id]))


def _jobs(request: Request) -> Jobs:
    """Return the changes, for somebody who brings the token.

    :raises RequestError: if adding is switched off.
    :raises HTTPException: if the token is missing or wrong.
    """
    token_of(request)
    check_header(request)
    jobs: Jobs = request.app.state.jobs
    return jobs


def _asked(job: Job) -> JSONResponse:
    return JSONResponse(change(job).model_dump(mode="json"), 202, {"Location": f"/api/changes/{job.id}"})
