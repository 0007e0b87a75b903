"""From an error to an answer: one table of statuses, JSON for programs and a page for browsers."""

from http import HTTPStatus
from typing import Any, NamedTuple

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import Request

from kg import errors
from web import explanations
from web.guarding import guard
from web.negotiation import prefers_html


class RequestError(errors.KgError):
    """A request that breaks the rules of HTTP or of the SPARQL Protocol; ``status`` says which."""

    def __init__(self, status: int, reason: str) -> None:
        """Keep the status and the reason."""
        super().__init__(status, reason)
        self.status, self.reason = status, reason

    def __str__(self) -> str:
        """Return the reason."""
        return self.reason


class Verdict(NamedTuple):
    """The status that an error gets, and what to do about it."""

    status: int
    remedy: str


VERDICTS: tuple[tuple[type[Exception], Verdict], ...] = (
    (
        errors.QueryRefused,
        Verdict(403, "Query only what this endpoint holds; it neither fetches nor changes anything."),
    ),
    (errors.QueryTimeout, Verdict(503, "Make the query narrower or add a LIMIT, then try again.")),
    (errors.QueryTooLarge, Verdict(503, "Make the query narrower, order fewer rows or nest less deeply.")),
    (errors.QueryUnsupported, Verdict(501, "Use the functions of SPARQL 1.1 and those of XML Schema.")),
    (errors.QueryError, Verdict(400, "Mend the query at the line and column given.")),
    (errors.UnknownFilter, Verdict(400, "Take one of the nearest, or one of those that /api/filters lists.")),
    (errors.NotFound, Verdict(404, "Follow one of the nearest, or search for it.")),
    (errors.QuestionError, Verdict(422, "Ask one question in Chinese or English.")),
    (errors.SettingsError, Verdict(501, "Ask whoever runs this server to install what is missing.")),
    (errors.StoreError, Verdict(503, "Try again in a moment; if it lasts, whoever runs this server needs to rebuild.")),
    (errors.ModelMissing, Verdict(503, "Whoever runs this server needs to install the embedding model.")),
    (
        RequestValidationError,
        Verdict(422, "Mend the parameter that the message names; /openapi.json describes them all."),
    ),
    (errors.KgError, Verdict(500, "Report this with the address that you asked for.")),
)
"""The first class that fits counts; an error of none of them is a 500."""

UNKNOWN = Verdict(500, "Try again; if it lasts, report it with the address that you asked for.")
REMEDIES = {
    401: "Ask whoever runs this server for its token.",
    404: "Check the address, or start from the first page.",
    405: "Use one of the methods in the Allow header.",
    409: "Take one of the reports that were added; `/api/changes` says what became of each.",
    413: "Send less at once: a shorter query, whose VALUES blocks can be split over several requests, or fewer files.",
    429: "Try again after the seconds in Retry-After.",
    503: "Try again after the seconds in Retry-After.",
    415: "Send the type that the message names; for SPARQL application/sparql-query or a form, in UTF-8.",
}
RETRY_AFTER = 5  # seconds; a query that was too much for one moment often fits the next


def verdict(error: Exception) -> Verdict:
    """Return the status and the remedy of an error.

    >>> verdict(errors.QueryTimeout("the query took longer than 20 s")).status
    503
    """
    if isinstance(error, RequestError | HTTPException):
        status = error.status if isinstance(error, RequestError) else error.status_code
        return Verdict(status, REMEDIES.get(status, "Mend the request as the message says."))
    return next((verdict for kind, verdict in VERDICTS if isinstance(error, kind)), UNKNOWN)


def message(error: Exception) -> str:
    """Return one line that says what is wrong; nothing of the inside of an error that is not ours."""
    if isinstance(error, RequestValidationError):
        return "; ".join(f"{_name(found['loc'])}: {_said(found)}" for found in error.errors())
    if isinstance(error, HTTPException):
        return str(error.detail)
    return str(error) if isinstance(error, errors.KgError) else HTTPStatus.INTERNAL_SERVER_ERROR.phrase


def _name(place: tuple[Any, ...]) -> str:
    return ".".join(str(part) for part in place[1:]) or str(place[0])


def _said(found: dict[str, Any]) -> str:
    given = "" if found["type"] == "missing" else f", not {str(found['input'])[:40]!r}"
    return f"{found['msg'][:1].lower()}{found['msg'][1:]}{given}"


def body(error: Exception) -> dict[str, Any]:
    """Return the JSON of an error; ``line``, ``column`` and ``nearest`` stand in it where the error has them.

    >>> body(errors.NotFound("report", "mobil-2023", ["mobile-2023"]))["error"]["nearest"]
    ['mobile-2023']
    """
    found: dict[str, Any] = {"kind": type(error).__name__, "message": message(error)}
    found |= {name: getattr(error, name) for name in ("line", "column") if getattr(error, name, None) is not None}
    found["nearest"] = list(getattr(error, "nearest", ()))
    return {"error": {**found, "remedy": verdict(error).remedy}}


def respond(request: Request, error: Exception) -> Response:
    """Answer a request that failed: a page for a browser outside ``/api``, JSON for everybody else."""
    status = verdict(error).status
    path = request.url.path
    if not path.startswith(("/api/", "/openapi")) and prefers_html(request.headers.get("accept")):
        response: Response = explanations.render_failure(request, status, error)
    else:
        response = JSONResponse(body(error), status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    if isinstance(error, HTTPException):
        response.headers.update(error.headers or {})
    return response


async def _handle(request: Request, error: Exception) -> Response:
    response = respond(request, error)
    guard(response.headers)  # what nobody expected is answered outside of everything that surrounds the routes
    return response


def install(app: FastAPI) -> None:
    """Let an application answer every error by this module."""
    for kind in (errors.KgError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, _handle)
