"""CurvePlot: live curves over steps, with labels at the line ends, a baseline, the best step and exact values under the pointer."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from studio.numbers import number, percent
from studio.plots.axes import round_ticks, share_range, spread, steady_end, step_ticks, value_range
from studio.plots.bubble import Bubble
from studio.plots.thinning import Envelope, smooth, zigzag
from studio.theme import font, tokens
from studio.translation import tr

_AXIS_WIDTH, _AXIS_HEIGHT, _LABEL_GAP, _LABEL_HEIGHT = 46, 26, 10, 17
_LINE_POINTS = 200
"""A wide antialiased line costs 10 microseconds a point: no line gets more points than this."""
_SMOOTHED_FROM = 24


@dataclass
class _Series:
    """One named curve: its data, what is left of it at this width, and the lines that draw it."""

    color: str
    label: str
    xs: np.ndarray
    ys: np.ndarray
    is_raw: bool
    line: pg.PlotCurveItem
    faint: pg.PlotCurveItem | None
    text: pg.TextItem
    envelope: Envelope
    shown: np.ndarray

    @property
    def last(self) -> float:
        """The value at the line's end: the smoothed one of a raw curve, the exact one of the others."""
        return float(self.shown[-1]) if self.is_raw and len(self.shown) else float(self.ys[-1])


class CurvePlot(pg.PlotWidget):  # type: ignore[misc]
    """Curves over step numbers on one plot.

    Setting data is cheap and draws nothing; `redraw` draws when something changed and somebody can see it. A raw
    series (one value a step) is drawn faint between its extremes with its moving average over it.
    """

    def __init__(self, *, is_share: bool = False, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        self._is_share = is_share
        self._series: dict[str, _Series] = {}
        self._baseline: tuple[float, str] | None = None
        self._best: tuple[int, float, str] | None = None
        self._end, self._steps_per_epoch = 0, 0.0
        self._is_stale = True
        self._hover_step: float | None = None
        self._grid: list[pg.InfiniteLine] = []
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._prepare_axes()
        self._prepare_marks()
        self._bubble = Bubble(self)
        self.getViewBox().sigResized.connect(self._on_resized)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def set_series(
        self, key: str, xs: np.ndarray, ys: np.ndarray, color: str, label: str, *, is_raw: bool = False
    ) -> None:
        """Give a curve its points (rising step numbers and values); `label` stands at its end, before the value."""
        known = self._series.get(key)
        if known is None:
            known = self._series[key] = self._new_series(color, label, is_raw)
        elif len(known.xs) == len(xs) and known.label == label and np.array_equal(known.ys[-1:], ys[-1:]):
            known.xs, known.ys = xs, ys
            return
        known.xs, known.ys, known.label = xs, ys, label
        self._is_stale = True

    def remove_series(self, key: str) -> None:
        gone = self._series.pop(key, None)
        if gone is not None:
            for item in (gone.line, gone.faint, gone.text):
                if item is not None:
                    self.removeItem(item)
            self._is_stale = True

    def clear_series(self) -> None:
        for key in list(self._series):
            self.remove_series(key)

    def set_baseline(self, value: float | None, label: str = "") -> None:
        """A dashed line to pass, named at its right end; None takes it away."""
        wanted = None if value is None or not math.isfinite(value) else (value, label)
        self._is_stale |= wanted != self._baseline
        self._baseline = wanted

    def set_best(self, step: int | None, value: float = math.nan, label: str = "") -> None:
        """A dotted line at the best step with a dot on its value; None takes it away."""
        wanted = None if step is None else (step, value, label)
        self._is_stale |= wanted != self._best
        self._best = wanted

    def set_span(self, total_steps: int, steps_per_epoch: float = 0.0) -> None:
        """How far the run will go: the x axis never reaches much past it, and its ticks are ends of epochs."""
        self._is_stale |= (total_steps, steps_per_epoch) != (self._end, self._steps_per_epoch)
        self._end, self._steps_per_epoch = total_steps, steps_per_epoch

    def redraw(self) -> bool:
        """Draw what changed since the last time. Returns whether anything was drawn."""
        if not self._is_stale or not self.isVisible():
            return False
        self._is_stale = False
        columns = max(64, int(self._view_width()))
        for series in self._series.values():
            self._draw(series, columns)
        self._set_ranges()
        self._place_labels()
        self._place_marks()
        return True

    def line_ends(self) -> dict[str, float]:
        """{series: the value named at its end}, for tests and screen readers."""
        return {key: series.last for key, series in self._series.items() if len(series.ys)}

    # -- building ------------------------------------------------------------------------------------------------------

    def _prepare_axes(self) -> None:
        item = self.getPlotItem()
        item.hideButtons()
        item.setMenuEnabled(False)
        item.setMouseEnabled(x=False, y=False)
        item.setContentsMargins(0, 4, 10, 0)
        item.getViewBox().setDefaultPadding(0.0)
        item.disableAutoRange()
        for side in ("left", "bottom"):
            axis = item.getAxis(side)
            axis.setPen(None)
            axis.setTextPen(QColor(tokens().text3))
            axis.setTickFont(font(11))
            axis.setStyle(tickLength=0, tickAlpha=0, tickTextOffset=6, hideOverlappingLabels=False)
        item.getAxis("left").setWidth(_AXIS_WIDTH)
        item.getAxis("bottom").setHeight(_AXIS_HEIGHT)

    def _prepare_marks(self) -> None:
        theme = tokens()
        self._baseline_line = self._rule(0, theme.text3, Qt.PenStyle.DashLine)
        self._baseline_text = self._text(theme.text3, 400)
        self._best_line = self._rule(90, theme.ok, Qt.PenStyle.DotLine)
        self._best_text = self._text(theme.ok, 500)
        self._best_dot = pg.ScatterPlotItem(
            size=11, brush=QColor(theme.ok), pen=pg.mkPen(theme.card, width=2), pxMode=True
        )
        self._best_dot.setZValue(8)
        self.addItem(self._best_dot)
        self._pointer = self._rule(90, theme.line2, Qt.PenStyle.SolidLine)

    def _rule(self, angle: int, color: str, style: Qt.PenStyle, z: float = 2) -> pg.InfiniteLine:
        pen = pg.mkPen(color, width=1, style=style)
        if style is not Qt.PenStyle.SolidLine:
            pen.setDashPattern([5, 4] if style is Qt.PenStyle.DashLine else [2, 3])
        rule = pg.InfiniteLine(angle=angle, pen=pen)
        rule.setZValue(z)
        rule.hide()
        self.addItem(rule)
        return rule

    def _text(self, color: str, weight: int) -> pg.TextItem:
        text = pg.TextItem("", color=color, anchor=(0, 0.5))
        text.setFont(font(12, weight))
        text.textItem.document().setDocumentMargin(0)
        text.setZValue(9)
        text.hide()
        self.addItem(text)
        return text

    def _new_series(self, color: str, label: str, is_raw: bool) -> _Series:
        line = pg.PlotCurveItem(pen=pg.mkPen(color, width=2), antialias=True)
        line.setSegmentedLineMode("on")
        line.setZValue(5)
        self.addItem(line)
        faint = None
        if is_raw:
            pale = QColor(color)
            pale.setAlpha(70)
            faint = pg.PlotCurveItem(pen=pg.mkPen(pale, width=1), antialias=False)
            faint.setZValue(3)
            self.addItem(faint)
        nothing = np.empty(0)
        text = self._text(color, 500)
        return _Series(color, label, nothing, nothing, is_raw, line, faint, text, Envelope(64), nothing)

    # -- drawing -------------------------------------------------------------------------------------------------------

    def _view_width(self) -> float:
        return max(1.0, self.getViewBox().width())

    def _draw(self, series: _Series, columns: int) -> None:
        capacity = columns if series.is_raw else _LINE_POINTS
        if series.envelope.capacity != capacity:
            series.envelope = Envelope(capacity)
        envelope = series.envelope
        envelope.follow(series.xs, series.ys)
        xs, means = envelope.xs, envelope.means
        if series.is_raw and series.faint is not None:
            series.faint.setData(*zigzag(xs, envelope.low, envelope.high), connect="finite")
            if len(xs) >= _SMOOTHED_FROM:
                means = smooth(means, envelope.counts, half_life=max(2.0, 0.02 * len(xs)))
        elif len(means):
            means[-1] = series.ys[-1]
        series.shown = means
        keep = _every(len(xs), _LINE_POINTS)
        series.line.setData(xs[keep], means[keep], connect="finite")

    def _set_ranges(self) -> None:
        drawn = [series for series in self._series.values() if len(series.xs)]
        values = np.concatenate([series.shown for series in drawn]) if drawn else np.empty(0)
        baseline = self._baseline[0] if self._baseline else None
        if self._is_share:
            low, high = share_range(values, baseline)
        else:
            low, high = value_range(np.append(values, [] if baseline is None else [baseline]))
        right = self._right_end(max((float(series.xs[-1]) for series in drawn), default=0.0), drawn)
        self.getViewBox().setRange(xRange=(0, right), yRange=(low, high), padding=0)
        ticks = round_ticks(low, high, 5)
        steps = step_ticks(right * (1 - 24 / self._view_width()), self._num_step_ticks(), self._steps_per_epoch)
        self._set_ticks(ticks, steps)
        self._set_grid(ticks, low)

    def _right_end(self, last: float, drawn: list[_Series]) -> float:
        """Far enough to the right that the labels at the line ends have room."""
        metrics = QFontMetricsF(font(12, 500))
        names = [self._named(series) for series in drawn]
        if self._baseline:
            names.append(self._baseline[1])
        free = max((metrics.horizontalAdvance(name) for name in names), default=60.0) + _LABEL_GAP + 6
        share = 1 - min(0.6, free / self._view_width())
        aim = steady_end(last * 1.02)
        return max(min(aim, self._end) if self._end else aim, last / share, 1.0)

    def _num_step_ticks(self) -> int:
        return max(2, int(self._view_width() / 95))

    def _set_ticks(self, values: np.ndarray, steps: list[int]) -> None:
        written = self._tick_words(values)
        self.getAxis("left").setTicks([list(zip(values.tolist(), written, strict=True))])
        names = [number(step) for step in steps]
        if len(names) > 1:
            names[1] = tr("step {step}", step=steps[1])
        self.getAxis("bottom").setTicks([list(zip(steps, names, strict=True))])

    def _tick_words(self, values: np.ndarray) -> list[str]:
        if self._is_share:
            return [f"{100 * value:.0f} %" for value in values]
        step = float(values[1] - values[0]) if len(values) > 1 else 1.0
        decimals = max(0, -math.floor(math.log10(step) + 1e-9)) + (1 if f"{step:e}".startswith("2.5") else 0)
        return [f"{value:,.{min(decimals, 6)}f}" for value in values]

    def _set_grid(self, values: np.ndarray, low: float) -> None:
        while len(self._grid) < len(values):
            self._grid.append(self._rule(0, tokens().grid, Qt.PenStyle.SolidLine, z=-10))
        for index, rule in enumerate(self._grid):
            rule.setVisible(index < len(values))
            if index < len(values):
                is_floor = abs(values[index] - low) < 1e-9
                rule.setPen(pg.mkPen(tokens().line2 if is_floor else tokens().grid, width=1))
                rule.setValue(float(values[index]))

    def _named(self, series: _Series) -> str:
        return f"{series.label} {self._worded(series.last)}"

    def _worded(self, value: float) -> str:
        if not math.isfinite(value):
            return "–"
        return percent(value) if self._is_share else f"{value:.3g}"

    def _place_labels(self) -> None:
        """Labels stand right of the last point, in the order of the lines, none over another."""
        labels = [(series.text, series.last, self._named(series)) for series in self._series.values() if len(series.ys)]
        labels = [label for label in labels if math.isfinite(label[1])]
        for series in self._series.values():
            series.text.setVisible(bool(len(series.ys)) and math.isfinite(series.last))
        self._baseline_text.setVisible(self._baseline is not None)
        if self._baseline is not None:
            labels.append((self._baseline_text, self._baseline[0], self._baseline[1]))
        if not labels:
            return
        (left, right), (low, high) = self.getViewBox().viewRange()
        pixels = max(1.0, self.getViewBox().height()) / (high - low)
        wanted = np.array([(high - value) * pixels for _, value, _ in labels])
        if self._baseline is not None:
            wanted[-1] += 10
        places = spread(wanted, _LABEL_HEIGHT, 8, max(9.0, self.getViewBox().height() - 8))
        last = max((float(series.xs[-1]) for series in self._series.values() if len(series.xs)), default=left)
        x = last + _LABEL_GAP * (right - left) / self._view_width()
        for (text, _, words), place in zip(labels, places, strict=True):
            if text.toPlainText() != words:
                text.setText(words)
            text.setPos(x, high - place / pixels)

    def _place_marks(self) -> None:
        self._baseline_line.setVisible(self._baseline is not None)
        if self._baseline is not None:
            self._baseline_line.setValue(self._baseline[0])
        for item in (self._best_line, self._best_text, self._best_dot):
            item.setVisible(self._best is not None)
        if self._best is None:
            return
        step, value, label = self._best
        (left, right), (low, high) = self.getViewBox().viewRange()
        per_pixel = (right - left) / self._view_width()
        self._best_line.setValue(step)
        self._best_dot.setData([step], [value] if math.isfinite(value) else [math.nan])
        self._best_text.setVisible(bool(label))
        if label:
            fits_left = QFontMetricsF(font(12, 500)).horizontalAdvance(label) + 10 < (step - left) / per_pixel
            self._best_text.setText(label)
            self._best_text.setAnchor((1, 0.5) if fits_left else (0, 0.5))
            side = -8 if fits_left else 8
            top = high - 11 * (high - low) / max(1.0, self.getViewBox().height())
            self._best_text.setPos(step + side * per_pixel, top)

    # -- looking closer ------------------------------------------------------------------------------------------------

    def read_at(self, step: float) -> tuple[int, list[tuple[str, float, str]]] | None:
        """(step number, [(label, exact value, colour)]) of the last points at or before the nearest measured step."""
        drawn = [series for series in self._series.values() if len(series.xs)]
        if not drawn:
            return None
        densest = max(drawn, key=lambda series: len(series.xs))
        nearest = float(densest.xs[_nearest(densest.xs, step)])
        found = [(series, int(np.searchsorted(series.xs, nearest, side="right")) - 1) for series in drawn]
        return round(nearest), [(s.label, float(s.ys[index]), s.color) for s, index in found if index >= 0]

    def _point_at(self, step: float) -> None:
        reading = self.read_at(step)
        if reading is None:
            return
        nearest, values = reading
        self._hover_step = float(nearest)
        self._pointer.setValue(nearest)
        self._pointer.show()
        lines = [(tr("step {step}", step=nearest), "", None)]
        lines += [(label, self._worded(value), color) for label, value, color in values]
        (_, _), (low, high) = self.getViewBox().viewRange()
        spot = self.getViewBox().mapViewToScene(QPointF(nearest, (low + high) / 2))
        self._bubble.show_lines(lines, QPoint(round(spot.x()), round(spot.y())))

    def _stop_pointing(self) -> None:
        self._hover_step = None
        self._pointer.hide()
        self._bubble.hide()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        view = self.getViewBox()
        if view.sceneBoundingRect().contains(event.position()):
            self._point_at(view.mapSceneToView(event.position()).x())
        else:
            self._stop_pointing()

    def leaveEvent(self, event: QEvent) -> None:
        self._stop_pointing()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move the reading by a hundredth of the curve; Escape puts it away."""
        drawn = [series.xs for series in self._series.values() if len(series.xs)]
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() == Qt.Key.Key_Escape and self._hover_step is not None:
            self._stop_pointing()
        elif event.key() in ways and drawn:
            longest = max(drawn, key=len)
            at = _nearest(longest, self._hover_step if self._hover_step is not None else float(longest[-1]) + 1)
            at += ways[Qt.Key(event.key())] * max(1, len(longest) // 100)
            self._point_at(float(longest[min(max(at, 0), len(longest) - 1)]))
        else:
            super().keyPressEvent(event)

    # -- when to draw --------------------------------------------------------------------------------------------------

    def _on_resized(self) -> None:
        self._is_stale = True
        self.redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_bubble"):
            self._stop_pointing()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.redraw()


def _nearest(xs: np.ndarray, x: float) -> int:
    """Index of the value of rising `xs` nearest to `x`."""
    right = int(np.clip(np.searchsorted(xs, x), 0, len(xs) - 1))
    return right - 1 if right and x - xs[right - 1] < xs[right] - x else right


def _every(count: int, most: int) -> np.ndarray:
    """At most `most + 1` indices, evenly drawn, the last one always among them."""
    if count <= most:
        return np.arange(count)
    stride = -(-count // most)
    return np.unique(np.append(np.arange(0, count, stride), count - 1))


