"""The words of risks and opportunities: columns, categories, levels, all from ``ontology/schemes/risks.ttl``."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from kg import ids
from kg.model import Span
from kg.reading.folding import compact
from kg.vocabulary import Concept, Label, Match, Matcher, Vocabulary, gathered

RISK, OPPORTUNITY = "risk", "opportunity"
ASIDE = 4  # characters after the name of a group that begins a sentence ("management", "in respect of")
REMEMBERED = 2048  # titles and names of columns
HEAD = 16  # characters of a column's name, of which a part names its role ("main financial impact")
_TYPES = {RISK: "RiskCategory", OPPORTUNITY: "OpportunityCategory"}
_ROOTS = {RISK: "code/climate-risk", OPPORTUNITY: "code/climate-opportunity"}
_PART = re.compile("[()\uff08\uff09\\[\\]\u3010\u3011:\uff1a\u2014\u2013/]| - ")  # between a name and its category
_BESIDE, _OF = (
    (" & ", " and "),
    (" on ", " of ", " to ", " for ", " ("),
)  # after a column's name: what it is also, or of


def _relabelled(concepts: Iterable[Concept], *names: str, skos: bool = True) -> Iterator[Concept]:
    """Yield the concepts with the words of some properties as labels, beside or instead of their SKOS labels."""
    for concept in concepts:
        words = tuple(Label(word, "", "hidden") for name in names for word in concept.values(name))
        labels = (*concept.labels, *words) if skos else words
        yield Concept(concept.iri, concept.types, labels, concept.properties)


class RiskWords:
    """Finds the words of risks in cells, titles and sentences."""

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
        names = (
            "may",
            "answer",
            "gain",
            "aside",
            "definition",
            "actor",
            "filler",
            "numbered",
            "other",
            "climate",
            "regarded",
            "tick",
        )

        self._cues = {name: self._cue(f"cue-risk-{name}") for name in names}
        self._green = self._cue("cue-climate")
        # The same few titles and names of columns are asked for again and again.
        self.role = lru_cache(REMEMBERED)(self._role)
        self.title_sort = lru_cache(REMEMBERED)(self._title_sort)

    def _cue(self, name: str) -> Matcher:
        iri = f"{ids.BASE}code/{name}"
        return Matcher([self.vocabulary.concept(iri)] if iri in self.vocabulary else [])

    def is_tick(self, cell: str) -> bool:
        """Say whether a cell holds a mark that means yes: a tick, a cross, or a word for it."""
        return not any(map(str.isalnum, cell)) or any(m.label == cell.lower() for m in self._cues["tick"].find(cell))

    # --- sentences

    def may(self, text: str) -> bool:
        """Say whether a sentence speaks of what may happen."""
        return bool(self._cues["may"].find(text))

    def is_aside(self, text: str) -> bool:
        """Say whether a sentence tells how risks are governed, assessed or reported."""
        return bool(self._cues["aside"].find(text))

    def may_happen(self, text: str) -> bool:
        """Say whether a sentence speaks of what may happen, and not of how that is managed or assessed."""
        return self.may(text) and not self.is_aside(text)

    def gains(self, text: str) -> bool:
        """Say whether a sentence speaks of what may be gained."""
        return bool(self._cues["gain"].find(text))

    def regards(self, text: str) -> bool:
        """Say whether a text calls something by a name ("which we see as")."""
        return bool(self._cues["regarded"].find(text))

    def answers(self, text: str) -> bool:
        """Say whether a text begins with a word such as "therefore we", or names who acts right before it."""
        return any(match.start <= 1 for match in self._cues["answer"].find(text))

    def acts(self, text: str) -> bool:
        """Say whether a text begins with the company that does something."""
        return any(match.start == 0 for match in self._cues["actor"].find(text))

    def defines(self, text: str) -> bool:
        """Say whether a statement explains a word: "refers to" begins it or follows a title, "... risks" ends it."""
        stripped = text.rstrip("\u3002. ")
        for match in self._cues["definition"].find(stripped):
            if match.start == 0 or self.title_sort(text[: match.start]):
                return True
            if match.end == len(stripped) and not self.may(text):
                return True
        return False

    def is_green(self, text: str) -> bool:
        """Say whether a text speaks of climate, carbon, energy or the environment."""
        return bool(self._green.find(text))

    def is_other(self, title: str) -> bool:
        """Say whether a title is of the risks of business at large, not of the climate's."""
        return bool(self._cues["other"].find(title)) and not self.is_climate(title)

    def is_about_climate(self, text: str) -> bool:
        """Say whether a text names climate change."""
        return bool(self._cues["climate"].find(text))

    # --- kinds, groups, categories

    def kinds(self, text: str) -> set[str]:
        """Return whether a text speaks of risks, of opportunities, or of both."""
        found = [match.concept.iri for match in self._kinds.find(text)]
        return {kind for kind, root in _ROOTS.items() if any(iri.endswith(root) for iri in found)}

    def ends_in_kind(self, name: str) -> bool:
        """Say whether a name ends in "risk" or "opportunity"."""
        return any(match.end == len(name.rstrip()) for match in self._kinds.find(name))

    def is_climate(self, text: str) -> bool:
        """Say whether a text names climate risks or opportunities, or the groups they fall into."""
        return bool(self._climate.find(text))

    def is_physical(self, text: str) -> bool:
        """Say whether a text begins with an acute or a chronic risk: no other business knows these."""
        title = self.title(text.lstrip("*# "))
        physical = f"{ids.BASE}code/physical-risk"
        return title is not None and physical in title.concept.broader and bool(self.kinds(title.label))

    def names_both(self, text: str) -> bool:
        """Say whether a text is a group of the climate's risks and a category of it ("Transition (policy)")."""
        return self.title_sort(text) == "category" and bool(self.groups(text, RISK))

    def names_physical(self, name: str) -> bool:
        """Say whether a title names an acute or a chronic risk, in full or bare."""
        physical = f"{ids.BASE}code/physical-risk"
        return any(physical in concept.broader for concept in self.named(name, RISK))

    def sort(self, text: str) -> Match | None:
        """Return the name of a group or of a category in full that a text holds, its offsets those of ``text``."""
        found = [*self._climate.find(text), *self._titles.find(text)]
        return next((match for match in found if match.concept.broader and self.kinds(match.label)), None)

    def names_sort(self, text: str) -> bool:
        """Say whether a text ends in the name of a group or of a category in full ("as for physical risks")."""
        found = [*self._climate.find(text), *self._titles.find(text)]
        found += [match for match in self._kinds.find(text) if match.start <= ASIDE]  # the bare word "opportunities"
        return any(len(text) - match.end <= ASIDE and self.kinds(match.label) for match in found)

    def categories(self, cell: str, kind: str) -> tuple[Concept, ...]:
        """Return the categories that a cell names, in their order, those with a code only; a cell may name two."""
        found = {match.concept.iri: match.concept for match in self._cells[kind].find(cell)}
        return tuple(concept for concept in found.values() if concept.notation)

    def named(self, name: str, kind: str) -> tuple[Concept, ...]:
        """Return the categories that a name gives: as a title, in brackets or after a dash, or in full inside it."""
        for part in (name, *_PART.split(name)[::-1]):
            if part.strip() and self.title_sort(part) == "category" and (found := self.categories(part, kind)):
                return found
        full = (match for match in self._titles.find(name) if self.kinds(match.label) == {kind})
        within = {match.concept.iri: match.concept for match in full}
        return tuple(concept for concept in within.values() if concept.notation)

    def groups(self, cell: str, kind: str) -> tuple[Concept, ...]:
        """Return the groups (transition, physical) that a cell names."""
        found = {match.concept.iri: match.concept for match in self._cells[kind].find(cell)}
        return tuple(concept for concept in found.values() if not concept.notation and concept.broader)

    def guess(self, text: str, kind: str, groups: Iterable[Concept]) -> tuple[Concept, ...]:
        """Return the category, at most two, that most words of a text hint at, within the groups if there are any."""
        inside = {group.iri for group in groups}
        votes: dict[str, int] = {}
        for match in self._signals[kind].find(text):
            for concept in match.concepts:
                if not inside or not inside.isdisjoint(concept.broader):
                    votes[concept.iri] = votes.get(concept.iri, 0) + 1
        most = [self.vocabulary.concept(iri) for iri in votes if votes[iri] == max(votes.values())]
        return tuple(most) if len(most) == 2 else tuple(most[:1])  # two that are named equally often both count

    # --- titles

    def title(self, text: str) -> Match | None:
        """Return the category label that a text begins with, its longest name; offsets into ``text``."""
        found = self._titles.find(text)
        return found[0] if found and found[0].start == 0 else None

    def _title_sort(self, text: str) -> str:
        """Return what a text that is nothing but a title names: ``category``, ``group``, ``root`` or an empty string.

        Words such as "and", "key" or "related" may stand beside the names.
        """
        folded = compact(text)
        found = [match for matcher in self._cells.values() for match in matcher.find_folded(folded)]
        if not found:
            return ""
        beside = self._cues["filler"].all_folded(folded)
        covered = {i for match in (*found, *beside) for i in range(match.start, match.end)}
        if any(i not in covered and c.isalnum() for i, c in enumerate(folded.text)):
            return ""
        if any(match.concept.notation for match in found):
            return "category"
        return "group" if any(match.concept.broader for match in found) else "root"

    def title_in(self, text: str) -> Span | None:
        """Return the stretch of a title that names categories ("reputation" of "as for reputation")."""
        found = [match for matcher in self._cells.values() for match in matcher.find(text)]
        return Span(min(match.start for match in found), max(match.end for match in found)) if found else None

    def is_title(self, text: str) -> bool:
        """Say whether a text is nothing but names of categories (``Products / services`` ``opportunity``)."""
        return bool(self.title_sort(text))

    def number_end(self, text: str) -> int:
        """Return where the number of a risk ("Risk 2", "opportunity 1") at the start of a text ends, else 0."""
        return next((match.end for match in self._cues["numbered"].find(text) if match.start == 0), 0)

    def is_group(self, text: str) -> bool:
        """Say whether a text is nothing but the name of a group (transition risks, physical risks)."""
        found = self._climate.find(text)
        grouped = any(match.concept.broader for match in found)
        return grouped and sum(match.end - match.start for match in found) >= len(text.strip("#*: \u25a0\uff1a")) - 2

    def is_level(self, cell: str) -> bool:
        """Say whether a cell holds a level and nothing else."""
        return len(cell) < 12 and bool(self.vocabulary.matcher("RiskLevel").find(cell))

    # --- columns

    def is_column(self, text: str) -> bool:
        """Say whether a text is the name of a column and nothing else."""
        folded = compact(text)
        return any(match.end - match.start == len(folded.text.strip()) for match in self._roles.find_folded(folded))

    def _role(self, header: str) -> str | None:
        """Return what a column holds (``category``, ``response``, ...) by its header, None where that is unknown.

        The longest known name decides. It makes up half of the header, or ends a short one (Chinese puts the noun
        last), or begins it and says of what; the first of two that are joined.
        """
        folded = compact(header)
        whole = folded.text.strip()
        found = self._roles.find_folded(folded)
        if not found:
            return None
        first = found[0] if found[0].start == 0 else None
        if first and whole[first.end :].startswith(_BESIDE):
            return _name_of(first)
        longest = max(found, key=lambda match: match.end - match.start)
        if 2 * sum(match.end - match.start for match in found) >= len(whole):
            return _name_of(longest)
        last = max(found, key=lambda match: match.end)
        if last.end == len(whole) <= HEAD and last.end - last.start > 1 and not whole.isascii():
            return _name_of(last)
        return _name_of(first) if first and whole[first.end :].startswith(_OF) else None


def _name_of(match: Match) -> str:
    return match.concept.iri.rsplit("/column-", 1)[-1]


@gathered
def risk_words(vocabulary: Vocabulary) -> RiskWords:
    """Return the risk words of a vocabulary, built once."""
    return RiskWords(vocabulary)
