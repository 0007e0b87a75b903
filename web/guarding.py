"""What every answer tells a browser not to do: run scripts that are not ours, guess types, be framed."""

from collections.abc import Iterator

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Pages load nothing from elsewhere and run no script but ours; YASGUI sets styles on its elements, hence the exception.
OF_PAGES = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
OF_DRAWINGS = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
OF_ALL_ELSE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
POLICIES = {"text/html": OF_PAGES, "image/svg+xml": OF_DRAWINGS}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{feature}=()" for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
    ),
}


def guards(content_type: str) -> Iterator[tuple[str, str]]:
    """Yield the headers of an answer of a type.

    >>> dict(guards("text/turtle"))["Content-Security-Policy"]
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    """
    yield "Content-Security-Policy", POLICIES.get(content_type.partition(";")[0].strip().lower(), OF_ALL_ELSE)
    yield from ALWAYS.items()


def guard(headers: MutableHeaders) -> None:
    """Add to an answer's headers what they lack."""
    for name, value in guards(headers.get("content-type", "")):
        headers.setdefault(name, value)


class Guarded:
    """Guards every answer of an application."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""

        async def guarding(message: Message) -> None:
            if message["type"] == "http.response.start":
                guard(MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, guarding if scope["type"] == "http" else send)
