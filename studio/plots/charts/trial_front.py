"""TrialFront: a search with two goals: each trial as a dot, and as a line those that no other beats in both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.plots.charts.axes import left_room, round_ticks, tick_words
from studio.plots.charts.chart import RIGHT, Chart
from studio.plots.charts.tooltip import Line
from studio.plots.charts.trial_curves import Look, ink_of
from studio.plots.export.files import Column
from studio.theme import tall, tokens
from studio.translation import tr

_LEFT = 40


@dataclass(frozen=True)
class Goal:
    """One axis: its title, how a value is said, whether less is better and whether it is a share."""

    title: str
    write: Callable[[float], str]
    is_lower_better: bool = False
    is_share: bool = True


@dataclass(frozen=True)
class FrontPoint:
    """One trial with its values of both goals; `is_front`: none beats it in both."""

    key: int
    name: str
    look: Look
    x: float
    y: float
    is_front: bool


class TrialFront(Chart):
    """`lit(key)` when the pointer or an arrow key is on a trial, None when on none; `chosen(key)` when it is
    pressed."""

    lit = Signal(object)
    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("What each trial reached in both goals"),
            lambda low, high, _: self._ticks(1, low, high),
            lambda low, high, _: self._ticks(0, low, high),
            margins=(tall(22), 16),
            has_grid=(True, True),
            room=8,
            parent=parent,
        )
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(200)
        self.bottom.setHeight(tall(40))
        self._goals: tuple[Goal, ...] = ()
        self._points: tuple[FrontPoint, ...] = ()
        self._lit: int | None = None
        self._chosen: int | None = None
        self._told: int | None = None
        self._kept: frozenset[int] | None = None
        self._line = self.curve(tokens().s2, 1.8)
        self._dots = self.add(pg.ScatterPlotItem(antialias=True), 1)

    def show_points(self, goals: tuple[Goal, Goal], points: Sequence[FrontPoint]) -> None:
        """Those with a value that is not finite are left out."""
        self._goals = goals
        self._points = tuple(
            sorted((one for one in points if np.isfinite([one.x, one.y]).all()), key=lambda one: one.x)
        )
        self.setAccessibleDescription("; ".join(self._spoken(one) for one in self._points if one.is_front))
        if self._points:
            xs, ys = self._places()
            words = [goals[1].write(one) for one in ys.tolist()]
            self.fit(_wide(xs), _wide(ys), left_room(words, _LEFT))
        self._draw()

    def points(self) -> tuple[FrontPoint, ...]:
        return self._points

    def show_lit(self, key: int | None) -> None:
        if key != self._lit:
            self._lit = key
            self._draw()

    def show_chosen(self, key: int | None) -> None:
        if key != self._chosen:
            self._chosen = key
            self._draw()

    def show_kept(self, keys: frozenset[int] | None) -> None:
        """Only these are of interest, the others turn paler; None: all are."""
        if keys != self._kept:
            self._kept = keys
            self._draw()

    def sizeHint(self) -> QSize:
        return QSize(420, 196)

    # -- drawing -------------------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        front = np.array([(one.x, one.y) for one in self._points if one.is_front]).reshape(-1, 2)
        self._line.setData(front[:, 0], front[:, 1])
        self._dots.setData([self._look(one) for one in self._points])
        self.relabel()

    def _look(self, one: FrontPoint) -> dict[str, object]:
        colours = tokens()
        is_strong = one.key == (self._lit if self._lit is not None else self._chosen)
        is_out = self._kept is not None and one.key not in self._kept
        ink = (
            colours.accent
            if is_strong
            else colours.grid
            if is_out
            else colours.s2
            if one.is_front
            else ink_of(one.look)
        )
        size = 12 if is_strong else 10 if one.is_front else 7
        return {
            "pos": (one.x, one.y),
            "symbol": "d" if one.is_front else "o",
            "size": size,
            "pen": pg.mkPen(colours.card, width=1.2),
            "brush": ink,
        }

    def annotate(self) -> None:
        if not self._goals:
            return
        across, up = self._goals
        colours, frame = tokens(), self.frame_rect()
        arrow = "↓" if up.is_lower_better else "↑"
        self.label("up", f"{arrow} {up.title}", QPointF(3, tall(9)), colours.text3)
        arrow = "←" if across.is_lower_better else "→"
        foot = QPointF(frame.right(), self.height() - tall(9))
        self.label("across", f"{across.title} {arrow}", foot, colours.text3, part=RIGHT)

    def _ticks(self, number: int, low: float, high: float) -> list[tuple[float, str]]:
        values = round_ticks(low, high, 4)
        is_share = bool(self._goals) and self._goals[number].is_share
        return list(zip(values.tolist(), tick_words(values, is_share=is_share), strict=True))

    # -- looking closer ------------------------------------------------------------------------------------------------

    def _places(self) -> tuple[np.ndarray, np.ndarray]:
        places = np.array([(one.x, one.y) for one in self._points]).reshape(-1, 2)
        return places[:, 0], places[:, 1]

    def readable(self) -> tuple[np.ndarray, np.ndarray | None]:
        return self._places()

    def words_of(self, index: int) -> list[Line]:
        one = self._points[index]
        values = [
            (goal.title, goal.write(value), None) for goal, value in zip(self._goals, (one.x, one.y), strict=True)
        ]
        return [(one.name, "", ink_of(one.look)), *values]

    def read(self, index: int | None) -> None:
        super().read(index)
        key = None if self.read_index is None else self._points[self.read_index].key
        if key != self._told:
            self._told = key
            self.show_lit(key)
            self.lit.emit(key)

    def mousePressEvent(self, ev: QMouseEvent) -> None:
        if ev.button() == Qt.MouseButton.LeftButton and self._told is not None:
            self.chosen.emit(self._told)
        super().mousePressEvent(ev)

    def keyPressEvent(self, ev: QKeyEvent) -> None:
        if ev.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._told is not None:
            self.chosen.emit(self._told)
        else:
            super().keyPressEvent(ev)

    def figures(self) -> list[Column]:
        xs, ys = self._places()
        keys = np.array([one.key for one in self._points], dtype=np.int64)
        titles = [goal.title for goal in self._goals] or ["", ""]
        return [
            ("trial", keys),
            (titles[0], xs),
            (titles[1], ys),
            ("front", [str(one.is_front) for one in self._points]),
        ]

    def _spoken(self, one: FrontPoint) -> str:
        told = [f"{goal.title} {goal.write(value)}" for goal, value in zip(self._goals, (one.x, one.y), strict=True)]
        return f"{one.name}: {', '.join(told)}"


def _wide(values: np.ndarray) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    margin = max(0.08 * (high - low), 1e-3 * max(1.0, abs(high)))
    return low - margin, high + margin
