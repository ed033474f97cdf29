"""SweepPlot: quality against variety: the maximum-likelihood model through temperatures, others as points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPoint, QPointF, QRect, QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.records import SweepPoint
from studio.plots.charts.axes import left_room, round_ticks, tick_words
from studio.plots.charts.chart import CENTER, RIGHT, Chart
from studio.plots.charts.tooltip import Line
from studio.plots.export.files import Column
from studio.theme import TICK, tall, tokens
from studio.translation import tr

_LEFT = 40
QUALITY, LIKENESS = "bleu_4", "self_bleu_4"
MODELS = ("maximum_likelihood", "gan", "real_text")
_SHAPES = {"gan": ("d", 14), "real_text": ("o", 10)}
"""(symbol, pixels) where it is not a small dot: shape and colour tell the same."""


def model_words(model: str) -> str:
    """What a point's model is called."""
    names = {
        "maximum_likelihood": tr("maximum likelihood"),
        "gan": tr("the GAN"),
        "real_text": tr("real text"),
    }
    return names.get(model, model)


def model_color(model: str) -> str:
    colours = tokens()
    return {"maximum_likelihood": colours.s1, "gan": colours.s2}.get(model, colours.text2)


class SweepPlot(Chart):
    """x: quality (BLEU-4, right is better); y: variety (1 - self-BLEU-4, up is better)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("Quality against variety"),
            _ticks,
            _ticks,
            margins=(tall(22), 14),
            has_grid=(True, True),
            room=8,
            parent=parent,
        )
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(190)
        self.bottom.setHeight(tall(40))
        self._points: list[SweepPoint] = []
        self._line = self.curve(model_color(MODELS[0]), 1.6)
        self._dots = self.add(pg.ScatterPlotItem(antialias=True), 1)

    def set_points(self, points: Sequence[SweepPoint]) -> None:
        """Points that lack one of the two meters, or have no number there, are left out."""
        known = [one for one in points if {QUALITY, LIKENESS} <= set(one.metrics)]
        self._points = [one for one in known if np.isfinite(place_of(one)).all()]
        self.setAccessibleDescription("; ".join(told_of(one) for one in self._points))
        if self._points:
            across, up = self._places()
            self.fit(_range(across), _range(up), left_room(["0.00"], _LEFT))
        line = np.array([place_of(one) for one in self._swept()]).reshape(-1, 2)
        self._line.setData(line[:, 0], line[:, 1])
        self._dots.setData([_look(one) for one in self._points])

    def points(self) -> list[SweepPoint]:
        return list(self._points)

    def sizeHint(self) -> QSize:
        return QSize(300, 240)

    def spot_of(self, point: SweepPoint) -> QPointF:
        """The pixel of a point."""
        return self.spot(*place_of(point))

    def _swept(self) -> list[SweepPoint]:
        """The maximum-likelihood model, from cold to hot."""
        return sorted((one for one in self._points if one.model == MODELS[0]), key=lambda one: one.temperature)

    def _places(self) -> tuple[np.ndarray, np.ndarray]:
        places = np.array([place_of(one) for one in self._points]).reshape(-1, 2)
        return places[:, 0], places[:, 1]

    # -- names ---------------------------------------------------------------------------------------------------------

    def annotate(self) -> None:
        """What the axes mean, temperatures at the ends of the line, names at the points."""
        self.label("up", tr("↑ more varied (1 − self-BLEU-4)"), QPointF(3, tall(9)), tokens().text3)
        foot = QPointF(self.frame_rect().right(), self.height() - tall(9))
        self.label("across", tr("better sentences (BLEU-4) →"), foot, tokens().text3, part=RIGHT)
        wanted = [(one, model_words(one.model)) for one in self._points if one.model != MODELS[0]]
        if line := self._swept():
            wanted += [(line[len(line) // 2], model_words(MODELS[0]))]
            wanted += [(one, tr("T {temperature}", temperature=f"{one.temperature:g}")) for one in (line[0], line[-1])]
        taken: list[QRect] = []
        for place, (one, words) in enumerate(wanted):
            self._name(f"name {place}", one, words, taken)

    def _name(self, key: str, point: SweepPoint, words: str, taken: list[QRect]) -> None:
        """Where it covers no other name and the fewest dots; nowhere, when there is no such place."""
        width, spot = round(self.label_size(words, 600)[0]), self.spot_of(point).toPoint()
        corners = ((10, -8), (-10 - width, -8), (-width // 2, -24), (-width // 2, 9))
        places = [QRect(spot + QPoint(*corner), QSize(width, 16)) for corner in corners]
        dots = [self.spot_of(one).toPoint() for one in self._points]
        room = self.frame_rect().toRect().adjusted(0, -4, 14, 0)

        def cost(place: QRect) -> int:
            covered = sum(place.contains(dot) for dot in dots)
            return 100 * (not room.contains(place)) + 50 * any(place.intersects(one) for one in taken) + covered

        best = min(places, key=cost)
        if cost(best) < 50:
            taken.append(best)
            middle = QPointF(best.center())
            self.label(key, words, middle, model_color(point.model), weight=600, size=TICK, part=CENTER)

    # -- looking closer ------------------------------------------------------------------------------------------------

    def figures(self) -> list[Column]:
        across, up = self._places()
        temperatures = np.array([one.temperature for one in self._points], dtype=np.float64)
        models = [one.model for one in self._points]
        return [("model", models), ("temperature", temperatures), (QUALITY, across), ("variety", up)]

    def readable(self) -> tuple[np.ndarray, np.ndarray | None]:
        return self._places()

    def words_of(self, index: int) -> list[Line]:
        return [(told_of(self._points[index]), "", None)]


def _look(point: SweepPoint) -> dict[str, object]:
    """A dot, a diamond or a hollow ring."""
    symbol, size = _SHAPES.get(point.model, ("o", 9))
    ink, ground = model_color(point.model), tokens().card
    is_hollow = point.model == "real_text"
    pen = pg.mkPen(ink, width=2) if is_hollow else pg.mkPen(ground, width=1.5)
    return {"pos": place_of(point), "symbol": symbol, "size": size, "pen": pen, "brush": ground if is_hollow else ink}


def _range(values: np.ndarray) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    margin = max(0.08 * (high - low), 0.01)
    return min(low, max(0.0, low - margin)), max(high, min(1.0, high + margin))


def _ticks(low: float, high: float, _pixels: float) -> list[tuple[float, str]]:
    values = round_ticks(low, high, 4)
    return list(zip(values.tolist(), tick_words(values, is_share=False), strict=True))


def place_of(point: SweepPoint) -> tuple[float, float]:
    """(quality, variety) of a point."""
    return point.metrics[QUALITY], 1.0 - point.metrics[LIKENESS]


def told_of(point: SweepPoint) -> str:
    """A point in words, for tooltips and screen readers."""
    quality, variety = place_of(point)
    return tr(
        "{model}, temperature {temperature}: BLEU-4 {quality}, 1 − self-BLEU-4 {variety}",
        model=model_words(point.model),
        temperature=f"{point.temperature:g}",
        quality=f"{quality:.3f}",
        variety=f"{variety:.3f}",
    )
