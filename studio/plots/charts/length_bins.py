"""Bins of a histogram of lengths: round edges, the long tail gathered beyond the limit, the median."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MAX_BINS = 36


@dataclass(frozen=True)
class LengthBins:
    """`counts[i]` texts have a length in [edges[i], edges[i + 1]); the last bin also holds all that are longer.

    `median` half of the texts are shorter; `num_over` are longer than `limit`.
    """

    edges: np.ndarray
    counts: np.ndarray
    median: int
    limit: int
    num_over: int

    @property
    def right(self) -> float:
        """The right end of the axis."""
        return float(self.edges[-1])


def length_bins(lengths: np.ndarray, limit: int) -> LengthBins:
    """Count lengths (tokens, at least one) into at most `MAX_BINS` bins of a round width that shows median and tail.

    The axis ends at the 99th percentile, or a little beyond the limit where some text passes it.
    """
    assert len(lengths) > 0
    num_over = int((lengths > limit).sum())
    end = float(np.percentile(lengths, 99))
    end = max(end, limit * 1.12) if num_over else max(end, 4.0)
    width = _round_width(end / MAX_BINS)
    edges = np.arange(0, end + width, width, dtype=np.float64)
    counts, _ = np.histogram(np.minimum(lengths, edges[-1]), edges)
    return LengthBins(edges, counts, int(np.median(lengths)), limit, num_over)


def _round_width(least: float) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50, ... that is not below `least`."""
    width = 1
    for factor in (2, 2.5, 2) * 8:
        if width >= least:
            break
        width = int(width * factor)
    return width


def round_ticks(end: float, most: int = 6) -> list[int]:
    """Round positions from 0 that fit below `end`, at most `most` + 1 of them."""
    step = _round_width(end / most)
    return list(range(0, int(end) + 1, step))
