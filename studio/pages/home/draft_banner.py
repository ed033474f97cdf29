"""DraftBanner: a run that was begun in the wizard and not started yet."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio import theme
from studio.translation import tr
from studio.widgets import Button, Caption, ElidingLabel
from studio.widgets.draft_words import draft_title, step_words


class DraftBanner(QFrame):
    """Hidden while no draft waits."""

    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("draft_banner")
        self.setProperty("surface", "soft")
        row, column = QHBoxLayout(self), QVBoxLayout()
        row.setContentsMargins(16, 10, 12, 10)
        row.setSpacing(12)
        column.setSpacing(2)
        sign = QLabel()
        sign.setPixmap(theme.icon("ph.note-pencil", theme.tokens().accent).pixmap(18, 18))
        self._what = ElidingLabel()
        self._what.setFont(theme.font(theme.BODY, 600))
        self._where = Caption("")
        self._where.setProperty("kind", "second")
        column.addWidget(self._what)
        column.addWidget(self._where)
        self.button = Button(tr("Open the draft"), "plain", "ph.arrow-right")
        self.button.setObjectName("open_draft")
        self.button.clicked.connect(self.opened)
        row.addWidget(sign)
        row.addLayout(column, 1)
        row.addWidget(self.button)
        self.hide()

    def offer(self, waiting: tuple[str, int] | None) -> None:
        """None: no draft waits."""
        self.setVisible(waiting is not None)
        if waiting is not None:
            name, step = waiting
            self._what.setText(draft_title(name))
            self._where.setText(step_words(step))

    def what(self) -> str:
        return self._what.text()
