"""Every number of a training run, in one frozen table that is written into the model's folder."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Configuration:
    """One training run; the same values, texts and library versions give the same model."""

    seed: int = 20261120
    dimension: int = 256
    """Numbers in a vector; 256 in half precision keep the model under 45 MB with 80,000 pieces."""
    han_pieces: int = 39_500
    latin_pieces: int = 30_000
    fragment_pieces: int = 5_000
    """Inner parts of Latin words, for words that are no piece themselves."""
    piece_length: int = 5
    """Characters of the longest Chinese piece: words, not phrases."""
    least_count: int = 3
    piece_cost: float = 8.0
    """Taken from each piece's log probability, so that few long pieces win over many frequent short ones."""
    steps: int = 1_800
    batch: int = 2_048
    learning_rate: float = 5e-3
    scale: float = 12.0
    """Factor on the cosines before the softmax (an inverse temperature); the model card has what others give."""
    grouped_share: float = 0.5
    """Share of the batches drawn from one group of sources, where the negatives are hard."""
    window_share: float = 0.3
    """Share of the batches that match a sentence with the sentences around it instead of its translation."""
    window_reach: int = 3
    """Most sentences taken on either side of a window."""
    longest: int = 160
    """Pieces kept of one side of a pair."""
    threads: int = 2
