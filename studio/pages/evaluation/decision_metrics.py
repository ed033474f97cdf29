"""Judge: what a decision makes of all answers, and how good that is; quick enough to follow a dragged threshold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from engine.metrics.unknown_labels import with_unknown_labels

from engine.metrics.confidence_intervals import wilson_figure
from engine.metrics.decision_rules import ABSTAINED, decided, decided_several, label_scores
from engine.metrics.label_counts import LabelCounts, confusion_table
from engine.metrics.number_figures import figures_of_numbers
from engine.metrics.precision_curve import PrecisionCurve
from engine.metrics.probabilities import probabilities_of
from engine.records import Answers, Decision, Figure

_NUM_CURVES = 100
_FEW = 5
"""Rows that a label should have to be called the weakest."""


@dataclass(frozen=True)
class Judged:
    """`said`: label ids [N] with `ABSTAINED`, for several labels bool [N, L], for a number float64 [N]. Counts [L] of a
    label: `hits`, `num_said`, `support`. `table` [L, L + 1] counts rows by truth and label said, the last column those
    that are left to a person; None where a text has several labels. Without truths there are neither.
    `figures`: accuracy (of the texts answered; all labels right where there are several), precision, recall, f1 as
    everywhere in Attune: of the positive one of two labels, else the mean over labels that occur; of a number mae,
    rmse, r2, bias. `num_answered` texts get a label. Rows whose label the model does not know count as wrong: they are
    in the figures and in `num_said`, but in no row of `table`."""

    said: np.ndarray
    num_rows: int
    num_answered: int
    figures: dict[str, Figure]
    num_said: np.ndarray
    hits: np.ndarray
    support: np.ndarray
    table: np.ndarray | None = None

    @property
    def coverage(self) -> float:
        """The share of the texts that get an answer."""
        return self.num_answered / max(1, self.num_rows)

    @property
    def precision(self) -> np.ndarray:
        """[L]"""
        return self._counts.precision

    @property
    def recall(self) -> np.ndarray:
        """[L]"""
        return self._counts.recall

    @property
    def f1(self) -> np.ndarray:
        """[L]"""
        return self._counts.f1

    @property
    def _counts(self) -> LabelCounts:
        return LabelCounts(self.hits, self.num_said, self.support)

    @property
    def weakest(self) -> int | None:
        """The label of which most are missed, by share; None where there is no label, or none is missed."""
        enough = self.support >= min(_FEW, int(self.support.max(initial=0)))
        shares = np.where(enough & (self.support > 0), self.recall, 2.0)
        if not len(shares) or shares.min() >= 1.0:
            return None
        return int(shares.argmin())


class Judge:
    """Keeps what is worked out once: probabilities at a temperature, sorted curves by label."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self._probabilities: tuple[float, np.ndarray] | None = None
        self._curves: dict[tuple[int, float], PrecisionCurve] = {}

    def probabilities(self, temperature: float) -> np.ndarray:
        """[N, L]; numbers [N, 1]."""
        if self._probabilities is None or self._probabilities[0] != temperature:
            self._probabilities = temperature, probabilities_of(self.answers, temperature)
        return self._probabilities[1]

    def curve(self, label: int, temperature: float) -> PrecisionCurve | None:
        """Of a label; None for numbers and without truths."""
        answers = self.answers
        if answers.truths is None or answers.kind == "number":
            return None
        if (label, temperature) not in self._curves:
            if len(self._curves) >= _NUM_CURVES:
                self._curves.clear()
            found = self.curve_of(self.probabilities(temperature), label)
            assert found is not None
            self._curves[label, temperature] = found
        return self._curves[label, temperature]

    def curve_of(self, probabilities: np.ndarray, label: int) -> PrecisionCurve | None:
        """Of whoever gives the same rows these probabilities; None where they do not fit the rows."""
        answers = self.answers
        if answers.truths is None or probabilities.shape != answers.logits.shape:
            return None
        several = answers.kind == "several"
        right = answers.truths[:, label] if several else answers.truths == label
        return PrecisionCurve(label_scores(probabilities, label, several=several), right)

    def judged(self, decision: Decision) -> Judged:
        given, answers = self.probabilities(decision.temperature), self.answers
        if answers.kind == "number":
            return _judged_numbers(given[:, 0], answers.truths)
        if answers.kind == "several":
            return _judged_several(decided_several(given, answers.labels, decision), answers.truths, answers.unknown)
        said = decided(given, answers.labels, decision)
        truths = None if answers.truths is None else with_unknown_labels(answers).truths.astype(np.int64)
        return _judged_one(said, truths, len(answers.labels), answers.positive, len(answers.strangers))


def _judged_one(
    said: np.ndarray, truths: np.ndarray | None, num_labels: int, positive: int | None, num_strangers: int
) -> Judged:
    """`truths` from `num_labels` on are labels that the model does not know, and never says."""
    num_answered = int((said != ABSTAINED).sum())
    column = np.where(said == ABSTAINED, num_labels, said)
    num_said = np.bincount(column, minlength=num_labels + 1)[:num_labels]
    if truths is None:
        return Judged(said, len(said), num_answered, {}, num_said, *_nothing(num_labels))
    num_all = num_labels + num_strangers
    whole = confusion_table(column, truths, num_all, num_labels + 1)
    table = whole[:num_labels]
    hits, support = np.diagonal(table).copy(), table.sum(axis=1)
    figures = _figures(*_widened(hits, num_said, num_all), whole.sum(axis=1), positive)
    figures["accuracy"] = wilson_figure(int(hits.sum()), num_answered)
    return Judged(said, len(said), num_answered, figures, num_said, hits, support, table)


def _widened(hits: np.ndarray, said: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """With nothing hit and nothing said of strangers."""
    more = size - len(hits)
    return np.pad(hits, (0, more)), np.pad(said, (0, more))


def _judged_several(said: np.ndarray, truths: np.ndarray | None, unknown: np.ndarray | None) -> Judged:
    """`unknown` bool [N, U]: labels of the rows that the model does not know."""
    num_said = said.sum(axis=0)
    if truths is None:
        return Judged(said, len(said), len(said), {}, num_said, *_nothing(said.shape[1]))
    hits, support = (said & truths).sum(axis=0), truths.sum(axis=0)
    strange = np.zeros((len(said), 0), dtype=bool) if unknown is None else np.asarray(unknown, dtype=bool)
    num_all = said.shape[1] + strange.shape[1]
    whole = np.concatenate([support, strange.sum(axis=0)])
    figures = _figures(*_widened(hits, num_said, num_all), whole, None)
    right = (said == truths).all(axis=1) & ~strange.any(axis=1)
    figures["accuracy"] = wilson_figure(int(right.sum()), len(said))
    return Judged(said, len(said), len(said), figures, num_said, hits, support)


def _judged_numbers(said: np.ndarray, truths: np.ndarray | None) -> Judged:
    none = np.empty(0, np.int64)
    if truths is None or not len(said):
        return Judged(said, len(said), len(said), {}, none, none, none)
    found = figures_of_numbers(said, truths)
    figures = {name: Figure(found[name]) for name in ("mae", "rmse", "r2", "bias")}
    return Judged(said, len(said), len(said), figures, none, none, none)


def _figures(hits: np.ndarray, said: np.ndarray, support: np.ndarray, positive: int | None) -> dict[str, Figure]:
    """precision, recall, f1. A mean over labels, and F1, have no interval that could be worked out while dragging."""
    counts = LabelCounts(hits, said, support)
    figures = {name: Figure(float(value)) for name, value in counts.figures(positive).items()}
    if positive is not None:
        figures["precision"] = wilson_figure(int(hits[positive]), int(said[positive]))
        figures["recall"] = wilson_figure(int(hits[positive]), int(support[positive]))
    return figures


def _nothing(num_labels: int) -> tuple[np.ndarray, np.ndarray]:
    return np.zeros(num_labels, np.int64), np.zeros(num_labels, np.int64)
