"""What waits for the person: a draft of the wizard that was not started, a run that was cut off."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio import theme
from studio.translation import tr
from studio.widgets import Button, Caption, ElidingLabel
from studio.widgets.draft_words import draft_title, step_words
from studio.widgets.layouts import fill, vbox


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


class ResumeBanner(QFrame):
    """Hidden while there is nothing to go on with."""

    resumed = Signal(object)
    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resume_banner")
        self.setProperty("surface", "warn")
        self._path: Path | None = None
        row = fill(QHBoxLayout(self), gap=12, margins=(16, 10, 12, 10))
        sign = QLabel()
        sign.setPixmap(theme.icon("ph.warning-fill", theme.tokens().warn).pixmap(18, 18))
        self._what = ElidingLabel()
        self._what.setFont(theme.font(theme.BODY, 600))
        self._more = Caption(tr("Nothing is lost: it goes on from its last checkpoint."))
        self._more.setProperty("kind", "second")
        column = vbox(self._what, self._more, gap=2)
        look = Button(tr("Look at it"), "quiet")
        look.setObjectName("look_at_interrupted")
        look.clicked.connect(lambda: self.opened.emit(self._path))
        self.button = Button(tr("Go on"), "plain", "ph.play")
        self.button.setObjectName("resume")
        self.button.clicked.connect(lambda: self.resumed.emit(self._path))
        row.addWidget(sign)
        row.addLayout(column, 1)
        row.addWidget(look)
        row.addWidget(self.button)
        self.hide()

    def offer(self, path: Path | None, name: str = "") -> None:
        """None: nothing was interrupted."""
        self._path = path
        self._what.setText(tr("“{name}” was interrupted", name=name))
        self.button.setAccessibleName(tr("Go on with the interrupted run “{name}”", name=name))
        self.setVisible(path is not None)

    def what(self) -> str:
        return self._what.text()
