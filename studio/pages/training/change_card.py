"""ChangeCard: the learning rate and the accumulation, changeable while the run trains."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from engine.commands import SetAccumulation, SetLearningRate
from engine.config.accumulation import FixedAccumulation
from engine.runs.history import History
from studio.theme import font, tall
from studio.translation import tr
from studio.widgets.card import Card
from studio.widgets.labels import ElidingLabel

_HIGHEST_RATE = 100.0
_MOST_MICRO_BATCHES = next(
    int(limit.le) for limit in FixedAccumulation.model_fields["steps"].metadata if hasattr(limit, "le")
)


class ValueField(QLineEdit):
    """Shows a value that moves by itself; while a person edits, it stands still. Enter tells, Escape gives up."""

    def __init__(self, name: str, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFixedWidth(tall(width))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFont(font(13, 500))
        self._shown = ""
        self.editingFinished.connect(self._settle)

    def show_value(self, text: str) -> None:
        self._shown = text
        if not self.isModified() and self.text() != text:
            self.setText(text)

    def set_wrong(self, is_wrong: bool) -> None:
        if bool(self.property("wrong")) != is_wrong:
            self.setProperty("wrong", is_wrong)
            self.style().unpolish(self)
            self.style().polish(self)

    def give_up(self) -> None:
        """Back to the value that holds now."""
        self.setText(self._shown)
        self.setModified(False)
        self.set_wrong(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self.give_up()
            return
        super().keyPressEvent(event)

    def _settle(self) -> None:
        if self.text() == self._shown:
            self.setModified(False)


class ChangeCard(Card):
    """`wished` carries a command of the person; a value that cannot be is explained and not sent."""

    wished = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Change while it runs"), "", parent)
        self.rate = ValueField(tr("Learning rate"), 88)
        self.rate.setObjectName("learningRateField")
        self.accumulation = ValueField(tr("Accumulate"), 56)
        self.accumulation.setObjectName("accumulationField")
        row = QHBoxLayout()
        row.setSpacing(8)
        for name, field in ((tr("Learning rate"), self.rate), (tr("Accumulate"), self.accumulation)):
            label = QLabel(name)
            label.setProperty("kind", "second")
            label.setBuddy(field)
            row.addWidget(label)
            row.addWidget(field)
            row.addSpacing(10)
            field.textEdited.connect(self._explain)
        row.addStretch(1)
        self.body.addLayout(row)
        self.hint = ElidingLabel()
        self.hint.setObjectName("changeHint")
        self.hint.setFont(font(12))
        self.header.addWidget(self.hint, 1)
        self.rate.returnPressed.connect(self._send_rate)
        self.accumulation.returnPressed.connect(self._send_accumulation)

    def show_history(self, history: History, player: str) -> None:
        """The values that hold now for the player who learns what the run is for."""
        rates, counts = history.steps(player, "learning_rate")[1], history.steps(player, "accumulation")[1]
        if len(rates) and math.isfinite(rates[-1]):
            self.rate.show_value(f"{rates[-1]:.3g}")
        if len(counts) and math.isfinite(counts[-1]):
            self.accumulation.show_value(f"{counts[-1]:.0f}")

    def _explain(self) -> None:
        self._say(tr("Enter applies it, Escape takes it back."))

    def _say(self, text: str, *, is_wrong: bool = False) -> None:
        self.hint.setText(text)
        self.hint.setToolTip(text)
        self.hint.setProperty("kind", "bad" if is_wrong else "caption")
        self.hint.style().unpolish(self.hint)
        self.hint.style().polish(self.hint)

    def _send_rate(self) -> None:
        value = _number(self.rate.text())
        if value is None or not 0 < value <= _HIGHEST_RATE:
            self._refuse(self.rate, tr("A rate is a number above 0, such as 0.0005 or 5e-4."))
        else:
            self._wish(self.rate, SetLearningRate(value), tr("From the next step on."))

    def _send_accumulation(self) -> None:
        value = _number(self.accumulation.text())
        if value is None or value != int(value) or not 1 <= value <= _MOST_MICRO_BATCHES:
            refusal = tr("A whole number from 1 to {most}.", most=_MOST_MICRO_BATCHES)
            self._refuse(self.accumulation, refusal)
        else:
            self._wish(self.accumulation, SetAccumulation(int(value)), tr("From the next step on."))

    def _refuse(self, field: ValueField, why: str) -> None:
        field.set_wrong(True)
        self._say(why, is_wrong=True)

    def _wish(self, field: ValueField, command: SetLearningRate | SetAccumulation, answer: str) -> None:
        field.set_wrong(False)
        field.setModified(False)
        field.show_value(field.text())
        self._say(answer)
        self.wished.emit(command)


def _number(text: str) -> float | None:
    """A decimal comma is as good as a point."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
