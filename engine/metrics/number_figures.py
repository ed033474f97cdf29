"""NumberFigures: the `RowFigures` of a numeric target, its errors. N rows, S draws."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.metrics.label_counts import ratio
from engine.metrics.resampling import Drawn, Floats, Weights
from engine.records import Measures


class NumberFigures:
    """`numbers` and `truths` are [N] or [N, 1]; what else can be said of labels does not count."""

    num_ranked = 0

    def __init__(self, numbers: ArrayLike, truths: ArrayLike, positive: None = None, **_of_labels: object) -> None:
        self._numbers = np.asarray(numbers, dtype=np.float64).ravel()
        self._truths = np.asarray(truths, dtype=np.float64).ravel()
        self._columns = error_columns(self._numbers, self._truths)
        self._ranks = _Ranks(self._numbers), _Ranks(self._truths)

    def of(self, weights: Weights) -> Generator[None, None, Drawn]:
        """mse, rmse, mae, r2 (the share of variance explained; 0 for truths all alike) and spearman (Spearman's rank
        correlation; nan where one side is all alike) of rows weighed by `weights` [S, N]."""
        found = error_figures(weights @ self._columns / weights.sum(axis=1, keepdims=True))
        yield
        spearman = _correlation(self._ranks[0].of(weights), self._ranks[1].of(weights), weights)
        return Drawn({**{name: found[name] for name in ("mse", "rmse", "mae", "r2")}, "spearman": spearman})

    def completed(self, measures: Measures, labels: Sequence[str]) -> Measures:
        """As they are: no figure is a share."""
        del labels
        return measures


def error_columns(numbers: ArrayLike, truths: ArrayLike) -> Floats:
    """[N, 5]: what `error_figures` asks the means of. Both arguments are [N] or [N, 1]."""
    true = np.asarray(truths, dtype=np.float64).ravel()
    errors = np.asarray(numbers, dtype=np.float64).ravel() - true
    # the variance is that of the truths moved to their mean: squares of large numbers would cancel each other out
    moved = true - true.mean() if len(true) else true
    return np.column_stack([errors**2, np.abs(errors), moved, moved**2, errors])


def error_figures(means: Floats) -> dict[str, Floats]:
    """mse, rmse, mae, r2 (the share of variance explained; 0 for truths all alike) and bias (how much too high on
    average), [] or [S] each, from the means of `error_columns` over rows, [5] or [S, 5]."""
    squared, absolute, mean, square, errors = np.moveaxis(means, -1, 0)
    variance = square - mean**2
    r2 = np.where(variance > 0, 1 - ratio(squared, variance), 0.0)
    return {"mse": squared, "rmse": np.sqrt(squared), "mae": absolute, "r2": r2, "bias": errors}


def figures_of_numbers(numbers: ArrayLike, truths: ArrayLike) -> dict[str, float]:
    """`error_figures` of all rows, [N] or [N, 1]; all 0 without any."""
    columns = error_columns(numbers, truths)
    means = np.ascontiguousarray(columns.T).mean(axis=1) if len(columns) else np.zeros(columns.shape[1])
    return {name: float(value) for name, value in error_figures(means).items()}


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
