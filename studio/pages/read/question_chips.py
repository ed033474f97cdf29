"""QuestionChips: the question's words, each with what it counts; a click masks a word, another one shows it again."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from studio import theme
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting
from studio.widgets.token_chips import TokenChips

_PRESSING = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class QuestionChips(TokenChips):
    """`toggled(number of the word)`; `cleared()`: none shall be masked. Arrows go from word to word, Space masks."""

    toggled = Signal(int)
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("questionChips")
        self.setAccessibleName(tr("Words of the question"))
        self._masked: frozenset[int] = frozenset()
        self.set_room(3, for_changes=True)

    def set_words(self, words: Sequence[str], masked: Sequence[int]) -> None:
        """Which there are, and which of them are hidden now."""
        self._masked = frozenset(masked)
        if tuple(words) != self.words:
            self.set_tokens(words, [False] * len(words))
        self.viewport().update()

    @property
    def words(self) -> tuple[str, ...]:
        return self._tokens

    @property
    def masked(self) -> tuple[int, ...]:
        """In their order."""
        return tuple(sorted(self._masked))

    def _open_menu(self, index: int) -> None:
        self.toggled.emit(index)

    def _edit_by_key(self, key: Qt.Key) -> bool:
        if key == Qt.Key.Key_Escape and self._masked:
            self.cleared.emit()
            return True
        if key in _PRESSING and self.current is not None:
            self.toggled.emit(self.current)
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._masked:
            self.cleared.emit()
            return
        super().keyPressEvent(event)

    def _paint_chip(self, painter: QPainter, index: int, end: float) -> None:
        if index not in self._masked:
            super()._paint_chip(painter, index, end)
            return
        rect = self.rect_of(index)
        painting.box(painter, rect, theme.CHIP_RADIUS, tokens().track)
        painter.save()
        painter.setPen(QPen(QColor(tokens().text3), 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(rect.adjusted(0, 0, -1, -1), theme.CHIP_RADIUS, theme.CHIP_RADIUS)
        painter.restore()
        letters = theme.font(theme.BODY, 500)
        letters.setStrikeOut(True)
        inside = rect.adjusted(4, 0, -4, 0)
        painting.text(painter, inside, self._tokens[index], letters, tokens().text3, painting.CENTER)
        if index == self.current and self.hasFocus():
            painting.focus_ring(painter, rect, theme.CHIP_RADIUS)
