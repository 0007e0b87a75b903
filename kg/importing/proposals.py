"""What a file that was read may be: of which company, of which year, in which language; for people to correct."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from kg import ids
from kg.importing.characters import harmless
from kg.importing.imported import Imported
from kg.newcomers import companies_named, company_named, language_of, years_named
from kg.reading.folding import HAN, traditional
from kg.vocabulary import Concept, Vocabulary

LEGAL_FORM = f"{ids.BASE}code/cue-legal-form"
COVER = 3000  # characters: the title pages, which name the company
LONGEST = 18  # Han characters of a name before its legal form; registered ones have 15 at most
WHOLE = 4  # characters of a legal form that is no part of another word
OFTEN = 2  # times that words before a legal form are named to be the name, where a line has more than it
MOST = 5  # candidates to choose from


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a text says of itself, each the likeliest first; a company that nobody knows is a new concept."""

    language: str
    years: tuple[int, ...]
    companies: tuple[Concept, ...]


def propose(imported: Imported, name: str, vocabulary: Vocabulary) -> Proposal:
    """Return what a file may be; its company is known, else named by its legal form, else by the file's name."""
    text = f"{imported.title}\n{imported.text}" if imported.title else imported.text
    stem = harmless(name).rsplit(".", 1)[0] or "unknown"
    companies = companies_named(text, vocabulary)
    if not companies:
        companies = [company_named(found) for found in _names(f"{text[:COVER]}\n", vocabulary)] or [company_named(stem)]
    years = years_named(text, harmless(name))
    return Proposal(language_of(imported.text), tuple(years[:MOST]), tuple(companies[:MOST]))


def _names(cover: str, vocabulary: Vocabulary) -> list[str]:
    """Return names that end with a legal form: those named most often, then those that come first."""
    found = Counter(_han_names(cover, vocabulary)) + Counter(_latin_names(cover, vocabulary))
    return sorted(found, key=lambda name: (-found[name], cover.find(name)))


def _forms(vocabulary: Vocabulary, latin: bool) -> str:
    """Return an expression of the legal forms of one kind of script, the longest first."""
    labels = {label.text for label in vocabulary.concept(LEGAL_FORM).labels}
    labels |= {traditional(label) for label in labels}
    return "|".join(re.escape(form) for form in sorted(labels, key=len, reverse=True) if form.isascii() == latin)


def _han_names(cover: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield Chinese names; of a sentence that runs up to a name, the part that stands before others of its kind too."""
    letter = rf"[{HAN}A-Za-z0-9\uff08\uff09()&]"
    expression = re.compile(rf"({letter}{{2,{LONGEST}}}?)({_forms(vocabulary, latin=False)})")
    found = [
        match for match in expression.finditer(cover) if len(match[2]) >= WHOLE or not cover[match.end()].isalnum()
    ]
    stems = [(match[1], match[2]) for match in found]
    ends = Counter(stem[at:] for stem, _ in stems for at in range(len(stem) - 1))
    for stem, form in stems:
        shared = (stem[at:] for at in range(len(stem) - 1) if ends[stem[at:]] >= OFTEN)
        yield next(shared, stem) + form


def _latin_names(cover: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield Latin names: capitalised words on one line up to a legal form."""
    word = r"[A-Z][\w&.'\u2019-]*,?"
    expression = re.compile(rf"((?:{word} (?:(?:of|and|for|the|&) )?){{1,6}})({_forms(vocabulary, latin=True)})(?!\w)")
    for match in expression.finditer(cover):
        yield match.group()
