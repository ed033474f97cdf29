"""LabelFigures: the `RowFigures` of a classifier. N rows, L labels, S draws.

What would divide by zero is 0, as in scikit-learn. Means over labels take each label that occurs in truths or answers
alike; "weighted" means weigh labels by their rows. Of several labels a text each is a question of its own, said from
.5 upwards: accuracy is the share of texts with no wrong answer, hamming_loss the share of wrong answers.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.metrics.calibration import bins_of, confidences_of_each, confidences_of_likeliest
from engine.metrics.confidence_intervals import wilson, wilson_figure
from engine.metrics.label_counts import LabelCounts, confusion_table, mean_over, one_hot, ratio
from engine.metrics.resampling import Drawn, Floats, Weights
from engine.metrics.roc import Ranking
from engine.records import Figure, Measures

_LABELS_A_TIME = 64
_MOST_RANKED = 20_000_000
"""Rows times labels beyond which AUC and average precision of every label would take minutes."""
_LEAST = float(np.finfo(np.float64).eps)
"""Probabilities are kept so far from 0 before their logarithm is taken, as scikit-learn does."""

Bools = NDArray[np.bool_]


class LabelFigures:
    """Of one label a text: `probabilities` [N, L], `truths` ids [N]; `positive` is the positive one of two labels, None
    for all else. The last `num_strangers` labels are those that the model does not know. With `has_ranking` False,
    and of very many rows, the dearest figures, AUC and average precision, are left out."""

    _shares_of_rows: ClassVar[tuple[str, ...]] = ("accuracy", "precision_micro", "recall_micro", "f1_micro")
    """With one label a text the pooled figures are all the share of right rows."""

    def __init__(
        self,
        probabilities: Floats,
        truths: NDArray[np.generic],
        positive: int | None = None,
        *,
        has_ranking: bool = True,
        num_strangers: int = 0,
    ) -> None:
        num_labels = probabilities.shape[1]
        self._probabilities, self._positive = probabilities, positive
        self._said, self._true = self._sets(truths)
        self._num_known = num_labels - num_strangers
        self._losses = np.column_stack([*self._row_losses(), self._gaps(truths)]).astype(np.float64)
        self.num_ranked = num_labels if has_ranking and probabilities.size <= _MOST_RANKED else 0
        self._rankings: list[Ranking] = []

    @property
    def _num_questions(self) -> int:
        """A row asks."""
        return 1

    def _sets(self, truths: NDArray[np.generic]) -> tuple[Bools, Bools]:
        """What is said and what is true, [N, L] each."""
        given = self._probabilities
        return one_hot(given.argmax(axis=1), given.shape[1]), one_hot(truths.astype(np.int64), given.shape[1])

    def _row_losses(self) -> list[NDArray[np.generic]]:
        """[N] each, to be averaged over rows: rightness, log loss, Brier score, share of wrong answers.

        Brier: the squared distance of all probabilities; of two labels half of it, as scikit-learn has it.
        """
        given, true = self._probabilities, self._true
        wrong = ~true[np.arange(len(true)), given.argmax(axis=1)]
        brier = ((given - true) ** 2).sum(axis=1) / (2 if self._num_known == 2 else 1)
        return [~wrong, -np.log(np.clip(given[true], _LEAST, 1.0)), brier, wrong]

    def _confidences(self, truths: NDArray[np.generic]) -> tuple[Floats, Bools]:
        """(what was said, whether it came true), one entry a question, row by row."""
        return confidences_of_likeliest(self._probabilities, truths)

    def _gaps(self, truths: NDArray[np.generic]) -> Floats:
        """[N, bins]: probability minus truth of the row's questions, in the bin of the probability."""
        said, came_true = self._confidences(truths)
        bins, num_bins = bins_of(said)
        num_rows = len(self._probabilities)
        rows = np.repeat(np.arange(num_rows), len(said) // max(1, num_rows))
        gaps = np.bincount(rows * num_bins + bins, said - came_true, minlength=num_rows * num_bins)
        return np.asarray(gaps, dtype=np.float64).reshape(-1, num_bins)

    def _confusion(self) -> tuple[tuple[int, ...], ...]:
        """`confusion[truth][said]`: rows counted; () where a row may have several labels."""
        said, known = self._probabilities, self._num_known
        table = confusion_table(said.argmax(axis=1), self._true.argmax(axis=1), said.shape[1])[:known, :known]
        return tuple(tuple(int(count) for count in row) for row in table)

    def of(self, weights: Weights) -> Generator[None, None, Drawn]:
        """Every figure of rows weighed by `weights` [S, N]. Breathes between labels."""
        rows = weights.sum(axis=1, dtype=np.float64)
        tally = yield from self._tally(weights)
        losses = weights @ self._losses
        figures = self._shares(tally, losses[:, 0] / rows)
        per_label = tally.by_label()
        if self.num_ranked:
            per_label |= yield from self._ranked(weights)
            figures |= {name: self._of_labels(per_label[name]) for name in ("auc", "average_precision")}
        figures["log_loss"], figures["brier"] = losses[:, 1] / rows, losses[:, 2] / rows
        figures["ece"] = np.abs(losses[:, 4:]).sum(axis=1) / (rows * self._num_questions)
        if self._num_questions > 1:
            figures["hamming_loss"] = losses[:, 3] / rows
        return Drawn(figures, per_label)

    def completed(self, measures: Measures, labels: Sequence[str]) -> Measures:
        """With rows by label, the confusion of the labels that the model knows, and Wilson's intervals."""
        tally = LabelCounts.of_sets(self._said, self._true)
        support = {label: int(count) for label, count in zip(labels, tally.true, strict=True)}
        found = replace(measures, support=support, confusion=self._confusion())
        return _with_shares(
            found, tally, self._shares_of_rows, None if (one := self._positive) is None else labels[one]
        )

    def _tally(self, weights: Weights) -> Generator[None, None, LabelCounts]:
        parts = []
        for first in range(0, self._said.shape[1], _LABELS_A_TIME):
            said, true = (one[:, first : first + _LABELS_A_TIME] for one in (self._said, self._true))
            parts.append([weights @ one.astype(np.float32) for one in (said & true, said, true)])
            yield
        return LabelCounts(*(np.concatenate(column, axis=1).astype(np.float64) for column in zip(*parts, strict=True)))

    def _ranked(self, weights: Weights) -> Generator[None, None, dict[str, Floats]]:
        found = []
        for label in range(self._num_known):
            if label == len(self._rankings):
                self._rankings.append(Ranking(self._probabilities[:, label], self._true[:, label]))
            found.append(self._rankings[label].figures(weights))
            yield
        lost = np.full(len(weights), np.nan)  # nothing ranks rows by a label that is never said
        found += [(lost, lost)] * (self._said.shape[1] - self._num_known)
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


class LabelSetFigures(LabelFigures):
    """Of several labels a text: `truths` are bool [N, L]; none of the labels is the positive one."""

    _shares_of_rows = ("accuracy",)

    @property
    def _num_questions(self) -> int:
        return int(self._probabilities.shape[1])

    def _sets(self, truths: NDArray[np.generic]) -> tuple[Bools, Bools]:
        return self._probabilities >= 0.5, truths.astype(bool)

    def _row_losses(self) -> list[NDArray[np.generic]]:
        given, true = self._probabilities, self._true
        wrong = self._said != true
        log_loss = -np.log(np.clip(np.where(true, given, 1 - given), _LEAST, 1.0)).mean(axis=1)
        return [~wrong.any(axis=1), log_loss, ((given - true) ** 2).mean(axis=1), wrong.mean(axis=1)]

    def _confidences(self, truths: NDArray[np.generic]) -> tuple[Floats, Bools]:
        return confidences_of_each(self._probabilities, truths)

    def _confusion(self) -> tuple[tuple[int, ...], ...]:
        return ()


def _with_shares(
    measures: Measures, tally: LabelCounts, shares_of_rows: Sequence[str], positive: str | None
) -> Measures:
    """Wilson's intervals of what is a share of rows; `positive` is the label whose figures stand for all."""
    shares = {"precision": wilson(tally.hits, tally.said), "recall": wilson(tally.hits, tally.true)}
    per_label = {
        label: {
            **figures,
            **{
                name: Figure(figures[name].value, float(low[place]), float(high[place]), "wilson")
                for name, (low, high) in shares.items()
            },
        }
        for place, (label, figures) in enumerate(measures.per_label.items())
    }
    figures = dict(measures.figures)
    right = wilson_figure(round(figures["accuracy"].value * measures.num_rows), measures.num_rows)
    for name in shares_of_rows:
        figures[name] = replace(right, value=figures[name].value)
    if positive is not None:
        figures |= {name: per_label[positive][name] for name in shares}
    return replace(measures, figures=figures, per_label=per_label)
