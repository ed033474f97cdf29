"""ResumeBanner: a run that was cut off can go on."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio import theme
from studio.translation import tr
from studio.widgets import Button, Caption, ElidingLabel


class ResumeBanner(QFrame):
    """Hidden while there is nothing to go on with."""

    resumed = Signal(object)
    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resume_banner")
        self.setProperty("surface", "warn")
        self._path: Path | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 12, 10)
        row.setSpacing(12)
        sign = QLabel()
        sign.setPixmap(theme.icon("ph.warning-fill", theme.tokens().warn).pixmap(18, 18))
        self._what = ElidingLabel()
        self._what.setFont(theme.font(theme.BODY, 600))
        self._more = Caption(tr("Nothing is lost: it goes on from its last checkpoint."))
        self._more.setProperty("kind", "second")
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self._what)
        column.addWidget(self._more)
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
