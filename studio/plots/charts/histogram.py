"""Histogram: how long the texts are, with the median and the length beyond which the model sees nothing."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.numbers import number
from studio.plots.charts.chart import Chart, no_ticks, pale
from studio.plots.charts.length_bins import LengthBins, length_bins, round_ticks
from studio.plots.charts.tooltip import Line
from studio.plots.export.files import Column
from studio.theme import TICK, font, tall, tokens
from studio.translation import tr

_AIR, _APART, _MOST_TICKS = 0.04, 18.0, 6
"""Of the highest bar, over it."""


class Histogram(Chart):
    """Bars over the number of tokens; bars beyond the limit take the second colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("Length of texts"),
            no_ticks,
            _length_ticks,
            margins=(tall(20), 1),
            has_grid=(False, False),
            parent=parent,
        )
        self.setObjectName("lengths")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 96)
        self._bins: LengthBins | None = None
        self._bars = self.add(pg.BarGraphItem(x0=[0], x1=[1], height=[0], pen=pg.mkPen(tokens().card)))

    def show_lengths(self, lengths: np.ndarray, limit: int) -> None:
        """Draw lengths in tokens, one a text; nothing is drawn for no text."""
        self._bins = bins = length_bins(lengths, limit) if len(lengths) else None
        self._bars.setVisible(bins is not None)
        if bins is None:
            self.relabel()
            return
        self.setAccessibleDescription(
            tr("Half are shorter than {median} tokens; {count} pass the limit of {limit}.",
               median=bins.median, count=bins.num_over, limit=limit)
            if bins.num_over
            else tr("Half are shorter than {median} tokens.", median=bins.median)
        )  # fmt: skip
        most = float(bins.counts.max())
        self._bars.setOpts(
            x0=bins.edges[:-1],
            x1=bins.edges[1:],
            height=np.where(bins.counts, np.maximum(bins.counts, 0.02 * most), 0.0),  # one text is seen too
            brushes=[pg.mkBrush(pale(self._ink(place), 0.8)) for place in range(len(bins.counts))],
        )
        self.fit((0.0, bins.right), (0.0, (1 + _AIR) * most), 1)

    def _ink(self, place: int) -> str:
        assert self._bins is not None
        return tokens().s2 if self._bins.edges[place] >= self._bins.limit else tokens().s1

    def sizeHint(self) -> QSize:
        return QSize(320, 128)

    def annotate(self) -> None:
        if (bins := self._bins) is None:
            return
        median = tr("half are shorter than {median}", median=bins.median)
        taken = self._mark("median", bins.median, median, tokens().text2, (), 0.0)
        if bins.limit <= bins.right:
            self._mark("limit", bins.limit, tr("limit {limit}", limit=bins.limit), tokens().s2, (4, 2), taken + 8)

    def _mark(self, key: str, at: float, words: str, color: str, dashes: tuple[float, ...], free_from: float) -> float:
        """A line with its words above, not left of `free_from`; returns where the words end."""
        if not self.rule(key, at, color, is_upright=True, dashes=dashes):
            return free_from  # looked past
        width, _ = self.label_size(words)
        left = max(min(max(self.spot(at, 0).x() - width / 3, 0.0), self.width() - width), free_from)
        if left + width <= self.width() + 1:
            self.label(key, words, QPointF(left, tall(9)), color)
        return left + width

    def figures(self) -> list[Column]:
        if (bins := self._bins) is None:
            return []
        return [("from", bins.edges[:-1]), ("to", bins.edges[1:]), ("texts", bins.counts)]

    def readable(self) -> tuple[np.ndarray, np.ndarray | None]:
        return (np.empty(0) if self._bins is None else (self._bins.edges[:-1] + self._bins.edges[1:]) / 2), None

    def words_of(self, index: int) -> list[Line]:
        assert self._bins is not None
        low, high = (number(round(edge)) for edge in self._bins.edges[index : index + 2])
        told = tr("{low} to {high} tokens", low=low, high=high)
        return [(told, number(int(self._bins.counts[index])), self._ink(index))]


def _length_ticks(_low: float, high: float, pixels: float) -> list[tuple[float, str]]:
    """As many as have room for their words."""
    widest = QFontMetricsF(font(TICK)).horizontalAdvance(f"{int(high):,}") + _APART
    most = max(1, min(_MOST_TICKS, int(pixels / widest)))
    return [(float(tick), f"{tick:,}") for tick in round_ticks(high, most)]
