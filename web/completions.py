"""Names that the query editor completes: classes, properties and concepts by what they are called in any language."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.requests import Request

from kg import ids
from kg.reading.folding import compact
from kg.terms import PREFIXES
from kg.vocabulary import Concept, Vocabulary
from web.names import RDFS_LABEL, Names, short
from web.parts import Phrase
from web.rendering import words_of
from web.schemas import TermLine, Terms
from web.uses import Uses, uses_of

router = APIRouter(prefix="/api", tags=["api"])

OWL, DCTERMS = PREFIXES["owl"], PREFIXES["dcterms"]
Kind = Literal["class", "property", "concept"]
USED = "SELECT DISTINCT ?property { ?subject ?property ?value }"
_READERS = ("CueWord", "QuestionCue", "ColumnRole", "Phrase")  # words that steer reading; no fact speaks of them
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
MOST = 12  # names that a list shows; one that is not among them needs another letter


@dataclass(frozen=True, slots=True)
class Term:
    """A name that can stand in a query; ``words`` are what it is called, folded, the preferred ones first."""

    iri: str
    name: str
    kind: Kind
    words: tuple[str, ...]
    preferred: int
    uses: int
    types: frozenset[str] = frozenset()


def terms(library: Any, uses: Uses) -> tuple[Term, ...]:
    """Return every name of ours with a prefix, and the properties of other vocabularies that the graph uses."""
    vocabulary: Vocabulary = library.vocabulary
    lent = _lent(vocabulary)
    used = {str(row["property"]) for row in library.store.select(USED)}
    ours = [
        concept
        for concept in vocabulary.concepts.values()
        if not _is_deprecated(concept) and not concept.is_a(*_READERS)
    ]
    found = [_term(concept, lent, uses) for concept in ours if _is_prefixed(concept.iri)]
    foreign = sorted(iri for iri in used - {term.iri for term in found} if _is_prefixed(iri))
    found += [Term(iri, short(iri), "property", _folded(lent.get(iri, ())), 1, uses.count(iri)) for iri in foreign]
    return tuple(found)


def _lent(vocabulary: Vocabulary) -> Mapping[str, Sequence[str]]:
    """Return the labels of deprecated names by what stands in their place: people still look for them."""
    lent: defaultdict[str, list[str]] = defaultdict(list)
    for concept in vocabulary.concepts.values():
        for successor in concept.values(f"{DCTERMS}isReplacedBy"):
            lent[successor] += concept.values(RDFS_LABEL)
    return lent


def _is_deprecated(concept: Concept) -> bool:
    return concept.value(f"{OWL}deprecated") == "true"


def _is_prefixed(iri: str) -> bool:
    """Say whether an IRI can be written with a prefix as it stands."""
    return short(iri).partition(":")[2].replace("-", "").replace("_", "").isalnum() and "://" not in short(iri)


def _term(concept: Concept, lent: Mapping[str, Sequence[str]], uses: Uses) -> Term:
    first = [label.text for label in concept.labels if label.role == "pref"] or list(concept.values(RDFS_LABEL))
    others = [label.text for label in concept.labels if label.role != "pref"]
    words = _folded([*first, *lent.get(concept.iri, ())]), _folded(others)
    count = uses.count(concept.iri)
    name, every = short(concept.iri), words[0] + words[1]
    return Term(concept.iri, name, _kind(concept), every, len(words[0]), count, concept.types)


def _folded(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(compact(text).text.strip() for text in texts))


def _kind(concept: Concept) -> Kind:
    if f"{OWL}Class" in concept.types:
        return "class"
    return "property" if concept.iri.startswith(ids.ONTOLOGY) and _is_property(concept) else "concept"


def _is_property(concept: Concept) -> bool:
    return any(name.startswith(OWL) and name.endswith("Property") for name in concept.types)


def terms_of(state: Any) -> tuple[Term, ...]:
    """Return the names in the library of an application, gathered again only when the library is another."""
    held: tuple[Any, tuple[Term, ...]] | None = getattr(state, "terms", None)
    if held is None or held[0] is not state.library:
        held = (state.library, terms(state.library, uses_of(state)))
        state.terms = held
    return held[1]


def completions(known: Sequence[Term], text: str, names: Names, kind: str = "", after: str = "") -> Iterator[TermLine]:
    """Yield the names that fit what was typed, best first: by the beginning of a prefixed name, or by words."""
    fitting = [term for term in known if kind in ("", term.kind)]
    meant = _values_of(after, known, names.vocabulary)
    ranked = sorted(
        (not meant & term.types, rank, -term.uses, len(term.name), term.name, term)
        for term in fitting
        if (rank := _rank(term, text)) is not None
    )
    for *_, term in ranked[:MOST]:
        concept = names.vocabulary.concepts.get(term.iri)
        label = names.concept(concept) if concept else Phrase("")
        yield TermLine(
            iri=term.iri,
            name=term.name,
            kind=term.kind,
            label=label.text,
            language=label.language,
            uses=term.uses,
        )


@router.get("/terms", response_model=Terms, summary="Names of classes, properties and concepts, to complete a query")
def complete(
    request: Request,
    q: Annotated[str, Query(min_length=1, max_length=100, description="The beginning of m:name, or words")],
    kind: Annotated[Kind | None, Query(description="Only names of a kind")] = None,
    after: Annotated[str, Query(max_length=100, description="The property before it, whose values come first")] = "",
    ui: Annotated[str | None, Query(description="The language of the labels")] = None,
) -> Terms:
    """Return the names that fit, best first, each as a query writes it and in words; by words of any language."""
    state = request.app.state
    names = Names(state.library.vocabulary, words_of(request).language)
    return Terms(terms=list(completions(terms_of(state), q, names, kind or "", after)))


def _rank(term: Term, text: str) -> int | None:
    """Return how well a name fits, 0 best, None if not at all.

    >>> term = Term("", "m:energy-consumption", "concept", ("energy consumption", "energy use"), 1, 0)
    >>> [_rank(term, text) for text in ("m:energy-", "Energy use", "energy", "use", "consumption", "water")]
    [0, 1, 2, 5, 4, None]
    """
    typed = text.strip().lower()
    if ":" in typed:
        return 0 if term.name.lower().startswith(typed) else None
    words = compact(typed).text.strip()
    called = [(_spelt(term.name), False)]
    called += [(word, place >= term.preferred) for place, word in enumerate(term.words)]
    return min((_fit(word, words) + other for word, other in called if words in word), default=None)


def _spelt(name: str) -> str:
    """Return the words of a name.

    >>> _spelt("qudt:numericValue"), _spelt("m:energy-consumption")
    ('numeric value', 'energy consumption')
    """
    return _HUMP.sub(" ", name.partition(":")[2].replace("-", " ")).lower()


def _fit(word: str, typed: str) -> int:
    """Return 0 for a whole word, 2 for its beginning, 4 for what stands within it."""
    return 0 if word == typed else 2 if word.startswith(typed) else 4


def _values_of(name: str, known: Sequence[Term], vocabulary: Vocabulary) -> frozenset[str]:
    """Return the class of a property's values, given by its prefixed name; empty where there is none."""
    iris = (term.iri for term in known if term.name == name)
    concept = vocabulary.concepts.get(next(iris, ""))
    return frozenset(concept.values(f"{PREFIXES['rdfs']}range")) if concept else frozenset()
