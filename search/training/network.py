"""The trained parameters: features shared by pieces, folded into one vector a piece for use."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from search.training.batches import Bags
from search.training.configuration import Configuration
from search.training.pieces import features_of


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
        self.vectors = nn.Embedding(len(numbers), settings.dimension)
        self.feature_weights = nn.Embedding(len(numbers), 1)
        self.piece_weights = nn.Embedding(len(vocabulary), 1)
        nn.init.normal_(self.vectors.weight, std=0.05)
        nn.init.zeros_(self.feature_weights.weight)
        nn.init.zeros_(self.piece_weights.weight)

    def rows(self, pieces: NDArray[np.int64]) -> Tensor:
        """Return the vectors of pieces, float32 [n, dimension]."""
        lengths = self.starts[pieces + 1] - self.starts[pieces]
        offsets = np.cumsum(lengths) - lengths
        places = np.repeat(self.starts[pieces] - offsets, lengths) + np.arange(lengths.sum())
        features = torch.from_numpy(self.features[places])
        weights = torch.sigmoid(self.feature_weights(features)).squeeze(1)
        summed = functional.embedding_bag(
            features, self.vectors.weight, torch.from_numpy(offsets), mode="sum", per_sample_weights=weights
        )
        return summed * (2 * torch.sigmoid(self.piece_weights(torch.from_numpy(pieces))))

    def forward(self, bags: Bags) -> Tensor:
        """Return the vectors of texts, float32 [n, dimension], rows of length 1."""
        pieces, places = np.unique(bags.pieces, return_inverse=True)
        table = self.rows(pieces.astype(np.int64))
        texts = functional.embedding_bag(torch.from_numpy(places), table, torch.from_numpy(bags.offsets), mode="sum")
        return functional.normalize(texts, dim=1)

    def table(self) -> NDArray[np.float32]:
        """Return one vector for each piece, float32 [pieces, dimension]; the unknown piece is zero."""
        with torch.no_grad():
            table: NDArray[np.float32] = self.rows(np.arange(len(self.starts) - 1)).numpy()
        table[0] = 0
        return table
