"""PrecisionCard: precision against recall of one label, the threshold on it, and what precision can be promised."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from engine.targets import Decided
from studio.pages.evaluation.draft import Draft
from studio.pages.evaluation.evaluation_results import EvaluationResults
from studio.pages.evaluation.target_bar import TargetBar
from studio.plots.charts.precision_recall import PrecisionPlot
from studio.translation import tr
from studio.widgets.card import Card
from studio.widgets.labels import Caption

_MOST_WIDTH = 190


class PrecisionCard(Card):
    """Sets the draft's threshold while the handle is dragged, and follows it; hidden without labels to set one for."""

    def __init__(self, draft: Draft, facts: EvaluationResults, parent: QWidget | None = None) -> None:
        super().__init__(tr("Precision against recall"), tr("band: 95 % interval"), parent)
        self.setObjectName("precisionCard")
        self.choose = QComboBox()
        self.choose.setObjectName("precisionLabel")
        self.choose.setAccessibleName(tr("Label"))
        self.choose.setMaximumWidth(_MOST_WIDTH)
        self.choose.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.choose.currentIndexChanged.connect(lambda _: self._show_label())
        self.header.addWidget(self.choose)
        self.target, self.plot = TargetBar(), PrecisionPlot()
        self.target.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._nothing = Caption(tr("None of these texts has this label, so there is no curve."), wrap=True)
        for widget in (self.target, self._nothing):
            self.body.addWidget(widget)
        self.body.addWidget(self.plot, 1)
        self._labels: tuple[str, ...] = ()
        self._draft, self._facts = draft, facts
        self.plot.moved.connect(self._move)
        self.target.wished.connect(lambda precision, confidence: facts.promise(self._name, precision, confidence))
        self.target.cleared.connect(lambda: draft.set_threshold(self._name, None))
        self.target.target_changed.connect(self._show_curves)
        draft.opened.connect(self._open)
        draft.changed.connect(self._follow)
        facts.changed.connect(self._show_facts)

    @property
    def label(self) -> int:
        """The label whose curve is shown."""
        return max(0, self.choose.currentIndex())

    @property
    def _name(self) -> str:
        return self._labels[self.label]

    def show_label(self, label: int) -> None:
        """Its target, as it was promised, its curve and what its threshold comes to."""
        self._set_label(label)
        self._show_label()

    def _move(self, threshold: float) -> None:
        self._draft.set_threshold(self._name, threshold)

    # -- other answers -------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        decided = self._draft.decided
        self.setVisible(decided is not None and decided.has_thresholds)
        if decided is None:
            return
        if decided.answers.labels != self._labels:
            self._labels = decided.answers.labels
            self.choose.blockSignals(True)
            self.choose.clear()
            self.choose.addItems(list(self._labels))
            self.choose.blockSignals(False)
            self._set_label(self._first_label(decided))
        self._show_label()

    def _first_label(self, decided: Decided) -> int:
        """One with a threshold, the positive one of two, or that of which most are missed."""
        saved = [place for place, label in enumerate(self._labels) if label in self._draft.saved.thresholds]
        if saved:
            return saved[0]
        return decided.positive if decided.positive is not None else decided.weakest or 0

    def _set_label(self, label: int) -> None:
        """Choose it; nothing is told."""
        self.choose.blockSignals(True)
        self.choose.setCurrentIndex(label)
        self.choose.blockSignals(False)

    def _show_label(self) -> None:
        if self.isHidden() or not self._labels:
            return
        promise = self._draft.promise_of(self._name)
        if promise is not None:
            self.target.set_target(promise.precision, promise.confidence)
        self._show_curves()
        self._follow()

    def _show_curves(self) -> None:
        """Another target, or word counting, is drawn anew."""
        decided, subject = self._draft.decided, self._draft.subject
        if decided is None or subject is None or self.isHidden():
            return
        curve, counted = decided.curve(self.label), self._facts.counted_curve(self.label)
        has_curve = curve is not None and len(curve) > 0 and curve.num_positive > 0
        can_promise = subject.run is not None
        self.plot.setVisible(has_curve)
        self._nothing.setVisible(not has_curve)
        self.target.setVisible(has_curve)
        self.target.show_controls(can_promise)
        self.plot.show_curves(curve if has_curve else None, counted, self.target.target if can_promise else None)

    # -- the threshold -------------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        """The handle and its figures; quick, as it follows the mouse."""
        decided = self._draft.decided
        if decided is None or self.isHidden():
            return
        is_set, several = self._name in self._draft.now.thresholds, decided.target.may_have_several
        self.plot.show_threshold(decided.threshold(self.label), is_set=is_set)
        point = self.plot.point
        coverage = point.coverage if several and point is not None else decided.coverage
        self.target.show_point(point, coverage, decided.answers.split, is_set=is_set, several=several)
        self._show_standing(decided)

    def _show_facts(self) -> None:
        self._show_curves()
        if self._draft.decided is not None and not self.isHidden():
            self._show_standing(self._draft.decided)

    def _show_standing(self, decided: Decided) -> None:
        """What is promised for the threshold as it stands."""
        facts, label = self._facts, self._name
        is_asking = facts.is_promising and facts.target is not None and facts.target.label == label
        self.target.show_standing(
            self._draft.promise_of(label),
            facts.checked.get(label),
            facts.progress.get("promise") if is_asking else None,
            is_set=label in self._draft.now.thresholds,
            is_asking=is_asking,
            several=decided.target.may_have_several,
        )
