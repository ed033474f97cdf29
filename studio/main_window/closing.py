"""Closing: the question before the window closes while a run trains, and what its answer does."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from engine.commands import Stop
from studio.translation import tr
from studio.widgets import Button, Heading
from studio.widgets.layouts import fill, hbox
from studio.workers.run_book import RunBook


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
        column = fill(QVBoxLayout(self), self._title, self._told, 10, gap=8, margins=(24, 20, 24, 20))
        row = hbox(None, self.stay, self.stop)
        column.addLayout(row)

    def _stop(self) -> None:
        self._title.setText(tr("Stopping…"))
        self._told.setText(tr("The step under way ends and a checkpoint is written; then the window closes."))
        self.stop.setEnabled(False)
        self.stay.setEnabled(False)
        self.stop_chosen.emit()


class Closing(QObject):
    """Asks what shall happen to the run, and closes the window when the run that was told to stop has ended."""

    def __init__(self, book: RunBook, window: QWidget) -> None:
        super().__init__(window)
        self._book, self._window = book, window
        self._is_certain = False
        self._dialog: CloseDialog | None = None
        book.changed.connect(self._finish)

    def may_close(self) -> bool:
        """Whether the window may close now; while a run trains the person is asked first."""
        if self._is_certain or self._book.active is None:
            return True
        self._ask(self._book.entry(self._book.active).name)
        return False

    def end(self) -> None:
        """Close without a question: the system wants the program to end. What trains is stopped and kept."""
        self._is_certain = True
        self._window.close()

    def _ask(self, name: str) -> None:
        if self._dialog is not None:
            return
        self._dialog = CloseDialog(name, self._window)
        self._dialog.stop_chosen.connect(lambda: self._book.send(Stop()))
        self._dialog.finished.connect(self._forget_dialog)
        self._dialog.open()

    def _forget_dialog(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    def _finish(self) -> None:
        """The run has ended while the question was open: after "Stop and keep" the window closes."""
        if self._dialog is None or self._book.active is not None:
            return
        was_stopped = not self._dialog.stop.isEnabled()
        self._dialog.reject()
        if was_stopped:
            self.end()
