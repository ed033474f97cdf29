"""StepPlot: one panel of curves on pyqtgraph, thinned to what its width can show, however many steps there are."""

from __future__ import annotations

import math
from html import escape

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtWidgets import QFrame, QGraphicsView, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.plots.charts.axes import value_words
from studio.plots.charts.panel import Panel, Trace
from studio.plots.charts.series import nearest
from studio.plots.charts.step_view import StepAxis, StepView, ValueAxis
from studio.plots.charts.thinning import smooth
from studio.theme import font, tokens
from studio.translation import tr
from studio.widgets.labels import Heading

_SMOOTHED_FROM = 24
_DETAIL = {"peak": 1.0, "mean": 0.35}
"""Buckets a pixel: raw values by their extremes, wide lines by their means, as these are what drawing costs."""
_BETWEEN = "&nbsp;&nbsp;&nbsp; "


class StepPlot(QWidget):
    """`pointed(step)` while the pointer is over it, None when it leaves; `moved` when another range is seen."""

    pointed = Signal(object)
    moved = Signal()

    def __init__(self, panel: Panel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"panel:{panel.key}")
        self.panel = panel
        self._hidden: set[str] = set()
        self._smoothed: dict[str, np.ndarray] = {}
        self._items: dict[str, list[pg.PlotDataItem]] = {}
        self.view, self.steps, self._values = StepView(), StepAxis(), ValueAxis(is_share=panel.is_share)
        self._is_log = False
        self.plot = pg.PlotWidget(
            background=tokens().card, viewBox=self.view, axisItems={"left": self._values, "bottom": self.steps}
        )
        self.plot.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)  # a cached background would be pixels in an SVG
        for axis in (self._values, self.steps):
            axis.setZValue(-1000)  # the grid lies under the curves
        self.plot.setFrameShape(QFrame.Shape.NoFrame)
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.hideButtons()
        self.plot.setAccessibleName(panel.title)
        self._reading = QLabel()
        self._reading.setMinimumWidth(1)
        self._reading.setFont(font(12, 500))
        self._reading.setTextFormat(Qt.TextFormat.RichText)
        self._add_rules()
        self._lay_out(panel.title)
        self.view.sigXRangeChanged.connect(self._on_moved)
        self.plot.scene().sigMouseMoved.connect(self._on_pointer)

    def _lay_out(self, title: str) -> None:
        column, row = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        row.setSpacing(12)
        name = Heading(title, "card")
        name.setFont(font(13, 600))
        row.addWidget(name)
        row.addWidget(self._reading, 1)
        column.addLayout(row)
        column.addWidget(self.plot, 1)

    def _add_rules(self) -> None:
        dotted = pg.mkPen(tokens().ok, style=Qt.PenStyle.DotLine)
        self._best = pg.InfiniteLine(angle=90, pen=dotted)
        self._pointer = pg.InfiniteLine(angle=90, pen=pg.mkPen(tokens().text3))
        self._baseline = pg.InfiniteLine(angle=0, pen=pg.mkPen(tokens().text3, style=Qt.PenStyle.DashLine))
        for rule in (self._best, self._pointer, self._baseline):
            rule.hide()
            self.plot.addItem(rule, ignoreBounds=True)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def set_panel(self, panel: Panel, best: int | None) -> None:
        """Take over the curves as they are now; ranges stay."""
        self.panel = panel
        for trace in panel.traces:
            self._draw(trace)
        self._best.setVisible(best is not None)
        self._best.setValue(best or 0)
        self.fit_values()

    def _draw(self, trace: Trace) -> None:
        if trace.key not in self._items:
            self._items[trace.key] = self._items_for(trace)
        *raw, line = self._items[trace.key]
        finite = np.isfinite(trace.ys)
        keep = slice(None) if finite.all() else finite
        xs, ys = trace.xs[keep], trace.ys
        for item in raw:
            item.setData(xs, ys[keep])
        if trace.is_raw and len(ys) >= _SMOOTHED_FROM:
            ys = smooth(ys, finite.astype(np.float64), half_life=max(2.0, 0.02 * len(ys)))
            self._smoothed[trace.key] = ys
        line.setData(xs, ys[keep], symbol="o" if len(xs) == 1 else None)

    def _items_for(self, trace: Trace) -> list[pg.PlotDataItem]:
        """A raw curve is a faint line of one pixel with its moving average over it."""
        pale = pg.mkColor(trace.color)
        pale.setAlpha(90)
        raw = [pg.PlotDataItem(pen=pg.mkPen(pale, width=1))] if trace.is_raw else []
        wide = pg.mkPen(trace.color, width=2)
        wide.setCapStyle(Qt.PenCapStyle.RoundCap)
        line = pg.PlotDataItem(pen=wide, antialias=True, symbolSize=6, symbolBrush=trace.color)
        line.curve.setSegmentedLineMode("on")  # separate pieces: many times as fast as one antialiased outline
        for item in (*raw, line):
            self.plot.addItem(item)  # sets the item's options, so that ours come after it
            method = "mean" if trace.is_raw and item is line else "peak"
            item.opts["autoDownsampleFactor"] = _DETAIL[method]
            item.setDownsampling(auto=True, method=method)
            item.setClipToView(True)
            item.setLogMode(False, self._is_log)
        return [*raw, line]

    def show_trace(self, key: str, is_shown: bool) -> None:
        (self._hidden.discard if is_shown else self._hidden.add)(key)
        for item in self._items.get(key, ()):
            item.setVisible(is_shown)
        self.fit_values()

    @property
    def shown(self) -> tuple[Trace, ...]:
        """The traces that are not hidden."""
        return tuple(trace for trace in self.panel.traces if trace.key not in self._hidden)

    def set_log(self, is_log: bool) -> None:
        """Values on a logarithmic axis; what is not above 0 is left out there."""
        self._is_log = is_log
        self._values.setLogMode(x=False, y=is_log)
        for item in self._all_items():
            item.setLogMode(False, is_log)
        self.fit_values()

    def _all_items(self) -> list[pg.PlotDataItem]:
        return [item for items in self._items.values() for item in items]

    # -- ranges --------------------------------------------------------------------------------------------------------

    @property
    def range(self) -> tuple[float, float]:
        """The steps that are seen."""
        low, high = self.view.viewRange()[0]
        return float(low), float(high)

    def fit_values(self) -> None:
        """Bring the values of the steps that are seen into view."""
        values = self._values_seen()
        low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
        self._baseline.setVisible(False)
        if self.panel.baseline is not None and not self._is_log:
            value = self.panel.baseline[0]
            self._baseline.setValue(value)
            self._baseline.setVisible(True)
            low, high = min(low, value), max(high, value)
        margin = 0.06 * (high - low) or 0.05 * abs(high) or 0.5
        self.view.setYRange(low - margin, high + margin, padding=0)

    def _values_seen(self) -> np.ndarray:
        first, last = self.range
        found = [np.empty(0)]
        for trace in self.shown:
            low, high = np.searchsorted(trace.xs, (first, last))
            ys = trace.ys[max(0, low - 1) : high + 1]
            found.append(np.log10(ys[ys > 0]) if self._is_log else ys)
        values = np.concatenate(found)
        return values[np.isfinite(values)]

    def _on_moved(self) -> None:
        self.fit_values()
        self.moved.emit()

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(None)
        super().leaveEvent(event)

    # -- reading -------------------------------------------------------------------------------------------------------

    def _on_pointer(self, spot: QPointF) -> None:
        if self.view.sceneBoundingRect().contains(spot):
            self.pointed.emit(float(self.view.mapSceneToView(spot).x()))
        else:
            self.pointed.emit(None)

    def read(self, step: float | None) -> None:
        """Write the values at a step beside the title, the latest ones for None; the line shows which step it is."""
        self._pointer.setVisible(step is not None)
        self._pointer.setValue(step or 0)
        parts = [(one.color, self._words(one, step)) for one in self.shown if len(one.xs)]
        if self.panel.baseline is not None:
            parts.append((tokens().text3, self.panel.baseline[1]))
        self._reading.setText(_BETWEEN.join(f'<span style="color:{c}">{escape(words)}</span>' for c, words in parts))
        self._reading.setAccessibleName("; ".join(words for _, words in parts))

    def _words(self, trace: Trace, step: float | None) -> str:
        at = len(trace.xs) - 1 if step is None else nearest(trace.xs, step)
        label = trace.label if len(self.panel.traces) > 1 else ""  # one curve alone is named by the title
        value = value_words(float(trace.ys[at]), is_share=self.panel.is_share)
        smoothed = self._smoothed.get(trace.key)
        if smoothed is None or at >= len(smoothed) or not math.isfinite(smoothed[at]):
            return f"{label} {value}".strip()
        mean = value_words(float(smoothed[at]), is_share=self.panel.is_share)
        return tr("{value}, smoothed {mean}", value=f"{label} {value}".strip(), mean=mean)
