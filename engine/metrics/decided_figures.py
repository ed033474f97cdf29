"""Figures of what was said, whoever decided it: the likeliest label, or a saved decision that leaves texts to a
person.

A text that is left to a person has no label: it counts for no label's precision, and for recall as missed. Accuracy is
of the texts that are answered; `coverage` is their share. Labels that the model does not know are never said. N rows,
L labels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.metrics.confidence_intervals import wilson_half_width
from engine.metrics.decision_rules import ABSTAINED
from engine.metrics.label_counts import Floats, LabelCounts, confusion_table, ratio
from engine.records import Kind


@dataclass(frozen=True)
class Said:
    """`metrics` as `classification_metrics` names them, with 95 % half-widths; `confusion[truth][said]` counts the rows
    that are answered (of several labels: empty), `abstained` those of each true label that are not."""

    metrics: dict[str, float]
    intervals: dict[str, float]
    confusion: tuple[tuple[int, ...], ...]
    abstained: tuple[int, ...]
    num_answered: int


def figures_of_said(
    said: NDArray[np.generic], truths: NDArray[np.generic], kind: Kind, num_labels: int, positive: int | None
) -> Said:
    """`said` and `truths` are ids [N] (`ABSTAINED` where none is said), of several labels bool [N, L]."""
    if kind == "several":
        return _of_several(said.astype(bool), truths.astype(bool))
    true, ids = truths.astype(np.int64), said.astype(np.int64)
    column = np.where(ids == ABSTAINED, num_labels, ids)
    table = confusion_table(column, true, num_labels, num_labels + 1)
    answered, counts = table[:, :num_labels], LabelCounts.of_table(table)
    num_right, num_answered = int(np.trace(answered)), int(answered.sum())
    return Said(
        {"accuracy": float(ratio(num_right, num_answered)), **_means(counts, positive)},
        _half_widths(counts, positive, float(num_right), num_answered),
        tuple(tuple(int(count) for count in row) for row in answered),
        tuple(int(count) for count in table[:, num_labels]),
        num_answered,
    )


def _of_several(said: NDArray[np.bool_], true: NDArray[np.bool_]) -> Said:
    """Every text is answered: none of the labels is an answer too."""
    counts, right = LabelCounts.of_sets(said, true), int((said == true).all(axis=1).sum())
    metrics = {"accuracy": float(ratio(right, len(true))), **_means(counts, None)}
    metrics["f1_micro"] = float(counts.pooled().f1[0])
    return Said(metrics, _half_widths(counts, None, float(right), len(true)), (), (), len(true))


def _means(counts: LabelCounts, positive: int | None) -> dict[str, float]:
    return {name: float(value) for name, value in counts.figures(positive).items()}


def _half_widths(counts: LabelCounts, positive: int | None, num_right: float, num_rows: int) -> dict[str, float]:
    """Of 95 % intervals of accuracy, precision, recall and f1, for rows drawn at random.

    Accuracy, precision and recall by Wilson 1927. F1 = 2 J / (1 + J), where J is the share of hits among the rows that
    are said or true: J's Wilson half-width times the slope 2 / (1 + J)^2. Means over labels: as if the labels' figures
    were independent.
    """
    meant = counts.meant(positive)
    union = meant.said + meant.true - meant.hits
    slope = 2 / (1 + ratio(meant.hits, union)) ** 2
    return {
        "accuracy": float(wilson_half_width(num_right, num_rows)),
        "precision": _of_mean(wilson_half_width(meant.hits, meant.said)),
        "recall": _of_mean(wilson_half_width(meant.hits, meant.true)),
        "f1": min(0.5, _of_mean(slope * wilson_half_width(meant.hits, union))),
    }


def _of_mean(half_widths: Floats) -> float:
    """Of the mean of independent figures: the root of the summed squares over their number."""
    return float(np.sqrt(np.sum(half_widths**2)) / half_widths.size) if half_widths.size else 0.5
