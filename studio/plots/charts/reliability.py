"""ReliabilityPlot: how often it is right against how sure it is, before and after a correction."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.records import Reliability
from studio.numbers import percent
from studio.plots.charts.axes import left_room
from studio.plots.charts.chart import LEFT, RIGHT, Chart, pale
from studio.plots.charts.tooltip import Line
from studio.plots.export.files import Column
from studio.theme import CAPTION, tall, tokens
from studio.translation import tr

_LEFT = 46
_TICKS = (0.25, 0.5, 0.75, 1.0)


class ReliabilityPlot(Chart):
    """On the diagonal it is as right as it is sure; below it is too sure. Lines are 95 % intervals."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("How sure against how often right"), _right_ticks, _said_ticks, room=6, parent=parent)
        self.setObjectName("reliabilityPlot")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(190)
        self._main = self._pale = known_bins(None)
        self._words = self._pale_words = ""
        colours = tokens()
        self.curve(colours.text3, 1, (4, 4)).setData([0.0, 1.0], [0.0, 1.0])
        self._behind = self.curve(colours.text3, 1.2)
        self._intervals = self.add(pg.ErrorBarItem(pen=pg.mkPen(pale(colours.s1, 0.6), width=1.5), beam=0))
        self._line = self.curve(colours.s1)
        self.fit((0.0, 1.0), (0.0, 1.0), left_room([percent(1.0, 0)], _LEFT))

    def show_reliability(
        self, main: Reliability | None, words: str, pale: Reliability | None = None, pale_words: str = ""
    ) -> None:
        """`words` stand beside the curve; a paler one can be shown behind it."""
        self._main, self._pale = known_bins(main), known_bins(pale)
        self._words, self._pale_words = words, pale_words
        self.setAccessibleDescription("; ".join(told(self._main)) if self._main is not None else "")
        for curve, found in ((self._behind, self._pale), (self._line, self._main)):
            curve.setData(*((found.said, found.true) if found is not None else ([], [])))
        if (found := self._main) is not None:
            self._intervals.setData(
                x=found.said, y=found.true, bottom=found.true - found.low, top=found.high - found.true
            )
        self._intervals.setVisible(found is not None)
        self.relabel()

    def sizeHint(self) -> QSize:
        return QSize(320, 230)

    def annotate(self) -> None:
        if self._main is None:
            return
        self._mark_bins("pale", self._pale, tokens().text3)
        self._mark_bins("main", self._main, tokens().s1)
        self._name_curves(self._main)

    def _mark_bins(self, key: str, found: Reliability | None, color: str) -> None:
        """Few texts say little: their dots are smaller."""
        if found is None:
            return
        most = max(1.0, float(found.count.max(initial=0)))
        for place, (said, true, count) in enumerate(zip(found.said, found.true, found.count, strict=True)):
            radius = 2.5 if key == "pale" else 2.5 + 2.0 * min(1.0, (count / most) ** 0.5 * 2)
            self.dot(f"{key} {place}", self.spot(float(said), float(true)), radius + 0.75, color, border=1.5)

    def _name_curves(self, main: Reliability) -> None:
        """Beside the diagonal, where the curves leave room: they lie below it where it is too sure."""
        colours, rect = tokens(), self.frame_rect()
        weights = main.count / max(1, main.count.sum())
        is_below = float(np.sum(weights * (main.true - main.said))) <= 0
        names = [(self._words, colours.s1)] + ([(self._pale_words, colours.text2)] if self._pale is not None else [])
        part = RIGHT if is_below else LEFT
        for line, (words, ink) in enumerate(names):
            down = tall(18) * line
            corner = rect.bottomRight() - QPointF(6, 15 + down) if is_below else rect.topLeft() + QPointF(8, 12 + down)
            self.label(words, words, corner, ink, weight=500, size=CAPTION, part=part)
        beside = QPointF(-10, -11) if is_below else QPointF(12, 10)
        self.label("perfect", tr("perfect"), self.spot(0.4, 0.4) + beside, colours.text2, size=CAPTION, part=part)

    def figures(self) -> list[Column]:
        if (found := self._main) is None:
            return []
        bounds = [("low", found.low), ("high", found.high)]
        return [("said", found.said), ("true", found.true), *bounds, ("count", found.count)]

    def readable(self) -> tuple[np.ndarray, np.ndarray | None]:
        return (np.empty(0) if self._main is None else self._main.said), None

    def words_of(self, index: int) -> list[Line]:
        return [] if self._main is None else [(told(self._main)[index], "", None)]


def _right_ticks(_low: float, _high: float, _pixels: float) -> list[tuple[float, str]]:
    return [(value, percent(value, 0)) for value in (0.0, *_TICKS)]


def _said_ticks(_low: float, _high: float, _pixels: float) -> list[tuple[float, str]]:
    first, *others = ((value, percent(value, 0)) for value in _TICKS)
    return [(first[0], tr("says {share}", share=first[1])), *others]


def known_bins(found: Reliability | None) -> Reliability | None:
    """Those bins whose place is known, and intervals that stay between never and always."""
    if found is None:
        return None
    keep = np.isfinite(found.said) & np.isfinite(found.true)
    low = np.clip(np.where(np.isfinite(found.low), found.low, found.true), 0.0, 1.0)[keep]
    high = np.clip(np.where(np.isfinite(found.high), found.high, found.true), 0.0, 1.0)[keep]
    said, true = np.clip(found.said[keep], 0.0, 1.0), np.clip(found.true[keep], 0.0, 1.0)
    return replace(found, said=said, true=true, low=low, high=high, count=found.count[keep])


def told(found: Reliability) -> list[str]:
    """Each bin in words."""
    return [
        tr(
            "it says {said}, right in {true} ({low} to {high}) of {count:plural:text:texts}",
            said=percent(float(found.said[place])),
            true=percent(float(found.true[place])),
            low=percent(float(found.low[place])),
            high=percent(float(found.high[place])),
            count=int(found.count[place]),
        )
        for place in range(len(found.said))
    ]
