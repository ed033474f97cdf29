"""FilmFrames: as many small maps of a film as fit, the one that is shown among them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.numbers import number
from studio.plots.attention.weights import colors, scale_end, shrunk
from studio.theme import icon, tokens
from studio.translation import tr

_PIXELS, _LEAST, _MOST, _GAP, _RING = 64, 36, 56, 7, 3
_STAR = 12


class FilmFrames(QWidget):
    """All frames share one scale, so that a head is seen to sharpen. The best checkpoint's has a star."""

    chosen = Signal(int)
    arranged = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("This head through training"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._maps: Sequence[np.ndarray] = ()
        self._steps: Sequence[int] = ()
        self._best: int | None = None
        self._end = 1.0
        self._images: dict[int, QImage] = {}
        self._current = 0

    def set_frames(
        self, maps: Sequence[np.ndarray], steps: Sequence[int], best: int | None, special: np.ndarray | None
    ) -> None:
        self._maps, self._steps, self._best = maps, steps, best
        self._end = max((_end_of(one, special) for one in maps), default=1.0)
        self._images.clear()
        self._current = min(self._current, max(0, len(maps) - 1))
        self.updateGeometry()
        self._tell_ends()
        self.update()

    def set_current(self, index: int) -> None:
        self._current = index
        self.update()

    # -- where things lie ----------------------------------------------------------------------------------------------

    def _side(self) -> int:
        """All frames side by side if they can be as small as that; else as many as fit at the least size."""
        num = max(1, len(self._maps))
        side = (self.width() - 2 * _RING + _GAP) // num - _GAP
        return max(_LEAST, min(_MOST, side))

    def shown(self) -> list[int]:
        """The frames that have a picture: evenly drawn, the first and the last, and the current one instead of its
        nearest neighbour."""
        num = len(self._maps)
        places = min(num, max(2, (self.width() - 2 * _RING + _GAP) // (self._side() + _GAP)))
        found = np.linspace(0, num - 1, places).round().astype(int).tolist() if num else []
        if num and self._current not in found:
            nearest = min(range(len(found)), key=lambda place: abs(found[place] - self._current))
            found[nearest] = self._current
        return found

    def rect(self, place: int) -> QRect:
        """Where the picture in one place of the row lies; the first and last are flush with the edges."""
        num, side = len(self.shown()), self._side()
        room = self.width() - 2 * _RING - side
        is_row = len(self._maps) * (side + _GAP) - _GAP <= self.width() - 2 * _RING and side == _MOST
        left = place * (side + _GAP) if is_row else round(place * room / max(1, num - 1))
        return QRect(_RING + left, _RING, side, side)

    def _tell_ends(self) -> None:
        """The middles of the first and the last picture: there the slider begins and ends."""
        if self._maps:
            first, last = self.rect(0), self.rect(len(self.shown()) - 1)
            self.arranged.emit(first.center().x() + 0.5, last.center().x() + 0.5)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_ends()

    def sizeHint(self) -> QSize:
        return QSize(320, self._side() + 2 * _RING)

    def minimumSizeHint(self) -> QSize:
        return QSize(2 * _LEAST + _GAP + 2 * _RING, _LEAST + 2 * _RING)

    # -- painting ------------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, index in enumerate(self.shown()):
            rect = self.rect(place)
            outline = QPainterPath()
            outline.addRoundedRect(QRectF(rect), 3, 3)
            painter.save()
            painter.setClipPath(outline)
            painter.drawImage(rect, self._image(index))
            painter.restore()
            if self._steps[index] == self._best:
                self._paint_star(painter, rect)
            if index == self._current:
                painter.setPen(QPen(QColor(tokens().accent), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(rect).adjusted(-2, -2, 2, 2), 4, 4)

    def _paint_star(self, painter: QPainter, rect: QRect) -> None:
        place = QRect(rect.right() - _STAR, rect.top() + 1, _STAR, _STAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(18, 19, 24, 190))
        painter.drawEllipse(QRectF(place).adjusted(-1, -1, 1, 1))
        icon("ph.star-fill", "#FFFFFF").paint(painter, place.adjusted(2, 2, -2, -2))

    def _image(self, index: int) -> QImage:
        if index not in self._images:
            pixels = colors(shrunk(self._maps[index], _PIXELS).astype(np.float32), self._end)
            rows, columns = pixels.shape[:2]
            made = QImage(pixels.tobytes(), columns, rows, 4 * columns, QImage.Format.Format_RGB32)
            self._images[index] = made.copy()
        return self._images[index]

    # -- choosing ------------------------------------------------------------------------------------------------------

    def _at(self, x: float) -> int | None:
        for place, index in enumerate(self.shown()):
            rect = self.rect(place)
            if rect.left() <= x <= rect.right():
                return index
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position().x())
        if index is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(index)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self._at(event.pos().x())
            QToolTip.showText(event.globalPos(), "" if index is None else self._words(index), self)
            return True
        return super().event(event)

    def _words(self, index: int) -> str:
        step = number(self._steps[index])
        return tr("best, step {step}", step=step) if self._steps[index] == self._best else tr("step {step}", step=step)


def _end_of(weights: np.ndarray, special: np.ndarray | None) -> float:
    return scale_end(weights, np.zeros(weights.shape[-1], dtype=bool) if special is None else special)
