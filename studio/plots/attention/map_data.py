"""MapData: a map as it is drawn. Pyramid: a large one at every resolution, so that painting costs as its pixels do."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from studio.plots.attention.weights import colors, looked_at, scale_end, signed_colors

Span = tuple[int, int]


class Pyramid:
    """Level n holds one weight for 2^n x 2^n: the strongest of them, so that a thin bright line is never lost."""

    def __init__(self, weights: np.ndarray, signed: bool = False) -> None:
        self._levels = [weights]
        self._signed = signed

    def level(self, number: int) -> np.ndarray:
        """Made when first asked for."""
        while len(self._levels) <= number:
            self._levels.append(self._halved(self._levels[-1]))
        return self._levels[number]

    def piece(self, rows: Span, columns: Span, most: tuple[float, float]) -> tuple[np.ndarray, Span, Span]:
        """The weights of these (first, one after the last) rows and columns, in at most about `most` of each.

        Also gives the rows and columns that the piece covers, which may begin a little before and end a little after.
        """
        ratio = max((rows[1] - rows[0]) / max(most[0], 1.0), (columns[1] - columns[0]) / max(most[1], 1.0), 1.0)
        number = math.ceil(math.log2(ratio) - 1e-9)
        level = self.level(number)
        down, across = _covering(rows, number), _covering(columns, number)
        found = level[down[0] : down[1], across[0] : across[1]]
        size = 2**number
        return found, (down[0] * size, down[1] * size), (across[0] * size, across[1] * size)

    def _halved(self, weights: np.ndarray) -> np.ndarray:
        return self._pairs(self._pairs(weights).T).T

    def _pairs(self, weights: np.ndarray) -> np.ndarray:
        """The stronger of each two rows; the last row of an odd number stays."""
        first, second = weights[0::2], weights[1::2]
        even = len(second)
        stronger = np.maximum(first[:even], second)
        if self._signed:
            weaker = np.minimum(first[:even], second)
            stronger = np.where(stronger >= -weaker, stronger, weaker)
        return stronger if even == len(first) else np.concatenate([stronger, first[even:]])


def _covering(span: Span, number: int) -> Span:
    return span[0] >> number, -(-span[1] >> number)


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
