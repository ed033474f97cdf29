"""ReliabilityPlot: how often it is right against how sure it is, before and after a correction."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.records import Reliability
from studio import theme
from studio.numbers import percent
from studio.plots.charts.axes import left_room
from studio.plots.charts.curve_painting import paint_rule
from studio.plots.charts.frame import Frame
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting

_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 10, 8, 26
_TICKS = (0.25, 0.5, 0.75, 1.0)
_NEAR = 16
_DOT = 6
"""Dots on the edge are shown whole."""


class ReliabilityPlot(QWidget):
    """On the diagonal it is as right as it is sure; below it is too sure. Lines are 95 % intervals."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reliabilityPlot")
        self.setAccessibleName(tr("How sure against how often right"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(190)
        self._main: Reliability | None = None
        self._pale: Reliability | None = None
        self._words = self._pale_words = ""

    def show_reliability(
        self, main: Reliability | None, words: str, pale: Reliability | None = None, pale_words: str = ""
    ) -> None:
        """`words` stand beside the curve; a paler one can be shown behind it."""
        self._main, self._pale = known_bins(main), known_bins(pale)
        self._words, self._pale_words = words, pale_words
        self.setAccessibleDescription("; ".join(told(self._main)) if self._main is not None else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 230)

    def frame(self) -> Frame:
        return Frame(QRectF(self.rect()).adjusted(left_room([percent(1.0, 0)], _LEFT), _TOP, -_RIGHT, -_BOTTOM))

    def spots(self) -> list[QPointF]:
        """The pixel of each bin."""
        return self.frame().points(self._main.said, self._main.true) if self._main is not None else []

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._main is None:
            return
        painter, frame, colours = QPainter(self), self.frame(), tokens()
        self._paint_grid(painter, frame)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(colours.text3), 1)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        painter.drawLine(QPointF(frame.x(0), frame.y(0)), QPointF(frame.x(1), frame.y(1)))
        painter.save()
        painter.setClipRect(frame.rect.adjusted(-_DOT, -_DOT, _DOT, _DOT))
        if self._pale is not None:
            _paint_curve(painter, frame, self._pale, colours.text3, is_pale=True)
        _paint_curve(painter, frame, self._main, colours.s1)
        painter.restore()
        self._paint_names(painter, frame)

    def _paint_grid(self, painter: QPainter, frame: Frame) -> None:
        tick, colours, rect = theme.font(theme.TICK), tokens(), frame.rect
        for value in (0.0, *_TICKS):
            y = round(frame.y(value))
            paint_rule(painter, QLineF(rect.left(), y, rect.right(), y), colours.grid if value else colours.line2, None)
            painting.text(
                painter,
                QRect(0, y - 9, round(rect.left()) - 8, 18),
                percent(value, 0),
                tick,
                colours.text3,
                painting.RIGHT,
            )
        for value in _TICKS:
            words = tr("says {share}", share=percent(value, 0)) if value == _TICKS[0] else percent(value, 0)
            room = QRect(round(frame.x(value)) - 50, round(rect.bottom()) + 6, 100 if value < 1 else 60, 16)
            painting.text(painter, room, words, tick, colours.text3, painting.CENTER if value < 1 else painting.RIGHT)

    def _paint_names(self, painter: QPainter, frame: Frame) -> None:
        """Beside the diagonal, where the curves leave room: they lie below it where it is too sure."""
        assert self._main is not None
        weights = self._main.count / max(1, self._main.count.sum())
        is_below = float(np.sum(weights * (self._main.true - self._main.said))) <= 0
        font, colours, rect = theme.font(theme.CAPTION, 500), tokens(), frame.rect
        names = [(self._words, colours.s1)] + ([(self._pale_words, colours.text2)] if self._pale is not None else [])
        for line, (words, ink) in enumerate(names):
            width = QFontMetrics(font).horizontalAdvance(words) + 2
            left = rect.right() - width - 6 if is_below else rect.left() + 8
            top = rect.bottom() - 24 - 18 * line if is_below else rect.top() + 4 + 18 * line
            painting.text(painter, QRect(round(left), round(top), width, theme.tall(17)), words, font, ink)
        perfect, plain = tr("perfect"), theme.font(theme.CAPTION)
        width = QFontMetrics(plain).horizontalAdvance(perfect) + 2
        at = QPointF(frame.x(0.4), frame.y(0.4))
        left = at.x() - width - 10 if is_below else at.x() + 12
        top = at.y() - 20 if is_below else at.y() + 2
        painting.text(painter, QRect(round(left), round(top), width, theme.tall(17)), perfect, plain, colours.text2)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._main is not None:
            at = QPointF(event.pos())
            near = [(abs(spot.x() - at.x()), number) for number, spot in enumerate(self.spots())]
            distance, number = min(near, default=(_NEAR + 1.0, 0))
            QToolTip.showText(event.globalPos(), told(self._main)[number] if distance <= _NEAR else "", self)
            return True
        return super().event(event)


def known_bins(found: Reliability | None) -> Reliability | None:
    """Those bins whose place is known, and intervals that stay between never and always."""
    if found is None:
        return None
    keep = np.isfinite(found.said) & np.isfinite(found.true)
    low = np.clip(np.where(np.isfinite(found.low), found.low, found.true), 0.0, 1.0)[keep]
    high = np.clip(np.where(np.isfinite(found.high), found.high, found.true), 0.0, 1.0)[keep]
    said, true = np.clip(found.said[keep], 0.0, 1.0), np.clip(found.true[keep], 0.0, 1.0)
    return replace(found, said=said, true=true, low=low, high=high, count=found.count[keep])


def _paint_curve(painter: QPainter, frame: Frame, found: Reliability, color: str, *, is_pale: bool = False) -> None:
    spots = frame.points(found.said, found.true)
    if not is_pale:
        painter.setPen(QPen(painting.tinted(color, 150), 1.5))
        for spot, low, high in zip(spots, found.low.tolist(), found.high.tolist(), strict=True):
            painter.drawLine(QPointF(spot.x(), frame.y(low)), QPointF(spot.x(), frame.y(high)))
    painter.setPen(QPen(QColor(color), 1.2 if is_pale else 2))
    painter.drawPolyline(QPolygonF(spots))
    most = max(1.0, float(found.count.max(initial=0)))
    for spot, count in zip(spots, found.count.tolist(), strict=True):
        radius = 2.5 if is_pale else 2.5 + 2.0 * min(1.0, (count / most) ** 0.5 * 2)  # few texts say little
        painting.dot(painter, spot, radius + 1.5, tokens().card)
        painting.dot(painter, spot, radius, color)


def told(found: Reliability) -> list[str]:
    """Each bin in words."""
    return [
        tr(
            "it says {said}, right in {true} ({low} to {high}) of {count:plural:text:texts}",
            said=percent(float(found.said[place])),
            true=percent(float(found.true[place])),
            low=percent(float(found.low[place])),
            high=percent(float(found.high[place])),
            count=int(found.count[place]),
        )
        for place in range(len(found.said))
    ]
