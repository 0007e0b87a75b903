"""Deeds: initiatives without a name of their own, told of by what a branch, a site or a customer does.

"The Zhejiang branch deployed ...", "the Guishan plant was fitted with ...", "the country's first ...", "the Binjiang
photovoltaic project was completed", "At the Kowloon data centre, in-row cooling ...", "A retail client fitted ...".
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from kg.extraction.initiatives.cues import InitiativeCues
from kg.reading.folding import HAN, Folded

Stretch = tuple[int, int]
ACTS_WITHIN = 40  # characters after a place in which its branch and what it does are named
FITS_WITHIN = 14  # characters after a site in which it says what is installed
SITE = 12  # characters with which a sentence begins in which a site is named
LONGEST = 30  # characters of a name before a verb of finishing
NAME = 60  # characters of a clause that names an initiative
_STOP = re.compile('[\uff0c\u3002\uff1b\uff1a:;,\u3001"()\uff08\uff09\u300a\u300b!?]|--')
_CLAUSE_END = re.compile("[\uff0c\u3002\uff1b\uff1a:;,!?]")
_MARKS = re.compile("[\\s*#\u2022\u25cf\u25a0\u00b7-]*")
_CAPITALS = r"[A-Z][\w&.\u2019'-]*(?:\s+(?:of\s+)?[A-Z][\w&.\u2019'-]*){0,4}"


class Deeds:
    """Finds what is done in folded text."""

    def __init__(self, cues: InitiativeCues) -> None:
        """Build the patterns of English."""
        self._cues = cues
        self._small_words()
        site, client, fits = (_alternatives(cues.english(name)) for name in ("site", "client", "install"))
        self._at_site = re.compile(rf"(?:^|(?<=[.!?]\s))(?:At|In)\s+(?:our|the)\s+({_CAPITALS}\s+(?:{site}))\b")
        self._site_does = re.compile(
            rf"(?:^|(?<=[.!?]\s))(?:[Oo]ur|[Tt]he)\s+({_CAPITALS}\s+(?:{site}))\s+(?:has\s+)?(?:{fits})\b"
        )
        described = rf"(?:An?|One|Another)\s+((?:[\w-]+\s+){{1,5}}?(?:{client}))"
        self._client = re.compile(
            rf"(?:^|(?<=[.!?]\s))(?:{described}|Our (?:{client})\s+({_CAPITALS}))\s+(?:has\s+)?(?:{fits})\b"
        )

    def _small_words(self) -> None:
        """Build the patterns of Chinese: what stands before, between and in names."""
        any_of = self._cues.any_of
        date = any_of("calendar-year", "calendar-month", "calendar-day")
        before = any_of("particle-before-name", "cue-of", "particle-and")
        # What may stand before the name of a project in its clause: a date, a particle, a number of them.
        self._before_name = re.compile(rf"\d+{date}|q[1-4]|{before}")
        # "already", "in June", "formally", between the name of a project and "was completed".
        self._when = re.compile(rf"(?:\d|{date}|{any_of('particle-when')}){{0,12}}")
        # One that begins with "each", "this", "all", "new", "own" or a number names no one site.
        unnamed = any_of("particle-determiner", "particle-no-site", "numeral-1", "numeral-2", "numeral-3")
        self._site_name = re.compile(rf"(?!{unnamed})[{HAN}\u00b7]{{2,8}}")
        self._in_clause = re.compile(any_of("particle-clause", "cue-of", "particle-and"))
        # "For a ... ", "helped a certain ... ": somebody who is described and not named.
        self._one = re.compile(any_of("particle-one-body"))
        rest = "[^\uff0c\u3002\uff1b\uff1a:;,]"
        self._for_one = re.compile(
            rf"{any_of('particle-for-body')}(?:(?!{any_of('cue-of')}){rest}){{0,10}}?{self._one.pattern}({rest}{{2,14}})"
        )
        self._after = re.compile(any_of("particle-after"))  # "after it was fitted with ..."

    def _clause_end(self, sentence: str, at: int) -> int:
        stop = _CLAUSE_END.search(sentence, at)
        end = stop.start() if stop else len(sentence)
        return end - bool(end and self._after.match(sentence, end - 1, end))

    def finished(self, text: str) -> Iterator[Stretch]:
        """Yield the names of projects right before a verb of finishing."""
        verbs = self._cues.find("finish", text)
        nouns = [n for name in ("work", "plan", "artefact") for n in self._cues.find(name, text)] if verbs else []
        for verb in verbs:
            noun = next(
                (n for n in nouns if 0 <= verb.start - n.end <= SITE and self._when.fullmatch(text, n.end, verb.start)),
                None,
            )
            if noun:
                first = max(0, verb.start - LONGEST)
                first = max((m.end() for m in _STOP.finditer(text, first, noun.start)), default=first)
                first = max((m.end() for m in self._before_name.finditer(text, first, noun.start)), default=first)
                if noun.start - first >= 3 and self._is_name(text[first : noun.end], noun.start - first):
                    yield first, noun.end

    def _is_name(self, words: str, noun: int) -> bool:
        """Say whether what is finished has a name: a place, or words of its own before "project"."""
        own = not self._cues.is_common(words[:noun]) and any(
            self._cues.find(name, words[noun:]) for name in ("work", "plan")
        )
        return own or bool(self._cues.places(words))

    def marks(self, folded: Folded) -> list[tuple[list[int], ...]]:
        """Return of which words a sentence that tells of a deed holds one each, as their places: one of these sets.

        It says that something is the first of its kind, or names a technology and a branch or a site.
        """
        firsts = [match.start for match in self._cues.find("first", folded.text)]
        units = [match.start for name in ("branch", "site") for match in self._cues.find(name, folded.text)]
        known = [match.start for match in self._cues.technologies.known(folded)] if units else []
        return [marks for marks in ((firsts,), (units, known)) if all(marks)]

    def done(self, sentence: str) -> Iterator[Stretch]:
        """Yield the clause that says what a branch or a site does, or that it is the first of its kind."""
        if any(c > "\u2e80" for c in sentence[:8]):
            found = self._of_place(sentence) or self._of_site(sentence)
            yield from [found] if found else []

    def _of_place(self, sentence: str) -> Stretch | None:
        """Return what a branch does, or a place where something is the first of its kind."""
        cues, places = self._cues, self._cues.places(sentence)
        start = cues.company_end(sentence[:24]) if places else 0
        first = next((place for place in places if place.start <= start + 2), None)
        if first is None:
            return None
        window = sentence[first.end : first.end + ACTS_WITHIN]
        led = [word for word in cues.find("branch", window) if word.start <= SITE]
        acts = [verb for name in ("act", "verb", "make") for verb in cues.find(name, window)] if led else []
        acts = [verb for verb in acts if verb.start >= led[0].end]
        does = acts and cues.technologies.known(Folded(sentence, len(sentence)))
        at = first.end + (min(verb.end for verb in acts) if does else 0)
        end = self._clause_end(sentence, at)
        named = does or cues.find("first", sentence[first.end : end])
        return (first.start, end) if named and end - first.start <= NAME else None

    def _of_site(self, sentence: str) -> Stretch | None:
        """Return what a plant or a campus with a name installs: "the Guishan plant was fitted with ..."."""
        cues, marks = self._cues, _MARKS.match(sentence)
        start = marks.end() if marks else 0
        sites = [word for word in cues.find("site", sentence[: start + SITE]) if word.start >= start + 2]
        for site in sites[:1]:
            name, end = sentence[start : site.start], self._clause_end(sentence, site.end)
            fits = [verb for verb in cues.find("install", sentence[site.end : end]) if verb.start <= FITS_WITHIN]
            after = sentence[site.end + fits[0].start : end] if fits else ""
            place = any(match.start == 0 for match in cues.places(name))
            proper = place or (self._site_name.fullmatch(name) and not cues.is_common(name))
            if not fits and cues.find("finish", sentence[site.end : end]):
                after, fits = sentence[site.end : end], sites
            named = bool(proper) and not self._in_clause.search(name)
            uses = named and fits and cues.technologies.known(Folded(after, len(after)))
            if uses and end - start <= NAME and not cues.technologies.known(Folded(name, len(name))):
                return start, end
        return None

    def english(self, text: str) -> Iterator[Stretch]:
        """Yield the site where a technology is used, and the customer that installed one, in English."""
        for match in self._at_site.finditer(text):
            if self._uses(text, match.end()):
                yield match.span(1)
        for pattern in (self._site_does, self._client):
            for match in pattern.finditer(text):
                if self._uses(text, match.end()):
                    yield match.span(match.lastindex or 0)

    def clients(self, text: str) -> Iterator[Stretch]:
        """Yield what is done for a customer that is described and not named: "for a steel maker in the east ..."."""
        for found in self._for_one.finditer(text) if self._one.search(text) else ():
            bodies = [body for name in ("body", "client", "site") for body in self._cues.find(name, found[1])]
            end = self._clause_end(text, found.end())
            told = text[found.start() : end + NAME]
            if bodies and end - found.start() <= NAME and self._cues.technologies.known(Folded(told, len(told))):
                yield found.start(), end

    def _uses(self, text: str, start: int) -> bool:
        """Say whether the rest of an English sentence names a technology, or something of the company's."""
        rest = text[start : start + 3 * NAME].split(". ")[0].lower()
        return " our " in rest or bool(self._cues.technologies.known(Folded(rest, len(rest))))


def _alternatives(words: list[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or "(?!)"


@lru_cache(maxsize=4)
def deeds_of(cues: InitiativeCues) -> Deeds:
    """Return the finder of deeds of a vocabulary, built once."""
    return Deeds(cues)
