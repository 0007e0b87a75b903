"""Groups of cue words that are looked for together: one automaton reads a text once, whatever is asked of it."""

from collections.abc import Mapping

from kg import ids
from kg.vocabulary import Concept, Match, Matcher, Vocabulary, longest

REMEMBERED = 1024  # texts whose words are kept: blocks, sentences and stretches of one report, some 3 MB

_Found = dict[str, list[tuple[int, int, str, tuple[Concept, ...]]]]


class Groups:
    """Finds the words of named groups in folded texts; a word may belong to several groups."""

    def __init__(self, concepts: Mapping[str, Concept]) -> None:
        """Build one automaton over the words of all groups."""
        self._iris = {name: concept.iri for name, concept in concepts.items()}
        self._matcher = Matcher(concepts.values())
        self._texts: dict[str, _Found] = {}
        self._asked: dict[tuple[str, str], list[Match]] = {}

    @classmethod
    def of(cls, vocabulary: Vocabulary, prefix: str) -> "Groups":
        """Return the groups whose code begins with a prefix, each named by the rest of its code."""
        start = f"{ids.BASE}code/{prefix}"
        known = (concept for concept in vocabulary.of_type("CueWord") if concept.iri.startswith(start))
        return cls({concept.iri.removeprefix(start): concept for concept in known})

    def find(self, name: str, text: str) -> list[Match]:
        """Return the words of a group in a text, in order, none overlapping, the longest winning."""
        found = self._texts.get(text)
        if found is None:
            found = self._read(text)
        words = found.get(self._iris.get(name, ""))
        if words is None:
            return []
        matches = self._asked.get((name, text))
        if matches is None:
            matches = [Match(*word) for word in words]
            matches = self._asked[name, text] = longest(matches, len(text)) if len(matches) > 1 else matches
        return matches

    def _read(self, text: str) -> _Found:
        if len(self._texts) >= REMEMBERED:
            self._texts.clear()
            self._asked.clear()
        found = self._texts[text] = self._matcher.by_concept(text)
        return found
