"""HeatMap: one attention map as square cells between its words, with a crosshair that reads the exact weight."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPoint, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.plots.bubble import Bubble
from studio.plots.map_data import MapData
from studio.plots.map_picture import MapPicture
from studio.plots.strip_picture import StripPicture
from studio.theme import tokens
from studio.translation import tr

_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


Picture = MapPicture | StripPicture
_LEAST_HEIGHT, _NO_LIMIT = 220, 16_777_215


def picture_of(data: MapData, size: QSizeF) -> Picture:
    """Square cells, or the lines of words of a pooled map."""
    return StripPicture(data, size) if data.is_pooled else MapPicture(data, size)


class HeatMap(QWidget):
    """Paints a `MapData`. The pointer or the arrow keys move the crosshair."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("heatMap")
        self.setAccessibleName(tr("Attention map"))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self._picture: Picture | None = None
        self._room = 0.0
        self._drawn: QImage | None = None
        self._crosshair: tuple[int, int] | None = None
        self._bubble = Bubble(self)

    @property
    def data(self) -> MapData | None:
        return self._picture.data if self._picture else None

    @property
    def crosshair(self) -> tuple[int, int] | None:
        """(query, key) that is read out now."""
        return self._crosshair

    def set_map(self, data: MapData) -> None:
        """Show another map; the crosshair stays when its words are the same."""
        same_words = self.data is not None and (self.data.queries, self.data.keys) == (data.queries, data.keys)
        self._lay_out(data)
        self._point_at(self._crosshair if same_words else None)

    def set_room(self, height: float) -> None:
        """How high the lines of a pooled map should be in all; they take more where the text is long."""
        if height != self._room:
            self._room = height
            if self.data is not None:
                self._lay_out(self.data)
                self._point_at(None)

    def _lay_out(self, data: MapData) -> None:
        """A map fills the widget; a pooled one makes the widget as high as its lines."""
        self._picture = picture_of(data, self._size_for(data))
        self._drawn = None
        height = math.ceil(self._picture.height) if data.is_pooled else None
        self.setMinimumHeight(_LEAST_HEIGHT if height is None else height)
        self.setMaximumHeight(_NO_LIMIT if height is None else height)
        self.update()

    def _size_for(self, data: MapData) -> QSizeF:
        return QSizeF(self.width(), self._room) if data.is_pooled else QSizeF(self.size())

    def sizeHint(self) -> QSize:
        return QSize(520, 560)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, self.minimumHeight())

    def image(self, scale: float = 2.0) -> QImage:
        """The map without crosshair on the card's colour, `scale` pixels a point: for files and the clipboard."""
        picture = self._picture
        assert picture is not None
        drawn = QImage(
            round(self.width() * scale),
            round(min(picture.height + 8, self.height()) * scale),
            QImage.Format.Format_RGB32,
        )
        drawn.setDevicePixelRatio(scale)
        drawn.fill(QColor(tokens().card))
        painter = QPainter(drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        picture.paint(painter)
        painter.end()
        return drawn

    # -- painting ------------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._picture is None:
            return
        if self._drawn is None:
            self._drawn = self._draw(self._picture)
        painter = QPainter(self)
        painter.drawImage(0, 0, self._drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._crosshair is not None:
            self._picture.paint_crosshair(painter, *self._crosshair)
        if self.hasFocus() and self._crosshair is None:
            painter.setPen(QPen(QColor(tokens().accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            self._picture.paint_focus(painter)

    def _draw(self, picture: Picture) -> QImage:
        ratio = self.devicePixelRatioF()
        drawn = QImage(self.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        picture.paint(painter)
        painter.end()
        return drawn

    # -- looking closer ------------------------------------------------------------------------------------------------

    def _point_at(self, place: tuple[int, int] | None) -> None:
        self._crosshair = place
        self.update()
        if place is None or self._picture is None:
            self._bubble.hide()
            return
        query, key = place
        data, cell = self._picture.data, self._picture.cell(query, key)
        spot = QPoint(round(cell.right()) - 8, round(cell.bottom()) - 8)
        self._bubble.show_lines([(self._words(data, query, key), exact(float(data.weights[query, key])), None)], spot)

    def _words(self, data: MapData, query: int, key: int) -> str:
        if data.is_pooled:
            return tr("it looks at “{word}”", word=data.keys[key])
        return tr("“{word}” looks at “{other}”", word=data.queries[query], other=data.keys[key])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self._picture.at(event.position()) if self._picture else None)

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if self._picture is not None and step is not None:
            self._point_at(self._picture.neighbour(self._crosshair, step) if self._crosshair else (0, 0))
        elif event.key() == Qt.Key.Key_Escape and self._crosshair is not None:
            self._point_at(None)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._picture is not None and self._picture.size != self._size_for(self._picture.data):
            self._lay_out(self._picture.data)
            self._point_at(None)


def exact(weight: float) -> str:
    """Three decimals, four for what would else be rounded to nothing."""
    if 0 < weight < 0.00005:
        return "< 0.0001"
    return f"{weight:.4f}" if 0 < weight < 0.0005 else f"{weight:.3f}"
