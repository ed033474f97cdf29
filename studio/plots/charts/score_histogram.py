"""ScoreHistogram: how many rows have which score, with their mean."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.metrics.registry import Metric, metric_of
from studio.numbers import number
from studio.plots.charts.axes import round_ticks
from studio.plots.charts.chart import Chart, no_ticks, pale
from studio.plots.charts.tooltip import Line
from studio.plots.export.files import Column
from studio.theme import tall, tokens
from studio.translation import tr

_NUM_BINS, _NUM_TICKS, _AIR = 20, 4, 0.06
_MOST_PERCENTILE = 99.0
"""What has no largest value is cut there: the last bar holds the rest."""


class ScoreHistogram(Chart):
    """`chosen(low, high)` when a bar is pressed; the last bar holds its upper end too."""

    chosen = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("Scores of the rows"), no_ticks, self._ticks, margins=(tall(20), 8), has_grid=(False, False),
            can_zoom=False, parent=parent,
        )  # fmt: skip
        self.setObjectName("scores")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 130)
        self._metric: Metric = metric_of("f1")
        self._edges, self._counts, self._mean = np.empty(0), np.empty(0, dtype=np.int64), float("nan")
        self._marked: tuple[float, float] | None = None
        self._pressed: QPointF | None = None
        self._bars = self.add(pg.BarGraphItem(x0=[0], x1=[1], height=[0], pen=pg.mkPen(tokens().card)))

    def show_scores(self, values: np.ndarray, metric: str) -> None:
        """Scores [rows] of one metric; nan for rows without one."""
        found = np.asarray(values, dtype=np.float64)
        found = found[np.isfinite(found)]
        self._metric, self._marked = metric_of(metric), None
        self._bars.setVisible(bool(len(found)))
        if not len(found):
            self._edges, self._counts = np.empty(0), np.empty(0, dtype=np.int64)
            self.relabel()
            return
        low, high = self._range(found)
        self._edges = np.linspace(low, high, _NUM_BINS + 1)
        self._counts, _ = np.histogram(np.clip(found, low, high), self._edges)
        self._mean = float(found.mean())
        self.setAccessibleDescription(tr("Mean {mean}", mean=self._metric.written(self._mean)))
        most = float(self._counts.max())
        self._draw()
        self.fit((low, high), (0.0, (1 + _AIR) * most), 1)

    def mark(self, low: float | None, high: float = 0.0) -> None:
        """The bar that was chosen; None: all are shown."""
        self._marked = None if low is None else (low, high)
        if len(self._edges):
            self._draw()

    def _range(self, found: np.ndarray) -> tuple[float, float]:
        low, high = self._metric.bounds
        if not np.isfinite(low):
            low = float(found.min())
        if not np.isfinite(high):
            high = float(np.percentile(found, _MOST_PERCENTILE))
        return low, high if high > low else low + 1.0

    def _draw(self) -> None:
        most = float(self._counts.max())
        strengths = [0.8 if self._marked in (None, self._ends(place)) else 0.25 for place in range(len(self._counts))]
        self._bars.setOpts(
            x0=self._edges[:-1],
            x1=self._edges[1:],
            height=np.where(self._counts, np.maximum(self._counts, 0.02 * most), 0.0),  # one row is seen too
            brushes=[pg.mkBrush(pale(tokens().s1, one)) for one in strengths],
        )

    def _ends(self, place: int) -> tuple[float, float]:
        """Of a bar; the last one has no upper end."""
        is_last = place == len(self._counts) - 1
        return float(self._edges[place]), float("inf") if is_last else float(self._edges[place + 1])

    def _ticks(self, low: float, high: float, _pixels: float) -> list[tuple[float, str]]:
        places = round_ticks(low, high, _NUM_TICKS) if len(self._edges) else np.empty(0)
        return [(float(one), self._written(float(one))) for one in places]

    def _written(self, value: float) -> str:
        return f"{100 * value:.0f} %" if self._metric.is_share else number(float(f"{value:.3g}"))

    def sizeHint(self) -> QSize:
        return QSize(320, 190)

    def annotate(self) -> None:
        if not len(self._edges):
            return
        at = min(self._mean, float(self._edges[-1]))
        if self.rule("mean", at, tokens().text2, is_upright=True):
            words = tr("mean {mean}", mean=self._metric.written(self._mean))
            width, _ = self.label_size(words)
            left = max(0.0, min(self.spot(at, 0).x() - width / 2, self.width() - width))
            self.label("mean", words, QPointF(left, tall(9)), tokens().text2)

    # -- choosing ------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._pressed = event.position() if event.button() == Qt.MouseButton.LeftButton else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        spot, self._pressed = self._pressed, None
        if spot is None or not len(self._edges) or (event.position() - spot).manhattanLength() > 4:
            return
        place = int(np.searchsorted(self._edges, self.value_at(spot)[0], side="right")) - 1
        if 0 <= place < len(self._counts) and self._counts[place]:
            self.chosen.emit(*self._ends(place))

    # -- reading out ---------------------------------------------------------------------------------------------------

    def figures(self) -> list[Column]:
        return [] if not len(self._edges) else [
            ("from", self._edges[:-1]), ("to", self._edges[1:]), ("rows", self._counts)
        ]  # fmt: skip

    def readable(self) -> tuple[np.ndarray, np.ndarray | None]:
        return (self._edges[:-1] + self._edges[1:]) / 2 if len(self._edges) else np.empty(0), None

    def words_of(self, index: int) -> list[Line]:
        low, high = (self._written(float(one)) for one in self._edges[index : index + 2])
        told = tr("{low} to {high}", low=low, high=high)
        return [(told, tr("{count:plural:row:rows}", count=int(self._counts[index])), tokens().s1)]
