"""PrecisionCard: precision against recall of one label, the threshold on it, and what precision can be promised."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from engine.metrics.precision_curve import PrecisionCurve
from engine.records import Answers, Progress
from studio.pages.evaluation.decision_metrics import Judged
from studio.pages.evaluation.draft import Draft
from studio.pages.evaluation.evaluation_results import EvaluationResults
from studio.pages.evaluation.target_bar import TargetBar
from studio.plots.charts.precision_recall import PrecisionPlot
from studio.translation import tr
from studio.widgets.card import Card
from studio.widgets.labels import Caption

_MOST_WIDTH = 190


class PrecisionCard(Card):
    """`label_chosen(label)`; `moved(threshold)` by hand; `wished(precision, confidence)`; `cleared`."""

    label_chosen = Signal(int)
    moved = Signal(float)
    wished = Signal(float, float)
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Precision against recall"), tr("band: 95 % interval"), parent)
        self.setObjectName("precisionCard")
        self.choose = QComboBox()
        self.choose.setObjectName("precisionLabel")
        self.choose.setAccessibleName(tr("Label"))
        self.choose.setMaximumWidth(_MOST_WIDTH)
        self.choose.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.choose.currentIndexChanged.connect(self._choose)
        self.header.addWidget(self.choose)
        self.target, self.plot = TargetBar(), PrecisionPlot()
        self.target.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._nothing = Caption(tr("None of these texts has this label, so there is no curve."), wrap=True)
        for widget in (self.target, self._nothing):
            self.body.addWidget(widget)
        self.body.addWidget(self.plot, 1)
        self.plot.moved.connect(self.moved)
        self.target.wished.connect(self.wished)
        self.target.cleared.connect(self.cleared)
        self._labels: tuple[str, ...] = ()

    @property
    def label(self) -> int:
        """The label whose curve is shown."""
        return max(0, self.choose.currentIndex())

    def set_labels(self, answers: Answers, chosen: int) -> None:
        """Fill the chooser anew where there are other labels."""
        if answers.labels == self._labels:
            return
        self._labels = answers.labels
        self.choose.blockSignals(True)
        self.choose.clear()
        self.choose.addItems(list(answers.labels))
        self.choose.setCurrentIndex(chosen)
        self.choose.blockSignals(False)

    def set_label(self, label: int) -> None:
        """Show it; nothing is told."""
        self.choose.blockSignals(True)
        self.choose.setCurrentIndex(label)
        self.choose.blockSignals(False)

    def show_curves(self, curve: PrecisionCurve | None, counted: PrecisionCurve | None, *, can_promise: bool) -> None:
        """None: there is nothing to draw."""
        has_curve = curve is not None and len(curve) > 0 and curve.num_positive > 0
        self.plot.setVisible(has_curve)
        self._nothing.setVisible(not has_curve)
        self.target.setVisible(has_curve)
        self.target.show_controls(can_promise)
        self.plot.show_curves(curve if has_curve else None, counted, self.target.target if can_promise else None)

    def show_threshold(self, answers: Answers, judged: Judged, draft: Draft, curve: PrecisionCurve) -> None:
        """The handle and its figures; quick, as it follows the mouse."""
        threshold = draft.now.thresholds.get(answers.labels[self.label])
        is_set, several = threshold is not None, answers.kind == "several"
        self.plot.show_threshold(threshold if threshold is not None else usual_threshold(answers, curve), is_set=is_set)
        point = self.plot.point
        coverage = point.coverage if several and point is not None else judged.coverage
        self.target.show_point(point, coverage, answers.split, is_set=is_set, several=several)

    def show_standing(self, answers: Answers, draft: Draft, facts: EvaluationResults) -> None:
        """What is promised for the threshold as it stands."""
        label = answers.labels[self.label]
        is_asking = facts.is_promising and facts.target is not None and facts.target.label == label
        progress: Progress | None = facts.progress.get("promise") if is_asking else None
        self.target.show_standing(
            draft.promise_of(label),
            facts.checked.get(label),
            progress,
            is_set=label in draft.now.thresholds,
            is_asking=is_asking,
            several=answers.kind == "several",
        )

    def _choose(self, label: int) -> None:
        if label >= 0:
            self.label_chosen.emit(label)


def usual_threshold(answers: Answers, curve: PrecisionCurve) -> float:
    """From where on a label without a threshold is said: of two labels, and of several, from one half; else wherever it
    is the likeliest."""
    if answers.kind == "several" or len(answers.labels) <= 2:
        return 0.5
    return float(curve.thresholds[-1]) if len(curve) else 0.0
