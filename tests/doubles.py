"""Stand-ins for what is slow or trained: an encoder that knows nothing but which characters a text shares."""

from collections.abc import Sequence
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from kg.reading.folding import compact


class HashEncoder:
    """Texts as bags of pairs of characters, each pair a direction given by its hash."""

    name = "hash"
    dimension = 32

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.array([self._row(compact(text).text) for text in texts], np.float32).reshape(-1, self.dimension)
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)

    def _row(self, text: str) -> NDArray[np.float32]:
        pairs = [text[i : i + 2] for i in range(len(text))]
        seeds = [int.from_bytes(sha256(pair.encode()).digest()[:4], "big") for pair in pairs]
        return sum(
            (np.random.default_rng(seed).normal(size=self.dimension) for seed in seeds), np.zeros(self.dimension)
        )
