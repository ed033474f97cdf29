"""token_frequencies: how often each word of the vocabulary is used."""

from __future__ import annotations

import numpy as np
import torch

from engine.data.tokens.batches import Encoded

_AT_ONCE = 2**24


def token_frequencies(encoded: Encoded, vocabulary_size: int) -> torch.Tensor:
    """[vocabulary] shares of all tokens of a split, float32, which sum to 1. Padding is none of them."""
    counts = np.zeros(vocabulary_size, dtype=np.int64)
    for start in range(0, len(encoded.tokens.values), _AT_ONCE):
        counts += np.bincount(encoded.tokens.values[start : start + _AT_ONCE], minlength=vocabulary_size)
    counts[encoded.tokens.filler] = 0
    return torch.from_numpy(counts / max(1, counts.sum())).float()
