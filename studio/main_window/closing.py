"""Closing: the window does not close over a run that trains, unless the person or the system wants the run to end."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from engine.commands import Stop
from studio.main_window.close_dialog import CloseDialog
from studio.workers.run_book import RunBook


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
