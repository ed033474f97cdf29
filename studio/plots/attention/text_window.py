"""Text window: the part of a long line that shows most of what is looked at."""

from __future__ import annotations

import numpy as np


def best_window(lefts: np.ndarray, rights: np.ndarray, weights: np.ndarray, room: float) -> tuple[int, int]:
    """(first, last) of the neighbouring words whose weights sum to most and that fit into `room`.

    `lefts` and `rights` are the words' edges in reading order, in pixels. The earliest of several equals; one word at
    least, even where it does not fit.
    """
    lasts = np.searchsorted(rights, lefts + room, side="right") - 1
    lasts = np.maximum(lasts, np.arange(len(lefts)))
    sums = np.concatenate([[0.0], np.cumsum(weights)])
    found = sums[lasts + 1] - sums[: len(lefts)]
    first = int(np.flatnonzero(found >= found.max() - 1e-9)[0])
    return first, int(lasts[first])
