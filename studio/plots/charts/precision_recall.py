"""PrecisionPlot: precision against recall, with a threshold to drag along the curve."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.metrics.precision_curve import CurvePoint, PrecisionCurve
from studio.numbers import percent
from studio.plots.charts.axes import left_room, round_ticks, tick_words
from studio.plots.charts.chart import LEFT, RIGHT, Chart
from studio.plots.charts.precision_curves import floor_of, stepped, thinned, threshold_at
from studio.plots.export.files import Column
from studio.theme import CAPTION, tokens
from studio.translation import tr

_LEFT = 46
_HANDLE, _GRIP = 7, 14
_PAGES = 40
"""Page Up and Page Down go this part of the curve on."""


class PrecisionPlot(Chart):
    """`moved(threshold)` while the person drags the handle or moves it with the arrow keys: Right finds more, Left
    less; Home and End go to the ends of the curve."""

    moved = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("Precision against recall"), _precision_ticks, _recall_ticks, margins=(10, 12), parent=parent
        )
        self.setObjectName("precisionPlot")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(220)
        self._curve: PrecisionCurve | None = None
        self._counted: PrecisionCurve | None = None
        self._point: CurvePoint | None = None
        self._has_threshold = False
        self._target: float | None = None
        self._floor = 0.0
        self._is_dragging = False
        self._band = self.band(tokens().s1)
        self._word_counting = self.curve(tokens().text3, 1.3, (4, 4))
        self._line = self.curve(tokens().s1)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def show_curves(self, curve: PrecisionCurve | None, counted: PrecisionCurve | None, target: float | None) -> None:
        """`counted` is that of word counting, `target` the precision that the person needs."""
        if (curve, counted, target) != (self._curve, self._counted, self._target):
            self._curve, self._counted, self._target = curve, counted, target
            self._floor = floor_of(curve, 1.0 if target is None else target) if curve is not None else 0.0
            self._draw()

    def show_threshold(self, threshold: float, *, is_set: bool) -> None:
        """Where the handle stands; `is_set` False where the label has no threshold of its own."""
        self._point = self._curve.at(threshold) if self._curve is not None and len(self._curve) else None
        self._has_threshold = is_set
        if self._point is not None:
            self.setAccessibleDescription(_told(self._point, is_set))
        self.relabel()

    @property
    def point(self) -> CurvePoint | None:
        """The figures at the handle."""
        return self._point

    def sizeHint(self) -> QSize:
        return QSize(480, 250)

    # -- drawing -------------------------------------------------------------------------------------------------------

    def resized(self) -> None:
        self._draw()

    def _draw(self) -> None:
        """The curves as finely as the width shows them."""
        if self._curve is None or not len(self._curve):
            return
        self.fit((0.0, 1.0), (self._floor, 1.0), left_room([percent(1.0, 0)], _LEFT))
        width = self.frame_rect().width()
        thin = thinned(self._curve, max(2, int(width / 2)))  # a point for two pixels: more cannot be seen
        self._line.setData(thin.recall, thin.precision)
        for edge, bounds in zip(self._band, (np.maximum(thin.low, 0.0), np.minimum(thin.high, 1.0)), strict=False):
            edge.setData(thin.recall, bounds)
        has_counted = self._counted is not None and len(self._counted) > 0
        self._word_counting.setVisible(has_counted)
        if has_counted and self._counted is not None:
            counted = thinned(self._counted, max(2, int(width / 3)))
            self._word_counting.setData(counted.recall, counted.precision)
        self.relabel()

    def annotate(self) -> None:
        if self._curve is None or not len(self._curve):
            return
        if len(self._curve) == 1:
            self.dot("single", self.spot(self._curve.recall[0], self._curve.precision[0]), 3, tokens().s1)
        taken = self._mark_target(self._target) if self._target is not None else QRectF()
        if self._counted is not None and len(self._counted):
            self._name_counted(taken)
        self._mark_handle()

    def _name_counted(self, taken: QRectF) -> None:
        """Left of its curve at half the height: the handle and its words stand higher, as a rule. Not over the words in
        `taken`."""
        rect, (xs, ys) = self.frame_rect(), self.pixels(*self._word_counting.getData())
        inside = np.flatnonzero((ys > rect.top() + 14) & (ys < rect.bottom() - 22))
        if len(inside):
            nearest = inside[np.argmin(np.abs(ys[inside] - rect.center().y()))]
            words, left = tr("word counting"), rect.left() + 2
            width, height = self.label_size(words, size=CAPTION)
            right, middle = max(float(xs[nearest]) - 6, left + width), float(ys[nearest]) + 12
            if taken.intersects(QRectF(right - width, middle - height / 2, width, height)):
                below, above = taken.bottom() + height / 2 + 2, taken.top() - height / 2 - 2
                middle = below if below + height / 2 < rect.bottom() else above
            self.label("counted", words, QPointF(right, middle), tokens().text2, size=CAPTION, part=RIGHT)

    def _mark_target(self, target: float) -> QRectF:
        """Where its words stand; empty without them."""
        rect, y = self.frame_rect(), self.spot(0, target).y()
        if not self.rule("target", target, tokens().ok, dashes=(3, 3)):
            return QRectF()
        words = tr("your target {share}", share=percent(target, 0 if (100 * target) % 1 < 0.05 else 1))
        below = y + (11 if y + 22 < rect.bottom() else -11)
        return self.label("target", words, QPointF(rect.left() + 14, below), tokens().ok, weight=500, size=CAPTION)

    def _mark_handle(self) -> None:
        spot, point, colours, rect = self.handle(), self._point, tokens(), self.frame_rect()
        if spot is None or point is None:
            return
        ink = colours.accent if self._has_threshold else colours.text3
        if not self.rule("handle", point.recall, ink, is_upright=True, width=2):
            return  # a closer look leaves it out
        self.dot("handle", spot, _HANDLE, colours.card, border=3, edge=ink)
        words = self._handle_words(point)
        is_left = spot.x() - rect.left() > self.label_size(words, 600, CAPTION)[0] + 16
        place = QPointF(
            spot.x() + (-10 if is_left else 10), min(max(spot.y() + 22, rect.top() + 11), rect.bottom() - 11)
        )
        told = colours.accent_text if self._has_threshold else colours.text2
        self.label("handle", words, place, told, weight=600, size=CAPTION, part=RIGHT if is_left else LEFT)

    def figures(self) -> list[Column]:
        """Every threshold of the label, not only those that are drawn."""
        if (curve := self._curve) is None:
            return []
        of_points = [("precision", curve.precision), ("low", curve.low), ("high", curve.high), ("recall", curve.recall)]
        return [("threshold", curve.thresholds), *of_points]

    def handle(self) -> QPointF | None:
        """The pixel of the handle's centre; below the plot's floor it stands at the floor."""
        if self._point is None:
            return None
        spot = self.spot(self._point.recall, self._point.precision)
        return QPointF(spot.x(), min(spot.y(), self.frame_rect().bottom()))

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
        self.viewport().setCursor(Qt.CursorShape.SizeHorCursor if is_near else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._is_dragging = False

    def _drag_to(self, x: float) -> None:
        assert self._curve is not None
        recall = min(1.0, max(0.0, self.value_at(QPointF(x, 0))[0]))
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


def _precision_ticks(low: float, high: float, _pixels: float) -> list[tuple[float, str]]:
    values = round_ticks(low, high, 5)
    return list(zip(values.tolist(), tick_words(values, is_share=True), strict=True))


def _recall_ticks(_low: float, _high: float, _pixels: float) -> list[tuple[float, str]]:
    first, *others = ((value, percent(value, 0)) for value in (0.2, 0.4, 0.6, 0.8, 1.0))
    return [(first[0], tr("recall {share}", share=first[1])), *others]


def _told(point: CurvePoint, is_set: bool) -> str:
    """The handle in words, for screen readers."""
    values = {"precision": percent(point.precision), "recall": percent(point.recall)}
    if not is_set:
        return tr("no threshold: precision {precision}, recall {recall}", **values)
    return tr(
        "threshold {threshold}: precision {precision}, recall {recall}", threshold=f"{point.threshold:.3f}", **values
    )
