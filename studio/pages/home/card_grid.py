"""CardGrid: cards in as many equal columns as find room."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

from studio import theme


class CardGrid(QWidget):
    """At most `columns` side by side, each at least `least` pixels wide, in even rows."""

    def __init__(self, cards: Sequence[QWidget], columns: int, least: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards, self._most, self._least = list(cards), columns, least
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.GAP)
        self._grid.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._arrange(columns)

    def minimumSizeHint(self) -> QSize:
        """One column is always possible: many columns now keep nobody from making the window narrow."""
        return QSize(self._cards[0].minimumWidth(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self._fitting(event.size().width()))

    def _fitting(self, width: int) -> int:
        """As many as find room, then so few that the rows are even: 5 cards of which 4 fit stand as 3 and 2."""
        columns = max(1, min(self._most, (width + theme.GAP) // (self._least + theme.GAP)))
        num_rows = math.ceil(len(self._cards) / columns)
        return math.ceil(len(self._cards) / num_rows)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
        for index, card in enumerate(self._cards):
            self._grid.addWidget(card, index // columns, index % columns)
