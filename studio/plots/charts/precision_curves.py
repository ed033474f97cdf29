"""Precision curves thinned to the pixels of a plot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.metrics.precision_curve import PrecisionCurve

_FEW_CHOSEN = 10
"""Precision of fewer rows jumps about; it does not decide how far down the plot goes."""
_LEAST_RECALL, _MOST_RECALL = 0.02, 0.985
"""At its ends a curve is steep: what lies there may begin under the floor."""


@dataclass(frozen=True, eq=False)
class ThinCurve:
    """float64 [points], rising in `recall`: precision at the end of each pixel column, and its 95 % band."""

    recall: np.ndarray
    precision: np.ndarray
    low: np.ndarray
    high: np.ndarray


def thinned(curve: PrecisionCurve, num_columns: int) -> ThinCurve:
    """At most so many points, and the first and the last one of the curve among them."""
    if len(curve) <= num_columns:
        chosen = np.arange(len(curve))
    else:
        column = np.minimum((curve.recall * num_columns).astype(np.int64), num_columns - 1)
        last_of_column = np.flatnonzero(np.diff(column, append=num_columns))
        chosen = last_of_column if last_of_column[0] == 0 else np.concatenate([[0], last_of_column])
    return ThinCurve(curve.recall[chosen], curve.precision[chosen], curve.low[chosen], curve.high[chosen])


def floor_of(curve: PrecisionCurve, must_show: float = 1.0) -> float:
    """A round share a little below what is worth seeing: where the plot's precision begins."""
    settled = (curve.chosen >= _FEW_CHOSEN) & (curve.recall >= _LEAST_RECALL) & (curve.recall <= _MOST_RECALL)
    if not settled.any():
        return 0.0
    lowest = min(float(curve.precision[settled].min()), must_show)
    return float(np.clip(np.floor(lowest * 10 - 0.3) / 10, 0.0, 0.9))


def threshold_at(curve: PrecisionCurve, recall: float) -> float:
    """The highest threshold that finds at least so much; the lowest one of the curve where none does."""
    place = min(int(np.searchsorted(curve.recall, recall, side="left")), len(curve) - 1)
    return float(curve.thresholds[place])


def stepped(curve: PrecisionCurve, threshold: float, places: int) -> float:
    """So many different thresholds further down the curve (more is found), or up."""
    at = int(np.searchsorted(-curve.thresholds, -threshold, side="right")) - 1
    return float(curve.thresholds[np.clip(at + places, 0, len(curve) - 1)])
