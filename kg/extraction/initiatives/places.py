"""Places in texts: names of the ontology, with the county, bay or park that follows them, and none by chance."""

import re
from functools import lru_cache

from kg import ids
from kg.extraction.initiatives.particles import any_of
from kg.reading.folding import HAN, Folded, compact
from kg.vocabulary import Match, Matcher, Vocabulary

_CHINA = f"{ids.BASE}place/china"


class Places:
    """Finds places in texts."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Build the matchers of places and of the names of companies, which hold places that are none."""
        chance = [vocabulary.concept(iri) for iri in (f"{ids.BASE}code/cue-place-chance",) if iri in vocabulary]
        self._names = Matcher([*vocabulary.of_type("Place", "Facility"), *chance])
        self._companies = vocabulary.matcher("Company")
        county, zone = any_of(vocabulary, "particle-local"), any_of(vocabulary, "particle-zone")
        # A county, a bay or a park whose name follows that of its province.
        self._local = re.compile(rf"[{HAN}]{{1,3}}?{county}|{zone}")
        # The day of a date, before a name that begins with the word for it.
        self._day = re.compile(rf"\d{any_of(vocabulary, 'calendar-day')}")

    def first(self, words: str) -> str | None:
        """Return the first place of a text, as written; names side by side (a province and its city) make one."""
        folded = compact(words)
        found = self.of(folded.text)
        if not found:
            return None
        last = found[0]
        for match in found[1:]:
            if match.start - last.end > 1:
                break
            last = match
        local = self._local.match(folded.text, last.end)
        end = local.end() if local else last.end
        return "".join(folded.span(found[0].start, end).of(words).split("\n"))

    def of(self, text: str) -> list[Match]:
        """Return the places of a folded text, those in names of companies and the whole country left out."""
        found = self._names.find_folded(Folded(text, len(text)))
        if not found:
            return []
        companies = [(match.start, match.end) for match in self._companies.find_folded(Folded(text, len(text)))]
        return [
            match
            for match in found
            if match.concept.iri != _CHINA
            and match.concept.is_a("Place", "Facility")
            and not any(a <= match.start < b for a, b in companies)
            and not self._day.match(text, max(0, match.start - 1))
        ]


@lru_cache(maxsize=4)
def places_of(vocabulary: Vocabulary) -> Places:
    """Return the places of a vocabulary, built once."""
    return Places(vocabulary)
