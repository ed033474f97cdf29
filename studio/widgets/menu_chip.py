"""MenuChip: what a thing is, and what else it can be: a small button that opens a menu."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from studio import theme
from studio.theme import tokens
from studio.widgets import painting
from studio.widgets.keys import Pressable

_PADDING, _GAP, _CARET, _HEIGHT = 9, 5, 12, 26


class MenuChip(Pressable):
    """“Encoding UTF-8 ⌄”: a title in grey, the value strong; somebody's choice wears the accent. `menu` opens below."""

    def __init__(self, title: str, value: str, is_chosen: bool, menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._is_chosen, self.menu = title, is_chosen, menu
        menu.setParent(self, menu.windowFlags())
        self.setText(value)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.open)

    def open(self) -> None:
        """The menu, with the keyboard on what is chosen."""
        checked = next((action for action in self.menu.actions() if action.isChecked()), None)
        self.menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))
        self.menu.setActiveAction(checked or self.menu.actions()[0])

    def sizeHint(self) -> QSize:
        words = self._width(self._title, 400) + _GAP + self._width(self.text(), 600) + _GAP
        height = max(_HEIGHT, QFontMetrics(theme.font(theme.CAPTION)).height() + 8)
        return QSize(words + _CARET + 2 * _PADDING + 4, height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        over = self.underMouse() and self.isEnabled()
        fill = colours.soft if self._is_chosen else colours.sunk if over else colours.card
        border = colours.soft_line if self._is_chosen else colours.line2
        painting.box(painter, self.rect(), theme.CHIP_RADIUS, fill, border)
        left, height = _PADDING, self.height()
        width = self._width(self._title, 400)
        title_ink = colours.accent_text if self._is_chosen else colours.text2
        painting.text(painter, QRect(left, 0, width, height), self._title, theme.font(theme.CAPTION), title_ink)
        left += width + _GAP
        room = QRect(left, 0, self.width() - left - _CARET - _PADDING, height)
        painting.text(painter, room, self.text(), theme.font(theme.CAPTION, 600), colours.text)
        caret = QRect(self.width() - _PADDING - _CARET, (height - _CARET) // 2, _CARET, _CARET)
        theme.icon("ph.caret-down", colours.text2).paint(painter, caret)
        if self.hasFocus():
            painting.focus_ring(painter, self.rect(), theme.CHIP_RADIUS)

    @staticmethod
    def _width(text: str, weight: int) -> int:
        return QFontMetrics(theme.font(theme.CAPTION, weight)).horizontalAdvance(text) + 2
