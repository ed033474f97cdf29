"""PairView: two maps side by side and their difference, with one crosshair for all."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.plots.attention.map_data import MapData
from studio.plots.attention.map_words import cell_words, read_out
from studio.plots.attention.pair_picture import PairPicture, Place
from studio.plots.charts.tooltip import Line, Tooltip
from studio.theme import CHIP_RADIUS, tokens
from studio.translation import tr
from studio.widgets import painting

_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
_LEAST_HEIGHT = 240


class PairView(QWidget):
    """The pointer or the arrow keys move the crosshair, in all maps where their words are the same; the keys A and B
    take it to the other map where they are not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pairView")
        self.setAccessibleName(tr("Two attention maps and their difference"))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self._picture: PairPicture | None = None
        self._room: float | None = None
        self._drawn: QImage | None = None
        self._crosshair: tuple[int, Place] | None = None
        self._bubble = Tooltip(self)

    @property
    def picture(self) -> PairPicture | None:
        """What is shown: `end` and `difference_end` for colour bars; `paint` and `height` for files."""
        return self._picture

    @property
    def crosshair(self) -> tuple[int, Place] | None:
        """(which map, (query, key)) that is read out now."""
        return self._crosshair

    def set_maps(self, left: MapData, right: MapData, left_title: str, right_title: str) -> None:
        """Show two maps; the crosshair stays where the words are the same."""
        old = self._picture
        titles = (left_title, right_title, tr("difference: {left} − {right}", left=left_title, right=right_title))
        self._lay_out(left, right, titles)
        is_same = old is not None and (old.left.keys, old.right.keys) == (left.keys, right.keys)
        self._point_at(self._crosshair if is_same else None)

    def _lay_out(self, left: MapData, right: MapData, titles: tuple[str, str, str]) -> None:
        self._picture = PairPicture(left, right, titles, self._space, may_grow=self._room is not None)
        self._drawn = None
        grows = left.is_pooled or right.is_pooled or self._room is not None
        self.setMinimumHeight(max(_LEAST_HEIGHT, self._picture.needed) if grows else _LEAST_HEIGHT)
        self.update()

    @property
    def _space(self) -> QSizeF:
        return QSizeF(self.width(), self.height() if self._room is None else self._room)

    def set_room(self, height: float) -> None:
        """How high the maps should be in all, where more can be scrolled to: they then take what they need."""
        self._room = height
        self._lay_out_again()

    def _lay_out_again(self) -> None:
        if self._picture is not None and self._picture.size != self._space:
            self._lay_out(self._picture.left, self._picture.right, self._picture.titles)
            self._point_at(None)

    def sizeHint(self) -> QSize:
        return QSize(760, 420)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, self.minimumHeight())

    def image(self, scale: float = 2.0) -> QImage:
        """The maps without crosshair on the card's colour, `scale` pixels a point."""
        assert self._picture is not None
        height = min(self._picture.needed + 8, max(self.height(), self._picture.needed))
        return self._painted(QSize(self.width(), height), scale, QColor(tokens().card))

    def _painted(self, size: QSize, scale: float, ground: QColor) -> QImage:
        drawn = QImage(size * scale, QImage.Format.Format_ARGB32_Premultiplied)
        drawn.setDevicePixelRatio(scale)
        drawn.fill(ground)
        painter = QPainter(drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        assert self._picture is not None
        self._picture.paint(painter)
        painter.end()
        return drawn

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._picture is None:
            return
        if self._drawn is None:
            self._drawn = self._painted(self.size(), self.devicePixelRatioF(), QColor(Qt.GlobalColor.transparent))
        painter = QPainter(self)
        painter.drawImage(0, 0, self._drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._crosshair is not None:
            self._picture.paint_crosshair(painter, *self._crosshair)
        elif self.hasFocus():
            painting.focus_ring(painter, self.rect(), CHIP_RADIUS)

    # -- looking closer ------------------------------------------------------------------------------------------------

    def _point_at(self, found: tuple[int, Place] | None) -> None:
        self._crosshair = found
        self.update()
        if found is None or self._picture is None:
            self._bubble.hide()
            return
        cell = self._picture.cell(*found)
        spot = QPoint(round(cell.right()) - 8, round(cell.bottom()) - 8)
        self._bubble.show_lines(self._lines(self._picture, *found), spot)

    def _lines(self, picture: PairPicture, index: int, place: Place) -> list[Line]:
        """The two words, then each map's weight."""
        data, (query, key) = picture.maps[index], place
        shown = range(len(picture.maps)) if picture.has_difference else (index,)
        figures = [(picture.titles[one], read_out(picture.maps[one], query, key), None) for one in shown]
        return [(cell_words(data, query, key), "", None), *figures]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self._picture.at(event.position()) if self._picture is not None else None)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if self._picture is not None and step is not None:
            index, place = self._crosshair or (0, (-1, -1))
            at = (0, 0) if place == (-1, -1) else self._picture.neighbour(index, place, step)
            self._point_at((index, at))
        elif self._picture is not None and event.text() in ("a", "b") and self._crosshair is not None:
            index = "ab".index(event.text())
            if self._picture.has(index, self._crosshair[1]):
                self._point_at((index, self._crosshair[1]))
        elif event.key() == Qt.Key.Key_Escape and self._crosshair is not None:
            self._point_at(None)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out_again()
