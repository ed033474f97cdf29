"""How good a classifier's answers are: accuracy, precision, recall, F1, their intervals, confusion; errors of numbers.

Answers are probabilities [rows, labels]; truths are label ids [rows], of several labels a text [rows, labels]. Two
labels: precision, recall and F1 are those of the positive one. More: the mean over labels (macro), each label that
occurs in truths or predictions counting alike. What would divide by zero is 0. A row is given to its most probable
label; of several labels to each that is likely at least by half, and counts for accuracy only if all of them are right.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.metrics import average_precision_score, roc_auc_score

from engine.metrics.confidence_intervals import Z, wilson_half_width
from engine.metrics.label_counts import LabelCounts, positive_id, ratio
from engine.metrics.number_figures import figures_of_numbers

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


def classification_metrics(
    probabilities: ArrayLike, truths: ArrayLike, labels: Sequence[str], positive_label: str | None
) -> dict[str, float]:
    """accuracy, precision, recall, f1; with two labels also auc and average_precision, if both occur in the truths."""
    scores, ids = np.asarray(probabilities, dtype=np.float64), np.asarray(truths)
    positive, table = positive_id(labels, positive_label), _table(scores, ids, len(labels))
    means = {name: float(value) for name, value in LabelCounts.of_table(table).figures(positive).items()}
    return {"accuracy": float(ratio(np.trace(table), table.sum())), **means, **ranking_of(scores, ids, positive)}


def intervals(
    probabilities: ArrayLike, truths: ArrayLike, labels: Sequence[str], positive_label: str | None
) -> dict[str, float]:
    """Half-widths of 95 % intervals of accuracy, precision, recall and f1, for rows drawn at random.

    Accuracy, precision and recall by Wilson 1927. F1 = 2 J / (1 + J), where J is the share of hits among the rows that
    are predicted or actual: J's Wilson half-width times the slope 2 / (1 + J)^2. Means over labels: as if the labels'
    figures were independent.
    """
    table = _table(np.asarray(probabilities, dtype=np.float64), np.asarray(truths), len(labels))
    counts, positive = LabelCounts.of_table(table), positive_id(labels, positive_label)
    return half_widths(counts, positive, float(np.trace(table)), int(table.sum()))


def half_widths(counts: LabelCounts, positive: int | None, num_right: float, num_rows: int) -> dict[str, float]:
    """Of accuracy, precision, recall and f1, from counts [L] and how many of the rows are right."""
    meant = counts.meant(positive)
    union = meant.said + meant.true - meant.hits
    slope = 2 / (1 + ratio(meant.hits, union)) ** 2
    return {
        "accuracy": float(wilson_half_width(num_right, num_rows)),
        "precision": _half_width_of_mean(wilson_half_width(meant.hits, meant.said)),
        "recall": _half_width_of_mean(wilson_half_width(meant.hits, meant.true)),
        "f1": min(0.5, _half_width_of_mean(slope * wilson_half_width(meant.hits, union))),
    }


def metrics_of_several(probabilities: ArrayLike, truths: ArrayLike) -> dict[str, float]:
    """accuracy (all labels of a row right), precision, recall, f1 (means over labels), f1_micro (of all answers alike).
    Both arguments are [rows, labels]."""
    said, true = _answers_of_several(probabilities, truths)
    counts = LabelCounts.of_sets(said, true)
    return {
        "accuracy": float(ratio((said == true).all(axis=1).sum(), len(true))),
        **{name: float(value) for name, value in counts.figures(None).items()},
        "f1_micro": float(counts.pooled().f1[0]),
    }


def intervals_of_several(probabilities: ArrayLike, truths: ArrayLike) -> dict[str, float]:
    """Half-widths of 95 % intervals, found as `intervals` does; both arguments are [rows, labels]."""
    said, true = _answers_of_several(probabilities, truths)
    right = (said == true).all(axis=1)
    return half_widths(LabelCounts.of_sets(said, true), None, float(right.sum()), len(true))


def confusion(probabilities: ArrayLike, truths: ArrayLike, num_labels: int) -> tuple[tuple[int, ...], ...]:
    """`confusion[truth][prediction]`: rows counted."""
    counts = _table(np.asarray(probabilities, dtype=np.float64), np.asarray(truths), num_labels)
    return tuple(tuple(int(count) for count in row) for row in counts)


def regression_metrics(numbers: ArrayLike, truths: ArrayLike) -> dict[str, float]:
    """Mean squared error, mean absolute error and r2 (the share of variance explained; 0 for truths all alike).

    `numbers` and `truths` are [rows] or [rows, 1].
    """
    found = figures_of_numbers(numbers, truths)
    return {name: found[name] for name in ("mse", "mae", "r2")}


def regression_intervals(numbers: ArrayLike, truths: ArrayLike) -> dict[str, float]:
    """Half-widths of 95 % intervals of mse and mae: of a mean over rows drawn at random, from its spread."""
    errors = np.abs(np.asarray(numbers, dtype=np.float64).ravel() - np.asarray(truths, dtype=np.float64).ravel())
    if len(errors) < 2:
        return {}
    return {
        name: float(Z * part.std(ddof=1) / np.sqrt(len(part))) for name, part in (("mse", errors**2), ("mae", errors))
    }


def _table(scores: Floats, truths: NDArray[np.generic], num_labels: int) -> Counts:
    """Rows by [truth, prediction]."""
    predictions = scores.reshape(-1, num_labels).argmax(axis=1)
    cells = np.bincount(truths.astype(np.int64) * num_labels + predictions, minlength=num_labels**2)
    return cells.reshape(num_labels, num_labels)


def _answers_of_several(probabilities: ArrayLike, truths: ArrayLike) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(said, true), [rows, labels] each."""
    true = np.asarray(truths) > 0.5
    return np.asarray(probabilities, dtype=np.float64).reshape(true.shape) >= 0.5, true


def ranking_of(scores: Floats, truths: NDArray[np.generic], positive: int | None) -> dict[str, float]:
    """How well the positive label's probability sorts the rows, at all thresholds together."""
    is_positive = truths == positive
    if positive is None or is_positive.all() or not is_positive.any():
        return {}
    score = scores[:, positive]
    return {
        "auc": float(roc_auc_score(is_positive, score)),
        "average_precision": float(average_precision_score(is_positive, score)),
    }


def _half_width_of_mean(half_widths: Floats) -> float:
    """Of the mean of independent figures: the root of the summed squares over their number."""
    return float(np.sqrt(np.sum(half_widths**2)) / half_widths.size) if half_widths.size else 0.5
