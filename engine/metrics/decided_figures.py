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

from engine.metrics.confidence_intervals import wilson_figure, wilson_half_width
from engine.metrics.decision_rules import ABSTAINED
from engine.metrics.label_counts import Floats, LabelCounts, confusion_table, ratio
from engine.records import Figure


@dataclass(frozen=True)
class Said:
    """`metrics` as `classification_metrics` names them, with 95 % half-widths; `confusion[truth][said]` counts the rows
    that are answered (of several labels: empty), `abstained` those of each true label that are not."""

    metrics: dict[str, float]
    intervals: dict[str, float]
    confusion: tuple[tuple[int, ...], ...]
    abstained: tuple[int, ...]
    num_answered: int


@dataclass(frozen=True)
class Tally:
    """Rows counted: by label [L], of which all is right, and of which something is said. `table` [L, L + 1] counts them
    by truth and label said, in the last column those left to a person; None where a row may have several labels."""

    labels: LabelCounts
    num_right: int
    num_answered: int
    table: NDArray[np.int64] | None = None

    def figures(self, positive: int | None) -> dict[str, Figure]:
        """accuracy, precision, recall and f1, quick enough to follow a dragged threshold. A mean over labels, and F1,
        have no interval that could be worked out meanwhile."""
        counts = self.labels
        found = {name: Figure(float(value)) for name, value in counts.figures(positive).items()}
        if positive is not None:
            hits = int(counts.hits[positive])
            found["precision"] = wilson_figure(hits, int(counts.said[positive]))
            found["recall"] = wilson_figure(hits, int(counts.true[positive]))
        return {"accuracy": wilson_figure(self.num_right, self.num_answered), **found}

    def said(self, positive: int | None) -> Said:
        """The same with an interval of each."""
        counts, table = self.labels, self.table
        metrics = {"accuracy": float(ratio(self.num_right, self.num_answered)), **_means(counts, positive)}
        if table is None:
            metrics["f1_micro"] = float(counts.pooled().f1[0])
        return Said(
            metrics,
            _half_widths(counts, positive, float(self.num_right), self.num_answered),
            () if table is None else tuple(tuple(int(count) for count in row) for row in table[:, :-1]),
            () if table is None else tuple(int(count) for count in table[:, -1]),
            self.num_answered,
        )


def tally_of_ids(said: NDArray[np.integer], truths: NDArray[np.generic], num_labels: int) -> Tally:
    """`said` and `truths` are ids [N], `ABSTAINED` where none is said."""
    column = np.where(said == ABSTAINED, num_labels, said)
    table = confusion_table(column, truths, num_labels, num_labels + 1)
    answered = table[:, :num_labels]
    return Tally(LabelCounts.of_table(table), int(np.trace(answered)), int(answered.sum()), table)


def tally_of_sets(said: NDArray[np.bool_], true: NDArray[np.bool_]) -> Tally:
    """Both are [N, L]. Every row is answered: none of the labels is an answer too."""
    return Tally(LabelCounts.of_sets(said, true), int((said == true).all(axis=1).sum()), len(true))


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
