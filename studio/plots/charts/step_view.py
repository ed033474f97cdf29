"""StepView and its axes: a pyqtgraph view that zooms along the steps only, with calm ticks at round numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt

from studio.numbers import number
from studio.plots.charts.axes import round_ticks, tick_words
from studio.theme import font, tokens
from studio.translation import tr

Ticks = list[tuple[float, list[float]]]
"""[(spacing, values)] of one level"""
_LEAST_DRAG = 4
_LEAST_STEPS = 4


class StepView(pg.ViewBox):  # type: ignore[misc]
    """The wheel zooms, a drag chooses a range of steps, a drag with Shift (or the middle button) moves it."""

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.setMouseEnabled(x=True, y=False)
        self.disableAutoRange()
        self.setDefaultPadding(0.0)

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
            self.rbScaleBox.setBrush(pg.mkBrush(_tinted(tokens().accent, 40)))
            self.updateScaleBox(QPointF(start, 0), QPointF(now, self.height()))
            return
        self.rbScaleBox.hide()
        if abs(now - start) >= _LEAST_DRAG:
            low, high = sorted(self.mapToView(QPointF(x, 0)).x() for x in (start, now))
            self.setXRange(low, high, padding=0)


class ValueAxis(pg.AxisItem):  # type: ignore[misc]
    """Values on the left with hairlines over the view; of one width, so that plots above each other align."""

    def __init__(self, *, is_share: bool) -> None:
        super().__init__("left", pen=pg.mkPen(None), tickPen=pg.mkPen(tokens().grid), textPen=tokens().text3)
        self._is_share = is_share
        self.setStyle(tickLength=0, tickFont=font(11), hideOverlappingLabels=False, tickTextOffset=8)
        self.setWidth(58)
        self.setGrid(255)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> Ticks:  # noqa: N803
        if self.logMode:
            return [(1.0, _log_ticks(minVal, maxVal, size))]
        return [(1.0, round_ticks(minVal, maxVal, max(1, int(size / 26))).tolist())]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        if self.logMode:
            return [number(float(f"{10.0**value:.2g}")) for value in values]
        return tick_words(np.array(values), is_share=self._is_share)


class StepAxis(pg.AxisItem):  # type: ignore[misc]
    """Step numbers below; the second one says that they are steps."""

    def __init__(self) -> None:
        super().__init__(
            "bottom", pen=pg.mkPen(tokens().line2), tickPen=pg.mkPen(tokens().grid), textPen=tokens().text3
        )
        self.setStyle(tickLength=0, tickFont=font(11), hideOverlappingLabels=False)
        self.setGrid(255)

    def set_named(self, is_named: bool) -> None:
        """Only the lowest of several plots has its step numbers."""
        self.setStyle(showValues=is_named)
        self.setHeight(24 if is_named else 2)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> Ticks:  # noqa: N803
        ticks = round_ticks(minVal, maxVal, max(2, int(size / 100)))
        return [(1.0, [tick for tick in ticks.tolist() if abs(tick - round(tick)) < 1e-6])]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        steps = [round(value) for value in values]
        return [tr("step {step}", step=step) if index == 1 else number(step) for index, step in enumerate(steps)]


def _log_ticks(low: float, high: float, size: float) -> list[float]:
    """Exponents: whole decades, and 2 and 5 between them where less than two decades are seen."""
    decades = range(math.floor(low), math.ceil(high) + 1)
    factors = (1,) if high - low > 2 else (1, 2, 5)
    ticks = [decade + math.log10(factor) for decade in decades for factor in factors]
    seen = [tick for tick in ticks if low - 1e-9 <= tick <= high + 1e-9]
    return seen[:: max(1, math.ceil(len(seen) * 24 / max(size, 1.0)))]


def _tinted(color: str, alpha: int) -> Any:
    tinted = pg.mkColor(color)
    tinted.setAlpha(alpha)
    return tinted
