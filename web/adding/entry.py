"""The door: who may pass it, and with which proof."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web.adding.tokens import COOKIE, VALID, form_seal, holds, pass_for, same
from web.failures import RequestError

OFF = "adding reports over HTTP is switched off; whoever runs this server sets TANTU_UPLOAD_TOKEN"
WAIT = 60  # seconds after too many wrong tokens


def client_of(request: Request) -> str:
    """Return the address of a client."""
    return request.client.host if request.client else "unknown"


def token_of(request: Request) -> str:
    """Return the token of this server.

    :raises RequestError: if it has none: then nobody may pass.
    """
    token: str = request.app.state.settings.upload_token
    if not token:
        raise RequestError(404, OFF)
    return token


def check_header(request: Request) -> None:
    """Let a program pass that sends the token: ``Authorization: Bearer TOKEN``. No cookie is looked at.

    :raises HTTPException: if it does not, or has sent too many wrong ones.
    """
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not knows(request, given.strip()):
        raise HTTPException(401, "send the server's token: Authorization: Bearer TOKEN", {"WWW-Authenticate": "Bearer"})


def knows(request: Request, given: str) -> bool:
    """Say whether somebody knows the token.

    :raises HTTPException: if the same client has sent too many wrong ones.
    """
    tries, client, token = request.app.state.tries, client_of(request), token_of(request)
    if tries.too_many(client):
        raise HTTPException(429, "too many wrong tokens; wait a minute", {"Retry-After": str(WAIT)})
    if same(given, token):
        return True
    tries.failed(client)
    return False


def may_pass(request: Request) -> bool:
    """Say whether a browser has a pass that holds."""
    return holds(request.cookies.get(COOKIE), token_of(request))


def seal_of(request: Request) -> str:
    """Return what the forms of a page send back."""
    return form_seal(request.cookies.get(COOKIE, ""), token_of(request))


def from_elsewhere(request: Request) -> bool:
    """Say whether a browser tells that another site sends this request."""
    return request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")


def check_seal(request: Request, fields: dict[str, Any]) -> None:
    """Let a form pass that comes from a page of ours.

    :raises RequestError: if it does not.
    """
    if from_elsewhere(request) or not same(str(fields.get("seal", "")), seal_of(request)):
        raise RequestError(403, "the form is not from this site, or too old; open the page again")


def give_pass(request: Request, response: Response) -> None:
    """Give a browser a pass, which scripts cannot read and other sites cannot send."""
    response.set_cookie(
        COOKIE,
        pass_for(token_of(request)),
        max_age=VALID,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
