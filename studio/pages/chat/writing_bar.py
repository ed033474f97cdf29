"""WritingBar: where the person's next turn is typed, and the honest line under it."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from studio.theme import font, icon, tokens
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.keys import is_enter
from studio.widgets.labels import Caption
from studio.widgets.layouts import fill, hbox

_MOST_LINES = 5


class WritingBar(QFrame):
    """`sent(text)`: Return or the button; Shift+Return begins a new line. One may type while an answer is written."""

    sent = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = _Field()
        self.field.setObjectName("message")
        self.field.setAccessibleName(tr("Your message"))
        self.field.setPlaceholderText(tr("Write your message"))
        self.send = Button(tr("Send"), "primary", "ph.paper-plane-right")
        self.send.setObjectName("send")
        self.honest = Caption(wrap=True)
        self.honest.setObjectName("honest")
        sign = QLabel()
        sign.setPixmap(icon("ph.info", tokens().text3).pixmap(15, 15))
        top = Qt.AlignmentFlag.AlignTop
        fill(
            QVBoxLayout(self),
            hbox((self.field, 1), (self.send, 0, top), gap=8),
            hbox((sign, 0, top), (self.honest, 1), gap=6),
            gap=8,
            margins=(14, 12, 14, 12),
        )
        self._may_send = True
        self.field.textChanged.connect(self._show)
        self.field.entered.connect(self._take)
        self.send.clicked.connect(self._take)
        self._show()

    def set_may_send(self, may: bool) -> None:
        self._may_send = may
        self._show()

    def _show(self) -> None:
        self.send.setEnabled(self._may_send and bool(self.field.toPlainText().strip()))

    def _take(self) -> None:
        text = self.field.toPlainText().strip()
        if text and self._may_send:
            self.field.clear()
            self.sent.emit(text)


class _Field(QPlainTextEdit):
    """One line high, up to some for more."""

    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFont(font(14))
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self._grow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event):
            self.entered.emit()
            return
        super().keyPressEvent(event)

    def _grow(self) -> None:
        lines = min(_MOST_LINES, max(1, round(self.document().size().height())))
        is_long = self.document().size().height() > _MOST_LINES
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAsNeeded if is_long else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        self.setFixedHeight(math.ceil(lines * QFontMetricsF(self.font()).lineSpacing()) + 20)
