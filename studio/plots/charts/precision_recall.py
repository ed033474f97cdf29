"""PrecisionPlot: precision against recall, with a threshold to drag along the curve."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.metrics.precision_curve import CurvePoint, PrecisionCurve
from studio import theme
from studio.numbers import percent
from studio.plots.charts.axes import left_room, round_ticks, tick_words
from studio.plots.charts.curve_painting import paint_rule
from studio.plots.charts.frame import Frame
from studio.plots.charts.precision_curves import ThinCurve, floor_of, stepped, thinned, threshold_at
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting

_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 12, 10, 26
_HANDLE, _GRIP = 7, 14
_PAGES = 40
"""Page Up and Page Down go this part of the curve on."""


class PrecisionPlot(QWidget):
    """`moved(threshold)` while the person drags the handle or moves it with the arrow keys: Right finds more, Left
    less; Home and End go to the ends of the curve."""

    moved = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("precisionPlot")
        self.setAccessibleName(tr("Precision against recall"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(220)
        self._curve: PrecisionCurve | None = None
        self._counted: PrecisionCurve | None = None
        self._point: CurvePoint | None = None
        self._has_threshold = False
        self._target: float | None = None
        self._floor = 0.0
        self._drawn: QImage | None = None
        self._drawn_for: object = None
        self._is_dragging = False

    # -- what is shown -------------------------------------------------------------------------------------------------

    def show_curves(self, curve: PrecisionCurve | None, counted: PrecisionCurve | None, target: float | None) -> None:
        """`counted` is that of word counting, `target` the precision that the person needs."""
        if (curve, counted, target) != (self._curve, self._counted, self._target):
            self._curve, self._counted, self._target, self._drawn = curve, counted, target, None
            self._floor = floor_of(curve, 1.0 if target is None else target) if curve is not None else 0.0
            self.update()

    def show_threshold(self, threshold: float, *, is_set: bool) -> None:
        """Where the handle stands; `is_set` False where the label has no threshold of its own."""
        self._point = self._curve.at(threshold) if self._curve is not None and len(self._curve) else None
        self._has_threshold = is_set
        if self._point is not None:
            self.setAccessibleDescription(_told(self._point, is_set))
        self.update()

    @property
    def point(self) -> CurvePoint | None:
        """The figures at the handle."""
        return self._point

    def sizeHint(self) -> QSize:
        return QSize(480, 250)

    # -- where things lie ----------------------------------------------------------------------------------------------

    def frame(self) -> Frame:
        return Frame(QRectF(self.rect()).adjusted(_left(), _TOP, -_RIGHT, -_BOTTOM), 1.0, self._floor, 1.0)

    def handle(self) -> QPointF | None:
        """The pixel of the handle's centre; below the plot's floor it stands at the floor."""
        if self._point is None:
            return None
        frame = self.frame()
        return QPointF(frame.x(self._point.recall), min(frame.y(self._point.precision), frame.rect.bottom()))

    # -- painting ------------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._curve is None or not len(self._curve):
            return
        drawn_for = (self.size(), self.devicePixelRatioF(), tokens().card)
        if self._drawn is None or self._drawn_for != drawn_for:
            self._drawn, self._drawn_for = self._drawing(), drawn_for
        painter = QPainter(self)
        painter.drawImage(QPointF(0, 0), self._drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_handle(painter)

    def _drawing(self) -> QImage:
        """All that stays while the handle moves."""
        ratio = self.devicePixelRatioF()
        image = QImage(self.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.transparent)
        painter, frame = QPainter(image), self.frame()
        self._paint_grid(painter, frame)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        assert self._curve is not None
        thin = thinned(self._curve, max(2, int(frame.rect.width())))
        painter.setClipRect(frame.rect.adjusted(-2, -2, 2, 1))
        _paint_band(painter, frame, thin)
        if self._counted is not None and len(self._counted):
            self._paint_counted(painter, frame, self._counted)
        painter.setPen(QPen(QColor(tokens().s1), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        points = frame.points(thin.recall, thin.precision)
        if len(points) == 1:
            painter.drawEllipse(points[0], 2, 2)
        painter.drawPolyline(QPolygonF(points))
        painter.setClipping(False)
        if self._target is not None:
            self._paint_target(painter, frame, self._target)
        painter.end()
        return image

    def _paint_grid(self, painter: QPainter, frame: Frame) -> None:
        tick, colours, rect = theme.font(theme.TICK), tokens(), frame.rect
        ups = round_ticks(self._floor, 1.0, 5)
        for value, words in zip(ups.tolist(), tick_words(ups, is_share=True), strict=True):
            y = round(frame.y(value))
            paint_rule(painter, QLineF(rect.left(), y, rect.right(), y), colours.grid, None)
            painting.text(
                painter, QRect(0, y - 9, round(rect.left()) - 8, 18), words, tick, colours.text3, painting.RIGHT
            )
        bottom = round(rect.bottom())
        paint_rule(painter, QLineF(rect.left(), bottom, rect.right(), bottom), colours.line2, None)
        for number, value in enumerate((0.2, 0.4, 0.6, 0.8, 1.0)):
            words = percent(value, 0)
            room = QRect(round(frame.x(value)) - 50, bottom + 6, 100 if value < 1 else 62, 16)
            words = tr("recall {share}", share=words) if number == 0 else words
            align = painting.CENTER if value < 1 else painting.RIGHT
            painting.text(painter, room, words, tick, colours.text3, align)

    def _paint_counted(self, painter: QPainter, frame: Frame, counted: PrecisionCurve) -> None:
        thin, ink = thinned(counted, max(2, int(frame.rect.width() / 3))), tokens().text3
        pen = QPen(QColor(ink), 1.3)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        points = frame.points(thin.recall, thin.precision)
        painter.drawPolyline(QPolygonF(points))
        inside = [point for point in points if frame.rect.top() + 14 < point.y() < frame.rect.bottom() - 22]
        if inside:
            middle = frame.rect.center().y()  # the handle and its words stand higher, as a rule
            spot = min(inside, key=lambda point: abs(point.y() - middle))
            room = QRect(round(spot.x()) - 96, round(spot.y()) + 4, 90, 16)
            room.moveLeft(max(room.left(), round(frame.rect.left()) + 2))
            width = QFontMetrics(theme.font(theme.CAPTION)).horizontalAdvance(tr("word counting"))
            behind = QRect(room.right() - width - 3, room.top(), width + 6, room.height())
            painter.fillRect(behind, painting.tinted(tokens().card, 210))
            painting.text(painter, room, tr("word counting"), theme.font(theme.CAPTION), tokens().text2, painting.RIGHT)

    def _paint_target(self, painter: QPainter, frame: Frame, target: float) -> None:
        y = round(frame.y(target))
        paint_rule(painter, QLineF(frame.rect.left(), y, frame.rect.right(), y), tokens().ok, (3, 3))
        words, font = (
            tr("your target {share}", share=percent(target, 0 if (100 * target) % 1 < 0.05 else 1)),
            theme.font(theme.CAPTION, 500),
        )
        width = QFontMetrics(font).horizontalAdvance(words) + 4
        below = y + 3 if y + 22 < frame.rect.bottom() else y - 19
        room = QRect(round(frame.rect.left()) + 14, below, width, theme.tall(17))
        painter.fillRect(room.adjusted(-3, 0, 3, 0), painting.tinted(tokens().card, 210))
        painting.text(painter, room, words, font, tokens().ok)

    def _paint_handle(self, painter: QPainter) -> None:
        spot, point, colours = self.handle(), self._point, tokens()
        if spot is None or point is None:
            return
        rect = self.frame().rect
        ink = colours.accent if self._has_threshold else colours.text3
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillRect(QRectF(round(spot.x()) - 1, rect.top(), 2, rect.height()), QColor(ink))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(spot, _HANDLE + 4, _HANDLE + 4)
        painter.setPen(QPen(QColor(ink), 3))
        painter.setBrush(QColor(colours.card))
        painter.drawEllipse(spot, _HANDLE, _HANDLE)
        words = self._handle_words(point)
        font = theme.font(theme.CAPTION, 600)
        width = QFontMetrics(font).horizontalAdvance(words) + 2
        is_left = spot.x() - rect.left() > width + 16
        left = spot.x() - width - 10 if is_left else spot.x() + 10
        top = min(max(spot.y() + 14, rect.top() + 2), rect.bottom() - 20)
        room = QRect(round(left), round(top), width, theme.tall(17))
        painter.fillRect(room.adjusted(-2, 0, 2, 0), painting.tinted(colours.card, 200))
        painting.text(painter, room, words, font, colours.accent_text if self._has_threshold else colours.text2)

    def _handle_words(self, point: CurvePoint) -> str:
        if not self._has_threshold:
            return tr("no threshold")
        return tr(
            "threshold {value}", value=f"{point.threshold:.2f}" if point.threshold < 0.995 else f"{point.threshold:.4f}"
        )

    # -- dragging ------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._curve is not None and len(self._curve):
            self._is_dragging = True
            self._drag_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._is_dragging:
            self._drag_to(event.position().x())
            return
        spot = self.handle()
        is_near = spot is not None and abs(event.position().x() - spot.x()) <= _GRIP
        self.setCursor(Qt.CursorShape.SizeHorCursor if is_near else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._is_dragging = False

    def _drag_to(self, x: float) -> None:
        assert self._curve is not None
        recall = min(1.0, max(0.0, self.frame().value_at(x)))
        self.moved.emit(threshold_at(self._curve, recall))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        curve, point = self._curve, self._point
        if curve is None or point is None or not len(curve):
            super().keyPressEvent(event)
            return
        column, page = max(1, len(curve) // 400), max(1, len(curve) // _PAGES)
        steps = {
            Qt.Key.Key_Right: column, Qt.Key.Key_Up: column, Qt.Key.Key_Left: -column, Qt.Key.Key_Down: -column,
            Qt.Key.Key_PageUp: page, Qt.Key.Key_PageDown: -page,
            Qt.Key.Key_Home: -len(curve), Qt.Key.Key_End: len(curve),
        }  # fmt: skip
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self.moved.emit(stepped(curve, point.threshold, step))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()


def _left() -> int:
    return left_room([percent(1.0, 0)], _LEFT)


def _paint_band(painter: QPainter, frame: Frame, thin: ThinCurve) -> None:
    upper = frame.points(thin.recall, np.minimum(thin.high, 1.0))
    lower = frame.points(thin.recall, np.maximum(thin.low, 0.0))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(painting.tinted(tokens().s1, 38))
    painter.drawPolygon(QPolygonF([*upper, *reversed(lower)]))


def _told(point: CurvePoint, is_set: bool) -> str:
    """The handle in words, for screen readers."""
    values = {"precision": percent(point.precision), "recall": percent(point.recall)}
    if not is_set:
        return tr("no threshold: precision {precision}, recall {recall}", **values)
    return tr(
        "threshold {threshold}: precision {precision}, recall {recall}", threshold=f"{point.threshold:.3f}", **values
    )
