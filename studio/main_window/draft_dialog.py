"""DraftDialog: another run is to begin while a draft waits."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.translation import tr
from studio.widgets import Button, Heading
from studio.widgets.draft_words import draft_title, step_words


class DraftDialog(QDialog):
    """`gone_on`: with the draft; `begun_anew`: it may go. Escape leaves everything as it is."""

    gone_on = Signal()
    begun_anew = Signal()

    def __init__(self, name: str, step: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("draft_dialog")
        self.setWindowTitle("Attune")
        self.setModal(True)
        told = QLabel(
            tr("{where}. Go on with it, or begin anew? Beginning anew throws the draft away.", where=step_words(step))
        )
        told.setProperty("kind", "second")
        told.setWordWrap(True)
        told.setMinimumWidth(400)
        title = Heading(draft_title(name), "card")
        title.setWordWrap(True)
        self.anew = Button(tr("Begin anew"))
        self.anew.setObjectName("begin_anew")
        self.anew.clicked.connect(self._begin_anew)
        self.go_on = Button(tr("Go on with the draft"), "primary")
        self.go_on.setObjectName("go_on_with_draft")
        self.go_on.clicked.connect(self._go_on)
        column, row = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addWidget(title)
        column.addWidget(told)
        column.addSpacing(10)
        row.addStretch(1)
        row.addWidget(self.anew)
        row.addWidget(self.go_on)
        column.addLayout(row)
        self.go_on.setFocus(Qt.FocusReason.TabFocusReason)

    def _go_on(self) -> None:
        self.accept()
        self.gone_on.emit()

    def _begin_anew(self) -> None:
        self.accept()
        self.begun_anew.emit()
