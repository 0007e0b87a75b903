"""``search:similarity(?a, "text")``: how near two meanings are, for whatever a query puts into its first place."""

from collections import Counter

import numpy as np
import orjson
from numpy.typing import NDArray

from kg.reading.folding import compact
from kg.terms import IRI, LANGUAGE_STRING, STRING, Literal
from kg.tsv import term
from search.concepts import Concepts
from search.index import Index

LONGEST = 20_000  # characters of a literal; a whole report has no one meaning
# IRIs that are compared one by one, of 200,000 entries 3,125; who asks for more gets the likeness of all at once. One
# costs a question to this process, which takes as long as 60 more lines of the answer that has them all.
MOST_SINGLE, SHARE = 32, 64


class Similarity:
    """The likeness of passages, facts, concepts and literals to the texts of one query: a cosine, from 0 to 1.

    A passage or fact is as near as its nearest part, a concept as its nearest label. What is none of these, such as a
    number or a company that nobody has named, has no likeness, which SPARQL takes for an error in the expression.
    """

    def __init__(self, index: Index, concepts: Concepts) -> None:
        """Take what gives IRIs their meanings."""
        self._index, self._concepts = index, concepts
        self._most = max(MOST_SINGLE, len(index.entries) // SHARE)
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self._asked: Counter[str] = Counter()

    def __call__(self, question: bytes) -> bytes:
        """Answer a question of ``kg.worker.Functions``."""
        first, second = (term(written) for written in orjson.loads(question)["terms"])
        every: dict[str, float] | None = None
        value = None
        if isinstance(second, Literal) and (vector := self._vector(second)) is not None:
            if isinstance(first, Literal):
                other = self._vector(first)
                value = None if other is None else float(other @ vector)
            elif isinstance(first, IRI):
                value = self._of(first.value, vector)
                self._asked[second.n3] += 1
                every = self._all(vector) if self._asked[second.n3] == self._most else None
        return orjson.dumps({"value": None if value is None else min(1.0, max(0.0, value)), "all": every})

    def _vector(self, literal: Literal) -> NDArray[np.float32] | None:
        """Return the meaning of a text, None where it is no text."""
        if literal.datatype not in (STRING, LANGUAGE_STRING) or not 0 < len(literal.value) <= LONGEST:
            return None
        if literal.value not in self._vectors:
            self._vectors[literal.value] = self._index.encoder.encode([compact(literal.value).text])[0]
        return self._vectors[literal.value]

    def _of(self, iri: str, vector: NDArray[np.float32]) -> float | None:
        likeness = self._index.likeness(vector, iri)
        return self._concepts.likeness(vector, iri) if likeness is None else likeness

    def _all(self, vector: NDArray[np.float32]) -> dict[str, float]:
        """Return the likeness of everything that has an IRI, by its IRI as N-Triples writes it."""
        iris = [*self._concepts.iris, *self._index.entries.iris]
        found = np.concatenate([self._concepts.likenesses(vector), self._index.likenesses(vector)]).clip(0, 1)
        return {IRI(iri).n3: value for iri, value in zip(iris, found.tolist(), strict=True)}
