"""Thinning: a curve of any length as no more points than the screen has columns, without losing its extremes."""

from __future__ import annotations

import numpy as np

_ROWS = ("x", "low", "high", "sum", "count")


class Envelope:
    """Least, greatest and mean values of equal buckets of a growing curve.

    `follow` costs only what is new: when the buckets run out, neighbours are merged and each holds twice the points.
    Values that are not finite are left out; a bucket of nothing else is nan.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = max(2, capacity)
        self._restart()

    def _restart(self) -> None:
        self._width = 1
        self._full = np.empty((len(_ROWS), 0))
        self._tail = np.empty((len(_ROWS), 0))
        self._mark = (0.0, 0.0)

    def __len__(self) -> int:
        return self._full.shape[1] + self._tail.shape[1]

    def follow(self, xs: np.ndarray, ys: np.ndarray) -> None:
        """Take in the whole curve as it is now; points already seen are not read again, unless the curve was cut."""
        seen = self._full.shape[1] * self._width
        if len(xs) < seen or (seen and (xs[seen - 1], ys[seen - 1]) != self._mark and ys[seen - 1] == ys[seen - 1]):
            self._restart()
        while -(-len(xs) // self._width) > self.capacity:
            self._full = _merged_pairs(self._full)
            self._width *= 2
        seen = self._full.shape[1] * self._width
        whole = len(xs) - len(xs) % self._width
        self._full = np.concatenate([self._full, _buckets(xs[seen:whole], ys[seen:whole], self._width)], axis=1)
        self._tail = _buckets(xs[whole:], ys[whole:], len(xs) - whole)
        if whole:
            self._mark = (float(xs[whole - 1]), float(ys[whole - 1]))

    def _row(self, name: str) -> np.ndarray:
        index = _ROWS.index(name)
        row: np.ndarray = np.concatenate([self._full[index], self._tail[index]])
        return row

    @property
    def xs(self) -> np.ndarray:
        """The last x of each bucket, so that the newest point is exact."""
        return self._row("x")

    @property
    def low(self) -> np.ndarray:
        return self._row("low")

    @property
    def high(self) -> np.ndarray:
        return self._row("high")

    @property
    def counts(self) -> np.ndarray:
        """How many finite points each bucket holds."""
        return self._row("count")

    @property
    def means(self) -> np.ndarray:
        counts = self.counts
        means: np.ndarray = np.divide(self._row("sum"), counts, out=np.full(len(counts), np.nan), where=counts > 0)
        return means


def _buckets(xs: np.ndarray, ys: np.ndarray, width: int) -> np.ndarray:
    """[5, len / width]: the rows of `_ROWS` for whole buckets."""
    if width == 0 or len(xs) == 0:
        return np.empty((len(_ROWS), 0))
    finite = np.isfinite(ys)
    block = np.where(finite, ys, np.nan).reshape(-1, width)
    sums = np.where(finite, ys, 0.0).reshape(-1, width).sum(axis=1)
    counts = finite.reshape(-1, width).sum(axis=1)
    return np.stack(
        [xs[width - 1 :: width], np.fmin.reduce(block, axis=1), np.fmax.reduce(block, axis=1), sums, counts]
    )


def _merged_pairs(rows: np.ndarray) -> np.ndarray:
    """Neighbours put together; an odd last bucket is dropped and read again from the curve."""
    left, right = rows[:, 0 : rows.shape[1] - 1 : 2], rows[:, 1::2]
    return np.stack(
        [right[0], np.fmin(left[1], right[1]), np.fmax(left[2], right[2]), left[3] + right[3], left[4] + right[4]]
    )


def zigzag(xs: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One line through least and greatest of every bucket: what the raw curve looks like at this size."""
    return np.repeat(xs, 2), np.stack([low, high], axis=1).reshape(-1)


def smooth(means: np.ndarray, counts: np.ndarray, half_life: float) -> np.ndarray:
    """Exponential moving average over buckets, weighted by their counts and corrected for its start.

    s_n = Σ a^(n-i) c_i m_i / Σ a^(n-i) c_i with a = 2^(-1 / half_life); the correction is that of Adam (Kingma 2015).
    A bucket of nothing keeps the value before it.
    """
    sums = _decayed_sums(np.where(counts > 0, counts * means, 0.0), half_life)
    weights = _decayed_sums(counts, half_life)
    smoothed: np.ndarray = np.divide(sums, weights, out=np.full(len(sums), np.nan), where=weights > 0)
    return smoothed


def _decayed_sums(values: np.ndarray, half_life: float) -> np.ndarray:
    """s_n = a s_(n-1) + v_n, in blocks of twenty half-lives, over which the powers of a stay well within float64."""
    half_life = max(half_life, 1e-9)
    block, decay = max(1, int(20 * half_life)), 0.5 ** (1.0 / half_life)
    sums, carried = np.empty(len(values)), 0.0
    for start in range(0, len(values), block):
        part = values[start : start + block]
        growth = 2.0 ** (np.arange(len(part)) / half_life)
        sums[start : start + block] = (np.cumsum(part * growth) + carried) / growth
        carried = decay * sums[start + len(part) - 1]
    return sums
