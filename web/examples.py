"""Example queries by theme, as the graph holds them, and the ids that come nearest to a mistyped one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from kg import ids
from kg.terms import IRI, PREFIXES, Literal
from web.contexts import Example, Theme
from web.names import Names
from web.parts import Phrase

GRAPH = ids.graph_iri("examples")
FORMS = (
    *(f"{PREFIXES['sh']}{form}" for form in ("select", "construct", "ask")),
    f"{PREFIXES['spex']}describe",
)
_ABOUT, _ORDER = f"{PREFIXES['schema']}about", f"{PREFIXES['sh']}order"
_TITLE, _LABEL = f"{PREFIXES['rdfs']}comment", f"{PREFIXES['skos']}prefLabel"


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Return up to three ids that look like ``name``, else the first three.

    >>> nearest("mobil-2023", ["mobile-2020", "mobile-2023", "zte-2024"])
    ['mobile-2023', 'mobile-2020']
    """
    ids = sorted(known)
    return get_close_matches(name, ids, 3, 0.6) or ids[:3]


@dataclass(frozen=True, slots=True)
class Said:
    """What the graph of the examples says of one thing."""

    values: Mapping[str, list[str]]
    texts: Mapping[str, Mapping[str, str]]

    @property
    def order(self) -> int:
        """The thing's place among its like."""
        return int(self.values.get(_ORDER, ["0"])[0])

    @property
    def query(self) -> str:
        """The text of the query; empty for what is none."""
        return next((self.values[form][0] for form in FORMS if form in self.values), "")


def read(store: Any) -> dict[str, Said]:
    """Return what the graph of the examples says of each thing by IRI; nothing where there is no such graph."""
    values: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    texts: defaultdict[str, defaultdict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for subject, predicate, value, _ in store.quads(graph=IRI(GRAPH)):
        values[str(subject)][predicate.value].append(str(value))
        if isinstance(value, Literal) and value.language:
            texts[str(subject)][predicate.value][value.language] = value.value
    return {iri: Said(found, texts[iri]) for iri, found in values.items()}


def examples_of(state: Any) -> dict[str, Said]:
    """Return the examples in the library of an application, read again only when the library is another."""
    held: tuple[Any, dict[str, Said]] | None = getattr(state, "examples", None)
    if held is None or held[0] is not state.library:
        held = (state.library, read(state.library.store))
        state.examples = held
    return held[1]


def themes(known: Mapping[str, Said], names: Names) -> tuple[Theme, ...]:
    """Return the themes in their order, each with its queries, named in the language of the page."""
    queries = {iri: said for iri, said in known.items() if said.query}
    about: defaultdict[str, list[tuple[str, Said]]] = defaultdict(list)
    for iri, said in sorted(queries.items(), key=lambda item: item[1].order):
        about[said.values.get(_ABOUT, [""])[0]].append((iri, said))
    order = sorted((theme for theme in about if theme in known), key=lambda theme: known[theme].order)
    return tuple(
        Theme(
            theme.removeprefix(f"{PREFIXES['ex']}theme-"),
            names.pick(known[theme].texts[_LABEL]),
            tuple(Example(iri, title(said, names), said.query) for iri, said in about[theme]),
        )
        for theme in order
    )


def title(said: Said, names: Names) -> Phrase:
    """Return the title of an example."""
    return names.pick(said.texts[_TITLE])
