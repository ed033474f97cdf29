"""MeterCurve: one small curve with a dashed line (what it should be like) and a dotted one (where it began)."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.plots.charts.chart import Chart, no_ticks
from studio.plots.charts.series import Series, nearest
from studio.plots.charts.tooltip import Line
from studio.plots.export.files import Column
from studio.theme import tokens
from studio.translation import tr

DASHES, DOTS = (4.0, 4.0), (1.0, 3.0)
_HEIGHT = 50


class MeterCurve(Chart):
    """52 pixels high, as wide as there is room, without axes; the point at the step that is looked at is marked."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, no_ticks, no_ticks, has_grid=(False, False), room=5, can_zoom=False, parent=parent)
        for axis in ("left", "bottom"):
            self.hideAxis(axis)
        self.plotItem.layout.setContentsMargins(1, 5, 6, 5)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its row tells the value
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._series = Series(tokens().s1, name, is_raw=False)
        self._lines: tuple[float | None, float | None] = (None, None)
        self._end, self._step, self._ink = 1.0, 0.0, tokens().s1
        self._curve = self.curve(tokens().s1)

    def sizeHint(self) -> QSize:
        return QSize(160, _HEIGHT)

    def set_curve(self, xs: np.ndarray, ys: np.ndarray, end: float) -> None:
        keep = np.isfinite(ys)
        self._series.take(xs[keep].copy(), ys[keep].copy())
        self._series.thin(2)
        self._end = max(1.0, end, self._series.end)
        self._fit()
        self._curve.setData(*self.drawable(*self._series.line))

    def set_lines(self, dashed: float | None, dotted: float | None) -> None:
        self._lines = (dashed, dotted)
        self._fit()

    def set_step(self, step: float, ink: str) -> None:
        """Mark the point at a step, in this colour."""
        self._step, self._ink = step, ink
        self.relabel()

    def _fit(self) -> None:
        """All of the curve and both lines are seen."""
        values = np.append(self._series.ys, [line for line in self._lines if line is not None and np.isfinite(line)])
        low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
        margin = 0.06 * (high - low) or 0.05 * abs(high) or 0.5
        self.fit((0.0, self._end), (low - margin, high + margin))

    def annotate(self) -> None:
        for line, dashes in zip(self._lines, (DASHES, DOTS), strict=True):
            if line is not None and np.isfinite(line):
                self.rule(f"{dashes}", line, tokens().text3, dashes=dashes)
        if len(self._series.xs):
            index = nearest(self._series.xs, self._step)
            spot = self.spot(float(self._series.xs[index]), float(self._series.ys[index]))
            self.dot("step", spot, 4.5, self._ink, border=1.5)

    def figures(self) -> list[Column]:
        return [("step", self._series.xs), ("value", self._series.ys)]

    def readable(self) -> tuple[np.ndarray, np.ndarray | None]:
        return self._series.xs, None

    def words_of(self, index: int) -> list[Line]:
        value = f"{self._series.ys[index]:.3g}"
        return [(tr("step {step}: {value}", step=int(self._series.xs[index]), value=value), "", None)]
