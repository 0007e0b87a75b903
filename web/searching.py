"""The search page: passages or facts by words and meaning, narrowed by what the collection holds."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from search.entries import PASSAGE
from search.index import Hit
from web.choosing import Choice, Chooser
from web.contexts import SearchContext
from web.evidence import Evidence
from web.names import Names
from web.parts import Card, PassageCard, Phrase
from web.rendering import frame, respond, words_of
from web.words import Words

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

SHOWN = 20
NUMBER = r"\s*(\d{4})?\s*"  # a year, or nothing where any will do
Chosen = Annotated[str, Query(max_length=200)]


@router.get("/search")
def search(
    request: Request,
    q: str = "",
    company: Chosen = "",
    year: Annotated[str, Query(pattern=f"^{NUMBER}$")] = "",
    type: Chosen = "",
    report: Chosen = "",
    technology: Chosen = "",
    risk: Chosen = "",
) -> HTMLResponse:
    """Show the form, and what a search finds; an empty choice means any."""
    words, library = words_of(request), request.app.state.library
    names = Names(library.vocabulary, words.language)
    named = {"company": company, "report": report, "technology": technology, "risk": risk}
    filters = {name: value.strip() for name, value in named.items() if value.strip()}
    chosen = filters | {"year": year.strip(), "type": type.strip() or PASSAGE}
    where = library.filters.where({chosen["type"]}, year=int(year) if year.strip() else None, **filters)
    hits = library.search(q, SHOWN, where=where) if q.strip() else []
    found = _Found(library, Evidence(library.reports, names, words))
    title = q.strip() or words("search.title")
    context = SearchContext(
        page=frame(request, words, f"{title} \u00b7 {words('site.name')}", "search", q),
        choosers=tuple(_choosers(library, names, words, chosen)),
        searched=bool(q.strip()),
        passages=tuple(found.passages(hits)),
        cards=tuple(found.cards(hits)),
    )
    return respond(request, context)


class _Found:
    """Turns hits into cards: passages with their words marked, facts as on the answer page."""

    def __init__(self, library: Any, evidence: Evidence) -> None:
        self._library, self._evidence = library, evidence

    def passages(self, hits: list[Hit]) -> Iterator[PassageCard]:
        chosen = [hit for hit in hits if hit.entry.kind == PASSAGE]
        return (self._evidence.passage(number, hit) for number, hit in enumerate(chosen, 1))

    def cards(self, hits: list[Hit]) -> Iterator[Card]:
        chosen = [hit for hit in hits if hit.entry.kind != PASSAGE]
        return (self._evidence.card(number, self._library.fact(hit.entry.iri)) for number, hit in enumerate(chosen, 1))


def _choosers(library: Any, names: Names, words: Words, chosen: Mapping[str, str]) -> Iterator[Chooser]:
    """Yield a list of choices for each filter, what is chosen among them."""
    for name, values in library.choices().items():
        wanted = chosen.get(name, "")
        choices = [_choice(name, str(value), library, names, words) for value in values]
        chosen_one = next((one for one in choices if wanted and wanted in (one.value, one.iri)), None)
        if wanted and chosen_one is None:  # by a label, or by what nothing here speaks of
            choices.append(chosen_one := Choice(wanted, Phrase(wanted)))
        first = () if name == "type" else (Choice("", Phrase(words("search.any"), words.language)),)
        listed = sorted(choices, key=lambda one: one.phrase.text, reverse=name == "year")
        if name == "type":  # passages are what most people look for
            listed.sort(key=lambda one: one.value != PASSAGE)
        yield Chooser(name, words(f"search.by.{name}"), (*first, *listed), chosen_one.value if chosen_one else "")


def _choice(name: str, value: str, library: Any, names: Names, words: Words) -> Choice:
    """Return a value of a filter with its name in the language of the page."""
    if name == "type":
        return Choice(value, Phrase(words(f"kind.{value}"), words.language))
    if name == "report":
        return Choice(value, names.pick(library.reports[value].title) or Phrase(value, "en"))
    if name == "year":
        return Choice(value, Phrase(value))
    return Choice(value.rpartition("/")[2], names.of(value), value)
