"""EmptyState: an empty place that explains itself and offers the next step."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from studio import theme
from studio.widgets.button import Button
from studio.widgets.labels import Heading

_WIDTH = 400


class EmptyState(QWidget):
    """`acted` tells that the person took the offered step; without `action_text` there is none to take."""

    acted = Signal()

    def __init__(self, icon: str, title: str, text: str, action_text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(6)
        column.addStretch(1)
        sign = QLabel()
        sign.setPixmap(theme.icon(icon, theme.tokens().text3).pixmap(32, 32))
        words = QLabel(text)
        words.setProperty("kind", "second")
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words.setFixedWidth(_WIDTH)
        words.setMinimumHeight(words.heightForWidth(_WIDTH))
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(sign, 0, centre)
        column.addWidget(Heading(title, "card"), 0, centre)
        column.addWidget(words, 0, centre)
        if action_text:
            button = Button(action_text, "plain")
            button.setObjectName("empty_action")
            button.clicked.connect(self.acted)
            column.addSpacing(6)
            column.addWidget(button, 0, centre)
        column.addStretch(1)
