"""HeadGrid: every layer and head of a map as a thumbnail, to choose one from."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.plots.weights import colors, shrunk
from studio.theme import font, tokens
from studio.translation import tr

_LABEL, _GAP, _LARGEST, _SMALLEST, _PIXELS = 20, 5, 40, 10, 32
_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class HeadGrid(QWidget):
    """Rows are layers, columns heads; both count from 1 on the screen and from 0 in `chosen` and `current`."""

    chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("headGrid")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._images: list[list[QImage]] = []
        self._current: tuple[int, int] | None = (0, 0)

    @property
    def current(self) -> tuple[int, int] | None:
        return self._current

    def set_maps(self, weights: np.ndarray, special: np.ndarray) -> None:
        """`weights[layer, head, query, key]`; one thumbnail is made for each head and kept."""
        self._images = _thumbnails(weights, special)
        self.updateGeometry()
        self.update()

    def set_current(self, place: tuple[int, int] | None) -> None:
        """Mark (layer, head), or none while the mean of all heads is shown; nothing is emitted."""
        self._current = place
        if place is not None:
            self.setAccessibleName(tr("Layer {layer}, head {head}", layer=place[0] + 1, head=place[1] + 1))
        self.update()

    # -- where things lie ----------------------------------------------------------------------------------------------

    @property
    def _shape(self) -> tuple[int, int]:
        return len(self._images), len(self._images[0]) if self._images else 0

    def _side(self, width: int) -> int:
        heads = max(1, self._shape[1])
        return max(_SMALLEST, min(_LARGEST, (width - _LABEL - 4) // heads - _GAP))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return _LABEL + self._shape[0] * (self._side(width) + _GAP) + 4

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(320))

    def minimumSizeHint(self) -> QSize:
        return QSize(140, self.heightForWidth(140))

    def place_of(self, layer: int, head: int) -> QRect:
        """The rectangle of a thumbnail."""
        side = self._side(self.width())
        return QRect(_LABEL + 2 + head * (side + _GAP), _LABEL + layer * (side + _GAP), side, side)

    def _at(self, x: float, y: float) -> tuple[int, int] | None:
        pitch = self._side(self.width()) + _GAP
        layer, head = int((y - _LABEL) // pitch), int((x - _LABEL - 2) // pitch)
        layers, heads = self._shape
        return (layer, head) if 0 <= layer < layers and 0 <= head < heads else None

    # -- painting ------------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        layers, heads = self._shape
        for head in range(heads):
            self._paint_number(painter, head, self.place_of(0, head).translated(0, -_LABEL), axis=1)
        for layer in range(layers):
            self._paint_number(
                painter, layer, QRect(0, self.place_of(layer, 0).top(), 16, self._side(self.width())), axis=0
            )
            for head in range(heads):
                painter.drawImage(self.place_of(layer, head), self._images[layer][head])
        if self._current is not None and layers:
            color = QColor(tokens().accent)
            painter.setPen(QPen(color, 2.5 if self.hasFocus() else 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.place_of(*self._current)).adjusted(-2.5, -2.5, 2.5, 2.5), 4, 4)

    def _paint_number(self, painter: QPainter, index: int, place: QRect, axis: int) -> None:
        is_current = self._current is not None and self._current[axis] == index
        painter.setFont(font(11, 600 if is_current else 400))
        painter.setPen(QColor(tokens().accent_text if is_current else tokens().text3))
        if axis == 1:
            place.setHeight(16)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(index + 1))

    # -- choosing ------------------------------------------------------------------------------------------------------

    def _choose(self, place: tuple[int, int]) -> None:
        if place != self._current:
            self.set_current(place)
            self.chosen.emit(*place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._at(event.position().x(), event.position().y())
        if place is not None:
            self._choose(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        layers, heads = self._shape
        if step is None or not layers:
            super().keyPressEvent(event)
            return
        layer, head = self._current or (0, 0)
        self._choose((min(max(layer + step[0], 0), layers - 1), min(max(head + step[1], 0), heads - 1)))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self._at(event.pos().x(), event.pos().y())
            words = tr("Layer {layer}, head {head}", layer=place[0] + 1, head=place[1] + 1) if place else ""
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)


def _thumbnails(weights: np.ndarray, special: np.ndarray) -> list[list[QImage]]:
    """All in one go; each head has its own bright end."""
    small = shrunk(weights, _PIXELS)
    ordinary = shrunk(np.where(special, 0, weights), _PIXELS) if special.any() and not special.all() else small
    ends = np.maximum(ordinary.max(axis=(-2, -1), keepdims=True), 1e-12)
    pixels = colors(small.astype(np.float32), ends)
    rows, columns = pixels.shape[2:4]
    form = QImage.Format.Format_RGB32
    return [[QImage(head.tobytes(), columns, rows, 4 * columns, form).copy() for head in layer] for layer in pixels]
