"""RowSums: accuracy, precision, recall, F1 and errors as functions of sums over rows, so that a thousand draws of rows
are one matrix product.

Shapes: N rows, L labels, S draws, C columns that are summed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SufficientStatistics:
    """Of one label a text, of `several` labels a text, or (where `num_labels` is 0) of numbers.

    The figures are accuracy, precision, recall, f1 (of the positive one of two labels, else the mean over labels) and
    "probability", the mean of the true label's; of several labels each is said from .5 upwards, accuracy counts the
    texts whose labels are all right, and the mean is over all that occur. For numbers mse, mae and r2.
    """

    num_labels: int
    positive: int | None = None
    several: bool = False

    def columns(self, answers: ArrayLike, truths: ArrayLike) -> Floats:
        """[N, C] from probabilities [N, L] or numbers [N] or [N, 1], and label ids [N], bools [N, L] or numbers."""
        given = np.asarray(answers, dtype=np.float64)
        if not self.num_labels:
            return _numeric_columns(given.ravel(), np.asarray(truths, dtype=np.float64).ravel())
        scores = given.reshape(-1, self.num_labels)
        actual = np.asarray(truths, dtype=np.float64) if self.several else _one_hot(truths, self.num_labels)
        predicted = (
            (scores >= 0.5).astype(np.float64) if self.several else _one_hot(scores.argmax(axis=1), self.num_labels)
        )
        counted = slice(None) if self.positive is None else slice(self.positive, self.positive + 1)
        hits = predicted * actual
        certain = np.where(actual > 0, scores, 1 - scores).mean(axis=1) if self.several else (scores * actual).sum(1)
        right = (predicted == actual).all(axis=1).astype(np.float64)
        return np.concatenate(
            [certain[:, None], right[:, None], *(part[:, counted] for part in (hits, predicted, actual))], axis=1
        )

    def figures(self, sums: Floats, num_rows: Floats | float) -> dict[str, Floats]:
        """[S] a figure, from sums [S, C] over `num_rows` rows (a number, or one a draw [S])."""
        if not self.num_labels:
            return _numeric_figures((sums.T / num_rows).T)
        return _label_figures(sums, num_rows)


def positive_of(labels: Sequence[str], positive_label: str | None) -> int | None:
    """The id of the positive one of two labels (without a choice the second one); None for all else."""
    if len(labels) != 2:
        return None
    return 1 if positive_label is None else list(labels).index(positive_label)


def _one_hot(ids: ArrayLike, num_labels: int) -> Floats:
    places = np.asarray(ids, dtype=np.int64)
    found = np.zeros((len(places), num_labels))
    found[np.arange(len(places)), places] = 1
    return found


def _label_figures(sums: Floats, num_rows: Floats | float) -> dict[str, Floats]:
    hits, predicted, actual = np.split(sums[:, 2:], 3, axis=1)
    occurs = predicted + actual > 0
    # the mean is over the labels that occur; one label alone (the positive one) always counts
    num_labels = np.maximum(occurs.sum(axis=1), 1)
    return {
        "accuracy": sums[:, 1] / num_rows,
        "precision": _ratio(hits, predicted).sum(axis=1) / num_labels,
        "recall": _ratio(hits, actual).sum(axis=1) / num_labels,
        "f1": _ratio(2 * hits, predicted + actual).sum(axis=1) / num_labels,
        "probability": sums[:, 0] / num_rows,
    }


def _numeric_columns(numbers: Floats, truths: Floats) -> Floats:
    # the variance is that of the truths moved to their mean: squares of large numbers would cancel each other out
    moved = truths - truths.mean() if len(truths) else truths
    errors = numbers - truths
    return np.stack([errors**2, np.abs(errors), moved, moved**2], axis=1)


def _numeric_figures(means: Floats) -> dict[str, Floats]:
    squared, absolute, mean, square = means.T
    variance = square - mean**2
    return {"mse": squared, "mae": absolute, "r2": np.where(variance > 0, 1 - _ratio(squared, variance), 0.0)}


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
