"""CalibrationCard: whether it is as right as it is sure, and the one number that mends it."""

from __future__ import annotations

import math

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.errors import AttuneError
from engine.records import Calibration
from studio.pages.evaluation.sentences import calibration_words, split_words, sureness_words
from studio.plots.charts.reliability import ReliabilityPlot
from studio.translation import tr, words
from studio.widgets.button import Button
from studio.widgets.card import Card
from studio.widgets.labels import Caption

_SAME = 5e-3


class CalibrationCard(Card):
    """`corrected(temperature)`: save this one into the model; 1 takes a correction back."""

    corrected = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Is 90 % sure right 90 % of the time?"), "", parent)
        self.setObjectName("calibrationCard")
        self.plot = ReliabilityPlot()
        self._says = Caption(wrap=True)
        self._says.setObjectName("calibrationSays")
        self._says.setProperty("kind", "second")
        self.correct = Button(tr("Correct it"), "plain", "ph.magic-wand", size="small")
        self.correct.setObjectName("correctCalibration")
        self.correct.clicked.connect(self._correct)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self._says, 1)
        foot.addWidget(self.correct)
        self.body.addWidget(self.plot, 1)
        self.body.addLayout(foot)
        self._found: Calibration | None = None
        self._is_corrected = False

    def show_calibration(
        self, found: Calibration | None, temperature: float, problem: AttuneError | None, *, is_measuring: bool
    ) -> None:
        """`temperature` is the model's own, as it is saved."""
        self._found = found
        self._is_corrected = found is not None and temperature != 1.0 and is_same(found.temperature, temperature)
        self.plot.setVisible(found is not None)
        self.correct.setVisible(found is not None)
        if found is None:
            said = words(problem.what) if problem is not None else tr("Measuring …") if is_measuring else ""
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
