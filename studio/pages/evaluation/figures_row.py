"""FiguresRow: the four figures that matter, each with its interval, word counting and the majority beside it."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from engine.metrics.registry import metric_of
from engine.records import Answers, Figure, Measures
from studio.numbers import number, percent
from studio.pages.evaluation.decision_metrics import Judged
from studio.pages.evaluation.figure_names import METHODS, name_of, title_of
from studio.pages.evaluation.sentences import interval_words, number_interval
from studio.theme import GAP
from studio.translation import tr
from studio.widgets.stat_tile import StatTile

_SORTING = ("accuracy", "precision", "recall", "f1")
_NUMBERS = ("mae", "rmse", "r2", "bias")
_NARROW, _TIGHT = 760, 1040
"""Pixels under which there are two columns, and under which the majority only stands in the tooltip."""
_SAME = 5e-4
"""An interval belongs to a figure that is the same to half a tenth of a percent: a dragged threshold makes others."""


class FiguresRow(QWidget):
    """Follows a threshold while it is dragged."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: dict[str, StatTile] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        for name in (*_SORTING, *_NUMBERS):
            tile = StatTile(title_of(name))
            tile.setProperty("figure", name)
            tile.hide()
            self._tiles[name] = tile
        self._names: tuple[str, ...] = ()

    def minimumSizeHint(self) -> QSize:
        return QSize(260, super().minimumSizeHint().height())

    def show_figures(self, answers: Answers, judged: Judged, measures: Measures | None) -> None:
        """Hidden where nothing was measured."""
        self.setVisible(bool(judged.figures))
        names = _NUMBERS if answers.kind == "number" else _SORTING
        if names != self._names:
            self._names = names
            for name, tile in self._tiles.items():
                tile.setVisible(name in names)
            self._arrange()
        for name in names if judged.figures else ():
            figure = judged.figures[name]
            known = measures.figures.get(name) if measures is not None else None
            if known is not None and math.isclose(known.value, figure.value, abs_tol=_SAME):
                figure = known
            self._show(self._tiles[name], name, figure, answers, measures)

    def tile(self, name: str) -> StatTile:
        return self._tiles[name]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        columns = 4 if self.width() >= _NARROW else 2
        for place, name in enumerate(self._names):
            self._grid.addWidget(self._tiles[name], place // columns, place % columns)
        for column in range(4):
            self._grid.setColumnStretch(column, int(column < columns))

    def _show(self, tile: StatTile, name: str, figure: Figure, answers: Answers, measures: Measures | None) -> None:
        if metric_of(name).is_share:
            words, interval = percent(figure.value), interval_words(figure)
        else:
            words, interval = number(round(figure.value, 4)), number_interval(figure)
        counted, majority = _beside(name, measures)
        shown = (counted, majority) if self.width() >= _TIGHT or not counted else (counted,)
        tile.set_value(words, interval, " · ".join(part for part in shown if part))
        parts = [name_of(name, answers), METHODS[figure.method]() if interval else "", counted, majority]
        tile.setToolTip("\n".join(part for part in parts if part))


def _beside(name: str, measures: Measures | None) -> tuple[str, str]:
    """What word counting reaches, and whoever always says the most frequent label; "" where that is not known."""
    if measures is None:
        return "", ""
    values = [of.get(name, math.nan) for of in (measures.counted, measures.majority)]
    counted, majority = (f"{100 * one:.1f}" if metric_of(name).is_share else number(round(one, 4)) for one in values)
    return (
        tr("word counting {value}", value=counted) if math.isfinite(values[0]) else "",
        tr("majority {value}", value=majority) if math.isfinite(values[1]) else "",
    )
