"""HeatMap: one attention map as square cells between its words, with a crosshair that reads the exact weight."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.plots.attention.map_data import MapData
from studio.plots.attention.map_picture import MapPicture
from studio.plots.attention.map_window import WHOLE, Window
from studio.plots.attention.map_words import cell_words, exact, read_out
from studio.plots.attention.strip_picture import StripPicture
from studio.plots.charts.tooltip import Tooltip
from studio.theme import tokens
from studio.translation import tr

__all__ = ["HeatMap", "exact", "picture_of"]

_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


Picture = MapPicture | StripPicture
LEAST_HEIGHT, _NO_LIMIT = 220, 16_777_215
_ZOOM, _PAN = 1.25, 0.25
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def picture_of(data: MapData, size: QSizeF, window: Window = WHOLE) -> Picture:
    """Square cells, or the lines of words of a pooled map."""
    return StripPicture(data, size) if data.is_pooled else MapPicture(data, size, window)


class HeatMap(QWidget):
    """Paints a `MapData`. The pointer or the arrow keys move the crosshair.

    A map of more than 256 tokens can be zoomed (wheel, + and -), moved (dragging, Ctrl and arrows) and reset (Home).
    Of a text pooled into bins, a double click or Enter asks for the tokens of a cell: `zoom_requested(query, key)`.
    `pointed(query, key)` tells where the crosshair is, -1 twice where it is not.
    """

    zoom_requested = Signal(int, int)
    pointed = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("heatMap")
        self.setAccessibleName(tr("Attention map"))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(LEAST_HEIGHT)
        self._picture: Picture | None = None
        self._room = 0.0
        self._drawn: QImage | None = None
        self._words_drawn: tuple[object, QImage] | None = None
        self._crosshair: tuple[int, int] | None = None
        self._marked: int | None = None
        self._dragged_from: QPointF | None = None
        self._bubble = Tooltip(self)

    @property
    def data(self) -> MapData | None:
        return self._picture.data if self._picture else None

    @property
    def crosshair(self) -> tuple[int, int] | None:
        """(query, key) that is read out now."""
        return self._crosshair

    @property
    def window(self) -> Window:
        """The part of a long map that is seen."""
        return self._picture.window if isinstance(self._picture, MapPicture) else WHOLE

    def set_map(self, data: MapData) -> None:
        """Show another map; crosshair and window stay when its words are the same."""
        same_words = self.data is not None and (self.data.queries, self.data.keys) == (data.queries, data.keys)
        self._marked = self._marked if same_words else None
        self._lay_out(data, self.window if same_words else WHOLE)
        self._point_at(self._crosshair if same_words else None)

    def set_marked(self, key: int | None) -> None:
        """Mark a key's column, as it is looked at elsewhere; the crosshair is stronger. Nothing is emitted."""
        self._marked = key
        self.update()

    def set_room(self, height: float) -> None:
        """How high the lines of a pooled map should be in all; they take more where the text is long."""
        if height != self._room:
            self._room = height
            if self.data is not None:
                self._lay_out(self.data)
                self._point_at(None)

    def _lay_out(self, data: MapData, window: Window = WHOLE) -> None:
        """A map fills the widget; a pooled one makes the widget as high as its lines."""
        self._picture = picture_of(data, self._size_for(data), window)
        self._drawn = None
        height = math.ceil(self._picture.height) if data.is_pooled else None
        self.setMinimumHeight(LEAST_HEIGHT if height is None else height)
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
        elif self._marked is not None and 0 <= self._marked < len(self._picture.data.keys):
            self._picture.paint_mark(painter, self._marked)
        if self.hasFocus() and self._crosshair is None:
            painter.setPen(QPen(QColor(tokens().accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            self._picture.paint_focus(painter)

    def _draw(self, picture: Picture) -> QImage:
        """The picture as an image; the words of a map are kept, as they stay the same from head to head."""
        if not isinstance(picture, MapPicture):
            return self._painted(picture.paint)
        key = (picture.data.queries, picture.data.keys, picture.size, picture.window, self.devicePixelRatioF())
        if self._words_drawn is None or self._words_drawn[0] != key:
            self._words_drawn = (key, self._painted(picture.paint_words))
        return self._painted(picture.paint_weights, self._words_drawn[1])

    def _painted(self, paint: Callable[[QPainter], None], ground: QImage | None = None) -> QImage:
        ratio = self.devicePixelRatioF()
        drawn = ground.copy() if ground else QImage(self.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        if ground is None:
            drawn.setDevicePixelRatio(ratio)
            drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint(painter)
        painter.end()
        return drawn

    # -- looking closer ------------------------------------------------------------------------------------------------

    def _point_at(self, place: tuple[int, int] | None) -> None:
        if place != self._crosshair:
            self._crosshair = place
            self.pointed.emit(*(place or (-1, -1)))
        self.update()
        if place is None or self._picture is None:
            self._bubble.hide()
            return
        query, key = place
        data, cell = self._picture.data, self._picture.cell(query, key)
        spot = QPoint(round(cell.right()) - 8, round(cell.bottom()) - 8)
        self._bubble.show_lines([(cell_words(data, query, key), read_out(data, query, key), None)], spot)

    def _zoomable(self) -> MapPicture | None:
        return self._picture if isinstance(self._picture, MapPicture) and self._picture.is_zoomable else None

    def _look_through(self, window: Window) -> None:
        """Show another part of a long map."""
        picture = self._zoomable()
        if picture is not None and window != picture.window:
            self._picture, self._drawn = replace(picture, window=window), None
            self.update()

    def _zoom(self, factor: float, spot: QPointF | None = None) -> None:
        """Closer around a point, else around the crosshair or the middle."""
        picture = self._zoomable()
        if picture is None:
            return
        cells = picture.cells
        if spot is None or not cells.contains(spot):
            spot = picture.cell(*self._crosshair).center() if self._crosshair is not None else cells.center()
        down, across = (spot.y() - cells.top()) / cells.height(), (spot.x() - cells.left()) / cells.width()
        length = min(len(picture.data.queries), len(picture.data.keys))
        self._look_through(picture.window.zoomed(factor, down, across, length))
        self._point_at(self._crosshair)

    def _follow(self, query: int, key: int) -> None:
        """The window goes where the crosshair is sent by the keys."""
        picture = self._zoomable()
        if picture is not None:
            num_queries, num_keys = len(picture.data.queries), len(picture.data.keys)
            down, across = (query / num_queries, (query + 1) / num_queries), (key / num_keys, (key + 1) / num_keys)
            self._look_through(picture.window.showing(*down, *across))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._zoomable() is None:
            event.ignore()  # whatever lies around it scrolls
            return
        self._zoom(_ZOOM ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._zoomable() is not None and event.button() == Qt.MouseButton.LeftButton:
            self._dragged_from = event.position()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = None
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self._picture.at(event.position()) if self._picture else None
        if place is not None and self.data is not None and self.data.is_binned:
            self.zoom_requested.emit(*place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged_from is not None:
            self._drag_to(event.position())
        self._point_at(self._picture.at(event.position()) if self._picture else None)

    def _drag_to(self, spot: QPointF) -> None:
        picture = self._zoomable()
        if picture is not None and self._dragged_from is not None:
            way, cells = self._dragged_from - spot, picture.cells
            self._look_through(picture.window.moved(way.y() / cells.height(), way.x() / cells.width()))
            self._dragged_from = spot

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
        if not (self._picture is not None and (self._point_by_key(event) or self._zoom_by_key(event))):
            super().keyPressEvent(event)

    def _point_by_key(self, event: QKeyEvent) -> bool:
        """Whether the key was for the crosshair."""
        key, step = Qt.Key(event.key()), _STEPS.get(Qt.Key(event.key()))
        assert self._picture is not None
        if step is not None and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            place = self._picture.neighbour(self._crosshair, step) if self._crosshair else self._first_seen()
            self._follow(*place)
            self._point_at(place)
        elif key in _ENTER and self._crosshair is not None and self._picture.data.is_binned:
            self.zoom_requested.emit(*self._crosshair)
        elif key == Qt.Key.Key_Escape and self._crosshair is not None:
            self._point_at(None)
        else:
            return False
        return True

    def _first_seen(self) -> tuple[int, int]:
        picture = self._picture
        return (picture.queries_seen[0], picture.keys_seen[0]) if isinstance(picture, MapPicture) else (0, 0)

    def _zoom_by_key(self, event: QKeyEvent) -> bool:
        """Whether the key was for the window of a long map."""
        key, step = Qt.Key(event.key()), _STEPS.get(Qt.Key(event.key()))
        if self._zoomable() is None:
            return False
        if step is not None:
            self._look_through(self.window.moved(_PAN * step[0], _PAN * step[1]))
            self._point_at(None)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._zoom(_ZOOM**2)
        elif key == Qt.Key.Key_Minus:
            self._zoom(_ZOOM**-2)
        elif key == Qt.Key.Key_Home:
            self._look_through(WHOLE)
            self._point_at(self._crosshair)
        else:
            return False
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._picture is not None and self._picture.size != self._size_for(self._picture.data):
            self._lay_out(self._picture.data, self.window)
            self._point_at(None)
