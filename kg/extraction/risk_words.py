"""The words of risk tables: names of columns, categories, levels, all from ``ontology/schemes/risks.ttl``."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from kg.reading.folding import compact
from kg.vocabulary import Concept, Label, Match, Matcher, Vocabulary

RISK, OPPORTUNITY = "risk", "opportunity"
_TYPES = {RISK: "RiskCategory", OPPORTUNITY: "OpportunityCategory"}
_ROOTS = {RISK: "code/climate-risk", OPPORTUNITY: "code/climate-opportunity"}


def _relabelled(concepts: Iterable[Concept], *names: str, skos: bool = True) -> Iterator[Concept]:
    """Yield the concepts with the words of some properties as labels, beside or instead of their SKOS labels."""
    for concept in concepts:
        words = tuple(Label(word, "", "hidden") for name in names for word in concept.values(name))
        labels = (*concept.labels, *words) if skos else words
        yield Concept(concept.iri, concept.types, labels, concept.properties)


class RiskWords:
    """Finds the words of risk tables in cells."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Build matchers for columns and categories."""
        self.vocabulary = vocabulary
        self._roles = Matcher(_relabelled(vocabulary.of_type("ColumnRole"), "cellLabel", skos=False))
        found = {kind: list(vocabulary.of_type(name)) for kind, name in _TYPES.items()}
        self._cells = {kind: Matcher(_relabelled(concepts, "cellLabel")) for kind, concepts in found.items()}
        self._signals = {
            kind: Matcher(_relabelled(concepts, "signalWord", skos=False)) for kind, concepts in found.items()
        }
        self._titles = Matcher(concept for concepts in found.values() for concept in concepts)
        roots = [concept for concepts in found.values() for concept in concepts if not concept.broader]
        groups = [concept for concepts in found.values() for concept in concepts if not concept.notation]
        self._climate = Matcher(groups)
        self._kinds = Matcher(_relabelled(roots, "cellLabel"))

    def role(self, header: str) -> str | None:
        """Return what a column holds (``category``, ``response``, ...) by its header, None where that is unknown.

        The longest known name decides, and it has to make up half of the header.
        """
        folded = compact(header)
        found = self._roles.find_folded(folded)
        if not found:
            return None
        longest = max(found, key=lambda match: match.end - match.start)
        if 2 * sum(match.end - match.start for match in found) < len(folded.text.strip()):
            return None
        return longest.concept.iri.rsplit("/column-", 1)[-1]

    def kinds(self, text: str) -> set[str]:
        """Return whether a text speaks of risks, of opportunities, or of both."""
        found = [match.concept.iri for match in self._kinds.find(text)]
        return {kind for kind, root in _ROOTS.items() if any(iri.endswith(root) for iri in found)}

    def is_climate(self, text: str) -> bool:
        """Say whether a text names climate risks or opportunities, or the groups they fall into."""
        return bool(self._climate.find(text))

    def is_group(self, text: str) -> bool:
        """Say whether a text is nothing but the name of a group (transition risks, physical risks)."""
        found = self._climate.find(text)
        grouped = any(match.concept.broader for match in found)
        return grouped and sum(match.end - match.start for match in found) >= len(text.strip("#*: \u25a0\uff1a")) - 2

    def categories(self, cell: str, kind: str) -> tuple[Concept, ...]:
        """Return the categories that a cell names, in their order, those with a code only; a cell may name two."""
        found = dict.fromkeys(match.concept for match in self._cells[kind].find(cell))
        return tuple(concept for concept in found if concept.notation)

    def groups(self, cell: str, kind: str) -> tuple[Concept, ...]:
        """Return the groups (transition, physical) that a cell names."""
        found = dict.fromkeys(match.concept for match in self._cells[kind].find(cell))
        return tuple(concept for concept in found if not concept.notation and concept.broader)

    def guess(self, text: str, kind: str, groups: Iterable[Concept]) -> tuple[Concept, ...]:
        """Return the category that most words of a description hint at, within the groups if there are any."""
        inside = {group.iri for group in groups}
        votes: dict[Concept, int] = {}
        for match in self._signals[kind].find(text):
            for concept in match.concepts:
                if not inside or inside & set(concept.broader):
                    votes[concept] = votes.get(concept, 0) + 1
        return (max(votes, key=lambda concept: votes[concept]),) if votes else ()

    def title(self, text: str) -> Match | None:
        """Return the category label that a text begins with, its longest name; offsets into ``text``."""
        found = self._titles.find(text)
        return found[0] if found and found[0].start == 0 else None

    def is_title(self, text: str) -> bool:
        """Say whether a text is nothing but names of categories (``Products / services`` ``opportunity``)."""
        folded = compact(text)
        found = [match for matcher in self._cells.values() for match in matcher.find_folded(folded)]
        covered = {i for match in found for i in range(match.start, match.end)}
        return bool(found) and all(i in covered or not c.isalnum() for i, c in enumerate(folded.text))


@lru_cache(maxsize=4)
def risk_words(vocabulary: Vocabulary) -> RiskWords:
    """Return the risk words of a vocabulary, built once."""
    return RiskWords(vocabulary)
