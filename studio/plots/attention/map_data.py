"""MapData: what a picture of one attention map needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from studio.plots.attention.pyramid import Pyramid
from studio.plots.attention.weights import colors, looked_at, scale_end, signed_colors


@dataclass(frozen=True)
class MapData:
    """`weights[query, key]` with the words that stand for queries and keys; `special[key]` marks [CLS] and the like.

    `bin_size` tokens stand behind each row and column of a pooled long text, of `num_tokens` in all where that is
    known; its words are those of a bin's first token. `signed` weights are a difference of two maps. `scale` is the
    weight at the bright end where several maps share one; None: this map's own.
    """

    weights: np.ndarray
    queries: tuple[str, ...]
    keys: tuple[str, ...]
    special: np.ndarray
    bin_size: int = 1
    signed: bool = False
    scale: float | None = None
    num_tokens: int | None = None

    @property
    def is_pooled(self) -> bool:
        """One query only: a pooling layer's look at the whole text."""
        return len(self.queries) == 1

    @property
    def is_binned(self) -> bool:
        return self.bin_size > 1

    @cached_property
    def end(self) -> float:
        """The weight at the bright end of the scale."""
        if self.scale is not None:
            return self.scale
        return scale_end(self.weights, self.special, signed=self.signed)

    @cached_property
    def received(self) -> np.ndarray:
        """[key]: how much each key is looked at in all."""
        return looked_at(self.weights)

    @cached_property
    def pyramid(self) -> Pyramid:
        """The weights at every resolution."""
        return Pyramid(self.weights, self.signed)

    def colors(self, weights: np.ndarray) -> np.ndarray:
        """[..., 4] uint8: some of the weights in this map's scale."""
        return signed_colors(weights, self.end) if self.signed else colors(weights, self.end)

    def tokens_of(self, place: int) -> tuple[int, int]:
        """(first, last) token of a bin, counted from 1 as a person does."""
        last = (place + 1) * self.bin_size
        return place * self.bin_size + 1, last if self.num_tokens is None else min(last, self.num_tokens)
