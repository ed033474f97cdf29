"""ErrorBanner: what went wrong, where, and how to mend it, on top of a page; the detail can be copied."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from engine.errors import AttuneError
from studio import theme
from studio.translation import tr, words
from studio.widgets.button import Button, IconButton
from studio.widgets.layouts import fill, vbox


class ErrorBanner(QFrame):
    """Hidden until `show_error`. An action can stand beside it: `acted` tells that it was chosen."""

    acted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "bad")
        self.detail = ""
        self._what = self._line(600)
        self._where = self._line(400, "second")
        self._mend = self._line(400)
        self._action = Button("", "plain", size="small")
        self._action.setObjectName("error_action")
        self._action.clicked.connect(self.acted)
        self._copy = Button(tr("Copy"), "quiet", "ph.copy", size="small")
        self._copy.setObjectName("error_copy")
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.detail))
        self._close = IconButton("ph.x", tr("Close"))
        self._close.setObjectName("error_close")
        self._close.clicked.connect(self.clear)
        self._lay_out()
        self.hide()

    def _line(self, weight: int, kind: str = "") -> QLabel:
        label = QLabel()
        label.setFont(theme.font(theme.BODY, weight))
        label.setProperty("kind", kind)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    def _lay_out(self) -> None:
        row = fill(QHBoxLayout(self), gap=12, margins=(14, 10, 10, 10))
        sign = QLabel()
        sign.setPixmap(theme.icon("ph.warning-circle", theme.tokens().bad).pixmap(18, 18))
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        column = vbox(self._what, self._where, self._mend, gap=3)
        row.addLayout(column, 1)
        for button in (self._action, self._copy, self._close):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)

    def show_words(self, what: str, where: str, mend: str) -> None:
        """As they are, in whatever language."""
        for label, told in ((self._what, what), (self._where, where), (self._mend, mend)):
            label.setText(told)
            label.setVisible(bool(told))
        self._action.hide()
        self.detail = "\n".join(part for part in self.lines() if part)
        self.setAccessibleName(what)
        self.setAccessibleDescription(mend)
        self.show()

    def show_error(self, error: AttuneError, action: str = "", detail: str = "") -> None:
        """`action` is the text of a button beside it; `detail` replaces what "Copy" puts on the clipboard."""
        self._what.setText(words(error.what))
        for label, message in ((self._where, error.where), (self._mend, error.mend)):
            label.setText(words(message))
            label.setVisible(bool(label.text()))
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self.detail = detail or "\n".join(part for part in self.lines() if part)
        self.setAccessibleName(self._what.text())
        self.setAccessibleDescription(self._mend.text())
        self.show()

    def lines(self) -> tuple[str, str, str]:
        """What, where and how to mend, as shown."""
        return self._what.text(), self._where.text(), self._mend.text()

    def clear(self) -> None:
        self.hide()
        self.closed.emit()
