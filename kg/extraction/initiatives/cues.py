"""Names of initiatives by the words around them: what is built, carried out or launched, up to its noun."""

import re
from collections.abc import Iterator
from functools import lru_cache

from kg.extraction.initiatives.words import InitiativeWords
from kg.reading.folding import Folded
from kg.vocabulary import Match, Vocabulary

_STOP = re.compile('--|[\uff0c\u3002\uff1b\uff1a:;,\u3001"()\uff08\uff09\u300a\u300b!?]')
_CLAUSE_END = re.compile("[\uff0c\u3002\uff1b\uff1a:;,!?]")
LONGEST = 30  # characters of a name after the particle


class InitiativeCues(InitiativeWords):
    """Finds names of initiatives in folded text."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Build the matchers and the patterns of small words."""
        super().__init__(vocabulary)
        any_of, one = self.any_of, self.any_of("numeral-1", "numeral-2", "particle-many")
        fillers = any_of("particle-verb", "particle-up", "particle-its")
        # Particles after a verb, and "one set of".
        self._filler = re.compile(rf"^(?:{fillers}|{one}\w)+(?=\w{{3}})")
        self._partner = re.compile(rf".{{0,6}}?{any_of('particle-partner')}(?=.{{2,16}}$)")
        self._at, self._and = re.compile(any_of("particle-at")), re.compile("\u3001|" + any_of("particle-and"))
        self._of = re.compile(any_of("cue-of"))
        self._alias = re.compile(any_of("particle-alias") + '"([^"]{2,20})"')

    def aliases(self, text: str) -> Iterator[str]:
        """Yield other names of what was named just before: "hereinafter ..."."""
        return (match[1] for match in self._alias.finditer(text))

    def after_of(self, words: str, start: int, end: int) -> int:
        """Return the place after the last "of" of a stretch, 0 where it has none."""
        return max((match.end() for match in self._of.finditer(words, start, end)), default=0)

    def built(self, words: str) -> Iterator[tuple[int, int]]:
        """Yield what verbs of building have as object: from after the verb to the noun at the clause's end."""
        nouns = self.find("artefact", words)
        verbs = self.find("verb", words) if nouns else []
        for i, verb in enumerate(verbs):
            limit = verbs[i + 1].start if i + 1 < len(verbs) else len(words)
            stop = _CLAUSE_END.search(words, verb.end)
            limit = min(limit, stop.start() if stop else len(words))
            inside = [noun for noun in nouns if verb.end <= noun.start and noun.end <= limit]
            if inside and not self._is_bare(words, verb.end, inside[-1]) and not self._and.match(words, verb.end):
                end = inside[-1].end
                yield verb.end, end + (words[verb.end : end].count('"') % 2 and words[end : end + 1] == '"')

    def joint(self, words: str) -> Iterator[tuple[int, int, int]]:
        """Yield what is built with or for somebody ("the platform | built for X"): start, start and end of the name."""
        for verb in self.find("joint", words):
            clause = max((m.end() for m in _CLAUSE_END.finditer(words, 0, verb.start)), default=0)
            partner = self._partner.match(words, clause, verb.start)
            stop = _CLAUSE_END.search(words, verb.end)
            limit = min(stop.start() if stop else len(words), verb.end + 1 + LONGEST)
            nouns = [noun for noun in self.find("artefact", words) if verb.end < noun.start and noun.end <= limit]
            described = partner and nouns and self._of.match(words, verb.end)
            if partner and described and not self._is_bare(words, verb.end + 1, nouns[0]):
                yield partner.end() - 1, verb.end + 1, nouns[0].end

    def _is_bare(self, words: str, start: int, noun: Match) -> bool:
        """Say whether a name is a noun alone, or with a common word before it ("green data centre")."""
        described = words[start : noun.start]
        return noun.end - start < 5 if not described else self.is_generic(described)

    def name_start(self, words: str, start: int, end: int) -> int:
        """Return where a name begins after what describes it ("an efficient, scalable | rail cloud platform")."""
        described = self.after_of(words, start, end)
        start = described if described and end - described >= 4 else start
        filler = self._filler.match(words[start:end])
        return start + filler.end() if filler else start

    def anchor(self, words: str, start: int) -> int | None:
        """Return where a place, a branch or a partner before ``start`` begins; None if none is there."""
        partners = [match.start for match in self.find("partner", words[:start])]
        places = self.places(words[:start])
        at = [place.start - 1 for place in places if place.start and self._at.match(words, place.start - 1)]
        branches = self.find("branch", words[:start])
        of = [place.start for place in places for branch in branches if 0 <= branch.start - place.end <= 1]
        found = partners + at + of
        return max(found) if found else None

    def begins_with_name(self, words: str) -> bool:
        """Say whether a name begins with that of a company or of a place."""
        found = [*self.companies.find_folded(Folded(words, len(words))), *self.places(words)]
        return "\u3001" not in words and any(match.start == 0 for match in found)

    def campaigns(self, text: str, nouns_of: str = "campaign") -> Iterator[tuple[int, int, int]]:
        """Yield campaigns: where the verb begins, where the name begins and ends."""
        nouns = self.find(nouns_of, text)
        verbs = self.find("act", text) if nouns else []
        for noun in nouns:
            before = [verb for verb in verbs if verb.end < noun.start and not _STOP.search(text[verb.end : noun.start])]
            if before:
                verb = before[-1]
                described = self.after_of(text, verb.end, noun.start)
                if not described or noun.start - described >= 4:  # "the only | 5G energy-saving demonstration project"
                    yield verb.start, described or verb.end, noun.end

    def after_verb(self, text: str, start: int) -> int:
        """Return where a heading goes on after the verb that it begins with ("Carry out | the Green Fleet plan")."""
        verbs = self.find("act", text[start : start + 6])
        return start + verbs[0].end if verbs and verbs[0].start in (0, 2) else start

    def plans(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield plans that are launched under a name: where the verb begins, where the name does and where it ends."""
        nouns = self.find("plan", text)
        verbs = [verb for name in ("issue", "launch") for verb in self.find(name, text)] if nouns else []
        for noun in nouns:
            before = [v for v in verbs if v.end < noun.start and not _STOP.search(text[v.end : noun.start])]
            last = max(before, key=lambda verb: verb.end, default=None)
            if last:
                start = self.name_start(text, max(last.end, self.after_of(text, last.end, noun.start)), noun.end)
                if self.is_named(text[start : noun.end]):
                    yield last.start, start, noun.end

    def contains(self, text: str) -> list[Match]:
        """Return the words such as "comprises" after which the parts of a plan are listed."""
        return self.find("contain", text)


@lru_cache(maxsize=4)
def initiative_cues(vocabulary: Vocabulary) -> InitiativeCues:
    """Return the initiative cues of a vocabulary, built once."""
    return InitiativeCues(vocabulary)
