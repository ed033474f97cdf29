"""HeatMap: one attention map as square cells between its words, with a crosshair that reads the exact weight."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.plots.bubble import Bubble
from studio.plots.map_picture import MapData, MapPicture
from studio.theme import tokens
from studio.translation import tr

_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class HeatMap(QWidget):
    """Paints a `MapData`. The pointer or the arrow keys move the crosshair."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("heatMap")
        self.setAccessibleName(tr("Attention map"))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._picture: MapPicture | None = None
        self._drawn: QImage | None = None
        self._crosshair: tuple[int, int] | None = None
        self._bubble = Bubble(self)

    @property
    def data(self) -> MapData | None:
        return self._picture.data if self._picture else None

    @property
    def used_height(self) -> int:
        """How high the map is at this size; 0 before the first."""
        return math.ceil(self._picture.height) if self._picture else 0

    @property
    def crosshair(self) -> tuple[int, int] | None:
        """(query, key) that is read out now."""
        return self._crosshair

    def set_map(self, data: MapData) -> None:
        """Show another map; the crosshair stays when its words are the same."""
        same_words = self.data is not None and (self.data.queries, self.data.keys) == (data.queries, data.keys)
        self._picture = MapPicture(data, QSizeF(self.size()))
        self._drawn = None
        self._point_at(self._crosshair if same_words else None)

    def sizeHint(self) -> QSize:
        return QSize(520, 560)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 220)

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
            self._paint_crosshair(painter, self._picture, *self._crosshair)
        if self.hasFocus() and self._crosshair is None:
            painter.setPen(QPen(QColor(tokens().accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self._picture.cells.adjusted(-2.5, -2.5, 1.5, 1.5), 3, 3)

    def _draw(self, picture: MapPicture) -> QImage:
        ratio = self.devicePixelRatioF()
        drawn = QImage(self.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        picture.paint(painter)
        painter.end()
        return drawn

    def _paint_crosshair(self, painter: QPainter, picture: MapPicture, query: int, key: int) -> None:
        cells, cell = picture.cells, picture.cell(query, key)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens().crosshair), 1.5))
        if not picture.data.is_pooled:
            painter.drawRect(QRectF(cells.left(), cell.top(), cells.width(), cell.height()).adjusted(-1, -1, 0, 0))
        painter.drawRect(QRectF(cell.left(), cells.top(), cell.width(), cells.height()).adjusted(-1, -1, 0, 0))
        painter.setPen(QPen(QColor("#FFFFFF"), 2))
        if cell.width() >= 6:
            painter.drawRect(cell.adjusted(0, 0, -1, -1))
        self._paint_named(painter, picture, query, key)

    def _paint_named(self, painter: QPainter, picture: MapPicture, query: int, key: int) -> None:
        """The two words again, strong and on the card's colour, as their own label may have been left out."""
        color, card = tokens().s2, QColor(tokens().card)
        cell = picture.cell(query, key)
        if not picture.data.is_pooled:
            painter.fillRect(QRectF(0, cell.center().y() - 9, picture.cells.left() - 2, 18), card)
            picture.paint_query(painter, query, color, 600)
        painter.save()
        painter.translate(cell.center().x() + 3, cell.top() - 7 if query == 0 else picture.cells.top() - 7)
        painter.rotate(-60)
        painter.fillRect(QRectF(-2, -7, 118, 15), card)
        painter.restore()
        picture.paint_key(painter, key, color, 600)
        picture.paint_fold_bar(painter, key, color)

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
        data, step = self.data, _STEPS.get(Qt.Key(event.key()))
        if data is not None and step is not None:
            query, key = self._crosshair or (0 if step[0] >= 0 else 1, -1 if step == (0, 1) else 0)
            self._point_at(
                (min(max(query + step[0], 0), len(data.queries) - 1), min(max(key + step[1], 0), len(data.keys) - 1))
            )
        elif event.key() == Qt.Key.Key_Escape and self._crosshair is not None:
            self._point_at(None)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._picture is not None:
            self.set_map(self._picture.data)
            self._point_at(None)


def exact(weight: float) -> str:
    """Three decimals, four for what would else be rounded to nothing."""
    if 0 < weight < 0.00005:
        return "< 0.0001"
    return f"{weight:.4f}" if 0 < weight < 0.0005 else f"{weight:.3f}"
