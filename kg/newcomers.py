"""What a text without a catalogue tells of itself: its language, its year, its company."""

import re
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from kg import ids
from kg.errors import CatalogueError
from kg.model import Report
from kg.reading.decoding import decode
from kg.reading.folding import HAN, fold
from kg.turtle import Node
from kg.vocabulary import RDF_TYPE, Concept, Label, Vocabulary

_HAN = re.compile(f"[{HAN}]")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
# Chinese reports are about nine tenths Han and English ones below a hundredth; Simplified texts have no character that
# folding to Simplified changes, Traditional ones a third (the five reports).
_CHINESE, _TRADITIONAL = 0.1, 0.05
_COVER = 3000  # characters: the title pages, which name the company and the year
_TITLE, _OFTEN = 300, 3  # a company in the first lines, or named again and again on the title pages, is the publisher


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A report, and the vocabulary that it is read with: a company that was unknown is in it."""

    report: Report
    vocabulary: Vocabulary


def newcomer(
    path: Path,
    data: bytes,
    vocabulary: Vocabulary,
    language: str | None = None,
    year: int | None = None,
    company: str | None = None,
) -> Newcomer:
    """Return a text's bytes as a report; what is not given is read from the text.

    ``company`` is a name, in any script, or an IRI; one that the ontology lacks becomes a new entity under its name.

    :raises ReadingError: if the bytes are no text.
    :raises CatalogueError: if no year is given and the text names none.
    """
    text = decode(data, path.name)
    found = _company(company, text, path, vocabulary)
    if found.iri not in vocabulary:
        vocabulary = vocabulary.plus(found)
    when = year or _year(text, path)
    report = Report(_id(path), text, language or language_of(text), found.iri, when, {}, sha256(data).hexdigest())
    return Newcomer(report, vocabulary)


def language_of(text: str) -> str:
    """Return ``zh-Hans``, ``zh-Hant`` or ``en``.

    >>> language_of("综合能耗下降"), language_of("綜合能耗下降"), language_of("Energy use fell")
    ('zh-Hans', 'zh-Hant', 'en')
    """
    letters = sum(map(str.isalpha, text))
    han = _HAN.findall(text)
    if len(han) < _CHINESE * letters:
        return "en"
    changed = sum(map(str.__ne__, han, fold("".join(han)).text))
    return "zh-Hant" if changed > _TRADITIONAL * len(han) else "zh-Hans"


def years_named(text: str, name: str) -> list[int]:
    """Return the years of a file's name, or where it has none those of the title pages or of the whole text.

    The one that is named most often comes first, the later of two that are named as often.

    >>> years_named("2022 report: 2021 and 2022", "report.pdf"), years_named("2022", "report-2023.pdf")
    ([2022, 2021], [2023])
    """
    for place in (Path(name).stem, text[:_COVER], text):
        named = Counter(map(int, _YEAR.findall(place)))
        if named:
            return sorted(named, key=lambda year: (-named[year], -year))
    return []


def companies_named(text: str, vocabulary: Vocabulary) -> list[Concept]:
    """Return the known companies that a text may be of, the likeliest first.

    Those are of the first lines, else of the title pages where one is named again and again.
    """
    companies = vocabulary.matcher("Company")
    for place, often in ((text[:_TITLE], 1), (text[:_COVER], _OFTEN)):
        named = Counter(match.concept.iri for match in companies.find(place))
        if max(named.values(), default=0) >= often:
            return [vocabulary.concept(iri) for iri in sorted(sorted(named), key=lambda iri: -named[iri])]
    return []


def _year(text: str, path: Path) -> int:
    found = years_named(text, path.name)
    if not found:
        raise CatalogueError(f"{path}: no year stands in the text or in its name; give it with --year")
    return found[0]


def _company(given: str | None, text: str, path: Path, vocabulary: Vocabulary) -> Concept:
    if given and given in vocabulary:
        return vocabulary.concept(given)
    found = companies_named(given or text, vocabulary)
    return found[0] if found else company_named(given or path.stem)


def company_named(name: str) -> Concept:
    """Return a new company under a name."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    iri = f"{ids.BASE}org/{slug if name.isascii() and slug else ids.stable_id(name)}"
    tag = language_of(name)
    kind = f"{ids.ONTOLOGY}Company"
    return Concept(iri, frozenset({kind}), (Label(name, tag, "pref"),), {RDF_TYPE: (Node(kind, None, None),)})


def _id(path: Path) -> str:
    return re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or ids.stable_id(path.stem)
