"""PrecisionCurve: precision and recall of one label at every threshold; sorted once, asked in microseconds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.metrics.confidence_intervals import wilson

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CurvePoint:
    """At one threshold: `num_chosen` of the rows reach it, `num_hits` of them rightly. `low` and `high`: 95 % intervals
    (Wilson 1927) of precision and recall. Without a row that reaches it precision is 0 and its interval all of 0 to 1.
    """

    threshold: float
    num_chosen: int
    num_hits: int
    precision: float
    precision_low: float
    precision_high: float
    recall: float
    recall_low: float
    recall_high: float
    coverage: float


class PrecisionCurve:
    """`scores` [N] as `decision_rules.label_scores` gives them, `truths` [N] True where the label is right.

    The arrays have one entry a distinct score above 0, the highest threshold first: `thresholds`, `chosen` and `hits`
    (rows that reach it), `precision`, `recall`, `low` and `high` (Wilson's 95 % of precision).
    """

    def __init__(self, scores: ArrayLike, truths: ArrayLike) -> None:
        given, right = np.asarray(scores, dtype=np.float64), np.asarray(truths, dtype=bool)
        order = np.argsort(-given, kind="stable")
        ordered = given[order]
        ends = np.flatnonzero(np.diff(ordered, append=-np.inf) != 0)
        ends = ends[ordered[ends] > 0]
        self.num_rows, self.num_positive = len(given), int(right.sum())
        self.thresholds: Floats = ordered[ends]
        self.chosen: NDArray[np.int64] = (ends + 1).astype(np.int64)
        self.hits: NDArray[np.int64] = np.cumsum(right[order], dtype=np.int64)[ends]
        self.precision: Floats = self.hits / np.maximum(self.chosen, 1)
        self.recall: Floats = self.hits / max(self.num_positive, 1)
        self.low, self.high = wilson(self.hits, self.chosen)

    def __len__(self) -> int:
        return len(self.thresholds)

    def at(self, threshold: float) -> CurvePoint:
        """The figures when the label is said from `threshold` upwards."""
        place = int(np.searchsorted(-self.thresholds, -threshold, side="right")) - 1
        chosen, hits = (int(self.chosen[place]), int(self.hits[place])) if place >= 0 else (0, 0)
        (low, recall_low), (high, recall_high) = wilson([hits, hits], [chosen, self.num_positive])
        return CurvePoint(
            threshold=threshold,
            num_chosen=chosen,
            num_hits=hits,
            precision=hits / max(chosen, 1),
            precision_low=float(low),
            precision_high=float(high),
            recall=hits / max(self.num_positive, 1),
            recall_low=float(recall_low),
            recall_high=float(recall_high),
            coverage=chosen / max(self.num_rows, 1),
        )

    def reaching(self, precision: float) -> float | None:
        """The lowest threshold at which precision, as it was seen, is at least so high: most is found there. None where
        no threshold reaches it. It promises nothing: of many thresholds one may be good by luck."""
        good = np.flatnonzero(self.precision >= precision)
        return float(self.thresholds[good[-1]]) if len(good) else None
