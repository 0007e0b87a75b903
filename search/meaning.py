"""How alike texts are to a question: as wholes, and word by word."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kg.reading.folding import compact
from search.alignment import aligned
from search.encoder import Encoder, pieces_of


@dataclass(frozen=True, slots=True)
class Meaning:
    """The meanings of texts; ``encoder`` gives what reads them, which the first use may wait for."""

    encoder: Callable[[], Encoder]

    def likeness(self, text: str, others: Sequence[str]) -> Sequence[float]:
        """Return how near the meanings of other texts are to a text's, as cosines."""
        vectors = self.encoder().encode([text, *others])
        found: Sequence[float] = (vectors[1:] @ vectors[0]).tolist()
        return found

    def aligned(self, text: str, others: Sequence[str]) -> Sequence[float]:
        """Return the share of a text's words that each of other texts has something like, from 0 to 1."""
        return aligned(compact(text).text, [compact(other).text for other in others], pieces_of(self.encoder()))
