"""Decided: what a decision makes of all answers, and how good that is.

Everything is worked out when it is first asked for, and once: a window asks while a threshold is dragged. N rows, L
labels.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.metrics.decided_figures import Tally
from engine.metrics.label_counts import LabelCounts
from engine.metrics.precision_curve import PrecisionCurve
from engine.records import UNDECIDED, Answers, Decision, Figure
from engine.targets.registry import positive_of, probabilities_of, target_of
from engine.targets.target import Floats, RowDoubts
from engine.targets.unknown_labels import WithUnknownLabels, with_unknown_labels

_NUM_CURVES = 100
_FEW = 5
"""Rows that a label should have to be called the weakest."""


class Decided:
    """`answers` by `decision`, as the target of the answers has it."""

    def __init__(self, answers: Answers, decision: Decision = UNDECIDED) -> None:
        self.answers, self.decision = answers, decision
        self.target = target_of(answers.kind)
        self._tempered = _Tempered(answers, decision.temperature)

    def under(self, decision: Decision) -> Decided:
        """The same answers by another decision; what hangs on the temperature alone is kept."""
        found = Decided(self.answers, decision)
        if decision.temperature == self.decision.temperature:
            found._tempered = self._tempered
        return found

    # what is said

    @property
    def probabilities(self) -> Floats:
        """[N, L]; numbers [N, 1]."""
        return self._tempered.probabilities

    @cached_property
    def said(self) -> NDArray[Any]:
        """Label ids [N], `ABSTAINED` where none is said; of several labels bool [N, L]; numbers [N]."""
        return self.target.decide(self.probabilities, self.answers.labels, self.decision)

    @property
    def num_rows(self) -> int:
        return len(self.answers)

    @cached_property
    def num_answered(self) -> int:
        """Rows that are not left to a person."""
        return self.target.num_answered(self.said)

    @property
    def coverage(self) -> float:
        """The share of the rows that get an answer."""
        return self.num_answered / max(1, self.num_rows)

    # how good it is

    @property
    def has_truths(self) -> bool:
        return self.answers.truths is not None

    @property
    def has_thresholds(self) -> bool:
        """Whether there are labels with probabilities, and truths to hold them against."""
        return self.has_truths and self.target.is_categorical

    @cached_property
    def positive(self) -> int | None:
        """The id of the positive one of two labels, one a row; None for all else."""
        return positive_of(self.answers)

    @cached_property
    def doubts(self) -> RowDoubts:
        """Row by row."""
        return self.target.row_doubts(self.probabilities, self.said, self.answers)

    @cached_property
    def tally(self) -> Tally | None:
        """Of all labels, the last of them those that the model does not know; None without truths or labels."""
        if not self.has_truths:
            return None
        known = self._tempered.known
        return self.target.tally(self.said, known.truths, len(known.labels))

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Of labels accuracy (of the rows answered; all labels right where there are several), precision, recall and
        f1, as everywhere of the positive one of two labels, else the mean over labels that occur; of other targets what
        `Target.figures` has; {} without truths. Rows whose label the model does not know count as wrong."""
        if not self.has_truths:
            return {}
        if self.tally is None:
            return self.target.figures(self.said, self._tempered.known.truths)
        return self.tally.figures(self.positive)

    @cached_property
    def by_label(self) -> LabelCounts:
        """Rows by label that the model knows, [L]; without truths nothing is true."""
        size, tally = len(self.answers.labels), self.tally
        if tally is not None:
            return LabelCounts(*(one[:size] for one in (tally.labels.hits, tally.labels.said, tally.labels.true)))
        said = [int(self.target.has_label(self.said, label).sum()) for label in range(size)]
        return LabelCounts(np.zeros(size, np.int64), np.array(said, np.int64), np.zeros(size, np.int64))

    @cached_property
    def table(self) -> NDArray[np.int64] | None:
        """[L, L + 1]: rows by truth and label said, the last column those that are left to a person; None without
        truths, and where a row has no label or several. Rows whose label the model does not know stand in none."""
        whole = None if self.tally is None else self.tally.table
        if whole is None:
            return None
        size = len(self.answers.labels)
        return np.concatenate([whole[:size, :size], whole[:size, -1:]], axis=1)

    @cached_property
    def weakest(self) -> int | None:
        """The label of which most are missed, by share; None where there is no label, or none is missed."""
        support = self.by_label.true
        enough = support >= min(_FEW, int(support.max(initial=0)))
        shares = np.where(enough & (support > 0), self.by_label.recall, 2.0)
        if not len(shares) or shares.min() >= 1.0:
            return None
        return int(shares.argmin())

    # thresholds

    def curve(self, label: int) -> PrecisionCurve | None:
        """Of a label at every threshold; None for numbers and without truths."""
        curves = self._tempered.curves
        if label not in curves:
            if len(curves) >= _NUM_CURVES:
                curves.clear()
            curves[label] = self.curve_of(self.probabilities, label)
        return curves[label]

    def curve_of(self, probabilities: Floats, label: int) -> PrecisionCurve | None:
        """Of whoever gives the same rows these probabilities [N, L]; None where they do not fit the rows."""
        answers, target = self.answers, self.target
        if answers.truths is None or not target.is_categorical or probabilities.shape != answers.logits.shape:
            return None
        return PrecisionCurve(target.scores(probabilities, label), target.has_label(answers.truths, label))

    def threshold(self, label: int) -> float:
        """From where on it is said: its own threshold, or else one half, or wherever it is the likeliest."""
        own = self.decision.thresholds.get(self.answers.labels[label])
        usual = self.target.usual_threshold(len(self.answers.labels)) if own is None else own
        if usual is not None:
            return usual
        curve = self.curve(label)
        return float(curve.thresholds[-1]) if curve is not None and len(curve) else 0.0


class _Tempered:
    """What hangs on answers and temperature alone."""

    def __init__(self, answers: Answers, temperature: float) -> None:
        self._answers, self._temperature = answers, temperature
        self.curves: dict[int, PrecisionCurve | None] = {}

    @cached_property
    def probabilities(self) -> Floats:
        return probabilities_of(self._answers, self._temperature)

    @cached_property
    def known(self) -> WithUnknownLabels:
        return with_unknown_labels(self._answers)
