"""NumberPlot: the number said against the true one, a dot a text; what is right lies on the diagonal."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio import theme
from studio.plots.charts.axes import left_room, round_ticks, tick_words
from studio.plots.charts.curve_painting import paint_rule
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting

_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 22, 40
_FAINT_FROM = 400
"""Texts from which dots are paler, so that where many lie is darker."""


class NumberPlot(QWidget):
    """Both axes have the same range, so that the diagonal is one of 45 degrees as far as the plot is square."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("numberPlot")
        self.setAccessibleName(tr("The number it says against the true one"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(260)
        self._said = self._true = np.empty(0)
        self._drawn: QImage | None = None
        self._drawn_for: object = None

    def show_numbers(self, said: np.ndarray, true: np.ndarray) -> None:
        """float64 [N] each."""
        finite = np.isfinite(said) & np.isfinite(true)
        self._said, self._true, self._drawn = said[finite], true[finite], None
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, 360)

    def range(self) -> tuple[float, float]:
        """Of both axes."""
        both = np.concatenate([self._said, self._true])
        low, high = float(both.min()), float(both.max())
        margin = max(0.04 * (high - low), 1e-6 * max(1.0, abs(low), abs(high)))
        return low - margin, high + margin

    def spot(self, true: float, said: float) -> QPointF:
        """The pixel of a text."""
        place, (low, high) = self._place(), self.range()
        scale = high - low
        return QPointF(
            place.left() + (true - low) / scale * place.width(), place.bottom() - (said - low) / scale * place.height()
        )

    def _place(self) -> QRectF:
        return QRectF(self.rect()).adjusted(left_room(self._tick_words()[1], _LEFT), _TOP, -_RIGHT, -_BOTTOM)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not len(self._said):
            return
        drawn_for = (self.size(), self.devicePixelRatioF(), tokens().card)
        if self._drawn is None or self._drawn_for != drawn_for:
            self._drawn, self._drawn_for = self._drawing(), drawn_for
        QPainter(self).drawImage(QPointF(0, 0), self._drawn)

    def _drawing(self) -> QImage:
        ratio = self.devicePixelRatioF()
        image = QImage(self.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        self._paint_grid(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        low, high = self.range()
        pen = QPen(QColor(tokens().text3), 1)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        painter.drawLine(self.spot(low, low), self.spot(high, high))
        alpha = 200 if len(self._said) < _FAINT_FROM else 90
        painter.setPen(QPen(painting.tinted(tokens().s1, alpha), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        place = self._place()
        across = place.left() + (self._true - low) / (high - low) * place.width()
        down = place.bottom() - (self._said - low) / (high - low) * place.height()
        spots = np.unique(np.round(np.stack([across, down], axis=1) * 2) / 2, axis=0)  # half pixels: more is not seen
        painter.drawPoints(QPolygonF([QPointF(x, y) for x, y in spots.tolist()]))
        painter.end()
        return image

    def _tick_words(self) -> tuple[list[float], list[str]]:
        """The round numbers of both axes, and how they are written."""
        values = round_ticks(*self.range(), 5)
        return values.tolist(), tick_words(values, is_share=False)

    def _paint_grid(self, painter: QPainter) -> None:
        place, tick, colours = self._place(), theme.font(theme.TICK), tokens()
        for value, words in zip(*self._tick_words(), strict=True):
            spot = self.spot(value, value)
            x, y = round(spot.x()), round(spot.y())
            paint_rule(painter, QLineF(place.left(), y, place.right(), y), colours.grid, None)
            paint_rule(painter, QLineF(x, place.top(), x, place.bottom()), colours.grid, None)
            painting.text(
                painter, QRect(0, y - 9, round(place.left()) - 8, 18), words, tick, colours.text3, painting.RIGHT
            )
            room = QRect(x - 40, round(place.bottom()) + 4, 80, 16)
            painting.text(painter, room, words, tick, colours.text3, painting.CENTER)
        top = QRect(0, 0, self.width(), 16)
        painting.text(painter, top, tr("↑ it says"), tick, colours.text3)
        foot = QRect(0, self.height() - 17, self.width() - _RIGHT, 16)
        painting.text(painter, foot, tr("true →"), tick, colours.text3, painting.RIGHT)
