"""The pages for adding reports: the token is asked for once, then files, corrections and removals are forms."""

from typing import Any

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from search.errands import Errand
from web.adding import rows
from web.adding.contexts import AddContext, ChangeContext, EnterContext
from web.adding.entry import (
    check_seal,
    client_of,
    from_elsewhere,
    give_pass,
    knows,
    may_pass,
    seal_of,
    token_of,
)
from web.adding.jobs import Job
from web.adding.said import Correction, Said, correcting, read, removing
from web.adding.tokens import COOKIE
from web.adding.uploading import form_of, receive
from web.failures import RequestError, message
from web.names import Names
from web.parts import Page, Phrase
from web.rendering import frame, respond, words_of
from web.words import Words

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
NEVER_KEPT = {"Cache-Control": "no-store"}


@router.get("/add")
def add_page(request: Request, find: str = "") -> Response:
    """Show the form for files and what was added, or ask for the token."""
    return _shown(request, sought=find) if may_pass(request) else _asked_in(request)


@router.post("/add/enter")
async def enter(request: Request) -> Response:
    """Take the token, and give a pass for it."""
    token_of(request)
    try:
        known = knows(request, (await form_of(request)).get("token", ""))
    except HTTPException as error:
        return _asked_in(request, "adding.wait", error.status_code)
    if not known:
        return _asked_in(request, "adding.wrong", 401)
    response = RedirectResponse("/add", 303, NEVER_KEPT)
    give_pass(request, response)
    return response


@router.post("/add/leave")
async def leave(request: Request) -> Response:
    """Take the pass back."""
    if may_pass(request):
        check_seal(request, await form_of(request))
    response = RedirectResponse("/add", 303, NEVER_KEPT)
    response.delete_cookie(COOKIE)
    return response


@router.post("/add")
async def add(request: Request) -> Response:
    """Take files, and add them in the background."""
    if not may_pass(request) or from_elsewhere(request):
        return _asked_in(request, status=401)
    try:
        with (await receive(request, request.app.state.settings)).unless_taken() as upload:
            check_seal(request, upload.fields)
            said: Said = read(Said, _without(upload.fields, "seal"))
            errand = Errand(upload.files, said.given(len(upload.files)))
            job = _ask(request, "add", errand, upload.names, upload.folder)
            upload.taken = True
    except (RequestError, RequestValidationError) as error:
        return _shown(request, error)
    return _to(job)


@router.post("/add/correct")
async def correct(request: Request) -> Response:
    """Set right what was read of a report, in the background."""
    if not may_pass(request):
        return _asked_in(request, status=401)
    fields = await form_of(request)
    check_seal(request, fields)
    report = request.app.state.library.report(fields.get("report", ""))
    said = _without(fields, "seal", "report", "was")
    if said.get("company") == fields.get("was"):
        del said["company"]  # a name that is only shown could be that of two companies
    try:
        errand = correcting(request.app.state.settings, report, read(Correction, said))
        return _to(_ask(request, "correct", errand, [report.id]))
    except (RequestError, RequestValidationError) as error:
        return _shown(request, error)


@router.post("/add/remove")
async def remove(request: Request) -> Response:
    """Remove a report, in the background."""
    if not may_pass(request):
        return _asked_in(request, status=401)
    fields = await form_of(request)
    check_seal(request, fields)
    report = request.app.state.library.report(fields.get("report", ""))
    try:
        return _to(_ask(request, "remove", removing(request.app.state.settings, report), [report.id]))
    except RequestError as error:
        return _shown(request, error)


@router.get("/add/{change}")
def change_page(request: Request, change: str) -> Response:
    """Show how far a change is, and what became of each file."""
    if not may_pass(request):
        return _asked_in(request)
    job: Job | None = request.app.state.jobs.job(change)
    if job is None:
        return RedirectResponse("/add", 303, NEVER_KEPT)
    words, library = words_of(request), request.app.state.library
    said = rows.said(words, job)
    context = ChangeContext(
        page=_frame(request, words, said),
        seal=seal_of(request),
        said=said,
        state=rows.state(words, job),
        problem=Phrase(job.problem, "en"),
        ended=job.seen(library.manifest.key),
        stages=tuple(rows.stages(words, job)),
        files=rows.files(job),
        rows=tuple(rows.file_row(words, told, library) for told in job.result.told),
        languages=rows.languages(words),
    )
    return _respond(request, context)


def _ask(request: Request, kind: str, errand: Errand, names: list[str], folder: Any = None) -> Job:
    job: Job = request.app.state.jobs.ask(client_of(request), kind, errand, names, folder)
    return job


def _to(job: Job) -> Response:
    return RedirectResponse(f"/add/{job.id}", 303, NEVER_KEPT)


def _without(fields: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in fields.items() if name not in names}


def _frame(request: Request, words: Words, title: str) -> Page:
    return frame(request, words, f"{title} \u00b7 {words('site.name')}", "add")


def _respond(request: Request, context: Any, status: int = 200) -> Response:
    response = respond(request, context, status)
    response.headers.update(NEVER_KEPT)
    return response


def _asked_in(request: Request, problem: str = "", status: int = 200) -> Response:
    """Ask for the token.

    :raises RequestError: if adding is switched off.
    """
    token_of(request)
    words = words_of(request)
    page = _frame(request, words, words("adding.title"))
    return _respond(request, EnterContext(page, words(problem) if problem else ""), status)


def _shown(request: Request, error: Exception | None = None, sought: str = "") -> Response:
    """Show the page with the form for files; an ``error`` says why what was sent was not taken."""
    words, state = words_of(request), request.app.state
    settings = state.settings
    own, more = rows.own_rows(settings, state.library, Names(state.library.vocabulary, words.language), sought)
    limits = {"files": settings.upload_files, "size": settings.upload_size, "each": settings.file_size}
    context = AddContext(
        page=_frame(request, words, words("adding.title")),
        seal=seal_of(request),
        problem=Phrase(message(error) if error else "", "en"),
        limits=words("adding.limits", **limits),
        most_files=settings.upload_files,
        most_bytes=settings.upload_size << 20,
        languages=rows.languages(words),
        changes=tuple(rows.change_row(words, job) for job in state.jobs.latest()[:10]),
        sought=sought,
        rows=own,
        more=more,
    )
    status = getattr(error, "status", 422) if error else 200
    return _respond(request, context, status)
