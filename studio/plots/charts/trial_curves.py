"""TrialCurves: what every trial of a search reached while it learned, over passes on a logarithmic axis."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.plots.charts.axes import left_room, round_ticks, spread, tick_words, value_words
from studio.plots.charts.chart import Chart, pale
from studio.plots.charts.tooltip import Line
from studio.plots.export.files import Column
from studio.theme import CAPTION, tall, tokens
from studio.translation import tr

Look = Literal["best", "leading", "running", "done", "pruned", "failed"]
"""How a trial stands: the best so far, one of the next best, learning now, over, given up early, failed."""
_ORDER: tuple[Look, ...] = ("failed", "pruned", "done", "leading", "running", "best")
"""From the bottom to the top."""
_FRACTIONS = {0.125: "⅛", 0.25: "¼", 0.5: "½"}
_LEFT, _END_SQUARE, _SPOKEN = 36, 4, 20
_DASHES, _DOTS = (4.0, 3.0), (1.0, 3.0)


@dataclass(frozen=True)
class TrialCurve:
    """One trial: `xs` are rising numbers of passes (above 0), `ys` what it reached there; `label` stands beside its end
    where it has one, at the height of the point number `mark`, which gets a dot; `name` in what is read out."""

    key: int
    name: str
    look: Look
    xs: np.ndarray
    ys: np.ndarray
    label: str = ""
    mark: int = -1


def ink_of(look: Look) -> str:
    """The colour of a trial in every chart and table of a search; opaque, as half-transparent pens are slow."""
    colours = tokens()
    return {
        "best": colours.s2,
        "leading": pale(colours.s2, 0.5),
        "running": colours.s1,
        "done": pale(colours.text3, 0.6),
        "pruned": pale(colours.text3, 0.34),
        "failed": pale(colours.bad, 0.5),
    }[look]


def strong_ink(look: Look) -> str:
    """The colour of a trial that is looked at: its own, where that is bold already."""
    return ink_of(look) if look in ("best", "running") else tokens().accent


class TrialCurves(Chart):
    """`lit(key)` when the pointer or an arrow key is on a trial, None when on none; `chosen(key)` when it is pressed.

    Left and Right go along a trial's curve, Up and Down from trial to trial; Return chooses.
    """

    lit = Signal(object)
    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("What each trial reached while it learned"), self._value_ticks, self._pass_ticks, parent=parent
        )
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(170)
        self._trials: tuple[TrialCurve, ...] = ()
        self._by_key: dict[int, TrialCurve] = {}
        self._is_share, self._unit = True, "pass"
        self._rungs: tuple[float, ...] = ()
        self._baseline: tuple[float, str] | None = None
        self._told: int | None = None
        self._lit: int | None = None
        self._chosen: int | None = None
        self._kept: frozenset[int] | None = None
        self._points = (np.empty(0), np.empty(0), np.empty(0, dtype=np.int64))
        widths = {"best": 2.6, "running": 2.0, "leading": 1.4}  # one pixel is drawn many times as fast
        self._lines = {look: self.curve(ink_of(look), widths.get(look, 1.0), z=z) for z, look in enumerate(_ORDER)}
        self._out = self.curve(tokens().grid, 1.0, z=-2)
        self._strong = self.curve(tokens().accent, 2.6, z=len(_ORDER))
        self._ends = self.add(pg.ScatterPlotItem(pen=None, antialias=False), 1)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def show_trials(
        self,
        trials: Sequence[TrialCurve],
        *,
        is_share: bool = True,
        rungs: Sequence[float] = (),
        baseline: tuple[float, str] | None = None,
        unit: Literal["pass", "step"] = "pass",
    ) -> None:
        """`unit` is what the curves' `xs` count; `rungs` are the passes at which the weaker ones are given up;
        `baseline` a value to pass and its words."""
        self._trials = tuple(one for one in trials if len(one.xs))
        self._by_key = {one.key: one for one in self._trials}
        self._is_share, self._rungs, self._baseline, self._unit = is_share, tuple(rungs), baseline, unit
        first = _sorted(self._trials)[:_SPOKEN]
        told = [tr("{trial}: {value}", trial=one.name, value=self._words(_last(one))) for one in first]
        self.setAccessibleDescription("; ".join(told))
        self._points = _points(self._trials)
        self._fit()
        self._draw()

    def show_lit(self, key: int | None) -> None:
        """Another part of the page points at a trial."""
        if key != self._lit:
            self._lit = key
            self._draw_strong()

    def show_chosen(self, key: int | None) -> None:
        if key != self._chosen:
            self._chosen = key
            self._draw_strong()

    def show_kept(self, keys: frozenset[int] | None) -> None:
        """Only these are of interest, the others turn paler; None: all are."""
        if keys != self._kept:
            self._kept = keys
            self._draw()

    def trials(self) -> tuple[TrialCurve, ...]:
        return self._trials

    def sizeHint(self) -> QSize:
        return QSize(420, 196)

    # -- drawing -------------------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        for look, line in self._lines.items():
            _set(line, [one for one in self._trials if one.look == look and self._is_kept(one)])
        _set(self._out, [one for one in self._trials if not self._is_kept(one)])
        ended = [one for one in self._trials if one.look in ("pruned", "failed") and self._is_kept(one)]
        places = [(math.log2(one.xs[-1]), one.ys[-1]) for one in ended if math.isfinite(one.ys[-1])]
        brushes = [pg.mkBrush(ink_of(one.look)) for one in ended if math.isfinite(one.ys[-1])]
        self._ends.setData(pos=np.array(places).reshape(-1, 2), brush=brushes, symbol="s", size=_END_SQUARE)
        self._draw_strong()

    def _draw_strong(self) -> None:
        shown = self._by_key.get(self._lit if self._lit is not None else self._chosen)  # type: ignore[arg-type]
        self._strong.setPen(pg.mkPen(strong_ink(shown.look) if shown is not None else tokens().accent, width=3.4))
        _set(self._strong, [shown] if shown is not None else [])
        self.relabel()

    def _is_kept(self, one: TrialCurve) -> bool:
        return self._kept is None or one.key in self._kept

    def _fit(self) -> None:
        xs, ys = self._points[0], self._points[1]
        if not len(xs):
            self.fit((0.0, 1.0), (0.0, 1.0), left_room(["100"], _LEFT))
            return
        low, high = _range(ys, [] if self._baseline is None else [self._baseline[0]])
        words = [label for _, label, _ in self._end_labels()]
        right = max([14.0, *(self.label_size(one, 600, CAPTION)[0] + 14 for one in words)])
        self.plotItem.layout.setContentsMargins(0, tall(10), min(right, 0.4 * self.width()), 0)
        first, last = float(xs.min()), float(xs.max())
        last = max([last, *(math.log2(one) for one in self._rungs if one > 0)], default=last)
        ticks = [self._words(one) for one in round_ticks(low, high, 5).tolist()]
        self.fit((first, max(last, first + 1.0)), (low, high), left_room(ticks, _LEFT))

    def annotate(self) -> None:
        colours, frame = tokens(), self.frame_rect()
        for place, rung in enumerate(self._rungs):
            if rung > 0:
                self.rule(f"rung {place}", math.log2(rung), colours.line2, is_upright=True, dashes=_DOTS)
        if self._baseline is not None:
            self.rule("baseline", self._baseline[0], colours.text2, dashes=_DASHES)
        for one in self._trials:
            if one.look in ("best", "running"):
                spot = self.spot(math.log2(one.xs[one.mark]), float(one.ys[one.mark]))
                self.dot(f"end {one.key}", spot, 4.5, ink_of(one.look), 1.5)
        labels = self._end_labels()
        if labels:
            height = self.label_size("8", 600, CAPTION)[1]
            wanted = np.array([self.spot(0.0, value).y() for value, _, _ in labels])
            wanted = np.clip(wanted, frame.top(), frame.bottom())
            places = spread(wanted, height, frame.top(), frame.bottom())
            for number, ((_, words, ink), y) in enumerate(zip(labels, places.tolist(), strict=True)):
                at = QPointF(frame.right() + 8, y)
                self.label(f"label {number}", words, at, ink, weight=600 if number == 0 else 500, size=CAPTION)

    def _end_labels(self) -> list[tuple[float, str, str]]:
        """(value, words, colour) of what is named at the right, the best first."""
        named = [one for one in _sorted(self._trials) if one.label]
        found = [(float(one.ys[one.mark]), one.label, ink_of(one.look)) for one in named]
        if self._baseline is not None and self._baseline[1]:
            found.append((self._baseline[0], self._baseline[1], tokens().text2))
        return [one for one in found if math.isfinite(one[0])]

    def _value_ticks(self, low: float, high: float, pixels: float) -> list[tuple[float, str]]:
        values = round_ticks(low, high, max(2, int(pixels // 34)))
        words = tick_words(values, is_share=self._is_share)
        return list(zip(values.tolist(), [one.rstrip(" %") for one in words], strict=True))

    def _pass_ticks(self, low: float, high: float, _pixels: float) -> list[tuple[float, str]]:
        """Powers of two, and words at the first and the last of them."""
        powers = list(range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)) or [round(low)]
        while len(powers) > 9:
            powers = powers[::2]
        words = [passes_in_words(2.0**power) for power in powers]
        if self._unit == "step":
            words[-1] = tr("{count} steps", count=words[-1])
        else:
            words[-1] = tr("{count} passes", count=words[-1]) if powers[-1] > 0 else tr("{count} pass", count=words[-1])
        return list(zip([float(one) for one in powers], words, strict=True))

    def _words(self, value: float) -> str:
        return value_words(value, is_share=self._is_share)

    # -- looking closer ------------------------------------------------------------------------------------------------

    def readable(self) -> tuple[np.ndarray, np.ndarray | None]:
        return self._points[0], self._points[1]

    def words_of(self, index: int) -> list[Line]:
        xs, ys, keys = self._points
        one = self._by_key[int(keys[index])]
        after = self._after(2.0 ** float(xs[index]))
        return [(one.name, self._words(float(ys[index])), ink_of(one.look)), (after, "", None)]

    def _after(self, count: float) -> str:
        if self._unit == "step":
            return tr("after step {step}", step=round(count))
        if count == 1:
            return tr("after one pass")
        return tr("after {count} passes", count=passes_in_words(count))

    def read(self, index: int | None) -> None:
        super().read(index)
        key = None if self.read_index is None else int(self._points[2][self.read_index])
        if key != self._told:
            self._told = key
            self.show_lit(key)
            self.lit.emit(key)

    def mousePressEvent(self, ev: QMouseEvent) -> None:
        if ev.button() == Qt.MouseButton.LeftButton and self._told is not None:
            self.chosen.emit(self._told)
        super().mousePressEvent(ev)

    def keyPressEvent(self, ev: QKeyEvent) -> None:
        ways: Mapping[int, int] = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        along: Mapping[int, int] = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        at = self.read_index
        if ev.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._told is not None:
            self.chosen.emit(self._told)
        elif ev.key() in ways and self._trials:
            self._read_end(self._next_trial(ways[ev.key()]))
        elif ev.key() in along and at is not None:
            keys = self._points[2]
            then = at + along[ev.key()]
            if 0 <= then < len(keys) and keys[then] == keys[at]:
                self.read(then)
        elif ev.key() in along and self._trials:
            self._read_end(_sorted(self._trials)[0].key)
        else:
            super().keyPressEvent(ev)

    def _next_trial(self, way: int) -> int:
        """The next one by how they stand, the best first."""
        order = [one.key for one in _sorted(self._trials)]
        now = self._told if self._told is not None else self._chosen
        place = order.index(now) + way if now in order else 0
        return order[min(max(place, 0), len(order) - 1)]

    def _read_end(self, key: int) -> None:
        self.read(int(np.flatnonzero(self._points[2] == key)[-1]))

    # -- taking it away ------------------------------------------------------------------------------------------------

    def figures(self) -> list[Column]:
        xs, ys, keys = self._points
        looks = [self._by_key[int(key)].look for key in keys]
        return [("trial", keys), ("passes", 2.0**xs), ("value", ys), ("state", looks)]


def passes_in_words(passes: float) -> str:
    """`½`, `3`, `1.25`."""
    return _FRACTIONS.get(passes, f"{passes:.3g}")


def _last(one: TrialCurve) -> float:
    finite = one.ys[np.isfinite(one.ys)]
    return float(finite[-1]) if len(finite) else math.nan


def _sorted(trials: Sequence[TrialCurve]) -> list[TrialCurve]:
    """The best first, then by how they stand, then by number."""
    return sorted(trials, key=lambda one: (-_ORDER.index(one.look), one.key))


def _points(trials: Sequence[TrialCurve]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(binary logarithms of passes, values, keys) of all finite points, trial after trial."""
    parts = [(np.log2(one.xs), one.ys, np.full(len(one.xs), one.key, dtype=np.int64)) for one in trials]
    if not parts:
        return np.empty(0), np.empty(0), np.empty(0, dtype=np.int64)
    xs, ys, keys = (np.concatenate(column) for column in zip(*parts, strict=True))
    keep = np.isfinite(xs) & np.isfinite(ys)
    return xs[keep], ys[keep], keys[keep]


def _set(line: pg.PlotCurveItem, trials: Sequence[TrialCurve]) -> None:
    """Many curves as one item: the last point of each is not joined to the first of the next."""
    xs, ys, keys = _points(trials)
    joined = np.append(keys[1:] == keys[:-1], False) if len(keys) else np.empty(0, dtype=bool)
    line.setData(xs, ys, connect=joined if len(keys) else "all")


def _range(ys: np.ndarray, also: Sequence[float]) -> tuple[float, float]:
    """Most of the values and what is to be passed: the first steep evaluations may lie below."""
    values = np.concatenate([ys, np.array(list(also), dtype=np.float64)])
    low, high = float(np.percentile(values, 6)), float(values.max())
    low = min([low, *also])
    margin = max(0.06 * (high - low), 1e-3)
    return low - margin, high + margin
