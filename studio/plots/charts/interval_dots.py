"""IntervalDots: one row of a table of figures: a pale interval, the mean as a dot on it, each seed's value below.

Rows of one table share a `Scale`, so that they can be read against each other; `ScaleTicks` stands under them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio import theme
from studio.plots.charts.axes import round_ticks, tick_words
from studio.theme import tokens
from studio.widgets import painting

_ROW, _TICKS, _AIR = 40, 20, 12
_LEAST, _APART = 120, 8


@dataclass(frozen=True)
class Scale:
    """From `low` to `high` over the width; `baseline` is a value to pass, drawn dotted in every row and named by
    `baseline_words` under them."""

    low: float
    high: float
    is_share: bool = True
    baseline: float | None = None
    baseline_words: str = ""

    def x(self, value: float, width: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return _AIR + min(1.0, max(0.0, share)) * (width - 2 * _AIR)

    def ticks(self, width: float) -> np.ndarray:
        return round_ticks(self.low, self.high, max(2, int(width // 60)))


def scale_of(
    values: Sequence[float],
    ends: Sequence[float],
    *,
    is_share: bool = True,
    baseline: float | None = None,
    baseline_words: str = "",
) -> Scale:
    """Wide enough for all values and the baseline, and for the `ends` of intervals as far as they stay readable."""
    seen = [one for one in (*values, *([] if baseline is None else [baseline])) if np.isfinite(one)] or [0.0, 1.0]
    low, high = min(seen), max(seen)
    span = max(high - low, 0.02 if is_share else abs(high) * 0.02, 1e-9)
    known = [one for one in ends if np.isfinite(one)]
    low, high = (
        max(low - 1.5 * span, min([low, *known])) - 0.06 * span,
        min(high + 1.5 * span, max([high, *known])) + 0.06 * span,
    )
    if is_share:
        low, high = max(0.0, low), min(1.0, high)
    return Scale(low, high if high > low else low + 1e-6, is_share, baseline, baseline_words)


class IntervalDots(QWidget):
    """`half_width` may be nan: then there is no interval."""

    def __init__(
        self,
        value: float,
        half_width: float,
        values: Sequence[float],
        color: str,
        scale: Scale,
        words: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._value, self._half_width, self._values = value, half_width, tuple(values)
        self._color, self._scale = color, scale
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(220, _ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST, _ROW)

    def place_of(self, value: float) -> float:
        """The pixel column of a value."""
        return self._scale.x(value, self.width())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_grid(painter, self._scale, self.width(), self.height())
        middle = self.height() / 2 - 2
        if np.isfinite(self._half_width):
            left, right = (self.place_of(self._value + side * self._half_width) for side in (-1, 1))
            band = QRect(round(left), round(middle - 3), max(2, round(right - left)), 6)
            painting.box(painter, band, 3, painting.tinted(self._color, 90))
        if len(self._values) > 1:
            for one in self._values:
                painting.dot(painter, QPointF(self.place_of(one), middle + 10), 1.6, self._color)
        centre = QPointF(self.place_of(self._value), middle)
        painting.dot(painter, centre, 6, tokens().card)
        painting.dot(painter, centre, 4.5, self._color)


class ScaleTicks(QWidget):
    """The round numbers under the rows."""

    def __init__(self, scale: Scale, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale = scale
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(220, _TICKS)

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST, _TICKS)

    def labels(self) -> list[tuple[float, int, str]]:
        """(left, width, words), none over another: the baseline's name goes before the numbers."""
        metrics, scale = QFontMetrics(theme.font(theme.TICK)), self._scale
        wanted = [] if scale.baseline is None else [(scale.baseline, scale.baseline_words)]
        ticks = scale.ticks(self.width())
        wanted += zip(ticks.tolist(), tick_words(ticks, is_share=scale.is_share), strict=True)
        placed: list[tuple[float, int, str]] = []
        for value, words in wanted:
            width = metrics.horizontalAdvance(words) + 2
            left = min(max(scale.x(value, self.width()) - width / 2, 0.0), float(self.width() - width))
            if words and all(left > at + wide + _APART or left + width + _APART < at for at, wide, _ in placed):
                placed.append((left, width, words))
        return placed

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        for left, width, words in self.labels():
            place = QRect(round(left), 0, width, _TICKS)
            painting.text(painter, place, words, theme.font(theme.TICK), tokens().text3)


def paint_grid(painter: QPainter, scale: Scale, width: int, height: int) -> None:
    """Hairlines at the ticks, and the baseline dotted."""
    for value in scale.ticks(width).tolist():
        painter.fillRect(QRectF(round(scale.x(value, width)), 0, 1, height), QColor(tokens().grid))
    if scale.baseline is not None:
        pen = QPen(QColor(tokens().text3), 1.4)
        pen.setDashPattern([2, 2.5])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        x = round(scale.x(scale.baseline, width)) + 0.5
        painter.drawLine(QPointF(x, 0), QPointF(x, height))
