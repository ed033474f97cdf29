"""What the painted widgets and delegates share: rounded boxes, focus rings, elided text, dots and spark lines."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen, QPolygonF

from studio.theme import tokens

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTER = Qt.AlignmentFlag.AlignCenter


def tinted(colour: str, alpha: int) -> QColor:
    """The colour with an opacity from 0 to 255."""
    made = QColor(colour)
    made.setAlpha(alpha)
    return made


def box(
    painter: QPainter,
    rect: QRect,
    radius: float,
    fill: str | QColor | None = None,
    border: str | None = None,
    width: float = 1,
) -> None:
    """A rounded box whose border lies inside `rect`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(border), width) if border else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill) if fill is not None else Qt.BrushStyle.NoBrush)
    inset = width / 2 if border else 0
    painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), radius, radius)
    painter.restore()


def focus_ring(painter: QPainter, rect: QRect, radius: float, inner: str | None = None) -> None:
    """Two pixels of the accent, the same for everything that can have the keyboard. Where the accent itself is the
    ground, or already the border, an `inner` ring within it is what is seen."""
    box(painter, rect, radius, border=tokens().accent, width=2)
    if inner is not None:
        box(painter, rect.adjusted(2, 2, -2, -2), max(1, radius - 2), border=inner, width=2)


def chosen_ring(painter: QPainter, rect: QRect, radius: float) -> None:
    """The ring of what may be chosen, and has the accent as its border then: a second one, within a gap."""
    focus_ring(painter, rect, radius)
    box(painter, rect.adjusted(4, 4, -4, -4), max(1, radius - 3), border=tokens().accent, width=2)


def text(painter: QPainter, rect: QRect, words: str, font: QFont, colour: str, align: Qt.AlignmentFlag = LEFT) -> int:
    """One line, elided where it does not fit; returns the width it took. Never clipped up and down."""
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(rect, align | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip, shown)
    return metrics.horizontalAdvance(shown)


def dot(
    painter: QPainter, centre: QPointF, radius: float, colour: str, halo: bool = False, hollow: bool = False
) -> None:
    """A state's dot: with a halo for what goes on now, hollow for what has not begun."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    if halo:
        painter.setBrush(tinted(colour, 60))
        painter.drawEllipse(centre, radius + 2.5, radius + 2.5)
    painter.setBrush(Qt.BrushStyle.NoBrush if hollow else QColor(colour))
    if hollow:
        painter.setPen(QPen(QColor(colour), 1.4))
    painter.drawEllipse(centre, radius, radius)
    painter.restore()


def spark_points(rect: QRectF, xs: np.ndarray, ys: np.ndarray) -> list[QPointF]:
    """The finite points of a curve, scaled to `rect`, no more than its width in pixels."""
    keep = np.isfinite(ys) & np.isfinite(xs)
    xs, ys = np.asarray(xs, dtype=float)[keep], np.asarray(ys, dtype=float)[keep]
    if len(xs) < 2:
        return []
    most = max(2, int(rect.width()))
    if len(xs) > most:
        chosen = np.linspace(0, len(xs) - 1, most).round().astype(int)
        xs, ys = xs[chosen], ys[chosen]
    across = (xs - xs[0]) / max(xs[-1] - xs[0], 1e-12)
    span = ys.max() - ys.min()
    up = (ys - ys.min()) / span if span > 1e-12 else np.full(len(ys), 0.5)
    return [
        QPointF(rect.left() + x * rect.width(), rect.bottom() - y * rect.height())
        for x, y in zip(across, up, strict=True)
    ]


def spark(
    painter: QPainter,
    rect: QRect,
    xs: np.ndarray,
    ys: np.ndarray,
    colour: str,
    fill: bool = False,
    end_dot: bool = False,
) -> None:
    """A curve without axes; nothing for less than two points."""
    inner = QRectF(rect).adjusted(2, 3, -3, -2)
    points = spark_points(inner, xs, ys)
    if not points:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if fill:
        area = QPainterPath(QPointF(points[0].x(), rect.bottom()))
        area.addPolygon(
            QPolygonF([QPointF(points[0].x(), rect.bottom()), *points, QPointF(points[-1].x(), rect.bottom())])
        )
        painter.fillPath(area, tinted(colour, 28))
    painter.setPen(QPen(QColor(colour), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPolyline(QPolygonF(points))
    painter.restore()
    if end_dot:
        dot(painter, points[-1], 2.2, colour)


def bar(painter: QPainter, rect: QRect, share: float, colour: str) -> None:
    """A filled share of a track, with round ends."""
    radius = rect.height() / 2
    box(painter, rect, radius, tokens().track)
    share = min(1.0, max(0.0, share))
    if share > 0:
        filled = QRect(rect.left(), rect.top(), max(rect.height(), round(rect.width() * share)), rect.height())
        box(painter, filled, radius, colour)
