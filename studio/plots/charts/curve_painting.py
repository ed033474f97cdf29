"""Curve painting: a series and a rule, painted the cheap way."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from studio.plots.charts.frame import Frame
from studio.plots.charts.series import Series


def paint_series(painter: QPainter, frame: Frame, series: Series) -> None:
    """The raw values as a faint line of one pixel, the curve two pixels wide.

    Wide lines are painted as separate pieces, twenty times as fast as one antialiased outline; a thin line over them
    closes the joints.
    """
    if series.is_raw:
        pale = QColor(series.color)
        pale.setAlpha(70)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(pale, 1))
        painter.drawPolyline(QPolygonF(frame.points(*series.faint)))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    points = frame.points(*series.line)
    if len(points) == 1:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(series.color))
        painter.drawEllipse(points[0], 3, 3)
        return
    pen = QPen(QColor(series.color), 2)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if series.is_dashed:
        pen.setDashPattern([3, 2])
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF(points))
        return
    painter.setPen(pen)
    painter.drawLines([QLineF(start, end) for start, end in pairwise(points)])
    painter.setPen(QPen(QColor(series.color), 1))
    painter.drawPolyline(QPolygonF(points))


def paint_band(painter: QPainter, frame: Frame, series: Series) -> None:
    """Between the lower and the upper bound, pale in the curve's colour."""
    if series.band is None:
        return
    xs, low, high = series.band
    pale = QColor(series.color)
    pale.setAlpha(34)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(pale)
    painter.drawPolygon(QPolygonF([*frame.points(xs, high), *reversed(frame.points(xs, low))]))


def paint_rule(painter: QPainter, line: QLineF, color: str, dashes: Sequence[float] | None) -> None:
    """A hairline on whole pixels, solid or dashed."""
    pen = QPen(QColor(color), 1)
    if dashes is not None:
        pen.setDashPattern(list(dashes))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(pen)
    painter.drawLine(line)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
