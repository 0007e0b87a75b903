"""The words of risk tables: names of columns, categories, levels, all from ``ontology/schemes/risks.ttl``."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from kg import ids
from kg.reading.folding import compact
from kg.vocabulary import Concept, Label, Match, Matcher, Vocabulary

ASIDE = 4  # characters after the name of a group that begins a sentence ("management", "in respect of")
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
        self._levels = vocabulary.matcher("RiskLevel")
        self._may, self._answers = (self._cue(name) for name in ("may", "answer"))
        self._gains, self._asides = self._cue("gain"), self._cue("aside")

    def _cue(self, name: str) -> Matcher:
        iri = f"{ids.BASE}code/cue-risk-{name}"
        return Matcher([self.vocabulary.concept(iri)] if iri in self.vocabulary else [])

    def is_level(self, cell: str) -> bool:
        """Say whether a cell holds a level ("High", "medium to high") and nothing else."""
        folded = compact(cell)
        found = self._levels.find_folded(folded)
        return bool(found) and sum(match.end - match.start for match in found) + 4 >= len(folded.text.strip())

    def may_happen(self, text: str) -> bool:
        """Say whether a sentence speaks of what may happen, and not of how that is managed or assessed."""
        return bool(self._may.find(text)) and not self._asides.find(text)

    def gains(self, text: str) -> bool:
        """Say whether a sentence speaks of what may be gained."""
        return bool(self._gains.find(text))

    def answers(self, text: str) -> bool:
        """Say whether a text begins with a word such as "therefore we", or names who acts right before it."""
        return any(match.start <= 1 for match in self._answers.find(text))

    def sort(self, text: str) -> Match | None:
        """Return the name of a group or of a category in full that a text holds, its offsets those of ``text``."""
        found = [*self._climate.find(text), *self._titles.find(text)]
        return next((match for match in found if match.concept.broader and self.kinds(match.label)), None)

    def is_physical(self, text: str) -> bool:
        """Say whether a text begins with an acute or a chronic risk: no other business knows these."""
        title = self.title(text.lstrip("*# "))
        physical = f"{ids.BASE}code/physical-risk"
        return title is not None and physical in title.concept.broader and bool(self.kinds(title.label))

    def names_sort(self, text: str) -> bool:
        """Say whether a text ends in the name of a group or of a category in full ("as for physical risks")."""
        found = [*self._climate.find(text), *self._titles.find(text)]
        found += [match for match in self._kinds.find(text) if match.start <= ASIDE]  # the bare word "opportunities"
        return any(len(text) - match.end <= ASIDE and self.kinds(match.label) for match in found)

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
        """Return the category, at most two, that most words of a text hint at, within the groups if there are any."""
        inside = {group.iri for group in groups}
        votes: dict[Concept, int] = {}
        for match in self._signals[kind].find(text):
            for concept in match.concepts:
                if not inside or inside & set(concept.broader):
                    votes[concept] = votes.get(concept, 0) + 1
        most = [concept for concept in votes if votes[concept] == max(votes.values())]
        return tuple(most) if len(most) == 2 else tuple(most[:1])  # two that are named equally often both count

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
