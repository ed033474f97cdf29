"""MeterCurve: one small curve with a dashed line (what it should be like) and a dotted one (where it began)."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.plots.charts.curve_painting import paint_rule, paint_series
from studio.plots.charts.frame import Frame
from studio.plots.charts.series import Series, nearest
from studio.theme import tokens
from studio.translation import tr

DASHES, DOTS = (4.0, 4.0), (1.0, 3.0)
_HEIGHT = 50


class MeterCurve(QWidget):
    """52 pixels high, as wide as there is room; the point at the step that is looked at is marked."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._series = Series(tokens().s1, name, is_raw=False)
        self._dashed: float | None = None
        self._dotted: float | None = None
        self._end, self._step, self._ink = 1.0, 0.0, tokens().s1

    def sizeHint(self) -> QSize:
        return QSize(160, _HEIGHT)

    def set_curve(self, xs: np.ndarray, ys: np.ndarray, end: float) -> None:
        keep = np.isfinite(ys)
        self._series.take(xs[keep].copy(), ys[keep].copy())
        self._end = max(1.0, end, self._series.end)
        self.update()

    def set_lines(self, dashed: float | None, dotted: float | None) -> None:
        self._dashed, self._dotted = (
            line if line is not None and np.isfinite(line) else None for line in (dashed, dotted)
        )
        self.update()

    def set_step(self, step: float, ink: str) -> None:
        """Mark the point at a step, in this colour."""
        self._step, self._ink = step, ink
        self.update()

    def frame(self) -> Frame:
        """Where values lie: all of the curve and both lines are seen."""
        lines = [line for line in (self._dashed, self._dotted) if line is not None]
        values = np.append(self._series.ys, lines)
        low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
        margin = 0.06 * (high - low) or 0.05 * abs(high) or 0.5
        rect = QRectF(self.rect()).adjusted(1, 5, -6, -5)
        return Frame(rect, self._end, low - margin, high + margin)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, frame = QPainter(self), self.frame()
        for line, pattern in ((self._dashed, DASHES), (self._dotted, DOTS)):
            if line is not None:
                y = round(frame.y(line))
                paint_rule(painter, QLineF(0, y, self.width(), y), tokens().text3, pattern)
        if not len(self._series.xs):
            return
        self._series.thin(max(2, self.width()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_series(painter, frame, self._series)
        index = nearest(self._series.xs, self._step)
        spot = QPointF(frame.x(float(self._series.xs[index])), frame.y(float(self._series.ys[index])))
        painter.setPen(QPen(QColor(tokens().card), 1.5))
        painter.setBrush(QColor(self._ink))
        painter.drawEllipse(spot, 4.5, 4.5)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and len(self._series.xs):
            index = nearest(self._series.xs, self.frame().value_at(event.pos().x()))
            value = f"{self._series.ys[index]:.3g}"
            told = tr("step {step}: {value}", step=int(self._series.xs[index]), value=value)
            QToolTip.showText(event.globalPos(), told, self)
            return True
        return super().event(event)
