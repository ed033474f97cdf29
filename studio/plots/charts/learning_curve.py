"""CurvePlot: live curves over steps, with labels at the line ends, a line to pass, the best step and exact values."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPoint, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.numbers import number
from studio.plots.charts.axes import (
    left_room,
    round_ticks,
    share_range,
    spread,
    steady_end,
    step_ticks,
    tick_words,
    value_range,
    value_words,
)
from studio.plots.charts.curve_painting import paint_band, paint_rule, paint_series
from studio.plots.charts.frame import Frame
from studio.plots.charts.label_place import place_beside
from studio.plots.charts.series import Series, nearest
from studio.plots.charts.tooltip import Line, Tooltip
from studio.theme import font, tall, tokens
from studio.translation import tr

_LEFT, _TOP, _RIGHT, _BOTTOM = 46, 6, 10, 24
_LABEL_GAP, _LABEL_HEIGHT = 10, 17
Unit = Literal["step", "row", "second", "minute"]
"""What the x axis counts."""
_MIDDLE_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_MIDDLE_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class CurvePlot(QWidget):
    """Curves over step numbers on one plot.

    Setting data is cheap and draws nothing; `redraw` draws when something changed and somebody can see it. A raw
    series (one value a step) is drawn faint between its extremes with its moving average over it.
    """

    def __init__(self, *, is_share: bool = False, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_share = is_share
        self._series: dict[str, Series] = {}
        self._baseline: tuple[float, str] | None = None
        self._levels: dict[str, tuple[float, str]] = {}
        self._best: tuple[int, float, str] | None = None
        self._turn: tuple[int, str] | None = None
        self._total, self._steps_per_epoch = 0, 0.0
        self._unit: Unit = "step"
        self._frame = Frame(QRectF(0, 0, 1, 1))
        self._is_stale = True
        self._pointed: int | None = None
        self._bubble = Tooltip(self)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def set_series(
        self,
        key: str,
        xs: np.ndarray,
        ys: np.ndarray,
        color: str,
        label: str,
        *,
        is_raw: bool = False,
        is_dashed: bool = False,
    ) -> None:
        """Give a curve its points (rising step numbers and values); `label` stands at its end, before the value."""
        if key not in self._series:
            self._series[key] = Series(color, label, is_raw=is_raw, is_dashed=is_dashed)
            self._is_stale = True
        self._is_stale |= self._series[key].take(xs, ys)

    def set_band(self, key: str, xs: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        """Bounds around a curve that was given before."""
        self._series[key].band = (xs, low, high)
        self._is_stale = True

    def set_unit(self, unit: Unit) -> None:
        """What the x values count."""
        self._is_stale |= unit != self._unit
        self._unit = unit

    def clear_series(self) -> None:
        self._series.clear()
        self._levels.clear()
        self._is_stale = True

    def set_baseline(self, value: float | None, label: str = "") -> None:
        """A dashed line to pass, named at its right end; None takes it away."""
        wanted = None if value is None or not math.isfinite(value) else (value, label)
        self._is_stale |= wanted != self._baseline
        self._baseline = wanted

    def set_best(self, step: int | None, value: float | None = None, label: str = "") -> None:
        """A dotted line at the best step with a dot on its value; None takes it away."""
        wanted = None if step is None else (step, math.inf if value is None or math.isnan(value) else value, label)
        self._is_stale |= wanted != self._best
        self._best = wanted

    def set_level(self, key: str, value: float | None, color: str) -> None:
        """A dashed line in a series' colour, for what it must be read with; None takes it away."""
        wanted = None if value is None or not math.isfinite(value) else (value, color)
        self._is_stale |= wanted != self._levels.get(key)
        if wanted is None:
            self._levels.pop(key, None)
        else:
            self._levels[key] = wanted

    def set_turn(self, step: int | None, label: str = "") -> None:
        """A line where one part of the training ends and the next begins; None takes it away."""
        wanted = None if step is None else (step, label)
        self._is_stale |= wanted != self._turn
        self._turn = wanted

    def set_span(self, total_steps: int, steps_per_epoch: float = 0.0) -> None:
        """How far the run will go: the x axis never reaches much past it, and its ticks are ends of epochs."""
        self._is_stale |= (total_steps, steps_per_epoch) != (self._total, self._steps_per_epoch)
        self._total, self._steps_per_epoch = total_steps, steps_per_epoch

    def redraw(self) -> bool:
        """Draw what changed since the last time. Returns whether there was anything to draw."""
        if not self._is_stale or not self.isVisible():
            return False
        self._is_stale = False
        for series in self._series.values():
            series.thin(max(64, self.width() - _LEFT - _RIGHT))
        rect = QRectF(self.rect()).adjusted(self._left(), _TOP, -_RIGHT, -tall(_BOTTOM))
        rect.setSize(rect.size().expandedTo(QSize(40, 20)))
        self._frame = self._framed(rect)
        self.update()
        return True

    def frame_rect(self) -> QRectF:
        """Where the curves lie, since they were drawn last."""
        return QRectF(self._frame.rect)

    def line_ends(self) -> dict[str, float]:
        """{series: the value named at its end}."""
        return {key: series.last for key, series in self._series.items()}

    def sizeHint(self) -> QSize:
        return QSize(320, 220)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 120)

    # -- ranges --------------------------------------------------------------------------------------------------------

    def _left(self) -> int:
        """For the values at the axis as they will be written."""
        low, high = self._range()
        return left_room(tick_words(round_ticks(low, high, 5), is_share=self._is_share), _LEFT, 6)

    def _framed(self, rect: QRectF) -> Frame:
        return Frame(rect, self._right_end(rect.width()), *self._range())

    def _range(self) -> tuple[float, float]:
        values = np.concatenate([np.empty(0), *(series.line[1] for series in self._series.values())])
        values = np.append(values, [level for level, _ in self._levels.values()])
        baseline = self._baseline[0] if self._baseline else None
        if self._is_share:
            return share_range(values, baseline)
        return value_range(np.append(values, [] if baseline is None else [baseline]))

    def _right_end(self, width: float) -> float:
        """Far enough to the right that the labels at the line ends have room."""
        metrics = QFontMetricsF(font(12, 500))
        names = [name for name, _, _ in self._end_labels()]
        free = max((metrics.horizontalAdvance(name) for name in names), default=60.0) + _LABEL_GAP + 4
        last = max((series.end for series in self._series.values()), default=0.0)
        if last == 0:
            return float(max(self._total, 1))
        aim = steady_end(last * 1.02)
        return max(min(aim, self._total) if self._total else aim, last / (1 - min(0.6, free / width)))

    # -- painting ------------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint_axes(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.setClipRect(self._frame.rect.adjusted(0, -2, 2, 1))
        for series in self._series.values():
            paint_band(painter, self._frame, series)
        for series in self._series.values():
            paint_series(painter, self._frame, series)
        painter.restore()
        self._paint_baseline(painter)
        self._paint_turn(painter)
        self._paint_best(painter)
        self._paint_end_labels(painter)
        self._paint_pointer(painter)

    def _paint_axes(self, painter: QPainter) -> None:
        """Hairlines on whole pixels, values to the left, steps below; only the first step says that it is one."""
        frame, theme = self._frame, tokens()
        painter.setFont(font(11))
        painter.setPen(QColor(theme.text3))
        values = round_ticks(frame.low, frame.high, max(2, min(5, int(frame.rect.height() / 36))))
        for value, words in zip(values.tolist(), tick_words(values, is_share=self._is_share), strict=True):
            y = round(frame.y(value))
            is_floor = abs(value - frame.low) < 1e-9
            line = QRectF(frame.rect.left(), y, frame.rect.width(), 1)
            painter.fillRect(line, QColor(theme.line2 if is_floor else theme.grid))
            painter.drawText(QRectF(0, y - 9, frame.rect.left() - 6, 18), _MIDDLE_RIGHT, words)
        steps = step_ticks(frame.right, max(2, int(frame.rect.width() / 85)), self._steps_per_epoch)
        for index, step in enumerate(steps):
            words = _x_words(step, self._unit) if index == 1 else number(step)
            place = QRectF(frame.x(step) - 50, frame.rect.bottom() + 6, 100, tall(16))
            place.translate(min(0.0, self.width() - place.center().x() - 24), 0)
            painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, words)

    def _paint_baseline(self, painter: QPainter) -> None:
        if self._baseline is not None and self._frame.holds(self._baseline[0]):
            y = round(self._frame.y(self._baseline[0])) + 0.5
            paint_rule(painter, QLineF(self._frame.rect.left(), y, self._frame.rect.right(), y), tokens().text3, [5, 4])
        for value, color in self._levels.values():
            if not self._frame.holds(value):
                continue
            y = round(self._frame.y(value)) + 0.5
            paint_rule(painter, QLineF(self._frame.rect.left(), y, self._frame.rect.right(), y), color, [5, 4])

    def _paint_turn(self, painter: QPainter) -> None:
        """Named at the top, on the side where the label fits."""
        frame, theme = self._frame, tokens()
        if self._turn is None or self._turn[0] >= frame.right:
            return
        step, label = self._turn
        x = round(frame.x(step)) + 0.5
        paint_rule(painter, QLineF(x, frame.rect.top(), x, frame.rect.bottom()), theme.text3, [1, 3])
        painter.setFont(font(11))
        painter.setPen(QColor(theme.text3))
        width = QFontMetricsF(font(11)).horizontalAdvance(label) + 2
        is_left = x - width - 6 > frame.rect.left()
        left = x - width - 5 if is_left else x + 5
        painter.drawText(QRectF(left, frame.rect.top() - 2, width, 16), _MIDDLE_LEFT, label)

    def _paint_best(self, painter: QPainter) -> None:
        frame, theme = self._frame, tokens()
        if self._best is None or not 0 <= self._best[0] <= frame.right:
            return
        step, value, label = self._best
        x = round(frame.x(step)) + 0.5
        paint_rule(painter, QLineF(x, frame.rect.top(), x, frame.rect.bottom()), theme.ok, [2, 3])
        if frame.holds(value):
            painter.setPen(QPen(QColor(theme.card), 2))
            painter.setBrush(QColor(theme.ok))
            painter.drawEllipse(QPointF(x, frame.y(value)), 6, 6)
        if label:
            painter.setFont(font(12, 500))
            painter.setPen(QColor(theme.ok))
            painter.drawText(self._best_place(label, x), Qt.AlignmentFlag.AlignCenter, label)

    def _best_place(self, label: str, x: float) -> QRectF:
        """Where the best step's label covers the least of the curves and of the line to pass."""
        frame = self._frame
        lines = [series.line for series in self._series.values()]
        if self._baseline is not None:
            lines.append((np.array([0.0, frame.right]), np.full(2, self._baseline[0])))
        size = QSizeF(QFontMetricsF(font(12, 500)).horizontalAdvance(label) + 2, 16)
        return place_beside(
            frame, x, size, lines, frame.x(max((one.end for one in self._series.values()), default=0.0))
        )

    def _paint_end_labels(self, painter: QPainter) -> None:
        """Right of the last point, in the order of the lines, none over another."""
        labels = self._end_labels()
        if not labels:
            return
        frame = self._frame
        wanted = np.array([frame.y(value) for _, value, _ in labels])
        if self._baseline is not None:
            wanted[-1] += 10
        places = spread(np.clip(wanted, -1e4, 1e4), tall(_LABEL_HEIGHT), frame.rect.top() + 6, frame.rect.bottom() - 8)
        x = frame.x(max((series.end for series in self._series.values()), default=0.0)) + _LABEL_GAP
        for (words, _, color), y in zip(labels, places.tolist(), strict=True):
            letters = font(12, 400 if color == tokens().text3 else 500)
            width = QFontMetricsF(letters).horizontalAdvance(words)
            painter.fillRect(QRectF(x - 2, y - 7, width + 4, 14), QColor(tokens().card))
            painter.setFont(letters)
            painter.setPen(QColor(color))
            painter.drawText(QRectF(x, y - 10, self.width() - x, 20), _MIDDLE_LEFT, words)

    def _end_labels(self) -> list[tuple[str, float, str]]:
        """(words, value, colour); the baseline's is the last."""
        labels = [
            (f"{series.label} {self._worded(series.last)}", series.last, series.color)
            for series in self._series.values()
            if math.isfinite(series.last)
        ]
        if self._baseline is not None:
            labels.append((self._baseline[1], self._baseline[0], tokens().text3))
        return labels

    def _paint_pointer(self, painter: QPainter) -> None:
        if self._pointed is not None:
            x = round(self._frame.x(self._pointed)) + 0.5
            line = QLineF(x, self._frame.rect.top(), x, self._frame.rect.bottom())
            paint_rule(painter, line, tokens().text3, None)
        elif self.hasFocus():
            painter.setPen(QPen(QColor(tokens().accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _worded(self, value: float) -> str:
        return value_words(value, is_share=self._is_share)

    # -- looking closer ------------------------------------------------------------------------------------------------

    def read_at(self, step: float) -> tuple[int, list[tuple[str, float, str]]] | None:
        """(step number, [(label, exact value, colour)]) of the newest points at or before the nearest measured step."""
        drawn = [series for series in self._series.values() if len(series.xs)]
        if not drawn:
            return None
        at = self._stops()
        found_step = float(at[nearest(at, step)])
        places = [(series, int(np.searchsorted(series.xs, found_step, side="right")) - 1) for series in drawn]
        return round(found_step), [(one.label, float(one.ys[at]), one.color) for one, at in places if at >= 0]

    def _stops(self) -> np.ndarray:
        """The steps of the densest curve."""
        return max((series.xs for series in self._series.values()), key=len, default=np.empty(0))

    def point_at(self, step: float | None) -> None:
        """Read out the values at a step; None puts the reading away."""
        reading = self.read_at(step) if step is not None else None
        self.update()
        if reading is None:
            self._pointed = None
            self._bubble.hide()
            return
        self._pointed, values = reading
        lines: list[Line] = [(_x_words(self._pointed, self._unit), "", None)]
        lines += [(label, self._worded(value), color) for label, value, color in values]
        self._bubble.show_lines(lines, QPoint(round(self._frame.x(self._pointed)), round(self._frame.rect.top()) + 8))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_inside = self._frame.rect.contains(event.position())
        self.point_at(self._frame.value_at(event.position().x()) if is_inside else None)

    def leaveEvent(self, event: QEvent) -> None:
        self.point_at(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The first arrow reads the last point, further ones move by a hundredth of the curve; Escape puts it away."""
        stops = self._stops()
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() == Qt.Key.Key_Escape and self._pointed is not None:
            self.point_at(None)
        elif event.key() in ways and len(stops):
            at = len(stops) - 1
            if self._pointed is not None:
                at = nearest(stops, self._pointed) + ways[Qt.Key(event.key())] * max(1, len(stops) // 100)
            self.point_at(float(stops[min(max(at, 0), len(stops) - 1)]))
        else:
            super().keyPressEvent(event)

    # -- when to draw --------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.point_at(None)
        self._is_stale = True
        self.redraw()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.redraw()


def _x_words(value: int, unit: Unit) -> str:
    if unit == "row":
        return tr("text {number}", number=value)
    if unit == "second":
        return tr("{seconds} s", seconds=value)
    return tr("minute {number}", number=value) if unit == "minute" else tr("step {step}", step=value)
