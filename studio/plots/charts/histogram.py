"""Histogram: how long the texts are, with the median and the length beyond which the model sees nothing."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.plots.charts.length_bins import LengthBins, length_bins, round_ticks
from studio.theme import font, tokens
from studio.translation import tr

_LABELS_HEIGHT = 20
_TICKS_HEIGHT = 20


class Histogram(QWidget):
    """Bars over the number of tokens; bars beyond the limit take the second colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bins: LengthBins | None = None
        self.setObjectName("lengths")
        self.setAccessibleName(tr("Length of texts"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 96)

    def show_lengths(self, lengths: np.ndarray, limit: int) -> None:
        """Draw lengths in tokens, one a text; nothing is drawn for no text."""
        self._bins = length_bins(lengths, limit) if len(lengths) else None
        if self._bins is not None:
            self.setAccessibleDescription(
                tr("Half are shorter than {median} tokens; {count} pass the limit of {limit}.",
                   median=self._bins.median, count=self._bins.num_over, limit=limit)
            )  # fmt: skip
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 128)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._bins is None:
            return
        painter = QPainter(self)
        painter.setFont(font(11))
        self._draw_bars(painter, self._bins)
        self._draw_ticks(painter, self._bins)
        self._draw_marks(painter, self._bins)

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(1, _LABELS_HEIGHT, -1, -_TICKS_HEIGHT)

    def _x(self, value: float, bins: LengthBins) -> float:
        area = self._area()
        return float(area.left() + area.width() * value / bins.right)

    def _draw_bars(self, painter: QPainter, bins: LengthBins) -> None:
        area = self._area()
        colors = tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for left, right, count in zip(bins.edges, bins.edges[1:], bins.counts, strict=False):
            if not count:
                continue
            height = max(2.0, (area.height() - 4) * count / bins.counts.max())
            bar = QRectF(
                QPointF(self._x(left, bins) + 0.5, area.bottom() - height),
                QPointF(self._x(right, bins) - 0.5, area.bottom()),
            )
            color = QColor(colors.s2 if left >= bins.limit else colors.s1)
            color.setAlphaF(0.8)
            painter.setBrush(color)
            painter.drawRoundedRect(bar, 1, 1)

    def _draw_ticks(self, painter: QPainter, bins: LengthBins) -> None:
        area = self._area()
        painter.fillRect(QRectF(area.left(), area.bottom(), area.width(), 1), QColor(tokens().line))
        painter.setPen(QColor(tokens().text3))
        metrics = QFontMetricsF(painter.font())
        for tick in round_ticks(bins.right):
            text = f"{tick:,}"
            width = metrics.horizontalAdvance(text)
            left = min(max(self._x(tick, bins) - width / 2, 0.0), self.width() - width)
            painter.drawText(QPointF(left, self.height() - 4), text)

    def _draw_marks(self, painter: QPainter, bins: LengthBins) -> None:
        colors = tokens()
        median = tr("half are shorter than {median}", median=bins.median)
        taken = self._draw_mark(painter, self._x(bins.median, bins), median, colors.text2, Qt.PenStyle.SolidLine, 0.0)
        if bins.limit <= bins.right:
            limit = tr("limit {limit}", limit=bins.limit)
            self._draw_mark(painter, self._x(bins.limit, bins), limit, colors.s2, Qt.PenStyle.DashLine, taken + 8)

    def _draw_mark(
        self, painter: QPainter, x: float, text: str, color: str, style: Qt.PenStyle, free_from: float
    ) -> float:
        """Draw a line with its words above, not left of `free_from`; returns where the words end."""
        area = self._area()
        painter.setPen(QPen(QColor(color), 1, style))
        painter.drawLine(QLineF(round(x) + 0.5, area.top() - 2, round(x) + 0.5, area.bottom()))
        painter.setPen(QColor(color))
        width = QFontMetricsF(painter.font()).horizontalAdvance(text)
        left = max(min(max(x - width / 3, 0.0), self.width() - width), free_from)
        if left + width <= self.width() + 1:
            painter.drawText(QPointF(left, area.top() - 7), text)
        return left + width
