"""FiguresRow: the four figures that matter, each with its interval, word counting and the majority beside it."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from engine.metrics.registry import metric_of
from engine.records import Figure, Measures
from engine.targets import Decided
from studio.numbers import number, percent
from studio.pages.evaluation.draft import Draft
from studio.pages.evaluation.evaluation_results import EvaluationResults
from studio.pages.evaluation.sentences import METHODS, interval_words, number_interval, title_of
from studio.pages.evaluation.target_view import VIEWS, TargetView, view_of
from studio.theme import GAP
from studio.translation import tr
from studio.widgets.stat_tile import StatTile

_NARROW, _TIGHT = 760, 1040
"""Pixels under which there are two columns, and under which the majority only stands in the tooltip."""
_SAME = 5e-4
"""An interval belongs to a figure that is the same to half a tenth of a percent: a dragged threshold makes others."""


class FiguresRow(QWidget):
    """Follows a threshold while it is dragged. Hidden where nothing was measured."""

    def __init__(self, draft: Draft, facts: EvaluationResults, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft, self._facts = draft, facts
        self._tiles: dict[str, StatTile] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        for name in dict.fromkeys(name for view in VIEWS.values() for name in view.figures):
            tile = StatTile(title_of(name))
            tile.setProperty("figure", name)
            tile.setParent(self)  # those that never come into the grid go with the row
            tile.hide()
            self._tiles[name] = tile
        self._names: tuple[str, ...] = ()
        draft.changed.connect(self._follow)
        facts.changed.connect(self._follow)

    def minimumSizeHint(self) -> QSize:
        return QSize(260, super().minimumSizeHint().height())

    def _follow(self) -> None:
        decided, measures = self._draft.decided, self._facts.measures
        if decided is None:
            return
        self.setVisible(bool(decided.figures))
        view = view_of(decided.answers)
        if view.figures != self._names:
            self._names = view.figures
            for name, tile in self._tiles.items():
                tile.setVisible(name in self._names)
            self._arrange()
        for name in self._names if decided.figures else ():
            figure = decided.figures[name]
            known = measures.figures.get(name) if measures is not None else None
            if known is not None and math.isclose(known.value, figure.value, abs_tol=_SAME):
                figure = known
            self._show(name, figure, view, decided, measures)

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

    def _show(self, name: str, figure: Figure, view: TargetView, decided: Decided, measures: Measures | None) -> None:
        if metric_of(name).is_share:
            words, interval = percent(figure.value), interval_words(figure)
        else:
            words, interval = number(round(figure.value, 4)), number_interval(figure)
        counted, majority = _beside(name, measures)
        shown = (counted, majority) if self.width() >= _TIGHT or not counted else (counted,)
        tile = self._tiles[name]
        tile.set_value(words, interval, " · ".join(part for part in shown if part))
        parts = [view.about(name, decided), METHODS[figure.method]() if interval else "", counted, majority]
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
