"""Series: one named curve of a plot, thinned to what its lines can show."""

from __future__ import annotations

import math

import numpy as np

from studio.plots.charts.thinning import Envelope, smooth, zigzag

LINE_POINTS = 200
"""No line gets more points than this: more cannot be seen, and wide lines are what costs."""
_SMOOTHED_FROM = 24


class Series:
    """A curve's data, and what is left of it at one width: `line` (and `faint`, the raw values of one value a step).
    `band` are (xs, low, high) around it, where there is one."""

    def __init__(self, color: str, label: str, *, is_raw: bool, is_dashed: bool = False) -> None:
        self.color, self.label, self.is_raw, self.is_dashed = color, label, is_raw, is_dashed
        self.band: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None
        self.xs = self.ys = np.empty(0)
        self.line = self.faint = (np.empty(0), np.empty(0))
        self._envelope = Envelope(LINE_POINTS)

    def take(self, xs: np.ndarray, ys: np.ndarray) -> bool:
        """Take over the curve as it is now. Returns whether it changed."""
        is_same = len(self.xs) == len(xs) and np.array_equal(self.ys[-1:], ys[-1:], equal_nan=True)
        self.xs, self.ys = xs, ys
        return not is_same

    def thin(self, columns: int) -> None:
        """Bring `line` and `faint` up to date for a plot of so many pixel columns."""
        capacity = columns if self.is_raw else LINE_POINTS
        if self._envelope.capacity != capacity:
            self._envelope = Envelope(capacity)
        envelope = self._envelope
        envelope.follow(self.xs, self.ys)
        xs, means = envelope.xs, envelope.means
        if self.is_raw:
            self.faint = zigzag(xs, envelope.low, envelope.high)
            if len(xs) >= _SMOOTHED_FROM:
                means = smooth(means, envelope.counts, half_life=max(2.0, 0.02 * len(xs)))
        elif len(means):
            means[-1] = self.ys[-1]
        keep = _every(len(xs), LINE_POINTS)
        self.line = xs[keep], means[keep]

    @property
    def last(self) -> float:
        """The value at the line's end: the smoothed one of a raw curve, the exact one of the others; nan for none."""
        return float(self.line[1][-1]) if len(self.line[1]) else math.nan

    @property
    def end(self) -> float:
        """The last x; 0 for none."""
        return float(self.xs[-1]) if len(self.xs) else 0.0


def nearest(xs: np.ndarray, x: float) -> int:
    """Index of the value of rising `xs` nearest to `x`."""
    right = int(np.clip(np.searchsorted(xs, x), 0, len(xs) - 1))
    return right - 1 if right and x - xs[right - 1] < xs[right] - x else right


def _every(count: int, most: int) -> np.ndarray:
    """At most `most + 1` indices, evenly drawn, the last one always among them."""
    if count <= most:
        return np.arange(count)
    stride = -(-count // most)
    return np.unique(np.append(np.arange(0, count, stride), count - 1))
