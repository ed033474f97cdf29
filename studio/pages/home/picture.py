"""Picture: the hero's drawing, a curve that rises and arcs from the answer to the words that decided it."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio import theme
from studio.numbers import duration, percent
from studio.pages.home.sample import Sample
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting

_TITLE, _FOOT, _GAP, _CHIP = 26, 22, 36, 28
_NARROW = 470


class Picture(QWidget):
    """Both halves side by side; only the curve where there is little room."""

    def __init__(self, sample: Sample, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("hero_picture")
        self.setMinimumSize(220, 150)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.show_sample(sample)

    def show_sample(self, sample: Sample) -> None:
        self.sample = sample
        self.setAccessibleName(
            tr("Example of a curve and of attention") if sample.is_example else tr("Your latest quick look")
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, 170)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        whole = self.rect()
        if whole.width() < _NARROW:
            self._paint_curve(painter, whole)
            return
        half = round((whole.width() - _GAP) * 0.53)
        self._paint_curve(painter, QRect(whole.left(), whole.top(), half, whole.height()))
        left = whole.left() + half + _GAP
        self._paint_arcs(painter, QRect(left, whole.top(), whole.right() - left + 1, whole.height()))

    def _title(self, painter: QPainter, rect: QRect, words: str) -> None:
        painting.text(
            painter,
            QRect(rect.left(), rect.top(), rect.width(), 18),
            words,
            theme.font(theme.CAPTION, 500),
            tokens().text2,
        )

    def _paint_curve(self, painter: QPainter, rect: QRect) -> None:
        colours, sample = tokens(), self.sample
        self._title(painter, rect, tr("Precision while it learns"))
        plot = rect.adjusted(0, _TITLE, 0, -_FOOT)
        for part in range(4):
            y = plot.top() + round(part * (plot.height() - 1) / 3)
            painter.fillRect(plot.left(), y, plot.width(), 1, QColor(colours.soft_line))
        inner = QRectF(plot).adjusted(0, 6, 0 if sample.is_example else -_end_room(), -6)
        low, high = self._range()
        across = (sample.steps - sample.steps[0]) / max(sample.steps[-1] - sample.steps[0], 1e-12)
        up = (sample.precision - low) / (high - low)
        points = [
            QPointF(inner.left() + x * inner.width(), inner.bottom() - y * inner.height())
            for x, y in zip(across.tolist(), up.tolist(), strict=True)
            if math.isfinite(y)
        ]
        self._paint_line(painter, points, plot.bottom())
        if math.isfinite(sample.baseline):
            level = inner.bottom() - (sample.baseline - low) / (high - low) * inner.height()
            self._paint_baseline(painter, plot, round(level))
        self._paint_feet(painter, plot, points[-1] if points else None)

    def _range(self) -> tuple[float, float]:
        shown = [float(value) for value in self.sample.precision if math.isfinite(value)]
        if math.isfinite(self.sample.baseline):
            shown.append(self.sample.baseline)
        low, high = min(shown, default=0.0), max(shown, default=1.0)
        return low, max(high, low + 0.05)

    def _paint_line(self, painter: QPainter, points: list[QPointF], ground: int) -> None:
        if len(points) < 2:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        feet = [QPointF(points[0].x(), ground), *points, QPointF(points[-1].x(), ground)]
        area = QPainterPath()
        area.addPolygon(QPolygonF(feet))
        painter.fillPath(area, painting.tinted(tokens().s1, 36))
        round_cap, round_join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(QColor(tokens().s1), 2, Qt.PenStyle.SolidLine, round_cap, round_join))
        painter.drawPolyline(QPolygonF(points))
        painter.restore()

    def _paint_baseline(self, painter: QPainter, plot: QRect, y: int) -> None:
        colours = tokens()
        painter.setPen(QPen(QColor(colours.text2), 1, Qt.PenStyle.DashLine))
        painter.drawLine(plot.left(), y, plot.right(), y)
        font, words = theme.font(theme.TICK), tr("word counting alone")
        width = QFontMetrics(font).horizontalAdvance(words) + 2
        place = QRect(plot.right() - width + 1, y + 4, width, 16)
        painting.text(painter, place, words, font, colours.text2, painting.RIGHT)

    def _paint_feet(self, painter: QPainter, plot: QRect, end: QPointF | None) -> None:
        colours, sample, font = tokens(), self.sample, theme.font(theme.TICK)
        if end is not None:
            painting.dot(painter, end, 4.5, colours.soft)
            painting.dot(painter, end, 3.5, colours.s1)
        foot = QRect(plot.left(), plot.bottom() + 5, plot.width(), 16)
        painting.text(painter, foot, tr("start"), font, colours.text2)
        last = tr("about a minute later") if sample.is_example else duration(sample.seconds)
        painting.text(painter, foot, last, font, colours.text2, painting.RIGHT)
        if end is not None and not sample.is_example:
            place = QRect(round(end.x()) + 8, round(end.y()) - 10, _end_room(), 20)
            shown = percent(float(sample.precision[-1]))
            painting.text(painter, place, shown, theme.font(theme.BODY, 600), colours.s1)

    def _paint_arcs(self, painter: QPainter, rect: QRect) -> None:
        colours = tokens()
        self._title(painter, rect, tr("What it looks at"))
        base = rect.bottom() - _FOOT - _CHIP + 1
        chips = self._chips(rect, base)
        label = self.sample.label
        strong = theme.font(theme.BODY, 600)
        width = min(QFontMetrics(strong).horizontalAdvance(label) + 24, rect.width())
        top = QRect(rect.center().x() - width // 2, rect.top() + _TITLE + 2, width, _CHIP - 2)
        heaviest = max((weight for _, _, weight in chips), default=1.0) or 1.0
        for chip, _, weight in sorted(chips, key=lambda item: item[2]):
            self._paint_arc(painter, top, chip, weight / heaviest)
        painting.box(painter, top, theme.CHIP_RADIUS, colours.primary)
        painting.text(painter, top, label, strong, theme.ON_PRIMARY, painting.CENTER)
        for chip, word, weight in chips:
            painting.box(painter, chip, theme.CHIP_RADIUS, colours.card)
            tint = painting.tinted(colours.s2, round(15 + 130 * weight / heaviest))
            painting.box(painter, chip, theme.CHIP_RADIUS, tint)
            painting.text(painter, chip, word, theme.font(theme.BODY, 500), colours.text, painting.CENTER)
        foot = QRect(rect.left(), base + _CHIP + 5, rect.width(), 16)
        words = (
            tr("an example; yours comes from the model")
            if self.sample.is_example
            else tr("after training, your quick look")
        )
        painting.text(painter, foot, words, theme.font(theme.TICK), colours.text2)

    def _chips(self, rect: QRect, top: int) -> list[tuple[QRect, str, float]]:
        """Words side by side, centred; those that find no room at the ends are left out, the least looked-at first."""
        metrics = QFontMetrics(theme.font(theme.BODY, 500))
        pairs = list(zip(self.sample.words, self.sample.weights, strict=True))
        widths = [metrics.horizontalAdvance(word) + 16 for word, _ in pairs]
        while len(pairs) > 1 and sum(widths) + 4 * (len(pairs) - 1) > rect.width():
            drop = 0 if pairs[0][1] < pairs[-1][1] else len(pairs) - 1
            del pairs[drop], widths[drop]
        left = rect.left() + max(0, rect.width() - sum(widths) - 4 * (len(pairs) - 1)) // 2
        chips = []
        for (word, weight), width in zip(pairs, widths, strict=True):
            chips.append((QRect(left, top, min(width, rect.width()), _CHIP), word, weight))
            left += width + 4
        return chips

    def _paint_arc(self, painter: QPainter, label: QRect, chip: QRect, share: float) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        start = QPointF(label.center().x() + 0.5, label.bottom())
        end = QPointF(chip.center().x() + 0.5, chip.top())
        middle = (start.y() + end.y()) / 2
        path = QPainterPath(start)
        path.cubicTo(QPointF(start.x(), middle + 6), QPointF(end.x(), middle - 6), end)
        painter.setPen(QPen(painting.tinted(tokens().accent, round(70 + 170 * share)), 1 + 3 * share))
        painter.drawPath(path)
        painter.restore()


def _end_room() -> int:
    """For the value at the curve's end."""
    return max(62, QFontMetrics(theme.font(theme.BODY, 600)).horizontalAdvance(percent(1.0)) + 4)
