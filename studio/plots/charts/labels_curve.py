"""LabelsCurve: accuracy by number of labels, against chance, with how it may go on to the target."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.records import LabelsLearned
from studio.numbers import percent
from studio.plots.charts.axes import left_room, round_ticks, steady_end
from studio.plots.charts.chart import LEFT, RIGHT, Chart
from studio.plots.charts.tooltip import Line
from studio.plots.export.files import Column
from studio.theme import CAPTION, tall, tokens
from studio.translation import tr
from studio.widgets.painting import tinted

_LEFT = 44
_GAP, _LEAST_ROOM = 16, 0.35


class LabelsCurve(Chart):
    """Bold: labels chosen by the model, with its 95 % band; dashed: as many by chance, as far as it was measured;
    dotted: how the curve goes on; the upright band: where the target is reached."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("Accuracy by number of labels"), _share_ticks, self._label_ticks, room=6, can_zoom=False, parent=parent
        )
        self.setObjectName("labelsCurve")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(190)
        colours = tokens()
        self._measured: LabelsLearned | None = None
        self._needed = self.add(
            pg.LinearRegionItem((0, 0), movable=False, pen=pg.mkPen(None), brush=pg.mkBrush(tinted(colours.ok, 26))), -5
        )
        self._low, self._high, _ = self.band(colours.s1)
        self._chance = self.curve(colours.text2, 1.8, (4, 3))
        self._ahead = self.curve(colours.s1, 1.6, (1.5, 2.5))
        self._line = self.curve(colours.s1, 2.4)
        self.fit((0.0, 100.0), (0.0, 1.0), left_room([percent(1.0, 0)], _LEFT))

    def show_learned(self, measured: LabelsLearned | None) -> None:
        """Another measurement; None, or one without a curve, draws nothing."""
        self._measured = measured
        curve = measured.curve if measured is not None else None
        ahead = measured.projection if measured is not None else None
        is_said = ahead is not None and ahead.labels is not None
        points = ahead.ahead if ahead is not None and curve is not None and is_said else np.empty((0, 2))
        self._needed.setVisible(curve is not None and ahead is not None and ahead.labels is not None)
        if curve is None:
            for one in (self._line, self._chance, self._ahead, self._low, self._high):
                one.setData([], [])
            self.relabel()
            return
        labels = curve.labels.astype(np.float64)
        taken = self.label_size(self._chosen_words(float(curve.accuracy[-1])), 600, CAPTION)[0] + _GAP
        room = max(_LEAST_ROOM, 1.0 - taken / max(1.0, self.frame_rect().width()))  # left of the name at the line's end
        last = max(float(labels[-1]) / room, float(points[-1, 0]) if len(points) else 0.0)
        if ahead is not None and ahead.labels is not None:
            last = max(last, ahead.high)
            self._needed.setRegion((ahead.low, ahead.high))
        shown = np.concatenate([curve.low, curve.chance[np.isfinite(curve.chance)]])
        floor = float(np.clip(np.floor(shown.min() * 5) / 5, 0.0, 0.8))
        self.fit((0.0, steady_end(last * 1.06)), (floor, 1.0))
        self._line.setData(*self.drawable(labels, curve.accuracy))
        self._low.setData(labels, curve.low)
        self._high.setData(labels, curve.high)
        self._chance.setData(*self.drawable(labels, curve.chance))
        self._ahead.setData(*self.drawable(points[:, 0], points[:, 1]))
        self.setAccessibleDescription(
            "; ".join(line[0] for index in range(len(labels)) for line in self.words_of(index))
        )
        self.relabel()

    def _chosen_words(self, accuracy: float) -> str:
        return f"{tr('by the model')} {percent(accuracy, 0)}"

    def annotate(self) -> None:
        curve = self._measured.curve if self._measured is not None else None
        if curve is None:
            return
        colours = tokens()
        for place, (x, y) in enumerate(zip(curve.labels.tolist(), curve.accuracy.tolist(), strict=True)):
            is_last = place == len(curve.labels) - 1
            self.dot(f"point {place}", self.spot(x, y), 4.5 if is_last else 2.5, colours.s1, border=1.5)
        self._name("chosen", tr("by the model"), curve.labels, curve.accuracy, colours.s1, 600)
        known = np.isfinite(curve.chance)
        if known.any():
            self._name("chance", tr("by chance"), curve.labels[known], curve.chance[known], colours.text2, 500)
        ahead = self._measured.projection if self._measured is not None else None
        if ahead is not None and ahead.labels is not None:
            self.rule("needed", ahead.labels, colours.ok, is_upright=True, dashes=(4, 3))
            foot = QPointF(self.spot(ahead.labels, 0).x() - 5, self.frame_rect().bottom() - tall(10))
            self.label("needed", f"{ahead.labels:,}", foot, colours.ok, weight=600, size=CAPTION, part=RIGHT)

    def _name(self, key: str, words: str, xs: np.ndarray, ys: np.ndarray, color: str, weight: int) -> None:
        """At the line's end where there is room, else under it."""
        told, frame = f"{words} {percent(float(ys[-1]), 0)}", self.frame_rect()
        end = self.spot(float(xs[-1]), float(ys[-1]))
        width = self.label_size(told, weight, CAPTION)[0]
        down = tall(16) if key == "chance" or end.y() < frame.top() + tall(30) else tall(14)
        if end.x() + width + 10 <= frame.right():
            self.label(
                key,
                told,
                end + QPointF(9, down / 2 if key == "chosen" else 8),
                color,
                weight=weight,
                size=CAPTION,
                part=LEFT,
            )
        else:
            spot = QPointF(min(end.x(), frame.right() - 2), min(end.y() + down + 4, frame.bottom() - 8))
            self.label(key, told, spot, color, weight=weight, size=CAPTION, part=RIGHT)

    def resized(self) -> None:
        """The names at the lines' ends take another share of the width."""
        self.show_learned(self._measured)

    def figures(self) -> list[Column]:
        curve = self._measured.curve if self._measured is not None else None
        if curve is None:
            return []
        bounds = [("low", curve.low), ("high", curve.high)]
        return [("labels", curve.labels), ("accuracy", curve.accuracy), *bounds, ("by chance", curve.chance)]

    def readable(self) -> tuple[np.ndarray, np.ndarray | None]:
        curve = self._measured.curve if self._measured is not None else None
        return (np.empty(0) if curve is None else curve.labels.astype(np.float64)), None

    def words_of(self, index: int) -> list[Line]:
        assert self._measured is not None and self._measured.curve is not None
        curve = self._measured.curve
        told = tr(
            "{count:plural:label:labels}: {share} ({low} to {high})",
            count=int(curve.labels[index]),
            share=percent(float(curve.accuracy[index]), 0),
            low=percent(float(curve.low[index]), 0),
            high=percent(float(curve.high[index]), 0),
        )
        lines: list[Line] = [(told, "", tokens().s1)]
        if np.isfinite(curve.chance[index]):
            lines.append((tr("by chance"), percent(float(curve.chance[index]), 0), tokens().text2))
        return lines

    def sizeHint(self) -> QSize:
        return QSize(300, 210)

    def _label_ticks(self, _low: float, high: float, pixels: float) -> list[tuple[float, str]]:
        values = round_ticks(0.0, high, max(2, min(4, int(pixels / 60))))
        return [
            (value, tr("{count} labels", count=round(value)) if place == 1 else f"{round(value):,}")
            for place, value in enumerate(values.tolist())
        ]


def _share_ticks(low: float, high: float, pixels: float) -> list[tuple[float, str]]:
    values = round_ticks(low, high, max(2, min(5, int(pixels / 34))))
    return [(value, percent(value, 0)) for value in values.tolist()]
