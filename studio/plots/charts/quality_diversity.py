"""SweepPlot: quality against variety: the maximum-likelihood model through temperatures, others as points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.records import SweepPoint
from studio.plots.charts.axes import left_room, round_ticks, tick_words
from studio.plots.charts.curve_painting import paint_rule
from studio.theme import font, tokens
from studio.translation import tr
from studio.widgets import painting

_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 14, 22, 40
QUALITY, LIKENESS = "bleu_4", "self_bleu_4"
MODELS = ("maximum_likelihood", "gan", "real_text")


def model_words(model: str) -> str:
    """What a point's model is called."""
    names = {
        "maximum_likelihood": tr("maximum likelihood"),
        "gan": tr("the GAN"),
        "real_text": tr("real text"),
    }
    return names.get(model, model)


def model_color(model: str) -> str:
    colours = tokens()
    return {"maximum_likelihood": colours.s1, "gan": colours.s2}.get(model, colours.text2)


class SweepPlot(QWidget):
    """x: quality (BLEU-4, right is better); y: variety (1 - self-BLEU-4, up is better)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Quality against variety"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(190)
        self._points: list[SweepPoint] = []

    def set_points(self, points: Sequence[SweepPoint]) -> None:
        """Points that lack one of the two meters, or have no number there, are left out."""
        known = [one for one in points if {QUALITY, LIKENESS} <= set(one.metrics)]
        self._points = [one for one in known if np.isfinite(place_of(one)).all()]
        told = "; ".join(f"{told_of(one)}" for one in self._points)
        self.setAccessibleDescription(told)
        self.update()

    def points(self) -> list[SweepPoint]:
        return list(self._points)

    def sizeHint(self) -> QSize:
        return QSize(300, 240)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._points:
            return
        painter = QPainter(self)
        self._paint_grid(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = sorted((one for one in self._points if one.model == MODELS[0]), key=lambda one: one.temperature)
        painter.setPen(QPen(QColor(model_color(MODELS[0])), 1.6))
        painter.drawPolyline(QPolygonF([self.spot(one) for one in line]))
        for one in self._points:
            self._paint_point(painter, one)
        self._paint_names(painter, line)

    # -- where things lie ----------------------------------------------------------------------------------------------

    def _place(self) -> QRectF:
        return QRectF(self.rect()).adjusted(left_room(["0.00"], _LEFT), _TOP, -_RIGHT, -_BOTTOM)

    def _range(self, values: list[float]) -> tuple[float, float]:
        low, high = min(values), max(values)
        margin = max(0.08 * (high - low), 0.01)
        return min(low, max(0.0, low - margin)), max(high, min(1.0, high + margin))

    def _ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        across, up = zip(*(place_of(one) for one in self._points), strict=True)
        return self._range(list(across)), self._range(list(up))

    def spot(self, point: SweepPoint) -> QPointF:
        """The pixel of a point."""
        place, (xs, ys), (x, y) = self._place(), self._ranges(), place_of(point)
        across = place.left() + (x - xs[0]) / (xs[1] - xs[0]) * place.width()
        return QPointF(across, place.bottom() - (y - ys[0]) / (ys[1] - ys[0]) * place.height())

    # -- painting ------------------------------------------------------------------------------------------------------

    def _paint_grid(self, painter: QPainter) -> None:
        place, (xs, ys), tick = self._place(), self._ranges(), font(11)
        for values, low, high, is_up in ((round_ticks(*xs, 4), *xs, False), (round_ticks(*ys, 4), *ys, True)):
            for value, words in zip(values.tolist(), tick_words(np.array(values), is_share=False), strict=True):
                share = (value - low) / (high - low)
                if is_up:
                    y = round(place.bottom() - share * place.height())
                    paint_rule(painter, QLineF(place.left(), y, place.right(), y), tokens().grid, None)
                    room = QRect(0, y - 9, round(place.left()) - 8, 18)
                    painting.text(painter, room, words, tick, tokens().text3, painting.RIGHT)
                else:
                    x = round(place.left() + share * place.width())
                    paint_rule(painter, QLineF(x, place.top(), x, place.bottom()), tokens().grid, None)
                    room = QRect(x - 30, round(place.bottom()) + 4, 60, 16)
                    painting.text(painter, room, words, tick, tokens().text3, painting.CENTER)
        top = QRect(0, 0, self.width(), 16)
        painting.text(painter, top, tr("↑ more varied (1 − self-BLEU-4)"), tick, tokens().text3)
        foot = QRect(0, self.height() - 17, self.width() - _RIGHT, 16)
        painting.text(painter, foot, tr("better sentences (BLEU-4) →"), tick, tokens().text3, painting.RIGHT)

    def _paint_point(self, painter: QPainter, point: SweepPoint) -> None:
        """A dot, a diamond or a hollow ring: shape and colour tell the same."""
        spot, ink = self.spot(point), QColor(model_color(point.model))
        painter.setPen(QPen(QColor(tokens().card), 1.5))
        painter.setBrush(ink)
        if point.model == "gan":
            corners = (QPointF(0, -7), QPointF(7, 0), QPointF(0, 7), QPointF(-7, 0))
            painter.drawPolygon(QPolygonF([spot + corner for corner in corners]))
        elif point.model == "real_text":
            painter.setPen(QPen(ink, 2))
            painter.setBrush(QColor(tokens().card))
            painter.drawEllipse(spot, 5, 5)
        else:
            painter.drawEllipse(spot, 4, 4)

    def _paint_names(self, painter: QPainter, line: list[SweepPoint]) -> None:
        """Temperatures at the ends of the line, names at the points."""
        wanted = [(one, model_words(one.model)) for one in self._points if one.model != MODELS[0]]
        if line:
            wanted += [(line[len(line) // 2], model_words(MODELS[0]))]
            wanted += [(one, tr("T {temperature}", temperature=f"{one.temperature:g}")) for one in (line[0], line[-1])]
        taken: list[QRect] = []
        for one, words in wanted:
            self._paint_name(painter, one, words, taken)

    def _paint_name(self, painter: QPainter, point: SweepPoint, words: str, taken: list[QRect]) -> None:
        written = font(11, 600)
        width, spot = QFontMetrics(written).horizontalAdvance(words) + 2, self.spot(point).toPoint()
        places = (
            QRect(spot.x() + 10, spot.y() - 8, width, 16),
            QRect(spot.x() - 10 - width, spot.y() - 8, width, 16),
            QRect(spot.x() - width // 2, spot.y() - 24, width, 16),
            QRect(spot.x() - width // 2, spot.y() + 9, width, 16),
        )
        dots = [self.spot(one).toPoint() for one in self._points]
        room = self.rect().adjusted(round(self._place().left()), _TOP - 4, 0, -_BOTTOM)

        def cost(place: QRect) -> int:
            covered = sum(place.contains(dot) for dot in dots)
            return 100 * (not room.contains(place)) + 50 * any(place.intersects(one) for one in taken) + covered

        best = min(places, key=cost)
        if cost(best) >= 50:
            return
        taken.append(best)
        painting.text(painter, best, words, written, model_color(point.model))

    # -- looking closer ------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._points:
            at = QPointF(event.pos())
            near = min(self._points, key=lambda one: (self.spot(one) - at).manhattanLength())
            is_near = (self.spot(near) - at).manhattanLength() < 24
            QToolTip.showText(event.globalPos(), told_of(near) if is_near else "", self)
            return True
        return super().event(event)


def place_of(point: SweepPoint) -> tuple[float, float]:
    """(quality, variety) of a point."""
    return point.metrics[QUALITY], 1.0 - point.metrics[LIKENESS]


def told_of(point: SweepPoint) -> str:
    """A point in words, for tooltips and screen readers."""
    quality, variety = place_of(point)
    return tr(
        "{model}, temperature {temperature}: BLEU-4 {quality}, 1 − self-BLEU-4 {variety}",
        model=model_words(point.model),
        temperature=f"{point.temperature:g}",
        quality=f"{quality:.3f}",
        variety=f"{variety:.3f}",
    )
