"""How a question was read, in the language that it was asked in: what its query asks the graph for."""

from collections.abc import Iterator, Sequence

from kg.vocabulary import Concept
from search.answering.drafting import Draft, Sources
from search.answering.understanding import NUMBER_KINDS, Understanding


def read_back(understanding: Understanding, draft: Draft, sources: Sources) -> str:
    """Return how a question was read: "Read as: PUE, of China Telecom, reported or promised, for 2025"."""
    language = understanding.language
    parts = sources.phrase("read-comma", language).join(_parts(understanding, draft, sources))
    said = sources.phrase("read", language, parts=parts)
    if not draft.relaxed:
        return said
    names = [sources.phrase(f"relaxed-{name}", language) for name in draft.relaxed]
    return said + sources.phrase("relaxed", language, names=sources.phrase("comma", language).join(names))


def _parts(understanding: Understanding, draft: Draft, sources: Sources) -> Iterator[str]:
    language = understanding.language
    companies = _labels(understanding.companies, sources, language)
    name = "read-company" if companies else "read-all"
    yield sources.phrase(name, language, what=_what(understanding, draft, sources), names=companies)
    if understanding.places:
        yield sources.phrase("read-place", language, names=_labels(understanding.places, sources, language))
    if understanding.levels:
        yield sources.phrase("read-level", language, names=_labels(understanding.levels, sources, language))
    if understanding.shape in ("number", "comparison"):
        promised = understanding.kinds == {"target"}
        yield sources.phrase("read-promised" if promised else "read-both", language)
    if understanding.years and "year" not in draft.relaxed:
        years = sources.phrase("comma", language).join(map(str, understanding.years))
        yield sources.phrase("read-years", language, years=years)


def _what(understanding: Understanding, draft: Draft, sources: Sources) -> str:
    """Return what is asked for: metrics, kinds of fact, or passages."""
    language = understanding.language
    if understanding.shape in ("number", "comparison"):
        asked = understanding.asked if "metric" not in draft.relaxed else ()
        return _labels(asked, sources, language) or sources.phrase("read-number", language)
    if understanding.shape == "list" and not understanding.kinds <= NUMBER_KINDS and draft.facts and draft.items:
        kinds = sorted(understanding.kinds - NUMBER_KINDS)
        return _names([sources.phrase(f"kind-{kind}", language) for kind in kinds], sources, language)
    return sources.phrase("read-list" if understanding.shape == "list" else "read-passages", language)


def _labels(concepts: Sequence[Concept], sources: Sources, language: str) -> str:
    return _names([concept.label(language) for concept in concepts], sources, language)


def _names(names: Sequence[str], sources: Sources, language: str) -> str:
    return sources.phrase("comma", language).join(dict.fromkeys(names))
