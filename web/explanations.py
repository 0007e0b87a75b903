"""The page that says what went wrong, where, and what to do; its words fit the error where pages often meet it."""

from collections.abc import Iterator
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kg.errors import KgError, NotFound, QueryError, QuestionError, UnknownFilter
from web import addresses
from web.contexts import FailureContext
from web.parts import Link, Phrase
from web.remedies import key_of
from web.rendering import frame, respond, words_of
from web.words import Words

PLACE = ("start", "end")  # the parameters of a page that have to be offsets
SHOWN = 40  # characters of a wrong value that are said again


def render_failure(request: Request, status: int, error: Exception) -> HTMLResponse:
    """Show what went wrong, where, and what to do; the error chooses the words, else the status."""
    words = words_of(request)
    key = _key(error, status, words)
    heading = words(f"{key}.heading")
    context = FailureContext(
        page=frame(request, words, f"{heading} \u00b7 {words('site.name')}", "failure", _asked(request)),
        status=status,
        heading=heading,
        message=_message(request, error, words),
        remedy=words(f"{key}.remedy"),
        nearest=tuple(_nearest(request, error)),
    )
    return respond(request, context, status)


def _key(error: Exception, status: int, words: Words) -> str:
    if isinstance(error, RequestValidationError):
        return "failure.place" if _misplaced(error) else "failure.400"
    key = key_of(error) or f"failure.{status}"
    return key if words.has(f"{key}.heading") else "failure.500"


def _misplaced(error: Exception) -> dict[str, Any] | None:
    """Return what is wrong with the place that an address names, or None."""
    found = error.errors() if isinstance(error, RequestValidationError) else ()
    return next((wrong for wrong in found if wrong["loc"][-1] in PLACE), None)


def _message(request: Request, error: Exception, words: Words) -> Phrase:
    """Return what an error says: in the page's language where pages often meet it, else its own English words."""
    if isinstance(error, UnknownFilter):
        return Phrase(words("failure.missing.filter", name=error.name[:SHOWN]), words.language)
    if isinstance(error, NotFound):
        key = f"failure.missing.{error.kind}"
        return Phrase(words(key if words.has(key) else "failure.missing.any", name=error.name), words.language)
    if isinstance(error, QuestionError):
        return Phrase(_of_question(request, words), words.language)
    if wrong := _misplaced(error):
        said = words("failure.place.wrong", name=wrong["loc"][-1], value=str(wrong["input"])[:SHOWN])
        return Phrase(said, words.language)
    return Phrase(str(error) if isinstance(error, KgError) else "", "en")


def _of_question(request: Request, words: Words) -> str:
    asked = request.query_params.get("q", "")
    if not asked.strip():
        return words("failure.question.empty")
    return words("failure.question.long", n=len(asked), limit=request.app.state.settings.question_length)


def _asked(request: Request) -> str:
    """Return the question to put back into the box, so that it can be mended; a huge one is cut."""
    return request.query_params.get("q", "")[:500]


def _nearest(request: Request, error: Exception) -> Iterator[Link]:
    """Yield what may have been meant: names like the one given, or the report whose place could not be read."""
    if _misplaced(error):
        yield Link(Phrase(request.url.path.rsplit("/", 1)[-1], "en"), request.url.path)
    if isinstance(error, UnknownFilter):
        for name in error.nearest:
            changed = {**request.query_params, "type" if error.kind == "kind" else error.kind: name}
            yield Link(Phrase(name), addresses.with_query(request.url.path, **changed))
        return
    for name in getattr(error, "nearest", ()) if isinstance(error, NotFound | QueryError) else ():
        plain = f"/fact/{name}" if getattr(error, "kind", "") == "fact" else addresses.reader(name)
        href = addresses.opening(name) or plain
        yield Link(Phrase(name.removeprefix("https://w3id.org/tantu/"), "en"), href)
