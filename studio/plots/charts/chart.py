"""Chart: one styled pyqtgraph plot: calm axes, rules and labels, exact values under the pointer and by arrow keys."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QGraphicsLineItem,
    QGraphicsView,
    QMenu,
    QMessageBox,
    QWidget,
)

from engine.errors import InputError
from studio.plots.charts.chart_items import Axis, Curve, Dot, Label, Ticks, View
from studio.plots.charts.tooltip import Line, Tooltip
from studio.plots.export.files import Column, picture_of, save_plot, table_of
from studio.theme import TICK, font, mixed, tall, tokens
from studio.translation import tr, words
from studio.widgets.painting import tinted

_NEAR = 24.0
"""Pixels from a point within which the pointer reads it."""
_FAR = 50.0
"""Heights or widths of the view that a point may lie outside it: a painter fails at huge numbers."""
_ZOOM_KEYS = {Qt.Key.Key_Plus: 0.5, Qt.Key.Key_Equal: 0.5, Qt.Key.Key_Minus: 2.0}
LEFT, CENTER, RIGHT = 0.0, 0.5, 1.0
"""Which part of a label its place is."""


class Chart(pg.PlotWidget):  # type: ignore[misc]
    """What every chart shares. A chart gives its ticks, tells ranges by `fit` and draws what lies over its curves in
    `annotate`; its `readable` points are read out under the pointer and by the arrow keys, by `words_of`; its `figures`
    are what a table of it holds. Its menu (right button, or the menu key) saves it and zooms."""

    zooms_by_wheel_alone = False
    """Else Ctrl is held, and the wheel alone lets the page scroll."""

    def __init__(
        self,
        name: str,
        left: Ticks,
        bottom: Ticks,
        *,
        margins: tuple[int, int] = (8, 10),
        has_grid: tuple[bool, bool] = (True, False),
        room: float = 2.0,
        can_zoom: bool = True,
        view: View | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`margins` are those above and on the right; `has_grid` at the values of the left and of the lower axis;
        `room` see `View`; a `view` of its own takes the mouse in its own way."""
        view = view or View(room, can_zoom=can_zoom)
        upright, lying = Axis("left", left, has_grid=has_grid[0]), Axis("bottom", bottom, has_grid=has_grid[1])
        super().__init__(parent, tokens().card, viewBox=view, axisItems={"left": upright, "bottom": lying})
        self.view, self.left, self.bottom = view, upright, lying
        for axis, place in ((upright, -1000), (lying, -999)):  # hairlines lie under the curves
            axis.setZValue(place)
        self.hideButtons()
        self.destroyed.connect(self.plotItem.ctrlMenu.deleteLater)  # pyqtgraph's own, never shown, has no parent
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)  # a cached background would be pixels in an SVG
        self.setAccessibleName(name)
        self._can_zoom, self._home = can_zoom, (0.0, 0.0, 0.0, 0.0)
        self._over: dict[tuple[type, str], Any] = {}
        self._drawn_over: set[tuple[type, str]] = set()
        self._at: int | None = None
        self._is_fitting = False
        self._bubble = Tooltip(self)
        top, right = margins
        self.plotItem.layout.setContentsMargins(0, top, right, 0)
        self.bottom.setHeight(tall(24))
        self.view.sigRangeChanged.connect(self._on_range)

    # -- where things lie ----------------------------------------------------------------------------------------------

    def fit(self, xs: tuple[float, float], ys: tuple[float, float], left: int | None = None) -> None:
        """Show these values; `left` is the room for the words of the left axis."""
        if left is not None and left != self.left.fixedWidth:
            self.left.setWidth(left)
        self.plotItem.layout.activate()
        if self._home != (*xs, *ys):
            self._home = (*xs, *ys)
            self._is_fitting = True
            self.go_home()
            self._is_fitting = False
        self.relabel()

    def _on_range(self) -> None:
        if not self._is_fitting:
            self.relabel()

    @property
    def ranges(self) -> tuple[float, float, float, float]:
        """The values that are seen: from, to across; from, to upwards."""
        (left, right), (low, high) = self.view.state["viewRange"]
        return left, right, low, high

    def frame_rect(self) -> QRectF:
        """The pixels in which values lie."""
        return QRectF(self.view.sceneBoundingRect())

    def pixels(self, xs: np.ndarray, ys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where values lie, in pixels of the chart."""
        rect, (left, right, low, high) = self.frame_rect(), self.ranges
        across, up = rect.width() / (right - left), rect.height() / (high - low)
        return rect.left() + (xs - left) * across, rect.bottom() - (ys - low) * up

    def spot(self, x: float, y: float) -> QPointF:
        """Where a value lies, in pixels of the chart."""
        across, down = self.pixels(np.array([x]), np.array([y]))
        return QPointF(float(across[0]), float(down[0]))

    def value_at(self, spot: QPointF) -> tuple[float, float]:
        """The values under a pixel."""
        rect, (left, right, low, high) = self.frame_rect(), self.ranges
        x = left + (spot.x() - rect.left()) / max(rect.width(), 1.0) * (right - left)
        return x, low + (rect.bottom() - spot.y()) / max(rect.height(), 1.0) * (high - low)

    # -- what lies in it -----------------------------------------------------------------------------------------------

    def curve(self, color: str, width: float = 2.0, dashes: Sequence[float] | None = None, z: float = 0) -> Any:
        """An empty curve, drawn in separate pieces: many times as fast as one antialiased outline. Its colour must be
        opaque, and its points finite: see `drawable`."""
        pen = pg.mkPen(color, width=width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap if dashes or width <= 1 else Qt.PenCapStyle.RoundCap)
        if dashes is not None:
            pen.setDashPattern(list(dashes))
        curve = Curve(pen=pen, antialias=width > 1 or dashes is not None, skipFiniteCheck=True)
        if dashes is None:
            curve.setSegmentedLineMode("on")
        curve.setZValue(z)
        self.view.addItem(curve, ignoreBounds=True)
        return curve

    def band(self, color: str) -> tuple[Any, Any, Any]:
        """(lower edge, upper edge, area between) in a pale colour, without points."""
        edges = [pg.PlotCurveItem(pen=None, skipFiniteCheck=True) for _ in range(2)]
        area = pg.FillBetweenItem(*edges, brush=pg.mkBrush(tinted(color, 34)))
        for item in (*edges, area):
            self.add(item, -1)
        return (*edges, area)

    def drawable(self, xs: np.ndarray, ys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The finite ones, those far outside the ranges brought nearer."""
        keep = np.isfinite(xs) & np.isfinite(ys)
        left, right, low, high = self.ranges
        across, up = _FAR * (right - left), _FAR * (high - low)
        return np.clip(xs[keep], left - across, right + across), np.clip(ys[keep], low - up, high + up)

    def add(self, item: Any, z: float = 0) -> Any:
        """Put an item of pyqtgraph's into the view; ranges do not follow it."""
        item.setZValue(z)
        self.view.addItem(item, ignoreBounds=True)
        return item

    # -- what lies over it ---------------------------------------------------------------------------------------------

    def annotate(self) -> None:
        """Draw with `rule`, `dot` and `label`, where ranges and pixels are known."""

    def relabel(self) -> None:
        """Draw rules, dots and labels anew; what `annotate` leaves out disappears."""
        if self.frame_rect().width() < 2:
            return
        self._drawn_over.clear()
        self.annotate()
        for key in self._over.keys() - self._drawn_over:
            self._over[key].hide()

    def rule(
        self,
        key: str,
        at: float,
        color: str,
        *,
        is_upright: bool = False,
        dashes: Sequence[float] = (),
        width: int = 1,
    ) -> bool:
        """A hairline through a value, on whole pixels. Returns whether the value is in view."""
        left, right, low, high = self.ranges
        if not (left <= at <= right if is_upright else low <= at <= high):
            return False
        line = self._item(key, QGraphicsLineItem, 5)
        spot, frame = self.spot(at, at), self.frame_rect()
        x, y = round(spot.x()), round(spot.y())
        pen = QPen(QColor(color), width)
        if dashes:
            pen.setDashPattern(list(dashes))
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        line.setPen(pen)
        line.setLine(*((x, frame.top(), x, frame.bottom()) if is_upright else (frame.left(), y, frame.right(), y)))
        return True

    def dot(self, key: str, at: QPointF, radius: float, color: str, border: float = 0.0, edge: str = "") -> None:
        """A dot on a pixel, with a border around it, in the card's colour or in that of its `edge`; none where a closer
        look leaves its place out."""
        room = radius + 2
        if not self.frame_rect().adjusted(-room, -room, room, room).contains(at):
            return
        item = self._item(key, Dot, 10)
        item.setPen(QPen(QColor(edge or tokens().card), border) if border else QPen(Qt.PenStyle.NoPen))
        item.setBrush(QColor(color))
        item.setRect(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius)

    def label(
        self, key: str, words: str, at: QPointF, color: str, *, weight: int = 400, size: int = TICK, part: float = LEFT
    ) -> QRectF:
        """Words in the middle of whose height, at their left, middle or right (`part`), lies the pixel `at`. Returns
        the pixels that they take."""
        item = self._item(key, Label, 20)
        item.write(words, font(size, weight), color)
        room = item.rect()
        corner = QPointF(round(at.x() - part * room.width()), round(at.y() - room.height() / 2))
        item.setPos(corner)
        return QRectF(corner, room.size())

    def _item(self, key: str, kind: type[Any], z: float) -> Any:
        """What was drawn under this name, or a new one; it is seen from now on."""
        place = (kind, key)
        if place not in self._over:
            self._over[place] = kind(self.plotItem)
            self._over[place].setZValue(z)
        self._drawn_over.add(place)
        self._over[place].show()
        return self._over[place]

    def label_size(self, words: str, weight: int = 400, size: int = TICK) -> tuple[float, float]:
        """(width, height) that a label takes."""
        metrics = QFontMetricsF(font(size, weight))
        return metrics.horizontalAdvance(words) + 2, metrics.height() + 2

    def drawForeground(self, painter: QPainter, rect: QRectF | Any) -> None:
        """The ring of what has the keyboard."""
        super().drawForeground(painter, rect)
        if self.hasFocus() and self._at is None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(tokens().accent), 1.5))
            painter.drawRoundedRect(QRectF(self.viewport().rect()).adjusted(1, 1, -1, -1), 6, 6)

    # -- reading -------------------------------------------------------------------------------------------------------

    def readable(self) -> tuple[np.ndarray, np.ndarray | None]:
        """The points that can be read, from left to right; without `ys` any height of a column reads its point."""
        return np.empty(0), None

    def words_of(self, index: int) -> list[Line]:
        """What is read out at a point."""
        raise NotImplementedError

    def read(self, index: int | None) -> None:
        """Read a point out beside it; None puts the reading away."""
        xs, ys = self.readable()
        was = self._at
        self._at = index if index is not None and index < len(xs) else None
        if self._at is None:
            self._bubble.hide()
        else:
            height = self.value_at(self.frame_rect().topLeft())[1] if ys is None else float(ys[self._at])
            spot = self.spot(float(xs[self._at]), height)
            self._bubble.show_lines(self.words_of(self._at), spot.toPoint() + QPoint(0, 8 if ys is None else 0))
        if was != self._at:
            self.relabel()
            if self.hasFocus():
                self.viewport().update()  # for the ring

    @property
    def read_index(self) -> int | None:
        """The point that is read out."""
        return self._at

    def _nearest(self, spot: QPointF) -> int | None:
        xs, ys = self.readable()
        if not len(xs) or not self.frame_rect().adjusted(-6, -6, 6, 6).contains(spot):
            return None
        across, down = self.pixels(xs, np.zeros(len(xs)) if ys is None else ys)
        off = np.abs(across - spot.x()) if ys is None else np.hypot(across - spot.x(), down - spot.y())
        index = int(np.argmin(off))
        return index if ys is None or off[index] <= _NEAR else None

    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        super().mouseMoveEvent(ev)
        self.read(self._nearest(ev.position()))

    def leaveEvent(self, ev: QEvent) -> None:
        self.read(None)
        super().leaveEvent(ev)

    def keyPressEvent(self, ev: QKeyEvent) -> None:
        """The first arrow reads the last point, further ones move by a hundredth of them; Escape puts it away."""
        key, count = Qt.Key(ev.key()), len(self.readable()[0])
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if key == Qt.Key.Key_Escape and self._at is not None:
            self.read(None)
        elif key in ways and count:
            at = count - 1 if self._at is None else self._at + ways[key] * max(1, count // 100)
            self.read(min(max(at, 0), count - 1))
        elif self._can_zoom and key in _ZOOM_KEYS:
            self.view.scaleBy((_ZOOM_KEYS[key], _ZOOM_KEYS[key]))
        elif self._can_zoom and key == Qt.Key.Key_0:
            self.go_home()
        else:
            QWidget.keyPressEvent(self, ev)

    # -- taking it away ------------------------------------------------------------------------------------------------

    def figures(self) -> list[Column]:
        """What is drawn, as columns of one length; none where there is nothing to take away."""
        return []

    def table(self) -> bytes:
        """The figures as CSV."""
        return table_of(self.figures())

    @property
    def has_figures(self) -> bool:
        return any(len(cells) for _, cells in self.figures())

    def save_as(self, path: Path) -> None:
        """Write a picture (.png), a drawing (.svg) or the figures (.csv). Raises InputError."""
        self.read(None)
        save_plot(path, self, self.accessibleName(), self.table)

    def menu(self) -> QMenu:
        """Saving, copying, and the ways to look closer."""
        menu = QMenu(self)
        menu.setObjectName("chartMenu")
        kinds = [(".png", tr("Save as a picture (PNG)…")), (".svg", tr("Save as a drawing (SVG)…"))]
        kinds += [(".csv", tr("Save its figures (CSV)…"))] if self.has_figures else []
        for suffix, title in kinds:
            menu.addAction(title).triggered.connect(lambda _=False, suffix=suffix: self._ask_where(suffix))
        menu.addAction(tr("Copy the picture")).triggered.connect(self._copy)
        if self._can_zoom:
            menu.addSeparator()
            for title, key, factor in ((tr("Zoom in"), "+", 0.5), (tr("Zoom out"), "-", 2.0)):
                action = menu.addAction(f"{title}\t{key}")
                action.triggered.connect(lambda _=False, factor=factor: self.view.scaleBy((factor, factor)))
            menu.addAction(f"{tr('Show all')}\t0").triggered.connect(self.go_home)
        return menu

    def contextMenuEvent(self, ev: QContextMenuEvent) -> None:
        """pyqtgraph has a menu of its own, which is off."""
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(ev.globalPos())
        ev.accept()

    def _ask_where(self, suffix: str) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Save the chart"), f"chart{suffix}", f"*{suffix}")
        if not chosen:
            return
        path = Path(chosen)
        try:
            self.save_as(path if path.suffix else path.with_suffix(suffix))
        except InputError as error:
            box = QMessageBox(QMessageBox.Icon.Warning, tr("Save the chart"), words(error.what), parent=self)
            box.setInformativeText(words(error.mend) if error.mend is not None else "")
            box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            box.open()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setImage(picture_of(self))

    # -- looking closer ------------------------------------------------------------------------------------------------

    def go_home(self) -> None:
        """Show all again after the wheel or a drag."""
        left, right, low, high = self._home
        self.view.setRange(xRange=_wide(left, right), yRange=_wide(low, high), padding=0)

    def mouseDoubleClickEvent(self, ev: QMouseEvent) -> None:
        if self._can_zoom:
            self.go_home()
            ev.accept()
        else:
            super().mouseDoubleClickEvent(ev)

    def wheelEvent(self, ev: Any) -> None:
        """Zooms around the pointer, or lets the page scroll."""
        has_ctrl = bool(ev.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if self._can_zoom and (has_ctrl or self.zooms_by_wheel_alone):
            super().wheelEvent(ev)
        else:
            ev.ignore()

    def focusInEvent(self, ev: QFocusEvent) -> None:
        super().focusInEvent(ev)
        self.viewport().update()

    def focusOutEvent(self, ev: QFocusEvent) -> None:
        super().focusOutEvent(ev)
        self.viewport().update()

    def resizeEvent(self, ev: QResizeEvent | None) -> None:
        """pyqtgraph calls it without an event while the chart is made."""
        super().resizeEvent(ev)
        if ev is not None:
            self.plotItem.layout.activate()
            self.read(None)
            self.resized()

    def resized(self) -> None:
        """There is another number of pixels now."""
        self.relabel()

    def sizeHint(self) -> QSize:
        return QSize(320, 220)

    def close(self) -> bool:
        """Like any widget; pyqtgraph's own takes the chart apart, which Qt does when it is deleted."""
        return bool(QWidget.close(self))


def _wide(low: float, high: float) -> tuple[float, float]:
    """A range without extent lies in the middle of one that has some."""
    if not (math.isfinite(low) and math.isfinite(high)) or high - low < 1e-12 * max(1.0, abs(low), abs(high)):
        middle = low if math.isfinite(low) else 0.0
        half = 0.5 * max(1e-9, abs(middle)) if middle else 0.5
        return middle - half, middle + half
    return low, high


def no_ticks(_low: float, _high: float, _pixels: float) -> list[tuple[float, str]]:
    """For an axis that says nothing."""
    return []


def pale(color: str, share: float) -> str:
    """An opaque colour that looks like `share` of the colour on a card: half-transparent pens are slow."""
    return mixed(color, tokens().card, share)
