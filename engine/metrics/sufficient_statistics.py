"""SufficientStatistics: accuracy, precision, recall, F1 and errors as functions of sums over rows, so that a thousand
draws of rows are one matrix product.

Shapes: N rows, L labels, S draws, C columns that are summed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.metrics.label_counts import Floats, LabelCounts, one_hot
from engine.metrics.number_figures import error_columns, error_figures


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
            return error_columns(given, truths)
        scores = given.reshape(-1, self.num_labels)
        if self.several:
            actual, predicted = np.asarray(truths, dtype=np.float64), (scores >= 0.5).astype(np.float64)
        else:
            ids = np.asarray(truths, dtype=np.int64)
            both = one_hot(ids, self.num_labels), one_hot(scores.argmax(axis=1), self.num_labels)
            actual, predicted = (one.astype(np.float64) for one in both)
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
            found = error_figures((sums.T / num_rows).T)
            return {name: found[name] for name in ("mse", "mae", "r2")}
        return _label_figures(sums, num_rows)


def _label_figures(sums: Floats, num_rows: Floats | float) -> dict[str, Floats]:
    counts = LabelCounts(*np.split(sums[:, 2:], 3, axis=1))
    return {
        "accuracy": sums[:, 1] / num_rows,
        **counts.figures(None),  # of one label alone, the positive one, the mean is its own
        "probability": sums[:, 0] / num_rows,
    }
