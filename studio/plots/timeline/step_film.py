"""StepFilm: a curve through the training over a slider of its steps, which plays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QVBoxLayout, QWidget

from studio.numbers import number
from studio.plots.charts.series import nearest
from studio.plots.timeline.player import Pace, Player
from studio.plots.timeline.step_slider import Mark, StepSlider
from studio.theme import tokens
from studio.translation import tr
from studio.widgets.button import IconButton
from studio.widgets.layouts import fill
from studio.widgets.painting import tinted

_PACE = Pace(slowest=600, fastest=180, whole_film=8000)


class StepFilm(QWidget):
    """`chosen(index)` tells which step the person, or the film that plays, came to. `play` and `rewind` are buttons for
    a card's header."""

    chosen = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = StepSlider()
        self.slider.setAccessibleDescription(name)
        self.curve = _Curve(name, self.slider)
        self.player = Player(self.slider, _PACE)
        self.play = self.player.button
        self.play.setObjectName("playSteps")
        self.rewind = IconButton("ph.skip-back", tr("Back to the first step"))
        self.rewind.setObjectName("rewindSteps")
        self.rewind.clicked.connect(self.player.rewind)
        self.slider.valueChanged.connect(self._show)
        self.curve.pressed.connect(self._go_to)
        self.setFocusProxy(self.slider)
        fill(QVBoxLayout(self), self.curve, self.slider, gap=0)

    def set_course(self, steps: Sequence[int], end: int, marks: Sequence[Mark], current: int) -> None:
        """Nothing is emitted."""
        self.slider.set_course(steps, end, marks)
        for button in (self.play, self.rewind):
            button.setEnabled(len(steps) > 1)
        self.set_current(current)

    def set_curve(self, xs: np.ndarray, ys: np.ndarray, line: float | None, words: str) -> None:
        """`line` is what the curve should reach, `words` its name."""
        self.curve.set_curve(xs, ys, line, words)

    @property
    def current(self) -> int:
        """The index of the step that is shown."""
        return self.slider.value()

    @property
    def is_playing(self) -> bool:
        return self.player.is_playing

    def set_current(self, index: int) -> None:
        """Show another step; nothing is emitted."""
        self.slider.blockSignals(True)
        self.slider.setValue(index)
        self.slider.blockSignals(False)
        self._mark()

    def stop(self) -> None:
        """Hold the step that is shown."""
        self.player.stop()

    def _mark(self) -> None:
        self.slider.update()
        self.curve.update()
        if self.current < len(self.slider.steps):
            self.slider.setAccessibleName(tr("step {step}", step=number(self.slider.steps[self.current])))

    def _go_to(self, x: float) -> None:
        self.stop()
        self.slider.setValue(self.slider.index_at(x))

    def _show(self, index: int) -> None:
        self._mark()
        self.chosen.emit(index)


class _Curve(QWidget):
    """The curve as a filled line, on the slider's own steps. `pressed(x)` where the person pressed."""

    pressed = Signal(float)

    def __init__(self, name: str, slider: StepSlider) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFixedHeight(48)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._slider = slider
        self._xs = self._ys = np.empty(0)
        self._line: float | None = None
        self._words = ""

    def set_curve(self, xs: np.ndarray, ys: np.ndarray, line: float | None, words: str) -> None:
        keep = np.isfinite(ys)
        self._xs, self._ys, self._line, self._words = xs[keep].copy(), ys[keep].copy(), line, words
        self.setAccessibleDescription(f"{words} {number(line)}" if line is not None else "")
        self.update()

    def _y(self, value: float) -> float:
        values = self._ys if self._line is None else np.append(self._ys, self._line)
        low, high = float(values.min()), float(values.max())
        low -= 0.08 * (high - low)
        return self.height() - 4 - (value - low) / max(high - low, 1e-9) * (self.height() - 10)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if len(self._xs) < 2:
            return
        painter = QPainter(self)
        self._paint_line(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        across = [self._slider.x_at(x) for x in self._xs.tolist()]
        points = [QPointF(x, self._y(y)) for x, y in zip(across, self._ys.tolist(), strict=True)]
        area = QPainterPath(QPointF(across[0], self.height()))
        area.addPolygon(QPolygonF([QPointF(across[0], self.height()), *points, QPointF(across[-1], self.height())]))
        painter.fillPath(area, tinted(tokens().s1, 28))
        painter.setPen(QPen(QColor(tokens().s1), 1.6))
        painter.drawPolyline(QPolygonF(points))
        if self._slider.steps:
            self._paint_here(painter)

    def _paint_line(self, painter: QPainter) -> None:
        if self._line is None:
            return
        pen = QPen(QColor(tokens().text3), 1)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        y = round(self._y(self._line))
        painter.drawLine(0, y, self.width(), y)

    def _paint_here(self, painter: QPainter) -> None:
        """The curve's point at the step that is shown."""
        step = self._slider.steps[self._slider.value()]
        index = nearest(self._xs, step)
        centre = QPointF(self._slider.x_at(float(self._xs[index])), self._y(float(self._ys[index])))
        painter.setPen(QPen(QColor(tokens().card), 1.5))
        painter.setBrush(QColor(tokens().accent))
        painter.drawEllipse(QRectF(centre.x() - 4, centre.y() - 4, 8, 8))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and len(self._xs):
            places = np.array([self._slider.x_at(x) for x in self._xs.tolist()])
            index = nearest(places, event.pos().x())
            told = tr("step {step}: {value}", step=int(self._xs[index]), value=f"{self._ys[index]:.3f}")
            QToolTip.showText(event.globalPos(), told, self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit(event.position().x())
