"""NumberFigures: errors of a numeric target as functions of how often each row counts. N rows, S draws."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.metrics.resampling import Floats, Weights


class NumberFigures:
    """`numbers` and `truths` are [N] or [N, 1]."""

    def __init__(self, numbers: ArrayLike, truths: ArrayLike) -> None:
        self._numbers = np.asarray(numbers, dtype=np.float64).ravel()
        self._truths = np.asarray(truths, dtype=np.float64).ravel()
        errors = self._numbers - self._truths
        # the variance is that of the truths moved to their mean: squares of large numbers would cancel each other out
        moved = self._truths - self._truths.mean() if len(errors) else self._truths
        self._columns = np.column_stack([errors**2, np.abs(errors), moved, moved**2])
        self._ranks = _Ranks(self._numbers), _Ranks(self._truths)

    def of(self, weights: Weights) -> Generator[None, None, dict[str, Floats]]:
        """mse, rmse, mae, r2 (the share of variance explained; 0 for truths all alike) and spearman (Spearman's rank
        correlation; nan where one side is all alike) of rows weighed by `weights` [S, N]."""
        squared, absolute, mean, square = (weights @ self._columns / weights.sum(axis=1, keepdims=True)).T
        variance = square - mean**2
        unexplained = np.divide(squared, variance, out=np.ones_like(squared), where=variance > 0)
        yield
        spearman = _correlation(self._ranks[0].of(weights), self._ranks[1].of(weights), weights)
        return {
            "mse": squared,
            "rmse": np.sqrt(squared),
            "mae": absolute,
            "r2": 1 - unexplained,
            "spearman": spearman,
        }


class _Ranks:
    """Ranks in any draw; equal values share the mean of their places."""

    def __init__(self, values: Floats) -> None:
        _, self._group = np.unique(values, return_inverse=True)
        self._order = np.argsort(self._group, kind="stable")
        self._starts: NDArray[np.int64] = np.unique(self._group[self._order], return_index=True)[1]

    def of(self, weights: Weights) -> Floats:
        """[S, N]."""
        counts = np.add.reduceat(weights.take(self._order, axis=1), self._starts, axis=1).astype(np.float64)
        return (np.cumsum(counts, axis=1) - (counts - 1) / 2).take(self._group, axis=1)


def _correlation(first: Floats, second: Floats, weights: Weights) -> Floats:
    """Pearson's, [S], of two [S, N]."""
    total = weights.sum(axis=1, dtype=np.float64)[:, None]
    one, other = (values - (weights * values).sum(axis=1, keepdims=True) / total for values in (first, second))
    shared = np.einsum("sn,sn,sn->s", weights, one, other)
    spread = np.einsum("sn,sn,sn->s", weights, one, one) * np.einsum("sn,sn,sn->s", weights, other, other)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(spread > 0, shared / np.sqrt(spread), np.nan)
