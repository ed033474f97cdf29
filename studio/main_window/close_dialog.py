"""CloseDialog: what shall happen to the run that trains, when the window closes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.translation import tr
from studio.widgets import Button, Heading


class CloseDialog(QDialog):
    """`stop_chosen` keeps the dialog open, as the checkpoint is still being written; Escape and "Stay" close it."""

    stop_chosen = Signal()

    def __init__(self, run_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("close_dialog")
        self.setWindowTitle("Attune")
        self.setModal(True)
        self._title = Heading(tr("“{name}” is still training", name=run_name), "card")
        self._told = QLabel(
            tr("Stop it and keep what it has learned? You can go on with it later, from exactly this step.")
        )
        self._told.setProperty("kind", "second")
        self._told.setWordWrap(True)
        self._told.setMinimumWidth(380)
        self.stay = Button(tr("Stay"), "plain")
        self.stop = Button(tr("Stop and keep"), "primary", "ph.flag")
        self.stay.setObjectName("stay")
        self.stop.setObjectName("stop_and_keep")
        self.stay.clicked.connect(self.reject)
        self.stop.clicked.connect(self._stop)
        self._lay_out()
        self.stay.setFocus(Qt.FocusReason.TabFocusReason)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._told)
        column.addSpacing(10)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.stay)
        row.addWidget(self.stop)
        column.addLayout(row)

    def _stop(self) -> None:
        self._title.setText(tr("Stopping…"))
        self._told.setText(tr("The step under way ends and a checkpoint is written; then the window closes."))
        self.stop.setEnabled(False)
        self.stay.setEnabled(False)
        self.stop_chosen.emit()
