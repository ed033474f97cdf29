"""Thresholds on the positive label's probability: a row counts as positive from the threshold upwards."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def threshold_for_recall(scores: ArrayLike, truths: ArrayLike, recall: float) -> float:
    """The highest threshold that still finds the share `recall` of the positive rows; so precision is best there.

    `scores` [rows] of the positive label, `truths` [rows] 1 or True where a row is positive. Without positive rows 0.
    """
    positive = np.sort(np.asarray(scores, dtype=np.float64)[np.asarray(truths, dtype=bool)])[::-1]
    if not positive.size:
        return 0.0
    # the small amount keeps .85 * 20 = 17.000000000000004 from asking for 18 rows
    num_needed = int(np.ceil(recall * positive.size - 1e-9))
    return float(positive[max(num_needed, 1) - 1])


def precision_recall_at(scores: ArrayLike, truths: ArrayLike, threshold: float) -> tuple[float, float]:
    """(precision, recall) when rows, of `scores` [N] and `truths` [N], count as positive from `threshold` upwards; 0
    where nothing is counted."""
    is_positive = np.asarray(truths, dtype=bool)
    is_chosen = np.asarray(scores, dtype=np.float64) >= threshold
    hits = int(np.sum(is_positive & is_chosen))
    return hits / max(int(is_chosen.sum()), 1), hits / max(int(is_positive.sum()), 1)
