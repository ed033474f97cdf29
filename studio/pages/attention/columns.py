"""Columns: heads | map | answer and trust; two columns where there is no room for three."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.pages.attention.answer_card import AnswerCard
from studio.theme import GAP
from studio.translation import tr
from studio.widgets.layouts import fill, scrolling, vbox

_LEFT, _NARROW_LEFT, _RIGHT = 344, 288, 244
_MOST_SHARE, _MOST_NARROW_SHARE = 0.32, 0.45
"""Of the page: a side column never takes more."""


class Columns(QWidget):
    """In a narrow window the answer stands over the heads and trust under them; without heads to choose from the left
    column holds what else there is."""

    def __init__(
        self,
        heads: Sequence[QWidget],
        large: QWidget,
        answer: AnswerCard,
        trust: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._heads, self._answer, self._trust = tuple(heads), answer, trust
        self._is_wide, self._has_heads, self._has_film = True, False, False
        row = fill(QHBoxLayout(self), gap=GAP)
        self._left, self._left_column = _scrolling(heads)
        self._right, self._right_column = _scrolling((answer, trust))
        self._left.setAccessibleName(tr("Heads"))
        self._right.setAccessibleName(tr("Answer and trust"))
        row.addWidget(self._left)
        row.addWidget(large, 1)
        row.addWidget(self._right)
        self._arrange()
        for card in heads:
            card.hide()
        self._show_columns()
        for area in (self._left, self._right):
            area.widget().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Other words in a column may need more room than it has."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit_widths()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_widths()

    def _fit_widths(self) -> None:
        """As designed, or as wide as what stands in it needs, with its scroll bar; the map keeps the larger part."""
        most = max(_NARROW_LEFT, round(self.width() * (_MOST_SHARE if self._is_wide else _MOST_NARROW_SHARE)))
        for area, least in ((self._left, _LEFT if self._is_wide else _NARROW_LEFT), (self._right, _RIGHT)):
            bar = area.verticalScrollBar().sizeHint().width()
            needed = area.widget().minimumSizeHint().width() + bar
            width = max(least, min(needed, most))
            if area.width() != width:
                area.setFixedWidth(width)

    def set_wide(self, is_wide: bool) -> None:
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            self._arrange()
            self._show_columns()

    def to_top(self) -> None:
        """Begin at the beginning, as for another run."""
        for area in (self._left, self._right):
            area.verticalScrollBar().setValue(0)

    def set_has_heads(self, has_heads: bool, has_film: bool = False) -> None:
        """Whether there are heads to choose from, and frames of the training to go through."""
        if (has_heads, has_film) != (self._has_heads, self._has_film):
            self._has_heads, self._has_film = has_heads, has_film
            for card in self._heads[:-1]:
                card.setVisible(has_heads)
            self._show_columns()

    def _arrange(self) -> None:
        if self._is_wide:
            self._right_column.insertWidget(0, self._answer)
            self._right_column.insertWidget(1, self._trust)
        else:
            self._left_column.insertWidget(0, self._answer)
            self._left_column.insertWidget(self._left_column.count() - 1, self._trust)

    def _show_columns(self) -> None:
        self._answer.set_compact(not self._is_wide and self._has_heads)
        self._right.setVisible(self._is_wide)
        self._left.setVisible(self._has_heads or self._has_film or not self._is_wide)
        self._fit_widths()


def _scrolling(cards: Sequence[QWidget]) -> tuple[QScrollArea, QVBoxLayout]:
    column = vbox(*cards, None, gap=GAP)
    return scrolling(column), column
