"""FiguresRow: the figures as tiles, each with its interval, the ceiling and the simplest answer beside it, and how they
were counted."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from engine.metrics.registry import metric_of
from engine.metrics.summed_figures import values
from engine.records import Figure, ScoredRows
from studio.pages.scores.figure_words import beside, interval, ordered, title_of, written
from studio.theme import CAPTION, GAP, font
from studio.translation import tr, words
from studio.widgets.button import Button
from studio.widgets.labels import ElidingLabel
from studio.widgets.layouts import fill, hbox, panel
from studio.widgets.stat_tile import StatTile

_NARROW = 760


class FiguresRow(QWidget):
    """Values stand at once, their intervals when they are counted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: dict[str, StatTile] = {}
        self._values: dict[str, float] = {}
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        self._signature = ElidingLabel()
        self._signature.setProperty("kind", "caption")
        self._signature.setFont(font(CAPTION))
        self._signature.setObjectName("signature")
        self.copy = Button(tr("Copy"), "link", "ph.copy", size="small")
        self.copy.setObjectName("copySignature")
        self.copy.setToolTip(tr("Copy how the figures were counted, as papers cite it"))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._text))
        self._text = ""
        self._line = panel(hbox(self._signature, self.copy, None, gap=8))
        fill(QVBoxLayout(self), self._grid, self._line, gap=6)

    def minimumSizeHint(self) -> QSize:
        return QSize(260, super().minimumSizeHint().height())

    def tile(self, key: str) -> StatTile:
        return self._tiles[key]

    def value(self, key: str) -> float:
        """Of a figure that is shown."""
        return self._values[key]

    def show_scored(self, scored: ScoredRows, figures: Mapping[str, Figure] | None) -> None:
        """`figures` are None until their intervals are known."""
        keys = ordered(scored.statistics, scored.leading)
        if list(self._tiles) != keys:
            for tile in self._tiles.values():
                tile.setParent(None)
                tile.deleteLater()
            self._tiles = {key: StatTile(title_of(key)) for key in keys}
            for key, tile in self._tiles.items():
                tile.setProperty("figure", key)
            self._arrange()
        found = figures or {key: Figure(value) for key, value in values(scored.statistics).items()}
        self._values = {key: one.value for key, one in found.items()}
        for key, tile in self._tiles.items():
            told, around = interval(key, found[key]), beside(key, scored)
            tile.set_value(written(key, found[key].value), told, " · ".join(around) or _help(key))
            method = tr("95 % interval by the bootstrap: the texts are drawn anew many times") if told else ""
            tile.setToolTip("\n".join(one for one in (_help(key), method, *around) if one))
        self._text = scored.signature
        self._line.setVisible(bool(scored.signature))
        self._signature.setText(tr("counted as {signature}", signature=scored.signature))
        self._signature.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        count = len(self._tiles)
        wide = 3 if count in (3, 5, 6) else 4
        columns = max(1, min(count, wide if self.width() >= _NARROW else 2))
        for place, tile in enumerate(self._tiles.values()):
            self._grid.addWidget(tile, place // columns, place % columns)
        for column in range(4):
            self._grid.setColumnStretch(column, int(column < columns))


def _help(key: str) -> str:
    told = metric_of(key).help
    return "" if told is None else words(told)
