"""CalibrationCard: whether it is as right as it is sure, and the one number that mends it."""

from __future__ import annotations

import math

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.records import Calibration
from studio.pages.evaluation.draft import Draft
from studio.pages.evaluation.evaluation_results import EvaluationResults
from studio.pages.evaluation.sentences import calibration_words, split_words, sureness_words
from studio.plots.charts.reliability import ReliabilityPlot
from studio.translation import tr, words
from studio.widgets.button import Button
from studio.widgets.card import Card
from studio.widgets.labels import Caption
from studio.widgets.layouts import hbox

_SAME = 5e-3


class CalibrationCard(Card):
    """Hidden without labels, and where the model was not trained here. `corrected(temperature)`: save this one into the
    model; 1 takes a correction back."""

    corrected = Signal(float)

    def __init__(self, draft: Draft, facts: EvaluationResults, parent: QWidget | None = None) -> None:
        super().__init__(tr("Is 90 % sure right 90 % of the time?"), "", parent)
        self.setObjectName("calibrationCard")
        self.plot = ReliabilityPlot()
        self._says = Caption(wrap=True)
        self._says.setObjectName("calibrationSays")
        self._says.setProperty("kind", "second")
        self.correct = Button(tr("Correct it"), "plain", "ph.magic-wand", size="small")
        self.correct.setObjectName("correctCalibration")
        self.correct.clicked.connect(self._correct)
        self.body.addWidget(self.plot, 1)
        self.body.addLayout(hbox((self._says, 1), self.correct, gap=10))
        self._draft, self._facts = draft, facts
        self._found: Calibration | None = None
        self._is_corrected = False
        draft.opened.connect(self._open)
        draft.saved_anew.connect(self._show)
        facts.changed.connect(self._show)

    def _open(self) -> None:
        decided, subject = self._draft.decided, self._draft.subject
        self.setVisible(
            decided is not None and decided.has_thresholds and subject is not None and subject.run is not None
        )
        self._show()

    def _show(self) -> None:
        facts, temperature = self._facts, self._draft.saved.temperature
        if self.isHidden():
            return
        self._found = found = facts.calibration
        self._is_corrected = found is not None and temperature != 1.0 and is_same(found.temperature, temperature)
        self.plot.setVisible(found is not None)
        self.correct.setVisible(found is not None)
        if found is None:
            problem = facts.problems.get("calibrate")
            said = words(problem.what) if problem is not None else tr("Measuring …") if facts.is_calibrating else ""
            self._says.setText(said)
            return
        self._says.setText(
            calibration_words(found, is_corrected=self._is_corrected)
            + " "
            + tr("On {count} {split}.", count=found.num_rows, split=split_words(found.split))
        )
        helps = found.after.error < found.before.error - 0.0005
        self.correct.setText(tr("Undo the correction") if self._is_corrected else tr("Correct it"))
        self.correct.set_icon("ph.arrow-counter-clockwise" if self._is_corrected else "ph.magic-wand")
        self.correct.setEnabled(self._is_corrected or helps)
        self.correct.updateGeometry()
        if self._is_corrected:
            self.plot.show_reliability(found.after, tr("corrected"), found.before, tr("before"))
        else:
            self.plot.show_reliability(found.before, sureness_words(found.before))

    def _correct(self) -> None:
        if self._found is not None:
            self.corrected.emit(1.0 if self._is_corrected else self._found.temperature)


def is_same(one: float, other: float) -> bool:
    """Temperatures that differ by less than anyone could see."""
    return math.isclose(one, other, rel_tol=_SAME)
