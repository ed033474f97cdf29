"""Columns: heads | map | answer, and two columns where there is no room for three."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.pages.attention.answer_card import AnswerCard
from studio.pages.attention.heads_card import HeadsCard, SliceCard
from studio.pages.attention.map_card import MapCard
from studio.theme import GAP

_LEFT, _NARROW_LEFT, _RIGHT = 330, 256, 232


class Columns(QWidget):
    """In a narrow window the answer stands over the heads; without heads to choose from there is no left column."""

    def __init__(
        self, heads: HeadsCard, chosen: SliceCard, large: MapCard, answer: AnswerCard, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._heads, self._slice, self._answer = heads, chosen, answer
        self._is_wide, self._has_heads = True, False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        inner, self._left, self._right = QWidget(), QScrollArea(), QWidget()
        inner.setObjectName("scrolled")
        self._left_column = _column(inner, heads, chosen)
        self._right_column = _column(self._right, answer)
        self._left.setWidget(inner)
        self._left.setWidgetResizable(True)
        self._left.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._right.setFixedWidth(_RIGHT)
        row.addWidget(self._left)
        row.addWidget(large, 1)
        row.addWidget(self._right)
        self._arrange()

    def set_wide(self, is_wide: bool) -> None:
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            self._arrange()

    def set_has_heads(self, has_heads: bool) -> None:
        if has_heads != self._has_heads:
            self._has_heads = has_heads
            self._arrange()

    def _arrange(self) -> None:
        (self._right_column if self._is_wide else self._left_column).insertWidget(0, self._answer)
        self._answer.set_compact(not self._is_wide and self._has_heads)
        self._heads.setVisible(self._has_heads)
        self._slice.setVisible(self._has_heads)
        self._right.setVisible(self._is_wide)
        self._left.setVisible(self._has_heads or not self._is_wide)
        self._left.setFixedWidth(_LEFT if self._is_wide else _NARROW_LEFT)


def _column(place: QWidget, *cards: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(place)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GAP)
    for card in cards:
        column.addWidget(card)
    column.addStretch(1)
    return column
