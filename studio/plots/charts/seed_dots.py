"""SeedDots: what each variant reached with each seed, as dots on one axis a figure, with the mean as a mark."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio import theme
from studio.numbers import percent
from studio.plots.charts.axes import round_ticks
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting

_ROW, _TITLE, _TICKS, _GAP, _RADIUS, _REACH = 30, 26, 20, 28, 4.0, 9.0
_MOST_LABEL = 150


@dataclass(frozen=True)
class SeedValue:
    """One dot: its value (a share), what it is called, and the key that is told when it is pressed."""

    value: float
    words: str
    key: str


@dataclass(frozen=True)
class DotRow:
    """A variant: its name, and its values for each axis in the axes' order."""

    label: str
    values: tuple[tuple[SeedValue, ...], ...]


class SeedDots(QWidget):
    """Axes side by side, variants below each other. `chosen(key)` when a dot is pressed."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("seedDots")
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._axes: tuple[str, ...] = ()
        self._rows: tuple[DotRow, ...] = ()

    def show_rows(self, axes: Sequence[str], rows: Sequence[DotRow]) -> None:
        """`axes` are the titles of the figures."""
        self._axes, self._rows = tuple(axes), tuple(_known(row) for row in rows)
        self.setAccessibleName(tr("Each variant's value with each seed"))
        self.setAccessibleDescription("; ".join(_spoken(row, self._axes) for row in self._rows))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, _TITLE + _ROW * max(1, len(self._rows)) + _TICKS)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, self.sizeHint().height())

    def dot_at(self, place: QPointF) -> SeedValue | None:
        """The nearest dot under the mouse."""
        dots = [(_distance(where, place), one) for where, one in self._dots()]
        near = [(distance, one) for distance, one in dots if distance <= _REACH]
        return min(near, key=lambda pair: pair[0])[1] if near else None

    def place_of(self, key: str, axis: int = 0) -> QPointF:
        """Where a key's dot is painted on an axis."""
        return next(self._place(axis, row, one) for row, one in self._all(axis) if one.key == key)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self.dot_at(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        one = self.dot_at(event.position())
        if one is not None:
            self.chosen.emit(one.key)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            one = self.dot_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), one.words if one else "", self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._axes:
            return
        painter, colours = QPainter(self), tokens()
        for row, one in enumerate(self._rows):
            place = QRect(0, _TITLE + row * _ROW, self._label_width() - 8, _ROW)
            painting.text(painter, place, one.label, theme.font(theme.BODY, 500), colours.text)
        for axis in range(len(self._axes)):
            self._paint_axis(painter, axis)

    def _paint_axis(self, painter: QPainter, axis: int) -> None:
        colours, panel = tokens(), self._panel(axis)
        title = QRect(round(panel.left()), 0, round(panel.width()), _TITLE - 6)
        painting.text(painter, title, self._axes[axis], theme.font(theme.CAPTION, 600), colours.text2)
        low, high = self._range(axis)
        ticks = round_ticks(low, high, max(2, int(panel.width() // 70)))
        digits = 0 if np.allclose(100 * ticks, np.round(100 * ticks)) else 1
        for value in ticks.tolist():
            x = round(self._x(axis, value))
            painter.fillRect(QRect(x, _TITLE, 1, self._rows_height()), QColor(colours.grid))
            self._paint_tick(painter, x, percent(value, digits), panel)
        for row in range(len(self._rows)):
            middle = _TITLE + row * _ROW + _ROW // 2
            painter.fillRect(QRectF(panel.left(), middle, panel.width(), 1), QColor(colours.line))
            self._paint_values(painter, axis, row)

    def _paint_tick(self, painter: QPainter, x: int, words: str, panel: QRectF) -> None:
        font = theme.font(theme.TICK)
        width = QFontMetrics(font).horizontalAdvance(words) + 2
        left = min(max(x - width // 2, round(panel.left()) - 8), round(panel.right()) + 8 - width)
        place = QRect(left, _TITLE + self._rows_height() + 3, width, _TICKS - 3)
        painting.text(painter, place, words, font, tokens().text3)

    def _paint_values(self, painter: QPainter, axis: int, row: int) -> None:
        values = self._rows[row].values[axis]
        if not values:
            return
        colours = tokens()
        mean = self._x(axis, float(np.mean([one.value for one in values])))
        middle = _TITLE + row * _ROW + _ROW / 2
        painter.fillRect(QRectF(mean - 1, middle - 9, 2, 19), QColor(colours.s2))
        for one in values:
            painting.dot(painter, self._place(axis, row, one), _RADIUS, colours.card)
            painting.dot(painter, self._place(axis, row, one), _RADIUS - 1, colours.s1)

    def _dots(self) -> list[tuple[QPointF, SeedValue]]:
        return [(self._place(axis, row, one), one) for axis in range(len(self._axes)) for row, one in self._all(axis)]

    def _all(self, axis: int) -> list[tuple[int, SeedValue]]:
        return [(row, one) for row, found in enumerate(self._rows) for one in found.values[axis]]

    def _place(self, axis: int, row: int, one: SeedValue) -> QPointF:
        return QPointF(self._x(axis, one.value), _TITLE + row * _ROW + _ROW / 2 + 0.5)

    def _x(self, axis: int, value: float) -> float:
        panel, (low, high) = self._panel(axis), self._range(axis)
        return panel.left() + (value - low) / (high - low) * panel.width()

    def _panel(self, axis: int) -> QRectF:
        left, count = self._label_width(), len(self._axes)
        width = (self.width() - left - 10 - _GAP * (count - 1)) / count
        return QRectF(left + axis * (width + _GAP), _TITLE, max(10.0, width), self._rows_height())

    def _range(self, axis: int) -> tuple[float, float]:
        """A little more than the values, at least two points wide, within 0 to 1."""
        values = [one.value for _, one in self._all(axis)] or [0.0, 1.0]
        low, high = min(values), max(values)
        air = max(0.08 * (high - low), (0.02 - (high - low)) / 2, 0.002)
        return min(low, max(0.0, low - air)), max(high, min(1.0, high + air))

    def _label_width(self) -> int:
        metrics = QFontMetrics(theme.font(theme.BODY, 500))
        return min(_MOST_LABEL, max((metrics.horizontalAdvance(row.label) for row in self._rows), default=60) + 20)

    def _rows_height(self) -> int:
        return _ROW * len(self._rows)


def _known(row: DotRow) -> DotRow:
    """Without what is no number."""
    return replace(row, values=tuple(tuple(one for one in found if math.isfinite(one.value)) for found in row.values))


def _distance(one: QPointF, other: QPointF) -> float:
    return float(np.hypot(one.x() - other.x(), one.y() - other.y()))


def _spoken(row: DotRow, axes: Sequence[str]) -> str:
    told = [
        f"{axis} {', '.join(percent(one.value) for one in values)}"
        for axis, values in zip(axes, row.values, strict=True)
        if values
    ]
    return f"{row.label}: {'; '.join(told)}"
