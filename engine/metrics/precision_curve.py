"""PrecisionCurve: precision and recall of one label at every threshold; sorted once, asked in microseconds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

_Z = 1.959963984540054
"""Of a two-sided 95 % interval."""

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
        (low, recall_low), (high, recall_high) = wilson(
            np.array([hits, hits], dtype=np.int64), np.array([chosen, self.num_positive], dtype=np.int64)
        )
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


def wilson(hits: NDArray[np.int64], totals: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """(low, high) of 95 % intervals of hits / totals (Wilson 1927); 0 and 1 where nothing was counted."""
    counted = np.maximum(totals, 1).astype(np.float64)
    share, z2 = hits / counted, _Z**2
    centre = (share + z2 / (2 * counted)) / (1 + z2 / counted)
    half = _Z * np.sqrt(share * (1 - share) / counted + z2 / (4 * counted**2)) / (1 + z2 / counted)
    low, high = (
        np.clip(centre - half, 0.0, share),
        np.clip(centre + half, share, 1.0),
    )  # at 0 and 1 a rounding would pass
    return np.where(totals > 0, low, 0.0), np.where(totals > 0, high, 1.0)
