"""How a question was read, in the language that it was asked in: what its query asks the graph for."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from kg.model import Fact
from kg.vocabulary import Concept, Vocabulary
from search.answering.phrases import phrase
from search.answering.understanding import NUMBER_KINDS, Understanding

NUMBERS = ("number", "comparison")
WHOLE = frozenset({"risk", "opportunity"})  # kinds of which a company's are all given


class Found(Protocol):
    """What was found for a question: a draft of an answer, or the answer."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts."""

    @property
    def items(self) -> tuple[str, ...]:
        """The names."""

    @property
    def relaxed(self) -> tuple[str, ...]:
        """The conditions of the question that were given up."""


def read_back(understanding: Understanding, found: Found, vocabulary: Vocabulary) -> str:
    """Return how a question was read: "Read as: PUE, of China Telecom, reported or promised, for 2025"."""
    language = understanding.language
    parts = phrase(vocabulary, "read-comma", language).join(_parts(understanding, found, vocabulary))
    said = phrase(vocabulary, "read", language, parts=parts)
    if not found.relaxed:
        return said
    names = [phrase(vocabulary, f"relaxed-{name}", language) for name in found.relaxed]
    return said + phrase(vocabulary, "relaxed", language, names=phrase(vocabulary, "comma", language).join(names))


def _parts(understanding: Understanding, found: Found, vocabulary: Vocabulary) -> Iterator[str]:
    language = understanding.language
    numbers = understanding.shape in NUMBERS
    companies = _labels(understanding.companies, vocabulary, language)
    name = ("read-company" if companies else "read-all") if numbers or _is_of_facts(understanding, found) else ""
    name = name or ("read-reports" if companies else "read-anywhere")
    yield phrase(vocabulary, name, language, what=_what(understanding, found, vocabulary), names=companies)
    if understanding.levels:
        yield phrase(vocabulary, "read-level", language, names=_labels(understanding.levels, vocabulary, language))
    if numbers:
        yield from _of_numbers(understanding, found, vocabulary)
        return
    if understanding.places and understanding.shape == "list":
        names = _labels(understanding.places, vocabulary, language)
        yield phrase(vocabulary, "read-preferred", language, names=names)
    if understanding.years:
        years = phrase(vocabulary, "comma", language).join(map(str, understanding.years))
        yield phrase(vocabulary, "read-first", language, years=years)


def _of_numbers(understanding: Understanding, found: Found, vocabulary: Vocabulary) -> Iterator[str]:
    language = understanding.language
    places = [place.label(language) for place in understanding.places]
    years = [str(year) for year in understanding.years if "year" not in found.relaxed]
    # What is compared is looked for by side: a place or year may be of one of them.
    loose = understanding.shape == "comparison" and len(years) < 2
    if loose and (places or years):
        yield phrase(vocabulary, "read-preferred", language, names=_names([*places, *years], vocabulary, language))
    elif places:
        yield phrase(vocabulary, "read-place", language, names=_names(places, vocabulary, language))
    units = _labels(_units(understanding, vocabulary), vocabulary, language)
    if "unit" not in found.relaxed and understanding.units:
        yield phrase(vocabulary, "read-unit" if units else "read-count", language, names=units)
    yield phrase(vocabulary, "read-promised" if understanding.kinds == {"target"} else "read-both", language)
    if years and not loose:
        yield phrase(vocabulary, "read-years", language, years=phrase(vocabulary, "comma", language).join(years))
    elif "base year" in understanding.wants:
        yield phrase(vocabulary, "read-base", language)
    if understanding.set_in and "year" not in found.relaxed:
        said = phrase(vocabulary, "comma", language).join(map(str, understanding.set_in))
        yield phrase(vocabulary, "read-said", language, years=said)
    if understanding.shape == "comparison":
        yield phrase(vocabulary, "read-compared", language)


def _units(understanding: Understanding, vocabulary: Vocabulary) -> list[Concept]:
    """Return the units that a figure has to be in, a count being in nothing."""
    codes = understanding.units - {"count"}
    known = [unit for unit in vocabulary.of_type("Unit") if unit.notation in codes]
    return list({unit.notation: unit for unit in reversed(known) if unit.value("factor") == "1"}.values())


def _is_of_facts(understanding: Understanding, found: Found) -> bool:
    """Say whether what is asked for are names that the graph has."""
    named = understanding.shape == "list" and not understanding.kinds <= NUMBER_KINDS
    return named and bool(found.facts) and bool(found.items)


def _what(understanding: Understanding, found: Found, vocabulary: Vocabulary) -> str:
    """Return what is asked for: metrics, kinds of fact, or passages."""
    language = understanding.language
    if understanding.shape in NUMBERS:
        names = _labels(understanding.asked if "metric" not in found.relaxed else (), vocabulary, language)
        if not names:
            return phrase(vocabulary, "read-number", language)
        return names if understanding.sure else phrase(vocabulary, "read-alike", language, names=names)
    if _is_of_facts(understanding, found):
        kinds = sorted(understanding.kinds - NUMBER_KINDS)
        names = _names([phrase(vocabulary, f"kind-{kind}", language) for kind in kinds], vocabulary, language)
        whole = understanding.kinds <= WHOLE
        return names if whole else phrase(vocabulary, "read-nearest", language, names=names)
    if understanding.shape == "list":
        return phrase(vocabulary, "read-list", language)
    return phrase(vocabulary, "read-dated" if "when" in understanding.wants else "read-passages", language)


def _labels(concepts: Sequence[Concept], vocabulary: Vocabulary, language: str) -> str:
    return _names([concept.label(language) for concept in concepts], vocabulary, language)


def _names(names: Sequence[str], vocabulary: Vocabulary, language: str) -> str:
    return phrase(vocabulary, "comma", language).join(dict.fromkeys(names))
