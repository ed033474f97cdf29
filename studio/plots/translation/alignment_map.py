"""AlignmentMap: the alignment as cells, a row for each written word, a column for each word of the source."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.plots.attention.weights import VIRIDIS, colors
from studio.plots.translation.alignment_arcs import Aligned, Place
from studio.theme import font, tokens
from studio.translation import tr
from studio.widgets import painting

_LARGEST, _SMALLEST = 28.0, 5.0
_WORD, _MOST_WORD = 12, 92.0
_SLOPE = math.radians(58)
_BAR, _BAR_ROOM = 9, 44


class AlignmentMap(QWidget):
    """`pointed(row, place)`: the pointer is in the row of a written word ("target"), or at a word of the source."""

    pointed = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("alignmentMap")
        self.setAccessibleName(tr("Alignment map"))
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._aligned = Aligned((), (), ())
        self._at: Place | None = None
        self._cross: tuple[int, int] | None = None

    @property
    def aligned(self) -> Aligned:
        return self._aligned

    @property
    def cross(self) -> tuple[int, int] | None:
        """(target, source) that the crosshair is at."""
        return self._cross

    def show_words(self, aligned: Aligned) -> None:
        self._aligned, self._at, self._cross = aligned, None, None
        self.updateGeometry()
        self.update()

    def look_at(self, place: Place | None) -> None:
        """The crosshair goes to the strongest look of a written word, or to the word that looks most at one of the
        source; nothing is told."""
        self._at, self._cross = place, self._strongest(place)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, math.ceil(self._cells().bottom()) + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, math.ceil(self._cells().bottom()) + 8)

    def cell(self, target: int, source: int) -> QRectF:
        cells = self._cells()
        width, height = cells.width() / len(self._aligned.source), cells.height() / len(self._aligned.target)
        return QRectF(cells.left() + source * width, cells.top() + target * height, width, height)

    def _strongest(self, place: Place | None) -> tuple[int, int] | None:
        weights = self._aligned.weights
        if place is None or weights is None or not weights.size:
            return None
        row, index = place
        if row == "target":
            return index, int(weights[index].argmax())
        return int(weights[:, index].argmax()), index

    def _cells(self) -> QRectF:
        aligned = self._aligned
        if not aligned.source or not aligned.target:
            return QRectF(0, 0, 1, 1)
        left, top = self._widest(aligned.target) + 10, self._widest(aligned.source) * math.sin(_SLOPE) + 12
        over = self._widest(aligned.source[-2:]) * math.cos(_SLOPE)
        room = self.width() - left - max(over, _BAR_ROOM) - 4
        side = max(_SMALLEST, min(_LARGEST, room / len(aligned.source)))
        height = min(side, 20.0) if len(aligned.target) > 8 else side
        return QRectF(left, top, side * len(aligned.source), height * len(aligned.target))

    @staticmethod
    def _widest(words: tuple[str, ...]) -> float:
        metrics = QFontMetricsF(font(_WORD))
        return min(_MOST_WORD, max((metrics.horizontalAdvance(word) for word in words), default=0.0))

    # --- painting -------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        weights = self._aligned.weights
        if weights is None or not weights.size:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        end = max(1e-6, float(weights.max()))
        shades = colors(np.asarray(weights, dtype=np.float32), end)
        for target, source in np.ndindex(*weights.shape):
            blue, green, red = (int(one) for one in shades[target, source][:3])  # as images have it
            painter.fillRect(self.cell(target, source).adjusted(0.5, 0.5, -0.5, -0.5), QColor(red, green, blue))
        self._paint_words(painter)
        self._paint_cross(painter)
        self._paint_scale(painter, end)

    def _paint_words(self, painter: QPainter) -> None:
        aligned, cells = self._aligned, self._cells()
        metrics = QFontMetricsF(font(_WORD))
        rows_fit = cells.height() / len(aligned.target) >= 11
        for place, word in enumerate(aligned.target):
            if not rows_fit and place % 2:
                continue
            is_lit = self._cross is not None and self._cross[0] == place
            spot = self.cell(place, 0)
            where = QRect(0, round(spot.center().y()) - 9, round(cells.left()) - 6, 18)
            ink = tokens().s2 if is_lit else tokens().text
            painting.text(painter, where, word, font(_WORD, 600 if is_lit else 400), ink, painting.RIGHT)
        step = max(1, math.ceil(11 / (cells.width() / len(aligned.source))))
        for place, word in enumerate(aligned.source):
            is_lit = self._cross is not None and self._cross[1] == place
            if place % step and not is_lit:
                continue
            spot = self.cell(0, place)
            painter.save()
            painter.translate(QPointF(spot.center().x() + 3, cells.top() - 5))
            painter.rotate(-math.degrees(_SLOPE))
            painter.setFont(font(_WORD, 600 if is_lit else 400))
            painter.setPen(QColor(tokens().s2 if is_lit else tokens().text))
            painter.drawText(QPointF(0, 0), metrics.elidedText(word, Qt.TextElideMode.ElideRight, _MOST_WORD))
            painter.restore()

    def _paint_cross(self, painter: QPainter) -> None:
        if self._cross is None:
            return
        cells, cell = self._cells(), self.cell(*self._cross)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(painting.tinted(tokens().s2, 190), 1))
        painter.drawRect(QRectF(cells.left(), cell.top(), cells.width(), cell.height()))
        painter.drawRect(QRectF(cell.left(), cells.top(), cell.width(), cells.height()))
        painter.setPen(QPen(QColor(tokens().s2), 2))
        painter.drawRect(cell)

    def _paint_scale(self, painter: QPainter, end: float) -> None:
        cells = self._cells()
        left = self.width() - _BAR_ROOM + 4
        height = max(24.0, cells.height())
        steps = np.linspace(255, 0, 64).astype(int)
        for place, shade in enumerate(steps):
            red, green, blue = (int(one) for one in VIRIDIS[shade][:3])
            part = QRectF(left, cells.top() + place * height / 64, _BAR, height / 64 + 1)
            painter.fillRect(part, QColor(red, green, blue))
        painter.setFont(font(11))
        painter.setPen(QColor(tokens().text2))
        painter.drawText(QPointF(left + _BAR + 4, cells.top() + 9), f"{end:.2f}")
        painter.drawText(QPointF(left + _BAR + 4, cells.top() + height), "0")

    # --- gestures -------------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cells, aligned = self._cells(), self._aligned
        if aligned.weights is None or not cells.contains(event.position()):
            return
        down, across = event.position().y() - cells.top(), event.position().x() - cells.left()
        target = min(len(aligned.target) - 1, int(down / cells.height() * len(aligned.target)))
        source = min(len(aligned.source) - 1, int(across / cells.width() * len(aligned.source)))
        self._at, self._cross = ("target", target), (target, source)
        self.setToolTip(
            tr(
                "{target} looks at {source} with {weight}",
                target=aligned.target[target],
                source=aligned.source[source],
                weight=f"{aligned.weights[target, source]:.3f}",
            )
        )
        self.pointed.emit("target", target)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit("", -1)
        super().leaveEvent(event)
