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

from engine.metrics.classification import Tally, half_widths, mean_of
from engine.metrics.decision_rules import ABSTAINED
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
    counts, abstained = table[:, :num_labels], table[:, num_labels]
    tally = _tally(np.diagonal(counts), counts.sum(axis=0), table.sum(axis=1), positive)
    num_right, num_answered = int(np.trace(counts)), int(counts.sum())
    return Said(
        {"accuracy": num_right / max(1, num_answered), **_means(tally)},
        half_widths(tally, float(num_right), num_answered),
        tuple(tuple(int(count) for count in row) for row in counts),
        tuple(int(count) for count in abstained),
        num_answered,
    )


def _of_several(said: NDArray[np.bool_], true: NDArray[np.bool_]) -> Said:
    """Every text is answered: none of the labels is an answer too."""
    hits, right = said & true, int((said == true).all(axis=1).sum())
    tally = _tally(hits.sum(axis=0), said.sum(axis=0), true.sum(axis=0), None)
    wanted = float(tally.predicted.sum() + tally.actual.sum())
    micro = 2 * float(tally.hits.sum()) / wanted if wanted else 0.0
    metrics = {"accuracy": right / max(1, len(true)), **_means(tally), "f1_micro": micro}
    return Said(metrics, half_widths(tally, float(right), len(true)), (), (), len(true))


def _tally(
    hits: NDArray[np.integer], said: NDArray[np.integer], true: NDArray[np.integer], positive: int | None
) -> Tally:
    """Of the positive label, or of all that occur."""
    chosen = said + true > 0 if positive is None else np.array([positive])
    return Tally(*(part[chosen].astype(np.float64) for part in (hits, said, true)))


def _means(tally: Tally) -> dict[str, float]:
    return {"precision": mean_of(tally.precision), "recall": mean_of(tally.recall), "f1": mean_of(tally.f1)}
