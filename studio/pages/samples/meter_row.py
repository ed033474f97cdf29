"""MeterRow: one meter: its value now, its curve with real text beside it, and what it means."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.runs.history import History
from studio import theme
from studio.pages.samples.meters import GUESSING, SPLIT, Meter, real_value, rehearsed_value, value_at
from studio.plots.charts.small_curve import MeterCurve
from studio.theme import tokens
from studio.translation import tr
from studio.widgets.labels import ElidingLabel


class MeterRow(QWidget):
    """Far from real text is said in words beside the name, and in amber."""

    def __init__(self, meter: Meter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.meter = meter
        self.setObjectName(f"meter_{meter.key}")
        self._name, self._value = QLabel(meter.title()), QLabel("–")
        self._name.setFont(theme.font(theme.BODY, 600))
        self._value.setFont(theme.font(theme.CARD_TITLE, 600))
        self._state = ElidingLabel()
        self._state.setFont(theme.font(theme.CAPTION))
        self._state.setProperty("kind", "warn")
        self.curve = MeterCurve(meter.title())
        self._about, self._real = ElidingLabel(meter.about()), QLabel()
        for label in (self._about, self._real):
            label.setFont(theme.font(theme.CAPTION))
            label.setProperty("kind", "second")
        self._lay_out()

    def _lay_out(self) -> None:
        column, head, foot = QVBoxLayout(self), QHBoxLayout(), QHBoxLayout()
        column.setContentsMargins(0, 6, 0, 6)
        column.setSpacing(2)
        head.setSpacing(8)
        head.addWidget(self._name, 1)
        head.addWidget(self._state, 1)
        head.addWidget(self._value, 0, Qt.AlignmentFlag.AlignRight)
        foot.setSpacing(8)
        foot.addWidget(self._about, 1)
        foot.addWidget(self._real)
        column.addLayout(head)
        column.addWidget(self.curve)
        column.addLayout(foot)

    def show_history(self, history: History, end: float) -> None:
        """Take over the curve and both lines."""
        real = real_value(history, self.meter)
        self.curve.set_curve(*history.metric(self.meter.key, SPLIT), end)
        self.curve.set_lines(real, rehearsed_value(history, self.meter))
        self._real.setText(self._real_words(real))

    def _real_words(self, real: float | None) -> str:
        if real is None:
            return ""
        value = self.meter.worded(real)
        is_guess = self.meter.key.startswith("discriminator_") and real == GUESSING
        return tr("guessing {value}", value=value) if is_guess else tr("real text {value}", value=value)

    def show_step(self, history: History, step: int) -> None:
        """The value at a step, and whether it is far from real text there."""
        value, real = value_at(history, self.meter, step), real_value(history, self.meter)
        is_far = self.meter.is_far(value, real)
        self._value.setText(self.meter.worded(value))
        self._value.setProperty("kind", "warn" if is_far else "")
        self._value.style().polish(self._value)
        self._state.setText(self._far_words() if is_far else "")
        self.curve.set_step(step, tokens().warn if is_far else tokens().s1)
        told = (self._value.text(), self._state.text(), self._real.text(), self.meter.about())
        self.setAccessibleName(f"{self.meter.title()}: {'; '.join(part for part in told if part)}")

    def _far_words(self) -> str:
        if self.meter.key.startswith("discriminator_"):
            return tr("sees through nearly all")
        return tr("far from real text")
