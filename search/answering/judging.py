"""Whether a fact is about what a question asks: its metric, its place, and the words that say which figure is meant."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from kg.model import NumberFact
from kg.reading.folding import compact
from kg.vocabulary import Concept, Vocabulary
from search.answering.asked import BESIDE_IT, broader, kinds_of
from search.answering.cues import PERCENT
from search.answering.readings import Reading, words_of
from search.answering.understanding import Understanding
from search.tokens import is_han, tokens

Weighed = tuple[Mapping[str, float], float]  # a word of a question with its synonyms, the word first, and its rarity
SAME, NAMED, ABOVE, NEAR, OTHER = 4, 3, 2, 1, 0  # how a fact's metric relates to the one asked for
# What the words of the question that name something find in a fact's own words, and around it, moves it forward; so do
# its place, the word that it is counted with, that it is about the whole company, and how its metric is related. Ranks
# of facts that are worded alike differ by about 0.1, so all of these decide between such facts and no others.
OWN, HERE, AROUND, PLACE, COUNTED, WHOLE = 0.3, 0.3, 0.15, 0.15, 0.1, 0.04
OTHERWISE = 0.15  # what stands with another word than the one that says what kind of thing is counted
LEVEL = 0.05  # who asks for no share means the level of a metric, and not by how much it changed
DOUBT = 6.0  # the rarity of about two words: of a single word that is found by chance no share of 1 is made
RELATED = {SAME: 0.12, NAMED: 0.06, ABOVE: 0.06, NEAR: 0.0, OTHER: -0.05, None: 0.0}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How well a fact fits a question.

    ``relation`` of its metric to those asked for (``SAME``, ``NAMED`` by its own words, ``ABOVE``: a broader one in
    the same unit, ``NEAR``: named by the words around it, ``OTHER``; None where the question leaves the metric open);
    ``own`` and ``around`` are the shares of the question's words that the fact's own words, and those around it, have;
    ``placed`` says whether the place asked about is named; ``better`` is what a fact's rank gains by all that.
    """

    relation: int | None
    own: float
    around: float
    placed: bool
    better: float
    fitting: bool = True  # its unit is that of the metric asked for
    counted: bool = False  # its number stands with the word that the question counts with
    headed: bool = True  # its own words have one of those that say what is counted


class Wording:
    """The words of a question that name something, to be looked for in texts."""

    def __init__(self, understanding: Understanding, words: Sequence[Weighed]) -> None:
        """Leave out what frames the question."""
        framing = _framing(understanding)
        self.words = [(group, rarity) for group, rarity in words if _says_something(group, framing)]
        self.weight = sum(rarity for _, rarity in self.words)

    def within(self, words: Set[str]) -> "Wording":
        """Return the same of some of the question's words alone."""
        part = Wording.__new__(Wording)
        part.words = [(group, rarity) for group, rarity in self.words if next(iter(group)) in words]
        part.weight = sum(rarity for _, rarity in part.words)
        return part

    def share(self, text: str) -> float:
        """Return the share of the question's words that a text has."""
        return self.found(words_of(text))

    def found(self, words: Set[str]) -> float:
        """Return the share of the question's words, weighed by rarity, that are found, themselves or as synonyms."""
        got = sum(
            rarity * max((min(1.0, near) for word, near in group.items() if word in words), default=0.0)
            for group, rarity in self.words
        )
        return got / self.weight if self.weight else 1.0


class Judge:
    """Judges facts for one question."""

    def __init__(self, understanding: Understanding, words: Sequence[Weighed], vocabulary: Vocabulary) -> None:
        """Gather what the question names."""
        self._understanding, self._vocabulary = understanding, vocabulary
        self._wording = Wording(understanding, words)
        self._head = [group for group, _ in self._wording.words if next(iter(group)) in understanding.head]
        asked = {metric.iri for metric in understanding.asked}
        self._same = kinds_of(understanding.asked, vocabulary)
        labels = (label for metric in understanding.asked for label in metric.labels if label.role != "hidden")
        self._names = [name for label in labels if len(name := compact(label.text).text) > 1]
        # What is saved is no part of what is used, nor is a share or what a unit of something needs.
        self._beside = {iri for metric in understanding.asked for name in BESIDE_IT for iri in metric.values(name)}
        self._above = broader(asked, vocabulary)
        self._asked = asked
        self._units = {unit for metric in understanding.asked for unit in metric.values("canonicalUnit")}
        self._counters = _counters(understanding.counter, vocabulary)
        self._places = understanding.places + understanding.others

    def verdict(self, fact: NumberFact, reading: Reading) -> Verdict:
        """Judge a fact by what it says."""
        own, around = self._wording.found(reading.own), self._wording.found(reading.around)
        place = max((self._placed(reading.named, reading.near, concept) for concept in self._places), default=1.0)
        relation = self._relation(fact, reading.named, reading.near)
        here = self._wording.found(reading.sentence)
        better = (OWN * own + HERE * here + AROUND * around) * self._wording.weight / (self._wording.weight + DOUBT) + (
            PLACE * place if self._places else 0
        )
        better += LEVEL * (fact.unit in self._units and self._understanding.units != PERCENT)
        better += RELATED[relation] + WHOLE * (not self._places and self._is_whole(fact))
        unit = compact(fact.unit_text).text
        counted = any(counter in unit for counter in self._counters)
        better += COUNTED * counted - (OTHERWISE if len(self._counters) > 1 and not counted else 0.0)
        headed = not self._head or any(word in reading.sentence for group in self._head for word in group)
        return Verdict(relation, own, around, place > 0, better, fact.unit in self._units, counted, headed)

    def _is_whole(self, fact: NumberFact) -> bool:
        """Say whether a number is about a company itself, by its name, and not about all its data centres."""
        return any(label.text == fact.subject for label in self._vocabulary.concept(fact.company).labels)

    def _relation(self, fact: NumberFact, own: Set[str], near: Set[str]) -> int | None:
        if not self._asked:
            return None
        if fact.metric in self._same:
            return SAME
        if fact.metric in self._beside:
            return OTHER
        if own & self._asked or self._ends(fact):
            return NAMED
        if fact.metric in self._above and (fact.unit in self._units or self._changing(fact)):
            return ABOVE
        return NEAR if near & self._asked else OTHER

    def _changing(self, fact: NumberFact) -> bool:
        return fact.form == "change" and self._understanding.units == PERCENT

    def _ends(self, fact: NumberFact) -> bool:
        """Say whether the fact's metric is a kind of the one asked for: its name ends in that one's."""
        named = (compact(fact.metric_text).text, *_preferred(fact.metric, self._vocabulary))
        return any(name.endswith(asked) for name in named for asked in self._names)

    def _placed(self, own: Set[str], near: Set[str], place: Concept) -> float:
        inside = {place.iri, *(iri for iri in own | near if self._lies_in(iri, place.iri))}
        return 1.0 if own & inside else 0.6 if near & inside else 0.0

    def _lies_in(self, iri: str, place: str) -> bool:
        return "/place/" in iri and any(above.iri == place for above in self._vocabulary.ancestors(iri))


@lru_cache(maxsize=4096)
def _preferred(metric: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return a metric's names, folded."""
    return tuple(compact(label.text).text for label in vocabulary.concept(metric).labels if label.role == "pref")


def _counters(counter: str, vocabulary: Vocabulary) -> frozenset[str]:
    """Return the words that mean the same as the one that a question counts with: people, persons, staff."""
    found = vocabulary.everything.find(counter) if counter else ()
    alike = [concept for match in found for concept in match.concepts if concept.is_a("Classifier")]
    labels = {compact(label.text).text for concept in alike if concept.values("concrete") for label in concept.labels}
    return frozenset({counter, *labels} - {""})


def _framing(understanding: Understanding) -> set[str]:
    """Return the words of a question that stand only where they frame it."""
    inside, outside = set[str](), set[str]()
    for token in tokens(understanding.question):
        framed = any(start <= token.start and token.end <= end for start, end in understanding.frame)
        (inside if framed else outside).add(token.word)
    return inside - outside


def _says_something(group: Mapping[str, float], framing: Set[str]) -> bool:
    """Say whether a word names something: no single Han character, no number, nothing that frames the question."""
    word = next(iter(group))
    return not (word.startswith("http") or word in framing or word.isdigit() or (len(word) == 1 and is_han(word)))
