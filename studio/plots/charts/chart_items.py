"""What a chart is made of: axes, the view with its curves, and dots and labels that lie over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QGraphicsEllipseItem,
    QGraphicsItem,
    QGraphicsRectItem,
    QGraphicsSimpleTextItem,
    QWidget,
)

from studio.theme import TICK, font, tall, tokens

Ticks = Callable[[float, float, float], Sequence[tuple[float, str]]]
"""(lowest value, highest value, pixels between them) -> [(value, words)]"""


class Axis(pg.AxisItem):  # type: ignore[misc]
    """Words at the ticks on whole pixels, with hairlines over the view where `has_grid`."""

    def __init__(self, side: str, ticks: Ticks, *, has_grid: bool) -> None:
        colours = tokens()
        is_foot = side == "bottom"
        super().__init__(side, pen=pg.mkPen(colours.line2 if is_foot else None), textPen=colours.text3)
        self.setStyle(tickFont=font(TICK))
        self.enableAutoSIPrefix(False)
        self._ticks, self._hairline = ticks, pg.mkPen(colours.grid if has_grid else None)

    def refresh(self) -> None:
        """The ticks may be others though the range is the same."""
        self.picture = None
        self.update()

    def boundingRect(self) -> QRectF:
        """The view for the hairlines, and room for words that stick out at the ends."""
        view = self.linkedView()
        own = self.mapRectFromParent(self.geometry())
        seen = own if view is None else view.mapRectToItem(self, view.boundingRect())
        return (own | seen).adjusted(-60, -12, 60, 12)

    def generateDrawSpecs(self, p: QPainter) -> Any:
        view, is_upright = self.linkedView(), self.orientation == "left"
        own, seen = self.mapRectFromParent(self.geometry()), view.mapRectToItem(self, view.boundingRect())
        whole = self.mapRectFromParent(self.parentItem().boundingRect())
        low, high = self.range
        ticks = self._ticks(low, high, seen.height() if is_upright else seen.width())
        shares = [((value - low) / (high - low), words) for value, words in ticks]
        place = self._upright if is_upright else self._lying
        placed = [place(share, words, seen, own, whole) for share, words in shares if -1e-9 <= share <= 1 + 1e-9]
        foot = (self._pen or pg.mkPen(None), QPointF(seen.left(), own.top()), QPointF(seen.right(), own.top()))
        return foot, [(self._hairline, *line) for line, _ in placed], [words for _, words in placed]

    def _upright(self, share: float, words: str, seen: QRectF, own: QRectF, whole: QRectF) -> tuple[Any, Any]:
        """(hairline, words with their room) of a tick; none where the chart's edge would cut them in half."""
        y = round(seen.bottom() - share * seen.height())
        room = QRectF(own.left(), y - 9, own.width() - 8, 18)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
        line = (QPointF(seen.left(), y), QPointF(seen.right(), y))
        return line, (room, flags, words if whole.top() + 3 <= y <= whole.bottom() - 3 else "")

    def _lying(self, share: float, words: str, seen: QRectF, own: QRectF, whole: QRectF) -> tuple[Any, Any]:
        """Words at the ends stay inside the chart."""
        x = round(seen.left() + share * seen.width())
        width = QFontMetricsF(self.style["tickFont"]).horizontalAdvance(words)
        left = max(min(x - width / 2, whole.right() - width - 4), whole.left() + 2)
        room = QRectF(left, own.top() + 6, width, tall(16))
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextDontClip
        return (QPointF(x, seen.top()), QPointF(x, seen.bottom())), (room, flags, words)


class View(pg.ViewBox):  # type: ignore[misc]
    """Ranges follow nothing but `setRange`; curves may stick out by `room` pixels, so that lines and dots on the edge
    are whole."""

    def __init__(self, room: float = 2.0, *, can_zoom: bool = False) -> None:
        self._room = room
        super().__init__(enableMenu=False, enableMouse=can_zoom, defaultPadding=0.0)
        self.disableAutoRange()

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(self.boundingRect().adjusted(-self._room, -self._room, self._room, self._room))
        return path


class Curve(pg.PlotCurveItem):  # type: ignore[misc]
    """Fills its view, which clips it; to ask where its points lie at each refresh would cost more than to draw them."""

    def boundingRect(self) -> QRectF:
        view = self.getViewBox()
        return QRectF() if view is None else view.viewRect()


class Dot(QGraphicsEllipseItem):
    def paint(self, painter: QPainter, option: Any, widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        super().paint(painter, option, widget)


class Label(QGraphicsRectItem):
    """Words on a ground of the card's colour. Qt's own items: those of pyqtgraph cost as much as the curves."""

    def __init__(self, parent: QGraphicsItem) -> None:
        super().__init__(parent)
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self.setBrush(QColor(tokens().card))
        self._words = QGraphicsSimpleTextItem(self)
        self._words.setX(1)

    def write(self, words: str, letters: QFont, color: str) -> None:
        self._words.setBrush(QColor(color))
        if words != self._words.text() or letters != self._words.font():
            self._words.setFont(letters)
            self._words.setText(words)
            room = self._words.boundingRect()
            self.setRect(0, 0, room.width() + 2, room.height())
