"""StepPlot: one panel of curves on pyqtgraph, thinned to what its width can show, however many steps there are."""

from __future__ import annotations

import math
from html import escape
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.numbers import number
from studio.plots.charts.axes import round_ticks, tick_words, value_words
from studio.plots.charts.chart import Chart
from studio.plots.charts.chart_items import View
from studio.plots.charts.panel import Panel, Trace
from studio.plots.charts.series import nearest
from studio.plots.charts.thinning import smooth
from studio.theme import font, tokens
from studio.translation import tr
from studio.widgets.labels import Heading
from studio.widgets.painting import tinted

_SMOOTHED_FROM = 24
_DETAIL = {"peak": 1.0, "mean": 0.35}
"""Buckets a pixel: raw values by their extremes, wide lines by their means, as these are what drawing costs."""
_LEFT, _LEAST_DRAG, _LEAST_STEPS = 58, 4, 4
_BETWEEN = "&nbsp;&nbsp;&nbsp; "


class StepView(View):
    """The wheel zooms, a drag chooses a range of steps, a drag with Shift (or the middle button) moves it."""

    def __init__(self) -> None:
        super().__init__(can_zoom=True)
        self.setMouseEnabled(x=True, y=False)

    def set_end(self, end: float) -> None:
        """Nothing lies before step 0 or after `end`."""
        self.setLimits(xMin=0.0, xMax=end, minXRange=min(_LEAST_STEPS, end))

    def mouseDragEvent(self, ev: Any, axis: int | None = None) -> None:
        is_choosing = (
            ev.button() == Qt.MouseButton.LeftButton and not ev.modifiers() & Qt.KeyboardModifier.ShiftModifier
        )
        if axis is not None or not is_choosing:
            super().mouseDragEvent(ev, axis)
            return
        ev.accept()
        start, now = ev.buttonDownPos().x(), ev.pos().x()
        if not ev.isFinish():
            self.rbScaleBox.setPen(pg.mkPen(tokens().accent))
            self.rbScaleBox.setBrush(pg.mkBrush(tinted(tokens().accent, 40)))
            self.updateScaleBox(QPointF(start, 0), QPointF(now, self.height()))
            return
        self.rbScaleBox.hide()
        if abs(now - start) >= _LEAST_DRAG:
            low, high = sorted(self.mapToView(QPointF(x, 0)).x() for x in (start, now))
            self.setXRange(low, high, padding=0)


class StepChart(Chart):
    """The curves of a panel; plots above each other have left axes of one width. `home_wished` by a double click."""

    home_wished = Signal()
    zooms_by_wheel_alone = True

    def __init__(self, panel: Panel) -> None:
        super().__init__(
            panel.title, self._value_ticks, self._step_ticks, margins=(0, 0), has_grid=(True, True), view=StepView(),
            can_zoom=True,
        )  # fmt: skip
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.left.setWidth(_LEFT)
        self._panel = panel
        self.is_log, self.is_named = False, True
        self.best: int | None = None
        self.pointed: float | None = None

    def set_named(self, is_named: bool) -> None:
        """Only the lowest of several plots has its step numbers."""
        self.is_named = is_named
        self.bottom.setHeight(24 if is_named else 2)

    def annotate(self) -> None:
        if self.best is not None:
            self.rule("best", self.best, tokens().ok, is_upright=True, dashes=(2, 3))
        if self._panel.baseline is not None and not self.is_log:
            self.rule("baseline", self._panel.baseline[0], tokens().text3, dashes=(5, 4))
        if self.pointed is not None:
            self.rule("pointer", self.pointed, tokens().text3, is_upright=True)

    def go_home(self) -> None:
        self.home_wished.emit()

    def _value_ticks(self, low: float, high: float, pixels: float) -> list[tuple[float, str]]:
        if self.is_log:
            return [(tick, number(float(f"{10.0**tick:.2g}"))) for tick in _log_ticks(low, high, pixels)]
        values = round_ticks(low, high, max(1, int(pixels / 26)))
        return list(zip(values.tolist(), tick_words(values, is_share=self._panel.is_share), strict=True))

    def _step_ticks(self, low: float, high: float, pixels: float) -> list[tuple[float, str]]:
        """The second one says that they are steps."""
        ticks = round_ticks(low, high, max(2, int(pixels / 100)))
        steps = [round(tick) for tick in ticks.tolist() if abs(tick - round(tick)) < 1e-6]
        words = [tr("step {step}", step=step) if at == 1 else number(step) for at, step in enumerate(steps)]
        return list(zip(steps, words if self.is_named else [""] * len(steps), strict=True))


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
        self.plot = StepChart(panel)
        self.view = self.plot.view
        self._reading = QLabel()
        self._reading.setMinimumWidth(1)
        self._reading.setFont(font(12, 500))
        self._reading.setTextFormat(Qt.TextFormat.RichText)
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

    # -- what is shown -------------------------------------------------------------------------------------------------

    def set_panel(self, panel: Panel, best: int | None) -> None:
        """Take over the curves as they are now; ranges stay."""
        self.panel = panel
        for trace in panel.traces:
            self._draw(trace)
        self.plot.best = best
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
        raw = [pg.PlotDataItem(pen=pg.mkPen(tinted(trace.color, 90), width=1))] if trace.is_raw else []
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
            item.setLogMode(False, self.plot.is_log)
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
        self.plot.is_log = is_log
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
        if self.panel.baseline is not None and not self.plot.is_log:
            low, high = min(low, self.panel.baseline[0]), max(high, self.panel.baseline[0])
        margin = 0.06 * (high - low) or 0.05 * abs(high) or 0.5
        self.view.setYRange(low - margin, high + margin, padding=0)
        self.plot.left.refresh()
        self.plot.relabel()

    def _values_seen(self) -> np.ndarray:
        first, last = self.range
        found = [np.empty(0)]
        for trace in self.shown:
            low, high = np.searchsorted(trace.xs, (first, last))
            ys = trace.ys[max(0, low - 1) : high + 1]
            found.append(np.log10(ys[ys > 0]) if self.plot.is_log else ys)
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
        self.plot.pointed = step
        self.plot.relabel()
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


def _log_ticks(low: float, high: float, size: float) -> list[float]:
    """Exponents: whole decades, and 2 and 5 between them where less than two decades are seen."""
    decades = range(math.floor(low), math.ceil(high) + 1)
    factors = (1,) if high - low > 2 else (1, 2, 5)
    ticks = [decade + math.log10(factor) for decade in decades for factor in factors]
    seen = [tick for tick in ticks if low - 1e-9 <= tick <= high + 1e-9]
    return seen[:: max(1, math.ceil(len(seen) * 24 / max(size, 1.0)))]
