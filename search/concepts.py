"""The concepts of the ontology by words and meaning: one entry for each of their labels."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.reading.folding import compact
from kg.vocabulary import Concept, Label, Vocabulary
from search.encoder import Encoder
from search.seeking import Found, Sought, speaks
from search.tokens import counted

BATCH = 512
# Words by which reports and questions are read; they say nothing of what a report speaks of.
CUES = ("CueWord", "QuestionCue", "EnumerationCue", "Phrase", "Numeral", "Classifier", "ColumnRole", "RangeMark")
# Labels are short: a label that shares a third of its words with a question may mean something else, while cosines of
# short texts say much. Weights from 0.3 to 0.7 give the same first concept for the questions of tests/test_concepts.py.
WORDS = 0.5
LEAST = 0.2  # below, labels have in common what all labels have


@dataclass(frozen=True, slots=True)
class _Named:
    """A label with the number of its concept."""

    concept: int
    label: Label


class Concepts:
    """The concepts that have names, ready to be found; cues, and labels that are hidden, are no names."""

    def __init__(self, vocabulary: Vocabulary, encoder: Encoder) -> None:
        """Encode all labels, the same one once for all scripts."""
        self._concepts = [concept for concept in vocabulary.concepts.values() if _names(concept)]
        self._numbers = {concept.iri: number for number, concept in enumerate(self._concepts)}
        self.iris = list(self._numbers)
        self._encoder = encoder
        texts: dict[str, int] = {}
        self._named: list[_Named] = []
        rows: list[int] = []
        holders: dict[str, list[int]] = defaultdict(list)
        sizes: list[int] = []
        for number, concept in enumerate(self._concepts):
            for label in _names(concept):
                folded = compact(label.text).text
                rows.append(texts.setdefault(folded, len(texts)))
                words = {word for word, _ in counted(label.text)}
                for word in words:
                    holders[word].append(len(self._named))
                sizes.append(len(words))
                self._named.append(_Named(number, label))
        self._vectors, self._rows = _encoded(list(texts), encoder), np.array(rows, np.int64)
        self._owners = np.array([named.concept for named in self._named], np.int64)
        self._holders = {word: np.array(labels, np.int64) for word, labels in holders.items()}
        self._sizes = np.array(sizes, np.float32)

    def search(self, sought: Sought) -> list[Found]:
        """Return the best concepts, each with the label that suits best, of those in the language sought."""
        scores = self._scores(sought.text)
        allowed = np.ones(len(scores), np.bool_)
        if sought.language is not None:
            allowed &= [speaks(named.label.language, sought.language) for named in self._named]
        if sought.candidates is not None:
            numbers = [self._numbers[iri] for iri in sought.candidates if iri in self._numbers]
            allowed &= np.isin(self._owners, numbers)
        scores = np.where(allowed, scores, 0)
        found: dict[int, Found] = {}
        for row in np.argsort(-scores, kind="stable").tolist():
            score, named = float(scores[row]), self._named[row]
            if score < max(LEAST, sought.least) or len(found) == sought.limit:
                break
            hit = Found(self._concepts[named.concept].iri, score, named.label.language, named.label.text)
            found.setdefault(named.concept, hit)
        return list(found.values())

    def likeness(self, vector: NDArray[np.float32], iri: str) -> float | None:
        """Return the cosine of a meaning and the nearest label of a concept, None for no concept."""
        number = self._numbers.get(iri)
        if number is None:
            return None
        own = self._rows[self._owners == number]
        return float(np.max(self._vectors[own] @ vector))

    def likenesses(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the cosines of a meaning and the nearest labels of all concepts, in the order of ``iris``."""
        if not self._named:
            return np.zeros(0, np.float32)
        starts = np.searchsorted(self._owners, np.arange(len(self._concepts)))
        return np.asarray(np.maximum.reduceat((self._vectors @ vector)[self._rows], starts), np.float32)

    def _scores(self, text: str) -> NDArray[np.float32]:
        """Return the score of every label: the words that it shares with a text, and its cosine."""
        words = {word for word, _ in counted(text)}
        shared = np.zeros(len(self._named), np.float32)
        for word in words:
            if word in self._holders:
                shared[self._holders[word]] += 1
        vector = self._encoder.encode([compact(text).text])[0]
        likeness = np.maximum(self._vectors @ vector, 0)[self._rows]
        both = WORDS * 2 * shared / np.maximum(1, len(words) + self._sizes) + (1 - WORDS) * likeness
        return np.asarray(np.clip(both, 0, 1), np.float32)


def _names(concept: Concept) -> list[Label]:
    """Return the labels of a concept that people would say, the preferred ones first; none for a cue."""
    if concept.is_a(*CUES) or not any(label.role == "pref" for label in concept.labels):
        return []
    return sorted((label for label in concept.labels if label.role != "hidden"), key=lambda label: label.role != "pref")


def _encoded(texts: Sequence[str], encoder: Encoder) -> NDArray[np.float32]:
    batches = [encoder.encode(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]
    return np.concatenate(batches) if batches else np.zeros((0, encoder.dimension), np.float32)
