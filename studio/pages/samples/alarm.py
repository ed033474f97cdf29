"""Alarm: the writer repeats itself, how that was seen, what was done about it, and what the person can do."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.commands import GoBack, SetTemperature
from engine.events import Collapsed
from engine.runs.history import History
from studio import theme
from studio.numbers import number
from studio.translation import tr, words
from studio.widgets.button import Button

SOFTER = 0.5


@dataclass(frozen=True)
class Alarm:
    """A collapse that goes on. `best` is the step to go back to, None where there is none."""

    event: Collapsed
    best: int | None

    def signs(self) -> str:
        """How it was seen."""
        return " ".join(words(sign) for sign in self.event.signs)

    def done(self) -> str:
        """What happened by itself."""
        step = self.best if self.best is not None else 0
        if self.event.action == "went-back":
            return tr("The guard went back to step {step} with a softer temperature.", step=step)
        if self.event.action == "softened":
            return tr("The guard softened the temperature.")
        if self.event.action == "stopped":
            return tr("The guard stopped the training; step {step} is kept.", step=step)
        if self.best is None:
            return tr("Nothing was changed.")
        return tr("Nothing was changed, and nothing is lost: step {step} is kept.", step=step)


def alarm_of(history: History) -> Alarm | None:
    """The newest collapse, unless texts were written after it without one."""
    if not history.collapses:
        return None
    newest = history.collapses[-1]
    if history.samples and newest.step < history.samples[-1].step:
        return None
    best = newest.best if newest.best is not None else history.best.step if history.best else None
    return Alarm(newest, best)


class AlarmBanner(QFrame):
    """Hidden while there is no alarm. `commanded(command)` for the run; an alarm that was put aside stays away until
    the next one."""

    commanded = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("alarm")
        self.setProperty("surface", "warn")
        self.put_aside: tuple[int, float] | None = None
        self._shown: Alarm | None = None
        self._what, self._signs, self._done = self._line(600), self._line(400), self._line(400, "second")
        self.dismiss = Button(tr("Go on anyway"), "quiet")
        self.soften = Button(tr("Soften"), "plain", "ph.thermometer")
        self.soften.setToolTip(tr("Draw words more freely from now on: half the inverse temperature"))
        self.back = Button("", "primary", "ph.arrow-counter-clockwise")
        self.dismiss.setObjectName("goOnAnyway")
        self.soften.setObjectName("soften")
        self.back.setObjectName("goBack")
        self.dismiss.clicked.connect(self._put_away)
        self.soften.clicked.connect(lambda: self._send(SetTemperature(SOFTER), self.soften))
        self.back.clicked.connect(lambda: self._send(GoBack(), self.back))
        self._lay_out()
        self.hide()

    def _line(self, weight: int, kind: str = "") -> QLabel:
        label = QLabel()
        label.setFont(theme.font(theme.BODY, weight))
        label.setProperty("kind", kind)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label

    def _lay_out(self) -> None:
        row, column = QHBoxLayout(self), QVBoxLayout()
        row.setContentsMargins(16, 10, 12, 10)
        row.setSpacing(8)
        column.setSpacing(2)
        sign = QLabel()
        sign.setPixmap(theme.icon("ph.warning-fill", theme.tokens().warn).pixmap(20, 20))
        row.addWidget(sign)
        row.addSpacing(4)
        for label in (self._what, self._signs, self._done):
            column.addWidget(label)
        row.addLayout(column, 1)
        for button in (self.dismiss, self.soften, self.back):
            row.addWidget(button)

    def show_alarm(self, alarm: Alarm | None, *, is_live: bool) -> None:
        """`is_live`: this window trains the run, so it can be told something."""
        is_news = alarm is not None and self._shown != alarm
        self._shown = alarm
        self.setVisible(alarm is not None and _mark_of(alarm) != self.put_aside)
        if alarm is None:
            return
        self._what.setText(
            tr("The writer is starting to repeat itself") if is_live else tr("The writer repeats itself")
        )
        self._signs.setText(alarm.signs())
        self._signs.setVisible(bool(alarm.event.signs))
        self._done.setText(alarm.done())
        self.setAccessibleName(self._what.text())
        self.setAccessibleDescription(f"{alarm.signs()} {alarm.done()}")
        can_act = is_live and alarm.event.action != "stopped"
        self.soften.setVisible(can_act)
        self.back.setVisible(can_act and alarm.best is not None and alarm.event.action != "went-back")
        if alarm.best is not None:
            self.back.setText(tr("Go back to step {step}", step=number(alarm.best)))
        self.dismiss.setText(tr("Go on anyway") if can_act else tr("Close"))
        if is_news:
            self.soften.setEnabled(True)
            self.back.setEnabled(True)

    def _send(self, command: object, button: Button) -> None:
        button.setEnabled(False)
        self.commanded.emit(command)

    def _put_away(self) -> None:
        if self._shown is not None:
            self.put_aside = _mark_of(self._shown)
        self.hide()


def _mark_of(alarm: Alarm) -> tuple[int, float]:
    return alarm.event.step, alarm.event.time
