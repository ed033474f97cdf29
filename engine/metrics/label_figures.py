"""LabelFigures: every figure of a classifier as a function of how often each row counts, so that one code gives the
figure itself and those of a thousand draws. N rows, L labels, S draws.

What would divide by zero is 0, as in scikit-learn. Means over labels take each label that occurs in truths or answers
alike; "weighted" means weigh labels by their rows. Of several labels a text each is a question of its own, said from
.5 upwards: accuracy is the share of texts with no wrong answer, hamming_loss the share of wrong answers.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.metrics.calibration import bins_of, confidences
from engine.metrics.label_counts import LabelCounts, mean_over, one_hot, ratio
from engine.metrics.resampling import Floats, Weights
from engine.metrics.roc import Ranking
from engine.records import Kind

_LABELS_A_TIME = 64
_LEAST = float(np.finfo(np.float64).eps)
"""Probabilities are kept so far from 0 before their logarithm is taken, as scikit-learn does."""


@dataclass(frozen=True)
class Drawn:
    """`figures` by name, [S] each; `per_label` by name, [S, L] each. nan where a draw has none."""

    figures: dict[str, Floats]
    per_label: dict[str, Floats]


class LabelFigures:
    """`probabilities` [N, L]; `truths` label ids [N], for "several" bool [N, L]; `positive` is the positive one of two
    labels, None for all else. The last `num_strangers` labels are those that the model does not know. With
    `has_ranking` False the dearest figures, AUC and average precision, are left out."""

    def __init__(
        self,
        probabilities: Floats,
        truths: NDArray[np.generic],
        kind: Kind,
        positive: int | None,
        *,
        has_ranking: bool = True,
        num_strangers: int = 0,
    ) -> None:
        num_labels = probabilities.shape[1]
        self.kind, self._positive = kind, positive
        self._said = probabilities >= 0.5 if kind == "several" else one_hot(probabilities.argmax(axis=1), num_labels)
        self._true = truths.astype(bool) if kind == "several" else one_hot(truths.astype(np.int64), num_labels)
        self._num_ranked = num_labels - num_strangers
        self._losses = _losses(probabilities, self._true, kind, self._num_ranked)
        self._probabilities, self._has_ranking = probabilities, has_ranking
        self._rankings: list[Ranking] = []

    def of(self, weights: Weights) -> Generator[None, None, Drawn]:
        """Every figure of rows weighed by `weights` [S, N]. Breathes between labels."""
        rows = weights.sum(axis=1, dtype=np.float64)
        tally = yield from self._tally(weights)
        losses = weights @ self._losses
        figures = self._shares(tally, losses[:, 0] / rows)
        per_label = tally.by_label()
        if self._has_ranking:
            per_label |= yield from self._ranked(weights)
            figures |= {name: self._of_labels(per_label[name]) for name in ("auc", "average_precision")}
        figures["log_loss"], figures["brier"] = losses[:, 1] / rows, losses[:, 2] / rows
        questions = rows * (self._said.shape[1] if self.kind == "several" else 1)
        figures["ece"] = np.abs(losses[:, 4:]).sum(axis=1) / questions
        if self.kind == "several":
            figures["hamming_loss"] = losses[:, 3] / rows
        return Drawn(figures, per_label)

    def tally(self) -> LabelCounts:
        """Of every row once, [L]."""
        return LabelCounts.of_sets(self._said, self._true)

    def _tally(self, weights: Weights) -> Generator[None, None, LabelCounts]:
        parts = []
        for first in range(0, self._said.shape[1], _LABELS_A_TIME):
            said, true = (one[:, first : first + _LABELS_A_TIME] for one in (self._said, self._true))
            parts.append([weights @ one.astype(np.float32) for one in (said & true, said, true)])
            yield
        return LabelCounts(*(np.concatenate(column, axis=1).astype(np.float64) for column in zip(*parts, strict=True)))

    def _ranked(self, weights: Weights) -> Generator[None, None, dict[str, Floats]]:
        found = []
        for label in range(self._num_ranked):
            if label == len(self._rankings):
                self._rankings.append(Ranking(self._probabilities[:, label], self._true[:, label]))
            found.append(self._rankings[label].figures(weights))
            yield
        lost = np.full(len(weights), np.nan)  # nothing ranks rows by a label that is never said
        found += [(lost, lost)] * (self._said.shape[1] - self._num_ranked)
        auc, average_precision = (np.stack(column, axis=1) for column in zip(*found, strict=True))
        return {"auc": auc, "average_precision": average_precision}

    def _shares(self, tally: LabelCounts, accuracy: Floats) -> dict[str, Floats]:
        micro, macro, by_label = tally.pooled().by_label(), tally.figures(None), tally.by_label()
        found = {"accuracy": accuracy, **tally.figures(self._positive, empty=np.nan)}
        for name, values in by_label.items():
            found[f"{name}_micro"] = micro[name][:, 0]
            found[f"{name}_macro"] = macro[name]
            found[f"{name}_weighted"] = ratio((values * tally.true).sum(axis=1), tally.true.sum(axis=1))
        return found

    def _of_labels(self, values: Floats) -> Floats:
        """The positive label's, or the mean over the labels that have such a figure. `values` [S, L]."""
        if self._positive is not None:
            return values[:, self._positive]
        return mean_over(np.nan_to_num(values), ~np.isnan(values), empty=np.nan)


def _losses(probabilities: Floats, true: NDArray[np.bool_], kind: Kind, num_known: int) -> Floats:
    """[N, columns] of what is averaged over rows: rightness, log loss, Brier score, share of wrong answers, and for
    each calibration bin how much more was said than came true.

    Brier: the squared distance of all probabilities; of two labels half of it, as scikit-learn has it.
    """
    squared = (probabilities - true) ** 2
    if kind == "several":
        wrong = (probabilities >= 0.5) != true
        log_loss = -np.log(np.clip(np.where(true, probabilities, 1 - probabilities), _LEAST, 1.0)).mean(axis=1)
        columns = [~wrong.any(axis=1), log_loss, squared.mean(axis=1), wrong.mean(axis=1)]
    else:
        of_truth = probabilities[true]
        wrong = ~true[np.arange(len(true)), probabilities.argmax(axis=1)]
        brier = squared.sum(axis=1) / (2 if num_known == 2 else 1)
        columns = [~wrong, -np.log(np.clip(of_truth, _LEAST, 1.0)), brier, wrong]
    return np.column_stack([*columns, _gaps(probabilities, true, kind)]).astype(np.float64)


def _gaps(probabilities: Floats, true: NDArray[np.bool_], kind: Kind) -> Floats:
    """[N, bins]: probability minus truth of the row's questions, in the bin of the probability."""
    truths = true if kind == "several" else true.argmax(axis=1)
    said, came_true = confidences(probabilities, truths, kind)
    bins, num_bins = bins_of(said)
    rows = np.repeat(np.arange(len(probabilities)), len(said) // max(1, len(probabilities)))
    gaps = np.bincount(rows * num_bins + bins, said - came_true, minlength=len(probabilities) * num_bins)
    return np.asarray(gaps, dtype=np.float64).reshape(-1, num_bins)
