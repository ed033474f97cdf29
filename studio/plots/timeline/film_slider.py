"""FilmSlider: a slider whose places are training steps, with as many of them written under it as fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from studio.numbers import number
from studio.theme import font, tokens

GROOVE = 10
_KNOB, _LINE, _APART = 7, 16, 6
_MOST_DOTS = 40
Key = TypeVar("Key")


class FilmSlider(QSlider):
    """A `QSlider` to the keyboard and the screen reader. `value()` is an index into `steps`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("filmSlider")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setPageStep(5)
        self.setMaximum(0)
        self.steps: list[int] = []
        self._ends = (0.0, 0.0)

    def set_ends(self, first: float, last: float) -> None:
        """The pixels of the first and the last step."""
        self._ends = (first, last)
        self.update()

    def set_steps(self, steps: Sequence[int]) -> None:
        self.steps = list(steps)
        self.blockSignals(True)
        self.setMaximum(max(0, len(steps) - 1))
        self.blockSignals(False)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, 2 * GROOVE + _LINE + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 2 * GROOVE + _LINE + 4)

    def x_of(self, index: int) -> float:
        """The pixel of a step."""
        first, last = self._ends
        return first + index / max(1, self.maximum()) * (last - first)

    def index_at(self, x: float) -> int:
        """The step nearest to a pixel."""
        return min(range(len(self.steps)), key=lambda index: abs(self.x_of(index) - x), default=0)

    # -- painting ------------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self.steps:
            return
        painter, colours = QPainter(self), tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        here = self.x_of(self.value())
        self.paint_groove(painter, self.x_of(0), here, self.x_of(self.maximum()))
        if len(self.steps) <= _MOST_DOTS:
            for index in range(len(self.steps)):
                painter.setBrush(QColor(colours.accent if index <= self.value() else colours.line2))
                painter.drawEllipse(QPointF(self.x_of(index), GROOVE), 2.5, 2.5)
        self.paint_knob(painter, here)
        self._paint_labels(painter)

    def paint_groove(self, painter: QPainter, first: float, here: float, last: float) -> None:
        """The way that is behind in the accent."""
        painter.setPen(Qt.PenStyle.NoPen)
        for right, color in ((last, tokens().track), (here, tokens().accent)):
            painter.setBrush(QColor(color))
            painter.drawRoundedRect(QRectF(first, GROOVE - 2, max(0.0, right - first), 4), 2, 2)

    def paint_knob(self, painter: QPainter, x: float) -> None:
        if self.hasFocus():
            halo = QColor(tokens().accent)
            halo.setAlpha(70)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(halo)
            painter.drawEllipse(QPointF(x, GROOVE), _KNOB + 3, _KNOB + 3)
        painter.setBrush(QColor(tokens().card))
        painter.setPen(QPen(QColor(tokens().accent), 2))
        painter.drawEllipse(QPointF(x, GROOVE), _KNOB, _KNOB)

    def _paint_labels(self, painter: QPainter) -> None:
        for index, place in self.labels():
            is_current = index == self.value()
            painter.setFont(font(11, 600 if is_current else 400))
            painter.setPen(QColor(tokens().accent_text if is_current else tokens().text3))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, number(self.steps[index]))

    def labels(self) -> list[tuple[int, QRect]]:
        """(index, place) of the steps that are written: the current one, the ends, then as many as do not touch."""
        wanted = list(dict.fromkeys((self.value(), 0, len(self.steps) - 1, *self._spread())))
        return self.placed([(number(self.steps[index]), self.x_of(index)) for index in wanted], wanted)

    def placed(self, wanted: Sequence[tuple[str, float]], keys: Sequence[Key]) -> list[tuple[Key, QRect]]:
        """Where words stand under the groove, of those (words, pixel) that touch none before them; by their keys."""
        metrics, found = QFontMetrics(font(11, 600)), list[tuple[Key, QRect]]()
        for (words, x), key in zip(wanted, keys, strict=True):
            width = metrics.horizontalAdvance(words) + 2
            left = min(max(0, round(x - width / 2)), self.width() - width)
            place = QRect(left, 2 * GROOVE + 3, width, _LINE)
            if not any(place.adjusted(-_APART, 0, _APART, 0).intersects(other) for _, other in found):
                found.append((key, place))
        return found

    def _spread(self) -> list[int]:
        """Every n-th step, the coarse ones first, so that what is left out is left out evenly."""
        every = max(1, -(-len(self.steps) * 46 // max(1, self.width())))
        return list(range(0, len(self.steps), every))

    # -- choosing ------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self.setValue(self.index_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setValue(self.index_at(event.position().x()))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Right and up go on in time, left and down back."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1}.get(
            Qt.Key(event.key())
        )
        if step is None:
            super().keyPressEvent(event)
            return
        self.setValue(self.value() + step)
