"""CurvePlot: live curves over steps, with labels at the line ends, a line to pass, the best step and exact values."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
from PySide6.QtCore import QPointF, QSize, QSizeF
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

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
from studio.plots.charts.chart import CENTER, LEFT, RIGHT, Chart, pale
from studio.plots.charts.label_place import place_beside
from studio.plots.charts.panel import Trace, table_of_traces
from studio.plots.charts.series import Series, nearest
from studio.plots.charts.tooltip import Line
from studio.theme import CAPTION, tall, tokens
from studio.translation import tr

_LEFT, _TOP, _RIGHT = 46, 8, 10
_LABEL_GAP, _LABEL_HEIGHT = 10, 17
_STRIDE = 0.05
"""Where labels push the right end on, it goes in strides of this share, and holds still between them."""
Unit = Literal["step", "row", "second", "minute"]
"""What the x axis counts."""


class CurvePlot(Chart):
    """Curves over step numbers on one plot.

    Setting data is cheap and draws nothing; `redraw` draws when something changed and somebody can see it. A raw
    series (one value a step) is drawn faint between its extremes with its moving average over it.
    """

    def __init__(self, *, is_share: bool = False, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(
            name, self._value_ticks, self._step_ticks, margins=(_TOP, _RIGHT), can_zoom=False, parent=parent
        )
        self._is_share = is_share
        self._series: dict[str, Series] = {}
        self._baseline: tuple[float, str] | None = None
        self._levels: dict[str, tuple[float, str]] = {}
        self._best: tuple[int, float, str] | None = None
        self._turn: tuple[int, str] | None = None
        self._total, self._steps_per_epoch = 0, 0.0
        self._unit: Unit = "step"
        self._drawn: dict[str, _Drawn] = {}
        self._is_stale = True

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
            self._drawn[key] = _Drawn(self, self._series[key])
            self._is_stale = True
        self._is_stale |= self._series[key].take(xs, ys)

    def set_band(self, key: str, xs: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        """Bounds around a curve that was given before."""
        self._series[key].band = (xs, low, high)
        self._is_stale = True

    def set_unit(self, unit: Unit) -> None:
        """What the x values count."""
        self._is_stale |= unit != self._unit
        if unit != self._unit:
            self._unit = unit
            self.bottom.refresh()

    def clear_series(self) -> None:
        for drawn in self._drawn.values():
            drawn.remove(self)
        self._drawn.clear()
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
        if steps_per_epoch != self._steps_per_epoch:
            self.bottom.refresh()
        self._total, self._steps_per_epoch = total_steps, steps_per_epoch

    def table(self) -> bytes:
        """Every value of every curve, not only those that are drawn."""
        return table_of_traces([Trace(key, one.label, one.color, one.xs, one.ys) for key, one in self._series.items()])

    @property
    def has_figures(self) -> bool:
        return any(len(one.xs) for one in self._series.values())

    def redraw(self) -> bool:
        """Draw what changed since the last time. Returns whether there was anything to draw."""
        if not self._is_stale or not self.isVisible():
            return False
        self._is_stale = False
        for series in self._series.values():
            series.thin(max(64, self.width() - _LEFT - _RIGHT))
        low, high = self._range()
        left = left_room(tick_words(round_ticks(low, high, 5), is_share=self._is_share), _LEFT, 6)
        self.fit((0.0, self._right_end(max(40.0, self.width() - left - _RIGHT))), (low, high), left)
        for drawn, series in zip(self._drawn.values(), self._series.values(), strict=True):
            drawn.show(self, series)
        return True

    def line_ends(self) -> dict[str, float]:
        """{series: the value named at its end}."""
        return {key: series.last for key, series in self._series.items()}

    def levels(self) -> dict[str, float]:
        """{series: the value of the dashed line in its colour}."""
        return {key: value for key, (value, _) in self._levels.items()}

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 120)

    # -- ranges --------------------------------------------------------------------------------------------------------

    def _value_ticks(self, low: float, high: float, pixels: float) -> list[tuple[float, str]]:
        values = round_ticks(low, high, max(2, min(5, int(pixels / 36))))
        return list(zip(values.tolist(), tick_words(values, is_share=self._is_share), strict=True))

    def _step_ticks(self, _low: float, high: float, pixels: float) -> list[tuple[float, str]]:
        """Only the first step says that it is one."""
        steps = step_ticks(high, max(2, int(pixels / 85)), self._steps_per_epoch)
        return [(step, _x_words(step, self._unit) if at == 1 else number(step)) for at, step in enumerate(steps)]

    def _range(self) -> tuple[float, float]:
        values = np.concatenate([np.empty(0), *(series.line[1] for series in self._series.values())])
        values = np.append(values, [level for level, _ in self._levels.values()])
        baseline = self._baseline[0] if self._baseline else None
        if self._is_share:
            return share_range(values, baseline)
        return value_range(np.append(values, [] if baseline is None else [baseline]))

    def _end(self) -> float:
        return max((series.end for series in self._series.values()), default=0.0)

    def _right_end(self, width: float) -> float:
        """Far enough to the right that the labels at the line ends have room."""
        names = [name for name, _, _ in self._end_labels()]
        free = max((self.label_size(name, 500, CAPTION)[0] for name in names), default=60.0) + _LABEL_GAP + 4
        last = self._end()
        if last == 0:
            return float(max(self._total, 1))
        aim = steady_end(last * 1.02)
        aim = min(aim, self._total) if self._total else aim
        wanted = last / (1 - min(0.6, free / width))
        return aim if wanted <= aim else math.ceil(wanted / (_STRIDE * aim)) * _STRIDE * aim

    # -- what lies over the curves -------------------------------------------------------------------------------------

    def annotate(self) -> None:
        if self._baseline is not None:
            self.rule("baseline", self._baseline[0], tokens().text3, dashes=(5, 4))
        for key, (value, color) in self._levels.items():
            self.rule(f"level {key}", value, color, dashes=(5, 4))
        for key, one in self._series.items():
            if len(one.line[0]) == 1 and math.isfinite(one.last):
                self.dot(f"single {key}", self.spot(one.end, one.last), 3, one.color)
        self._annotate_turn()
        self._annotate_best()
        self._annotate_ends()
        if self.read_index is not None and len(self._stops()):
            self.rule("pointer", float(self._stops()[self.read_index]), tokens().text3, is_upright=True)

    def _annotate_turn(self) -> None:
        """Named at the top, on the side where the label fits."""
        if self._turn is None or not self.rule("turn", self._turn[0], tokens().text3, is_upright=True, dashes=(1, 3)):
            return
        frame, (step, words) = self.frame_rect(), self._turn
        x, (width, _) = self.spot(step, 0).x(), self.label_size(words)
        is_left = x - width - 6 > frame.left()
        place = QPointF(x + (-5 if is_left else 5), frame.top() + 6)
        self.label("turn", words, place, tokens().text3, part=RIGHT if is_left else LEFT)

    def _annotate_best(self) -> None:
        """Its label stands where it covers the least of the curves and of the line to pass."""
        if self._best is None or not self.rule("best", self._best[0], tokens().ok, is_upright=True, dashes=(2, 3)):
            return
        step, value, words = self._best
        if self.ranges[2] <= value <= self.ranges[3]:
            self.dot("best dot", self.spot(step, value), 6, tokens().ok, border=2)
        if not words:
            return
        lines = [series.line for series in self._series.values()]
        if self._baseline is not None:
            lines.append((np.array(self.ranges[:2]), np.full(2, self._baseline[0])))
        drawn = [self.pixels(*self.drawable(*line)) for line in lines]
        size, end = QSizeF(*self.label_size(words, 500, CAPTION)), self.spot(self._end(), 0).x()
        place = place_beside(self.frame_rect(), self.spot(step, 0).x(), size, drawn, end)
        self.label("best", words, place.center(), tokens().ok, weight=500, size=CAPTION, part=CENTER)

    def _annotate_ends(self) -> None:
        """Right of the last point, in the order of the lines, none over another."""
        labels, frame = self._end_labels(), self.frame_rect()
        if not labels:
            return
        wanted = np.clip([self.spot(0, value).y() for _, value, _ in labels], -1e4, 1e4)
        if self._baseline is not None:
            wanted[-1] += 10
        places = spread(wanted, tall(_LABEL_HEIGHT), frame.top() + 6, frame.bottom() - 8)
        x = self.spot(self._end(), 0).x() + _LABEL_GAP
        for place, ((words, _, color), y) in enumerate(zip(labels, places.tolist(), strict=True)):
            weight = 400 if color == tokens().text3 else 500
            self.label(f"end {place}", words, QPointF(x, y), color, weight=weight, size=CAPTION)

    def _end_labels(self) -> list[tuple[str, float, str]]:
        """(words, value, colour); the baseline's is the last."""
        labels = [
            (f"{series.label} {self._worded(series.last)}".strip(), series.last, series.color)
            for series in self._series.values()
            if math.isfinite(series.last)
        ]
        if self._baseline is not None:
            labels.append((self._baseline[1], self._baseline[0], tokens().text3))
        return labels

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

    def readable(self) -> tuple[np.ndarray, np.ndarray | None]:
        return self._stops(), None

    def words_of(self, index: int) -> list[Line]:
        reading = self.read_at(float(self._stops()[index]))
        assert reading is not None
        step, values = reading
        lines: list[Line] = [(_x_words(step, self._unit), "", None)]
        return lines + [(label, self._worded(value), color) for label, value, color in values]

    def point_at(self, step: float | None) -> None:
        """Read out the values at a step; None puts the reading away."""
        self.read(None if step is None or not len(self._stops()) else nearest(self._stops(), step))

    # -- when to draw --------------------------------------------------------------------------------------------------

    def resized(self) -> None:
        self._is_stale = True
        self.redraw()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.redraw()


class _Drawn:
    """The items of one series: a faint raw line of one pixel, the curve two pixels wide, the band around it."""

    def __init__(self, chart: Chart, series: Series) -> None:
        self._faint = chart.curve(pale(series.color, 0.45), 1, z=1) if series.is_raw else None
        self._line = chart.curve(series.color, 2, (3, 2) if series.is_dashed else None, z=2)
        self._band: tuple[Any, ...] = ()

    def show(self, chart: Chart, series: Series) -> None:
        """Bring the items up to date."""
        if self._faint is not None:
            self._faint.setData(*chart.drawable(*series.faint))
        self._line.setData(*chart.drawable(*series.line))
        if series.band is None:
            return
        if not self._band:
            self._band = chart.band(series.color)
        xs, low, high = series.band
        for edge, ys in zip(self._band, (low, high), strict=False):
            edge.setData(*chart.drawable(xs, ys))

    def remove(self, chart: Chart) -> None:
        for item in (self._faint, self._line, *self._band):
            if item is not None:
                chart.view.removeItem(item)


def _x_words(value: int, unit: Unit) -> str:
    if unit == "row":
        return tr("text {number}", number=value)
    if unit == "second":
        return tr("{seconds} s", seconds=value)
    return tr("minute {number}", number=value) if unit == "minute" else tr("step {step}", step=value)
