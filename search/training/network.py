"""The trained parameters: features shared by pieces, folded into one vector a piece for use."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from search.training.batches import Bags
from search.training.configuration import Configuration
from search.training.pieces import features_of


def distinct(numbers: NDArray[np.int64], size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the numbers below ``size`` that occur, in order, and the place of each number among them.

    >>> [part.tolist() for part in distinct(np.array([7, 3, 7]), 9)]
    [[3, 7], [1, 0, 1]]
    """
    seen = np.zeros(size, dtype=np.bool_)
    seen[numbers] = True
    found = np.flatnonzero(seen)
    places = np.zeros(size, dtype=np.int64)
    places[found] = np.arange(len(found))
    return found, places[numbers]


class PieceVectors(nn.Module):
    """A piece's vector is the weighted sum of its features' vectors, times the piece's own weight.

    Rare pieces so learn from frequent ones with the same characters or the same beginning.
    """

    def __init__(self, vocabulary: list[str], settings: Configuration) -> None:
        """Give each feature of the pieces a number and each number a vector."""
        super().__init__()
        known = {piece: number for number, piece in enumerate(vocabulary)}
        listed = [list(dict.fromkeys(features_of(piece, known))) for piece in vocabulary]
        numbers: dict[str, int] = {}
        rows = [[numbers.setdefault(feature, len(numbers)) for feature in features] for features in listed]
        self.starts = np.cumsum([0, *map(len, rows)], dtype=np.int64)
        self.features = np.concatenate([np.array(row, dtype=np.int64) for row in rows])
        self.vectors = nn.Embedding(len(numbers), settings.dimension, sparse=True)
        self.feature_weights = nn.Embedding(len(numbers), 1, sparse=True)
        self.piece_weights = nn.Embedding(len(vocabulary), 1, sparse=True)
        nn.init.normal_(self.vectors.weight, std=0.05)
        nn.init.zeros_(self.feature_weights.weight)
        nn.init.zeros_(self.piece_weights.weight)

    def rows(self, pieces: NDArray[np.int64]) -> Tensor:
        """Return the vectors of pieces, float32 [n, dimension]."""
        lengths = self.starts[pieces + 1] - self.starts[pieces]
        offsets = np.cumsum(lengths) - lengths
        places = np.repeat(self.starts[pieces] - offsets, lengths) + np.arange(lengths.sum())
        found, where = distinct(self.features[places], self.vectors.num_embeddings)
        features = torch.from_numpy(found)
        weighted = self.vectors(features) * torch.sigmoid(self.feature_weights(features))
        summed = functional.embedding_bag(torch.from_numpy(where), weighted, torch.from_numpy(offsets), mode="sum")
        return summed * (2 * torch.sigmoid(self.piece_weights(torch.from_numpy(pieces))))

    def forward(self, left: Bags, right: Bags) -> tuple[Tensor, Tensor]:
        """Return the vectors of the texts of two sides, float32 [n, dimension] each, rows of length 1."""
        both = np.concatenate([left.pieces, right.pieces]).astype(np.int64)
        pieces, places = distinct(both, len(self.starts) - 1)
        offsets = np.concatenate([left.offsets, right.offsets + len(left.pieces)])
        table = self.rows(pieces)
        texts = functional.embedding_bag(torch.from_numpy(places), table, torch.from_numpy(offsets), mode="sum")
        vectors = functional.normalize(texts, dim=1)
        return vectors[: len(left.offsets)], vectors[len(left.offsets) :]

    def table(self) -> NDArray[np.float32]:
        """Return one vector for each piece, float32 [pieces, dimension]; the unknown piece is zero."""
        with torch.no_grad():
            table: NDArray[np.float32] = self.rows(np.arange(len(self.starts) - 1)).numpy()
        table[0] = 0
        return table
