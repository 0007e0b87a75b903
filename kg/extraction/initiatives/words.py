"""The words around the names of initiatives, from ``ontology/schemes/initiatives.ttl``; all texts here are folded."""

import re
from collections.abc import Sequence

from kg import ids
from kg.extraction.initiatives.groups import Groups
from kg.extraction.initiatives.particles import any_of
from kg.extraction.initiatives.places import places_of
from kg.extraction.technologies import technology_cues
from kg.reading.folding import Folded, compact
from kg.vocabulary import Match, Vocabulary

NOUN_WITHIN = 12  # characters between a quoted name and its noun; with 16 the gold's precision falls by 5 points
_STOP = re.compile('--|[\uff0c\u3002\uff1b\uff1a:;,\u3001"()\uff08\uff09\u300a\u300b!?]')
_GROUP = f"{ids.BASE}code/cue-initiative-"
_NUMBERED = re.compile(r"\d(?:\+[\dnx]){2,}|\d{4}")  # 3+5+1+1, 1+3+N, 1248
OWN_LENGTH = 7  # characters of a name that says enough without a place or a partner
LAUNCHED = 10  # characters between a quoted name and a verb of launching: "since 2021"
NAMING = 4  # characters that name a plan without its noun
OWN_WORDS = 2  # characters of a plan's name that are no common words, where nothing else marks it as a name


def _folded(text: str) -> Folded:
    return Folded(text, len(text))


class InitiativeWords:
    """Says what the words around a name mean."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Build a matcher for each group of cue words."""
        self.vocabulary = vocabulary
        self.technologies = technology_cues(vocabulary)
        self._places = places_of(vocabulary)
        self.companies = vocabulary.matcher("Company")
        groups = [concept for concept in vocabulary.of_type("CueWord") if concept.iri.startswith(_GROUP)]
        self._words = Groups({concept.iri.rsplit("-", 1)[-1]: concept for concept in groups})
        self._english = {
            concept.iri.rsplit("-", 1)[-1]: [label.text for label in concept.labels if label.language == "en"]
            for concept in groups
        }
        nouns = "|".join({word.split()[-1] for word in self._english.get("anaphor", ())}) or "(?!)"
        self._again = re.compile(rf"[\s.*:]*the (?:[\w.-]+ ){{1,3}}(?:{nouns})\b")  # "the 58 MW facility"
        self._after_verb = re.compile(any_of(vocabulary, "particle-verb") + "$")
        self._in = re.compile(any_of(vocabulary, "particle-in"))
        unnamed = ("particle-determiner", "particle-also", "particle-related", "particle-done")
        words = any_of(vocabulary, *unnamed, "particle-and", "cue-of", "calendar-year")
        self._no_name = re.compile(words + r"|\d\.\d")  # no name holds these

    def any_of(self, *names: str) -> str:
        """Return the Chinese labels of some concepts as a group of a regular expression."""
        return any_of(self.vocabulary, *names)

    def find(self, name: str, text: str) -> list[Match]:
        """Return the words of a group in a text."""
        return self._words.find(name, text)

    def english(self, name: str) -> list[str]:
        """Return the English words of a group."""
        return self._english.get(name, [])

    def place(self, words: str) -> str | None:
        """Return the first place of a text, as written."""
        return self._places.first(words)

    def places(self, text: str) -> list[Match]:
        """Return the places of a folded text, those in names of companies and the whole country left out."""
        return self._places.of(text)

    def begins_with_place(self, text: str) -> bool:
        """Say whether a text begins with "in" and a place."""
        found = self.places(text[:12])
        return bool(found) and bool(self._in.fullmatch(text, 0, found[0].start))

    def does_something(self, text: str) -> bool:
        """Say whether a text has a verb of doing."""
        return bool(self.find("verb", text) or self.find("act", text)) or len(text) > 6

    def is_generic(self, words: str) -> bool:
        """Say whether quoted words are common ones, no name."""
        found = self.find("generic", words)
        covered = {i for match in found for i in range(match.start, match.end)}
        return bool(found) and sum(c.isalnum() for i, c in enumerate(words) if i not in covered) < 2

    def is_common(self, words: str) -> bool:
        """Say whether words beside one for a case are common ones, so that together they name no case."""
        found = [match for name in ("generic", "common", "case") for match in self.find(name, words)]
        covered = {i for match in found for i in range(match.start, match.end)}
        return sum(c.isalpha() for i, c in enumerate(words) if i not in covered) < 2

    def counts_projects(self, words: str) -> bool:
        """Say whether a text that introduces a list speaks of projects."""
        return bool(self.find("work", words))

    def refers_back(self, words: str) -> bool:
        """Say whether a text speaks of the project, the programme or the facility that was named before it."""
        return bool(self.find("anaphor", words) or self._again.match(words))

    def is_case(self, words: str) -> bool:
        """Say whether words hold one for a case ("customer case")."""
        return bool(self.find("case", words))

    def case_at(self, words: str, start: int) -> int:
        """Return how long the word for a case is that stands at ``start``, 0 if another stands there."""
        return next((match.end - start for match in self.find("case", words) if match.start == start), 0)

    def is_case_mark(self, words: str) -> bool:
        """Say whether words are one for a case, as titles end with ("case study", not "practice")."""
        return any(match.start == 0 and match.end == len(words) for match in self.find("caseend", words))

    def case_words(self, words: str) -> list[tuple[int, int]]:
        """Return where the words for cases stand that end a title."""
        return [(match.start, match.end) for match in self.find("caseend", words)]

    def is_external(self, words: str) -> bool:
        """Say whether words name a body, standard or programme of the world at large."""
        return bool(self.find("external", words))

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
        found = self.find("not", text)
        stop = _STOP.search(text, end) if found else None
        last = min(end + 10, stop.start() if stop else len(text))
        first = max((m.end() for m in _STOP.finditer(text, max(0, start - 6), start)), default=max(0, start - 6))
        around = ((first, start), (end, last), *([(start, end)] if inside else []))
        return any(a <= match.start and match.end <= b for match in found for a, b in around)

    def noun_after(self, text: str, end: int, within: int = NOUN_WITHIN) -> int | None:
        """Return where the noun after a quoted name ends, None if there is none near."""
        after = _STOP.split(text[end : end + within + 6])[0]
        found = [match for match in self.find("noun", after) if match.start <= within]
        return end + found[-1].end if found else None

    def plan_after(self, text: str, end: int) -> int | None:
        """Return where "three-year action plan" ends right after a quoted word, None where no plan follows."""
        after = _STOP.split(text[end : end + NOUN_WITHIN])[0]
        found = [match for match in self.find("title", after) if match.start <= 4 < match.end]
        return end + found[0].end if found else None

    def ends_as_plan(self, words: str) -> bool:
        """Say whether a title ends as those of plans do."""
        found = self.find("title", words)
        return bool(found) and found[-1].end == len(words)

    def ends_as_work(self, words: str) -> bool:
        """Say whether a title ends as those of projects do."""
        found = self.find("work", words)
        return bool(found) and found[-1].end == len(words)

    def is_part(self, words: str) -> bool:
        """Say whether an item of a list is called an action, a project, ..."""
        return self.ends_as_plan(words) or self.ends_as_work(words)

    def is_plan(self, words: str) -> bool:
        """Say whether a name is that of a plan, a programme or a pilot, which others can be part of."""
        if self.find("offer", words):
            return False
        found = [match for name in ("title", "heading", "campaign") for match in self.find(name, words)]
        return self.is_numbered(words.strip('"')) or any(match.end >= len(words) - 1 for match in found)

    def is_column(self, header: str) -> bool:
        """Say whether a column is one of initiatives."""
        return self._is_whole("column", header) or self._is_whole("projects", header)

    def lists_projects(self, header: Sequence[str]) -> bool:
        """Say whether a table lists initiatives and not the items of a balance.

        A column "project name" says so unless another one is for units; one that is only "item" must stand beside no
        column of figures.
        """
        if len(header) < 2 or any(self._is_whole("units", name) for name in header):
            return False
        if any(self._is_whole("projects", name) for name in header):
            return True
        figures = any(re.search(r"\d", name) or self.find("item", compact(name).text) for name in header)
        return not figures and any(self.is_column(name) for name in header)

    def _is_whole(self, group: str, header: str) -> bool:
        words = compact(header).text
        return any(match.end - match.start == len(words) for match in self.find(group, words))

    def is_named(self, words: str) -> bool:
        """Say whether a name that ends as a plan does says more than common words: "green supplier partner plan"."""
        nouns = [noun for noun in self.find("plan", words) if noun.end == len(words)]
        if not nouns or self._no_name.search(words):
            return False
        own = words[: nouns[0].start]
        covered = {
            i for name in ("generic", "common", "not") for m in self.find(name, own) for i in range(m.start, m.end)
        }
        return sum(c.isalnum() for i, c in enumerate(own) if i not in covered) >= OWN_WORDS

    def issues(self, before: str) -> bool:
        """Say whether a company issues what follows."""
        return bool(self.find("issue", before))

    def is_verb(self, text: str) -> bool:
        """Say whether a text is nothing but a verb of building."""
        return any(match.end - match.start == len(text) for match in self.find("verb", text))

    def counts_works(self, words: str) -> bool:
        """Say whether words begin with a noun such as "projects"."""
        return any(match.start <= 2 for name in ("work", "campaign", "title") for match in self.find(name, words))

    def is_work(self, words: str) -> bool:
        """Say whether words end as the name of a project, a retrofit or a system does."""
        found = [match for name in ("work", "artefact", "campaign") for match in self.find(name, words)]
        return any(match.end == len(words) and match.start > 2 for match in found)

    def is_own(self, words: str) -> bool:
        """Say whether what is built serves the company's work on carbon, so that it is named wherever it stands."""
        return len(words) >= OWN_LENGTH and "\u3001" not in words and bool(self.find("topic", words))

    def company_end(self, words: str) -> int:
        """Return where the name of a company ends with which a text begins, 0 if it begins with none."""
        return next((match.end for match in self.companies.find_folded(_folded(words)) if match.start < 2), 0)

    def is_company(self, words: str) -> bool:
        """Say whether words are nothing but the name of a company."""
        return any(match.end - match.start == len(words) for match in self.companies.find_folded(_folded(words)))

    def is_launched(self, after: str) -> bool:
        """Say whether a quoted name is followed by a verb of launching: "... has been online for two years"."""
        return any(match.start <= LAUNCHED for match in self.find("launch", _STOP.split(after[:16])[0]))

    def is_called(self, before: str) -> bool:
        """Say whether a noun such as "platform" or "roadmap" stands right before a title."""
        near = before[-6:]
        return any(match.end == len(near) for match in self.find("before", near))

    def is_introduced(self, before: str) -> bool:
        """Say whether a verb of making, or a noun such as "platform", stands right before a quoted name."""
        near = self._after_verb.sub("", before[-7:])[-6:]
        return any(match.end == len(near) for name in ("make", "before") for match in self.find(name, near))

    def without_noun(self, name: str) -> str:
        """Return a name without the noun that ends it ("Green Fleet" of "Green Fleet plan"), if enough is left."""
        nouns = [noun for noun in self.find("plan", name) if noun.end == len(name)]
        return name[: nouns[0].start] if nouns and nouns[0].start >= NAMING else name
