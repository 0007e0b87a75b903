"""The words around the names of initiatives, from ``ontology/schemes/initiatives.ttl``; all texts here are folded."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from kg import ids
from kg.extraction.technologies import technology_cues
from kg.reading.folding import Folded, compact
from kg.vocabulary import Match, Matcher, Vocabulary

NOUN_WITHIN = 12  # characters between a quoted name and its noun; with 16 the gold's precision falls by 5 points
_STOP = re.compile('--|[\uff0c\u3002\uff1b\uff1a:;,\u3001"()\uff08\uff09\u300a\u300b!?]')
_CLAUSE_END = re.compile("[\uff0c\u3002\uff1b\uff1a:;,!?]")
_GROUP = f"{ids.BASE}code/cue-initiative-"
_CHINA = f"{ids.BASE}place/china"
# Particles after a verb, and "one set of".
_FILLER = re.compile(r"^(?:[\u4e86\u8d77\u51fa\u8be5\u5176]|[\u4e00\u4e24\u591a]\w)+(?=\w{3})")
_NUMBERED = re.compile(r"\d(?:\+\d){2,}|\d{4}")
_IN = "\u5728"  # the preposition before a place
_AT = f"{_IN}\u4e8e\u4e3a"  # in, at, for
_OF = "\u7684"
_PARTNER = re.compile(r".{0,6}?[\u4e0e\u540c\u548c\u4e3a](?=.{2,16}$)")  # with, for
LONGEST = 30  # characters of a name after the particle


def _folded(text: str) -> Folded:
    return Folded(text, len(text))


class InitiativeCues:
    """Finds the words around names of initiatives in folded text."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Build a matcher for each group of cue words."""
        self.technologies = technology_cues(vocabulary)
        self._places = vocabulary.matcher("Place", "Facility")
        self._companies = vocabulary.matcher("Company")
        self._groups = {
            concept.iri.rsplit("-", 1)[-1]: Matcher([concept])
            for concept in vocabulary.of_type("CueWord")
            if concept.iri.startswith(_GROUP)
        }

    def _find(self, name: str, text: str) -> list[Match]:
        return self._groups[name].find_folded(_folded(text)) if name in self._groups else []

    def place(self, words: str) -> str | None:
        """Return the first place of a text, as written; names side by side (a province and its city) make one."""
        folded = compact(words)
        found = self._real_places(folded.text)
        if not found:
            return None
        last = found[0]
        for match in found[1:]:
            if match.start - last.end > 1:
                break
            last = match
        return "".join(folded.span(found[0].start, last.end).of(words).split("\n"))

    def _real_places(self, text: str) -> list[Match]:
        """Return the places of a text, those in names of companies and the whole country left out."""
        companies = [(match.start, match.end) for match in self._companies.find_folded(_folded(text))]
        found = self._places.find_folded(_folded(text))
        return [
            match
            for match in found
            if match.concept.iri != _CHINA and not any(a <= match.start < b for a, b in companies)
        ]

    def begins_with_place(self, text: str) -> bool:
        """Say whether a text begins with "in" and a place."""
        found = self._real_places(text[:12])
        return bool(found) and text[: found[0].start] == _IN

    def does_something(self, text: str) -> bool:
        """Say whether a text has a verb of doing."""
        return bool(self._find("verb", text) or self._find("act", text)) or len(text) > 6

    def is_generic(self, words: str) -> bool:
        """Say whether quoted words are common ones, no name."""
        found = self._find("generic", words)
        covered = {i for match in found for i in range(match.start, match.end)}
        return bool(found) and sum(c.isalnum() for i, c in enumerate(words) if i not in covered) < 2

    def is_common(self, words: str) -> bool:
        """Say whether words beside one for a case are common ones, so that together they name no case."""
        found = [match for name in ("generic", "common", "case") for match in self._find(name, words)]
        covered = {i for match in found for i in range(match.start, match.end)}
        return sum(c.isalpha() for i, c in enumerate(words) if i not in covered) < 2

    def counts_projects(self, words: str) -> bool:
        """Say whether a text that introduces a list speaks of projects."""
        return bool(self._find("work", words))

    def refers_back(self, words: str) -> bool:
        """Say whether a text speaks of the project, the programme or the facility that was named before it."""
        return bool(self._find("anaphor", words))

    def is_case(self, words: str) -> bool:
        """Say whether words hold one for a case ("customer case")."""
        return bool(self._find("case", words))

    def case_at(self, words: str) -> int:
        """Return where the word for a case ends with which a text begins, 0 if it begins with another."""
        return next((match.end for match in self._find("case", words) if match.start == 0), 0)

    def case_words(self, words: str) -> list[tuple[int, int]]:
        """Return where the words for cases stand that end a title."""
        return [(match.start, match.end) for match in self._find("caseend", words)]

    def is_external(self, words: str) -> bool:
        """Say whether words name a body, standard or programme of the world at large."""
        return bool(self._find("external", words))

    def is_technical(self, words: str) -> bool:
        """Say whether quoted words name technologies only."""
        known = self.technologies.known(_folded(words))
        covered = {i for match in known for i in range(match.start, match.end)}
        return bool(known) and not any(c.isalnum() for i, c in enumerate(words) if i not in covered)

    def is_numbered(self, words: str) -> bool:
        """Say whether a name is a code such as 3+5+1+1."""
        return bool(_NUMBERED.fullmatch(words.strip()))

    def is_honour(self, text: str, start: int, end: int, *, inside: bool = True) -> bool:
        """Say whether an award, a theme or a title stands around a quoted name, or in it."""
        after = _STOP.split(text[end : end + 10])[0]
        before = _STOP.split(text[max(0, start - 6) : start])[-1]
        return any(self._find("not", words) for words in (after, before, text[start:end] if inside else ""))

    def noun_after(self, text: str, end: int, within: int = NOUN_WITHIN) -> int | None:
        """Return where the noun after a quoted name ends, None if there is none near."""
        after = _STOP.split(text[end : end + within + 6])[0]
        found = [match for match in self._find("noun", after) if match.start <= within]
        return end + found[-1].end if found else None

    def ends_as_plan(self, words: str) -> bool:
        """Say whether a title ends as those of plans do."""
        found = self._find("title", words)
        return bool(found) and found[-1].end == len(words)

    def ends_as_work(self, words: str) -> bool:
        """Say whether a title ends as those of projects do."""
        found = self._find("work", words)
        return bool(found) and found[-1].end == len(words)

    def is_column(self, header: str) -> bool:
        """Say whether a column is one of initiatives."""
        words = compact(header).text
        return any(match.end - match.start == len(words) for match in self._find("column", words))

    def lists_projects(self, header: Sequence[str]) -> bool:
        """Say whether a table lists initiatives and not the items of a balance."""
        figures = any(re.search(r"\d", name) or self._find("item", compact(name).text) for name in header)
        return len(header) > 1 and not figures and any(self.is_column(name) for name in header)

    def issues(self, before: str) -> bool:
        """Say whether a company issues what follows."""
        return bool(self._find("issue", before))

    def built(self, words: str) -> Iterator[tuple[int, int]]:
        """Yield what verbs of building have as object: from after the verb to the noun at the clause's end."""
        nouns = self._find("artefact", words)
        verbs = self._find("verb", words) if nouns else []
        for i, verb in enumerate(verbs):
            limit = verbs[i + 1].start if i + 1 < len(verbs) else len(words)
            stop = _CLAUSE_END.search(words, verb.end)
            limit = min(limit, stop.start() if stop else len(words))
            inside = [noun for noun in nouns if verb.end <= noun.start and noun.end <= limit]
            if (
                inside
                and not self._is_bare(words, verb.end, inside[-1])
                and words[verb.end] not in "\u3001\u548c\u4e0e\u53ca"
            ):
                end = inside[-1].end
                yield verb.end, end + (words[verb.end : end].count('"') % 2 and words[end : end + 1] == '"')

    def joint(self, words: str) -> Iterator[tuple[int, int, int]]:
        """Yield what is built with or for somebody ("the platform | built for X"): start, start and end of the name."""
        for verb in self._find("joint", words):
            clause = max((m.end() for m in _CLAUSE_END.finditer(words, 0, verb.start)), default=0)
            partner = _PARTNER.match(words, clause, verb.start)
            stop = _CLAUSE_END.search(words, verb.end)
            limit = min(stop.start() if stop else len(words), verb.end + 1 + LONGEST)
            nouns = [noun for noun in self._find("artefact", words) if verb.end < noun.start and noun.end <= limit]
            described = partner and nouns and words[verb.end : verb.end + 1] == _OF
            if partner and described and not self._is_bare(words, verb.end + 1, nouns[0]):
                yield partner.end() - 1, verb.end + 1, nouns[0].end

    def _is_bare(self, words: str, start: int, noun: Match) -> bool:
        """Say whether a name is a noun alone, or with a common word before it ("green data centre")."""
        described = words[start : noun.start]
        return noun.end - start < 5 if not described else self.is_generic(described)

    def name_start(self, words: str, start: int, end: int) -> int:
        """Return where a name begins after what describes it ("an efficient, scalable | rail cloud platform")."""
        described = words.rfind(_OF, start, end) + 1
        start = described if described and end - described >= 4 else start
        filler = _FILLER.match(words[start:end])
        return start + filler.end() if filler else start

    def is_verb(self, text: str) -> bool:
        """Say whether a text is nothing but a verb of building."""
        return any(match.end - match.start == len(text) for match in self._find("verb", text))

    def anchor(self, words: str, start: int) -> int | None:
        """Return where a place, a branch or a partner before ``start`` begins; None if none is there."""
        partners = [match.start for match in self._find("partner", words[:start])]
        places = self._real_places(words[:start])
        at = [place.start - 1 for place in places if place.start and words[place.start - 1] in _AT]
        branches = self._find("branch", words[:start])
        of = [place.start for place in places for branch in branches if 0 <= branch.start - place.end <= 1]
        found = partners + at + of
        return max(found) if found else None

    def begins_with_company(self, words: str) -> bool:
        """Say whether a name begins with that of a company."""
        return any(match.start == 0 for match in self._companies.find_folded(_folded(words)))

    def is_introduced(self, before: str) -> bool:
        """Say whether a verb of making, or a noun such as "platform", stands right before a quoted name."""
        near = before[-6:]
        return any(match.end == len(near) for name in ("make", "before") for match in self._find(name, near))

    def campaigns(self, text: str, nouns_of: str = "campaign") -> Iterator[tuple[int, int, int]]:
        """Yield campaigns: where the verb begins, where the name begins and ends."""
        nouns = self._find(nouns_of, text)
        verbs = self._find("act", text) if nouns else []
        for noun in nouns:
            before = [verb for verb in verbs if verb.end < noun.start and not _STOP.search(text[verb.end : noun.start])]
            if before and _OF not in text[before[-1].end : noun.start]:
                verb = before[-1]
                yield verb.start, verb.end, noun.end


@lru_cache(maxsize=4)
def initiative_cues(vocabulary: Vocabulary) -> InitiativeCues:
    """Return the initiative cues of a vocabulary, built once."""
    return InitiativeCues(vocabulary)
