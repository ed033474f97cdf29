"""How good a classifier's answers are: accuracy, precision, recall, F1, their intervals, confusion; errors of numbers.

Answers are probabilities [rows, labels]; truths are label ids [rows], of several labels a text [rows, labels]. Two
labels: precision, recall and F1 are those of the positive one. More: the mean over labels (macro), each label that
occurs in truths or predictions counting alike. What would divide by zero is 0. A row is given to its most probable
label; of several labels to each that is likely at least by half, and counts for accuracy only if all of them are right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.metrics import average_precision_score, roc_auc_score

_Z = 1.959963984540054
"""Of a two-sided 95 % interval."""

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Tally:
    """Counts [labels], for the labels that the figures are about: one positive label, or each that occurs."""

    hits: Floats
    predicted: Floats
    actual: Floats

    @property
    def precision(self) -> Floats:
        return ratio(self.hits, self.predicted)

    @property
    def recall(self) -> Floats:
        return ratio(self.hits, self.actual)

    @property
    def f1(self) -> Floats:
        return ratio(2 * self.hits, self.predicted + self.actual)

    @property
    def union(self) -> Floats:
        """Rows that are predicted or actual: those F1 is about."""
        return self.predicted + self.actual - self.hits


def classification_metrics(
    probabilities: ArrayLike, truths: ArrayLike, labels: Sequence[str], positive_label: str | None
) -> dict[str, float]:
    """accuracy, precision, recall, f1; with two labels also auc and average_precision, if both occur in the truths."""
    scores, ids = np.asarray(probabilities, dtype=np.float64), np.asarray(truths)
    counts = _counts(scores, ids, len(labels))
    tally = _tally(counts, positive_id(labels, positive_label))
    found = {
        "accuracy": _share(np.trace(counts), counts.sum()),
        "precision": mean_of(tally.precision),
        "recall": mean_of(tally.recall),
        "f1": mean_of(tally.f1),
    }
    return {**found, **ranking_of(scores, ids, positive_id(labels, positive_label))}


def intervals(
    probabilities: ArrayLike, truths: ArrayLike, labels: Sequence[str], positive_label: str | None
) -> dict[str, float]:
    """Half-widths of 95 % intervals of accuracy, precision, recall and f1, for rows drawn at random.

    Accuracy, precision and recall by Wilson 1927. F1 = 2 J / (1 + J), where J is the share of hits among the rows that
    are predicted or actual: J's Wilson half-width times the slope 2 / (1 + J)^2. Means over labels: as if the labels'
    figures were independent.
    """
    counts = _counts(np.asarray(probabilities, dtype=np.float64), np.asarray(truths), len(labels))
    return half_widths(_tally(counts, positive_id(labels, positive_label)), float(np.trace(counts)), int(counts.sum()))


def half_widths(tally: Tally, num_right: float, num_rows: int) -> dict[str, float]:
    slope = 2 / (1 + ratio(tally.hits, tally.union)) ** 2
    accuracy = wilson_half_width(np.array([num_right]), np.array([num_rows]))
    return {
        "accuracy": float(accuracy[0]),
        "precision": _half_width_of_mean(wilson_half_width(tally.hits, tally.predicted)),
        "recall": _half_width_of_mean(wilson_half_width(tally.hits, tally.actual)),
        "f1": min(0.5, _half_width_of_mean(slope * wilson_half_width(tally.hits, tally.union))),
    }


def metrics_of_several(probabilities: ArrayLike, truths: ArrayLike) -> dict[str, float]:
    """accuracy (all labels of a row right), precision, recall, f1 (means over labels), f1_micro (of all answers alike).
    Both arguments are [rows, labels]."""
    said, true = _answers_of_several(probabilities, truths)
    tally = _tally_of_several(said, true)
    hits, wanted = float(tally.hits.sum()), float(tally.predicted.sum() + tally.actual.sum())
    return {
        "accuracy": _share(float((said == true).all(axis=1).sum()), len(true)),
        "precision": mean_of(tally.precision),
        "recall": mean_of(tally.recall),
        "f1": mean_of(tally.f1),
        "f1_micro": _share(2 * hits, wanted),
    }


def intervals_of_several(probabilities: ArrayLike, truths: ArrayLike) -> dict[str, float]:
    """Half-widths of 95 % intervals, found as `intervals` does; both arguments are [rows, labels]."""
    said, true = _answers_of_several(probabilities, truths)
    right = (said == true).all(axis=1)
    return half_widths(_tally_of_several(said, true), float(right.sum()), len(true))


def confusion(probabilities: ArrayLike, truths: ArrayLike, num_labels: int) -> tuple[tuple[int, ...], ...]:
    """`confusion[truth][prediction]`: rows counted."""
    counts = _counts(np.asarray(probabilities, dtype=np.float64), np.asarray(truths), num_labels)
    return tuple(tuple(int(count) for count in row) for row in counts)


def regression_metrics(numbers: ArrayLike, truths: ArrayLike) -> dict[str, float]:
    """Mean squared error, mean absolute error and r2 (the share of variance explained; 0 for truths all alike).

    `numbers` and `truths` are [rows] or [rows, 1].
    """
    actual = np.asarray(truths, dtype=np.float64).ravel()
    errors = np.asarray(numbers, dtype=np.float64).ravel() - actual
    if not len(errors):
        return {"mse": 0.0, "mae": 0.0, "r2": 0.0}
    squared, variance = float(np.mean(errors**2)), float(np.var(actual))
    return {
        "mse": squared,
        "mae": float(np.mean(np.abs(errors))),
        "r2": 1 - squared / variance if variance > 0 else 0.0,
    }


def regression_intervals(numbers: ArrayLike, truths: ArrayLike) -> dict[str, float]:
    """Half-widths of 95 % intervals of mse and mae: of a mean over rows drawn at random, from its spread."""
    errors = np.abs(np.asarray(numbers, dtype=np.float64).ravel() - np.asarray(truths, dtype=np.float64).ravel())
    if len(errors) < 2:
        return {}
    return {
        name: float(_Z * part.std(ddof=1) / np.sqrt(len(part))) for name, part in (("mse", errors**2), ("mae", errors))
    }


def wilson_half_width(hits: Floats | Counts, totals: Floats | Counts) -> Floats:
    """Half the width of the 95 % interval of each share hits / totals (Wilson 1927); 0.5 where nothing was counted."""
    totals = np.asarray(totals, dtype=np.float64)
    share, counted = ratio(hits, totals), np.maximum(totals, 1)
    spread = np.sqrt(share * (1 - share) / counted + _Z**2 / (4 * counted**2))
    return np.where(totals > 0, _Z * spread / (1 + _Z**2 / counted), 0.5)


def _counts(scores: Floats, truths: NDArray[np.integer], num_labels: int) -> Counts:
    """Rows by [truth, prediction]."""
    predictions = scores.reshape(-1, num_labels).argmax(axis=1)
    cells = np.bincount(truths.astype(np.int64) * num_labels + predictions, minlength=num_labels**2)
    return cells.reshape(num_labels, num_labels)


def _tally(counts: Counts, positive: int | None) -> Tally:
    hits, predicted, actual = np.diagonal(counts), counts.sum(axis=0), counts.sum(axis=1)
    chosen = predicted + actual > 0 if positive is None else np.array([positive])
    return Tally(*(part[chosen].astype(np.float64) for part in (hits, predicted, actual)))


def _answers_of_several(probabilities: ArrayLike, truths: ArrayLike) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(said, true), [rows, labels] each."""
    true = np.asarray(truths) > 0.5
    return np.asarray(probabilities, dtype=np.float64).reshape(true.shape) >= 0.5, true


def _tally_of_several(said: NDArray[np.bool_], true: NDArray[np.bool_]) -> Tally:
    hits, predicted, actual = (said & true).sum(axis=0), said.sum(axis=0), true.sum(axis=0)
    chosen = predicted + actual > 0
    return Tally(*(part[chosen].astype(np.float64) for part in (hits, predicted, actual)))


def positive_id(labels: Sequence[str], positive_label: str | None) -> int | None:
    """The id of the positive one of two labels (without a choice the second one); None beyond two."""
    if len(labels) != 2:
        return None
    return 1 if positive_label is None else list(labels).index(positive_label)


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


def ratio(part: Floats | Counts, whole: Floats | Counts) -> Floats:
    part, whole = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0


def mean_of(values: Floats) -> float:
    return float(values.mean()) if values.size else 0.0


def _half_width_of_mean(half_widths: Floats) -> float:
    """Of the mean of independent figures: the root of the summed squares over their number."""
    return float(np.sqrt(np.sum(half_widths**2)) / half_widths.size) if half_widths.size else 0.5
