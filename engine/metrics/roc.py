"""Ranking: how well scores sort the rows of one label, for many draws of the rows at once.

scikit-learn's functions sort anew for every draw; here rows are sorted once, and rows between which no row of the label
lies are added up first: neither figure can tell them apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.metrics.resampling import Floats, Weights


class Ranking:
    """`scores` [N], `truths` [N] True where the row has the label."""

    def __init__(self, scores: ArrayLike, truths: ArrayLike) -> None:
        given, right = np.asarray(scores, dtype=np.float64), np.asarray(truths, dtype=bool)
        steps = np.unique(given[right])[::-1]
        # three cells a step: other rows above it, others of its very score, rows of the label; one below all steps
        step = np.searchsorted(-steps, -given, side="left")
        is_level = (step < len(steps)) & (given == np.append(steps, np.nan)[step])
        cells = 3 * step + np.where(right, 2, np.where(is_level, 1, 0))
        self._order = np.argsort(cells, kind="stable")
        self._cells, self._starts = np.unique(cells[self._order], return_index=True)
        self._num_cells = 3 * len(steps) + 1

    def figures(self, weights: Weights) -> tuple[Floats, Floats]:
        """(AUC [S], average precision [S]) of rows weighed by `weights` [S, N]; nan where a draw holds no row of the
        label, or (AUC) no other."""
        above, level, hits = self._counts(weights)
        found, others = np.cumsum(hits, axis=1), np.cumsum(above + level, axis=1)
        num_hits = hits.sum(axis=1)
        num_others = weights.sum(axis=1, dtype=np.float64) - num_hits
        # AUC: the share of pairs in which the row of the label is the higher one, ties half (Mann & Whitney 1947)
        lower = num_others[:, None] - others + level / 2
        precision = np.divide(found, found + others, out=np.zeros_like(found), where=found > 0)
        with np.errstate(invalid="ignore", divide="ignore"):
            auc = np.einsum("sg,sg->s", hits, lower) / (num_hits * num_others)
            average_precision = np.einsum("sg,sg->s", hits, precision) / num_hits
        return auc, average_precision

    def _counts(self, weights: Weights) -> tuple[Floats, Floats, Floats]:
        """(other rows above, other rows level, rows of the label) at each step, [S, steps]."""
        sums = np.zeros((len(weights), self._num_cells))
        if len(self._order):
            sums[:, self._cells] = np.add.reduceat(weights.take(self._order, axis=1), self._starts, axis=1)
        parts: tuple[NDArray[np.float64], ...] = tuple(sums[:, first:-1:3] for first in range(3))
        return parts[0], parts[1], parts[2]
