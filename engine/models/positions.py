"""How the order of words is told: sinusoidal, learned or rotary positions.

Tables are made anew in each forward pass: they cost nothing beside it, fit any length, and a saved model need not
hold them.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from engine.config.classifiers import Positions


class Rotation(NamedTuple):
    """Cosines and sines [L, size / 2] by which pairs of a head's features are turned."""

    cosine: Tensor
    sine: Tensor


def sinusoidal(length: int, size: int, device: torch.device) -> Tensor:
    """[L, size]: sin(p / 10000^(2i/size)) at even features, the cosine at odd ones (Vaswani 2017, 3.5)."""
    angles = _angles(length, size, device)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)[:, :size]


def rotation(length: int, head_size: int, device: torch.device) -> Rotation:
    """The turn of each position (Su 2021, eq. 15): pair i at position p by p / 10000^(2i/head_size)."""
    angles = _angles(length, head_size, device)
    return Rotation(angles.cos(), angles.sin())


def rotate(states: Tensor, turn: Rotation) -> Tensor:
    """Turns `states` [B, H, L, head_size]: afterwards a dot product of two depends on their distance alone."""
    first, second = states.chunk(2, dim=-1)
    cosine, sine = turn.cosine.to(states.dtype), turn.sine.to(states.dtype)
    return torch.cat([first * cosine - second * sine, first * sine + second * cosine], dim=-1)


class PositionalEncoding(nn.Module):
    """Adds positions to word vectors; rotary ones are told in attention instead, and nothing is added here.

    Word vectors come with length 1, or with length sqrt(size) where each feature `is_normalized`.
    """

    def __init__(
        self, positions: Positions, size: int, max_length: int, dropout: float, is_normalized: bool = False
    ) -> None:
        super().__init__()
        self.learned = nn.Embedding(max_length, size) if positions == "learned" else None
        self.is_sinusoidal = positions == "sinusoidal"
        self.is_normalized = is_normalized
        self.dropout = nn.Dropout(dropout)

    def forward(self, vectors: Tensor, first: int = 0) -> Tensor:
        """Vectors [B, L, D] of words to vectors of words in their places, which are counted from `first`."""
        length, size, device = vectors.shape[1], vectors.shape[2], vectors.device
        if self.is_sinusoidal:
            # a sinusoid has length sqrt(size / 2) whatever is learned: words are scaled up to it (Vaswani 2017, 3.4)
            words = vectors if self.is_normalized else vectors * math.sqrt(size)
            vectors = words + sinusoidal(first + length, size, device)[first:].to(vectors.dtype)
        if self.learned is not None:
            learned = self.learned(torch.arange(first, first + length, device=device))
            vectors = vectors + (learned * math.sqrt(size) if self.is_normalized else learned)
        dropped: Tensor = self.dropout(vectors)
        return dropped


def _angles(length: int, size: int, device: torch.device) -> Tensor:
    """[L, ceil(size / 2)]."""
    pairs = torch.arange(0, size, 2, dtype=torch.float32, device=device)
    frequencies = torch.exp(pairs * (-math.log(10_000.0) / size))
    return torch.arange(length, dtype=torch.float32, device=device)[:, None] * frequencies
