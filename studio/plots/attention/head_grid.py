"""HeadGrid: every layer and head of a map as a thumbnail, to choose one from or to switch off."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import numpy as np
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolTip, QWidget

from engine.records import HeadFacts
from studio.plots.attention.head_tiles import LABEL, HeadTiles
from studio.plots.attention.head_tiles_painting import paint_tiles, thumbnails
from studio.plots.attention.head_words import Order, Place, fact_words, head_words, ordered
from studio.theme import font, tall, tokens
from studio.translation import tr

_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class HeadGrid(QWidget):
    """Rows are layers, columns heads; both count from 1 on the screen and from 0 in signals and setters.

    `toggled(layer, head)` (M, the middle button or the menu) and `layer_toggled(layer)` (Shift+M, a double click on
    the layer's number or the menu) ask for a switch; what is off is shown when `set_off` says so.
    """

    chosen = Signal(int, int)
    toggled = Signal(int, int)
    layer_toggled = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("headGrid")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._images: list[list[QImage]] = []
        self._current: Place | None = (0, 0)
        self._facts: HeadFacts | None = None
        self._order: Order = "layer"
        self._off: frozenset[Place] = frozenset()
        self._can_switch = True
        self._tiles = HeadTiles((0, 0), 1, ())
        self._drawn: QImage | None = None
        self._menu: QMenu | None = None

    @property
    def current(self) -> Place | None:
        return self._current

    @property
    def order(self) -> Order:
        return self._order

    def set_maps(self, weights: np.ndarray, special: np.ndarray) -> None:
        """`weights[layer, head, query, key]`; one thumbnail is made for each head and kept. Facts of another model's
        heads are forgotten, and marks of heads that there are not."""
        self._images = thumbnails(weights, special)
        if self._facts is not None and self._facts.entropy.shape != self._shape:
            self._facts = None
        self._off = frozenset(place for place in self._off if self._has(place))
        if self._current is not None and not self._has(self._current):
            self._current = None
        self._arrange()

    def set_facts(self, facts: HeadFacts | None) -> None:
        """What the heads do: for the order, the marks and the tooltips. As many layers and heads as the maps have."""
        assert facts is None or facts.entropy.shape == self._shape
        self._facts = facts
        self._arrange()

    def set_order(self, order: Order) -> None:
        """Layers as rows, or sharpest, farthest, most important first, row by row."""
        self._order = order
        self._arrange()

    def set_off(self, off: AbstractSet[Place]) -> None:
        """Show these (layer, head) as switched off; nothing is emitted."""
        if off != self._off:
            self._off = frozenset(off)
            self._repaint_tiles()

    def set_can_switch(self, can_switch: bool) -> None:
        """Whether this model's heads can be switched off at all; else nothing offers it."""
        self._can_switch = can_switch

    def set_current(self, place: Place | None) -> None:
        """Mark (layer, head), or none while the mean of all heads is shown; nothing is emitted."""
        self._current = place
        if place is not None:
            self.setAccessibleName(tr("Layer {layer}, head {head}", layer=place[0] + 1, head=place[1] + 1))
            self.setAccessibleDescription(fact_words(self._facts, place, place in self._off))
        self.update()

    # -- where things lie ----------------------------------------------------------------------------------------------

    @property
    def _shape(self) -> Place:
        return len(self._images), len(self._images[0]) if self._images else 0

    def _has(self, place: Place) -> bool:
        return place[0] < self._shape[0] and place[1] < self._shape[1]

    def _tiles_for(self, width: int) -> HeadTiles:
        is_flow = self._order != "layer" and self._facts is not None
        return HeadTiles(self._shape, width, ordered(self._shape, self._order, self._facts), is_flow)

    def _arrange(self) -> None:
        self._tiles = self._tiles_for(self.width())
        self.updateGeometry()
        self._repaint_tiles()

    def _repaint_tiles(self) -> None:
        self._drawn = None
        self.set_current(self._current)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._tiles_for(width).height

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(320))

    def minimumSizeHint(self) -> QSize:
        return QSize(140, self.heightForWidth(140))

    def place_of(self, layer: int, head: int) -> QRect:
        """The rectangle of a thumbnail."""
        return self._laid_out().rect((layer, head))

    def _laid_out(self) -> HeadTiles:
        if self._tiles.width != self.width():
            self._tiles, self._drawn = self._tiles_for(self.width()), None
        return self._tiles

    def _at(self, event: QMouseEvent | QHelpEvent | QContextMenuEvent) -> Place | None:
        spot = event.position() if isinstance(event, QMouseEvent) else event.pos()
        return self._laid_out().at(spot.x(), spot.y())

    # -- painting ------------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        tiles = self._laid_out()
        if self._drawn is None or self._drawn.size() != self.size() * self.devicePixelRatioF():
            self._drawn = self._draw(tiles)
        painter = QPainter(self)
        painter.drawImage(0, 0, self._drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not tiles.is_flow:
            self._paint_numbers(painter, tiles)
        if self._current in tiles.order:
            self._paint_current(painter, tiles.rect(self._current))

    def _draw(self, tiles: HeadTiles) -> QImage:
        """All thumbnails as one image: another current head costs next to nothing."""
        ratio = self.devicePixelRatioF()
        drawn = QImage(self.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        paint_tiles(painter, tiles, self._images, self._facts, self._off)
        painter.end()
        return drawn

    def _paint_current(self, painter: QPainter, place: QRect) -> None:
        out = 2.5 if self._tiles.gap >= 5 else 1.5
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens().soft_line), 2))
            painter.drawRoundedRect(QRectF(place).adjusted(-out - 2, -out - 2, out + 2, out + 2), 6, 6)
        painter.setPen(QPen(QColor(tokens().accent), 2.5 if self.hasFocus() else 2))
        painter.drawRoundedRect(QRectF(place).adjusted(-out, -out, out, out), 4, 4)

    def _paint_numbers(self, painter: QPainter, tiles: HeadTiles) -> None:
        """Heads on top, layers on the left; every n-th where they are many."""
        layers, heads = self._shape
        pitch = max(1, tiles.side + tiles.gap)
        for head in _thinned(heads, -(-18 // pitch), self._current[1] if self._current else None):
            self._paint_number(painter, head, tiles.rect(tiles.order[head]).translated(0, -LABEL), axis=1)
        for layer in _thinned(layers, -(-13 // pitch), self._current[0] if self._current else None):
            row = tiles.rect(tiles.order[layer * heads])
            self._paint_number(painter, layer, QRect(0, row.top(), 16, tiles.side), axis=0)

    def _paint_number(self, painter: QPainter, index: int, place: QRect, axis: int) -> None:
        is_current = self._current is not None and self._current[axis] == index
        painter.setFont(font(11, 600 if is_current else 400))
        painter.setPen(QColor(tokens().accent_text if is_current else tokens().text3))
        if axis == 1:
            place = QRect(place.center().x() - 12, place.top(), 25, 16)
        elif place.height() < 14:
            place = QRect(place.left(), place.center().y() - tall(7), place.width(), tall(15))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(index + 1))

    # -- choosing and switching ----------------------------------------------------------------------------------------

    def _choose(self, place: Place) -> None:
        if place != self._current:
            self.set_current(place)
            self.chosen.emit(*place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._at(event)
        if place is None:
            return
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(place)
        elif event.button() == Qt.MouseButton.MiddleButton and self._can_switch:
            self.toggled.emit(*place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        layer = self._laid_out().layer_at(event.position().x(), event.position().y())
        if layer is not None and self._can_switch:
            self.layer_toggled.emit(layer)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and self._images:
            self._choose(self._laid_out().neighbour(self._current or (0, 0), step))
        elif event.key() == Qt.Key.Key_M and self._current is not None and self._can_switch:
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.layer_toggled.emit(self._current[0])
            else:
                self.toggled.emit(*self._current)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        is_by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        place = self._current if is_by_key else self._at(event)
        if place is None or not self._can_switch:
            return
        spot = self.place_of(*place).center() if is_by_key else event.pos()
        self._menu = self.menu_for(place)
        self._menu.popup(self.mapToGlobal(spot))

    def menu_for(self, place: Place) -> QMenu:
        """What can be done with a head and its layer."""
        layer, _ = place
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        name = head_words(place)
        words = (
            tr("Switch head {name} on", name=name) if place in self._off else tr("Switch head {name} off", name=name)
        )
        menu.addAction(words).triggered.connect(lambda: self.toggled.emit(*place))
        is_off = all((layer, head) in self._off for head in range(self._shape[1]))
        words = (
            tr("Switch layer {layer} on", layer=layer + 1)
            if is_off
            else tr("Switch layer {layer} off", layer=layer + 1)
        )
        menu.addAction(words).triggered.connect(lambda: self.layer_toggled.emit(layer))
        return menu

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self._at(event)
            words = "" if place is None else self.tooltip_of(place)
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def tooltip_of(self, place: Place) -> str:
        """The head's name and, under it, what it does."""
        name = tr("Layer {layer}, head {head}", layer=place[0] + 1, head=place[1] + 1)
        return "\n".join(line for line in (name, fact_words(self._facts, place, place in self._off)) if line)


def _thinned(num: int, every: int, current: int | None) -> list[int]:
    """Every n-th, but the current one always and none beside it that it would cover."""
    shown = [index for index in range(0, num, every) if current is None or abs(index - current) >= every]
    return shown if current is None or not 0 <= current < num else [*shown, current]
