"""Pyramid: a large map at every resolution, so that painting costs as much as its pixels and not as its weights."""

from __future__ import annotations

import math

import numpy as np

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
