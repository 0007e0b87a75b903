"""Templates to responses, and the frame around every page."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from web import addresses
from web.languages import choose
from web.parts import Link, Page, Phrase
from web.words import LANGUAGES, Words, words_for

FOLDER = Path(__file__).parent
THEMES = ("light", "dark")
YEAR = 31_536_000  # seconds that a choice of language is remembered


@cache
def environment() -> Environment:
    """Return the one template environment; a name that a context lacks is an error, not a blank."""
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["json"] = _json
    made.filters["link"] = _link
    made.globals["spoken"] = _spoken
    return made


def _spoken(phrase: Phrase) -> Markup:
    """Return a text with its language; a page has hundreds, and as a macro each took five times as long."""
    text = escape(phrase.text)
    return Markup(f'<span lang="{escape(phrase.language)}">{text}</span>') if phrase.language else text


@pass_context
def _link(context: Context, address: str) -> str:
    """Return an address as the page that is being made can use it."""
    page: Page | None = context.get("page")
    return page.resolve(address) if page else address


def _json(value: Any) -> Markup:
    """Return JSON that is safe inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


@cache
def version() -> str:
    """Return a short hash of the bundled scripts and styles, so that a new one is never taken from a cache."""
    digest = sha256()
    for path in sorted((FOLDER / "static" / "dist").glob("*")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def words_of(request: Request) -> Words:
    """Return the interface's words for a request."""
    asked = request.query_params.get("ui")
    return words_for(choose(asked, request.cookies.get("ui"), request.headers.get("accept-language", "")))


def frame(
    request: Request, words: Words, title: str, section: str = "", question: str = "", script: str = "app"
) -> Page:
    """Return what surrounds a page."""
    theme = request.cookies.get("theme", "")
    return Page(
        words=words,
        title=title,
        section=section,
        question=question,
        theme=theme if theme in THEMES else "",
        languages=tuple(_switch(request, tag, words.language) for tag in LANGUAGES),
        version=version(),
        origin=str(request.base_url).rstrip("/"),
        script=script,
        adding=bool(request.app.state.settings.upload_token),
    )


def _switch(request: Request, tag: str, current: str) -> Link:
    parameters = {name: value for name, value in request.query_params.items() if name != "ui"}
    href = addresses.with_query(request.url.path, **{**parameters, "ui": tag})
    return Link(Phrase(words_for(tag)("nav.short"), tag), href, tag == current)


def rendered(context: Any) -> str:
    """Return the HTML of a context."""
    fields = {name: getattr(context, name) for name in context.__dataclass_fields__}
    return environment().get_template(context.template).render(fields)


def respond(request: Request, context: Any, status: int = 200) -> HTMLResponse:
    """Return a page; a language chosen in the address is kept in a cookie."""
    headers = {
        "Content-Language": context.page.words.language,
        "Vary": "Accept, Accept-Language, Cookie",
    }
    response = HTMLResponse(rendered(context), status, headers)
    if request.query_params.get("ui") in LANGUAGES:
        response.set_cookie("ui", context.page.words.language, max_age=YEAR, samesite="lax")
    return response
