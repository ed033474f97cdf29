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

from engine.metrics.classification import half_widths
from engine.metrics.decision_rules import ABSTAINED
from engine.metrics.label_counts import LabelCounts, ratio
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
    cells = np.bincount(true * (num_labels + 1) + column, minlength=num_labels * (num_labels + 1))
    table = cells.reshape(num_labels, num_labels + 1)
    answered, counts = table[:, :num_labels], LabelCounts.of_table(table)
    num_right, num_answered = int(np.trace(answered)), int(answered.sum())
    return Said(
        {"accuracy": float(ratio(num_right, num_answered)), **_means(counts, positive)},
        half_widths(counts, positive, float(num_right), num_answered),
        tuple(tuple(int(count) for count in row) for row in answered),
        tuple(int(count) for count in table[:, num_labels]),
        num_answered,
    )


def _of_several(said: NDArray[np.bool_], true: NDArray[np.bool_]) -> Said:
    """Every text is answered: none of the labels is an answer too."""
    counts, right = LabelCounts.of_sets(said, true), int((said == true).all(axis=1).sum())
    metrics = {"accuracy": float(ratio(right, len(true))), **_means(counts, None)}
    metrics["f1_micro"] = float(counts.pooled().f1[0])
    return Said(metrics, half_widths(counts, None, float(right), len(true)), (), (), len(true))


def _means(counts: LabelCounts, positive: int | None) -> dict[str, float]:
    return {name: float(value) for name, value in counts.figures(positive).items()}
