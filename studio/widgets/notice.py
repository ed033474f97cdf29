"""Notice: one line that tells what was done, with a way to go on from it or take it back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from studio.theme import icon, tokens
from studio.translation import tr
from studio.widgets.button import Button, IconButton
from studio.widgets.layouts import fill


class Notice(QFrame):
    """One line; the action's button stands at its end. Hidden until something was done."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "soft")
        self.setObjectName("notice")
        sign, self._words = QLabel(), QLabel()
        sign.setPixmap(icon("ph.check-circle", tokens().accent_text).pixmap(18, 18))
        self._words.setObjectName("noticeWords")
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._action = Button("", "plain", size="small")
        self._action.setObjectName("noticeAction")
        self._action.clicked.connect(self._act)
        close = IconButton("ph.x", tr("Close"))
        close.clicked.connect(self.hide)
        self._does: Callable[[], None] | None = None
        fill(QHBoxLayout(self), sign, (self._words, 1), self._action, close, gap=10, margins=(12, 6, 8, 6))
        self.hide()

    def say(self, words: str, action: str = "", does: Callable[[], None] | None = None) -> None:
        self._words.setText(words)
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self._action.updateGeometry()
        self._does = does
        self.setAccessibleName(words)
        self.show()

    def _act(self) -> None:
        if self._does is not None:
            self._does()
