"""NumberPlot: the number said against the true one, a dot a text; what is right lies on the diagonal."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.plots.charts.axes import left_room, round_ticks, tick_words, value_words
from studio.plots.charts.chart import RIGHT, Chart
from studio.plots.charts.tooltip import Line
from studio.plots.export.files import Column
from studio.theme import tall, tokens
from studio.translation import tr
from studio.widgets.painting import tinted

_LEFT = 52
_FAINT_FROM = 400
"""Texts from which dots are paler, so that where many lie is darker."""


class NumberPlot(Chart):
    """Both axes have the same range, so that the diagonal is one of 45 degrees as far as the plot is square."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("The number it says against the true one"),
            _ticks,
            _ticks,
            margins=(tall(22), 12),
            has_grid=(True, True),
            parent=parent,
        )
        self.setObjectName("numberPlot")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(260)
        self.bottom.setHeight(tall(40))
        self._said = self._true = np.empty(0)
        self._diagonal = self.curve(tokens().text3, 1, (4, 4))
        self._dots = self.add(pg.ScatterPlotItem(size=4, pen=None))

    def show_numbers(self, said: np.ndarray, true: np.ndarray) -> None:
        """float64 [N] each."""
        finite = np.isfinite(said) & np.isfinite(true)
        order = np.argsort(true[finite], kind="stable")
        self._said, self._true = said[finite][order], true[finite][order]
        if len(self._said):
            low, high = self.span()
            self._diagonal.setData([low, high], [low, high])
            self.fit((low, high), (low, high), left_room([words for _, words in _ticks(low, high, 200)], _LEFT))
        alpha = 200 if len(self._said) < _FAINT_FROM else 90
        self._dots.setData(self._true, self._said, brush=tinted(tokens().s1, alpha))

    def sizeHint(self) -> QSize:
        return QSize(480, 360)

    def span(self) -> tuple[float, float]:
        """Of both axes."""
        both = np.concatenate([self._said, self._true])
        low, high = float(both.min()), float(both.max())
        margin = max(0.04 * (high - low), 1e-6 * max(1.0, abs(low), abs(high)))
        return low - margin, high + margin

    def annotate(self) -> None:
        foot = QPointF(self.frame_rect().right(), self.height() - tall(9))
        self.label("said", tr("↑ it says"), QPointF(3, tall(9)), tokens().text3)
        self.label("true", tr("true →"), foot, tokens().text3, part=RIGHT)

    def figures(self) -> list[Column]:
        return [("true", self._true), ("said", self._said)]

    def readable(self) -> tuple[np.ndarray, np.ndarray | None]:
        return self._true, self._said

    def words_of(self, index: int) -> list[Line]:
        said, true = (value_words(float(of[index]), is_share=False) for of in (self._said, self._true))
        return [(tr("it says"), said, tokens().s1), (tr("true value"), true, None)]


def _ticks(low: float, high: float, _pixels: float) -> list[tuple[float, str]]:
    values = round_ticks(low, high, 5)
    return list(zip(values.tolist(), tick_words(values, is_share=False), strict=True))
