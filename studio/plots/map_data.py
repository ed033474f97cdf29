"""MapData: what a picture of one attention map needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from studio.plots.weights import scale_end


@dataclass(frozen=True)
class MapData:
    """`weights[query, key]` with the words that stand for queries and keys; `special[key]` marks [CLS] and the like."""

    weights: np.ndarray
    queries: tuple[str, ...]
    keys: tuple[str, ...]
    special: np.ndarray

    @property
    def is_pooled(self) -> bool:
        """One query only: a pooling layer's look at the whole text."""
        return len(self.queries) == 1

    @cached_property
    def end(self) -> float:
        """The weight at the bright end of the scale."""
        return scale_end(self.weights, self.special)
