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

from engine.metrics.confidence_intervals import Z
from engine.metrics.decided_figures import Said, tally_of_ids, tally_of_sets
from engine.metrics.label_counts import confusion_table, positive_id
from engine.metrics.number_figures import figures_of_numbers

Floats = NDArray[np.float64]


def classification_metrics(
    probabilities: ArrayLike,
    truths: ArrayLike,
    labels: Sequence[str],
    positive_label: str | None,
    *,
    least_recall: float | None = None,
) -> dict[str, float]:
    """accuracy, precision, recall, f1; with two labels also auc and average_precision, if both occur in the truths, and
    where a `least_recall` is named precision_at_recall."""
    scores, ids = np.asarray(probabilities, dtype=np.float64), np.asarray(truths)
    positive = positive_id(labels, positive_label)
    ranking = ranking_of(scores, ids, positive)
    if least_recall is not None and ranking and positive is not None:
        ranking["precision_at_recall"] = precision_at_recall(scores[:, positive], ids == positive, least_recall)[0]
    return {**_likeliest(scores, ids, labels, positive_label).metrics, **ranking}


def precision_at_recall(scores: ArrayLike, is_positive: ArrayLike, least_recall: float) -> tuple[float, float]:
    """(the best precision among all thresholds whose recall is at least this, that threshold: what scores as high is
    positive). `scores` and `is_positive` are [rows]; one row at least is positive."""
    score, truth = np.asarray(scores, dtype=np.float64), np.asarray(is_positive, dtype=bool)
    order = np.argsort(-score, kind="stable")
    hits, said = np.cumsum(truth[order]), np.arange(1, len(order) + 1)
    is_last = np.append(score[order][1:] != score[order][:-1], True)  # rows of one score are said together
    reaches = is_last & (hits >= least_recall * truth.sum() - 1e-9)
    precision = np.where(reaches, hits / said, -1.0)
    place = int(precision.argmax())
    return float(precision[place]), float(score[order][place])


def intervals(
    probabilities: ArrayLike, truths: ArrayLike, labels: Sequence[str], positive_label: str | None
) -> dict[str, float]:
    """Half-widths of 95 % intervals of accuracy, precision, recall and f1, for rows drawn at random."""
    return _likeliest(probabilities, truths, labels, positive_label).intervals


def metrics_of_several(probabilities: ArrayLike, truths: ArrayLike) -> dict[str, float]:
    """accuracy (all labels of a row right), precision, recall, f1 (means over labels), f1_micro (of all answers alike).
    Both arguments are [rows, labels]."""
    return _at_least_half(probabilities, truths).metrics


def intervals_of_several(probabilities: ArrayLike, truths: ArrayLike) -> dict[str, float]:
    """Half-widths of 95 % intervals, found as `intervals` does; both arguments are [rows, labels]."""
    return _at_least_half(probabilities, truths).intervals


def confusion(probabilities: ArrayLike, truths: ArrayLike, num_labels: int) -> tuple[tuple[int, ...], ...]:
    """`confusion[truth][prediction]`: rows counted."""
    said = np.asarray(probabilities, dtype=np.float64).reshape(-1, num_labels).argmax(axis=1)
    table = confusion_table(said, np.asarray(truths), num_labels)
    return tuple(tuple(int(count) for count in row) for row in table)


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


def _likeliest(probabilities: ArrayLike, truths: ArrayLike, labels: Sequence[str], positive_label: str | None) -> Said:
    said = np.asarray(probabilities, dtype=np.float64).reshape(-1, len(labels)).argmax(axis=1)
    return tally_of_ids(said, np.asarray(truths), len(labels)).said(positive_id(labels, positive_label))


def _at_least_half(probabilities: ArrayLike, truths: ArrayLike) -> Said:
    true = np.asarray(truths) > 0.5
    said = np.asarray(probabilities, dtype=np.float64).reshape(true.shape) >= 0.5
    return tally_of_sets(said, true).said(None)


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
